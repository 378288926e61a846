/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON to settings: the tokens of a file walk down the tree of the option table. What is wrong is
 * noted and left out, so that one run shows all of it. */
#include "core/conf/layers.h"

#include "core/conf/header.h"

enum { KEYS_MAX = 10000 }; /* in one object; looking for repeated ones takes its square */

/* An open object or list. */
struct frame {
	struct option_place at;
	size_t path_len;
	size_t keys; /* the hashes of its keys begin here */
	bool is_list;
	int index;   /* in a list: the next element */
};

struct reader {
	struct layers *l;
	struct origin origin;
	struct buf path;
	VEC(struct frame) frames;
	VEC(uint64_t) keys;
	struct arena scratch;
	struct option_place here; /* what the next value belongs to */
	struct str name;          /* what "*" stood for on the way */
	int index;
	struct setting *open;     /* the list or object that is being read */
	bool open_bad;
	size_t skip_depth;        /* inside something that is skipped */
	bool skip;                /* the next value is skipped */
	struct buf json;          /* of such an object */
	struct json_writer writer;
	size_t json_keys;         /* r->keys before it */
	VEC(size_t) json_objects; /* where the keys of its open objects begin */
	struct buf say;
};

static void note(struct reader *r, const char *say)
{
	problem_add(&r->l->problems, &r->origin, buf_str(&r->path), "%s", say);
}

/* Notes a repeated key. False when there are too many to go on. */
static bool add_key(struct reader *r, size_t from, struct str key)
{
	uint64_t hash = str_hash(key);

	if (r->keys.len - from >= KEYS_MAX) {
		note(r, "more than 10000 keys in one place");
		return false;
	}
	for (size_t i = from; i < r->keys.len; i++) {
		if (r->keys.ptr[i] != hash)
			continue;
		note(r, "this key stands twice");
		break;
	}
	*vec_add(&r->scratch, &r->keys) = hash;
	return true;
}

static bool is_comment(struct str key)
{
	return str_starts(key, "//");
}

static void add_to_path(struct reader *r, struct str key)
{
	if (r->path.len)
		buf_add_char(&r->path, '.');
	buf_add_str(&r->path, key);
}

static bool take_name(struct reader *r, struct str name)
{
	const char *names = r->here.first->names;

	r->name = arena_str(r->l->arena, name);
	if (!layers_is_name(name))
		note(r, "expected a name of at most 64 bytes, without blanks, brackets and quotes");
	else if (names && !choice_has(names, name))
		layers_unknown(r->l, &r->origin, buf_str(&r->path), name, choice_near(names, name));
	else
		return true;
	return false;
}

static enum err take_key(struct reader *r, struct str key)
{
	struct frame *f = &r->frames.ptr[r->frames.len - 1];

	buf_cut_to(&r->path, f->path_len);
	if (!f->at.used)
		r->name = STR_NONE;
	r->skip = is_comment(key);
	if (r->skip)
		return ERR_OK;
	add_to_path(r, key);
	if (!add_key(r, f->keys, key))
		return ERR_TOO_BIG;
	if (!option_step(f->at, key, &r->here)) {
		layers_unknown(
			r->l, &r->origin, buf_str(&r->path), key, option_near(f->at, key));
		r->skip = true;
	} else if (option_kind(f->at) == PLACE_NAMES) {
		r->skip = !take_name(r, key);
	}
	return ERR_OK;
}

static void push(struct reader *r, struct option_place at, bool is_list)
{
	*vec_add(&r->scratch, &r->frames) = (struct frame){
		.at = at, .path_len = r->path.len, .keys = r->keys.len, .is_list = is_list
	};
}

static void pop(struct reader *r)
{
	struct frame *f = &r->frames.ptr[--r->frames.len];

	r->keys.len = f->keys;
	buf_cut_to(&r->path, f->path_len);
}

/* What stands at a place that is no value. */
static void note_group(struct reader *r, struct option_place at)
{
	switch (option_kind(at)) {
	case PLACE_NAMES:
		note(r, "expected an object with a key for each name");
		break;
	case PLACE_LIST:
		note(r, "expected a list of objects");
		break;
	default:
		problem_add(&r->l->problems, &r->origin, buf_str(&r->path),
			"expected an object with keys such as \"%.*s\"", STR_ARG(option_key(at)));
	}
}

static void note_expected(struct reader *r)
{
	if (option_kind(r->here) != PLACE_VALUE) {
		note_group(r, r->here);
		return;
	}
	buf_clear(&r->say);
	option_expect(&r->say, r->here.first);
	note(r, r->say.ptr);
}

static struct setting *add_setting(struct reader *r)
{
	const struct layers_key key = { r->here, buf_str(&r->path), r->name, r->index };

	return layers_add(r->l, &key, r->here.first, &r->origin);
}

/* Takes a setting that turned out wrong back. */
static void drop_setting(struct reader *r)
{
	struct setting *s = &r->l->settings.ptr[--r->l->settings.len];

	problem_add(&r->l->problems, &s->origin, s->path, "%s", r->say.ptr);
}

static void take_value(struct reader *r, struct str text, bool quoted)
{
	struct setting *s;

	if (option_kind(r->here) != PLACE_VALUE) {
		note_group(r, r->here);
		return;
	}
	buf_clear(&r->say);
	s = add_setting(r);
	if (!setting_read(s, r->l->arena, text, quoted, &r->say))
		drop_setting(r);
}

/* Elements of a list of texts or numbers. */
static void take_element(struct reader *r, struct str text, bool quoted)
{
	if (r->open_bad)
		return;
	buf_clear(&r->say);
	r->open_bad = !setting_add(r->open, r->l->arena, text, quoted, &r->say);
	if (r->open_bad)
		note(r, r->say.ptr);
}

static void end_list(struct reader *r)
{
	buf_clear(&r->say);
	if (r->open_bad)
		r->l->settings.len--;
	else if (!setting_end(r->open, r->l->arena, &r->say))
		drop_setting(r);
	r->open = NULL;
}

static bool in_list(const struct reader *r)
{
	return r->frames.len && r->frames.ptr[r->frames.len - 1].is_list;
}

/* Names the next element of the list of objects we stand in. */
static void begin_element(struct reader *r)
{
	struct frame *list = &r->frames.ptr[r->frames.len - 1];

	r->index = list->index++;
	buf_cut_to(&r->path, list->path_len);
	buf_addf(&r->path, "[%d]", r->index);
}

static void begin_json(struct reader *r)
{
	r->open = add_setting(r);
	buf_clear(&r->json);
	r->writer = (struct json_writer){ .out = &r->json };
	r->json_keys = r->keys.len;
	r->json_objects.len = 0;
	*vec_add(&r->scratch, &r->json_objects) = r->keys.len;
	json_open(&r->writer, '{');
}

static void skip_this(struct reader *r)
{
	r->skip_depth = 1;
}

static void open_object(struct reader *r)
{
	if (in_list(r)) {
		begin_element(r);
		push(r, option_element(r->frames.ptr[r->frames.len - 1].at), false);
		return;
	}
	switch (option_kind(r->here)) {
	case PLACE_VALUE:
		if (option_is_object(r->here.first)) {
			begin_json(r);
			return;
		}
		note_expected(r);
		skip_this(r);
		return;
	case PLACE_LIST:
		/* One object will do for a list of one. */
		layers_add_list(r->l, buf_str(&r->path), &r->origin, r->l->settings.len);
		r->index = 0;
		buf_add_text(&r->path, "[0]");
		push(r, option_element(r->here), false);
		return;
	default:
		push(r, r->here, false);
	}
}

static void open_array(struct reader *r)
{
	enum option_type type = r->here.first->type;

	if (in_list(r)) {
		begin_element(r);
		note(r, "expected an object");
		skip_this(r);
	} else if (option_kind(r->here) == PLACE_LIST) {
		layers_add_list(r->l, buf_str(&r->path), &r->origin, r->l->settings.len);
		push(r, r->here, true);
	} else if (option_kind(r->here) == PLACE_VALUE &&
		   (type == OPTION_TEXTS || type == OPTION_REALS)) {
		r->open = add_setting(r);
		r->open_bad = false;
	} else {
		note_expected(r);
		skip_this(r);
	}
}

static void close_one(struct reader *r)
{
	pop(r);
	if (r->frames.len && !r->frames.ptr[r->frames.len - 1].is_list)
		r->index = -1;
}

static void take_scalar(struct reader *r, struct str text, bool quoted)
{
	if (!in_list(r)) {
		take_value(r, text, quoted);
		return;
	}
	begin_element(r);
	note(r, "expected an object");
}

static void end_json(struct reader *r)
{
	r->keys.len = r->json_keys;
	r->open->text = arena_str(r->l->arena, buf_str(&r->json));
	r->open = NULL;
}

static bool is_in_headers(const struct reader *r)
{
	return r->open->option->type == OPTION_HEADERS;
}

/* What is wrong with a key of the object being read; NULL: nothing. */
static const char *json_key_wrong(const struct reader *r, struct str key)
{
	if (is_in_headers(r))
		return header_wrong(key);
	return layers_is_secret(key) ? layers_no_secrets : NULL;
}

static enum err json_key_token(struct reader *r, struct str key)
{
	size_t from = r->json_objects.ptr[r->json_objects.len - 1];
	const char *wrong;

	r->skip = is_comment(key);
	if (r->skip)
		return ERR_OK;
	if (!add_key(r, from, key))
		return ERR_TOO_BIG;
	wrong = json_key_wrong(r, key);
	if (wrong)
		note(r, wrong);
	json_key_str(&r->writer, key);
	return ERR_OK;
}

/* Headers have a text each, and nothing else. */
static void check_header_value(struct reader *r, enum json_token token, struct str text)
{
	const char *wrong = "expected a text for each header";

	if (token == JSON_TOKEN_KEY || token == JSON_TOKEN_OBJECT_END)
		return;
	if (token == JSON_TOKEN_STRING)
		wrong = header_value_wrong(text);
	if (wrong)
		note(r, wrong);
}

/* Tokens of such an object go through to its text. */
static enum err json_token(struct reader *r, enum json_token token, struct str text)
{
	if (is_in_headers(r))
		check_header_value(r, token, text);
	switch (token) {
	case JSON_TOKEN_KEY:
		return json_key_token(r, text);
	case JSON_TOKEN_OBJECT:
		*vec_add(&r->scratch, &r->json_objects) = r->keys.len;
		json_open(&r->writer, '{');
		break;
	case JSON_TOKEN_OBJECT_END:
		r->keys.len = r->json_objects.ptr[--r->json_objects.len];
		json_close(&r->writer, '}');
		if (!r->writer.depth)
			end_json(r);
		break;
	case JSON_TOKEN_ARRAY:
		json_open(&r->writer, '[');
		break;
	case JSON_TOKEN_ARRAY_END:
		json_close(&r->writer, ']');
		break;
	case JSON_TOKEN_STRING:
		json_put_str(&r->writer, text);
		break;
	default:
		json_put_raw(&r->writer, text);
	}
	return ERR_OK;
}

static void list_token(struct reader *r, enum json_token token, struct str text)
{
	if (token == JSON_TOKEN_ARRAY_END) {
		end_list(r);
		return;
	}
	take_element(r, text, token == JSON_TOKEN_STRING);
	if (token == JSON_TOKEN_OBJECT || token == JSON_TOKEN_ARRAY)
		skip_this(r);
}

/* Whether the token belongs to something that is skipped. */
static bool skip_token(struct reader *r, enum json_token token)
{
	bool opens = token == JSON_TOKEN_OBJECT || token == JSON_TOKEN_ARRAY;

	if (r->skip_depth) {
		r->skip_depth += opens;
		r->skip_depth -= token == JSON_TOKEN_OBJECT_END || token == JSON_TOKEN_ARRAY_END;
		return true;
	}
	if (!r->skip)
		return false;
	r->skip = false;
	r->skip_depth = opens;
	return true;
}

static void place_token(struct reader *r, enum json_token token, struct str text)
{
	switch (token) {
	case JSON_TOKEN_OBJECT:
		open_object(r);
		break;
	case JSON_TOKEN_ARRAY:
		open_array(r);
		break;
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
		close_one(r);
		break;
	default:
		take_scalar(r, text, token == JSON_TOKEN_STRING);
	}
}

static enum err take_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct reader *r = ctx;

	if (skip_token(r, token))
		return ERR_OK;
	if (r->origin.line) {
		r->origin.line = at.line;
		r->origin.column = at.column;
	}
	if (token == JSON_TOKEN_TRUE)
		text = STR("true");
	if (token == JSON_TOKEN_FALSE)
		text = STR("false");
	if (token == JSON_TOKEN_NULL)
		text = STR("null");
	if (r->open && option_is_object(r->open->option))
		return json_token(r, token, text);
	if (r->open)
		list_token(r, token, text);
	else if (token == JSON_TOKEN_KEY)
		return take_key(r, text);
	else
		place_token(r, token, text);
	return ERR_OK;
}

/* A value on a command line has no positions: what was expected there says more. */
static void note_syntax(struct reader *r, const struct json_scan *scan, bool is_value)
{
	struct origin where = r->origin;

	if (!where.line && is_value) {
		note_expected(r);
		return;
	}
	if (where.line) {
		where.line = scan->wrong.line;
		where.column = scan->wrong.column;
	}
	problem_add(&r->l->problems, &where, STR_NONE, "%s", scan->say);
}

void layers_read_at(struct layers *l, struct str text, const struct origin *origin,
	const struct layers_key *key)
{
	struct reader r = {
		.l = l,
		.origin = *origin,
		.path = BUF(JSON_SCAN_STRING_MAX),
		.scratch = ARENA,
		.here = key->at,
		.name = key->name,
		.index = key->index,
		.json = BUF(BUF_TEXT_MAX),
		.say = BUF(BUF_WHY_MAX),
	};
	bool is_value = option_kind(key->at) == PLACE_VALUE;
	struct json_scan scan;

	buf_add_str(&r.path, key->path);
	json_scan_begin(&scan, (struct json_sink){ take_token, &r });
	/* Editors on some systems put a mark in front that means nothing. */
	if (str_starts(text, "\xEF\xBB\xBF"))
		text = str_part(text, 3, text.len);
	if ((json_scan_feed(&scan, text) || json_scan_end(&scan)) && scan.say)
		note_syntax(&r, &scan, is_value);
	json_scan_release(&scan);
	arena_release(&r.scratch);
	buf_release(&r.path);
	buf_release(&r.json);
	buf_release(&r.say);
}

void layers_read(struct layers *l, struct str text, const struct origin *origin)
{
	const struct layers_key root = { option_root(), STR_NONE, STR_NONE, -1 };

	if (str_trim(text).len)
		layers_read_at(l, text, origin, &root);
}
