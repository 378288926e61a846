/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tokenizer's files become a struct wordpiece, or a sentence. */
#include "core/embed/wordpiece_parts.h"

#include "core/embed/mapped.h"

static const char text_name[] = "vocab.txt", config_name[] = "tokenizer_config.json";

/* "FOLDER/FILE: " and the rest; always returns `err`. */
PRINTF_LIKE(4, 5)
enum err wordpiece_wrong(
	const struct reading *r, enum err err, const char *file, const char *format, ...)
{
	struct buf say = BUF(BUF_WHY_MAX);
	va_list args;

	va_start(args, format);
	buf_vaddf(&say, format, args);
	va_end(args);
	why_set(r->why, "%s%s%s: %s", r->folder ? r->folder : "", r->folder ? "/" : "", file,
		say.ptr);
	buf_release(&say);
	return err;
}

static enum err read_json(const struct reading *r, const char *file, struct str text, json_t **out)
{
	struct buf say = BUF(BUF_WHY_MAX);
	enum err err = json_read(text, JSON_READ_LENIENT, out, &say);

	if (!err && !json_is_object(*out)) {
		json_decref(*out);
		*out = NULL;
		buf_add_text(&say, "1:1: expected an object");
		err = ERR_SYNTAX;
	}
	if (err)
		err = wordpiece_wrong(r, ERR_CORRUPT, file, "%s: fetch the model again", say.ptr);
	buf_release(&say);
	return err;
}

/* ---- what both kinds of vocabulary need ------------------------------------------------- */

enum err wordpiece_set_prefix(const struct reading *r, const char *file, struct str prefix)
{
	struct wordpiece *w = r->w;

	if (prefix.len > PREFIX_MAX)
		return wordpiece_wrong(r, ERR_CORRUPT, file,
			"the prefix inside words is longer than %d bytes", PREFIX_MAX);
	w->prefix = arena_str(&w->arena, prefix);
	w->prefix_hash = VOCABULARY_HASH;
	for (size_t i = 0; i < prefix.len; i++)
		w->prefix_hash = VOCABULARY_HASH_ADD(w->prefix_hash, prefix.ptr[i]);
	return ERR_OK;
}

enum err wordpiece_set_unknown(const struct reading *r, const char *file, struct str unknown)
{
	r->w->info.unknown = vocabulary_find(&r->w->pieces, unknown);
	if (r->w->info.unknown >= 0)
		return ERR_OK;
	return wordpiece_wrong(r, ERR_CORRUPT, file,
		"the piece for unknown words, \"%.*s\", is not in the vocabulary: fetch the model "
		"again",
		STR_ARG(str_part(unknown, 0, SHOWN_MAX)));
}

enum err wordpiece_add_piece(
	const struct reading *r, const char *file, struct str piece, int64_t id)
{
	if (id < 0 || id >= VOCABULARY_MAX)
		return wordpiece_wrong(r, ERR_CORRUPT, file,
			"a piece of the vocabulary has the id %lld: expected 0 to %d",
			(long long)id, VOCABULARY_MAX - 1);
	if (!vocabulary_add(&r->w->pieces, piece, (int32_t)id))
		return wordpiece_wrong(r, ERR_CORRUPT, file,
			"the pieces of the vocabulary are made to collide: fetch the model again");
	return ERR_OK;
}

void wordpiece_add_token(struct wordpiece *w, struct str text, int32_t id, bool folded)
{
	struct added_token *token = &w->added[w->added_count++];

	*token = (struct added_token){ arena_str(&w->arena, text), id, folded };
	w->has_folded |= folded;
	if (!folded)
		w->begins_added[(unsigned char)text.ptr[0]] = true;
	if ((size_t)id >= w->info.rows)
		w->info.rows = (size_t)id + 1;
}

/* ---- vocab.txt and tokenizer_config.json ------------------------------------------------ */

/* What tokenizer_config.json names; the rest stays as it is. */
static void read_config(struct letters_rules *rules, const json_t *config)
{
	bool follows = rules->strip == rules->lower;

	rules->lower = json_get_truth(config, "do_lower_case", rules->lower);
	rules->chinese = json_get_truth(config, "tokenize_chinese_chars", rules->chinese);
	if (follows)
		rules->strip = rules->lower;
	rules->strip = json_get_truth(config, "strip_accents", rules->strip);
}

/* A line's end may have more than the newline in it. */
static struct str trim_end(struct str line)
{
	while (line.len && strchr(" \t\r\v\f", line.ptr[line.len - 1]) && line.ptr[line.len - 1])
		line.len--;
	return line;
}

static enum err read_lines(const struct reading *r, struct str text)
{
	size_t lines = 1;
	struct str line;
	int64_t id = 0;
	enum err err = ERR_OK;

	for (size_t at = 0; at < text.len; at++)
		lines += text.ptr[at] == '\n';
	if (lines > VOCABULARY_MAX)
		return wordpiece_wrong(
			r, ERR_TOO_BIG, text_name, "more than %d pieces", VOCABULARY_MAX);
	vocabulary_init(&r->w->pieces, lines, text.len);
	for (; text.len && !err && str_cut(&text, '\n', &line); id++)
		err = wordpiece_add_piece(r, text_name, trim_end(line), id);
	return err;
}

/* "[SEP]", or an object with a content. */
static struct str special_name(const json_t *config, const char *key, struct str fallback)
{
	struct str name = json_get_text(config, key);

	if (!name.ptr)
		name = json_get_text(json_object_get(config, key), "content");
	return name.len ? name : fallback;
}

/* The special tokens that the vocabulary has are found in texts as they stand. */
static enum err read_vocabulary(struct reading *r, struct str text, const json_t *config)
{
	static const struct {
		const char *key;
		const char *usual;
	} specials[] = {
		{ "unk_token", "[UNK]" },
		{ "cls_token", "[CLS]" },
		{ "sep_token", "[SEP]" },
		{ "pad_token", "[PAD]" },
		{ "mask_token", "[MASK]" },
	};
	struct wordpiece *w = r->w;
	enum err err = read_lines(r, text);

	w->rules = (struct letters_rules){ true, true, true, true };
	w->word_max = WORD_MAX;
	w->info.rows = w->pieces.rows;
	w->added = arena_alloc(&w->arena, ARRAY_LEN(specials) * sizeof(*w->added));
	for (size_t i = 0; i < ARRAY_LEN(specials) && !err; i++) {
		struct str name = special_name(config, specials[i].key, str_of(specials[i].usual));
		int32_t id = vocabulary_find(&w->pieces, name);

		if (i == 0)
			err = wordpiece_set_unknown(r, text_name, name);
		else if (i <= 2)
			*(i == 1 ? &w->info.first : &w->info.last) = id;
		if (id >= 0)
			wordpiece_add_token(w, name, id, false);
	}
	return err ? err : wordpiece_set_prefix(r, text_name, STR("##"));
}

static void set_plain(struct wordpiece *w)
{
	for (int c = '0'; c <= 'z'; c++) {
		bool upper = c >= 'A' && c <= 'Z';

		if ((c <= '9') || upper || c >= 'a')
			w->plain[c] = (char)(upper && w->rules.lower ? c | 0x20 : c);
	}
}

static enum err read_all(struct reading *r, const struct wordpiece_files *files)
{
	json_t *root = NULL, *config = NULL;
	enum err err = ERR_OK;

	if (files->config.ptr)
		err = read_json(r, config_name, files->config, &config);
	if (!err && files->tokenizer.ptr)
		err = read_json(r, WORDPIECE_JSON, files->tokenizer, &root);
	if (!err && root)
		err = wordpiece_read_json(r, root);
	else if (!err && files->vocabulary.ptr)
		err = read_vocabulary(r, files->vocabulary, config);
	else if (!err)
		err = wordpiece_wrong(r, ERR_NOT_FOUND, WORDPIECE_JSON,
			"it is not there, and no %s either: a model needs one of them", text_name);
	if (!err)
		read_config(&r->w->rules, config);
	set_plain(r->w);
	json_decref(root);
	json_decref(config);
	return err;
}

enum err wordpiece_read(
	struct wordpiece **out, const struct wordpiece_files *files, struct buf *why)
{
	struct wordpiece *w = memory_new(sizeof(*w));
	struct reading r = { .w = w, .folder = files->folder, .why = why };
	enum err err;

	w->info.first = w->info.last = -1;
	err = read_all(&r, files);
	if (err)
		wordpiece_close(&w);
	*out = w;
	return err;
}

void wordpiece_close(struct wordpiece **w)
{
	if (!*w)
		return;
	vocabulary_release(&(*w)->pieces);
	arena_release(&(*w)->arena);
	memory_free(*w);
	*w = NULL;
}

/* *text stays STR_NONE where the file is absent. */
static enum err map_file(
	struct mapped *m, const char *folder, const char *name, struct str *text, struct buf *why)
{
	struct buf path = BUF(BUF_LINE_MAX), say = BUF(BUF_WHY_MAX);
	enum err err;

	buf_addf(&path, "%s/%s", folder, name);
	err = mapped_open(m, path.ptr, BUF_TEXT_MAX, &say);
	if (!err)
		*text = m->bytes.ptr ? m->bytes : STR("");
	else if (err != ERR_NOT_FOUND)
		why_set(why, "%s", say.ptr);
	buf_release(&path);
	buf_release(&say);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err wordpiece_open(struct wordpiece **w, const char *folder, struct buf *why)
{
	struct mapped json = { STR_NONE }, text = { STR_NONE }, config = { STR_NONE };
	struct wordpiece_files files = { .folder = folder };
	enum err err = map_file(&json, folder, WORDPIECE_JSON, &files.tokenizer, why);

	*w = NULL;
	if (!err && !files.tokenizer.ptr)
		err = map_file(&text, folder, text_name, &files.vocabulary, why);
	if (!err)
		err = map_file(&config, folder, config_name, &files.config, why);
	if (!err)
		err = wordpiece_read(w, &files, why);
	mapped_close(&json);
	mapped_close(&text);
	mapped_close(&config);
	return err;
}
