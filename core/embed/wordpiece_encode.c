/* SPDX-License-Identifier: GPL-3.0-or-later
 * Added tokens, words, pieces. */
#include "core/embed/wordpiece_parts.h"

struct output {
	const struct wordpiece *w;
	int32_t *ids;
	size_t count, max;
};

struct word {
	char bytes[WORD_MAX_MAX * UTF8_MAX];
	size_t len, chars; /* chars past word_max: no longer kept, only counted */
};

static bool is_full(const struct output *out)
{
	return out->count == out->max;
}

static void put(struct output *out, int32_t id)
{
	if (!is_full(out))
		out->ids[out->count++] = id;
}

/* ---- pieces ----------------------------------------------------------------------------- */

static bool is_char_end(struct str s, size_t at)
{
	return at == s.len || ((unsigned char)s.ptr[at] & 0xC0) != 0x80;
}

/* The longest piece at the front of what is left of a word; its length there, 0: none. */
static size_t longest_piece(const struct wordpiece *w, struct str rest, bool inside, int32_t *id)
{
	uint32_t hashes[WORD_MAX_MAX * UTF8_MAX];
	struct str front = inside ? w->prefix : STR("");
	uint32_t hash = inside ? w->prefix_hash : VOCABULARY_HASH;
	size_t len = rest.len;

	if (len > w->pieces.longest)
		len = w->pieces.longest;
	for (size_t i = 0; i < len; i++)
		hashes[i] = hash = VOCABULARY_HASH_ADD(hash, rest.ptr[i]);
	for (; len; len--) {
		if (!is_char_end(rest, len))
			continue;
		*id = vocabulary_find_hash(
			&w->pieces, hashes[len - 1], front, (struct str){ rest.ptr, len });
		if (*id >= 0)
			return len;
	}
	return 0;
}

/* Pieces of a word that turns out not to come apart to its end are taken back; the end is looked
 * at also where there is no more room. */
static void put_pieces(struct output *out, struct str word)
{
	size_t before = out->count;

	for (size_t at = 0; at < word.len;) {
		int32_t id;
		size_t len = longest_piece(
			out->w, (struct str){ word.ptr + at, word.len - at }, at > 0, &id);

		if (!len) {
			out->count = before;
			put(out, out->w->info.unknown);
			return;
		}
		put(out, id);
		at += len;
	}
}

static void end_word(struct output *out, struct word *word)
{
	if (word->chars > out->w->word_max)
		put(out, out->w->info.unknown);
	else if (word->len)
		put_pieces(out, (struct str){ word->bytes, word->len });
	word->len = word->chars = 0;
}

/* ---- words ------------------------------------------------------------------------------ */

static void add_char(const struct wordpiece *w, struct word *word, uint32_t code)
{
	if (++word->chars <= w->word_max)
		word->len += utf8_write(word->bytes + word->len, code);
}

/* Letters and digits of ASCII at the front, the bulk of most texts. */
static void add_plain(const struct wordpiece *w, struct word *word, struct str *rest)
{
	size_t at = 0;

	for (char c; at < rest->len && (c = w->plain[(unsigned char)rest->ptr[at]]); at++)
		if (++word->chars <= w->word_max)
			word->bytes[word->len++] = c;
	rest->ptr += at;
	rest->len -= at;
}

/* How many code points at the front of `l` are the token's; 0: it does not stand there. */
static size_t folded_match(const struct letters *l, const struct added_token *token)
{
	struct letters text = *l, wanted;
	uint32_t code, want;
	size_t count = 0;

	letters_begin(&wanted, l->rules, token->text);
	for (; letters_next(&wanted, &want); count++)
		if (!letters_next(&text, &code) || code != want)
			return 0;
	return count;
}

/* The longest of the added tokens that are looked for among the letters. */
static const struct added_token *find_folded(
	const struct wordpiece *w, const struct letters *l, size_t *longest)
{
	const struct added_token *best = NULL;

	*longest = 0;
	for (size_t i = 0; w->has_folded && i < w->added_count; i++) {
		size_t count = w->added[i].folded ? folded_match(l, &w->added[i]) : 0;

		if (count > *longest) {
			*longest = count;
			best = &w->added[i];
		}
	}
	return best;
}

static void take_folded(
	struct output *out, struct letters *l, const struct added_token *token, size_t count)
{
	uint32_t code;

	put(out, token->id);
	while (count-- && letters_next(l, &code))
		continue;
}

static void take_letter(struct output *out, struct word *word, uint32_t code)
{
	if (letters_is_blank(code)) {
		end_word(out, word);
	} else if (letters_is_punctuation(code)) {
		end_word(out, word);
		add_char(out->w, word, code);
		end_word(out, word);
	} else {
		add_char(out->w, word, code);
	}
}

/* A text without added tokens that stand in it as they are. */
static void put_words(struct output *out, struct str text)
{
	const struct wordpiece *w = out->w;
	const struct added_token *token;
	struct word word;
	struct letters l;
	uint32_t code;
	size_t count;

	word.len = word.chars = 0;
	letters_begin(&l, &w->rules, text);
	for (;;) {
		if (!w->has_folded && l.at == l.count)
			add_plain(w, &word, &l.rest);
		token = find_folded(w, &l, &count);
		if (token) {
			end_word(out, &word);
			take_folded(out, &l, token, count);
		} else if (is_full(out) || !letters_next(&l, &code)) {
			break;
		} else {
			take_letter(out, &word, code);
		}
	}
	end_word(out, &word);
}

/* ---- added tokens ----------------------------------------------------------------------- */

static const struct added_token *longest_added(const struct wordpiece *w, struct str text)
{
	const struct added_token *best = NULL;

	for (size_t i = 0; i < w->added_count; i++) {
		const struct added_token *token = &w->added[i];

		if (!token->folded && token->text.len <= text.len &&
			!memcmp(token->text.ptr, text.ptr, token->text.len) &&
			(!best || token->text.len > best->text.len))
			best = token;
	}
	return best;
}

/* The first added token that stands in the text as it is; *at is its place, text.len: none. */
static const struct added_token *find_added(const struct wordpiece *w, struct str text, size_t *at)
{
	for (*at = 0; *at < text.len; ++*at) {
		const struct added_token *token = NULL;

		if (w->begins_added[(unsigned char)text.ptr[*at]])
			token = longest_added(w, str_part(text, *at, text.len));
		if (token)
			return token;
	}
	return NULL;
}

size_t wordpiece_encode(
	const struct wordpiece *w, struct str text, bool around, int32_t *ids, size_t max)
{
	struct output out = { .w = w, .ids = ids, .max = max };
	bool first = around && w->info.first >= 0, last = around && w->info.last >= 0;
	const struct added_token *token;
	size_t at;

	if (first)
		put(&out, w->info.first);
	out.max -= last && out.max;
	do {
		token = find_added(w, text, &at);
		put_words(&out, str_part(text, 0, at));
		if (token) {
			put(&out, token->id);
			text = str_part(text, at + token->text.len, text.len);
		}
	} while (token && !is_full(&out));
	out.max = max;
	if (last)
		put(&out, w->info.last);
	return out.count;
}

int32_t wordpiece_find(const struct wordpiece *w, struct str piece)
{
	return vocabulary_find(&w->pieces, piece);
}

const struct wordpiece_info *wordpiece_info(const struct wordpiece *w)
{
	return &w->info;
}
