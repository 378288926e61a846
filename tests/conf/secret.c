/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys: found where they are named, refused where others can read them, repeated nowhere. */
#include "core/conf/secret.h"

#include "tests/conf/fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUSH "sk-hush0123456789"

/* A key file with this text and mode; its path in `path`. */
static void write_key(char *path, size_t size, const char *text, size_t len, mode_t mode)
{
	int fd;

	snprintf(path, size, "/tmp/weir-secret-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static enum err read_key(struct secret *s, const char *key_env, const char *key_file,
	const char *const *env, struct buf *why)
{
	const struct provider p = { .name = STR("acme"),
		.key_env = str_of(key_env),
		.key_file = str_of(key_file) };
	bool there = secret_is_there(&p, fixture_env, (void *)(uintptr_t)env);
	bool unfit;
	enum err err;

	buf_clear(why);
	memset(s, 'x', sizeof(*s));
	err = secret_read(s, &p, fixture_env, (void *)(uintptr_t)env, why);
	/* An unfit one is there, so that it is named instead of passed over. */
	unfit = str_find(buf_str(why), STR("cannot be an API key")) < why->len;
	assert_true(there == (err == ERR_OK || unfit));
	assert_int_equal(str_find(buf_str(why), STR("hush")), why->len);
	if (err)
		assert_int_equal(str_find(str_part((struct str){ s->text, SECRET_MAX }, 0, 64),
					 STR("hush")),
			64);
	return err;
}

static void a_key_comes_from_the_environment(void **state)
{
	static const char *const env[] = { "K=" HUSH, "EMPTY=", "BLANK=" HUSH " x",
		"LINE=" HUSH "\n", "WIDE=" HUSH "\xC3\xA9", NULL };
	struct buf why = BUF(BUF_WHY_MAX);
	struct secret s;

	(void)state;
	check_ok(read_key(&s, "K", NULL, env, &why));
	assert_string_equal(s.text, HUSH);
	secret_wipe(&s);
	for (size_t i = 0; i < sizeof(s.text); i++)
		assert_int_equal(s.text[i], 0);
	check_ok(read_key(&s, NULL, NULL, env, &why));
	assert_string_equal(s.text, "");
	check_err(read_key(&s, "NONE", NULL, env, &why), ERR_KEY);
	check_buf(&why,
		"no API key: set $NONE, or name a file in providers.acme.key_file");
	check_err(read_key(&s, "EMPTY", NULL, env, &why), ERR_KEY);
	check_err(read_key(&s, "NONE", NULL, NULL, &why), ERR_KEY);
	check_err(read_key(&s, "BLANK", NULL, env, &why), ERR_KEY);
	check_buf(&why, "what $BLANK holds cannot be an API key: there are blanks or other "
			"characters in it");
	check_err(read_key(&s, "LINE", NULL, env, &why), ERR_KEY);
	check_err(read_key(&s, "WIDE", NULL, env, &why), ERR_KEY);
	buf_release(&why);
}

static void a_key_that_is_too_long_is_refused(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX), variable = BUF(BUF_LINE_MAX);
	const char *env[] = { NULL, NULL };
	struct secret s;

	(void)state;
	buf_add_text(&variable, "K=");
	buf_add_repeat(&variable, 'k', SECRET_MAX - 1);
	env[0] = variable.ptr;
	check_ok(read_key(&s, "K", NULL, env, &why));
	assert_int_equal(strlen(s.text), SECRET_MAX - 1);
	buf_add_char(&variable, 'k');
	env[0] = variable.ptr;
	check_err(read_key(&s, "K", NULL, env, &why), ERR_KEY);
	check_buf(&why, "what $K holds cannot be an API key: it is too long");
	buf_release(&why);
	buf_release(&variable);
}

static void a_key_file_must_be_its_owners_alone(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		mode_t mode;
		const char *why; /* after the path; NULL: it is read */
	} cases[] = {
		{ HUSH, sizeof(HUSH) - 1, 0600, NULL },
		{ " \t" HUSH "\r\n\n", sizeof(HUSH) + 4, 0400, NULL },
		{ HUSH, sizeof(HUSH) - 1, 0640,
			"can be read by others: make it yours alone with chmod 600" },
		{ HUSH, sizeof(HUSH) - 1, 0604,
			"can be read by others: make it yours alone with chmod 600" },
		{ HUSH, sizeof(HUSH) - 1, 0620,
			"can be read by others: make it yours alone with chmod 600" },
		{ "", 0, 0600, "is empty" },
		{ " \n", 2, 0600, "is empty" },
		{ HUSH "\n" HUSH, 2 * sizeof(HUSH) - 1, 0600,
			"holds more than a key: blanks or other characters" },
		{ HUSH "\x1B[0m", sizeof(HUSH) + 3, 0600,
			"holds more than a key: blanks or other characters" },
		{ HUSH "\0x", sizeof(HUSH) + 1, 0600, "cannot be read" },
	};
	struct buf why = BUF(BUF_WHY_MAX);
	struct secret s;
	char path[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		write_key(path, sizeof(path), cases[i].text, cases[i].len, cases[i].mode);
		check_err(read_key(&s, "NONE", path, NULL, &why), cases[i].why ? ERR_KEY : ERR_OK);
		unlink(path);
		if (!cases[i].why)
			assert_string_equal(s.text, HUSH);
		else
			assert_true(str_ends(buf_str(&why), cases[i].why));
	}
	check_err(read_key(&s, NULL, path, NULL, &why), ERR_KEY);
	assert_true(str_ends(buf_str(&why), "is not there"));
	check_err(read_key(&s, NULL, "/tmp", NULL, &why), ERR_KEY);
	assert_true(str_starts(buf_str(&why), "its key file /tmp "));
	check_err(read_key(&s, NULL, "/dev/zero", NULL, &why), ERR_KEY);
	check_buf(&why, "its key file /dev/zero is not a plain file");
	buf_release(&why);
}

static void the_home_folder_is_the_environments(void **state)
{
	static const char *const env[] = { "HOME=/tmp", "K=" HUSH "-env", NULL };
	struct buf why = BUF(BUF_WHY_MAX), file = BUF(BUF_LINE_MAX);
	struct secret s;
	char path[64];

	(void)state;
	write_key(path, sizeof(path), HUSH, sizeof(HUSH) - 1, 0600);
	buf_addf(&file, "~%s", path + strlen("/tmp"));
	check_ok(read_key(&s, NULL, file.ptr, env, &why));
	assert_string_equal(s.text, HUSH);
	check_ok(read_key(&s, "K", file.ptr, env, &why));
	assert_string_equal(s.text, HUSH "-env");
	check_err(read_key(&s, NULL, file.ptr, NULL, &why), ERR_KEY);
	unlink(path);
	buf_release(&why);
	buf_release(&file);
}

/* However a key gets into a configuration, nothing that is said or shown repeats it. */
static void no_message_repeats_a_key(void **state)
{
	static const char *const files[] = {
		"{\"providers\": {\"p\": {\"key\": \"" HUSH "\"}}}",
		"{\"providers\": {\"p\": {\"API_KEY\": [\"" HUSH "\"]}}}",
		"{\"providers\": {\"p\": {\"token\": {\"x\": \"" HUSH "\"}}}}",
		"{\"providers\": {\"p\": {\"key_env\": \"" HUSH "\"}}}",
		"{\"providers\": {\"p\": {\"key_file\": \"" HUSH "\"}}}",
		"{\"providers\": {\"p\": {\"wire\": \"" HUSH "\"}}}",
		"{\"providers\": {\"p\": {\"rpm\": \"" HUSH "\"}}}",
		"{\"providers\": {\"p\": {\"base_url\": \"https://" HUSH "@h/\"}}}",
		"{\"providers\": {\"p\": {\"base_url\": \"https://h/?k=" HUSH "\"}}}",
		"{\"providers\": {\"p\": \"" HUSH "\"}}",
		"{\"providers\": \"" HUSH "\"}",
		"{\"models\": {\"m\": {\"params\": {\"x\": {\"apikey\": \"" HUSH "\"}}}}}",
		"{\"providers\": {\"p\": {\"key\": \"" HUSH "\n\"}}}",
	};
	static const struct config_set sets[] = {
		{ "providers.p.key", HUSH, NULL },
		{ "providers.p.key_env", HUSH, NULL },
		{ "providers.p.base_url", "http://" HUSH ":x@h", NULL },
		{ "providers.p", HUSH, NULL },
		{ "nowhere", HUSH, NULL },
	};
	struct buf why = BUF(BUF_WHY_MAX);
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		check_err(fixture_open(&c, NULL, files[i], NULL, NULL, 0, &why), ERR_CONFIG);
		assert_int_equal(str_find(buf_str(&why), STR("hush")), why.len);
	}
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		check_err(fixture_open(&c, NULL, "", NULL, &sets[i], 1, &why), ERR_CONFIG);
		assert_int_equal(str_find(buf_str(&why), STR("hush")), why.len);
	}
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_comes_from_the_environment),
		cmocka_unit_test(a_key_that_is_too_long_is_refused),
		cmocka_unit_test(a_key_file_must_be_its_owners_alone),
		cmocka_unit_test(the_home_folder_is_the_environments),
		cmocka_unit_test(no_message_repeats_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
