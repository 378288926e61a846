/* SPDX-License-Identifier: GPL-3.0-or-later
 * What may be a header, and what must not: a key has places of its own, out of sight. */
#include "core/conf/header.h"

#include "core/base/json_scan.h"
#include "core/base/vec.h"

enum { NAME_MAX_BYTES = 128, VALUE_MAX_BYTES = 4096, QUERY_VALUE_MAX_BYTES = 31 };

static const char no_secrets[] = "a key is never written into a configuration: name its "
				 "environment variable in key_env, or its file in key_file, and "
				 "the header that carries it in key_header";

bool header_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';

		if (!fits)
			return false;
	}
	return name.len && name.len <= NAME_MAX_BYTES;
}

static bool has_nocase(struct str text, const char *part)
{
	for (size_t i = 0; i < text.len; i++)
		if (str_starts_nocase(str_part(text, i, text.len), part))
			return true;
	return false;
}

static bool ends_nocase(struct str text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && str_is_nocase(str_part(text, text.len - len, len), end);
}

/* Names that keys go by, of a header as in a query. */
static bool is_secret_name(struct str name)
{
	static const char *const parts[] = { "token", "secret", "password", "passwd", "cookie",
		"credential", "authoriz", "apikey", "signature", "bearer" };
	static const char *const ends[] = { "key", "-auth", "_auth" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (has_nocase(name, parts[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (ends_nocase(name, ends[i]))
			return true;
	return str_is_nocase(name, "auth") || str_is_nocase(name, "sig");
}

bool header_is_ours(struct str name)
{
	static const char *const names[] = { "accept", "connection", "content-encoding",
		"content-length", "content-type", "expect", "host", "te", "trailer",
		"transfer-encoding", "upgrade" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}

const char *header_wrong(struct str name)
{
	if (is_secret_name(name))
		return no_secrets;
	if (!header_is_name(name))
		return "expected the name of an HTTP header: letters, digits and dashes";
	return header_is_ours(name) ? "this header is Weir's own to set" : NULL;
}

/* How keys, and what carries them, begin. */
static bool begins_as_secret(struct str value)
{
	static const char *const fronts[] = { "bearer ", "basic ", "sk-", "gsk_", "aiza" };

	for (size_t i = 0; i < ARRAY_LEN(fronts); i++)
		if (str_starts_nocase(value, fronts[i]))
			return true;
	return false;
}

bool query_is_secret(struct str part)
{
	size_t equals = str_find_char(part, '=');
	struct str value = str_part(part, equals + 1, part.len);

	return is_secret_name(str_part(part, 0, equals)) || begins_as_secret(value) ||
	       value.len > QUERY_VALUE_MAX_BYTES;
}

const char *header_value_wrong(struct str value)
{
	if (begins_as_secret(value))
		return no_secrets;
	if (value.len > VALUE_MAX_BYTES)
		return "expected a text of at most 4096 bytes";
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7F)
			return "expected a text without control characters";
	return NULL;
}

struct gathering {
	struct arena *arena;
	VEC(struct provider_header) headers;
	struct str name;
};

static enum err take_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct gathering *g = ctx;

	(void)at;
	if (token == JSON_TOKEN_KEY) {
		g->name = arena_str(g->arena, text);
	} else if (token == JSON_TOKEN_STRING) {
		struct provider_header *h = vec_add(g->arena, &g->headers);

		h->name = g->name.ptr;
		h->value = arena_str(g->arena, text).ptr;
	}
	return ERR_OK;
}

void headers_read(struct provider *p, struct str json, struct arena *arena)
{
	struct gathering g = { .arena = arena };
	struct json_scan scan;

	json_scan_begin(&scan, (struct json_sink){ take_token, &g });
	if (json_scan_feed(&scan, json) || json_scan_end(&scan))
		g.headers.len = 0;
	json_scan_release(&scan);
	p->headers = g.headers.ptr;
	p->header_count = g.headers.len;
}
