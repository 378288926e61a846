/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a status, a code, a type and words to one kind of fault. */
#include "core/wire/fault.h"

static const struct {
	bool passes;
	const char *mend;
} faults[WIRE_FAULT_COUNT] = {
#define X(code, passes, mend) { passes, mend },
	[0] = { false, "" }, WIRE_FAULT_LIST(X)
#undef X
};

const char *fault_mend(enum wire_fault fault)
{
	return faults[fault].mend;
}

bool fault_passes(enum wire_fault fault)
{
	return faults[fault].passes;
}

/* Codes about money come as 429 like those about pace, but waiting does not help. */
static bool is_about_money(struct str code)
{
	static const char *const codes[] = { "insufficient_quota", "credit_balance_exhausted",
		"organization_spend_limit_exceeded", "project_spend_limit_exceeded",
		"organization_usage_limit_exceeded", "enforced_spend_limit_reached" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_is(code, codes[i]))
			return true;
	return false;
}

enum wire_fault fault_of_status(int status)
{
	static const struct {
		int status;
		enum wire_fault fault;
	} rows[] = {
		{ 400, FAULT_REQUEST },
		{ 401, FAULT_KEY },
		{ 402, FAULT_MONEY },
		{ 403, FAULT_FORBIDDEN },
		{ 404, FAULT_ADDRESS },
		{ 413, FAULT_TOO_LONG },
		{ 429, FAULT_PACE },
		{ 503, FAULT_OVERLOADED },
		{ 529, FAULT_OVERLOADED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].status == status)
			return rows[i].fault;
	return status >= 500 ? FAULT_SERVER : FAULT_OTHER;
}

static enum wire_fault kind_of(int status, const struct fault_words *words)
{
	if (is_about_money(words->code) || is_about_money(words->type))
		return FAULT_MONEY;
	if (str_find(words->code, STR("model")) < words->code.len ||
		str_find(words->type, STR("model")) < words->type.len)
		return FAULT_MODEL;
	return fault_of_status(status);
}

void fault_tell(struct wire_answer *answer, int status, const struct fault_words *words)
{
	struct str message = str_trim(words->message), code = words->code;

	answer->fault = kind_of(status, words);
	buf_clear(&answer->error);
	buf_add_str(&answer->error,
		message.len ? str_part(message, 0, WIRE_SAY_MAX) : STR(WIRE_NO_WORDS));
	if (code.len && message.len && str_find(message, code) == message.len)
		buf_addf(&answer->error, " (%.*s)", STR_ARG(str_part(code, 0, WIRE_ID_MAX)));
}
