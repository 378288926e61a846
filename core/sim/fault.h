/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can go wrong on the wire between a provider and us, as one table of faults and one of the
 * keys that say more about them: the reader of fault scripts (fault_script.h), the manual and
 * `weir sim --list-faults` all read these two and nothing else. fault_play.h does it.
 */
#ifndef WEIR_SIM_FAULT_H
#define WEIR_SIM_FAULT_H

#include "core/base/buf.h"

enum sim_fault_kind {
	SIM_HANG,
	SIM_RESET,
	SIM_CLOSE,
	SIM_LATE,
	SIM_DRIP,
	SIM_CRUMBS,
	SIM_GARBAGE,
	SIM_BIG_HEAD,
	SIM_BAD_FRAMING,
	SIM_WRONG_LENGTH,
	SIM_CUT,
	SIM_HALF_LINE,
	SIM_BIG_LINE,
	SIM_COMMENTS,
	SIM_ENDLESS,
	SIM_BAD_CHUNK,
	SIM_BAD_UTF8,
	SIM_STREAM_ERROR,
	SIM_NO_LAST,
	SIM_STAYS_OPEN,
	SIM_NO_FINISH,
	SIM_TWO_FINISHES,
	SIM_LIE,
	SIM_EMPTY_STREAM,
	SIM_EMPTY_ANSWER,
	SIM_STATUS,
	SIM_REDIRECT,
	SIM_PAGE,
	SIM_PACE,
	SIM_MONEY,
	SIM_NEVER_FITS,
	SIM_OVERLOADED,
	SIM_FAULT_COUNT
};

/* The formats of a provider that is asked here, by the path of the request. */
enum sim_wire { SIM_OPENAI, SIM_ANTHROPIC, SIM_NO_WIRE };

/* The choices of some keys, in the order in which the table writes them. */
enum fault_at { AT_START, AT_HEAD, AT_ANSWER };
enum fault_framing { FRAMING_SMALL, FRAMING_NO_LINE_END, FRAMING_NEGATIVE, FRAMING_HUGE,
	FRAMING_WORD };
enum fault_length { LENGTH_SHORT, LENGTH_LONG, LENGTH_NEGATIVE, LENGTH_WORD, LENGTH_TWO };
enum fault_form { FORM_DATA, FORM_EVENT, FORM_FIELD, FORM_OBJECT, FORM_BESIDE };
enum fault_ends { ENDS_CHUNKED, ENDS_CLOSED };
enum fault_limit { LIMIT_TPM, LIMIT_RPM, LIMIT_TPD };

/* A fault with all that a script says about it. Texts are terminated; NULL: not said. */
struct sim_fault {
	const struct fault_row *row;
	/* what */
	int64_t at, framing, length, form, ends, limit; /* a choice: its place in the list */
	int64_t after_tokens, after_bytes;              /* of the answer; -1: not said */
	int64_t status, bytes, ms, retry_ms, retry_date;
	const char *retry_after, *message, *code, *type, *reason, *location, *headers, *body;
	/* when; 0 and NULL: whenever */
	int64_t nth, every, times, wire;
	double share;
	const char *model, *path;
};

enum fault_key_type {
	FAULT_NUMBER,  /* int64_t, in [min, max] */
	FAULT_SHARE,   /* double, in [0, 1] */
	FAULT_CHOICE,  /* int64_t, a place in `choices` */
	FAULT_TEXT,    /* const char *, without NUL */
	FAULT_HEADERS, /* an object of texts; const char *, "Name: value\r\n" for each */
	FAULT_BODY     /* a text, or any JSON, which is sent as such; const char * */
};

struct fault_key {
	const char *name;
	enum fault_key_type type;
	size_t offset;        /* in struct sim_fault */
	int64_t min, max;
	const char *choices;  /* "a|b|c" */
	bool when;            /* any fault takes it: it says when, not what */
	const char *say;      /* for people */
};

enum { FAULT_KEYS_MAX = 8 }; /* of one fault, besides those that say when */

struct fault_row {
	const char *name;
	enum sim_fault_kind kind;
	bool streams_only;    /* a request that asks for no stream is left alone */
	const char *keys[FAULT_KEYS_MAX];
	struct sim_fault usual;
	const char *say;      /* for people */
};

extern const struct fault_row fault_rows[SIM_FAULT_COUNT]; /* by kind */
extern const struct fault_key fault_keys[];
extern const size_t fault_key_count;

const struct fault_row *fault_row_find(struct str name); /* NULL: there is none */

/* NULL: there is none. */
const struct fault_key *fault_key_find(struct str name);
/* Whether the fault takes the key. */
bool fault_row_takes(const struct fault_row *row, const struct fault_key *key);

/* "at (start, head or answer; start)": what may stand there, and what does when nothing is said. */
void fault_key_describe(struct buf *out, const struct fault_row *row, const struct fault_key *key);

#endif
