/* SPDX-License-Identifier: GPL-3.0-or-later
 * The baseline of "weir bench stream": libcurl on curl_multi_socket_action and epoll, and nothing
 * above it. It looks for the moment in each chunk and does no more: no parsing, no record.
 *
 *	raw_stream PORT STREAMS GAP_US */
#define _GNU_SOURCE /* memmem */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, AGES_MAX = 4000000, SETTLE_US = 1000000 };

static const char mark[] = "\"content\":\" ";

static struct {
	CURLM *multi;
	int epoll;
	int64_t timer;      /* when libcurl wants to be called; -1: not */
	int64_t *ages;
	size_t chunks;
	int64_t begun, done;
	int64_t rss_before, rss_full;
} raw;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((int64_t)u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

static int64_t resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (f && fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* A chunk of the server's goes out in one piece, and comes in one. */
static size_t take_body(char *bytes, size_t size, size_t count, void *ctx)
{
	const char *at = bytes, *end = bytes + size * count;
	int64_t now = now_us();

	(void)ctx;
	while ((at = memmem(at, (size_t)(end - at), mark, sizeof(mark) - 1))) {
		at += sizeof(mark) - 1;
		if (raw.chunks < AGES_MAX)
			raw.ages[raw.chunks++] = now - strtoll(at, NULL, 10);
	}
	return size * count;
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct epoll_event e = { .data.fd = fd };

	(void)easy;
	(void)ctx;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(raw.epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	e.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	epoll_ctl(raw.epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e);
	curl_multi_assign(raw.multi, fd, &raw);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *ctx)
{
	(void)multi;
	(void)ctx;
	raw.timer = ms < 0 ? -1 : now_us() + ms * 1000;
	return 0;
}

static void begin_stream(const char *url, struct curl_slist *headers)
{
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_multi_add_handle(raw.multi, easy);
	raw.begun++;
}

static void end_streams(void)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(raw.multi, &left))) {
		CURL *easy = message->easy_handle;

		curl_multi_remove_handle(raw.multi, easy);
		curl_easy_cleanup(easy);
		raw.done++;
	}
}

static void turn(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int running, count;
	int64_t left = raw.timer < 0 ? wait_ms : (raw.timer - now_us() + 999) / 1000;

	count = epoll_wait(raw.epoll, events, EVENTS,
		left < 0 ? 0 : left < wait_ms ? (int)left : wait_ms);
	if (raw.timer >= 0 && raw.timer <= now_us()) {
		raw.timer = -1;
		curl_multi_socket_action(raw.multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	for (int i = 0; i < count; i++)
		curl_multi_socket_action(raw.multi, events[i].data.fd,
			(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) ? CURL_CSELECT_IN : 0) |
				(events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0),
			&running);
	end_streams();
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void run(const char *url, int64_t streams, int64_t gap_us)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	int64_t begun = now_us(), full = begun + streams * gap_us + SETTLE_US;

	headers = curl_slist_append(headers, "Expect:");
	while (raw.done < streams) {
		while (raw.begun < streams && raw.begun <= (now_us() - begun) / gap_us)
			begin_stream(url, headers);
		if (!raw.rss_full && now_us() > full)
			raw.rss_full = resident();
		turn(raw.begun < streams ? 1 : 100);
	}
	curl_slist_free_all(headers);
}

int main(int argc, char **argv)
{
	int64_t spent = cpu_us(), streams = argc > 2 ? atoll(argv[2]) : 0;
	char url[64];

	if (argc != 4 || streams < 1) {
		fputs("usage: raw_stream PORT STREAMS GAP_US\n", stderr);
		return 2;
	}
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", atoi(argv[1]));
	raw.ages = malloc(AGES_MAX * sizeof(*raw.ages));
	raw.timer = -1;
	raw.epoll = epoll_create1(0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	raw.multi = curl_multi_init();
	curl_multi_setopt(raw.multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(raw.multi, CURLMOPT_TIMERFUNCTION, set_timer);
	raw.rss_before = resident();
	run(url, streams, atoll(argv[3]));
	spent = cpu_us() - spent;
	qsort(raw.ages, raw.chunks, sizeof(*raw.ages), by_size);
	printf("{\"chunks\":%zu,\"cpu_us\":%.3f,\"p50_us\":%lld,\"p99_us\":%lld,\"bytes\":%lld}\n",
		raw.chunks, (double)spent / (double)(raw.chunks ? raw.chunks : 1),
		(long long)raw.ages[raw.chunks / 2], (long long)raw.ages[raw.chunks * 99 / 100],
		(long long)((raw.rss_full - raw.rss_before) / streams));
	curl_multi_cleanup(raw.multi);
	curl_global_cleanup();
	free(raw.ages);
	return raw.chunks == 0;
}
