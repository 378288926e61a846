/* SPDX-License-Identifier: GPL-3.0-or-later
 * The option table as a JSON Schema, for editors. It says no more than the table does: what a
 * schema cannot say (a ladder's models exist), `weir config check` says. */
#include "core/conf/config.h"

static void put_type(struct json_writer *w, const char *type)
{
	json_key(w, "type");
	json_put_text(w, type);
}

static void put_choices(struct json_writer *w, const char *choices)
{
	struct str choice;

	json_key(w, "enum");
	json_open(w, '[');
	while (choice_cut(&choices, &choice))
		json_put_str(w, choice);
	json_close(w, ']');
}

static void put_bounds(struct json_writer *w, const struct option *row)
{
	if (!option_has_bounds(row))
		return;
	json_key(w, "minimum");
	json_put_real(w, row->min, 0);
	if (row->max >= OPTION_TOP)
		return;
	json_key(w, "maximum");
	json_put_real(w, row->max, 0);
}

static void put_pattern(struct json_writer *w, const char *type, const char *pattern)
{
	if (type)
		put_type(w, type);
	json_key(w, "pattern");
	json_put_text(w, pattern);
}

static void put_amount(struct json_writer *w)
{
	json_key(w, "type");
	json_put_raw(w, STR("[\"string\", \"number\"]"));
	put_pattern(w, NULL, "^[0-9]*\\.?[0-9]+$");
	json_key(w, "minimum");
	json_put_int(w, 0);
}

static void put_list(struct json_writer *w, const struct option *row)
{
	put_type(w, "array");
	json_key(w, "items");
	json_open(w, '{');
	put_type(w, row->type == OPTION_TEXTS ? "string" : "number");
	put_bounds(w, row);
	if (row->choices)
		put_choices(w, row->choices);
	json_close(w, '}');
	if (!row->elements)
		return;
	json_key(w, "minItems");
	json_put_int(w, (int64_t)row->elements);
	json_key(w, "maxItems");
	json_put_int(w, (int64_t)row->elements);
}

static void put_shape(struct json_writer *w, const struct option *row)
{
	switch (row->type) {
	case OPTION_TEXT:
		put_type(w, "string");
		break;
	case OPTION_INT:
	case OPTION_REAL:
		put_type(w, row->type == OPTION_INT ? "integer" : "number");
		put_bounds(w, row);
		break;
	case OPTION_BOOL:
		put_type(w, "boolean");
		break;
	case OPTION_MONEY:
	case OPTION_MTOK_PRICE:
		put_amount(w);
		break;
	case OPTION_DATE:
		put_pattern(w, "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
		break;
	case OPTION_HOURS:
		put_pattern(w, "string", "^[0-2][0-9](:[0-5][0-9])?-[0-2][0-9](:[0-5][0-9])?$");
		break;
	case OPTION_CHOICE:
		put_choices(w, row->choices);
		break;
	case OPTION_URL:
		put_pattern(w, "string", "^[hH][tT][tT][pP][sS]?://[^@?#\\s]+(\\?[^#\\s]*)?$");
		break;
	case OPTION_VARIABLE:
		put_pattern(w, "string", "^[A-Z_][A-Z0-9_]*$");
		break;
	case OPTION_FILE:
		put_pattern(w, "string", "^(/|~/)");
		break;
	case OPTION_TEXTS:
	case OPTION_REALS:
		put_list(w, row);
		break;
	case OPTION_HEADER:
		put_pattern(w, "string", "^[A-Za-z0-9._-]{1,128}$");
		break;
	case OPTION_HEADERS:
		put_type(w, "object");
		json_key(w, "additionalProperties");
		json_open(w, '{');
		put_type(w, "string");
		json_close(w, '}');
		break;
	case OPTION_JSON:
		put_type(w, "object");
		break;
	}
}

static void put_value(struct json_writer *w, const struct option *row)
{
	struct buf say = BUF(BUF_LINE_MAX);

	buf_add_text(&say, row->say);
	if (row->unit)
		buf_addf(&say, " (%s)", row->unit);
	json_key(w, "description");
	json_put_str(w, buf_str(&say));
	put_shape(w, row);
	if (row->fallback) {
		json_key(w, "default");
		json_put_raw(w, str_of(row->fallback));
	}
	if (row->example) {
		json_key(w, "examples");
		json_open(w, '[');
		json_put_raw(w, str_of(row->example));
		json_close(w, ']');
	}
	buf_release(&say);
}

static void put_place(struct json_writer *w, struct option_place at);

static void put_member(struct json_writer *w, struct str key, struct option_place at)
{
	json_key_str(w, key);
	json_open(w, '{');
	put_place(w, at);
	json_close(w, '}');
}

static void put_names(struct json_writer *w, struct option_place names)
{
	struct option_place below = { 0 };
	const char *choices;
	struct str choice;

	if (!option_next(names, &below))
		return;
	choices = below.first->names;
	if (!choices) {
		put_member(w, STR("additionalProperties"), below);
		return;
	}
	json_key(w, "properties");
	json_open(w, '{');
	while (choice_cut(&choices, &choice))
		put_member(w, choice, below);
	json_close(w, '}');
	json_key(w, "additionalProperties");
	json_put_bool(w, false);
}

static void put_group(struct json_writer *w, struct option_place group)
{
	struct option_place below = { 0 };

	json_key(w, "properties");
	json_open(w, '{');
	while (option_next(group, &below))
		put_member(w, option_key((struct option_place){ below.first, 1, group.used }),
			below);
	json_close(w, '}');
	json_key(w, "additionalProperties");
	json_put_bool(w, false);
}

/* An object may have comments: keys that begin with "//". */
static void put_object(struct json_writer *w, struct option_place at)
{
	put_type(w, "object");
	json_key(w, "patternProperties");
	json_put_raw(w, STR("{\"^//\": {}}"));
	if (option_kind(at) == PLACE_NAMES)
		put_names(w, at);
	else
		put_group(w, at);
}

static void put_place(struct json_writer *w, struct option_place at)
{
	switch (option_kind(at)) {
	case PLACE_VALUE:
		put_value(w, at.first);
		break;
	case PLACE_LIST:
		json_key(w, "type");
		json_put_raw(w, STR("[\"array\", \"object\"]"));
		put_member(w, STR("items"), option_element(at));
		break;
	default:
		put_object(w, at);
	}
}

void config_schema(struct buf *out)
{
	struct json_writer w = { .out = out, .indent = 1 };

	json_open(&w, '{');
	json_key(&w, "$schema");
	json_put_text(&w, "https://json-schema.org/draft/2020-12/schema");
	json_key(&w, "title");
	json_put_text(&w, "Weir's configuration");
	put_place(&w, option_root());
	json_close(&w, '}');
	buf_add_char(out, '\n');
}
