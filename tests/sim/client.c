/* SPDX-License-Identifier: GPL-3.0-or-later
 * The client of client.h. */
#include "tests/sim/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 * 1024 * 1024, PATIENCE_S = 60 };

int client_connect(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool client_send(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes = str_part(bytes, (size_t)sent, bytes.len);
	}
	return true;
}

bool client_request(int fd, const char *method, const char *path, struct str body)
{
	struct buf head = BUF(BUF_LINE_MAX);
	bool sent;

	buf_addf(&head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n", method, path);
	if (body.ptr)
		buf_addf(&head, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
			body.len);
	buf_add_text(&head, "\r\n");
	sent = client_send(fd, buf_str(&head)) && client_send(fd, body);
	buf_release(&head);
	return sent;
}

/* "1a\r\n...\r\n0\r\n\r\n"; true when the last chunk was there. */
static bool join_chunks(struct str raw, struct buf *out)
{
	for (;;) {
		size_t end = str_find(raw, STR("\r\n")), len;

		if (end == raw.len)
			return false;
		len = strtoul(raw.ptr, NULL, 16);
		raw = str_part(raw, end + 2, raw.len);
		if (len == 0)
			return true;
		buf_add_str(out, str_part(raw, 0, len));
		if (len + 2 > raw.len)
			return false;
		raw = str_part(raw, len + 2, raw.len);
	}
}

static void take_apart(struct str raw, struct client_answer *answer)
{
	size_t end = str_find(raw, STR("\r\n\r\n"));
	struct str head = str_part(raw, 0, end), body = str_part(raw, end + 4, raw.len);
	size_t at = str_find(head, STR("Content-Length: "));

	if (end == raw.len || !str_starts(raw, "HTTP/1.1 "))
		return;
	answer->status = atoi(raw.ptr + 9);
	buf_add_str(&answer->head, head);
	if (str_find(head, STR("Transfer-Encoding: chunked")) < head.len) {
		answer->whole = join_chunks(body, &answer->body);
		return;
	}
	buf_add_str(&answer->body, body);
	answer->whole = at < head.len && strtoul(head.ptr + at + 16, NULL, 10) == body.len;
}

void client_read(int fd, struct client_answer *answer)
{
	struct buf raw = BUF(ANSWER_MAX);
	char piece[16384];
	ssize_t got;

	*answer = (struct client_answer){ .head = BUF(ANSWER_MAX), .body = BUF(ANSWER_MAX) };
	while ((got = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(&raw, piece, (size_t)got);
	close(fd);
	take_apart(buf_str(&raw), answer);
	buf_release(&raw);
}

void client_release(struct client_answer *answer)
{
	buf_release(&answer->head);
	buf_release(&answer->body);
}

void client_ask(int port, const char *method, const char *path, struct str body,
	struct client_answer *answer)
{
	int fd = client_connect(port);

	*answer = (struct client_answer){ .head = BUF(ANSWER_MAX), .body = BUF(ANSWER_MAX) };
	if (fd < 0)
		return;
	client_request(fd, method, path, body);
	client_read(fd, answer);
}
