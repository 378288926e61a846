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

const struct setting *layers_find(const struct layers *l, struct str path)
{
	for (size_t i = l->settings.len; i-- > 0;)
		if (str_eq(l->settings.ptr[i].path, path))
			return &l->settings.ptr[i];
	return NULL;
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

static enum layer since(struct setting *const *order, size_t at)
{
	const struct setting *s = order[at], *below = at ? order[at - 1] : NULL;

	if (below && str_eq(below->path, s->path) && str_eq(below->text, s->text))
		return below->since;
	return s->origin.layer;
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
	for (size_t i = 0; i < left; i++) {
		order[i]->since = since(order, i);
		if (i + 1 == left || !str_eq(order[i]->path, order[i + 1]->path))
			(*settings)[kept++] = *order[i];
	}
	*count = kept;
	memory_free(order);
	arena_release(&l->scratch);
}
