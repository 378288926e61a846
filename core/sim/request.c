/* SPDX-License-Identifier: GPL-3.0-or-later
 * Just enough of HTTP. */
#include "core/sim/request.h"

#include "core/base/json.h"
#include "core/sim/fault_wire.h"
#include "core/sim/server.h"

enum { HEAD_MAX = 64 * 1024 };

/* With the blank line; 0: it is not there yet. */
static size_t head_length(struct str bytes)
{
	size_t end = str_find(bytes, STR("\r\n\r\n"));

	return end == bytes.len ? 0 : end + 4;
}

static struct str next_line(struct str *rest)
{
	struct str line = STR_NONE;

	if (str_cut(rest, '\n', &line) && str_ends(line, "\r"))
		line.len--;
	return line;
}

/* A field of the head; STR_NONE without one. */
static struct str field_of(struct str head, const char *name)
{
	struct str line;
	size_t len = strlen(name);

	while ((line = next_line(&head)).len)
		if (str_starts_nocase(line, name) && line.len > len && line.ptr[len] == ':')
			return str_trim(str_part(line, len + 1, line.len));
	return STR_NONE;
}

enum request_state request_measure(struct str bytes, size_t *len)
{
	size_t head = head_length(str_part(bytes, 0, HEAD_MAX));
	struct str length;
	int64_t body = 0;

	if (!head)
		return bytes.len < HEAD_MAX ? REQUEST_PART : REQUEST_STRANGE;
	length = field_of(str_part(bytes, 0, head), "Content-Length");
	if (field_of(str_part(bytes, 0, head), "Transfer-Encoding").ptr ||
		(length.ptr && !str_to_int(length, &body)) || body < 0 || body > SERVER_BODY_MAX)
		return REQUEST_STRANGE;
	*len = head + (size_t)body;
	return bytes.len < *len ? REQUEST_PART : REQUEST_WHOLE;
}

struct fault_request request_look(struct str bytes, struct arena *arena)
{
	struct str rest = bytes, method, target, line = next_line(&rest);
	struct fault_request r = { .wire = SIM_NO_WIRE };
	json_t *root = NULL;

	if (!str_cut(&line, ' ', &method) || !str_cut(&line, ' ', &target))
		return r;
	r.path = arena_str(arena, str_part(target, 0, str_find_char(target, '?')));
	if (str_is(method, "POST"))
		r.wire = wire_of_path(r.path);
	if (!json_read(str_part(bytes, head_length(bytes), bytes.len), JSON_READ_LENIENT, &root,
		    NULL)) {
		r.model = arena_str(arena, json_get_text(root, "model"));
		r.stream = json_get_truth(root, "stream", false);
	}
	json_decref(root);
	return r;
}

bool request_is_last(struct str bytes)
{
	struct str rest = bytes, line = next_line(&rest);

	return !str_ends(line, " HTTP/1.1") ||
	       str_is_nocase(field_of(rest, "Connection"), "close");
}

void request_put_old(struct buf *out, struct str bytes)
{
	struct str rest = bytes, line = next_line(&rest);

	if (str_ends(line, " HTTP/1.1"))
		line = str_part(line, 0, line.len - strlen(" HTTP/1.1"));
	buf_addf(out, "%.*s HTTP/1.0\r\n", STR_ARG(line));
	while ((line = next_line(&rest)).len)
		if (!str_starts_nocase(line, "Connection:"))
			buf_addf(out, "%.*s\r\n", STR_ARG(line));
	buf_add_text(out, "\r\n");
	buf_add_str(out, rest);
}
