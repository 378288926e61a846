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
#include "core/wire/limits.h"

enum {
	WIRE_BODY_MAX = BUF_TEXT_MAX,    /* an answer that is not streamed */
	WIRE_ERROR_MAX = 64 * 1024,      /* the body of an error */
	WIRE_SAY_MAX = 600,              /* of a provider's own words in an error */
	WIRE_ID_MAX = 256                /* a provider's name for a call */
};

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

/* What an error is about: code, whether it is worth trying the same again by itself, in a word,
 * the mend, with {key}, {model} and {provider} for what they are called in the configuration. */
#define WIRE_FAULT_LIST(X)                                                                        \
	X(REQUEST, false, "request not accepted",                                                 \
		"it takes no such request: look at models.{model}.params")                        \
	X(KEY, false, "key refused", "is {key} right, and still valid?")                          \
	X(FORBIDDEN, false, "not allowed",                                                        \
		"the account behind {key} may not do this: ask whoever owns it")                  \
	X(MONEY, false, "no money left",                                                          \
		"waiting does not help: add credit or raise the spending limit at {provider}, "   \
		"or use another model")                                                           \
	X(MODEL, false, "no such model", "is models.{model}.id right, and open to {key}?")        \
	X(ADDRESS, false, "nothing there", "is providers.{provider}.base_url right?")             \
	X(TOO_LONG, false, "too long",                                                            \
		"it is more than {model} takes: shorten the question, or use another model")      \
	X(FILTER, false, "refused by its filter",                                                 \
		"its content filter stopped this: say it in other words, or use another model")   \
	X(NEVER_FITS, false, "more than the limit",                                               \
		"waiting does not help: shorten the question, lower --max-tokens, or use "        \
		"another model")                                                                  \
	X(PACE, true, "too many requests", "try again later, or use another model")               \
	X(OVERLOADED, true, "overloaded", "try again later, or use another model")                \
	X(SERVER, true, "server error",                                                           \
		"the trouble is at {provider}: try again later, or use another model")            \
	X(OTHER, false, "error", "try again, or use another model")

enum wire_fault {
	FAULT_NONE,
#define X(code, passes, what, mend) FAULT_##code,
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
	struct limits limits; /* what the provider says of pace */
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
