/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line by line. */
#include "core/eval/corpus.h"

#include "core/base/json.h"
#include "core/embed/mapped.h"

#include <dirent.h>

/* The intents of one file, by name; files have hundreds of them at most, lines come in runs. */
static int32_t intent_of(struct corpus *c, struct str name, int32_t file, bool none)
{
	struct corpus_intent *intent;

	for (size_t i = c->intents.len; i-- && c->intents.ptr[i].file == file;)
		if (str_eq(c->intents.ptr[i].name, name))
			return (int32_t)i;
	intent = vec_add(&c->arena, &c->intents);
	*intent = (struct corpus_intent){ arena_str(&c->arena, name), file, none };
	return (int32_t)c->intents.len - 1;
}

static void add_text(
	struct corpus *c, const struct recipe_file *file, struct str text, struct str intent)
{
	int32_t number = (int32_t)c->files.len - 1;
	struct corpus_text *t = vec_add(&c->arena, &c->texts);

	t->text = arena_str(&c->arena, text);
	t->file = number;
	t->test = file->test && split_is_test(text);
	t->fold = split_is_fold(text);
	if (file->test && file->none.ptr && str_eq(intent, file->none))
		t->test = !t->fold;
	t->intent =
		intent.ptr && file->intents
			? intent_of(c, intent, number, file->none.ptr && str_eq(intent, file->none))
			: NO_INTENT;
}

static void add_pair(struct corpus *c, struct str a, struct str b, double score)
{
	struct corpus_pair *p = vec_add(&c->arena, &c->pairs);

	p->a = arena_str(&c->arena, a);
	p->b = arena_str(&c->arena, b);
	p->score = score;
	p->file = (int32_t)c->files.len - 1;
	p->fold = split_is_fold(a) || split_is_fold(b); /* no sentence on both sides */
}

static bool add_object(struct corpus *c, const struct recipe_file *file, const json_t *line)
{
	struct str text = json_get_text(line, "text");
	struct str a = json_get_text(line, "a"), b = json_get_text(line, "b");
	const json_t *score = json_object_get(line, "score");

	if (!score)
		score = json_object_get(line, "same");
	if (text.ptr)
		add_text(c, file, text, json_get_text(line, "intent"));
	else if (a.ptr && b.ptr && json_is_number(score))
		add_pair(c, a, b, json_number_value(score));
	else
		return false;
	return true;
}

static enum err add_line(struct corpus *c, const struct recipe_file *file, struct str text,
	const char *path, size_t number, struct buf *why)
{
	struct buf where = BUF(BUF_WHY_MAX);
	json_t *line = NULL;
	enum err err = json_read(text, JSON_READ_LENIENT, &line, &where);

	if (err)
		why_set(why, "%s:%zu: %s", path, number, where.ptr);
	if (!err && !add_object(c, file, line)) {
		why_set(why,
			"%s:%zu: a line must be {\"text\": ..., \"intent\": ...}, {\"text\": ...} "
			"or "
			"{\"a\": ..., \"b\": ..., \"score\": N}",
			path, number);
		err = ERR_SYNTAX;
	}
	json_decref(line);
	buf_release(&where);
	return err;
}

enum err corpus_add(
	struct corpus *c, const struct recipe_file *file, const char *dir, struct buf *why)
{
	const char *path = arena_format(&c->arena, "%s/%.*s", dir, STR_ARG(file->file)).ptr;
	struct mapped mapped;
	struct str rest, line;
	enum err err = mapped_open(&mapped, path, CORPUS_BYTES_MAX, why);

	if (err)
		return err;
	*vec_add(&c->arena, &c->files) = arena_str(&c->arena, file->file);
	*vec_add(&c->arena, &c->has_test) = file->test;
	rest = mapped.bytes;
	for (size_t number = 1; !err && str_cut(&rest, '\n', &line); number++)
		if (str_trim(line).len)
			err = add_line(c, file, line, path, number, why);
	mapped_close(&mapped);
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct recipe_file *x = a, *y = b;

	return str_cmp(x->file, y->file);
}

/* The folder's *.jsonl, for a recipe that names no file. */
static enum err list_folder(struct corpus *c, const char *dir, struct recipe_file **files,
	size_t *count, struct buf *why)
{
	VEC(struct recipe_file) found = { 0 };
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d) {
		why_set(why, "%s: no such folder, or no permission to read it", dir);
		return ERR_NOT_FOUND;
	}
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.' && str_ends(str_of(entry->d_name), ".jsonl"))
			*vec_add(&c->arena, &found) = (struct recipe_file){
				.file = arena_str(&c->arena, str_of(entry->d_name)), .intents = true
			};
	closedir(d);
	if (found.len)
		qsort(found.ptr, found.len, sizeof(*found.ptr), by_name);
	*files = found.ptr;
	*count = found.len;
	if (found.len)
		return ERR_OK;
	why_set(why, "%s: no *.jsonl file in it", dir);
	return ERR_NOT_FOUND;
}

enum err corpus_read(
	struct corpus *c, const struct recipe *r, const char *dir, bool measure, struct buf *why)
{
	struct recipe_file *files = r->files;
	size_t count = r->file_count;
	enum err err = ERR_OK;

	*c = (struct corpus){ .arena = ARENA };
	if (!count && !measure)
		err = list_folder(c, dir, &files, &count, why);
	for (size_t i = 0; i < count && !err; i++)
		if (files[i].measure == measure)
			err = corpus_add(c, &files[i], dir, why);
	if (err)
		corpus_release(c);
	return err;
}

void corpus_release(struct corpus *c)
{
	arena_release(&c->arena);
	*c = (struct corpus){ .arena = ARENA };
}
