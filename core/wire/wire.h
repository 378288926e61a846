/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A wire: how one family of providers wants to be asked and how it answers. Adding a wire is one
 * file with one `struct wire`, and a row in wires.c.
 *
 * Reading is tolerant and complete: one bad chunk never ends a stream, an error inside a 200 is
 * an error, and a stream without a proper end is a truncation, never a success.
 */
#ifndef WEIR_WIRE_WIRE_H
#define WEIR_WIRE_WIRE_H

#include "core/base/err.h"
#include "core/record/decision.h"

enum {
	WIRE_BODY_MAX = BUF_TEXT_MAX,    /* an answer that is not streamed */
	WIRE_ERROR_MAX = 64 * 1024,      /* the body of an error */
	WIRE_SAY_MAX = 600               /* of a provider's own words in an error */
};

/* For an error that says nothing. */
#define WIRE_NO_WORDS "an error without words"

/* What to ask. */
struct wire_call {
	const struct model *model;
	struct str id;      /* what the provider calls it */
	const struct message *messages;
	size_t message_count;
	int64_t max_tokens; /* 0: do not say */
	bool stream;
};

/* What became of it, filled while reading. Texts live in the reader. */
struct wire_answer {
	int64_t end;          /* enum end; END_NONE until known */
	bool closed;          /* the wire's own last word came ("[DONE]") */
	struct tokens tokens; /* as the provider counts them; INT_NONE where it did not say */
	struct buf refusal;   /* words of a refusal that came in a field of its own */
	struct buf reasoning; /* not part of the answer */
	struct buf error;     /* the provider's error, in its own words; empty: none */
	/* For `error`: REFUSED when it is about money, NOT_FOUND about the model, else PROVIDER. */
	enum err err;
	size_t text_bytes;    /* of answer so far */
};

/* Where pieces of the answer go, in order. False: stop reading. */
struct wire_sink {
	bool (*text)(void *ctx, struct str piece);
	void *ctx;
};

struct wire {
	const char *name;      /* as in the configuration: "openai" */
	const char *path;      /* after the base URL: "/chat/completions" */
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
