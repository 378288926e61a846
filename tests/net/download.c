/* SPDX-License-Identifier: GPL-3.0-or-later
 * Downloads from a server that cuts, lies, redirects and forgets: the file is there whole, or it is
 * not there, and what can be gone on from is kept. */
#include "core/net/download.h"

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/sha256.h"
#include "tests/net/http_stage.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* "hello world" */
#define SUM "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
#define OTHER_SUM "0000000000000000000000000000000000000000000000000000000000000000"
#define WHOLE "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"
#define REST "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\n"

enum { STEPS_MAX = 24, NO_PART = -1 };

struct world {
	struct arena arena;
	struct stage stage;
	char folder[64];
	char *path, *part;
	int ends, calls;
	struct download_result result;
	struct buf say;
};

static void take_progress(void *ctx, int64_t have, int64_t whole)
{
	struct world *w = ctx;

	assert_true(have > 0 && (whole < 0 || have <= whole));
	w->calls++;
}

static void take_end(void *ctx, const struct download_result *result)
{
	struct world *w = ctx;

	w->ends++;
	w->result = *result;
	buf_add_str(&w->say, result->say);
}

static void world_open(struct world *w, const struct raw_step *script)
{
	*w = (struct world){ .say = BUF(BUF_WHY_MAX) };
	stage_open(&w->stage, script);
	snprintf(w->folder, sizeof(w->folder), "/tmp/weir-download-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	w->path = arena_text(&w->arena, arena_format(&w->arena, "%s/file", w->folder).ptr);
	w->part = arena_text(&w->arena, arena_format(&w->arena, "%s.part", w->path).ptr);
}

static void world_close(struct world *w)
{
	unlink(w->path);
	unlink(w->part);
	assert_int_equal(rmdir(w->folder), 0);
	stage_close(&w->stage);
	buf_release(&w->say);
	arena_release(&w->arena);
}

static void put_part(struct world *w, const char *text)
{
	FILE *file = fopen(w->part, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct download *begin(struct world *w, const char *sha256, int64_t size, int64_t most)
{
	struct download *d = NULL;
	struct buf why = BUF(BUF_WHY_MAX);
	const struct download_request request = {
		.url = url_of(&w->stage, "http", "127.0.0.1", raw_server_port(w->stage.server)),
		.path = w->path,
		.sha256 = sha256,
		.size = size,
		.size_max = most,
		.limits = far_limits,
	};

	if (download_start(&d, w->stage.http, &request,
		    (struct download_sink){ take_progress, take_end, w }, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
	return d;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int64_t part_size(struct world *w)
{
	struct stat st;

	return stat(w->part, &st) ? NO_PART : (int64_t)st.st_size;
}

static bool asked(struct world *w, size_t number, const char *text)
{
	struct buf request = BUF(BUF_LINE_MAX);
	bool found;

	raw_server_request(w->stage.server, number, &request);
	found = holds(&request, text);
	buf_release(&request);
	return found;
}

struct example {
	const char *say, *part, *sha256;
	int64_t size, most;
	struct raw_step script[STEPS_MAX];
	enum err err;
	const char *words; /* in what is said; NULL: nothing is */
	int64_t left;	   /* of the part */
	const char *range; /* in the first request; NULL: it has none */
};

#define ONE(answer)                                              \
	{                                                        \
		DO(ACCEPT), DO(REQUEST), SEND(answer), DO(CLOSE) \
	}
#define TWO(first, second)                                                                 \
	{                                                                                  \
		DO(ACCEPT), DO(REQUEST), SEND(first), DO(REQUEST), SEND(second), DO(CLOSE) \
	}

static const struct example examples[] = {
	{ "whole", NULL, SUM, 11, 99, ONE(WHOLE), ERR_OK, NULL, NO_PART, NULL },
	{ "in chunks, without a sum", NULL, NULL, -1, 99,
		ONE(CHUNKED_HEAD "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"), ERR_OK, NULL, NO_PART,
		NULL },
	{ "cut", NULL, SUM, -1, 99, ONE("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello"),
		ERR_NET, "127.0.0.1", 5, NULL },
	{ "cut, without a sum to go on by", NULL, NULL, -1, 99,
		ONE("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello"), ERR_NET, "127.0.0.1",
		NO_PART, NULL },
	{ "gone on", "hello", SUM, -1, 99, ONE(REST "Content-Range: bytes 5-10/11\r\n\r\n world"),
		ERR_OK, NULL, NO_PART, "Range: bytes=5-\r\n" },
	{ "cut again", "hell", SUM, -1, 99, ONE(REST "Content-Range: bytes 4-10/11\r\n\r\no"),
		ERR_NET, "127.0.0.1", 5, "Range: bytes=4-\r\n" },
	{ "no ranges there", "hellX", SUM, -1, 99, ONE(WHOLE), ERR_OK, NULL, NO_PART,
		"Range: bytes=5-\r\n" },
	{ "a part that nothing vouches for", "hellX", NULL, -1, 99, ONE(WHOLE), ERR_OK, NULL,
		NO_PART, NULL },
	{ "a part of another file", "HELLO", SUM, -1, 99,
		ONE(REST "Content-Range: bytes 5-10/11\r\n\r\n world"), ERR_CORRUPT,
		"not the file that was meant", NO_PART, "Range: bytes=5-\r\n" },
	{ "another part", "hello", SUM, -1, 99,
		ONE(REST "Content-Range: bytes 4-9/11\r\n\r\no worl"), ERR_CORRUPT, "another part",
		NO_PART, "Range: bytes=5-\r\n" },
	{ "a part nobody asked for", NULL, SUM, -1, 99,
		ONE(REST "Content-Range: bytes 5-10/11\r\n\r\n world"), ERR_CORRUPT, "another part",
		NO_PART, NULL },
	{ "a part that is all", "hello world", SUM, -1, 99,
		ONE("HTTP/1.1 416 No\r\nContent-Range: bytes */11\r\nContent-Length: 0\r\n\r\n"),
		ERR_OK, NULL, NO_PART, "Range: bytes=11-\r\n" },
	{ "a part that is too much", "hello world!", SUM, -1, 99,
		TWO("HTTP/1.1 416 No\r\nContent-Range: bytes */11\r\nContent-Length: 0\r\n\r\n",
			WHOLE),
		ERR_OK, NULL, NO_PART, "Range: bytes=12-\r\n" },
	{ "a part longer than the file", "hello world!", SUM, 11, 99, ONE(WHOLE), ERR_OK, NULL,
		NO_PART, NULL },
	{ "another file", NULL, OTHER_SUM, -1, 99, ONE(WHOLE), ERR_CORRUPT, SUM, NO_PART, NULL },
	{ "a length below the truth", NULL, SUM, -1, 99,
		ONE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello world"), ERR_CORRUPT,
		"SHA-256", NO_PART, NULL },
	{ "a length above the truth", NULL, SUM, -1, 99,
		ONE("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world"), ERR_NET,
		"127.0.0.1", 11, NULL },
	{ "a length that does not belong", NULL, SUM, 12, 99, ONE(WHOLE), ERR_CORRUPT,
		"11 bytes, not the 12", NO_PART, NULL },
	{ "chunks of another length", NULL, NULL, 12, 99,
		ONE(CHUNKED_HEAD "b\r\nhello world\r\n0\r\n\r\n"), ERR_CORRUPT,
		"11 bytes came where 12", NO_PART, NULL },
	{ "too long, as it says", NULL, SUM, -1, 10, ONE(WHOLE), ERR_TOO_BIG, "11 bytes", NO_PART,
		NULL },
	{ "too long, and silent about it", NULL, SUM, -1, 1000,
		{ DO(ACCEPT), DO(REQUEST), SEND("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
			FLOOD(100000), DO(CLOSE) },
		ERR_TOO_BIG, "goes on past 1000", NO_PART, NULL },
	{ "not there", NULL, SUM, -1, 99, ONE("HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno!"),
		ERR_NOT_FOUND, "status 404", NO_PART, NULL },
	{ "not for all", NULL, SUM, -1, 99, ONE("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
		ERR_REFUSED, "status 401", NO_PART, NULL },
	{ "not now", "hello", SUM, -1, 99, ONE("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"),
		ERR_PROVIDER, "status 503", 5, "Range: bytes=5-\r\n" },
	{ "elsewhere on the same host", "hello", SUM, -1, 99,
		TWO("HTTP/1.1 302 Found\r\nLocation: /x?sig=1\r\nContent-Length: 4\r\n\r\nmove",
			REST "Content-Range: bytes 5-10/11\r\n\r\n world"),
		ERR_OK, NULL, NO_PART, "Range: bytes=5-\r\n" },
	{ "to nowhere", NULL, SUM, -1, 99, ONE("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
		ERR_PROVIDER, "redirects to nowhere", NO_PART, NULL },
	{ "to what is not the web", NULL, SUM, -1, 99,
		ONE("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: "
		    "0\r\n\r\n"),
		ERR_PROVIDER, "redirects to nowhere", NO_PART, NULL },
};

static void check_example(struct world *w, const struct example *x)
{
	struct buf text = BUF(BUF_LINE_MAX);

	check_err(w->result.err, x->err);
	assert_int_equal(w->ends, 1);
	assert_int_equal(part_size(w), x->left);
	assert_int_equal(is_there(w->path), !x->err);
	if (!x->err) {
		assert_int_equal(file_read(w->path, &text), 0);
		check_buf(&text, "hello world");
	}
	if (x->words ? !holds(&w->say, x->words) : w->say.len > 0)
		fail_msg("%s: said \"%s\"", x->say, w->say.ptr);
	if (x->range ? !asked(w, 0, x->range) : asked(w, 0, "Range: "))
		fail_msg("%s: the first request is another one", x->say);
	buf_release(&text);
}

static void the_file_is_there_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *x = &examples[i];
		struct world w;

		print_message("# %s\n", x->say);
		world_open(&w, x->script);
		if (x->part)
			put_part(&w, x->part);
		begin(&w, x->sha256, x->size, x->most);
		while (!w.ends)
			turn(&w.stage);
		check_example(&w, x);
		world_close(&w);
	}
}

static void it_follows_so_many_redirects_and_no_more(void **state)
{
#define HOP DO(REQUEST), SEND("HTTP/1.1 307 On\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n")
	static const struct raw_step enough[] = { DO(ACCEPT), HOP, HOP, HOP, HOP, HOP, DO(REQUEST),
		SEND(WHOLE), DO(END) };
	static const struct raw_step too_many[] = { DO(ACCEPT), HOP, HOP, HOP, HOP, HOP, HOP,
		DO(END) };
	struct world w;

	(void)state;
	world_open(&w, enough);
	begin(&w, SUM, 11, 99);
	while (!w.ends)
		turn(&w.stage);
	check_err(w.result.err, ERR_OK);
	world_close(&w);
	world_open(&w, too_many);
	begin(&w, SUM, 11, 99);
	while (!w.ends)
		turn(&w.stage);
	check_err(w.result.err, ERR_PROVIDER);
	assert_true(holds(&w.say, "redirects more than 5 times"));
	world_close(&w);
}

/* Nothing that a signed address has in its path or query may be read by others. */
static void words_name_hosts_only(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 302 On\r\nLocation: /secret?sig=secret\r\nContent-Length: "
		     "0\r\n\r\n"),
		DO(REQUEST), SEND("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), DO(END) };
	struct world w;

	(void)state;
	world_open(&w, script);
	begin(&w, SUM, 11, 99);
	while (!w.ends)
		turn(&w.stage);
	check_err(w.result.err, ERR_PROVIDER);
	assert_true(holds(&w.say, "http://127.0.0.1:") && !holds(&w.say, "secret"));
	world_close(&w);
}

static void an_interrupt_keeps_what_came(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello"), DO(GONE), DO(END) };
	struct world w;
	struct download *d;

	(void)state;
	world_open(&w, script);
	d = begin(&w, SUM, 11, 99);
	while (part_size(&w) < 5)
		turn(&w.stage);
	assert_true(w.calls > 0);
	download_cancel(&d);
	assert_null(d);
	until_script_ends(&w.stage);
	assert_int_equal(w.ends, 0);
	assert_int_equal(part_size(&w), 5);
	assert_false(is_there(w.path));
	world_close(&w);
}

static void a_full_disk_is_said_and_what_came_is_kept(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world"), DO(END) };
	struct rlimit before, small;
	struct world w;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	world_open(&w, script);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 7;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	begin(&w, SUM, 11, 99);
	while (!w.ends)
		turn(&w.stage);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	check_err(w.result.err, ERR_FULL);
	assert_true(holds(&w.say, "may not grow further"));
	assert_int_equal(part_size(&w), 7);
	world_close(&w);
}

static void a_folder_that_is_not_there_is_said_at_once(void **state)
{
	static const struct raw_step script[] = { DO(END) };
	struct buf why = BUF(BUF_WHY_MAX);
	struct download *d = NULL;
	struct world w;
	struct download_request request = { .url = "http://127.0.0.1:9/x",
		.path = "/nonexistent/file",
		.size = -1,
		.size_max = 99,
		.limits = far_limits };

	(void)state;
	world_open(&w, script);
	check_err(download_start(&d, w.stage.http, &request,
			  (struct download_sink){ take_progress, take_end, &w }, &why),
		ERR_IO);
	assert_null(d);
	assert_true(holds(&why, "/nonexistent/file.part"));
	request.path = w.path;
	request.url = "ftp://127.0.0.1/x";
	check_err(download_start(&d, w.stage.http, &request,
			  (struct download_sink){ take_progress, take_end, &w }, &why),
		ERR_CONFIG);
	buf_release(&why);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_there_whole_or_not_at_all),
		cmocka_unit_test(it_follows_so_many_redirects_and_no_more),
		cmocka_unit_test(words_name_hosts_only),
		cmocka_unit_test(an_interrupt_keeps_what_came),
		cmocka_unit_test(a_full_disk_is_said_and_what_came_is_kept),
		cmocka_unit_test(a_folder_that_is_not_there_is_said_at_once),
	};

	return cmocka_run_group_tests(tests, no_proxies, NULL);
}
