/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a provider's answer, over each wire: the same text, calls, end, error and usage
 * however they are cut, and an end always: nothing that a provider sends is left open. The first
 * byte chooses what the head said. Each line of it, as a chunk, says the same over both of the
 * OpenAI wire's ways. */
#include "core/base/json.h"
#include "tests/fuzz/mutate.h"
#include "tests/wire/two_ways.h"

struct outcome {
	struct buf text;
	int64_t end;
	struct tokens tokens;
	uint64_t words; /* of error, refusal, reasoning, of what is kept, and of calls */
};

static const char *const wires[] = { "openai", "anthropic" };

static const struct {
	int status;
	const char *type;
} heads[] = {
	{ 200, "text/event-stream" },
	{ 200, "application/json" },
	{ 200, NULL },
	{ 429, "application/json" },
	{ 500, "text/html" },
	{ 400, "text/event-stream" },
	{ 200, "application/x-ndjson" },
};

static bool take_text(void *ctx, struct str piece)
{
	struct outcome *o = ctx;

	assert_true(piece.len > 0);
	buf_add_str(&o->text, piece);
	return true;
}

static uint64_t hash_of(const struct wire_answer *a)
{
	const struct buf *texts[] = { &a->error, &a->refusal, &a->reasoning, &a->kept,
		&a->request_id };
	uint64_t hash = a->calls.len;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		hash = hash * 31 + str_hash(buf_str(texts[i]));
	for (size_t i = 0; i < a->calls.len; i++)
		hash = hash * 31 + str_hash(buf_str(&a->calls.ptr[i].id)) +
		       str_hash(buf_str(&a->calls.ptr[i].name)) * 3 +
		       str_hash(buf_str(&a->calls.ptr[i].arguments)) * 5;
	return hash;
}

/* What is kept goes into the next request: it has to be JSON. */
static void check_kept(struct str kept)
{
	json_t *blocks = NULL;

	if (!kept.len)
		return;
	assert_true(json_read(kept, JSON_READ_STRICT, &blocks, NULL) == ERR_OK);
	assert_true(json_is_array(blocks));
	json_decref(blocks);
}

static void read_in_steps(
	const char *wire, struct str bytes, size_t head, size_t step, struct outcome *o)
{
	struct wire_reader r;

	*o = (struct outcome){ .text = BUF(BUF_TEXT_MAX) };
	wire_reader_begin(&r, wire_find(str_of(wire)), (struct wire_sink){ take_text, o });
	wire_reader_head(&r, heads[head].status, heads[head].type);
	for (size_t at = 0; at < bytes.len; at += step)
		if (!wire_reader_feed(&r, str_part(bytes, at, step)))
			break;
	wire_reader_end(&r);
	o->end = r.answer.end;
	o->tokens = r.answer.tokens;
	o->words = hash_of(&r.answer);
	check_kept(buf_str(&r.answer.kept));
	assert_true(o->end != END_NONE);
	assert_true(o->tokens.in == INT_NONE || o->tokens.in >= 0);
	assert_true(o->tokens.out == INT_NONE || o->tokens.out >= 0);
	wire_reader_release(&r);
}

static void read_over(const char *wire, struct str bytes, size_t head)
{
	static const size_t steps[] = { 1, 7 };
	struct outcome whole, cut;

	read_in_steps(wire, bytes, head, bytes.len ? bytes.len : 1, &whole);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		read_in_steps(wire, bytes, head, steps[i], &cut);
		assert_true(str_eq(buf_str(&whole.text), buf_str(&cut.text)));
		assert_true(whole.end == cut.end && whole.words == cut.words);
		assert_true(whole.tokens.in == cut.tokens.in);
		assert_true(whole.tokens.out == cut.tokens.out);
		buf_release(&cut.text);
	}
	buf_release(&whole.text);
}

static void read_both_ways(struct str bytes)
{
	struct str line;

	while (str_cut(&bytes, '\n', &line)) {
		if (str_starts(line, "data:"))
			line = str_part(line, strlen("data:"), line.len);
		assert_true(two_ways_read(str_trim(line), "") != WAYS_DIFFER);
		assert_true(two_ways_read(str_trim(line), "id") != WAYS_DIFFER);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size };
	size_t head = size ? data[0] % ARRAY_LEN(heads) : 0;

	for (size_t i = 0; i < ARRAY_LEN(wires); i++)
		read_over(wires[i], bytes, head);
	read_both_ways(bytes);
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
	"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"choices\":[{"
	"\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"a\",\"refusal\":null},"
	"\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
	"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{"
	"\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}},{\"id\":\"u\",\"function\":{\"name\":\"g\","
	"\"arguments\":{}}}]}}]}\n\ndata: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
	"\"function\":{\"arguments\":\"1}\"}}],\"function_call\":{\"name\":\"h\"}},"
	"\"finish_reason\":\"tool_calls\"}]}\n\n",
	"{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"text\":"
	"\"t\"}]}]}}]}\n{\"choices\":[{\"message\":{\"content\":\"m\"},\"text\":\"x\",\"usage\":{"
	"\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":20,\"cost\":1}}]}\n[DONE]",
	"[{\"error\":{\"code\":429,\"message\":\"{\\\"detail\\\":[{\\\"loc\\\":[1],\\\"msg\\\":"
	"\\\"m\\\"}]}\",\"metadata\":{\"raw\":\"r\",\"provider_name\":\"p\"}}},{\"base_resp\":{"
	"\"status_code\":1}}]",
	"  {\"object\":\"error\",\"message\":\"no\"}",
	": comment\n\nerror: {\"message\":\"slot\"}\n\n",
	"\x80<html>bad gateway</html>",
	"\x7d:c\n\nevent: message_start\ndata: "
	"{\"type\":\"message_start\",\"message\":{\"id\":\"m\","
	"\"usage\":{\"input_tokens\":9,\"cache_read_input_tokens\":4}}}\n\n"
	"data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
	"\"thinking\",\"thinking\":\"\"}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
	"\"delta\":{\"type\":\"signature_delta\",\"signature\":\"S\"}}\n\n"
	"data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":"
	"\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}\n\n"
	"data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":"
	"\"input_json_delta\",\"partial_json\":\"{}\"}}\n\n"
	"data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
	"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":"
	"{\"output_tokens\":3}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
	"{\"type\":\"message\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"x\"},"
	"{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"refusal\",\"stop_details\":"
	"{\"category\":\"bio\"},\"usage\":{\"input_tokens\":3,\"cache_creation\":"
	"{\"ephemeral_1h_input_tokens\":2}}}",
	"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
};

FUZZ_MAIN(seeds, 3000, "no_answer_is_left_open_or_read_two_ways")
