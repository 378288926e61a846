/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The noun of this program: one record of how one request was handled, from intake to label. It
 * lives in its own arena, is filled from left to right by the steps, and is logged, shown and
 * scored as it stands. Every text in it lives in that arena.
 *
 * What is not known is null, never a guess: texts STR_NONE, integers INT_NONE, reals NaN, money
 * MONEY_UNKNOWN, spans of time SPAN_NONE. decision_new sets all of them so.
 */
#ifndef WEIR_RECORD_DECISION_H
#define WEIR_RECORD_DECISION_H

#include "core/base/err.h"
#include "core/base/money.h"
#include "core/base/vec.h"
#include "core/conf/model.h"
#include "core/record/id.h"

#define INT_NONE INT64_MIN
#define SPAN_NONE INT64_MIN

/* Enumerations that are written down: code and name. */
#define ROLE_LIST(X) X(SYSTEM, "system") X(USER, "user") X(ASSISTANT, "assistant") X(TOOL, "tool")

#define CACHE_RESULT_LIST(X)                                                                      \
	X(OFF, "off")                                                                             \
	X(MISS, "miss")                                                                           \
	X(EXACT_HIT, "exact_hit")                                                                 \
	X(NEAR_HIT, "near_hit")                                                                   \
	X(NEAR_MISS, "near_miss")

/* How an attempt ended. */
#define END_LIST(X)                                                                               \
	X(STOP, "stop")                                                                           \
	X(LENGTH, "length")                                                                       \
	X(ABORTED, "aborted")                                                                     \
	X(REFUSED, "refused")                                                                     \
	X(TRUNCATED, "truncated")                                                                 \
	X(TOOL_CALLS, "tool_calls")                                                               \
	X(HTTP_ERROR, "http_error")                                                               \
	X(TIMEOUT, "timeout")                                                                     \
	X(CANCELLED, "cancelled")                                                                 \
	X(RATE_LIMITED, "rate_limited")

#define VERDICT_LIST(X) X(PASS, "pass") X(WARN, "warn") X(FAIL, "fail")

#define ANSWER_FROM_LIST(X) X(MODEL, "model") X(CACHE, "cache")

/* Code 0 is "not yet": null in every output. */
enum role {
	ROLE_NONE,
#define X(code, name) ROLE_##code,
	ROLE_LIST(X)
#undef X
	ROLE_COUNT
};

enum cache_result {
	CACHE_RESULT_NONE,
#define X(code, name) CACHE_##code,
	CACHE_RESULT_LIST(X)
#undef X
	CACHE_RESULT_COUNT
};

enum end {
	END_NONE,
#define X(code, name) END_##code,
	END_LIST(X)
#undef X
	END_COUNT
};

enum verdict_result {
	VERDICT_NONE,
#define X(code, name) VERDICT_##code,
	VERDICT_LIST(X)
#undef X
	VERDICT_COUNT
};

enum answer_from {
	ANSWER_FROM_NONE,
#define X(code, name) ANSWER_FROM_##code,
	ANSWER_FROM_LIST(X)
#undef X
	ANSWER_FROM_COUNT
};

/* The names, indexed by code; NULL at 0. */
extern const char *const role_names[ROLE_COUNT];
extern const char *const cache_result_names[CACHE_RESULT_COUNT];
extern const char *const end_names[END_COUNT];
extern const char *const verdict_names[VERDICT_COUNT];
extern const char *const answer_from_names[ANSWER_FROM_COUNT];
extern const char *const task_names[TASK_COUNT + 1]; /* by enum task + 1 */

/* A tool that a model wants called. */
struct tool_call {
	struct str id;            /* the provider's name for this call; the result repeats it */
	struct str name;
	struct str arguments;     /* as the model wrote them: meant to be JSON, not checked here */
};

struct message {
	enum role role;
	struct str text;
	const struct tool_call *calls; /* of an assistant */
	size_t call_count;
	struct str call_id;       /* of a tool: the call that this answers */
	bool failed;              /* of a tool: it did not work, and the text says why */
	int images;               /* that stood beside the text: no wire sends them, each says so */
	struct str kept;          /* of an assistant: struct wire_answer's `kept` of that answer */
};

/* What came in. */
struct request {
	struct message *messages;
	size_t message_count;
	struct str text;          /* the user's own last words */
	struct str session, user, app, language;
	int64_t tokens;           /* estimate of the whole prompt */
	/* What the caller asks for; 0 or no text: nothing. */
	int forced_tier;
	struct str forced_model;
	int64_t task;             /* enum task + 1 */
	int64_t max_tokens;
	int64_t budget;           /* pico-dollars, MONEY_UNKNOWN: none */
	bool dry_run;
};

struct classification {
	struct str by;            /* "user", "default", "local", "llm", "bert", "rule" */
	int64_t task;             /* enum task + 1; 0: not known */
	double task_p, complexity, confidence; /* in [0,1] */
};

struct lookup {
	int64_t result;           /* enum cache_result */
	double similarity, threshold;
	struct str guard;
	struct texts spans;
	struct str source;        /* the id of the decision that gave the answer */
	int64_t age_s;
};

struct plan {
	struct texts ladder;      /* names of models, cheapest first */
	int64_t start;            /* the rung it begins at, from 1 */
	struct str why, flip;
};

struct context {
	struct texts passages;
	int64_t tokens_before, tokens_after;
	struct str by;
};

/* A tool that a model called; run only where `span` is known. */
struct tool_run {
	struct str id;            /* the provider's name for the call */
	struct str name, arguments; /* arguments: JSON; what is none stands in a JSON string */
	int64_t span;             /* us */
	int64_t ok;               /* 1, 0; INT_NONE: it was not run */
};

struct verdict {
	struct str validator;
	int64_t result;           /* enum verdict_result */
	int64_t at;               /* token position */
	struct str say;
};

struct verdicts {
	struct verdict *ptr;
	size_t len, cap;
};

/* One call to one model. */
struct attempt {
	struct str model, provider;
	struct str id;            /* what the provider calls the model */
	struct str request_id;    /* what the provider calls the call: its support asks for it */
	int64_t tier;
	int64_t status;           /* HTTP; INT_NONE: no answer */
	int64_t end;              /* enum end */
	int64_t first_token, total; /* us from its start */
	struct tokens tokens;
	int64_t cost;             /* pico-dollars */
	double quality;
	struct str text;          /* what it said, kept when it was rejected or cut */
	struct str error;
	struct verdicts verdicts;
};

struct answer {
	struct str text;
	int64_t from;             /* enum answer_from */
	struct str model;
	int64_t tier;
	bool degraded, stale, simulated;
};

/* Microseconds. */
struct spans {
	int64_t cache, classify, route, first_token, total;
};

struct sampling {
	bool taken;
	double p;
	struct str stratum;
};

struct attempts {
	struct attempt *ptr;
	size_t len, cap;
};

struct tool_runs {
	struct tool_run *ptr;
	size_t len, cap;
};

struct decision {
	struct arena arena;
	struct id id, parent;
	int64_t time;             /* wall us at intake */
	int64_t begun;            /* steady us at intake; not recorded */
	struct str policy;
	struct request request;
	struct str rule;
	struct classification classify;
	struct lookup cache;
	struct plan plan;
	struct context context;
	struct tool_runs tools;
	struct attempts attempts;
	struct answer answer;
	int64_t cost, baseline, saved; /* pico-dollars */
	struct spans took;
	struct sampling sample;
	struct str error;         /* the first one, in words fit to show */
	enum err err;             /* its code; not recorded */
	struct str model_id;      /* of the model to call, if its server was asked; not recorded */
	/* What the step that waits has under way, and how to end it; not recorded. */
	void *work;
	void (*cancel_work)(struct decision *d);
	void *run; /* where the flow keeps its place; not recorded */
};

/* All unknown, with a fresh arena of its own. */
struct decision *decision_new(void);
void decision_free(struct decision **d);

struct attempt *decision_add_attempt(struct decision *d); /* unknown but for its place */
struct verdict *attempt_add_verdict(struct decision *d, struct attempt *a);
struct tool_run *decision_add_tool_run(struct decision *d);

/* Keeps the first error; later ones are dropped. */
void decision_fail(struct decision *d, enum err err, struct str say);

#endif
