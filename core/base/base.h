/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every file may take for granted: the standard types, three macros, and the list of
 * functions that nobody may call. Includes no header of ours.
 */
#ifndef WEIR_BASE_BASE_H
#define WEIR_BASE_BASE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(ptr, type, member) ((type *)(void *)((char *)(ptr) - offsetof(type, member)))

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK __attribute__((warn_unused_result))
#else
#define PRINTF_LIKE(fmt, args)
#define MUST_CHECK
#endif

/* They do not compile: unbounded copies, and calls that hide a static buffer or a global state. */
#define strcpy(d, s) banned_use_struct_buf
#define strcat(d, s) banned_use_struct_buf
#define strncpy(d, s, n) banned_use_struct_buf
#define strncat(d, s, n) banned_use_struct_buf
#define sprintf(...) banned_use_buf_addf
#define vsprintf(d, f, a) banned_use_buf_addf
#define gets(s) banned_use_a_bounded_read
#define strtok(s, d) banned_use_str_cut
#define localtime(t) banned_use_localtime_r
#define gmtime(t) banned_use_clock_format
#define ctime(t) banned_use_clock_format
#define asctime(t) banned_use_clock_format
#define rand() banned_use_struct_rng
#define srand(s) banned_use_struct_rng
#define random() banned_use_struct_rng
#define system(c) banned_no_shell
#define popen(c, m) banned_no_shell

#endif
