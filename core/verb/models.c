/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the verbs of models share. */
#include "core/verb/models.h"

enum err models_are_known(const struct command *c, size_t first, struct buf *why)
{
	const struct model_map *map = &c->engine->map;

	for (size_t i = first; i < c->operand_count; i++) {
		const char *near = model_nearest(map, str_of(c->operands[i]));

		if (model_find(map, str_of(c->operands[i])))
			continue;
		why_set(why, "model: there is no model \"%s\"%s%s%s", c->operands[i],
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
		return ERR_USAGE;
	}
	return ERR_OK;
}

bool model_is_named(const struct command *c, size_t first, const struct model *m)
{
	for (size_t i = first; i < c->operand_count; i++)
		if (str_is(m->name, c->operands[i]))
			return true;
	return false;
}

void model_put_head(struct json_writer *w, const struct model *m)
{
	json_open(w, '{');
	json_key(w, "model");
	json_put_str(w, m->name);
	json_key(w, "provider");
	json_put_str(w, m->provider->name);
	json_key(w, "id");
	json_put_str(w, m->id);
}

void model_put_money(struct json_writer *w, const char *key, int64_t pico)
{
	struct buf text = BUF(64);

	money_format(&text, pico);
	json_key(w, key);
	json_put_str(w, pico == MONEY_UNKNOWN ? STR_NONE : buf_str(&text));
	buf_release(&text);
}
