/* SPDX-License-Identifier: GPL-3.0-or-later
 * A decision as JSON: the rows of the field tables, nested by their dots, with the lists that
 * belong between them. */
#include "core/record/field.h"

/* Opens and closes objects so that `path` can be written next, and gives its last part. */
static const char *enter(struct json_writer *w, struct str *open, const char *path)
{
	const char *dot = strchr(path, '.');
	struct str group = dot ? str_part(str_of(path), 0, (size_t)(dot - path)) : STR_NONE;

	if (!str_eq(group, *open)) {
		if (open->ptr)
			json_close(w, '}');
		if (group.ptr) {
			json_key_str(w, group);
			json_open(w, '{');
		}
		*open = group;
	}
	return dot ? dot + 1 : path;
}

static void leave(struct json_writer *w, struct str *open)
{
	if (open->ptr)
		json_close(w, '}');
	*open = STR_NONE;
}

static void put_fields(struct json_writer *w, const struct field_table *table,
	const void *object, struct str *open)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *f = &table->fields[i];

		json_key(w, enter(w, open, f->path));
		field_json(w, f, object);
	}
}

static void put_object(struct json_writer *w, const struct field_table *table, const void *object)
{
	struct str open = STR_NONE;

	json_open(w, '{');
	put_fields(w, table, object, &open);
	leave(w, &open);
	json_close(w, '}');
}

static void put_attempt(struct json_writer *w, const struct attempt *a)
{
	struct str open = STR_NONE;

	json_open(w, '{');
	put_fields(w, &attempt_table, a, &open);
	leave(w, &open);
	json_key(w, "verdicts");
	json_open(w, '[');
	for (size_t i = 0; i < a->verdicts.len; i++)
		put_object(w, &verdict_table, &a->verdicts.ptr[i]);
	json_close(w, ']');
	json_close(w, '}');
}

static void put_lists(struct json_writer *w, const struct decision *d)
{
	json_key(w, "tools");
	json_open(w, '[');
	for (size_t i = 0; i < d->tools.len; i++)
		put_object(w, &tool_table, &d->tools.ptr[i]);
	json_close(w, ']');
	json_key(w, "attempts");
	json_open(w, '[');
	for (size_t i = 0; i < d->attempts.len; i++)
		put_attempt(w, &d->attempts.ptr[i]);
	json_close(w, ']');
}

void decision_json(struct json_writer *w, const struct decision *d)
{
	struct str open = STR_NONE;

	json_open(w, '{');
	for (size_t i = 0; i < decision_table.count; i++) {
		const struct field *f = &decision_table.fields[i];

		if (!strcmp(f->path, "answer.text")) {
			leave(w, &open);
			put_lists(w, d);
		}
		json_key(w, enter(w, &open, f->path));
		field_json(w, f, d);
	}
	leave(w, &open);
	json_close(w, '}');
}
