/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file from a URL, whole and as promised, or not at all.
 *
 * Bytes gather in PATH.part; the file appears as PATH by a rename, after its length and sum have
 * been checked and it is on the disk. What a cut, an interrupt or a full disk leaves in PATH.part
 * is asked for no second time when the file has a sum (only that can tell that old and new bytes
 * belong together); a server that cannot begin in the middle sends all of it anew. A part with the
 * wrong sum is removed.
 *
 * Redirects are followed, unlike everywhere else: no key travels with these requests. At most
 * DOWNLOAD_HOPS_MAX, never from https to http, and errors name hosts only, since the addresses of
 * content networks carry signatures.
 */
#ifndef WEIR_NET_DOWNLOAD_H
#define WEIR_NET_DOWNLOAD_H

#include "core/net/http.h"

enum { DOWNLOAD_HOPS_MAX = 5 };

struct download;

struct download_request {
	const char *url;    /* copied, as all texts here */
	const char *path;   /* its folder is there */
	const char *sha256; /* 64 digits; NULL: whatever comes is taken */
	int64_t size;	    /* in bytes; -1: not known */
	int64_t size_max;   /* what is larger is not taken */
	struct http_limits limits;
};

struct download_result {
	/* NOT_FOUND (404), PROVIDER (other answers), CORRUPT (sum, length), TOO_BIG, FULL and the
	 * like, and http.h's. */
	enum err err;
	int64_t size;	    /* of the file; what has come of it after an error */
	int64_t resumed;    /* bytes that had come before */
	const char *sha256; /* of the whole file */
	struct str say;	    /* words for err; lives for the call */
};

struct download_sink {
	/* `whole` is -1 while it is not known. */
	void (*progress)(void *ctx, int64_t have, int64_t whole);
	/* Once, last, from a turn of the loop; the download is gone after it. */
	void (*end)(void *ctx, const struct download_result *result);
	void *ctx;
};

MUST_CHECK enum err download_start(struct download **d, struct http *http,
	const struct download_request *request, struct download_sink sink, struct buf *why);

/* What has come stays in PATH.part; no call comes after. Clears the pointer. */
void download_cancel(struct download **d);

#endif
