/* SPDX-License-Identifier: GPL-3.0-or-later
 * What looks like the beginning of the secret is held until it is the secret or is not. */
#include "core/base/mask.h"

void mask_begin(struct mask *m, const char *secret)
{
	*m = (struct mask){ .secret = secret, .held = BUF(MASK_SECRET_MAX + BUF_TEXT_MAX) };
	m->len = secret ? strlen(secret) : 0;
}

static size_t common_front(const struct mask *m, struct str text)
{
	size_t same = 0;

	while (same < m->len && same < text.len && text.ptr[same] == m->secret[same])
		same++;
	return same;
}

/* Passes on what is decided; what is left may still become the secret, unless `last`. */
static struct str pass_on(const struct mask *m, struct str text, bool last, struct buf *out)
{
	while (text.len) {
		size_t plain = str_find_char(text, m->secret[0]), same;

		buf_add(out, text.ptr, plain);
		text = str_part(text, plain, text.len);
		same = common_front(m, text);
		if (same < m->len && same == text.len && !last)
			return text;
		if (same == m->len || same >= MASK_FRONT_MIN) {
			buf_add_repeat(out, '*', same);
		} else {
			same = text.len ? 1 : 0;
			buf_add(out, text.ptr, same);
		}
		text = str_part(text, same, text.len);
	}
	return text;
}

void mask_feed(struct mask *m, struct str piece, struct buf *out)
{
	struct str left;

	if (!m->len) {
		buf_add_str(out, piece);
		return;
	}
	buf_add_str(&m->held, piece);
	left = pass_on(m, buf_str(&m->held), false, out);
	buf_drop(&m->held, m->held.len - left.len);
}

void mask_end(struct mask *m, struct buf *out)
{
	if (m->len)
		pass_on(m, buf_str(&m->held), true, out);
	buf_release(&m->held);
}

void mask_text(struct buf *text, const char *secret)
{
	struct buf masked = BUF(text->max);
	struct mask m;

	mask_begin(&m, secret);
	mask_feed(&m, buf_str(text), &masked);
	mask_end(&m, &masked);
	buf_clear(text);
	buf_add_str(text, buf_str(&masked));
	buf_release(&masked);
}
