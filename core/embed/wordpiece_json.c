/* SPDX-License-Identifier: GPL-3.0-or-later
 * tokenizer.json: the kinds that it names, the vocabulary, added tokens, what stands around. */
#include "core/embed/wordpiece_parts.h"

static const char json_name[] = WORDPIECE_JSON;

/* ---- kinds and options ------------------------------------------------------------------ */

static enum err check_kind(const struct reading *r, const json_t *root, const char *key,
	const char *wanted, const json_t **part)
{
	struct str type;

	*part = json_object_get(root, key);
	type = json_get_text(*part, "type");
	if (!strcmp(key, "model") && json_is_object(*part) && !type.ptr &&
		!json_object_get(*part, "merges"))
		return ERR_OK; /* files of old have no type there */
	if (str_is(type, wanted))
		return ERR_OK;
	return wordpiece_wrong(r, ERR_CONFIG, json_name,
		"its %s is %.*s: only %s, as BERT's family has it, is spoken here", key,
		STR_ARG(type.ptr ? str_part(type, 0, SHOWN_MAX) : STR("not said")), wanted);
}

/* null, or absent: as lower case goes. */
static void read_strip(struct letters_rules *rules, const json_t *options)
{
	rules->strip = json_get_truth(options, "strip_accents", rules->lower);
}

static void read_normalizer(struct letters_rules *rules, const json_t *options)
{
	rules->clean = json_get_truth(options, "clean_text", true);
	rules->chinese = json_get_truth(options, "handle_chinese_chars", true);
	rules->lower = json_get_truth(options, "lowercase", true);
	read_strip(rules, options);
}

/* ---- the vocabulary --------------------------------------------------------------------- */

static enum err read_pieces(const struct reading *r, json_t *pieces)
{
	size_t bytes = 0, count = json_object_size(pieces);
	const char *piece;
	json_t *id;
	enum err err = ERR_OK;

	if (!count || count > VOCABULARY_MAX)
		return wordpiece_wrong(r, ERR_CORRUPT, json_name,
			"model.vocab has %zu pieces: expected 1 to %d", count, VOCABULARY_MAX);
	json_object_foreach(pieces, piece, id) bytes += strlen(piece);
	vocabulary_init(&r->w->pieces, count, bytes);
	json_object_foreach(pieces, piece, id)
	{
		err = wordpiece_add_piece(r, json_name, str_of(piece),
			json_is_integer(id) ? json_integer_value(id) : -1);
		if (err)
			break;
	}
	return err;
}

/* ---- added tokens ----------------------------------------------------------------------- */

/* The vocabulary's id goes before the one that is written beside the token. */
static enum err read_added_token(const struct reading *r, const json_t *token)
{
	struct str text = json_get_text(token, "content");
	int32_t known = text.ptr ? vocabulary_find(&r->w->pieces, text) : -1;
	int64_t id = known >= 0 ? known : json_get_int(token, "id", -1);

	if (!text.len || id < 0 || id >= VOCABULARY_MAX)
		return wordpiece_wrong(r, ERR_CORRUPT, json_name,
			"added_tokens: expected objects with a content and an id below %d",
			VOCABULARY_MAX);
	if (json_get_truth(token, "single_word", false))
		return wordpiece_wrong(r, ERR_CONFIG, json_name,
			"added_tokens: single_word is true for one, which is not spoken here");
	wordpiece_add_token(r->w, text, (int32_t)id, json_get_truth(token, "normalized", false));
	return ERR_OK;
}

static enum err read_added(const struct reading *r, const json_t *tokens)
{
	size_t count = json_array_size(tokens);
	enum err err = ERR_OK;

	if (count > ADDED_MAX)
		return wordpiece_wrong(r, ERR_TOO_BIG, json_name,
			"added_tokens: %zu of them: at most %d", count, ADDED_MAX);
	r->w->added = arena_alloc(&r->w->arena, (count + 1) * sizeof(*r->w->added));
	for (size_t i = 0; i < count && !err; i++)
		err = read_added_token(r, json_array_get(tokens, i));
	return err;
}

/* ---- what stands around a text ---------------------------------------------------------- */

static enum err wrong_template(const struct reading *r)
{
	return wordpiece_wrong(r, ERR_CONFIG, json_name,
		"its post_processor puts more around a text than one token in front and one at the "
		"end: that is not spoken here");
}

static enum err take_around(const struct reading *r, int32_t *place, int64_t id)
{
	if (*place >= 0)
		return wrong_template(r);
	if (id < 0 || id >= VOCABULARY_MAX)
		return wordpiece_wrong(r, ERR_CORRUPT, json_name,
			"its post_processor names a token whose id it does not give");
	*place = (int32_t)id;
	if ((size_t)id >= r->w->info.rows)
		r->w->info.rows = (size_t)id + 1;
	return ERR_OK;
}

static int64_t special_id(const json_t *post, const json_t *special)
{
	const json_t *known = json_object_get(post, "special_tokens");
	struct str name = json_get_text(special, "id");
	const json_t *ids =
		json_object_get(name.ptr ? json_object_get(known, name.ptr) : NULL, "ids");
	const json_t *id = json_array_size(ids) == 1 ? json_array_get(ids, 0) : NULL;

	return json_is_integer(id) ? json_integer_value(id) : -1;
}

static enum err read_template(const struct reading *r, const json_t *post)
{
	const json_t *single = json_object_get(post, "single");
	bool after = false;
	enum err err = ERR_OK;

	for (size_t i = 0; i < json_array_size(single) && !err; i++) {
		const json_t *item = json_array_get(single, i);
		const json_t *special = json_object_get(item, "SpecialToken");

		if (special)
			err = take_around(r, after ? &r->w->info.last : &r->w->info.first,
				special_id(post, special));
		else if (after || !json_object_get(item, "Sequence"))
			err = wrong_template(r);
		else
			after = true;
	}
	return err || after ? err : wrong_template(r);
}

/* ["[SEP]", 102] */
static int64_t pair_id(const json_t *pair)
{
	const json_t *id = json_array_get(pair, 1);

	return json_is_integer(id) ? json_integer_value(id) : -1;
}

static enum err read_post(const struct reading *r, const json_t *post)
{
	struct str type = json_get_text(post, "type");
	enum err err;

	if (!post || json_is_null(post))
		return ERR_OK;
	if (str_is(type, "TemplateProcessing"))
		return read_template(r, post);
	if (!str_is(type, "BertProcessing"))
		return wordpiece_wrong(r, ERR_CONFIG, json_name,
			"its post_processor is %.*s: only TemplateProcessing and BertProcessing "
			"are spoken here",
			STR_ARG(type.ptr ? str_part(type, 0, SHOWN_MAX) : STR("not said")));
	err = take_around(r, &r->w->info.first, pair_id(json_object_get(post, "cls")));
	if (!err)
		err = take_around(r, &r->w->info.last, pair_id(json_object_get(post, "sep")));
	return err;
}

/* ---- the whole -------------------------------------------------------------------------- */

static enum err read_model(struct reading *r, const json_t *model)
{
	struct str prefix = json_get_text(model, "continuing_subword_prefix");
	struct str unknown = json_get_text(model, "unk_token");
	int64_t word_max = json_get_int(model, "max_input_chars_per_word", WORD_MAX);
	enum err err = read_pieces(r, json_object_get(model, "vocab"));

	if (!err && (word_max < 1 || word_max > WORD_MAX_MAX))
		err = wordpiece_wrong(r, ERR_CONFIG, json_name,
			"model.max_input_chars_per_word is %lld: expected 1 to %d",
			(long long)word_max, WORD_MAX_MAX);
	r->w->word_max = (size_t)word_max;
	if (!err)
		err = wordpiece_set_prefix(r, json_name, prefix.ptr ? prefix : STR("##"));
	if (!err)
		err = wordpiece_set_unknown(r, json_name, unknown.ptr ? unknown : STR("[UNK]"));
	return err;
}

static enum err read_truncation(struct reading *r, const json_t *truncation)
{
	int64_t limit = json_get_int(truncation, "max_length", 0);

	if (str_is(json_get_text(truncation, "direction"), "Left"))
		return wordpiece_wrong(r, ERR_CONFIG, json_name,
			"it cuts long texts at their front (truncation.direction): that is not "
			"spoken here");
	r->w->info.limit = limit > 0 ? (size_t)limit : 0;
	return ERR_OK;
}

enum err wordpiece_read_json(struct reading *r, const json_t *root)
{
	const json_t *normalizer, *splitter, *model;
	enum err err = check_kind(r, root, "model", "WordPiece", &model);

	if (!err)
		err = check_kind(r, root, "normalizer", "BertNormalizer", &normalizer);
	if (!err)
		err = check_kind(r, root, "pre_tokenizer", "BertPreTokenizer", &splitter);
	if (err)
		return err;
	read_normalizer(&r->w->rules, normalizer);
	err = read_model(r, model);
	r->w->info.rows = r->w->pieces.rows;
	if (!err)
		err = read_added(r, json_object_get(root, "added_tokens"));
	if (!err)
		err = read_post(r, json_object_get(root, "post_processor"));
	return err ? err : read_truncation(r, json_object_get(root, "truncation"));
}
