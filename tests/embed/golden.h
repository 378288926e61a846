/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files of texts with the ids that the original gave them (golden.js): one JSON object a line.
 */
#ifndef WEIR_TESTS_EMBED_GOLDEN_H
#define WEIR_TESTS_EMBED_GOLDEN_H

#include "core/base/json.h"
#include "core/embed/mapped.h"
#include "core/embed/wordpiece.h"
#include "tests/check.h"

enum { GOLDEN_IDS_MAX = 1 << 16, GOLDEN_FILE_MAX = 1 << 28 };

static inline struct mapped golden_file(const char *path)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct mapped file;

	if (mapped_open(&file, path, GOLDEN_FILE_MAX, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
	return file;
}

struct golden {
	json_t *row;
	struct str rules, text;
	const json_t *ids;
	struct buf bytes; /* of a text in hexadecimal */
};

static inline void golden_read(struct golden *g, struct str line)
{
	static const char digits[] = "0123456789abcdef";
	struct buf why = BUF(BUF_WHY_MAX);
	struct str hex;

	*g = (struct golden){ .bytes = BUF(BUF_TEXT_MAX) };
	if (json_read(line, JSON_READ_STRICT, &g->row, &why))
		fail_msg("%s", why.ptr);
	g->rules = json_get_text(g->row, "rules");
	g->text = json_get_text(g->row, "text");
	g->ids = json_object_get(g->row, "ids");
	hex = json_get_text(g->row, "hex");
	for (size_t i = 0; i + 1 < hex.len; i += 2)
		buf_add_char(&g->bytes, (char)((strchr(digits, hex.ptr[i]) - digits) * 16 +
						strchr(digits, hex.ptr[i + 1]) - digits));
	if (hex.ptr)
		g->text = buf_str(&g->bytes);
	assert_true(g->text.ptr && json_is_array(g->ids));
	buf_release(&why);
}

static inline void golden_release(struct golden *g)
{
	json_decref(g->row);
	buf_release(&g->bytes);
}

static inline bool golden_is_equal(const struct golden *g, const int32_t *ids, size_t count)
{
	bool equal = json_array_size(g->ids) == count;

	for (size_t i = 0; equal && i < count; i++)
		equal = json_integer_value(json_array_get(g->ids, i)) == ids[i];
	return equal;
}

/* How many rows there were for `rules`; each must be equal. */
static inline size_t golden_check(const struct wordpiece *w, struct str rows, const char *rules)
{
	static int32_t ids[GOLDEN_IDS_MAX];
	size_t checked = 0;
	struct str line;

	while (rows.len && str_cut(&rows, '\n', &line)) {
		struct golden g;

		golden_read(&g, line);
		if (str_is(g.rules, rules)) {
			size_t count = wordpiece_encode(w, g.text, true, ids, GOLDEN_IDS_MAX);

			if (!golden_is_equal(&g, ids, count))
				fail_msg("not equal: %.*s", STR_ARG(line));
			checked++;
		}
		golden_release(&g);
	}
	return checked;
}

#endif
