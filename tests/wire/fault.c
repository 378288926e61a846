/* SPDX-License-Identifier: GPL-3.0-or-later
 * What errors of the field are about, body by body, as the providers send them. */
#include "core/wire/complaint.h"
#include "core/wire/fault.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/check.h"

#define E(message, more) "{\"error\":{\"message\":\"" message "\"" more "}}"
#define CODE(code) ",\"code\":\"" code "\""
#define TYPE(type) ",\"type\":\"" type "\""

static const struct {
	enum wire_fault fault;
	int status; /* 200: it came inside a good answer */
	const char *body;
} cases[] = {
	/* trap 27: money in the clothes of everything else */
	{ FAULT_MONEY, 429, E("You exceeded your current quota, please check your plan and billing "
			      "details.", TYPE("insufficient_quota") CODE("insufficient_quota")) },
	{ FAULT_MONEY, 429, E("x", CODE("credit_balance_exhausted")) },
	{ FAULT_MONEY, 429, E("x", CODE("organization_spend_limit_exceeded")) },
	{ FAULT_MONEY, 429, E("x", CODE("project_spend_limit_exceeded")) },
	{ FAULT_MONEY, 429, E("x", CODE("organization_usage_limit_exceeded")) },
	{ FAULT_MONEY, 400, E("Billing hard limit has been reached",
			      CODE("billing_hard_limit_reached")) },
	{ FAULT_MONEY, 200, E("x", TYPE("insufficient_quota")) },
	{ FAULT_MONEY, 429, "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
			    "\"message\":\"This workspace is done.\",\"details\":{\"error_code\":"
			    "\"enforced_spend_limit_reached\"}}}" },
	{ FAULT_MONEY, 400, "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
			    "\"message\":\"Your credit balance is too low to access the Anthropic "
			    "API.\"}}" },
	{ FAULT_MONEY, 402, E("Insufficient Balance", CODE("invalid_request_error")) },
	{ FAULT_MONEY, 400, E("Access denied, please make sure your account is in good standing.",
			      CODE("Arrearage")) },
	{ FAULT_MONEY, 402, "{\"error\":{\"code\":402,\"message\":\"This request requires more "
			    "credits, or fewer max_tokens.\"}}" },
	{ FAULT_MONEY, 403, "{\"code\":\"The caller does not have permission to execute the "
			    "specified operation\",\"error\":\"Your newly created team doesn't "
			    "have any credits yet.\"}" },
	{ FAULT_MONEY, 429, E("Insufficient balance or no package. Please recharge.",
			      CODE("1113")) },
	{ FAULT_MONEY, 429, E("plan and billing", TYPE("exceeded_current_quota_error")) },

	/* pace */
	{ FAULT_PACE, 429, E("Rate limit reached for gpt-4o on requests per min (RPM): Limit 3, "
			     "Used 3, Requested 1.", TYPE("requests") CODE("rate_limit_error")) },
	{ FAULT_PACE, 200, E("Requests rate limit exceeded", TYPE("rate_limited") CODE("1300")) },
	{ FAULT_PACE, 400, E("Requests rate limit exceeded", CODE("Throttling.RateQuota")) },
	{ FAULT_PACE, 429, E("Throttling: TPM(10680324/10000000)", CODE("429")) },
	{ FAULT_PACE, 429, "[{\"error\":{\"code\":429,\"message\":\"You exceeded your current "
			   "quota, please check your plan and billing details.\",\"status\":"
			   "\"RESOURCE_EXHAUSTED\"}}]" },
	{ FAULT_PACE, 429, E("Requests have exceeded token rate limit of your current OpenAI S0 "
			     "pricing tier. Please retry after 6 seconds.", CODE("429")) },
	{ FAULT_PACE, 429, E("x", CODE("slow_down")) },
	{ FAULT_PACE, 429, "" },
	{ FAULT_PACE, 429, E("x", TYPE("too_many_tokens_error") CODE("token_quota_exceeded")) },
	{ FAULT_NEVER_FITS, 429,
		E("Request too large for gpt-4o in organization org-1 on tokens per min (TPM): "
		  "Limit 30000, Requested 36055.", TYPE("tokens") CODE("rate_limit_exceeded")) },
	{ FAULT_NEVER_FITS, 413,
		E("Request too large for model `llama` on tokens per minute (TPM): Limit 6000, "
		  "Requested 9012", TYPE("tokens") CODE("rate_limit_exceeded")) },

	/* a name in the words or the code is not the thing */
	{ FAULT_PACE, 429, E("Rate limit reached for prompt-is-too-long-insufficient_quota-7b",
			     CODE("model_rate_limit")) },
	{ FAULT_OVERLOADED, 503, E("x", CODE("model_overloaded")) },
	{ FAULT_REQUEST, 400, E("bad value for model-not-found-7b", CODE("invalid_value")) },
	{ FAULT_ADDRESS, 404, E("File Not Found", TYPE("not_found_error")) },

	/* trap 29, and the rest of what a request can be wrong about */
	{ FAULT_REQUEST, 400, E("Unsupported value: 'temperature' does not support 0 with this "
				"model. Only the default (1) value is supported.",
				TYPE("invalid_request_error") CODE("unsupported_value")) },
	{ FAULT_REQUEST, 422, "{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"extra\"}]}" },
	{ FAULT_TOO_LONG, 400, E("x", CODE("context_length_exceeded")) },
	{ FAULT_TOO_LONG, 400, E("prompt is too long: 210000 tokens > 200000 maximum",
				 TYPE("invalid_request_error")) },
	{ FAULT_TOO_LONG, 400, "{\"object\":\"error\",\"message\":\"This model's maximum context "
			       "length is 4096 tokens. But you requested 5000 tokens\",\"type\":"
			       "\"BadRequestError\",\"code\":400}" },
	{ FAULT_TOO_LONG, 400, E("the request exceeds the available context size",
				 TYPE("exceed_context_size_error")) },
	{ FAULT_TOO_LONG, 413, E("x", TYPE("request_too_large")) },
	{ FAULT_FILTER, 400, E("x", CODE("content_filter")) },
	{ FAULT_FILTER, 400, E("x", CODE("content_policy_violation")) },
	{ FAULT_FILTER, 400, E("Input data may contain inappropriate content.",
			       CODE("DataInspectionFailed")) },
	{ FAULT_MODEL, 404, E("The model `gpt-9` does not exist or you do not have access to it.",
			      CODE("model_not_found")) },
	{ FAULT_MODEL, 400, E("The model `x` has been decommissioned and is no longer supported.",
			      CODE("model_decommissioned")) },
	{ FAULT_MODEL, 404, E("The API deployment for this resource does not exist.",
			      CODE("DeploymentNotFound")) },
	{ FAULT_MODEL, 404, E("model \\\"x\\\" not found, try pulling it", TYPE("api_error")) },
	{ FAULT_MODEL, 404, E("model: claude-9", TYPE("not_found_error")) },
	{ FAULT_KEY, 401, E("Incorrect API key provided", CODE("invalid_api_key")) },
	{ FAULT_KEY, 400, "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass "
			  "a valid API key.\",\"status\":\"INVALID_ARGUMENT\"}}]" },
	{ FAULT_KEY, 400, "{\"code\":\"Client specified an invalid argument\",\"error\":"
			  "\"Incorrect API key provided: sk\"}" },
	{ FAULT_FORBIDDEN, 403, E("x", TYPE("permission_error")) },
	{ FAULT_OVERLOADED, 529, E("Overloaded", TYPE("overloaded_error")) },
	{ FAULT_OVERLOADED, 200, E("Overloaded", TYPE("overloaded_error")) },
	{ FAULT_OVERLOADED, 503, E("Loading model", TYPE("unavailable_error")) },
	{ FAULT_SERVER, 200, E("x", TYPE("api_error")) },
	{ FAULT_SERVER, 502, "" },
	{ FAULT_SERVER, 504, E("x", TYPE("timeout_error")) },
	{ FAULT_SERVER, 408, "{}" },
};

static void each_error_is_about_what_it_is_about(void **state)
{
	static const char *const names[WIRE_FAULT_COUNT] = { "none",
#define X(code, passes, what, mend) [FAULT_##code] = #code,
		WIRE_FAULT_LIST(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wire_reader r;

		wire_reader_begin(&r, wire_find(STR("openai")), (struct wire_sink){ 0 });
		complaint_read(&r.answer, cases[i].status, str_of(cases[i].body));
		if (r.answer.fault != cases[i].fault)
			fail_msg("%d %s\nis %s, not %s", cases[i].status, cases[i].body,
				names[r.answer.fault], names[cases[i].fault]);
		assert_true(r.answer.error.len > 0);
		wire_reader_release(&r);
	}
}

static void each_fault_has_a_mend_without_holes(void **state)
{
	const struct provider p = { .name = STR("acme"), .key_env = STR("ACME_KEY") };
	const struct model m = { .name = STR("big"), .provider = &p };

	(void)state;
	for (int fault = 1; fault < WIRE_FAULT_COUNT; fault++) {
		struct buf say = BUF(BUF_WHY_MAX);

		fault_add_mend(&say, (enum wire_fault)fault, &m);
		assert_true(say.len > 10);
		assert_true(str_find_char(buf_str(&say), '{') == say.len);
		buf_release(&say);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_is_about_what_it_is_about),
		cmocka_unit_test(each_fault_has_a_mend_without_holes),
	};

	return cmocka_run_group_tests_name("wire/fault", tests, NULL, NULL);
}
