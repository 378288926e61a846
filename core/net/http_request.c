/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request as a handle of libcurl's: what may be sent is checked here, and the key is wiped here.
 * No words made here hold the URL, a header or the key: each may carry a secret. */
#include "core/net/http_parts.h"

#include "core/base/arena.h"

enum { KEEPALIVE_S = 30 };

static const char user_agent[] = "weir/" WEIR_VERSION;

/* The compiler may not leave it out. */
static void wipe(void *memory, size_t len)
{
	volatile char *at = memory;

	while (len--)
		*at++ = 0;
}

static void wipe_list(struct curl_slist **list)
{
	for (struct curl_slist *l = *list; l; l = l->next)
		wipe(l->data, strlen(l->data));
	curl_slist_free_all(*list);
	*list = NULL;
}

/* A byte that would end the line it stands in. */
static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' ? *text != '\t' : *text == 127)
			return true;
	return false;
}

static bool is_word(const char *text, const char *letters)
{
	return *text && strspn(text, letters) == strlen(text);
}

static const char letters_upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char letters_name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "!#$%&'*+-.^_`|~";

static enum err check_text(const struct http_request *r, struct buf *why)
{
	if (!is_word(r->method, letters_upper)) {
		why_set(why, "the method of a request must be a word such as GET or POST");
		return ERR_CONFIG;
	}
	if (r->key && (has_control(r->key) || strchr(r->key, '\t'))) {
		why_set(why, "the API key holds a control character: was it copied with a line "
			     "end?");
		return ERR_CONFIG;
	}
	if (r->key_header && !is_word(r->key_header, letters_name)) {
		why_set(why, "the header that carries the key cannot be sent: its name takes "
			     "letters, digits and dashes");
		return ERR_CONFIG;
	}
	for (size_t i = 0; i < r->header_count; i++)
		if (!is_word(r->headers[i].name, letters_name) ||
			has_control(r->headers[i].value)) {
			why_set(why, "header %zu of a request cannot be sent: a name takes "
				     "letters, digits and dashes, a value no control characters",
				i + 1);
			return ERR_CONFIG;
		}
	return ERR_OK;
}

/* 127.0.0.0/8, ::1, localhost and all below it. libcurl has already written numbers out. */
static bool is_loopback(struct str host)
{
	int64_t part;
	struct str rest = host, piece;
	size_t parts = 0;

	if (str_ends(host, "."))
		host = str_part(host, 0, host.len - 1);
	if (str_is(host, "[::1]") || str_is_nocase(host, "localhost") ||
		str_is(host, "[::ffff:127.0.0.1]") || str_is(host, "[::ffff:7f00:1]"))
		return true;
	if (host.len > 10 && str_is_nocase(str_part(host, host.len - 10, 10), ".localhost"))
		return true;
	for (rest = host; str_cut(&rest, '.', &piece); parts++)
		if (!str_to_int(piece, &part) || part < 0 || part > 255)
			return false;
	return parts == 4 && str_starts(host, "127.");
}

static void place_set(struct transfer *t, const char *host, const char *port)
{
	buf_addf(&t->place, "%s:%s", host, port);
	t->direct = is_loopback(str_of(host));
}

static enum err read_url(struct transfer *t, CURLU *url, const char *text, struct buf *why)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	bool ok = !curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) &&
		  !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) &&
		  (str_is(str_of(scheme), "http") || str_is(str_of(scheme), "https")) &&
		  !curl_url_get(url, CURLUPART_HOST, &host, 0) && *host &&
		  !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);

	if (ok)
		place_set(t, host, port);
	else
		why_set(why, "the address of a request must look like https://host/v1 or "
			     "http://host:port/v1: is base_url right?");
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return ok ? ERR_OK : ERR_CONFIG;
}

/* False: out of memory, to libcurl. */
static bool add_header(struct transfer *t, const char *name, const char *middle, const char *value)
{
	size_t size = strlen(name) + strlen(middle) + strlen(value) + 1;
	char *line = memory_new(size);
	struct curl_slist *longer;

	snprintf(line, size, "%s%s%s", name, middle, value);
	longer = curl_slist_append(t->headers, line);
	wipe(line, size);
	memory_free(line);
	if (longer)
		t->headers = longer;
	return longer;
}

static bool is_given(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_is_nocase(str_of(r->headers[i].name), name))
			return true;
	return false;
}

static bool add_key(struct transfer *t, const struct http_request *r)
{
	if (!r->key_header || str_is_nocase(str_of(r->key_header), "Authorization"))
		return add_header(t, "Authorization: Bearer ", "", r->key);
	return add_header(t, r->key_header, ": ", r->key);
}

static bool add_headers(struct transfer *t, const struct http_request *r)
{
	bool ok = true;

	for (size_t i = 0; ok && i < r->header_count; i++)
		ok = *r->headers[i].value
			     ? add_header(t, r->headers[i].name, ": ", r->headers[i].value)
			     : add_header(t, r->headers[i].name, ";", "");
	if (r->key)
		ok = ok && add_key(t, r);
	/* What libcurl would add by itself: a wait for "100 Continue", and a false type. */
	if (!is_given(r, "Expect"))
		ok = ok && add_header(t, "Expect:", "", "");
	if (!is_given(r, "Content-Type"))
		ok = ok && add_header(t, "Content-Type:", "", "");
	return ok;
}

#define SET(option, value) (bad |= (unsigned)curl_easy_setopt(easy, (option), (value)))

static unsigned set_protocols(CURL *easy)
{
	unsigned bad = 0;

#if LIBCURL_VERSION_NUM >= 0x075500
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
	SET(CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	return bad;
}

static unsigned set_connection(const struct transfer *t, CURL *easy, const char *ca_file)
{
	unsigned bad = set_protocols(easy);

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_TCP_NODELAY, 1L);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_TCP_KEEPIDLE, (long)KEEPALIVE_S);
	SET(CURLOPT_TCP_KEEPINTVL, (long)KEEPALIVE_S);
	/* The limit is ours; libcurl wants to know it to share it out among addresses. This machine
	 * has one, and a timer of libcurl's for each stream costs 2 us with every chunk of any. */
	if (!t->direct)
		SET(CURLOPT_CONNECTTIMEOUT_MS,
			t->limits.connect_ms > 0 && t->limits.connect_ms < INT32_MAX
				? (long)t->limits.connect_ms
				: (long)INT32_MAX);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* no key to a proxy in front of TLS */
	if (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2)
		SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	if (t->direct)
		SET(CURLOPT_PROXY, "");
	if (ca_file)
		SET(CURLOPT_CAINFO, ca_file);
#if LIBCURL_VERSION_NUM >= 0x075700
	SET(CURLOPT_QUICK_EXIT, 1L); /* a cancel does not wait for the resolver's thread */
#endif
	return bad;
}

static unsigned set_request(struct transfer *t, CURL *easy, const struct http_request *r)
{
	bool is_get = str_is(str_of(r->method), "GET"), is_post = str_is(str_of(r->method), "POST");
	unsigned bad = 0;

	if (is_post || r->body.len) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
		SET(CURLOPT_COPYPOSTFIELDS, r->body.len ? r->body.ptr : "");
	} else if (str_is(str_of(r->method), "HEAD")) {
		SET(CURLOPT_NOBODY, 1L);
	} else {
		SET(CURLOPT_HTTPGET, 1L);
	}
	if (!is_post && (!is_get || r->body.len))
		SET(CURLOPT_CUSTOMREQUEST, r->method);
	SET(CURLOPT_USERAGENT, user_agent);
	SET(CURLOPT_HTTPHEADER, t->headers);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_PRIVATE, t);
	return bad;
}

static enum err set_all(struct transfer *t, const struct http_request *r, struct buf *why)
{
	CURL *easy = t->easy;
	unsigned bad = 0;

	SET(CURLOPT_URL, r->url);
	bad |= set_connection(t, easy, r->ca_file);
	bad |= set_request(t, easy, r);
	if (!bad)
		return ERR_OK;
	why_set(why, "%s: the request cannot be made: is libcurl %s built with http and https?",
		t->place.ptr, curl_version_info(CURLVERSION_NOW)->version);
	return ERR_NET;
}

enum err request_build(struct transfer *t, const struct http_request *request, struct buf *why)
{
	CURLU *url;
	enum err err = check_text(request, why);

	if (err)
		return err;
	t->easy = curl_easy_init();
	url = curl_url();
	if (!t->easy || !url || !add_headers(t, request)) {
		why_set(why, "a request cannot be made: libcurl has no memory");
		err = ERR_NET;
	}
	if (!err)
		err = read_url(t, url, request->url, why);
	if (!err)
		err = set_all(t, request, why);
	curl_url_cleanup(url);
	return err;
}

void request_release(struct transfer *t)
{
	if (t->easy)
		curl_easy_cleanup(t->easy);
	t->easy = NULL;
	wipe_list(&t->headers);
	buf_release(&t->place);
	buf_release(&t->head);
}
