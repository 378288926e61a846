/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a request goes and where it may not: connections refused, names without an address,
 * proxies, certificates, and what is not sent at all. */
#include "tests/net/http_stage.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_refused_connection_says_where_and_what_to_do(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;
	int port = raw_free_port();

	(void)state;
	stage_open(&st, NULL);
	request = request_of(&st);
	request.url = url_of(&st, "http", "127.0.0.1", port);
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_NET);
	assert_int_equal(c->result.status, 0);
	assert_int_equal(c->heads, 0);
	assert_false(c->result.reused);
	assert_int_equal(c->result.times.sent, -1);
	assert_int_equal(c->result.times.first_byte, -1);
	assert_true(c->result.times.total >= 0);
	buf_addf(&st.text,
		"127.0.0.1:%d: connection refused: is the server running, and is base_url right?",
		port);
	check_buf(&c->say, st.text.ptr);
	stage_close(&st);
}

/* Where there is no network at all the answer comes at once; where a resolver is silent, the
 * limit ends it. */
static void a_name_without_an_address_is_named(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, NULL);
	request = request_of(&st);
	request.url = "http://no.such.host.invalid/v1";
	request.limits.connect_ms = 200;
	client_ask(c, &request);
	until_end(c);
	assert_true(c->result.err == ERR_NET || c->result.err == ERR_TIMEOUT);
	assert_true(str_starts(buf_str(&c->say), c->result.err == ERR_NET
		? "no.such.host.invalid:80: the name has no address: is base_url spelled right"
		: "no.such.host.invalid:80: no connection after 200 ms"));
	stage_close(&st);
}

static void what_cannot_be_sent_is_refused_at_once(void **state)
{
	static const struct http_header bad_value[] = { { "X-Key", "topsecret\r\nEvil: 1" } };
	static const struct http_header bad_name[] = { { "X Key", "topsecret" } };
	static const struct http_header no_name[] = { { "", "topsecret" } };
	static const struct {
		const char *method, *url, *key;
		const struct http_header *header;
		const char *part;
	} cases[] = {
		{ "GET", "ftp://topsecret@127.0.0.1/", NULL, NULL, "base_url" },
		{ "GET", "file:///etc/topsecret", NULL, NULL, "base_url" },
		{ "GET", "127.0.0.1:80/topsecret", NULL, NULL, "base_url" },
		{ "GET", "http://", NULL, NULL, "base_url" },
		{ "GET", "", NULL, NULL, "base_url" },
		{ "GET", "http://127.0.0.1:99999/topsecret", NULL, NULL, "base_url" },
		{ "GET", "http://127.0.0.1/a\r\nX: topsecret", NULL, NULL, "base_url" },
		{ "GET", "http://127.0.0.1/", "topsecret\n", NULL, "API key" },
		{ "GET", "http://127.0.0.1/", "topsecret\tx", NULL, "API key" },
		{ "GET", "http://127.0.0.1/", "topsecret\r\nX: y", NULL, "API key" },
		{ "GET", "http://127.0.0.1/", NULL, bad_value, "header 1" },
		{ "GET", "http://127.0.0.1/", NULL, bad_name, "header 1" },
		{ "GET", "http://127.0.0.1/", NULL, no_name, "header 1" },
		{ "GET /topsecret", "http://127.0.0.1/", NULL, NULL, "method" },
		{ "", "http://127.0.0.1/", NULL, NULL, "method" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct transfer *t = NULL;
		struct stage st;
		struct http_request request;

		stage_open(&st, NULL);
		request = request_of(&st);
		request.method = cases[i].method;
		request.url = cases[i].url;
		request.key = cases[i].key;
		request.headers = cases[i].header;
		request.header_count = cases[i].header != NULL;
		check_err(http_start(st.http, &request, sink_of(&st.clients[0]), &t, &st.why),
			ERR_CONFIG);
		assert_null(t);
		if (!holds(&st.why, cases[i].part) || holds(&st.why, "secret"))
			fail_msg("%s: \"%s\"", cases[i].url, st.why.ptr);
		assert_false(loop_turn(st.loop, -1));
		assert_int_equal(st.clients[0].ends, 0);
		stage_close(&st);
	}
}

static void a_proxy_is_asked_for_what_is_far(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	set_proxies(url_of(&st, "http", "127.0.0.1", raw_server_port(st.server)));
	request = request_of(&st);
	request.url = "http://weir.example:8080/v1";
	client_ask(c, &request);
	until_end(c);
	set_proxies(NULL);
	check_err(c->result.err, ERR_OK);
	raw_server_request(st.server, 0, &st.text);
	assert_true(str_starts(buf_str(&st.text), "GET http://weir.example:8080/v1 HTTP/1.1\r\n"));
	stage_close(&st);
}

static void a_dead_proxy_is_mentioned(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, NULL);
	set_proxies(url_of(&st, "http", "127.0.0.1", raw_free_port()));
	request = request_of(&st);
	request.url = "http://weir.example:8080/v1";
	client_ask(c, &request);
	until_end(c);
	set_proxies(NULL);
	check_err(c->result.err, ERR_NET);
	check_buf(&c->say, "weir.example:8080: connection refused: is the server running, and is "
			   "base_url right (and http_proxy or https_proxy, if set)?");
	stage_close(&st);
}

/* With a proxy in the environment that would refuse. */
static void no_proxy_is_asked_for_this_machine(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	static const char *const hosts[] = { "127.0.0.1", "localhost", "LOCALHOST", "127.1",
		"2130706433", "[::ffff:127.0.0.1]" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, script);
		set_proxies(url_of(&st, "http", "127.0.0.1", raw_free_port()));
		request = request_of(&st);
		request.url = url_of(&st, "http", hosts[i], raw_server_port(st.server));
		client_ask(c, &request);
		until_end(c);
		set_proxies(NULL);
		if (c->result.err)
			fail_msg("%s: %s", hosts[i], c->say.ptr);
		raw_server_request(st.server, 0, &st.text);
		assert_true(str_starts(buf_str(&st.text), "GET /v1/chat?x=1 HTTP/1.1\r\n"));
		stage_close(&st);
	}
}

/* A name that only looks like this machine's goes to the proxy like any other. */
static void names_that_look_local_are_not(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	static const char *const hosts[] = { "127.0.0.1.example", "localhost.example",
		"notlocalhost", "127.example", "10.127.0.1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, script);
		set_proxies(url_of(&st, "http", "127.0.0.1", raw_server_port(st.server)));
		request = request_of(&st);
		request.url = url_of(&st, "http", hosts[i], 80);
		client_ask(c, &request);
		until_end(c);
		set_proxies(NULL);
		if (c->result.err)
			fail_msg("%s: %s", hosts[i], c->say.ptr);
		stage_close(&st);
	}
}

static void tls_with_a_server_that_has_none_fails_as_tls(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(HEAR),
		SEND("HTTP/1.1 400 Bad Request\r\n\r\nplain http here\r\n"), DO(CLOSE),
		DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	request.url = url_of(&st, "https", "127.0.0.1", raw_server_port(st.server));
	request.key = "sk-secret";
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_TLS);
	assert_true(holds(&c->say, ": no secure connection ("));
	assert_true(holds(&c->say, "): does it speak https, or is it http?"));
	raw_server_request(st.server, 0, &st.text);
	assert_false(holds(&st.text, "sk-secret"));
	stage_close(&st);
}

static void a_missing_certificate_file_is_named(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(GONE), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	request.url = url_of(&st, "https", "127.0.0.1", raw_server_port(st.server));
	request.ca_file = "/nowhere/ca.pem";
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_TLS);
	assert_true(holds(&c->say, "the trusted certificates cannot be read ("));
	assert_true(holds(&c->say, "/nowhere/ca.pem"));
	stage_close(&st);
}

/* A certificate of our own making, and a server that shows it: openssl's. */
struct tls {
	char folder[32], cert[48], key[48];
	pid_t pid;
	int port;
};

extern char **environ;

static bool spawn(pid_t *pid, char *const *args, int out)
{
	posix_spawn_file_actions_t actions;
	bool ok;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	ok = !posix_spawnp(pid, args[0], &actions, NULL, args, environ);
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

static bool tls_make_certificate(struct tls *t)
{
	char subject[] = "/CN=weir test", names[] = "subjectAltName=IP:127.0.0.1", days[] = "2";
	char openssl[] = "openssl", req[] = "req", x509[] = "-x509", new_key[] = "-newkey";
	char rsa[] = "rsa:2048", nodes[] = "-nodes", keyout[] = "-keyout", out[] = "-out";
	char subj[] = "-subj", addext[] = "-addext", days_option[] = "-days";
	char *args[] = { openssl, req, x509, new_key, rsa, nodes, keyout, t->key, out, t->cert,
		days_option, days, subj, subject, addext, names, NULL };
	int status = 1;
	pid_t pid;

	memcpy(t->folder, "/tmp/weir-http-XXXXXX", 22);
	if (!mkdtemp(t->folder))
		return false;
	snprintf(t->cert, sizeof(t->cert), "%s/cert.pem", t->folder);
	snprintf(t->key, sizeof(t->key), "%s/key.pem", t->folder);
	return spawn(&pid, args, -1) && waitpid(pid, &status, 0) == pid && !status;
}

static bool tls_serve(struct tls *t)
{
	char openssl[] = "openssl", server[] = "s_server", accept[] = "-accept", port[16];
	char cert[] = "-cert", key[] = "-key", www[] = "-www", quiet[] = "-quiet";
	char *args[] = { openssl, server, accept, port, cert, t->cert, key, t->key, www, quiet,
		NULL };

	t->port = raw_free_port();
	snprintf(port, sizeof(port), "%d", t->port);
	return spawn(&t->pid, args, -1);
}

static void tls_end(struct tls *t)
{
	if (t->pid) {
		kill(t->pid, SIGTERM);
		waitpid(t->pid, NULL, 0);
	}
	unlink(t->cert);
	unlink(t->key);
	rmdir(t->folder);
}

/* The server needs a while before it listens: asked until it does. */
static void ask_tls(struct client *c, const struct tls *t, const char *ca_file)
{
	int64_t end = deadline();
	struct http_request request = request_of(c->stage);

	request.url = url_of(c->stage, "https", "127.0.0.1", t->port);
	request.ca_file = ca_file;
	do {
		if (clock_steady(&clock_real) > end)
			fail_msg("openssl s_server does not listen");
		client_ask(c, &request);
		until_end(c);
	} while (holds(&c->say, "connection refused"));
}

static void a_certificate_nobody_vouches_for_is_refused(void **state)
{
	struct tls t = { .pid = 0 };
	struct stage st;
	struct client *c = &st.clients[0];

	(void)state;
	if (!tls_make_certificate(&t) || !tls_serve(&t)) {
		tls_end(&t);
		skip();
	}
	stage_open(&st, NULL);
	ask_tls(c, &t, NULL);
	check_err(c->result.err, ERR_TLS);
	assert_true(holds(&c->say, ": its certificate is not trusted ("));
	assert_true(holds(&c->say, "): is ca_file right?"));
	ask_tls(c, &t, t.cert);
	check_err(c->result.err, ERR_OK);
	assert_int_equal(c->result.status, 200);
	assert_true(c->result.times.tls >= c->result.times.connect);
	assert_true(c->result.times.sent >= c->result.times.tls);
	stage_close(&st);
	tls_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_connection_says_where_and_what_to_do),
		cmocka_unit_test(a_name_without_an_address_is_named),
		cmocka_unit_test(what_cannot_be_sent_is_refused_at_once),
		cmocka_unit_test(a_proxy_is_asked_for_what_is_far),
		cmocka_unit_test(a_dead_proxy_is_mentioned),
		cmocka_unit_test(no_proxy_is_asked_for_this_machine),
		cmocka_unit_test(names_that_look_local_are_not),
		cmocka_unit_test(tls_with_a_server_that_has_none_fails_as_tls),
		cmocka_unit_test(a_missing_certificate_file_is_named),
		cmocka_unit_test(a_certificate_nobody_vouches_for_is_refused),
	};

	return cmocka_run_group_tests_name("http far", tests, no_proxies, NULL);
}
