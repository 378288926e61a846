/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a script and picking from it. The places of its values are gathered in a pass of their
 * own, by path, so that the reading itself walks plain values. */
#include "core/sim/fault_script.h"

#include "core/base/json.h"
#include "core/base/near.h"
#include "core/base/rng.h"
#include "core/base/vec.h"
#include "core/conf/problem.h"

struct rule {
	struct sim_fault fault;
	int64_t seen, struck;
};

struct fault_script {
	struct arena arena;
	uint64_t seed, key;
	VEC(struct rule) rules;
};

/* ---- where things stand --------------------------------------------------------------------- */

struct place {
	struct str path;
	int line, column;
};

struct frame {
	size_t path_len, first; /* the first of its places */
	int index;              /* of a list: the next element; -1: an object */
};

struct places {
	struct arena arena;
	VEC(struct place) found;
	VEC(struct frame) frames;
	struct buf path;
	struct origin origin; /* the file */
	struct problems *problems;
};

static const struct place *place_find(const struct places *p, struct str path, size_t first)
{
	for (size_t i = p->found.len; i > first; i--)
		if (str_eq(p->found.ptr[i - 1].path, path))
			return &p->found.ptr[i - 1];
	return NULL;
}

static bool is_comment(struct str key)
{
	return str_starts(key, "//");
}

static void note_at(struct places *p, const struct place *at, struct str path, const char *say)
{
	struct origin where = p->origin;

	where.line = at ? at->line : 1;
	where.column = at ? at->column : 1;
	problem_add(p->problems, &where, path, "%s", say);
}

static void add_place(struct places *p, struct json_place at)
{
	*vec_add(&p->arena, &p->found) =
		(struct place){ arena_str(&p->arena, buf_str(&p->path)), at.line, at.column };
}

static void take_key(struct places *p, struct str key, struct json_place at)
{
	const struct place here = { STR_NONE, at.line, at.column };
	const struct frame *f = &p->frames.ptr[p->frames.len - 1];

	buf_cut_to(&p->path, f->path_len);
	if (p->path.len)
		buf_add_char(&p->path, '.');
	buf_add_str(&p->path, key);
	if (!is_comment(key) && place_find(p, buf_str(&p->path), f->first))
		note_at(p, &here, buf_str(&p->path), "this key stands twice");
	add_place(p, at);
}

/* Elements of lists have no key that tells where they are. */
static void begin_value(struct places *p, struct json_place at)
{
	struct frame *f = p->frames.len ? &p->frames.ptr[p->frames.len - 1] : NULL;

	if (!f || f->index < 0)
		return;
	buf_cut_to(&p->path, f->path_len);
	buf_addf(&p->path, "[%d]", f->index++);
	add_place(p, at);
}

/* Below the faults' own keys (a header, a body) nothing is looked for. */
enum { DEPTH_MAX = 4 };

static enum err take_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct places *p = ctx;

	switch (token) {
	case JSON_TOKEN_KEY:
		if (p->frames.len <= DEPTH_MAX)
			take_key(p, text, at);
		break;
	case JSON_TOKEN_OBJECT:
	case JSON_TOKEN_ARRAY:
		begin_value(p, at);
		*vec_add(&p->arena, &p->frames) = (struct frame){ p->path.len, p->found.len,
			token == JSON_TOKEN_ARRAY && p->frames.len < DEPTH_MAX ? 0 : -1 };
		break;
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
		p->frames.len--;
		break;
	default:
		begin_value(p, at);
	}
	return p->found.len > (size_t)FAULT_RULES_MAX * FAULT_KEYS_MAX * 2 ? ERR_TOO_BIG : ERR_OK;
}

static void note_syntax(struct places *p, const struct json_scan *scan)
{
	const struct place at = { STR_NONE, scan->wrong.line, scan->wrong.column };

	note_at(p, scan->say ? &at : NULL, STR_NONE,
		scan->say ? scan->say : "more faults than a script may have (1000)");
}

/* False: it is not JSON, which is noted. */
static bool find_places(struct places *p, struct str text)
{
	struct json_scan scan;
	bool ok;

	json_scan_begin(&scan, (struct json_sink){ take_token, p });
	scan.lenient = true;
	ok = !json_scan_feed(&scan, text) && !json_scan_end(&scan);
	if (!ok)
		note_syntax(p, &scan);
	json_scan_release(&scan);
	return ok;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reader {
	struct fault_script *script;
	struct places places;
	struct problems problems;
	struct buf path, say;
};

static void note(struct reader *r, const char *say)
{
	struct str path = buf_str(&r->path);

	note_at(&r->places, place_find(&r->places, path, 0), path, say);
}

static void note_unknown(struct reader *r, const char *what, struct str near)
{
	buf_clear(&r->say);
	buf_add_text(&r->say, what);
	if (near.ptr)
		buf_addf(&r->say, "; did you mean \"%.*s\"?", STR_ARG(near));
	note(r, r->say.ptr);
}

/* Control characters would end the line that a text stands in. */
static bool is_line(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
			return false;
	return text.ptr;
}

static void read_number(struct reader *r, const struct fault_key *key, const json_t *value,
	int64_t *out)
{
	if (json_is_integer(value) && json_integer_value(value) >= key->min &&
		json_integer_value(value) <= key->max) {
		*out = json_integer_value(value);
		return;
	}
	buf_clear(&r->say);
	buf_addf(&r->say, "expected a whole number from %lld to %lld", (long long)key->min,
		(long long)key->max);
	note(r, r->say.ptr);
}

static void read_share(struct reader *r, const json_t *value, double *out)
{
	double share = json_is_number(value) ? json_number_value(value) : -1;

	if (share >= 0 && share <= 1)
		*out = share;
	else
		note(r, "expected a number from 0 to 1");
}

static void read_choice(struct reader *r, const struct fault_key *key, const json_t *value,
	int64_t *out)
{
	const char *choices = key->choices;
	struct str choice;

	for (int64_t i = 0; choice_cut(&choices, &choice); i++)
		if (str_eq(choice, json_text(value))) {
			*out = i;
			return;
		}
	buf_clear(&r->say);
	buf_addf(&r->say, "expected one of %s", key->choices);
	note_unknown(r, arena_str(&r->places.arena, buf_str(&r->say)).ptr,
		choice_near(key->choices, json_text(value)));
}

/* A number may stand for a text: "retry_after": 7. */
static void read_text(struct reader *r, const json_t *value, const char **out)
{
	if (json_is_integer(value))
		*out = arena_format(&r->script->arena, "%lld", (long long)json_integer_value(value))
			       .ptr;
	else if (is_line(json_text(value)))
		*out = arena_str(&r->script->arena, json_text(value)).ptr;
	else
		note(r, "expected a text of one line");
}

static void read_headers(struct reader *r, json_t *value, const char **out)
{
	struct buf lines = BUF(BUF_LINE_MAX);
	const char *name;
	json_t *text;
	bool ok = json_is_object(value);

	json_object_foreach(value, name, text) {
		if (is_comment(str_of(name)))
			continue;
		ok = ok && is_line(json_text(text)) && is_line(str_of(name)) && *name;
		buf_addf(&lines, "%s: %.*s\r\n", name, STR_ARG(json_text(text)));
	}
	if (ok && !buf_is_full(&lines))
		*out = arena_str(&r->script->arena, buf_str(&lines)).ptr;
	else
		note(r, "expected an object of texts of one line, such as "
			"{\"retry-after\": \"2\"}");
	buf_release(&lines);
}

/* \u0000 in it has become U+FFFD on the way. */
static void read_body(struct reader *r, const json_t *value, const char **out)
{
	struct buf text = BUF(FAULT_SCRIPT_MAX * 8);

	if (json_is_string(value))
		buf_add_str(&text, json_text(value));
	else
		json_print(&text, value);
	*out = arena_str(&r->script->arena, buf_str(&text)).ptr;
	buf_release(&text);
}

static void read_value(struct reader *r, const struct fault_key *key, json_t *value,
	struct sim_fault *fault)
{
	void *at = (char *)fault + key->offset;

	switch (key->type) {
	case FAULT_NUMBER:
		read_number(r, key, value, at);
		break;
	case FAULT_SHARE:
		read_share(r, value, at);
		break;
	case FAULT_CHOICE:
		read_choice(r, key, value, at);
		break;
	case FAULT_TEXT:
		read_text(r, value, at);
		break;
	case FAULT_HEADERS:
		read_headers(r, value, at);
		break;
	case FAULT_BODY:
		read_body(r, value, at);
		break;
	}
}

static struct str near_key(const struct fault_row *row, struct str typed)
{
	struct near near = { .typed = typed };

	near_offer(&near, STR("fault"));
	for (size_t i = 0; i < fault_key_count; i++)
		if (fault_row_takes(row, &fault_keys[i]))
			near_offer(&near, str_of(fault_keys[i].name));
	return near.word;
}

static struct str near_fault(struct str typed)
{
	struct near near = { .typed = typed };

	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		near_offer(&near, str_of(fault_rows[i].name));
	return near.word;
}

static void read_member(struct reader *r, struct sim_fault *fault, struct str name, json_t *value)
{
	const struct fault_key *key = fault_key_find(name);

	if (key && fault_row_takes(fault->row, key)) {
		read_value(r, key, value, fault);
		return;
	}
	buf_clear(&r->say);
	if (key)
		buf_addf(&r->say, "the fault \"%s\" does not take this", fault->row->name);
	else
		buf_add_text(&r->say, "unknown key");
	note_unknown(r, arena_str(&r->places.arena, buf_str(&r->say)).ptr,
		key ? STR_NONE : near_key(fault->row, name));
}

static const struct fault_row *read_row(struct reader *r, const json_t *entry, size_t len)
{
	const json_t *name = json_object_get(entry, "fault");
	const struct fault_row *row = fault_row_find(json_text(name));

	if (row)
		return row;
	if (!json_is_object(entry)) {
		note(r, "expected an object such as {\"fault\": \"reset\"}");
		return NULL;
	}
	if (name)
		buf_add_text(&r->path, ".fault");
	note_unknown(r, name ? "unknown fault: \"weir sim --list-faults\" lists them"
			     : "expected a key \"fault\" that says which",
		near_fault(json_text(name)));
	buf_cut_to(&r->path, len);
	return NULL;
}

static void read_entry(struct reader *r, json_t *entry)
{
	size_t len = r->path.len;
	const struct fault_row *row = read_row(r, entry, len);
	struct sim_fault *fault;
	const char *name;
	json_t *value;

	if (!row)
		return;
	fault = &vec_add(&r->script->arena, &r->script->rules)->fault;
	*fault = row->usual;
	fault->row = row;
	json_object_foreach(entry, name, value) {
		if (is_comment(str_of(name)) || !strcmp(name, "fault"))
			continue;
		buf_addf(&r->path, ".%s", name);
		read_member(r, fault, str_of(name), value);
		buf_cut_to(&r->path, len);
	}
	/* Whoever says where in the answer means the answer. */
	if (!json_object_get(entry, "at") && (json_object_get(entry, "after_tokens") ||
						     json_object_get(entry, "after_bytes")))
		fault->at = AT_ANSWER;
}

static void read_seed(struct reader *r, const json_t *value)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		r->script->seed = (uint64_t)json_integer_value(value);
	else
		note(r, "expected a whole number, 0 or more");
}

static void read_entries(struct reader *r, const json_t *list)
{
	size_t i, len = r->path.len;
	json_t *entry;

	if (!json_is_array(list) || json_array_size(list) > FAULT_RULES_MAX) {
		note(r, "expected a list of faults, at most 1000");
		return;
	}
	json_array_foreach(list, i, entry) {
		buf_addf(&r->path, "[%zu]", i);
		read_entry(r, entry);
		buf_cut_to(&r->path, len);
	}
}

static void read_root(struct reader *r, json_t *root)
{
	const char *name;
	json_t *value;

	if (!json_is_object(root) || !json_object_get(root, "faults"))
		note(r, "expected an object such as {\"faults\": [{\"fault\": \"reset\"}]}");
	json_object_foreach(root, name, value) {
		struct near near = { .typed = str_of(name) };

		if (is_comment(str_of(name)))
			continue;
		buf_clear(&r->path);
		buf_add_text(&r->path, name);
		near_offer(&near, STR("seed"));
		near_offer(&near, STR("faults"));
		if (!strcmp(name, "seed"))
			read_seed(r, value);
		else if (!strcmp(name, "faults"))
			read_entries(r, value);
		else
			note_unknown(r, "unknown key", near.word);
	}
}

static void read_all(struct reader *r, struct str text)
{
	json_t *root = NULL;

	if (str_starts(text, "\xEF\xBB\xBF"))
		text = str_part(text, 3, text.len);
	if (!find_places(&r->places, text))
		return;
	if (json_read(text, JSON_READ_LENIENT, &root, NULL))
		note(r, "it cannot be read");
	else
		read_root(r, root);
	json_decref(root);
}

enum err fault_script_read(
	struct fault_script **script, struct str text, const char *name, struct buf *why)
{
	struct reader r = {
		.script = memory_new(sizeof(**script)),
		.problems = PROBLEMS,
		.path = BUF(BUF_LINE_MAX),
		.say = BUF(BUF_WHY_MAX),
	};
	enum err err;

	r.places = (struct places){ .path = BUF(FAULT_SCRIPT_MAX),
		.origin = { .source = str_of(name) },
		.problems = &r.problems };
	read_all(&r, text);
	err = problems_end(&r.problems, why);
	if (err)
		fault_script_free(&r.script);
	arena_release(&r.places.arena);
	buf_release(&r.places.path);
	buf_release(&r.path);
	buf_release(&r.say);
	*script = r.script;
	return err;
}

void fault_script_free(struct fault_script **script)
{
	if (*script)
		arena_release(&(*script)->arena);
	memory_free(*script);
	*script = NULL;
}

/* ---- picking -------------------------------------------------------------------------------- */

static bool fits(const struct sim_fault *f, const struct fault_request *request)
{
	if (f->row->streams_only && !request->stream)
		return false;
	if (f->path ? !str_is(request->path, f->path) : request->wire == SIM_NO_WIRE)
		return false;
	if (f->wire != SIM_NO_WIRE && f->wire != (int64_t)request->wire)
		return false;
	return !f->model || str_is(request->model, f->model);
}

/* Decided by the seed, the entry and how many requests it has seen. */
static uint64_t key_of(const struct fault_script *s, size_t entry)
{
	struct rng rng;

	rng_seed(&rng, s->seed + (uint64_t)entry * 1000003);
	rng_seed(&rng, rng_next(&rng) + (uint64_t)s->rules.ptr[entry].seen);
	return rng_next(&rng);
}

static bool is_due(const struct fault_script *s, size_t entry)
{
	const struct rule *rule = &s->rules.ptr[entry];
	const struct sim_fault *f = &rule->fault;
	struct rng rng;

	if (f->nth && rule->seen != f->nth)
		return false;
	if (f->every && rule->seen % f->every)
		return false;
	if (f->times && rule->struck >= f->times)
		return false;
	rng_seed(&rng, key_of(s, entry));
	return f->share >= 1 || rng_unit(&rng) < f->share;
}

const struct sim_fault *fault_script_pick(
	struct fault_script *script, const struct fault_request *request)
{
	const struct sim_fault *picked = NULL;

	for (size_t i = 0; i < script->rules.len; i++) {
		struct rule *rule = &script->rules.ptr[i];

		if (!fits(&rule->fault, request))
			continue;
		rule->seen++;
		if (picked || !is_due(script, i))
			continue;
		rule->struck++;
		script->key = key_of(script, i);
		picked = &rule->fault;
	}
	return picked;
}

uint64_t fault_script_key(const struct fault_script *script)
{
	return script->key;
}
