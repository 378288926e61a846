/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every C test includes: cmocka, and comparisons that speak our types.
 */
#ifndef WEIR_TESTS_CHECK_H
#define WEIR_TESTS_CHECK_H

#include "core/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define check_str(s, text)                                                                        \
	do {                                                                                      \
		struct str got_ = (s);                                                            \
		const char *want_ = (text);                                                       \
		if (!str_is(got_, want_))                                                         \
			fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got_), want_);             \
	} while (0)

#define check_buf(b, text) check_str(buf_str(b), text)

#define check_err(call, want)                                                                     \
	do {                                                                                      \
		enum err got_ = (call);                                                           \
		if (got_ != (want))                                                               \
			fail_msg("got %s, want %s", err_name(got_), err_name(want));             \
	} while (0)

#define check_ok(call) check_err(call, ERR_OK)

#endif
