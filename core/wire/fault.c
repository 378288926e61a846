/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a status, a code, a type and words to one kind of fault, and to a sentence. */
#include "core/wire/fault.h"

#include "core/wire/fault_table.h"

static const struct {
	bool passes;
	const char *what, *mend;
} faults[WIRE_FAULT_COUNT] = {
#define X(code, passes, what, mend) { passes, what, mend },
	[0] = { false, "", "" }, WIRE_FAULT_LIST(X)
#undef X
};

/* What a status means, and what to say where nobody says more. */
static const struct {
	int status;
	enum wire_fault fault;
	const char *say;
} statuses[] = {
	{ 301, FAULT_ADDRESS, "moved" },
	{ 302, FAULT_ADDRESS, "moved" },
	{ 303, FAULT_ADDRESS, "moved" },
	{ 307, FAULT_ADDRESS, "moved" },
	{ 308, FAULT_ADDRESS, "moved" },
	{ 400, FAULT_REQUEST, "bad request" },
	{ 401, FAULT_KEY, "unauthorized" },
	{ 402, FAULT_MONEY, "payment required" },
	{ 403, FAULT_FORBIDDEN, "forbidden" },
	{ 404, FAULT_ADDRESS, "not found" },
	{ 405, FAULT_ADDRESS, "method not allowed" },
	{ 408, FAULT_SERVER, "request timeout" },
	{ 409, FAULT_SERVER, "conflict" },
	{ 410, FAULT_MODEL, "gone" },
	{ 413, FAULT_TOO_LONG, "request too large" },
	{ 415, FAULT_REQUEST, "unsupported media type" },
	{ 422, FAULT_REQUEST, "unprocessable request" },
	{ 429, FAULT_PACE, "too many requests" },
	{ 500, FAULT_SERVER, "internal error" },
	{ 502, FAULT_SERVER, "bad gateway" },
	{ 503, FAULT_OVERLOADED, "service unavailable" },
	{ 504, FAULT_SERVER, "gateway timeout" },
	{ 529, FAULT_OVERLOADED, "overloaded" },
};

bool fault_passes(enum wire_fault fault)
{
	return faults[fault].passes;
}

const char *fault_what(enum wire_fault fault)
{
	return faults[fault].what;
}

/* ---- the mend --------------------------------------------------------------------------- */

static void add_key(struct buf *out, const struct provider *p)
{
	if (p->key_env.len)
		buf_addf(out, "the key in $%.*s", STR_ARG(p->key_env));
	else if (p->key_file.len)
		buf_addf(out, "the key in %.*s", STR_ARG(p->key_file));
	else
		buf_add_text(out, "your access");
}

static void add_name(struct buf *out, struct str name, const struct model *model)
{
	if (str_is(name, "key"))
		add_key(out, model->provider);
	else
		buf_add_str(out, str_is(name, "model") ? model->name : model->provider->name);
}

static const char *template_of(enum wire_fault fault, const struct provider *p)
{
	if (fault == FAULT_KEY && !p->key_env.len && !p->key_file.len)
		return "it wants an API key: name its variable in providers.{provider}.key_env";
	return faults[fault].mend;
}

void fault_add_mend(struct buf *out, enum wire_fault fault, const struct model *model)
{
	struct str rest = str_of(template_of(fault, model->provider)), piece;

	while (str_cut(&rest, '{', &piece)) {
		buf_add_str(out, piece);
		if (str_cut(&rest, '}', &piece))
			add_name(out, piece, model);
	}
}

/* ---- the kind --------------------------------------------------------------------------- */

enum wire_fault fault_of_status(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].fault;
	return status >= 500 ? FAULT_SERVER : FAULT_OTHER;
}

static enum wire_fault kind_of(
	int status, const struct fault_words *words, const struct limits *limits)
{
	bool inside = status < 300;
	enum wire_fault found = fault_find(words, inside);

	if ((found == FAULT_PACE || (!found && status == 429)) && limits_never_fit(limits))
		return FAULT_NEVER_FITS;
	return found ? found : fault_of_status(status);
}

/* ---- the words -------------------------------------------------------------------------- */

static const char *say_of_status(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].say;
	return "an error";
}

/* What the words do not hold themselves. */
static void add_missing(struct buf *out, struct str said, struct str name)
{
	if (!name.len || str_find(said, name) < said.len)
		return;
	if (str_ends(buf_str(out), ".") && !str_ends(buf_str(out), "..."))
		buf_cut_to(out, out->len - 1); /* the sentence goes on */
	buf_addf(out, " (%.*s)", STR_ARG(str_part(name, 0, WIRE_ID_MAX)));
}

static void put_words(struct buf *out, int status, const struct fault_words *words)
{
	struct str said = str_trim(words->message);

	buf_clear(out);
	if (!said.len)
		said = words->code.len ? words->code : words->type;
	if (!said.len)
		buf_addf(out, "%s, without words", say_of_status(status));
	buf_add_str(out, str_part(said, 0, WIRE_SAY_MAX));
	if (said.len > WIRE_SAY_MAX)
		buf_add_text(out, " ...");
	add_missing(out, said, words->code);
	add_missing(out, said, words->param);
}

void fault_tell(struct wire_answer *answer, int status, const struct fault_words *words)
{
	limits_read_words(&answer->limits, words->message);
	answer->fault = kind_of(status, words, &answer->limits);
	put_words(&answer->error, status, words);
}
