/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests, one after another along redirects, into a part of a file. */
#include "core/net/download.h"

#include "core/base/arena.h"
#include "core/base/save.h"
#include "core/base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0600, READ_PIECE = 1 << 16, SLACK = 1 << 16, PASSED_MAX = 1 << 16 };

struct download {
	struct http *http;
	struct arena arena;
	struct download_request request;
	struct download_sink sink;
	struct transfer *transfer;
	char *url, *part; /* url: of this hop */
	int fd;
	int hops;
	int64_t have, resumed, whole;
	struct sha256 sum;
	char hex[SHA256_HEX + 1];
	size_t passed; /* bytes of this answer that are not of the file */
	bool ranged;  /* this request asked for what is missing only */
	bool restart; /* and the answer says: from the beginning, then */
	bool taking;  /* the body belongs into the file */
	enum err err; /* why we stopped it */
	struct buf say;
	char *next; /* where a redirect leads */
};

/* ---- words ------------------------------------------------------------------------------ */

/* "https://host:port" of a URL: the rest may be a secret. */
static struct str origin_of(struct str url)
{
	size_t scheme = str_find(url, STR("://"));
	size_t from = scheme + 3 < url.len ? scheme + 3 : url.len;

	return str_part(url, 0, from + strcspn(url.ptr + from, "/?#"));
}

PRINTF_LIKE(3, 4)
static void fail(struct download *d, enum err err, const char *format, ...)
{
	va_list args;

	if (d->err)
		return;
	d->err = err;
	buf_clear(&d->say);
	va_start(args, format);
	buf_vaddf(&d->say, format, args);
	va_end(args);
}

static void fail_file(struct download *d, int error)
{
	struct buf say = BUF(BUF_WHY_MAX);
	enum err err = save_fail(error, d->part, &say);

	fail(d, err, "%s", say.ptr);
	buf_release(&say);
}

/* ---- the part --------------------------------------------------------------------------- */

static int empty_part(struct download *d)
{
	sha256_begin(&d->sum);
	d->have = d->resumed = 0;
	return ftruncate(d->fd, 0) || lseek(d->fd, 0, SEEK_SET) ? errno : 0;
}

/* What came before counts when a sum will tell whether it belongs here. */
static int read_part(struct download *d)
{
	char *piece = memory_new(READ_PIECE);
	ssize_t got = 1;

	sha256_begin(&d->sum);
	while (d->request.sha256 && got > 0) {
		got = read(d->fd, piece, READ_PIECE);
		if (got > 0) {
			sha256_feed(&d->sum, (struct str){ piece, (size_t)got });
			d->have += got;
		}
	}
	memory_free(piece);
	d->resumed = d->have;
	if (got < 0 || d->have > d->request.size_max ||
		(d->request.size >= 0 && d->have > d->request.size))
		return empty_part(d);
	return d->have ? 0 : empty_part(d);
}

static int write_part(struct download *d, struct str bytes)
{
	while (bytes.len) {
		ssize_t done = write(d->fd, bytes.ptr, bytes.len);

		if (done < 0 && errno != EINTR)
			return errno;
		if (done > 0) {
			sha256_feed(&d->sum, str_part(bytes, 0, (size_t)done));
			bytes = str_part(bytes, (size_t)done, bytes.len);
			d->have += done;
		}
	}
	return 0;
}

/* ---- the head of an answer -------------------------------------------------------------- */

static int64_t header_number(const struct transfer *t, const char *name)
{
	int64_t number;

	return str_to_int(str_of(transfer_header(t, name)), &number) && number >= 0 ? number : -1;
}

/* "bytes 100-199/200", or "bytes * /200" without the blank; -1 for what it does not say. */
static void read_range(const struct transfer *t, int64_t *from, int64_t *whole)
{
	struct str rest = str_of(transfer_header(t, "Content-Range")), piece;

	*from = *whole = -1;
	if (!str_starts_nocase(rest, "bytes "))
		return;
	rest = str_part(rest, 6, rest.len);
	if (str_cut(&rest, '/', &piece) && !str_to_int(rest, whole))
		*whole = -1;
	if (!str_to_int(str_part(piece, 0, str_find_char(piece, '-')), from))
		*from = -1;
}

/* A whole length that was not promised, or that nobody wants. */
static void check_whole(struct download *d)
{
	const struct download_request *r = &d->request;

	if (d->whole >= 0 && r->size >= 0 && d->whole != r->size)
		fail(d, ERR_CORRUPT,
			"%s: the server has %lld bytes, not the %lld that belong there: has the "
			"model changed?",
			r->path, (long long)d->whole, (long long)r->size);
	else if (d->whole > r->size_max)
		fail(d, ERR_TOO_BIG, "%s: %lld bytes are more than such a file may have (%lld)",
			r->path, (long long)d->whole, (long long)r->size_max);
}

static void begin_whole(struct download *d, const struct transfer *t)
{
	int error = d->have ? empty_part(d) : 0;

	d->whole = header_number(t, "Content-Length");
	if (error)
		fail_file(d, error);
}

static void begin_rest(struct download *d, const struct transfer *t)
{
	int64_t from;

	read_range(t, &from, &d->whole);
	if (!d->ranged || from != d->have)
		fail(d, ERR_CORRUPT,
			"%s: %.*s sent another part of it than it was asked for: try again",
			d->request.path, STR_ARG(origin_of(str_of(d->url))));
}

/* The part is as long as the file, or longer than it: the sum will tell, or it begins anew. */
static void end_of_range(struct download *d, const struct transfer *t)
{
	int64_t from, whole;

	read_range(t, &from, &whole);
	if (d->ranged && whole != d->have)
		d->restart = true;
}

static void follow(struct download *d, const struct transfer *t)
{
	struct str where = str_of(transfer_header(t, "Location"));
	struct str origin = origin_of(str_of(d->url));

	if (str_starts(where, "//"))
		where = arena_format(&d->arena, "%.*s%.*s", (int)str_find_char(origin, '/'),
			origin.ptr, STR_ARG(where));
	else if (str_starts(where, "/"))
		where = arena_format(&d->arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(where));
	if (++d->hops > DOWNLOAD_HOPS_MAX)
		fail(d, ERR_PROVIDER, "%.*s: it redirects more than %d times", STR_ARG(origin),
			DOWNLOAD_HOPS_MAX);
	else if (!str_starts_nocase(where, "https://") && !str_starts_nocase(where, "http://"))
		fail(d, ERR_PROVIDER, "%.*s: it redirects to nowhere", STR_ARG(origin));
	else if (str_starts_nocase(origin, "https://") && !str_starts_nocase(where, "https://"))
		fail(d, ERR_REFUSED,
			"%.*s: it redirects to %.*s, which is not https: that is not followed",
			STR_ARG(origin), STR_ARG(origin_of(where)));
	else
		d->next = arena_text(&d->arena, arena_str(&d->arena, where).ptr);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void refuse(struct download *d, int status)
{
	struct str origin = origin_of(str_of(d->url));

	if (status == 404 || status == 410)
		fail(d, ERR_NOT_FOUND, "%s: %.*s does not have it (status %d): check its name",
			d->request.path, STR_ARG(origin), status);
	else if (status == 401 || status == 403)
		fail(d, ERR_REFUSED,
			"%s: %.*s does not give it to everyone (status %d): fetch it by hand",
			d->request.path, STR_ARG(origin), status);
	else
		fail(d, ERR_PROVIDER, "%s: %.*s answered with status %d: try again later",
			d->request.path, STR_ARG(origin), status);
}

static void take_head(void *ctx, int status, const struct transfer *t)
{
	struct download *d = ctx;

	d->whole = -1;
	d->passed = 0;
	d->taking = status == 200 || status == 206;
	if (status == 200)
		begin_whole(d, t);
	else if (status == 206)
		begin_rest(d, t);
	else if (is_redirect(status))
		follow(d, t);
	else if (status == 416 && d->ranged)
		end_of_range(d, t);
	else
		refuse(d, status);
	if (d->taking)
		check_whole(d);
}

/* ---- its body and end ------------------------------------------------------------------- */

static enum http_verdict take_body(void *ctx, struct str bytes)
{
	struct download *d = ctx;
	int error;

	if (!d->taking) {
		/* a few words about a redirect or a 404 are read, so that the connection stays */
		d->passed += bytes.len;
		return d->passed > PASSED_MAX ? HTTP_STOP : HTTP_GO_ON;
	}
	if (d->err)
		return HTTP_STOP;
	if (d->have + (int64_t)bytes.len > d->request.size_max) {
		fail(d, ERR_TOO_BIG, "%s: it goes on past %lld bytes, which no such file has",
			d->request.path, (long long)d->request.size_max);
		return HTTP_STOP;
	}
	error = write_part(d, bytes);
	if (error)
		fail_file(d, error);
	else if (d->sink.progress)
		d->sink.progress(d->sink.ctx, d->have, d->whole);
	return error ? HTTP_STOP : HTTP_GO_ON;
}

static void check_file(struct download *d)
{
	const struct download_request *r = &d->request;

	sha256_end(&d->sum, d->hex);
	if ((d->whole >= 0 && d->have != d->whole) || (r->size >= 0 && d->have != r->size))
		fail(d, ERR_CORRUPT, "%s: %lld bytes came where %lld belong: try again", r->path,
			(long long)d->have, (long long)(r->size >= 0 ? r->size : d->whole));
	else if (r->sha256 && strcmp(d->hex, r->sha256) != 0)
		fail(d, ERR_CORRUPT,
			"%s: what came has the SHA-256 %s, not %s: it is not the file that was "
			"meant, and was removed",
			r->path, d->hex, r->sha256);
}

static void place_file(struct download *d)
{
	int error = fsync(d->fd) ? errno : 0;

	if (close(d->fd) && !error)
		error = errno;
	d->fd = -1;
	if (!error && rename(d->part, d->request.path))
		error = errno;
	if (error)
		fail_file(d, error);
	else
		save_sync(d->request.path);
}

static void download_free(struct download *d)
{
	if (d->fd >= 0)
		close(d->fd);
	buf_release(&d->say);
	arena_release(&d->arena);
	memory_free(d);
}

static void finish(struct download *d)
{
	struct download_result result;

	if (!d->err)
		check_file(d);
	if (!d->err)
		place_file(d);
	/* A part from which nothing can go on is of no use. */
	if (d->err == ERR_CORRUPT || d->err == ERR_TOO_BIG ||
		(d->err && (!d->have || !d->request.sha256)))
		unlink(d->part);
	result = (struct download_result){
		.err = d->err,
		.size = d->have,
		.resumed = d->resumed,
		.sha256 = d->hex,
		.say = buf_str(&d->say),
	};
	d->sink.end(d->sink.ctx, &result);
	download_free(d);
}

static enum err ask(struct download *d, struct buf *why);

static void go_on(struct download *d)
{
	struct buf say = BUF(BUF_WHY_MAX);
	int error = d->restart ? empty_part(d) : 0;
	enum err err;

	if (d->next)
		d->url = d->next;
	d->next = NULL;
	d->restart = false;
	if (error)
		fail_file(d, error);
	err = d->err ? d->err : ask(d, &say);
	if (err) {
		fail(d, err, "%s", say.ptr);
		finish(d);
	}
	buf_release(&say);
}

static void take_end(void *ctx, const struct http_result *result)
{
	struct download *d = ctx;
	bool again = !d->err && (d->next || d->restart);

	d->transfer = NULL;
	if (again) {
		go_on(d);
		return;
	}
	if (result->err)
		fail(d, result->err, "%.*s", STR_ARG(result->say));
	finish(d);
}

static enum err ask(struct download *d, struct buf *why)
{
	struct str range = arena_format(&d->arena, "bytes=%lld-", (long long)d->have);
	const struct http_header headers[] = {
		{ "Accept-Encoding", "identity" },
		{ "Range", range.ptr },
	};
	const struct http_request request = {
		.method = "GET",
		.url = d->url,
		.headers = headers,
		.header_count = d->have ? 2 : 1,
		.limits = d->request.limits,
		.body_max = (size_t)(d->request.size_max + SLACK),
	};

	d->ranged = d->have > 0;
	return http_start(d->http, &request,
		(struct http_sink){ take_head, take_body, take_end, d }, &d->transfer, why);
}

static enum err open_part(struct download *d, struct buf *why)
{
	int error = 0;

	d->fd = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	if (d->fd < 0)
		error = errno;
	if (!error)
		error = read_part(d);
	return error ? save_fail(error, d->part, why) : ERR_OK;
}

enum err download_start(struct download **out, struct http *http,
	const struct download_request *request, struct download_sink sink, struct buf *why)
{
	struct download *d = memory_new(sizeof(*d));
	enum err err;

	*d = (struct download){
		.http = http,
		.request = *request,
		.sink = sink,
		.fd = -1,
		.whole = -1,
		.say = BUF(BUF_WHY_MAX),
	};
	d->url = arena_text(&d->arena, request->url);
	d->request.path = arena_text(&d->arena, request->path);
	d->request.sha256 = request->sha256 ? arena_text(&d->arena, request->sha256) : NULL;
	d->part = arena_text(&d->arena, arena_format(&d->arena, "%s.part", request->path).ptr);
	err = open_part(d, why);
	if (!err)
		err = ask(d, why);
	if (err)
		download_free(d);
	else
		*out = d;
	return err;
}

void download_cancel(struct download **d)
{
	if (!*d)
		return;
	if ((*d)->transfer)
		transfer_cancel(&(*d)->transfer);
	download_free(*d);
	*d = NULL;
}
