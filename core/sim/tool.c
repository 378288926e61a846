/* SPDX-License-Identifier: GPL-3.0-or-later
 * Picking a tool by shared words: the name's count double. */
#include "core/sim/tool.h"

#include "core/base/json.h"
#include "core/sim/schema.h"
#include "core/sim/words.h"

enum { NAME_WEIGHT = 2, DESCRIPTION_WEIGHT = 1, SCORE_LEAST = 2, TEXT_MAX = 2048 };

static int shared_words(struct str text, const struct word_set *question)
{
	struct word word;
	int count = 0;

	text = str_part(text, 0, TEXT_MAX);
	while (words_next(&text, &word))
		if (!word.common && word_set_count(question, word.stem))
			count++;
	return count;
}

static bool can_call(const json_t *function, const struct evidence *evidence)
{
	return schema_can_fill(json_object_get(function, "parameters"), evidence);
}

const json_t *tool_pick(
	struct arena *arena, const struct ask *ask, const struct evidence *evidence)
{
	struct word_set question = word_set_of(arena, ask->question);
	const json_t *tool, *best = NULL;
	int best_score = ask->tool_choice == TOOLS_REQUIRED ? -1 : SCORE_LEAST - 1;
	size_t i;

	if (ask->tool_choice == TOOLS_NONE)
		return NULL;
	json_array_foreach(ask->tools, i, tool) {
		const json_t *function = json_object_get(tool, "function");
		struct str name = json_get_text(function, "name");
		char room[WORDS_NAME_MAX];
		int score = NAME_WEIGHT * shared_words(words_spaced(name, room), &question) +
			    DESCRIPTION_WEIGHT *
				    shared_words(json_get_text(function, "description"), &question);

		if (ask->tool_forced.ptr && str_eq(name, ask->tool_forced))
			return function;
		if (ask->tool_choice == TOOLS_AUTO && !can_call(function, evidence))
			continue;
		if (score > best_score) {
			best = function;
			best_score = score;
		}
	}
	return best;
}
