/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a provider is reached: the address, the key and the headers that really go out. */
#include "core/steps/contact.h"
#include "tests/check.h"
#include "tests/net/raw_server.h"

#define SECRET "sk-test-1234567890"

enum { TURNS_MAX = 2000, TURN_US = 20000 };

static const struct {
	const char *name;
	const char *wire, *base, *key_header; /* base: behind "http://127.0.0.1:PORT" */
	bool key;
	struct provider_header headers[3];
	const char *line;   /* of the request */
	const char *has[4]; /* lines of its head */
	const char *lacks[3];
} cases[] = {
	{ "a bearer token", "openai", "/v1", NULL, true, { { NULL, NULL } }, "POST /v1/x HTTP/1.1",
		{ "Authorization: Bearer " SECRET, "Content-Type: application/json" },
		{ "anthropic-version", "x-api-key" } },
	{ "a key in the header of its wire", "anthropic", "/v1", NULL, true, { { NULL, NULL } },
		"POST /v1/x HTTP/1.1", { "x-api-key: " SECRET, "anthropic-version: 2023-06-01" },
		{ "Authorization" } },
	{ "a bearer token over the other wire", "anthropic", "/v1", "authorization", true,
		{ { NULL, NULL } }, "POST /v1/x HTTP/1.1",
		{ "Authorization: Bearer " SECRET, "anthropic-version: 2023-06-01" },
		{ "x-api-key" } },
	{ "no key at all", "anthropic", "", NULL, false, { { NULL, NULL } }, "POST /x HTTP/1.1",
		{ "anthropic-version: 2023-06-01" }, { "Authorization", "x-api-key" } },
	{ "a header for the key, and a query behind the path", "openai",
		"/openai/deployments/d/?api-version=2024-10-21", "api-key", true,
		{ { NULL, NULL } }, "POST /openai/deployments/d/x?api-version=2024-10-21 HTTP/1.1",
		{ "api-key: " SECRET }, { "Authorization" } },
	{ "headers of the configuration, over those of the wire", "anthropic", "/v1", NULL, true,
		{ { "X-Title", "claims-desk" }, { "Anthropic-Version", "2030-01-01" },
			{ "X-Empty", "" } },
		"POST /v1/x HTTP/1.1",
		{ "X-Title: claims-desk", "Anthropic-Version: 2030-01-01", "X-Empty:" },
		{ "2023-06-01" } },
};

static void take_end(void *ctx, const struct http_result *result)
{
	*(int *)ctx = result->status;
}

static enum http_verdict take_body(void *ctx, struct str bytes)
{
	(void)ctx;
	(void)bytes;
	return HTTP_GO_ON;
}

/* Sends the one request of a case; what arrived goes into `seen`. */
static void reach(const struct provider *p, struct raw_server *server, struct buf *seen)
{
	const struct model model = { .name = STR("m"), .provider = p };
	struct secret key = { "" };
	struct env env = { 0 };
	struct transfer *transfer;
	int status = 0;
	const struct contact contact = {
		.model = &model, .method = "POST", .path = "/x", .body = STR("{}"), .key = &key
	};

	if (p->key_env.len)
		memcpy(key.text, SECRET, sizeof(SECRET));
	check_ok(loop_open(&env.loop, &clock_real, NULL));
	check_ok(http_open(&env.http, env.loop, NULL));
	check_ok(contact_start(&env, &contact,
		(struct http_sink){ NULL, take_body, take_end, &status }, &transfer, NULL));
	for (int turn = 0; !status && turn < TURNS_MAX; turn++)
		loop_turn(env.loop, TURN_US);
	assert_int_equal(status, 200);
	raw_server_request(server, 0, seen);
	http_close(&env.http);
	loop_close(&env.loop);
}

static void the_request_carries_what_the_wire_and_the_configuration_say(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), DO(CLOSE), DO(END) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct raw_server *server = raw_server_open(script);
		struct buf base = BUF(BUF_LINE_MAX), seen = BUF(BUF_LINE_MAX);
		struct provider_header headers[3];
		struct provider p = { .name = STR("p"),
			.wire = str_of(cases[i].wire),
			.key_header = str_of(cases[i].key_header),
			.headers = headers };

		memcpy(headers, cases[i].headers, sizeof(headers));
		while (p.header_count < 3 && headers[p.header_count].name)
			p.header_count++;
		if (cases[i].key)
			p.key_env = STR("K");
		buf_addf(&base, "http://127.0.0.1:%d%s", raw_server_port(server), cases[i].base);
		p.base_url = buf_str(&base);
		reach(&p, server, &seen);
		if (!str_starts(buf_str(&seen), cases[i].line))
			fail_msg("%s: %s", cases[i].name, seen.ptr);
		for (size_t k = 0; k < ARRAY_LEN(cases[i].has) && cases[i].has[k]; k++)
			if (str_find(buf_str(&seen), str_of(cases[i].has[k])) == seen.len)
				fail_msg("%s: no %s in %s", cases[i].name, cases[i].has[k],
					seen.ptr);
		for (size_t k = 0; k < ARRAY_LEN(cases[i].lacks) && cases[i].lacks[k]; k++)
			if (str_find(buf_str(&seen), str_of(cases[i].lacks[k])) < seen.len)
				fail_msg(
					"%s: %s in %s", cases[i].name, cases[i].lacks[k], seen.ptr);
		raw_server_close(&server);
		buf_release(&base);
		buf_release(&seen);
	}
}

static void an_address_has_one_slash_and_its_query_last(void **state)
{
	static const struct {
		const char *base, *address;
	} urls[] = {
		{ "https://h/v1", "https://h/v1/models" },
		{ "https://h/v1/?a=b", "https://h/v1/models?a=b" },
		{ "https://h?a=/", "https://h/models?a=/" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		const struct provider p = { .base_url = str_of(urls[i].base) };
		const struct model model = { .provider = &p };
		const struct env env = { 0 };
		struct buf url = BUF(BUF_LINE_MAX);

		contact_address(&url, &env, &model, "/models");
		check_buf(&url, urls[i].address);
		buf_release(&url);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_request_carries_what_the_wire_and_the_configuration_say),
		cmocka_unit_test(an_address_has_one_slash_and_its_query_last),
	};

	return cmocka_run_group_tests_name("steps/contact", tests, NULL, NULL);
}
