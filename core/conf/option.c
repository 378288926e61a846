/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding rows of the option table: by a whole path, or step by step down the tree. */
#include "core/conf/option.h"

#include "core/base/near.h"

bool option_has_bounds(const struct option *option)
{
	return option->min < option->max;
}

struct option_place option_root(void)
{
	return (struct option_place){ option_table, option_count, 0 };
}

/* The part of the row's path that begins at the place, up to the next '.', '[' or the end. */
static struct str segment(const struct option *row, size_t used)
{
	const char *at = row->path + used;

	return (struct str){ at, strcspn(at, ".[") };
}

enum place_kind option_kind(struct option_place at)
{
	const char *rest = at.first->path + at.used;

	if (!*rest)
		return PLACE_VALUE;
	if (*rest == '[')
		return PLACE_LIST;
	rest += *rest == '.';
	return *rest == '*' ? PLACE_NAMES : PLACE_GROUP;
}

/* Where the keys below a group begin in its rows' paths. */
static size_t below_from(struct option_place at)
{
	return at.used + (at.first->path[at.used] == '.');
}

struct str option_key(struct option_place at)
{
	return segment(at.first, below_from(at));
}

bool option_next(struct option_place at, struct option_place *below)
{
	size_t from = below_from(at);
	const struct option *end = at.first + at.count;
	struct str key;

	below->first = below->count ? below->first + below->count : at.first;
	if (below->first == end)
		return false;
	key = segment(below->first, from);
	below->used = from + key.len;
	for (below->count = 1; below->first + below->count < end; below->count++)
		if (!str_eq(segment(below->first + below->count, from), key))
			break;
	return true;
}

bool option_step(struct option_place at, struct str key, struct option_place *out)
{
	struct option_place below = { 0 };
	size_t from = below_from(at);

	while (option_next(at, &below)) {
		struct str known = segment(below.first, from);

		if (!str_eq(known, key) && !str_is(known, "*"))
			continue;
		*out = below;
		return true;
	}
	return false;
}

struct option_place option_element(struct option_place list)
{
	list.used += strlen("[]");
	return list;
}

struct str option_near(struct option_place at, struct str key)
{
	struct option_place below = { 0 };
	struct near near = { .typed = key };
	size_t from = below_from(at);

	while (option_next(at, &below)) {
		struct str known = segment(below.first, from);

		if (!str_is(known, "*"))
			near_offer(&near, known);
	}
	return near.word;
}

/* "[12]" at the front of the path; the number of bytes, 0 when there is none. */
static size_t index_len(struct str path, int *index)
{
	size_t at = 1;
	int value = 0;

	if (!str_starts(path, "["))
		return 0;
	for (; at < path.len && path.ptr[at] >= '0' && path.ptr[at] <= '9' && at < 6; at++)
		value = value * 10 + (path.ptr[at] - '0');
	if (at == 1 || at >= path.len || path.ptr[at] != ']')
		return 0;
	*index = value;
	return at + 1;
}

/* A pattern without a star. */
static bool literal_match(struct str pattern, struct str path, int *index)
{
	size_t open = str_find(pattern, STR("[]")), len;

	if (open == pattern.len)
		return str_eq(pattern, path);
	if (path.len < open || !str_eq(str_part(pattern, 0, open), str_part(path, 0, open)))
		return false;
	len = index_len(str_part(path, open, path.len), index);
	return len && str_eq(str_part(pattern, open + 2, pattern.len),
			      str_part(path, open + len, path.len));
}

static bool pattern_match(struct str pattern, struct str path, struct str *name, int *index)
{
	size_t star = str_find_char(pattern, '*');
	struct str rest = str_part(pattern, star + 1, pattern.len);

	*name = STR_NONE;
	*index = -1;
	if (star == pattern.len)
		return literal_match(pattern, path, index);
	if (path.len <= star || !str_eq(str_part(pattern, 0, star), str_part(path, 0, star)))
		return false;
	for (size_t end = path.len; end > star; end--) {
		if (!literal_match(rest, str_part(path, end, path.len), index))
			continue;
		*name = str_part(path, star, end - star);
		return true;
	}
	return false;
}

const struct option *option_match(struct str path, struct str *name, int *index)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *row = &option_table[i];

		if (pattern_match(str_of(row->path), path, name, index))
			return row;
	}
	return NULL;
}

const struct option *option_find(struct str path)
{
	struct str name;
	int index;
	const struct option *row = option_match(path, &name, &index);

	return row && (!row->names || choice_has(row->names, name)) ? row : NULL;
}

/* The rows whose paths begin as the first one's `used` bytes. */
static struct option_place place_from(const struct option *first, size_t used)
{
	struct option_place at = { first, 0, used };

	while (first + at.count < option_table + option_count &&
		!strncmp(first[at.count].path, first->path, used))
		at.count++;
	return at;
}

bool option_list(struct str path, struct option_place *list, struct str *name)
{
	int index;

	for (size_t i = 0; i < option_count; i++) {
		struct str pattern = str_of(option_table[i].path);
		size_t used = str_find(pattern, STR("[]"));

		if (used == pattern.len ||
			!pattern_match(str_part(pattern, 0, used), path, name, &index))
			continue;
		*list = place_from(&option_table[i], used);
		return true;
	}
	return false;
}

/* Finds the rows of the group that holds the last part of the path: the deepest one, for a name
 * may look like a name and more. */
static bool find_group(struct str parent, struct option_place *group)
{
	struct str name;
	size_t deepest = 0;
	int index;

	for (size_t i = 0; i < option_count; i++) {
		struct str pattern = str_of(option_table[i].path);

		for (size_t at = deepest + 1; at < pattern.len; at++) {
			if (pattern.ptr[at] != '.' ||
				!pattern_match(str_part(pattern, 0, at), parent, &name, &index))
				continue;
			*group = place_from(&option_table[i], at);
			deepest = at;
		}
	}
	return deepest > 0;
}

struct str option_nearest(struct str path)
{
	struct option_place group = option_root();
	size_t dot = path.len;

	while (dot && path.ptr[dot - 1] != '.')
		dot--;
	if (dot && !find_group(str_part(path, 0, dot - 1), &group))
		return STR_NONE;
	return option_near(group, str_part(path, dot, path.len));
}

bool choice_cut(const char **choices, struct str *choice)
{
	if (!*choices || !**choices)
		return false;
	*choice = (struct str){ *choices, strcspn(*choices, "|") };
	*choices += choice->len + ((*choices)[choice->len] == '|');
	return true;
}

bool choice_has(const char *choices, struct str text)
{
	struct str choice;

	while (choice_cut(&choices, &choice))
		if (str_eq(choice, text))
			return true;
	return false;
}

struct str choice_near(const char *choices, struct str typed)
{
	struct near near = { .typed = typed };
	struct str choice;

	while (choice_cut(&choices, &choice))
		near_offer(&near, choice);
	return near.word;
}
