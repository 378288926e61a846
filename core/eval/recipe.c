/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers by one table, the files one by one. */
#include "core/eval/recipe.h"

#include "core/base/json.h"
#include "core/embed/mapped.h"

#include <math.h>

enum { RECIPE_BYTES_MAX = 1 << 20 };

static const struct number {
	const char *name;
	size_t at;
	double fallback, least, most;
} numbers[] = {
#define X(name, fallback, least, most, say) \
	{ #name, offsetof(struct recipe, name), fallback, least, most },
	RECIPE_LIST(X)
#undef X
};

static double *number_of(struct recipe *r, const struct number *n)
{
	return (double *)(void *)((char *)r + n->at);
}

static enum err read_number(struct recipe *r, const json_t *object, const struct number *n,
	const char *file, struct buf *why)
{
	const json_t *value = json_object_get(object, n->name);

	*number_of(r, n) = n->fallback;
	if (!value)
		return ERR_OK;
	*number_of(r, n) = json_number_value(value);
	if (json_is_number(value) && *number_of(r, n) >= n->least && *number_of(r, n) <= n->most)
		return ERR_OK;
	why_set(why, "%s: %s: it must be a number from %g to %g", file, n->name, n->least, n->most);
	return ERR_CONFIG;
}

static enum err check_keys(const json_t *object, const char *file, struct buf *why)
{
	void *at = json_object_iter((json_t *)(uintptr_t)object);

	for (; at; at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		struct str key = str_of(json_object_iter_key(at));
		bool known = str_is(key, "name") || str_is(key, "data") || str_is(key, "//");

		for (size_t i = 0; i < ARRAY_LEN(numbers) && !known; i++)
			known = str_is(key, numbers[i].name);
		if (!known) {
			why_set(why, "%s: %.*s: a recipe has no such key", file, STR_ARG(key));
			return ERR_CONFIG;
		}
	}
	return ERR_OK;
}

static enum err read_files(struct recipe *r, struct arena *arena, const json_t *list,
	const char *file, struct buf *why)
{
	r->file_count = json_array_size(list);
	r->files = arena_alloc(arena, (r->file_count + 1) * sizeof(*r->files));
	for (size_t i = 0; i < r->file_count; i++) {
		const json_t *from = json_array_get(list, i);
		struct recipe_file *to = &r->files[i];

		to->file = arena_str(arena, json_get_text(from, "file"));
		to->none = arena_str(arena, json_get_text(from, "none"));
		to->test = json_get_truth(from, "test", false);
		to->measure = json_get_truth(from, "measure", false);
		to->intents = json_get_truth(from, "intents", true);
		if (to->file.len && str_find_char(to->file, '/') == to->file.len)
			continue;
		why_set(why, "%s: data: entry %zu: \"file\" must name a file of the folder", file,
			i + 1);
		return ERR_CONFIG;
	}
	return ERR_OK;
}

static enum err read_object(struct recipe *r, struct arena *arena, const json_t *object,
	const char *file, struct buf *why)
{
	enum err err = check_keys(object, file, why);

	for (size_t i = 0; i < ARRAY_LEN(numbers) && !err; i++)
		err = read_number(r, object, &numbers[i], file, why);
	if (!err && fmod(r->dims, 8) > 0) {
		why_set(why, "%s: dims: it must be a multiple of 8", file);
		err = ERR_CONFIG;
	}
	r->name = arena_str(arena, json_get_text(object, "name"));
	if (!r->name.len)
		r->name = STR("own");
	return err ? err : read_files(r, arena, json_object_get(object, "data"), file, why);
}

enum err recipe_parse(
	struct recipe *r, struct arena *arena, struct str text, const char *name, struct buf *why)
{
	struct buf where = BUF(BUF_WHY_MAX);
	json_t *object = NULL;
	enum err err = json_read(text, JSON_READ_STRICT, &object, &where);

	*r = (struct recipe){ 0 };
	if (err) {
		why_set(why, "%s:%s", name, where.ptr);
	} else if (!json_is_object(object)) {
		why_set(why, "%s: a recipe is one JSON object", name);
		err = ERR_SYNTAX;
	} else {
		err = read_object(r, arena, object, name, why);
	}
	json_decref(object);
	buf_release(&where);
	return err;
}

enum err recipe_read(struct recipe *r, struct arena *arena, const char *path, struct buf *why)
{
	struct mapped file;
	enum err err = mapped_open(&file, path, RECIPE_BYTES_MAX, why);

	if (err)
		return err;
	err = recipe_parse(r, arena, file.bytes, path, why);
	mapped_close(&file);
	return err;
}
