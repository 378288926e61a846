/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can go wrong, as one list: the code, its name, the exit status of the program, and a
 * sentence. A function that can fail returns `enum err`; when words are due it takes a
 * `struct buf *why` last and puts a sentence there that can be shown as it is (what, where, the
 * mend). `why` is untouched on success and may be NULL.
 */
#ifndef WEIR_BASE_ERR_H
#define WEIR_BASE_ERR_H

/* code, exit status, sentence */
#define ERR_LIST(X)                                                                               \
	X(OK, 0, "done")                                                                          \
	X(USAGE, 2, "the command line is wrong")                                                  \
	X(CONFIG, 2, "the configuration is wrong")                                                \
	X(KEY, 2, "an API key is missing")                                                        \
	X(SYNTAX, 2, "the input cannot be read")                                                  \
	X(NOT_FOUND, 1, "there is no such thing")                                                 \
	X(AMBIGUOUS, 2, "the name stands for several things")                                     \
	X(IO, 1, "reading or writing failed")                                                     \
	X(FULL, 1, "the disk is full")                                                            \
	X(READ_ONLY, 1, "the place is read-only")                                                 \
	X(BUSY, 1, "another process holds it")                                                    \
	X(CORRUPT, 1, "the data is damaged")                                                      \
	X(NEWER, 1, "the data was written by a newer version")                                    \
	X(TOO_BIG, 1, "the input is larger than the limit")                                       \
	X(NET, 1, "the connection failed")                                                        \
	X(TLS, 1, "the secure connection failed")                                                 \
	X(TIMEOUT, 1, "the time limit passed")                                                    \
	X(PROVIDER, 1, "the provider reported an error")                                          \
	X(REFUSED, 3, "refused by policy")                                                        \
	X(CANCELLED, 130, "interrupted")

enum err {
#define X(code, status, say) ERR_##code,
	ERR_LIST(X)
#undef X
	ERR_COUNT
};

/* "NOT_FOUND"; stable. */
const char *err_name(enum err err);

/* One sentence without a full stop. */
const char *err_say(enum err err);

/* The exit status of the program for it: 0, 1, 2, 3 or 130. */
int err_exit(enum err err);

#endif
