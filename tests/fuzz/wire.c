/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a provider's answer: the same text, end, error and usage however they are cut, and
 * an end always: nothing that a provider sends is left open. The first byte chooses what the head
 * said. */
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/fuzz/mutate.h"

struct outcome {
	struct buf text;
	int64_t end;
	struct tokens tokens;
	uint64_t words; /* of error, refusal and reasoning */
};

static const struct {
	int status;
	const char *type;
} heads[] = {
	{ 200, "text/event-stream" },
	{ 200, "application/json" },
	{ 200, NULL },
	{ 429, "application/json" },
	{ 500, "text/html" },
};

static bool take_text(void *ctx, struct str piece)
{
	struct outcome *o = ctx;

	assert_true(piece.len > 0);
	buf_add_str(&o->text, piece);
	return true;
}

static void read_in_steps(struct str bytes, size_t head, size_t step, struct outcome *o)
{
	struct wire_reader r;

	*o = (struct outcome){ .text = BUF(BUF_TEXT_MAX) };
	wire_reader_begin(&r, wire_find(STR("openai")), (struct wire_sink){ take_text, o });
	wire_reader_head(&r, heads[head].status, heads[head].type);
	for (size_t at = 0; at < bytes.len; at += step)
		if (!wire_reader_feed(&r, str_part(bytes, at, step)))
			break;
	wire_reader_end(&r);
	o->end = r.answer.end;
	o->tokens = r.answer.tokens;
	o->words = str_hash(buf_str(&r.answer.error)) ^ str_hash(buf_str(&r.answer.refusal)) * 3 ^
		   str_hash(buf_str(&r.answer.reasoning)) * 5;
	assert_true(o->end != END_NONE);
	assert_true(o->tokens.in == INT_NONE || o->tokens.in >= 0);
	assert_true(o->tokens.out == INT_NONE || o->tokens.out >= 0);
	wire_reader_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = { 1, 7 };
	struct str bytes = { (const char *)data, size };
	size_t head = size ? data[0] % ARRAY_LEN(heads) : 0;
	struct outcome whole, cut;

	read_in_steps(bytes, head, size ? size : 1, &whole);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		read_in_steps(bytes, head, steps[i], &cut);
		assert_true(str_eq(buf_str(&whole.text), buf_str(&cut.text)));
		assert_true(whole.end == cut.end && whole.words == cut.words);
		assert_true(whole.tokens.in == cut.tokens.in);
		assert_true(whole.tokens.out == cut.tokens.out);
		buf_release(&cut.text);
	}
	buf_release(&whole.text);
	return 0;
}

/* The front characters choose the five heads; a comment line takes them in. */
static const char *const seeds[] = {
	"\x7d:c\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	"\"Hi \\ud83d\\ude00\"}}]}\n\n"
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":"
	"{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
	"\n\ndata: {\"error\":{\"message\":\"busy\",\"code\":\"slow_down\"}}\r\n\r\n"
	"data: [DONE]\r\n\r\n",
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"no\",\"reasoning\":\"why\"},"
	"\"finish_reason\":\"length\"}]}\n\n",
	"{\"choices\":[{\"message\":{\"content\":[{\"text\":\"a\"},{\"text\":\"b\"}]},"
	"\"finish_reason\":\"content_filter\"}],\"usage\":{\"prompt_tokens\":-4}}",
	"  {\"object\":\"error\",\"message\":\"no\"}",
	": comment\n\nerror: {\"message\":\"slot\"}\n\n",
	"\x80<html>bad gateway</html>",
};

FUZZ_MAIN(seeds, 3000, "no_answer_is_left_open_or_read_two_ways")
