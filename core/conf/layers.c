/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathering settings and settling which one wins. */
#include "core/conf/layers.h"

const char layers_no_secrets[] = "a key is never written into a configuration: name its "
				 "environment variable in key_env, or its file in key_file";

bool layers_is_secret(struct str key)
{
	static const char *const names[] = { "key", "api_key", "apikey", "api-key", "x-api-key",
		"token", "secret", "password", "authorization", "bearer" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is_nocase(key, names[i]))
			return true;
	return false;
}

bool layers_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] <= 0x20 || strchr("\x7F[]\"\\", name.ptr[i]))
			return false;
	return name.len && name.len <= 64;
}

void layers_unknown(struct layers *l, const struct origin *where, struct str path,
	struct str key, struct str near)
{
	if (layers_is_secret(key))
		problem_add(&l->problems, where, path, "%s", layers_no_secrets);
	else if (near.ptr)
		problem_add(&l->problems, where, path, "unknown key; did you mean \"%.*s\"?",
			STR_ARG(near));
	else
		problem_add(&l->problems, where, path, "unknown key");
}

struct setting *layers_add(struct layers *l, const struct layers_key *key,
	const struct option *option, const struct origin *origin)
{
	struct str path = arena_str(l->arena, key->path);
	struct setting *s = vec_add(&l->scratch, &l->settings);

	*s = (struct setting){
		.path = path,
		.option = option,
		.name = key->name,
		.index = key->index,
		.origin = *origin,
	};
	return s;
}

void layers_add_list(
	struct layers *l, struct str path, const struct origin *origin, size_t from)
{
	struct str copy;

	if (origin->layer <= LAYER_SHIPPED)
		return; /* nothing below it has lists */
	copy = arena_str(l->arena, path);
	*vec_add(&l->scratch, &l->lists) = (struct layers_list){ copy, from };
}

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

const struct setting *layers_find(const struct layers *l, struct str path)
{
	for (size_t i = l->settings.len; i-- > 0;)
		if (str_eq(l->settings.ptr[i].path, path))
			return &l->settings.ptr[i];
	return NULL;
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

/* Earlier is lower: settings of one path keep the order in which they were added. */
static int compare(const void *a, const void *b)
{
	const struct setting *left = *(const struct setting *const *)a;
	const struct setting *right = *(const struct setting *const *)b;
	int order = str_cmp(left->path, right->path);

	return order ? order : (left > right) - (left < right);
}

static bool is_replaced(const struct layers *l, size_t at)
{
	const struct setting *s = &l->settings.ptr[at];

	if (s->index < 0)
		return false;
	for (size_t i = 0; i < l->lists.len; i++) {
		struct str list = l->lists.ptr[i].path;

		if (at < l->lists.ptr[i].from && s->path.len > list.len &&
			s->path.ptr[list.len] == '[' &&
			!memcmp(s->path.ptr, list.ptr, list.len))
			return true;
	}
	return false;
}

void layers_settle(struct layers *l, struct setting **settings, size_t *count)
{
	struct setting **order = memory_new(l->settings.len * sizeof(struct setting *));
	size_t left = 0, kept = 0;

	for (size_t i = 0; i < l->settings.len; i++)
		if (!is_replaced(l, i))
			order[left++] = &l->settings.ptr[i];
	if (left)
		qsort(order, left, sizeof(struct setting *), compare);
	*settings = arena_alloc(l->arena, left * sizeof(struct setting));
	for (size_t i = 0; i < left; i++)
		if (i + 1 == left || !str_eq(order[i]->path, order[i + 1]->path))
			(*settings)[kept++] = *order[i];
	*count = kept;
	memory_free(order);
	arena_release(&l->scratch);
}
