/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which format it is, and which entry is whose. */
#include "core/conf/price_table.h"

#include "core/conf/provider.h"

enum dialect { LITELLM, GENAI };

/* Providers by the host of their address, and what each table calls them. */
static const struct {
	const char *host; /* its end */
	const char *names[2];
} known[] = {
	{ "api.openai.com", { "openai", "openai" } },
	{ "api.anthropic.com", { "anthropic", "anthropic" } },
	{ "api.deepseek.com", { "deepseek", "deepseek" } },
	{ "api.mistral.ai", { "mistral", "mistral" } },
	{ "api.groq.com", { "groq", "groq" } },
	{ "openrouter.ai", { "openrouter", "openrouter" } },
	{ "aliyuncs.com", { "dashscope", "alibaba" } },
	{ "api.x.ai", { "xai", "x-ai" } },
	{ "generativelanguage.googleapis.com", { "gemini", "google" } },
	{ "api.together.xyz", { "together_ai", "together" } },
	{ "api.fireworks.ai", { "fireworks_ai", "fireworks" } },
	{ "api.perplexity.ai", { "perplexity", "perplexity" } },
	{ "api.cerebras.ai", { "cerebras", "cerebras" } },
	{ "api.deepinfra.com", { "deepinfra", "deepinfra" } },
	{ "api.novita.ai", { "novita", "novita" } },
	{ "api.cohere.com", { "cohere_chat", "cohere" } },
	{ "api.moonshot.ai", { "moonshot", "moonshotai" } },
	{ "openai.azure.com", { "azure", "azure" } },
};

static struct str host_of(struct str url)
{
	struct str host = str_part(url, str_find(url, STR("//")) + 2, url.len);

	if (str_starts(host, "["))
		return str_part(host, 0, str_find_char(host, ']') + 1);
	host = str_part(host, 0, str_find_char(host, '/'));
	return str_part(host, 0, str_find_char(host, ':'));
}

static bool is_here(struct str host)
{
	return str_is_nocase(host, "localhost") || str_starts(host, "127.") ||
	       str_is(host, "[::1]") || str_is(host, "0.0.0.0");
}

/* "api.x.ai" is of "x.ai" and no "api.max.ai" is. */
static bool is_of_host(struct str host, const char *known_host)
{
	size_t len = strlen(known_host);
	struct str end = host.len >= len ? str_part(host, host.len - len, len) : STR_NONE;

	return end.ptr && str_is_nocase(end, known_host) &&
	       (host.len == len || host.ptr[host.len - len - 1] == '.');
}

struct str price_table_provider(const struct price_table *table, const struct provider *p)
{
	struct str host = host_of(p->base_url);

	if (p->simulated || is_here(host))
		return STR_NONE;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (is_of_host(host, known[i].host))
			return str_of(known[i].names[table->dialect]);
	return p->name;
}

/* ---- ids -------------------------------------------------------------------------------- */

static bool fits_text(const struct json_node *clause, struct str id)
{
	struct str text = json_tree_text(clause);

	if (!text.ptr)
		return false;
	if (str_is(clause->key, "equals"))
		return str_eq(id, text);
	if (str_is(clause->key, "contains"))
		return str_find(id, text) < id.len || !text.len;
	if (text.len > id.len)
		return false;
	if (str_is(clause->key, "starts_with"))
		return str_eq(str_part(id, 0, text.len), text);
	return str_is(clause->key, "ends_with") &&
	       str_eq(str_part(id, id.len - text.len, text.len), text);
}

/* Expressions ("regex") are not followed: they match nothing. The scanner bounds the depth. */
static bool fits(const struct json_node *match, struct str id)
{
	const struct json_node *clause = match ? match->first : NULL;
	bool all;

	if (!clause || match->kind != JSON_TOKEN_OBJECT)
		return false;
	all = str_is(clause->key, "and");
	if (!all && !str_is(clause->key, "or"))
		return fits_text(clause, id);
	for (const struct json_node *n = clause->first; n; n = n->next)
		if (fits(n, id) != all)
			return !all;
	return all && clause->first;
}

static bool same_rows(const struct price_entry *a, const struct price_entry *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct price *p = &a->rows[i], *q = &b->rows[i];

		if (!price_same_when(p, q) || p->input != q->input || p->cached != q->cached ||
			p->cache_write != q->cache_write || p->output != q->output)
			return false;
	}
	return a->count == b->count;
}

const struct price_entry *price_table_find(const struct price_table *table, struct str provider,
	struct str id, const struct price_entry **twin)
{
	const struct price_entry *best = NULL;

	*twin = NULL;
	for (size_t i = 0; i < table->entries.len; i++) {
		const struct price_entry *e = &table->entries.ptr[i];

		if (!str_eq(e->provider, provider) || !str_eq(e->id, id) || !e->count)
			continue;
		if (best && !same_rows(best, e))
			*twin = best;
		if (!best || e->name.len > best->name.len) /* "provider/id" before "id" */
			best = e;
	}
	for (size_t i = 0; !best && i < table->entries.len; i++) {
		const struct price_entry *e = &table->entries.ptr[i];

		if (str_eq(e->provider, provider) && e->count && fits(e->match, id))
			best = e;
	}
	if (*twin == best)
		*twin = NULL;
	return best;
}

/* ---- reading ---------------------------------------------------------------------------- */

struct price_entry *price_entry_add(
	struct price_table *table, struct arena *arena, const struct json_node *node)
{
	struct price_entry *e = vec_add(arena, &table->entries);

	e->line = node->line;
	e->column = node->column;
	return e;
}

void price_entry_refuse(struct price_entry *entry, struct arena *arena, const char *format, ...)
{
	struct buf text = BUF(BUF_WHY_MAX);
	va_list args;

	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	if (!entry->wrong.ptr)
		entry->wrong = arena_str(arena, buf_str(&text));
	entry->count = 0;
	buf_release(&text);
}

static bool is_litellm(const struct json_node *root)
{
	if (root->kind != JSON_TOKEN_OBJECT)
		return false;
	for (const struct json_node *n = root->first; n; n = n->next)
		if (json_tree_get(n, "litellm_provider"))
			return true;
	return false;
}

static bool is_genai(const struct json_node *root)
{
	if (root->kind != JSON_TOKEN_ARRAY)
		return false;
	for (const struct json_node *n = root->first; n; n = n->next)
		if (json_tree_get(n, "models") && json_tree_get(n, "id"))
			return true;
	return false;
}

enum err price_table_read(
	struct price_table *table, struct arena *arena, struct str text, struct buf *why)
{
	struct json_node *root = NULL;
	enum err err = json_tree_read(text, arena, &root, why);

	*table = (struct price_table){ .format = NULL };
	if (err)
		return err;
	if (is_litellm(root)) {
		table->format = "litellm";
		table->dialect = LITELLM;
		price_read_litellm(table, arena, root);
	} else if (is_genai(root)) {
		table->format = "genai-prices";
		table->dialect = GENAI;
		price_read_genai(table, arena, root);
	} else {
		why_set(why,
			"%d:%d: no table of prices: expected litellm's (an object whose "
			"members have \"litellm_provider\") or genai-prices' (a list of "
			"providers with \"id\" and \"models\")",
			root->line, root->column);
		return ERR_SYNTAX;
	}
	return ERR_OK;
}
