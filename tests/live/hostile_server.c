/* SPDX-License-Identifier: GPL-3.0-or-later
 * A provider that answers every request with the bytes of a file, a few at a time. `@KEY@` in them
 * becomes the key that the request came with. Its port is on stdout; it ends when it is killed.
 *
 *	hostile_server FILE
 */
#include "core/base/buf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 22, PIECE = 7, READ_PIECE = 4096 };

static int listen_on_loopback(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) || listen(fd, 16) ||
		getsockname(fd, (struct sockaddr *)&address, &len))
		return -1;
	*port = ntohs(address.sin_port);
	return fd;
}

/* The value of a field of the request, without blanks around it; STR_NONE without one. */
static struct str field(struct str request, const char *name)
{
	struct str line;

	while (str_cut(&request, '\n', &line) && str_trim(line).len)
		if (str_starts_nocase(line, name))
			return str_trim(str_part(line, strlen(name), line.len));
	return STR_NONE;
}

static bool is_whole(struct str request)
{
	size_t head = str_find(request, STR("\r\n\r\n")) + 4;
	int64_t length = 0;

	if (head > request.len)
		return false;
	(void)str_to_int(field(request, "Content-Length:"), &length);
	return request.len >= head + (size_t)length;
}

static bool read_request(int fd, struct buf *request)
{
	while (!is_whole(buf_str(request))) {
		char *room = buf_room(request, READ_PIECE);
		ssize_t got = room ? read(fd, room, READ_PIECE) : 0;

		if (got <= 0)
			return false;
		buf_grew(request, (size_t)got);
	}
	return true;
}

static void write_pieces(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t sent = write(fd, bytes.ptr, bytes.len < PIECE ? bytes.len : PIECE);

		if (sent <= 0)
			return;
		bytes = str_part(bytes, (size_t)sent, bytes.len);
	}
}

static void answer(int fd, struct str canned)
{
	struct buf request = BUF(REQUEST_MAX), reply = BUF(REQUEST_MAX);
	const struct str mark = STR("@KEY@");
	struct str key;
	size_t at;

	if (read_request(fd, &request)) {
		key = field(buf_str(&request), "Authorization: Bearer");
		while ((at = str_find(canned, mark)) < canned.len) {
			buf_add_str(&reply, str_part(canned, 0, at));
			buf_add_str(&reply, key);
			canned = str_part(canned, at + mark.len, canned.len);
		}
		buf_add_str(&reply, canned);
		write_pieces(fd, buf_str(&reply));
		shutdown(fd, SHUT_WR);
		while (buf_room(&request, READ_PIECE) &&
			read(fd, request.ptr + request.len, READ_PIECE) > 0)
			;
	}
	buf_release(&request);
	buf_release(&reply);
}

static bool read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	size_t got = 1;

	while (file && got) {
		char *room = buf_room(out, READ_PIECE);

		got = room ? fread(room, 1, READ_PIECE, file) : 0;
		buf_grew(out, got);
	}
	return file && !fclose(file);
}

int main(int argc, char **argv)
{
	struct buf canned = BUF(REQUEST_MAX);
	int port, one = 1, listener = listen_on_loopback(&port);

	signal(SIGPIPE, SIG_IGN);
	if (argc != 2 || listener < 0 || !read_file(argv[1], &canned))
		return 2;
	printf("%d\n", port);
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		answer(fd, buf_str(&canned));
		close(fd);
	}
}
