/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filling schemas. A field's name says which fact it wants: that table is the heart of it. */
#include "core/sim/schema.h"

#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/sim/words.h"

#include <math.h>

/* Limits, so that a schema made to be large costs little. */
enum {
	DEPTH_MAX = 24,
	DEPTH_OPTIONAL = 6,
	ITEMS_MAX = 8,
	REF_MAX = 8,
	VALUES_MAX = 500,
	CHOICES_MAX = 64,
	REQUIRED_MAX = 256,
	CHOICE_TEXT_MAX = 2048
};

struct filling {
	struct json_writer *w;
	const json_t *root;
	struct evidence *evidence;
	int depth;
	int left; /* values that may still be written: a schema may refer to itself twice */
};

enum source {
	FROM_NOTHING, FROM_ID, FROM_AMOUNT, FROM_NUMBER, FROM_DATE, FROM_EMAIL, FROM_NAME,
	FROM_ANSWER, FROM_QUESTION, FROM_HEADING, FROM_CITATION, FROM_DOMAIN, FROM_SECTION
};

/* Words of a field's name, as stems. */
static const struct {
	const char *word;
	enum source source;
} sources[] = {
	{ "id", FROM_ID }, { "number", FROM_ID }, { "reference", FROM_ID }, { "ref", FROM_ID },
	{ "code", FROM_ID }, { "policy", FROM_ID }, { "claim", FROM_ID }, { "account", FROM_ID },
	{ "order", FROM_ID }, { "amount", FROM_AMOUNT }, { "price", FROM_AMOUNT },
	{ "cost", FROM_AMOUNT }, { "total", FROM_AMOUNT }, { "fee", FROM_AMOUNT },
	{ "date", FROM_DATE }, { "day", FROM_DATE }, { "deadline", FROM_DATE },
	{ "due", FROM_DATE }, { "email", FROM_EMAIL }, { "mail", FROM_EMAIL },
	{ "name", FROM_NAME }, { "customer", FROM_NAME }, { "person", FROM_NAME },
	{ "holder", FROM_NAME }, { "query", FROM_QUESTION }, { "question", FROM_QUESTION },
	{ "text", FROM_ANSWER }, { "answer", FROM_ANSWER }, { "summary", FROM_ANSWER },
	{ "title", FROM_HEADING }, { "topic", FROM_HEADING }, { "subject", FROM_HEADING },
	{ "citation", FROM_CITATION }, { "source", FROM_CITATION }, { "cite", FROM_CITATION },
	{ "domain", FROM_DOMAIN }, { "category", FROM_SECTION }, { "section", FROM_SECTION },
};

static const json_t *step_into(const json_t *object, struct str name)
{
	char key[128];

	if (name.len >= sizeof(key))
		return NULL;
	memcpy(key, name.ptr, name.len);
	key[name.len] = '\0';
	return json_object_get(object, key);
}

static const json_t *follow(const struct filling *f, const json_t *schema)
{
	for (int i = 0; i < REF_MAX; i++) {
		struct str ref = str_of(json_string_value(json_object_get(schema, "$ref"))), part;
		const json_t *at = f->root;

		if (!str_starts(ref, "#/"))
			break;
		ref = str_part(ref, 2, ref.len);
		while (at && str_cut(&ref, '/', &part))
			at = step_into(at, part);
		if (!at)
			break;
		schema = at;
	}
	return schema;
}

/* The first alternative that is not null. */
static const json_t *choose(const struct filling *f, const json_t *schema)
{
	static const char *const keys[] = { "anyOf", "oneOf", "allOf" };

	schema = follow(f, schema);
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		const json_t *list = json_object_get(schema, keys[k]), *one;
		size_t i;

		json_array_foreach(list, i, one) {
			const char *type = json_string_value(json_object_get(one, "type"));

			if (!type || strcmp(type, "null") != 0)
				return follow(f, one);
		}
	}
	return schema;
}

static const char *type_of(const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type"), *one;
	size_t i;

	json_array_foreach(type, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), "null") != 0)
			return json_string_value(one);
	if (json_is_string(type))
		return json_string_value(type);
	if (json_object_get(schema, "properties"))
		return "object";
	return json_object_get(schema, "items") ? "array" : "string";
}

/* The last word of the name decides first: a policy_date is a date. */
static enum source source_of(struct str name)
{
	enum source source = FROM_NOTHING;
	struct word word;

	while (words_next(&name, &word))
		for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
			char stem[WORD_MAX];

			word_stem(str_of(sources[i].word), stem);
			if (strcmp(stem, word.stem) == 0)
				source = sources[i].source;
		}
	return source;
}

static enum source source_of_field(struct str name)
{
	char room[WORDS_NAME_MAX];

	return source_of(words_spaced(name, room));
}

static struct str text_from(struct evidence *e, enum source source)
{
	switch (source) {
	case FROM_ID:
		if (e->facts[FACT_ID].len)
			return evidence_take(e, FACT_ID);
		return evidence_take(e, FACT_NUMBER);
	case FROM_AMOUNT:
		return evidence_take(e, e->facts[FACT_AMOUNT].len ? FACT_AMOUNT : FACT_NUMBER);
	case FROM_NUMBER:
		return evidence_take(e, FACT_NUMBER);
	case FROM_DATE:
		return evidence_take(e, FACT_DATE);
	case FROM_EMAIL:
		return evidence_take(e, FACT_EMAIL);
	case FROM_NAME:
		return evidence_take(e, FACT_NAME);
	case FROM_HEADING:
		return e->heading;
	case FROM_CITATION:
		return e->citation;
	case FROM_DOMAIN:
		return e->domain;
	case FROM_SECTION:
		return e->section;
	case FROM_QUESTION:
		return e->question;
	case FROM_ANSWER:
	case FROM_NOTHING:
		break;
	}
	return e->answer;
}

static struct str limit_text(const json_t *schema, struct str text)
{
	const json_t *most = json_object_get(schema, "maxLength");
	struct str rest = text;
	json_int_t left;

	if (!json_is_integer(most))
		return text;
	for (left = json_integer_value(most); left > 0 && rest.len > 0; left--) {
		uint32_t code;
		size_t took = utf8_read(rest, &code);

		rest = str_part(rest, took, rest.len);
	}
	return str_part(text, 0, text.len - rest.len);
}

static void fill_text(struct filling *f, const json_t *schema, struct str name)
{
	const char *format = json_string_value(json_object_get(schema, "format"));
	const json_t *least = json_object_get(schema, "minLength");
	struct str text;

	if (format && strcmp(format, "email") == 0)
		text = text_from(f->evidence, FROM_EMAIL);
	else if (format && strncmp(format, "date", 4) == 0)
		text = text_from(f->evidence, FROM_DATE);
	else
		text = text_from(f->evidence, source_of_field(name));
	if (!text.len && json_is_integer(least) && json_integer_value(least) > 0)
		text = f->evidence->answer.len ? f->evidence->answer : STR("unknown");
	json_put_str(f->w, limit_text(schema, text.ptr ? text : STR("")));
}

static bool is_share(struct str name)
{
	char room[WORDS_NAME_MAX];
	struct str words = words_spaced(name, room);

	return words_have(words, "confid") || words_have(words, "scor") ||
	       words_have(words, "probabil");
}

static double clamp(const json_t *schema, double value)
{
	const json_t *least = json_object_get(schema, "minimum");
	const json_t *most = json_object_get(schema, "maximum");

	if (json_is_number(least) && value < json_number_value(least))
		value = json_number_value(least);
	if (json_is_number(most) && value > json_number_value(most))
		value = json_number_value(most);
	return value;
}

static void fill_number(struct filling *f, const json_t *schema, struct str name, bool whole)
{
	struct str text = STR_NONE;
	char digits[40];
	size_t len = 0;
	double value = 0;

	if (is_share(name)) {
		value = f->evidence->citation.ptr ? 0.9 : 0.2;
	} else {
		enum source source = source_of_field(name);

		text = source == FROM_ID ? text_from(f->evidence, FROM_ID)
					 : evidence_take(f->evidence, FACT_NUMBER);
	}
	for (size_t i = 0; i < text.len && len + 1 < sizeof(digits); i++)
		if (text.ptr[i] != ',')
			digits[len++] = text.ptr[i];
	str_to_real((struct str){ digits, len }, &value);
	value = clamp(schema, value);
	if (whole && fabs(value) < 9e15)
		json_put_int(f->w, (int64_t)(value < 0 ? floor(value) : ceil(value)));
	else
		json_put_real(f->w, value, -1);
}

/* The choice that the words of the text name, else the first. */
static void fill_choice(struct filling *f, const json_t *list)
{
	struct str question = str_part(f->evidence->question, 0, CHOICE_TEXT_MAX);
	const json_t *one, *pick = json_array_get(list, 0);
	struct buf text = BUF(BUF_TEXT_MAX);
	size_t i;

	json_array_foreach(list, i, one) {
		if (i == CHOICES_MAX)
			break;
		if (!json_is_string(one) || !words_have_phrase(question, json_string_value(one)))
			continue;
		pick = one;
		break;
	}
	json_print(&text, pick);
	json_put_raw(f->w, buf_str(&text));
	buf_release(&text);
}

static void fill(struct filling *f, const json_t *schema, struct str name);

static size_t item_count(const json_t *schema)
{
	const json_t *least = json_object_get(schema, "minItems");
	const json_t *most = json_object_get(schema, "maxItems");
	json_int_t count = 1;

	if (json_is_integer(least) && json_integer_value(least) > count)
		count = json_integer_value(least);
	if (json_is_integer(most) && json_integer_value(most) < count)
		count = json_integer_value(most);
	if (count < 0)
		count = 0;
	return count > ITEMS_MAX ? ITEMS_MAX : (size_t)count;
}

static void fill_array(struct filling *f, const json_t *schema, struct str name)
{
	const json_t *items = json_object_get(schema, "items");

	json_open(f->w, '[');
	for (size_t i = 0; items && i < item_count(schema); i++)
		fill(f, items, name);
	json_close(f->w, ']');
}

static bool is_required(const json_t *schema, const char *key)
{
	const json_t *list = json_object_get(schema, "required"), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (i == REQUIRED_MAX)
			break;
		if (json_is_string(one) && strcmp(json_string_value(one), key) == 0)
			return true;
	}
	return false;
}

static void fill_object(struct filling *f, const json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties"), *property;
	const char *key;

	json_open(f->w, '{');
	json_object_foreach(properties, key, property) {
		if (f->left-- <= 0)
			break;
		if (f->depth > DEPTH_OPTIONAL && !is_required(schema, key))
			continue;
		json_key(f->w, key);
		fill(f, property, str_of(key));
	}
	json_close(f->w, '}');
}

static void fill_constant(struct filling *f, const json_t *value)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	json_print(&text, value);
	json_put_raw(f->w, buf_str(&text));
	buf_release(&text);
}

static void fill_typed(struct filling *f, const json_t *schema, struct str name)
{
	struct str type = str_of(type_of(schema));

	if (str_is(type, "object"))
		fill_object(f, schema);
	else if (str_is(type, "array"))
		fill_array(f, schema, name);
	else if (str_is(type, "integer") || str_is(type, "number"))
		fill_number(f, schema, name, str_is(type, "integer"));
	else if (str_is(type, "boolean"))
		json_put_bool(f->w, f->evidence->citation.ptr != NULL);
	else if (str_is(type, "null"))
		json_put_null(f->w);
	else
		fill_text(f, schema, name);
}

static void fill(struct filling *f, const json_t *schema, struct str name)
{
	const json_t *value;

	if (f->depth == DEPTH_MAX || f->left-- <= 0) {
		json_put_null(f->w);
		return;
	}
	f->depth++;
	schema = choose(f, schema);
	if ((value = json_object_get(schema, "const")))
		fill_constant(f, value);
	else if (json_array_size(value = json_object_get(schema, "enum")) > 0)
		fill_choice(f, value);
	else
		fill_typed(f, schema, name);
	f->depth--;
}

void schema_fill(struct json_writer *w, const json_t *schema, struct evidence *evidence)
{
	struct filling f = { .w = w, .root = schema, .evidence = evidence, .left = VALUES_MAX };

	fill(&f, schema, STR("answer"));
}

static bool can_fill_field(struct filling *f, const char *key, const json_t *schema)
{
	const struct evidence *e = f->evidence;
	struct str type;

	schema = choose(f, schema);
	type = str_of(type_of(schema));
	if (json_object_get(schema, "enum") || json_object_get(schema, "const"))
		return true;
	if (str_is(type, "integer") || str_is(type, "number"))
		return e->facts[FACT_NUMBER].len > 0;
	if (!str_is(type, "string"))
		return true;
	switch (source_of_field(str_of(key))) {
	case FROM_ID:
		return e->facts[FACT_ID].len > 0 || e->facts[FACT_NUMBER].len > 0;
	case FROM_AMOUNT:
		return e->facts[FACT_AMOUNT].len > 0 || e->facts[FACT_NUMBER].len > 0;
	case FROM_DATE:
		return e->facts[FACT_DATE].len > 0;
	case FROM_EMAIL:
		return e->facts[FACT_EMAIL].len > 0;
	case FROM_NAME:
		return e->facts[FACT_NAME].len > 0;
	default:
		return true;
	}
}

bool schema_can_fill(const json_t *schema, const struct evidence *evidence)
{
	struct evidence copy = *evidence;
	struct filling f = { .root = schema, .evidence = &copy };
	const json_t *properties = json_object_get(schema, "properties"), *key;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i, key) {
		const char *name = json_string_value(key);
		const json_t *property = name ? json_object_get(properties, name) : NULL;

		if (i == REQUIRED_MAX)
			break;
		if (property && !can_fill_field(&f, name, property))
			return false;
	}
	return true;
}
