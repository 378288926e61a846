/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words to stdout and stderr, signals to the command that runs. */
#include "tui/cli.h"

#include "core/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	COLUMNS_GUESSED = 79,
	SIGNAL_STATUS = 128,
	READ_PIECE = 65536,
	SIGNAL_LOOK_MS = 200,
	SIGNAL_LOOK_BYTES = 16384
};

/* A closed stdin, stdout or stderr would give its number to the database. */
static void fill_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

void cli_prepare_process(void)
{
	fill_standard_streams();
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write */
}

/* The first failure is the one to tell: libc forgets it. */
static void note_failure(struct cli *cli)
{
	if (!cli->write_error)
		cli->write_error = errno;
}

static void flush_out(struct cli *cli)
{
	if (fflush(stdout))
		note_failure(cli);
}

/* A command that says much before it has begun is not in a turn, where signals arrive: one is
 * looked for now and then. */
static bool is_cut(struct cli *cli, size_t bytes)
{
	cli->unlooked += bytes;
	if (cli->command || cli->unlooked < SIGNAL_LOOK_BYTES)
		return cli->cut;
	cli->unlooked = 0;
	engine_turn(cli->engine, 0);
	return cli->cut = cli->signal != 0;
}

static int columns_of(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* The line of progress is rubbed out by blanks, which every terminal knows. */
static void take_progress_away(struct cli *cli)
{
	if (cli->progress_columns)
		fprintf(stderr, "\r%*s\r", (int)cli->progress_columns, "");
	cli->progress_columns = 0;
}

static void show_progress(void *ctx, struct str line)
{
	struct cli *cli = ctx;
	int columns = columns_of(STDERR_FILENO);
	struct str part = utf8_fit(line, columns > 1 ? (size_t)columns - 1 : COLUMNS_GUESSED);

	take_progress_away(cli);
	if (part.len)
		fprintf(stderr, "%.*s", STR_ARG(part));
	cli->progress_columns = part.len ? utf8_columns(part) : 0;
}

static bool write_words(void *ctx, enum engine_stream stream, struct str text)
{
	struct cli *cli = ctx;
	FILE *file = stream == ENGINE_OUT || cli->notes_on_stdout ? stdout : stderr;

	take_progress_away(cli);
	if (file == stderr)
		flush_out(cli);
	if (is_cut(cli, text.len))
		return false;
	if (fwrite(text.ptr, 1, text.len, file) < text.len && file == stdout)
		note_failure(cli);
	return !ferror(file);
}

/* A read that waits would begin anew after Ctrl-C, so it only begins when something is there. */
static bool wait_for_input(struct cli *cli)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int found;

	do {
		found = poll(&in, 1, SIGNAL_LOOK_MS);
		engine_turn(cli->engine, 0);
	} while (!cli->signal && (found == 0 || (found < 0 && errno == EINTR)));
	return !cli->signal;
}

/* What was said before is out while this waits: a filter answers line by line. */
static enum err read_piece(void *ctx, struct buf *text, struct buf *why)
{
	struct cli *cli = ctx;
	char *room = buf_room(text, READ_PIECE);
	ssize_t got;

	flush_out(cli);
	do {
		if (!wait_for_input(cli)) {
			why_set(why, "interrupted");
			return ERR_CANCELLED;
		}
		if (!room) {
			why_set(why, "stdin: more than %zu MB: give a shorter text",
				text->max / 1000000);
			return ERR_TOO_BIG;
		}
		got = read(STDIN_FILENO, room, READ_PIECE);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		why_set(why, "stdin cannot be read: %s", strerror(errno));
		return ERR_IO;
	}
	buf_grew(text, (size_t)got);
	return ERR_OK;
}

static enum err read_input(void *ctx, struct buf *all, struct buf *why)
{
	enum err err;
	size_t before;

	do {
		before = all->len;
		err = read_piece(ctx, all, why);
	} while (!err && all->len > before);
	return err;
}

static void take_signal(void *ctx, int number)
{
	struct cli *cli = ctx;

	cli->signal = number;
	if (cli->command)
		command_interrupt(cli->command);
}

/* As under nohup: then it stays so. */
static bool is_ignored(int number)
{
	struct sigaction now;

	return !sigaction(number, NULL, &now) && now.sa_handler == SIG_IGN;
}

void cli_begin(struct cli *cli, struct engine *engine)
{
	*cli = (struct cli){ .engine = engine };
	cli->out = (struct engine_out){
		.write = write_words,
		.progress = show_progress,
		.ctx = cli,
		.terminal = { isatty(STDOUT_FILENO), isatty(STDERR_FILENO) },
		.columns = columns_of(STDOUT_FILENO),
		.input_is_terminal = isatty(STDIN_FILENO),
		.read = read_input,
		.read_piece = read_piece,
	};
	engine_on_signal(engine, SIGINT, take_signal, cli);
	engine_on_signal(engine, SIGTERM, take_signal, cli);
	if (!is_ignored(SIGHUP))
		engine_on_signal(engine, SIGHUP, take_signal, cli);
}

int cli_run(struct cli *cli, int argc, const char *const *argv)
{
	int status = 0;

	cli->signal = 0;
	cli->cut = false;
	cli->command = engine_begin(cli->engine, argc, argv, &cli->out);
	while (!command_is_done(cli->command, &status)) {
		flush_out(cli);
		engine_turn(cli->engine, -1);
	}
	command_free(&cli->command);
	flush_out(cli);
	if (cli->write_error && cli->write_error != EPIPE) {
		fprintf(stderr, "weir: stdout cannot be written: %s\n", strerror(cli->write_error));
		status = status ? status : 1;
	}
	if (cli->cut || (cli->signal && cli->signal != SIGINT && status))
		status = SIGNAL_STATUS + cli->signal;
	return status;
}
