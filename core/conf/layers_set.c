/* SPDX-License-Identifier: GPL-3.0-or-later
 * Settings that do not come from a file: the built-in ones, and single ones by their path. Each is
 * made JSON and read as a file is, so that one reader judges them all. */
#include "core/conf/layers.h"

#include "core/base/json_write.h"

void layers_add_built_in(struct layers *l)
{
	const struct origin origin = { LAYER_BUILT_IN, STR("built in"), 0, 0 };

	for (size_t i = 0; i < option_count; i++) {
		const struct option *row = &option_table[i];
		struct str path = str_of(row->path);
		const struct layers_key key = { { row, 1, path.len }, path, STR_NONE, -1 };

		if (row->fallback && str_find_char(path, '*') == path.len)
			layers_read_at(l, str_of(row->fallback), &origin, &key);
	}
}

/* A word of a command line as JSON. */
static void quote_word(struct buf *json, const struct option *option, struct str value)
{
	struct json_writer w = { .out = json };
	struct str word;

	if (option->type == OPTION_TEXTS && !str_starts(value, "[")) {
		json_open(&w, '[');
		while (value.len && str_cut(&value, ',', &word))
			json_put_str(&w, str_trim(word));
		json_close(&w, ']');
	} else if (option->type != OPTION_TEXTS && option_is_quoted(option) &&
		   !str_starts(value, "\"")) {
		json_put_str(&w, value);
	} else {
		buf_add_str(json, value);
	}
}

/* An element that is set by itself begins a new list in its layer. */
static void set_element(struct layers *l, struct str path, const struct origin *origin)
{
	size_t from = l->settings.len;

	while (from && l->settings.ptr[from - 1].origin.layer == origin->layer)
		from--;
	layers_add_list(l, str_part(path, 0, str_find_char(path, '[')), origin, from);
}

static void note_no_key(struct layers *l, struct str path, const struct origin *origin)
{
	struct str last = path, piece, near = option_nearest(path);

	for (struct str rest = path; str_cut(&rest, '.', &piece);)
		last = piece;
	if (near.ptr && str_eq(near, last))
		problem_add(&l->problems, origin, path, "this is a group of keys: set one of them");
	else
		layers_unknown(l, origin, path, last, near);
}

void layers_set(
	struct layers *l, struct str path, struct str value, const struct origin *origin)
{
	struct layers_key key = { .path = path, .name = STR_NONE, .index = -1 };
	const struct option *row = option_match(path, &key.name, &key.index);
	struct buf json = BUF(BUF_TEXT_MAX);

	if (row)
		key.at = (struct option_place){ row, 1, strlen(row->path) };
	else if (!option_list(path, &key.at, &key.name)) {
		note_no_key(l, path, origin);
		return;
	}
	if (key.name.ptr && !layers_is_name(key.name)) {
		problem_add(&l->problems, origin, path, "this name cannot be used");
		return;
	}
	if (key.at.first->names && !choice_has(key.at.first->names, key.name)) {
		layers_unknown(l, origin, path, key.name,
			choice_near(key.at.first->names, key.name));
		return;
	}
	key.name = arena_str(l->arena, key.name);
	if (row && key.index >= 0)
		set_element(l, path, origin);
	if (row)
		quote_word(&json, row, value);
	else
		buf_add_str(&json, value);
	layers_read_at(l, buf_str(&json), origin, &key);
	buf_release(&json);
}
