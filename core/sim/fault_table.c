/* SPDX-License-Identifier: GPL-3.0-or-later
 * The two tables of fault.h. */
#include "core/sim/fault.h"

#include "core/conf/option.h"

#include <inttypes.h>

enum { MOST = 1 << 30, DAY_S = 86400 };

#define AT(member) offsetof(struct sim_fault, member)

const struct fault_key fault_keys[] = {
	{ "at", FAULT_CHOICE, AT(at), 0, 0, "start|head|answer", false,
		"before a byte is sent, in the middle of the head, or in the answer" },
	{ "after_tokens", FAULT_NUMBER, AT(after_tokens), 0, MOST, NULL, false,
		"in the answer, behind so many pieces of text, or else before its end" },
	{ "after_bytes", FAULT_NUMBER, AT(after_bytes), 0, MOST, NULL, false,
		"in the answer, behind so many bytes, wherever that is" },
	{ "framing", FAULT_CHOICE, AT(framing), 0, 0, "small|no_line_end|negative|huge|word", false,
		"what is wrong with the size of a chunk" },
	{ "length", FAULT_CHOICE, AT(length), 0, 0, "short|long|negative|word|two", false,
		"what is wrong with the Content-Length" },
	{ "form", FAULT_CHOICE, AT(form), 0, 0, "data|event|field|object|beside", false,
		"{\"error\"} as data, as \"event: error\", as a field \"error:\" (llama.cpp), as "
		"{\"object\":\"error\"} (vLLM), beside choices (OpenRouter)" },
	{ "ends", FAULT_CHOICE, AT(ends), 0, 0, "chunked|close", false,
		"whether the end of the answer is marked, or is the end of the connection" },
	{ "limit", FAULT_CHOICE, AT(limit), 0, 0, "tpm|rpm|tpd", false,
		"which limit it was: tokens or requests a minute, tokens a day" },
	{ "status", FAULT_NUMBER, AT(status), 100, 999, NULL, false, "the HTTP status" },
	{ "bytes", FAULT_NUMBER, AT(bytes), 1, MOST, NULL, false, "how much of it" },
	{ "ms", FAULT_NUMBER, AT(ms), 0, DAY_S * 1000, NULL, false, "how long" },
	{ "retry_after", FAULT_TEXT, AT(retry_after), 0, 0, NULL, false,
		"a retry-after header with this value" },
	{ "retry_ms", FAULT_NUMBER, AT(retry_ms), 0, DAY_S * 1000, NULL, false,
		"a retry-after-ms header, and \"try again in\" in OpenAI's words" },
	{ "retry_date", FAULT_NUMBER, AT(retry_date), 0, DAY_S, NULL, false,
		"a retry-after header with the HTTP date so many seconds from now" },
	{ "message", FAULT_TEXT, AT(message), 0, 0, NULL, false, "the words of the error" },
	{ "code", FAULT_TEXT, AT(code), 0, 0, NULL, false, "the code of the error" },
	{ "type", FAULT_TEXT, AT(type), 0, 0, NULL, false, "the type of the error" },
	{ "reason", FAULT_TEXT, AT(reason), 0, 0, NULL, false,
		"the finish_reason (stop_reason) that is told" },
	{ "location", FAULT_TEXT, AT(location), 0, 0, NULL, false, "where it points" },
	{ "headers", FAULT_HEADERS, AT(headers), 0, 0, NULL, false,
		"further headers: {\"name\": \"value\"}" },
	{ "body", FAULT_BODY, AT(body), 0, 0, NULL, false,
		"the body instead of an error of the wire: a text, or JSON" },

	{ "model", FAULT_TEXT, AT(model), 0, 0, NULL, true, "only requests for this model" },
	{ "wire", FAULT_CHOICE, AT(wire), 0, 0, "openai|anthropic|any", true,
		"only requests over this wire" },
	{ "path", FAULT_TEXT, AT(path), 0, 0, NULL, true,
		"requests of this path, such as /v1/models, instead of those for an answer" },
	{ "nth", FAULT_NUMBER, AT(nth), 0, MOST, NULL, true,
		"only the request with this number among those that fit, from 1" },
	{ "every", FAULT_NUMBER, AT(every), 0, MOST, NULL, true,
		"every k-th of those that fit" },
	{ "times", FAULT_NUMBER, AT(times), 0, MOST, NULL, true, "at most so many times" },
	{ "share", FAULT_SHARE, AT(share), 0, 1, NULL, true,
		"with this probability; the seed of the script says which" },
};
const size_t fault_key_count = ARRAY_LEN(fault_keys);

/* What holds for a fault of which a script says no more. */
#define USUAL                                                                                     \
	.after_tokens = 3, .after_bytes = -1, .retry_date = -1, .share = 1, .wire = SIM_NO_WIRE
#define IN_ANSWER USUAL, .at = AT_ANSWER
#define PLACE "after_tokens", "after_bytes"
#define ROW(number, word) .kind = SIM_##number, .name = word

const struct fault_row fault_rows[SIM_FAULT_COUNT] = {
	[SIM_HANG] = { ROW(HANG, "hang"), .keys = { "at", PLACE }, .usual = { USUAL },
		.say = "goes silent and keeps the connection" },
	[SIM_RESET] = { ROW(RESET, "reset"), .keys = { "at", PLACE }, .usual = { USUAL },
		.say = "resets the connection (RST)" },
	[SIM_CLOSE] = { ROW(CLOSE, "close"), .keys = { "at", PLACE, "ends" }, .usual = { USUAL },
		.say = "closes the connection in the midst of it" },
	[SIM_LATE] = { ROW(LATE, "late"), .keys = { "ms" }, .usual = { USUAL, .ms = 2000 },
		.say = "waits, then answers" },
	[SIM_DRIP] = { ROW(DRIP, "drip"), .keys = { "at", PLACE, "ms", "bytes" },
		.usual = { IN_ANSWER, .ms = 100, .bytes = 1 },
		.say = "sends a few bytes at a time" },
	[SIM_CRUMBS] = { ROW(CRUMBS, "crumbs"), .streams_only = true, .usual = { IN_ANSWER },
		.say = "sends each byte of the answer as a chunk of its own" },
	[SIM_GARBAGE] = { ROW(GARBAGE, "garbage"), .keys = { "bytes" },
		.usual = { USUAL, .bytes = 300 },
		.say = "sends random bytes (at most 1 MiB) instead of HTTP, and closes" },
	[SIM_BIG_HEAD] = { ROW(BIG_HEAD, "big_head"), .keys = { "bytes" },
		.usual = { USUAL, .bytes = 1 << 20 },
		.say = "sends a head with so many bytes of headers, and no answer" },
	[SIM_BAD_FRAMING] = { ROW(BAD_FRAMING, "bad_framing"), .streams_only = true,
		.keys = { "framing", PLACE }, .usual = { IN_ANSWER },
		.say = "sends a chunk whose size is wrong" },
	[SIM_WRONG_LENGTH] = { ROW(WRONG_LENGTH, "wrong_length"),
		.keys = { "length", "bytes" }, .usual = { IN_ANSWER, .bytes = 500 },
		.say = "sends the answer with a Content-Length that is wrong: of so many bytes "
		       "where it is short, of a terabyte where it is long" },
	[SIM_CUT] = { ROW(CUT, "cut"), .streams_only = true, .keys = { PLACE },
		.usual = { IN_ANSWER },
		.say = "ends the stream in the middle, in good order" },
	[SIM_HALF_LINE] = { ROW(HALF_LINE, "half_line"), .streams_only = true,
		.keys = { "after_tokens" }, .usual = { IN_ANSWER },
		.say = "ends the stream in the middle of a line, in good order" },
	[SIM_BIG_LINE] = { ROW(BIG_LINE, "big_line"), .streams_only = true,
		.keys = { "bytes", PLACE }, .usual = { IN_ANSWER, .bytes = 9 * 1024 * 1024 },
		.say = "puts a data line of so many bytes into the stream, which goes on" },
	[SIM_COMMENTS] = { ROW(COMMENTS, "comments"), .streams_only = true,
		.keys = { "bytes", PLACE }, .usual = { IN_ANSWER, .bytes = 1 << 20 },
		.say = "puts so many bytes of comment lines into the stream, which goes on" },
	[SIM_ENDLESS] = { ROW(ENDLESS, "endless"), .streams_only = true, .keys = { PLACE },
		.usual = { IN_ANSWER },
		.say = "repeats a piece of text without end" },
	[SIM_BAD_CHUNK] = { ROW(BAD_CHUNK, "bad_chunk"), .streams_only = true,
		.keys = { "body", PLACE },
		.usual = { IN_ANSWER, .body = "{\"choices\":[{\"index\":0,\"delta\":" },
		.say = "puts an event that nobody can read into the stream, which goes on" },
	[SIM_BAD_UTF8] = { ROW(BAD_UTF8, "bad_utf8"), .streams_only = true, .keys = { PLACE },
		.usual = { IN_ANSWER },
		.say = "puts a piece of text that is not UTF-8 into the stream, which goes on" },
	[SIM_STREAM_ERROR] = { ROW(STREAM_ERROR, "stream_error"), .streams_only = true,
		.keys = { "form", "message", "code", "type", PLACE },
		.usual = { IN_ANSWER, .message = "The server had an error while answering." },
		.say = "reports an error inside a 200, and ends the stream" },
	[SIM_NO_LAST] = { ROW(NO_LAST, "no_last"), .streams_only = true, .usual = { IN_ANSWER },
		.say = "leaves out the wire's last word ([DONE], message_stop)" },
	[SIM_STAYS_OPEN] = { ROW(STAYS_OPEN, "stays_open"), .streams_only = true,
		.usual = { IN_ANSWER },
		.say = "keeps the connection after the last word, without an end" },
	[SIM_NO_FINISH] = { ROW(NO_FINISH, "no_finish"), .streams_only = true,
		.usual = { IN_ANSWER },
		.say = "says the last word, but never why it ended" },
	[SIM_TWO_FINISHES] = { ROW(TWO_FINISHES, "two_finishes"), .streams_only = true,
		.usual = { IN_ANSWER },
		.say = "says twice why it ended" },
	[SIM_LIE] = { ROW(LIE, "lie"), .streams_only = true, .keys = { "reason" },
		.usual = { IN_ANSWER },
		.say = "says that the answer is whole, whatever ended it (or the reason given)" },
	[SIM_EMPTY_STREAM] = { ROW(EMPTY_STREAM, "empty_stream"), .streams_only = true,
		.usual = { IN_ANSWER },
		.say = "sends a stream without an event" },
	[SIM_EMPTY_ANSWER] = { ROW(EMPTY_ANSWER, "empty_answer"), .streams_only = true,
		.usual = { IN_ANSWER },
		.say = "leaves out the text of the answer" },
	[SIM_STATUS] = { ROW(STATUS, "status"),
		.keys = { "status", "message", "code", "type", "headers", "body" },
		.usual = { USUAL, .status = 500, .message = "The server had an error." },
		.say = "answers with an HTTP status" },
	[SIM_REDIRECT] = { ROW(REDIRECT, "redirect"), .keys = { "status", "location" },
		.usual = { USUAL, .status = 307, .location = "http://127.0.0.1:1/elsewhere" },
		.say = "points elsewhere" },
	[SIM_PAGE] = { ROW(PAGE, "page"), .keys = { "status", "body" },
		.usual = { USUAL, .status = 200,
			.body = "<!DOCTYPE html>\n<html><title>Sign in to the network</title>"
				"</html>\n" },
		.say = "answers with a page for people, as a captive portal does" },
	[SIM_PACE] = { ROW(PACE, "pace"),
		.keys = { "limit", "retry_after", "retry_ms", "retry_date", "message" },
		.usual = { USUAL, .status = 429, .retry_ms = -1 },
		.say = "answers 429: too fast" },
	[SIM_MONEY] = { ROW(MONEY, "money"), .keys = { "status", "code", "message" },
		.usual = { USUAL, .status = 429 },
		.say = "answers 429: nothing left to pay with, so waiting does not help" },
	[SIM_NEVER_FITS] = { ROW(NEVER_FITS, "never_fits"), .keys = { "message" },
		.usual = { USUAL, .status = 429 },
		.say = "answers that the request is larger than the limit will ever be" },
	[SIM_OVERLOADED] = { ROW(OVERLOADED, "overloaded"), .keys = { "status", "message" },
		.usual = { USUAL },
		.say = "answers 503 (529 over the Anthropic wire): too many ask" },
};

const struct fault_row *fault_row_find(struct str name)
{
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		if (str_is(name, fault_rows[i].name))
			return &fault_rows[i];
	return NULL;
}

const struct fault_key *fault_key_find(struct str name)
{
	for (size_t i = 0; i < fault_key_count; i++)
		if (str_is(name, fault_keys[i].name))
			return &fault_keys[i];
	return NULL;
}

bool fault_row_takes(const struct fault_row *row, const struct fault_key *key)
{
	if (key->when)
		return true;
	for (size_t i = 0; i < FAULT_KEYS_MAX && row->keys[i]; i++)
		if (str_is(str_of(key->name), row->keys[i]))
			return true;
	return false;
}

/* "a, b or c"; the one at `usual` is returned. */
static struct str list_choices(struct buf *out, const char *choices, int64_t usual)
{
	struct str choice, found = STR_NONE;
	size_t begin = out->len;

	for (int64_t i = 0; choice_cut(&choices, &choice); i++) {
		if (out->len > begin)
			buf_add_text(out, choices && *choices ? ", " : " or ");
		buf_add_str(out, choice);
		if (i == usual)
			found = choice;
	}
	return found;
}

void fault_key_describe(struct buf *out, const struct fault_row *row, const struct fault_key *key)
{
	const char *at = (const char *)&row->usual + key->offset;
	const char *text = NULL;
	int64_t number = -1;
	struct str usual;

	if (key->type == FAULT_NUMBER || key->type == FAULT_CHOICE)
		memcpy(&number, at, sizeof(number));
	else if (key->type == FAULT_TEXT || key->type == FAULT_BODY)
		memcpy(&text, at, sizeof(text));
	buf_add_text(out, key->name);
	if (key->type == FAULT_CHOICE) {
		buf_add_text(out, " (");
		usual = list_choices(out, key->choices, number);
		buf_addf(out, "; %.*s)", STR_ARG(usual));
	} else if (number > 0) {
		buf_addf(out, " (%" PRId64 ")", number);
	} else if (text && key->type == FAULT_TEXT) {
		buf_addf(out, " (\"%s\")", text);
	}
}
