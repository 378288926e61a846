/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A folder of small training files for tests, and what is in it.
 */
#ifndef WEIR_TESTS_EVAL_FOLDER_H
#define WEIR_TESTS_EVAL_FOLDER_H

#include "core/base/arena.h"
#include "tests/check.h"

#include <dirent.h>
#include <unistd.h>

enum { FOLDER_FILE_MAX = 1 << 22 };

struct folder {
	struct arena arena;
	const char *path;
};

static inline struct folder folder_make(void)
{
	struct folder f = { .arena = ARENA };
	char *path = arena_text(&f.arena, "/tmp/weir-train-XXXXXX");

	assert_non_null(mkdtemp(path));
	f.path = path;
	return f;
}

static inline const char *folder_file(struct folder *f, const char *name)
{
	return arena_format(&f->arena, "%s/%s", f->path, name).ptr;
}

static inline void folder_put(struct folder *f, const char *name, struct str text)
{
	FILE *file = fopen(folder_file(f, name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

/* STR_NONE where there is no such file. */
static inline struct str folder_get(struct folder *f, const char *name)
{
	FILE *file = fopen(folder_file(f, name), "rb");
	char *bytes = arena_alloc(&f->arena, FOLDER_FILE_MAX);
	size_t len;

	if (!file)
		return STR_NONE;
	len = fread(bytes, 1, FOLDER_FILE_MAX, file);
	fclose(file);
	return (struct str){ bytes, len };
}

/* Removes it with its files; how many there were. */
static inline size_t folder_remove(struct folder *f)
{
	DIR *d = opendir(f->path);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(d);
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
			count += unlink(folder_file(f, entry->d_name)) == 0;
	closedir(d);
	assert_int_equal(rmdir(f->path), 0);
	arena_release(&f->arena);
	return count;
}

/* Eight intents, each with its own words behind a common opening: easy to tell apart, if learned.
 */
static inline void folder_put_intents(struct folder *f)
{
	static const char *const words[8][4] = {
		{ "freeze", "lock", "block", "suspend" },
		{ "rain", "snow", "sunny", "cloudy" },
		{ "alarm", "wake", "timer", "remind" },
		{ "song", "music", "album", "playlist" },
		{ "refund", "return", "reimburse", "repay" },
		{ "flight", "airline", "plane", "airport" },
		{ "recipe", "cook", "bake", "fry" },
		{ "salary", "payroll", "wage", "payslip" },
	};
	struct buf text = BUF(FOLDER_FILE_MAX);

	for (int intent = 0; intent < 8; intent++)
		for (int i = 0; i < 24; i++)
			buf_addf(&text,
				"{\"text\":\"could you help me with the %s %s thing number %d\","
				"\"intent\":\"i%d\"}\n",
				words[intent][i % 4], words[intent][(i / 4) % 4], i, intent);
	folder_put(f, "intents.jsonl", buf_str(&text));
	buf_release(&text);
}

#endif
