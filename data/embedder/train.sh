#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes weir.safetensors again: train.sh DATA TEACHER [OUT [SEED]]
#
# DATA is a folder with the files that recipe.json names, as they are or gzipped; TEACHER is the
# folder of potion-base-2M (its vectors, turned at random, are targets; its rows are not read into
# the table). WEIR names the program. Takes about three minutes of one
# processor. HOLD=intents makes the table by which unseen intents are measured.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${1:?"usage: train.sh DATA TEACHER [OUT [SEED]]"}
teacher=${2:?"usage: train.sh DATA TEACHER [OUT [SEED]]"}
out=${3:-$here/weir.safetensors}
seed=${4:-1}

plain=$(mktemp -d)
trap 'rm -rf "$plain"' EXIT
trap 'exit 130' INT TERM
for file in $(sed -n 's/.*"file": *"\([^"]*\)".*/\1/p' "$here/recipe.json")
do
	if test -f "$data/$file.gz"
	then
		gzip -dc "$data/$file.gz" >"$plain/$file"
	else
		cp "$data/$file" "$plain/$file"
	fi
done

"${WEIR:-weir}" train embedder --recipe "$here/recipe.json" --data "$plain" \
	--teacher "$teacher" --hold "${HOLD:-test}" --seed "$seed" --replace --out "$out"
