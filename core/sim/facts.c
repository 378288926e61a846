/* SPDX-License-Identifier: GPL-3.0-or-later
 * The members of a JSON object that are single values; any other text is quoted. */
#include "core/sim/facts.h"

#include "core/base/json.h"
#include "core/sim/words.h"

enum { FACTS_MAX = 8, QUOTE_MAX = 400 };

/* Under { "result": {...} } and the like the inner object counts. */
static const json_t *inner(const json_t *value)
{
	const json_t *only = json_object_size(value) == 1
				     ? json_object_iter_value(json_object_iter((json_t *)value))
				     : NULL;

	return json_is_object(only) ? only : value;
}

static void add_value(struct buf *out, const json_t *value)
{
	if (json_is_string(value))
		buf_add_str(out, json_text(value));
	else
		json_print(out, value);
}

static void add_key(struct buf *out, const char *key)
{
	for (; *key; key++)
		buf_add_char(out, *key == '_' || *key == '-' ? ' ' : *key);
}

static bool say_object(struct buf *out, const json_t *object)
{
	json_t *value;
	const char *key;
	size_t count = 0;

	json_object_foreach((json_t *)object, key, value) {
		if (json_is_object(value) || json_is_array(value) || json_is_null(value) ||
			count == FACTS_MAX)
			continue;
		buf_add_text(out, count++ ? ", the " : "According to our records the ");
		add_key(out, key);
		buf_add_text(out, " is ");
		add_value(out, value);
	}
	if (count)
		buf_add_char(out, '.');
	return count > 0;
}

bool facts_say(struct buf *out, struct str result)
{
	struct str text = str_trim(result);
	json_t *value = NULL;
	bool said = false;

	if (text.len == 0)
		return false;
	if (json_read(text, JSON_READ_LENIENT, &value, NULL) == ERR_OK && json_is_object(value))
		said = say_object(out, inner(value));
	json_decref(value);
	if (!said)
		buf_addf(out, "According to our records: %.*s",
			STR_ARG(str_part(text, 0, QUOTE_MAX)));
	return true;
}

static bool is_error_object(const json_t *object)
{
	const json_t *error = json_object_get(object, "error");

	return error && !json_is_null(error) && !json_is_false(error);
}

bool facts_are_error(struct str result)
{
	struct str front = str_part(result, 0, QUOTE_MAX);
	json_t *value = NULL;
	bool is_error;

	if (json_read(result, JSON_READ_LENIENT, &value, NULL) == ERR_OK && json_is_object(value))
		is_error = is_error_object(value);
	else
		is_error = words_have_phrase(front, "error") ||
			   words_have_phrase(front, "invalid") ||
			   words_have_phrase(front, "unknown argument");
	json_decref(value);
	return is_error;
}
