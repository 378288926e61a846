/* SPDX-License-Identifier: GPL-3.0-or-later
 * The configuration for people: what is in force and why, and a file to start from. */
#include "core/conf/config.h"

static bool is_under(struct str path, struct str under)
{
	if (!under.len)
		return true;
	if (path.len < under.len || memcmp(path.ptr, under.ptr, under.len))
		return false;
	return path.len == under.len || path.ptr[under.len] == '.' || path.ptr[under.len] == '[';
}

static void show_line(const struct setting *s, struct buf *out)
{
	struct json_writer w = { .out = out };

	buf_add_str(out, s->path);
	buf_add_text(out, " = ");
	setting_put(&w, s);
	buf_add_text(out, "   (");
	config_say_origin(out, &s->origin);
	buf_add_text(out, ")\n");
}

static void show_json(struct json_writer *w, const struct setting *s)
{
	struct buf origin = BUF(BUF_LINE_MAX);

	config_say_origin(&origin, &s->origin);
	json_key_str(w, s->path);
	json_open(w, '{');
	json_key(w, "value");
	setting_put(w, s);
	json_key(w, "origin");
	json_put_str(w, buf_str(&origin));
	json_close(w, '}');
	buf_release(&origin);
}

void config_show(const struct config *c, struct str only_under, bool json, struct buf *out)
{
	struct json_writer w = { .out = out };

	if (json)
		json_open(&w, '{');
	for (size_t i = 0; i < c->count; i++) {
		const struct setting *s = &c->settings[i];

		if (!is_under(s->path, only_under))
			continue;
		if (json)
			show_json(&w, s);
		else
			show_line(s, out);
	}
	if (json) {
		json_close(&w, '}');
		buf_add_char(out, '\n');
	}
}

/* A comment with what the key is for, and the key. */
static void start_value(struct json_writer *w, const struct option *row)
{
	const char *key = strrchr(row->path, '.') + 1;
	struct buf text = BUF(BUF_LINE_MAX);

	buf_addf(&text, "// %s", key);
	json_key_str(w, buf_str(&text));
	buf_clear(&text);
	buf_add_text(&text, row->say);
	if (row->unit)
		buf_addf(&text, " (%s)", row->unit);
	json_put_str(w, buf_str(&text));
	json_key(w, key);
	json_put_raw(w, str_of(row->example ? row->example : row->fallback));
	buf_release(&text);
}

static void start_group(struct json_writer *w, struct option_place at);

/* A list with one object in it. */
static void start_list(struct json_writer *w, struct option_place list)
{
	struct str name = str_of(list.first->path);

	name = str_part(name, 0, list.used);
	while (str_find_char(name, '.') < name.len)
		name = str_part(name, str_find_char(name, '.') + 1, name.len);
	json_key_str(w, name);
	json_open(w, '[');
	json_open(w, '{');
	start_group(w, option_element(list));
	json_close(w, '}');
	json_close(w, ']');
}

/* What an object below stands under; where the user chooses, an example. */
static struct str start_name(struct option_place at, struct option_place below)
{
	if (option_kind(at) != PLACE_NAMES)
		return option_key((struct option_place){ below.first, 1, at.used });
	return below.first->names ? STR("faq") : STR("example");
}

static void start_group(struct json_writer *w, struct option_place at)
{
	struct option_place below = { 0 };

	while (option_next(at, &below)) {
		if (option_kind(below) == PLACE_VALUE) {
			start_value(w, below.first);
			continue;
		}
		if (option_kind(below) == PLACE_LIST) {
			start_list(w, below);
			continue;
		}
		json_key_str(w, start_name(at, below));
		json_open(w, '{');
		start_group(w, below);
		json_close(w, '}');
	}
}

void config_starter(struct buf *out)
{
	struct json_writer w = { .out = out, .indent = 1 };
	struct option_place below = { 0 };
	struct buf key = BUF(BUF_LINE_MAX);

	json_open(&w, '{');
	json_key(&w, "//");
	json_put_text(&w, "Weir's configuration. A key that begins with // is a comment: take the "
			  "slashes off what you set, and leave out what you do not");
	while (option_next(option_root(), &below)) {
		struct option_place top = { below.first, below.count, 0 };

		if (option_kind(below) == PLACE_VALUE)
			continue;
		buf_clear(&key);
		buf_add_text(&key, "// ");
		buf_add_str(&key, option_key(top));
		json_key_str(&w, buf_str(&key));
		json_open(&w, '{');
		start_group(&w, below);
		json_close(&w, '}');
	}
	json_close(&w, '}');
	buf_add_char(out, '\n');
	buf_release(&key);
}
