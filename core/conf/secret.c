/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading keys. Nothing here repeats a byte of one. */
#include "core/conf/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void secret_wipe(struct secret *s)
{
	/* A plain memset of something that is not read again may be left out by the compiler. */
	volatile char *at = s->text;

	for (size_t i = 0; i < sizeof(s->text); i++)
		at[i] = 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(char *text)
{
	size_t begin = 0, len = strlen(text);

	while (len && is_blank(text[len - 1]))
		len--;
	while (begin < len && is_blank(text[begin]))
		begin++;
	memmove(text, text + begin, len - begin);
	memset(text + len - begin, 0, begin);
	text[len - begin] = '\0';
}

/* A key goes into a header line: only visible ASCII can. */
static bool is_fit(const char *key)
{
	for (; *key; key++)
		if (*key <= 0x20 || *key >= 0x7F)
			return false;
	return true;
}

/* The path with "~/" at its home. False when it is too long or there is no home. */
static bool find_file(const struct provider *p, const char *home, char *path, size_t size)
{
	struct str file = p->key_file;
	int len;

	if (!str_starts(file, "~/"))
		len = snprintf(path, size, "%.*s", STR_ARG(file));
	else if (home)
		len = snprintf(path, size, "%s%.*s", home, STR_ARG(str_part(file, 1, file.len)));
	else
		return false;
	return len > 0 && (size_t)len < size;
}

/* NULL, or what is wrong with the file, as the end of a sentence. */
static const char *open_file(const char *path, int *fd)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? "is not there"
							    : "cannot be read by this user";
	if (fstat(*fd, &st) || !S_ISREG(st.st_mode))
		return "is not a plain file";
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return "can be read by others: make it yours alone with chmod 600";
	if (st.st_size >= SECRET_MAX)
		return "is too long for a key";
	return NULL;
}

static bool read_all(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < size - 1) {
		got = read(fd, text + len, size - 1 - len);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			len += (size_t)got;
	}
	text[len] = '\0';
	return got == 0 && strlen(text) == len;
}

static const char *read_file(struct secret *s, const struct provider *p, const char *home)
{
	char path[4096];
	const char *wrong;
	int fd = -1;

	if (!find_file(p, home, path, sizeof(path)))
		return "has no home: $HOME is not set or too long";
	wrong = open_file(path, &fd);
	if (!wrong && !read_all(fd, s->text, sizeof(s->text)))
		wrong = "cannot be read";
	if (fd >= 0)
		close(fd);
	if (wrong)
		return wrong;
	trim(s->text);
	if (!s->text[0])
		return "is empty";
	return is_fit(s->text) ? NULL : "holds more than a key: blanks or other characters";
}

static const char *ask(const struct provider *p,
	const char *(*env)(void *ctx, const char *name), void *env_ctx)
{
	char name[128];
	const char *value;

	if (!p->key_env.len || p->key_env.len >= sizeof(name) || !env)
		return NULL;
	memcpy(name, p->key_env.ptr, p->key_env.len);
	name[p->key_env.len] = '\0';
	value = env(env_ctx, name);
	return value && *value ? value : NULL;
}

static enum err no_key(const struct provider *p, struct buf *why)
{
	why_set(why, "no API key: set $%.*s, or name a file in providers.%.*s.key_file",
		STR_ARG(p->key_env), STR_ARG(p->name));
	return ERR_KEY;
}

static enum err take_variable(
	struct secret *s, const struct provider *p, const char *value, struct buf *why)
{
	size_t len = strlen(value);

	if (len >= sizeof(s->text) || !is_fit(value)) {
		why_set(why, "what $%.*s holds cannot be an API key: %s", STR_ARG(p->key_env),
			len >= sizeof(s->text) ? "it is too long"
					       : "there are blanks or other characters in it");
		return ERR_KEY;
	}
	memcpy(s->text, value, len + 1);
	return ERR_OK;
}

enum err secret_read(struct secret *s, const struct provider *p,
	const char *(*env)(void *ctx, const char *name), void *env_ctx, struct buf *why)
{
	const char *value = ask(p, env, env_ctx), *wrong;

	s->text[0] = '\0';
	if (!p->key_env.len && !p->key_file.len)
		return ERR_OK;
	if (value)
		return take_variable(s, p, value, why);
	if (!p->key_file.len)
		return no_key(p, why);
	wrong = read_file(s, p, env ? env(env_ctx, "HOME") : NULL);
	if (!wrong)
		return ERR_OK;
	secret_wipe(s);
	why_set(why, "its key file %.*s %s", STR_ARG(p->key_file), wrong);
	return ERR_KEY;
}

bool secret_is_there(
	const struct provider *p, const char *(*env)(void *ctx, const char *name), void *env_ctx)
{
	struct secret s;
	bool there;

	/* One that cannot be a key is there all the same: reading it says what is wrong with it. */
	if (p->key_env.len && ask(p, env, env_ctx))
		return true;
	there = !secret_read(&s, p, env, env_ctx, NULL);
	secret_wipe(&s);
	return there;
}
