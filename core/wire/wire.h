/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A wire: how one family of providers wants to be asked and how it answers. Adding a wire is one
 * file with one `struct wire`, and a row in wires.c.
 *
 * Reading is tolerant and complete: one bad chunk never ends a stream, an error inside a 200 is
 * an error, and a stream without a proper end is a truncation, never a success.
 *
 * How an end is known, whatever the wire:
 * - an error that came before, inside or after an answer is its end;
 * - the reason that the provider gives is, with or without a last word ("[DONE]") behind it;
 * - a last word without a reason ends an answer that says something; one that says nothing, and
 *   the end of the bytes without either, is a truncation;
 * - calls of tools that are whole are END_TOOL_CALLS, whether the reason says so or "stop"; a call
 *   without a name or with half its arguments is a truncation; "tool_calls" without a call is a
 *   stop where there is text, and a truncation where there is none;
 * - "stop" at as many tokens as the call allowed is a lie: END_LENGTH;
 * - words of a refusal make it END_REFUSED, though there be text before them.
 */
#ifndef WEIR_WIRE_WIRE_H
#define WEIR_WIRE_WIRE_H

#include "core/net/http.h"
#include "core/wire/blocks.h"

enum {
	WIRE_BODY_MAX = BUF_TEXT_MAX,    /* an answer that is not streamed */
	WIRE_ERROR_MAX = 64 * 1024,      /* the body of an error */
	WIRE_SAY_MAX = 600,              /* of a provider's own words in an error */
	WIRE_ID_MAX = 256                /* a provider's name for a call */
};

/* For an error that says nothing. */
#define WIRE_NO_WORDS "an error without words"

/* A tool that the model may call. */
struct wire_tool {
	struct str name, say;
	struct str schema; /* of its arguments: JSON Schema */
};

/* What to ask. */
struct wire_call {
	const struct model *model;
	struct str id;      /* what the provider calls it */
	const struct message *messages;
	size_t message_count;
	int64_t max_tokens; /* 0: do not say */
	bool stream;
	const struct wire_tool *tools;
	size_t tool_count;
	struct str schema;  /* the JSON Schema that the answer has to obey; STR_NONE: free text */
};

/* What an error is about: code, whether the same request may succeed later, the mend. */
#define WIRE_FAULT_LIST(X)                                                                        \
	X(REQUEST, false, "the provider does not accept the request: see models.*.params")        \
	X(KEY, false, "check the API key")                                                        \
	X(FORBIDDEN, false, "check what the API key may do")                                      \
	X(MONEY, false, "the provider wants money; waiting will not help")                        \
	X(MODEL, false, "check the model's id")                                                   \
	X(ADDRESS, false, "check base_url and the model's id")                                    \
	X(TOO_LONG, false, "the prompt is too long for it")                                       \
	X(FILTER, false, "its content filter refuses the question")                               \
	X(NEVER_FITS, false, "it is more than the limit ever allows: ask for less")               \
	X(PACE, true, "wait, or use another model")                                               \
	X(OVERLOADED, true, "try again later, or use another model")                              \
	X(SERVER, true, "try again later, or use another model")                                  \
	X(OTHER, true, "try again")

enum wire_fault {
	FAULT_NONE,
#define X(code, passes, mend) FAULT_##code,
	WIRE_FAULT_LIST(X)
#undef X
	WIRE_FAULT_COUNT
};

/* What became of it, filled while reading. Texts live in the reader. */
struct wire_answer {
	int64_t end;          /* enum end: the provider's reason; END_NONE until known */
	bool closed;          /* the wire's own last word came ("[DONE]") */
	struct tokens tokens; /* in our meaning of each; INT_NONE where the provider did not say */
	int64_t cost;         /* pico-dollars, where the provider tells what the call costs
			       * (OpenRouter's usage.cost); else MONEY_UNKNOWN */
	struct wire_calls calls;
	struct wire_blocks blocks; /* those that have not ended; of use to the wire alone */
	struct buf refusal;   /* words of a refusal that came in a field of its own */
	struct buf reasoning; /* not part of the answer */
	/* JSON of the wire's own (signed reasoning) that has to go back to the provider when the
	 * conversation goes on after tool calls. */
	struct buf kept;
	struct buf request_id; /* the provider's name for this call, where the body tells it */
	struct buf error;     /* the provider's error, in its own words; empty: none */
	enum wire_fault fault; /* what `error` is about */
	size_t text_bytes;    /* of answer so far */
	size_t skipped;       /* events that nobody could read: what they held is lost */
};

/* Where pieces of the answer go, in order. False: stop reading. */
struct wire_sink {
	bool (*text)(void *ctx, struct str piece);
	void *ctx;
};

struct wire {
	const char *name;      /* as in the configuration: "openai" */
	const char *path;      /* after the base URL: "/chat/completions" */
	const char *key_header; /* that carries the key; NULL: "Authorization: Bearer ..." */
	const struct http_header *headers; /* that every request carries */
	size_t header_count;
	const char *probe;     /* a path that answers without cost: "/models"; NULL: none */
	void (*write_request)(const struct wire_call *call, struct buf *body);
	/* One event of the stream; false when nothing that follows matters. */
	bool (*read_event)(struct wire_answer *answer, struct str type, struct str data,
		const struct wire_sink *sink);
	/* A whole answer. */
	void (*read_body)(
		struct wire_answer *answer, struct str body, const struct wire_sink *sink);
	/* The first model in the answer to `probe`, in the arena; STR_NONE when there is none. */
	struct str (*read_models)(struct str body, struct arena *arena);
	/* The body of an HTTP error: what it says, in its own words, into answer->error. */
	void (*read_error)(struct wire_answer *answer, int status, struct str body);
};

#endif
