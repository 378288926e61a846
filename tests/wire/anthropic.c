/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Anthropic wire's answers: each trap that a server has set, whole and cut at every byte, with
 * all that must come of it. */
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/check.h"

/* An event as the API writes it; `json` without its braces. */
#define EVENT(type, json) "event: " type "\ndata: {\"type\":\"" type "\"" json "}\n\n"
#define START(id, usage)                                                                        \
	EVENT("message_start", ",\"message\":{\"id\":\"" id "\",\"type\":\"message\",\"role\":" \
			       "\"assistant\",\"model\":\"claude-x\",\"content\":[],"           \
			       "\"stop_reason\":null,\"usage\":{" usage "}}")
#define BEGIN START("msg_1", "\"input_tokens\":12,\"output_tokens\":1")
#define OPEN(index, block) \
	EVENT("content_block_start", ",\"index\":" index ",\"content_block\":{" block "}")
#define DELTA(index, delta) \
	EVENT("content_block_delta", ",\"index\":" index ",\"delta\":{" delta "}")
#define CLOSE(index) EVENT("content_block_stop", ",\"index\":" index)
#define SAY(index, text) DELTA(index, "\"type\":\"text_delta\",\"text\":\"" text "\"")
#define TEXT(index, text) \
	OPEN(index, "\"type\":\"text\",\"text\":\"\"") SAY(index, text) CLOSE(index)
#define ARGS(index, part) \
	DELTA(index, "\"type\":\"input_json_delta\",\"partial_json\":\"" part "\"")
#define CALL(index, id, name) \
	OPEN(index, "\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"" name "\",\"input\":{}")
#define THINK(index, text) DELTA(index, "\"type\":\"thinking_delta\",\"thinking\":\"" text "\"")
#define SIGN(index, text) DELTA(index, "\"type\":\"signature_delta\",\"signature\":\"" text "\"")
#define STOP_USAGE(reason, usage)                                                             \
	EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"" reason "\",\"stop_sequence\"" \
			       ":null},\"usage\":{" usage "}")
#define STOP(reason) STOP_USAGE(reason, "\"output_tokens\":5")
#define END EVENT("message_stop", "")
#define PING EVENT("ping", "")

struct expected {
	const char *name, *type;
	int status;
	const char *bytes, *outcome;
};

#define STREAM "text/event-stream; charset=utf-8", 200
#define JSON "application/json", 200

/* What most of the short streams come to. */
#define PLAIN "end stop\ntokens in 12 out 5\n"

static const struct expected cases[] = {
	{ "a plain stream with pings", STREAM,
		BEGIN PING OPEN("0", "\"type\":\"text\",\"text\":\"\"") PING SAY("0", "Hel")
			PING SAY("0", "lo") CLOSE("0") STOP("end_turn") PING END,
		"text Hello\n" PLAIN },
	{ "text stands in the beginning of its block already", STREAM,
		BEGIN OPEN("0", "\"type\":\"text\",\"text\":\"Hel\"") SAY("0", "lo") CLOSE("0")
			STOP("end_turn") END,
		"text Hello\n" PLAIN },
	{ "padded JSON", STREAM,
		BEGIN "event: content_block_delta\n"
		      "data:   {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
		      "\"text_delta\",\"text\":\"x\"}          }     \t \n\n" STOP(
			      "end_turn") "event: message_stop\ndata: {\"type\":\"message_stop\"   "
					  "     }\n\n",
		"text x\n" PLAIN },
	{ "CRLF line ends, a byte order mark, no event names", STREAM,
		"\xef\xbb\xbf"
		"data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{"
		"\"input_tokens\":12}}}\r\n\r\ndata:{\"type\":\"content_block_delta\",\"index\":0,"
		"\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\r\n\r\n"
		"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
		"\"usage\":{\"output_tokens\":5}}\r\n\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n",
		"text x\n" PLAIN },
	{ "names of events only, no type in the data", STREAM,
		"event: message_start\ndata: {\"message\":{\"usage\":{\"input_tokens\":12}}}\n\n"
		"event: content_block_delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text_delta\","
		"\"text\":\"x\"}}\n\nevent: message_delta\ndata: {\"delta\":{\"stop_reason\":"
		"\"end_turn\"},\"usage\":{\"output_tokens\":5}}\n\nevent: message_stop\ndata: "
		"{}\n\n",
		"text x\n" PLAIN },
	{ "events and deltas of kinds to come", STREAM,
		BEGIN EVENT("message_weather", ",\"index\":0,\"text\":\"no\"")
			OPEN("0", "\"type\":\"hologram\",\"text\":\"no\"")
				DELTA("0", "\"type\":\"hologram_delta\",\"text\":\"no\"") CLOSE("0")
					TEXT("1", "yes") STOP("end_turn") END,
		"text yes\n" PLAIN },
	{ "citations are no words", STREAM,
		BEGIN OPEN("0", "\"type\":\"text\",\"text\":\"\",\"citations\":[]") SAY("0", "x")
			DELTA("0", "\"type\":\"citations_delta\",\"citation\":{\"type\":"
				   "\"char_location\",\"cited_text\":\"no\"}") CLOSE("0")
				STOP("end_turn") END,
		"text x\n" PLAIN },
	{ "words after the end are nobody's", STREAM,
		BEGIN TEXT("0", "a") STOP("end_turn") END SAY("0", "b"), "text a\n" PLAIN },
	{ "[DONE] in place of message_stop", STREAM,
		BEGIN TEXT("0", "a") STOP("end_turn") "data: [DONE]\n\n", "text a\n" PLAIN },
	{ "message_start twice", STREAM,
		BEGIN START("msg_1", "\"input_tokens\":99,\"output_tokens\":1") TEXT("0", "a")
			STOP("end_turn") END,
		"text a\n" PLAIN },
	{ "another message_start before any word", STREAM,
		START("msg_0", "\"input_tokens\":0,\"output_tokens\":0") BEGIN TEXT("0", "a")
			STOP("end_turn") END,
		"text a\n" PLAIN },
	{ "message_start spliced into a tool call", STREAM,
		BEGIN CALL("1", "toolu_1", "lookup") ARGS("1", "{\\\"v\\\":\\\"Spark")
			START("msg_2", "\"input_tokens\":20,\"output_tokens\":1")
				CALL("1", "toolu_2", "lookup") ARGS("1", "{\\\"v\\\":1}") CLOSE("1")
					STOP("tool_use") END,
		"end http_error\ntokens in 12 out 1\ncall toolu_1 lookup {\"v\":\"Spark\n"
		"error SERVER a second message began in the middle of the first\n" },
	{ "the whole answer in message_start", STREAM,
		EVENT("message_start",
			",\"message\":{\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":"
			"\"ready\"},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":"
			"{\"id\":\"c\"}}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\""
			":0,\"output_tokens\":0}}") END,
		"text ready\nend tool_calls\ntokens in 0 out 0\ncall t f {\"id\":\"c\"}\n" },

	/* calls of tools */
	{ "a call in pieces, the first one empty", STREAM,
		BEGIN TEXT("0", "Let me look.") CALL("1", "toolu_1", "weather") ARGS("1", "")
			ARGS("1", "{\\\"city\\\"") ARGS("1", ":\\\"Par") ARGS("1", "is\\\"}")
				CLOSE("1") STOP("tool_use") END,
		"text Let me look.\nend tool_calls\ntokens in 12 out 5\n"
		"call toolu_1 weather {\"city\":\"Paris\"}\n" },
	{ "a call without arguments means {}", STREAM,
		BEGIN CALL("0", "t", "now") ARGS("0", "") CLOSE("0") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall t now {}\n" },
	{ "a call whose block is never closed", STREAM,
		BEGIN CALL("0", "t", "now") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall t now {}\n" },
	{ "arguments with the beginning of the call", STREAM,
		BEGIN OPEN("0", "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{"
				"\"a\":1}") CLOSE("0") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall t f {\"a\":1}\n" },
	{ "arguments with the beginning and again in pieces", STREAM,
		BEGIN OPEN("0", "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{"
				"\"a\":1}") ARGS("0", "{\\\"a\\\"") ARGS("0", ":1}") CLOSE("0")
			STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall t f {\"a\":1}\n" },
	{ "two calls whose pieces interleave", STREAM,
		BEGIN CALL("1", "a", "f") CALL("2", "b", "g") ARGS("2", "{\\\"y\\\"")
			ARGS("1", "{\\\"x\\\"") ARGS("2", ":2}") ARGS("1", ":1}") CLOSE("2")
				CLOSE("1") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall a f {\"x\":1}\ncall b g {\"y\":2}\n" },
	{ "two calls under one index", STREAM,
		BEGIN CALL("0", "a", "f") ARGS("0", "{\\\"x\\\":1}") CLOSE("0") CALL("0", "b", "f")
			ARGS("0", "{\\\"x\\\":2}") CLOSE("0") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall a f {\"x\":1}\ncall b f {\"x\":2}\n" },
	{ "blocks without an index", STREAM,
		BEGIN EVENT("content_block_start", ",\"content_block\":{\"type\":\"tool_use\","
						   "\"id\":\"a\",\"name\":\"f\",\"input\":{}}")
			EVENT("content_block_delta", ",\"delta\":{\"type\":\"input_json_delta\","
						     "\"partial_json\":\"{\\\"x\\\":1}\"}")
				EVENT("content_block_stop", "") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall a f {\"x\":1}\n" },
	{ "a call although it says that it just ended", STREAM,
		BEGIN CALL("0", "a", "f") CLOSE("0") STOP("end_turn") END,
		"end tool_calls\ntokens in 12 out 5\ncall a f {}\n" },
	{ "what the provider runs itself is no call of ours", STREAM,
		BEGIN OPEN("0",
			"\"type\":\"server_tool_use\",\"id\":\"srv\",\"name\":\"web_search\","
			"\"input\":{}") ARGS("0", "") ARGS("0", "{\\\"query\\\": \\\"x\\\"}")
			CLOSE("0") OPEN("1", "\"type\":\"web_search_tool_result\",\"tool_use_id\":"
					     "\"srv\",\"content\":[{\"type\":\"web_search_result\","
					     "\"title\":\"no\",\"encrypted_content\":\"no\"}]")
				CLOSE("1") TEXT("2", "found") STOP("end_turn") END,
		"text found\n" PLAIN },
	{ "a summary of the talk before is no answer", STREAM,
		BEGIN OPEN("0", "\"type\":\"compaction\",\"content\":null")
			DELTA("0", "\"type\":\"compaction_delta\",\"content\":\"no\"") CLOSE("0")
				TEXT("1", "x") STOP("end_turn") END,
		"text x\n" PLAIN },
	{ "another model stands in", STREAM,
		BEGIN OPEN("0",
			"\"type\":\"fallback\",\"from\":{\"model\":\"a\"},\"to\":{\"model\":"
			"\"b\"}") CLOSE("0") TEXT("1", "x") STOP("end_turn") END,
		"text x\n" PLAIN },

	/* thinking */
	{ "thinking is kept with its signature", STREAM,
		BEGIN OPEN("0", "\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"")
			THINK("0", "hm \\\"") THINK("0", "ok") SIGN("0", "Sig/") SIGN("0", "1==")
				CLOSE("0") TEXT("1", "42") STOP("end_turn") END,
		"text 42\n" PLAIN "reasoning hm \"ok\n"
		"kept [{\"type\":\"thinking\",\"thinking\":\"hm \\\"ok\",\"signature\":"
		"\"Sig/1==\"}]\n" },
	{ "thinking that is hidden, between calls", STREAM,
		BEGIN OPEN("0", "\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"") SIGN(
			"0", "A") CLOSE("0") OPEN("1", "\"type\":\"redacted_thinking\",\"data\":"
						       "\"Zm9v\"") CLOSE("1") CALL("2", "t", "f")
			CLOSE("2") STOP("tool_use") END,
		"end tool_calls\ntokens in 12 out 5\ncall t f {}\n"
		"kept [{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"A\"},"
		"{\"type\":\"redacted_thinking\",\"data\":\"Zm9v\"}]\n" },
	{ "thinking without a signature, as compatible servers send it", STREAM,
		BEGIN OPEN("0", "\"type\":\"thinking\",\"thinking\":\"\"") THINK("0", "hm")
			CLOSE("0") TEXT("1", "x") STOP("end_turn") END,
		"text x\n" PLAIN "reasoning hm\n"
		"kept [{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"}]\n" },

	/* usage */
	{ "usage is cumulative: the last one counts", STREAM,
		BEGIN TEXT("0", "a") EVENT("message_delta", ",\"delta\":{\"stop_reason\":null},"
							    "\"usage\":{\"output_tokens\":3}")
			STOP_USAGE("end_turn", "\"input_tokens\":12,\"cache_read_input_tokens\":0,"
					       "\"output_tokens\":7") END,
		"text a\nend stop\ntokens in 12 cached 0 out 7\n" },
	{ "cached tokens are part of the prompt", STREAM,
		START("m", "\"input_tokens\":10,\"cache_creation_input_tokens\":300,"
			   "\"cache_read_input_tokens\":2000,\"cache_creation\":{"
			   "\"ephemeral_5m_input_tokens\":100,\"ephemeral_1h_input_tokens\":200},"
			   "\"output_tokens\":1,\"service_tier\":\"standard\"") TEXT("0", "a")
			STOP_USAGE("end_turn", "\"input_tokens\":10,"
					       "\"cache_creation_input_tokens\":300,"
					       "\"cache_read_input_tokens\":2000,"
					       "\"output_tokens\":9,"
					       "\"output_tokens_details\":{\"thinking_"
					       "tokens\":4}") END,
		"text a\nend stop\ntokens in 2310 cached 2000 written 300 out 9 thought 4\n" },
	{ "written tokens told only by how long they last", STREAM,
		START("m", "\"input_tokens\":10,\"cache_creation\":{\"ephemeral_5m_input_tokens\":"
			   "100,\"ephemeral_1h_input_tokens\":200},\"output_tokens\":1")
			TEXT("0", "a") STOP("end_turn") END,
		"text a\nend stop\ntokens in 310 written 300 out 5\n" },
	{ "cached tokens counted as input first, and split at the end", STREAM,
		START("m", "\"input_tokens\":1000,\"output_tokens\":0") TEXT("0", "a")
			STOP_USAGE("end_turn", "\"input_tokens\":200,\"cache_read_input_tokens\":"
					       "800,\"output_tokens\":5") END,
		"text a\nend stop\ntokens in 1000 cached 800 out 5\n" },
	{ "nothing counted at first, all of it at the end", STREAM,
		START("m", "\"input_tokens\":0,\"output_tokens\":0") TEXT("0", "a")
			STOP_USAGE("end_turn", "\"input_tokens\":61,\"output_tokens\":5") END,
		"text a\nend stop\ntokens in 61 out 5\n" },
	{ "a host that ends with zeros", STREAM,
		BEGIN TEXT("0", "a")
			STOP_USAGE("end_turn", "\"input_tokens\":0,\"output_tokens\":5") END,
		"text a\n" PLAIN },
	{ "no usage at all, or null", STREAM,
		EVENT("message_start", ",\"message\":{\"id\":\"m\",\"usage\":null}") TEXT("0", "a")
			STOP_USAGE("end_turn", "\"output_tokens\":null") END,
		"text a\nend stop\n" },
	{ "counts that nobody can have used", STREAM,
		START("m", "\"input_tokens\":9223372036854775807,\"cache_read_input_tokens\":"
			   "9223372036854775807,\"output_tokens\":-4") TEXT("0", "a")
			STOP_USAGE("end_turn", "\"input_tokens\":99999999999999999999,"
					       "\"output_tokens\":5") END,
		"text a\nend stop\ntokens out 5\n" },

	/* how it ends */
	{ "the limit was reached", STREAM, BEGIN TEXT("0", "a") STOP("max_tokens") END,
		"text a\nend length\ntokens in 12 out 5\n" },
	{ "the window was full", STREAM,
		BEGIN TEXT("0", "a") STOP("model_context_window_exceeded") END,
		"text a\nend length\ntokens in 12 out 5\n" },
	{ "a stop sequence", STREAM, BEGIN TEXT("0", "a") STOP("stop_sequence") END,
		"text a\n" PLAIN },
	{ "a turn that the provider wants to go on with", STREAM,
		BEGIN TEXT("0", "a") STOP("pause_turn") END,
		"text a\nend truncated\ntokens in 12 out 5\n" },
	{ "a reason to come", STREAM, BEGIN TEXT("0", "a") STOP("bedtime") END, "text a\n" PLAIN },
	{ "refused before any block", STREAM,
		BEGIN PING EVENT("message_delta",
			",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":"
			"\"refusal\",\"category\":\"cyber\",\"explanation\":\"Not this.\"}},"
			"\"usage\":{\"output_tokens\":5}") END,
		"end refused\ntokens in 12 out 5\nrefusal Not this.\n" },
	{ "refused in the middle of a sentence, without a word", STREAM,
		BEGIN TEXT("0", "First you")
			EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"refusal\","
					       "\"stop_details\":{\"type\":\"refusal\","
					       "\"category\":null,\"explanation\":null}},"
					       "\"usage\":{\"output_tokens\":5}") END,
		"text First you\nend refused\ntokens in 12 out 5\n" },
	{ "refused with a category alone", STREAM,
		BEGIN EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"refusal\","
					     "\"stop_details\":{\"category\":\"bio\"}}") END,
		"end refused\ntokens in 12 out 1\nrefusal bio\n" },
	/* All of the answer has come, and the provider said that it was all: only a word without
	 * content is missing, which some compatible servers never send. */
	{ "its reason came, message_stop did not", STREAM, BEGIN TEXT("0", "a") STOP("end_turn"),
		"text a\n" PLAIN },
	{ "message_stop came, its reason did not", STREAM, BEGIN TEXT("0", "a") END,
		"text a\nend stop\ntokens in 12 out 1\n" },
	{ "message_stop and nothing else", STREAM, BEGIN END,
		"end truncated\ntokens in 12 out 1\n" },
	{ "cut between two events", STREAM, BEGIN SAY("0", "a"),
		"text a\nend truncated\ntokens in 12 out 1\n" },
	{ "cut behind a block", STREAM, BEGIN TEXT("0", "a"),
		"text a\nend truncated\ntokens in 12 out 1\n" },
	{ "cut in an event", STREAM,
		BEGIN TEXT("0", "a") "event: message_delta\ndata: {\"type\":\"m",
		"text a\nend truncated\ntokens in 12 out 1\nskipped 1\n" },
	{ "cut in a call", STREAM, BEGIN CALL("0", "t", "f") ARGS("0", "{\\\"a"),
		"end truncated\ntokens in 12 out 1\ncall t f {\"a\n" },
	{ "the last blank line is missing", STREAM,
		BEGIN TEXT("0", "a") STOP("end_turn") "event: message_stop\ndata: {\"type\":"
						      "\"message_stop\"}",
		"text a\n" PLAIN },
	{ "nothing at all", STREAM, "", "end truncated\n" },

	/* what nobody can read */
	{ "a bad chunk does not end the stream", STREAM,
		BEGIN SAY(
			"0", "a") "event: content_block_delta\ndata: {\"type\":\"content_block_del"
				  "\n\n" SAY("0", "b") STOP("end_turn") END,
		"text ab\n" PLAIN "skipped 1\n" },
	{ "the beginning of a call is lost", STREAM,
		BEGIN "event: content_block_start\ndata: {\"type\"\n\n" ARGS("0", "{}") CLOSE("0")
			TEXT("1", "x") STOP("end_turn") END,
		"text x\n" PLAIN "skipped 2\n" },
	{ "the last event is broken, its name is not", STREAM,
		BEGIN TEXT("0", "a") STOP("end_turn") "event: message_stop\ndata: {\"ty\n\n",
		"text a\n" PLAIN },
	{ "half a surrogate pair, a NUL, a number too large for anybody", STREAM,
		BEGIN SAY("0", "a\\ud83d\\u0000b") EVENT("ping", ",\"n\":99999999999999999999")
			STOP("end_turn") END,
		"text a\xef\xbf\xbd\xef\xbf\xbd"
		"b\n" PLAIN },
	{ "members of another type than they should be", STREAM,
		BEGIN EVENT("content_block_start", ",\"index\":\"0\",\"content_block\":7")
			EVENT("content_block_delta", ",\"index\":[],\"delta\":\"x\"")
				EVENT("message_delta", ",\"delta\":null,\"usage\":[]")
					TEXT("0", "a") STOP("end_turn") END,
		"text a\n" PLAIN },

	/* errors after 200 */
	{ "overloaded in the middle", STREAM,
		BEGIN SAY("0", "a") EVENT("error", ",\"error\":{\"type\":\"overloaded_error\","
						   "\"message\":\"Overloaded\"},\"request_id\":"
						   "\"req_011\"") SAY("0", "b") END,
		"text a\nend http_error\ntokens in 12 out 1\nerror OVERLOADED Overloaded\n"
		"request req_011\n" },
	{ "too fast, said in the stream", STREAM,
		EVENT("error", ",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow\"}"),
		"end rate_limited\nerror PACE Slow\n" },
	{ "an error that is only its type", STREAM,
		EVENT("error", ",\"error\":{\"type\":\"api_error\"}"),
		"end http_error\nerror SERVER api_error\n" },
	{ "an error that is no JSON", STREAM, BEGIN "event: error\ndata: upstream went away\n\n",
		"end http_error\ntokens in 12 out 1\nerror OTHER upstream went away\n" },
	{ "an error of another wire", STREAM,
		BEGIN SAY("0", "a") "data: {\"error\":{\"message\":\"slot failed\",\"type\":"
				    "\"server_error\"}}\n\n",
		"text a\nend http_error\ntokens in 12 out 1\nerror SERVER slot failed\n" },
	{ "an error object of its own, and a last word behind it", STREAM,
		BEGIN SAY("0", "a") "data: {\"object\":\"error\",\"message\":\"no adapter\"}"
				    "\n\n" END,
		"text a\nend http_error\ntokens in 12 out 1\nerror OTHER no adapter\n" },
	{ "an error as an SSE field", STREAM, "error: {\"message\":\"slot failed\"}\n\n",
		"end http_error\nerror OTHER slot failed\n" },

	/* whole answers */
	{ "a whole answer", JSON,
		"{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
		"\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"},{\"type\":\"text\",\"text\":"
		"\"Hel\"},{\"type\":\"text\",\"text\":\"lo\"},{\"type\":\"server_tool_use\","
		"\"id\":\"s\",\"name\":\"no\",\"input\":{}},{\"type\":\"tool_use\",\"id\":\"t\","
		"\"name\":\"f\",\"input\":{}}],\"stop_reason\":\"tool_use\",\"stop_sequence\":null,"
		"\"usage\":{\"input_tokens\":7,\"cache_read_input_tokens\":3,\"output_tokens\":2}}",
		"text Hello\nend tool_calls\ntokens in 10 cached 3 out 2\ncall t f {}\n"
		"reasoning hm\n"
		"kept [{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"}]\n" },
	{ "a whole refusal", JSON,
		"{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":"
		"{\"explanation\":\"No.\"},\"usage\":{\"input_tokens\":7,\"output_tokens\":2}}",
		"end refused\ntokens in 7 out 2\nrefusal No.\n" },
	{ "a whole answer without a reason", JSON,
		"{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}",
		"text a\nend stop\n" },
	{ "an error in a whole 200", JSON,
		"{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Internal "
		"server error\"},\"request_id\":\"req_1\"}",
		"end http_error\nerror SERVER Internal server error\nrequest req_1\n" },
	{ "what a gateway has to say, in a whole 200", JSON, "{\"message\":\"no route\"}",
		"end http_error\nerror OTHER no route\n" },
	{ "the answer of another wire", JSON, "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
		"end http_error\nerror ADDRESS the answer is not a message of the Anthropic "
		"wire\n" },
	{ "a page where an answer should be", JSON, "<html>gateway</html>",
		"end http_error\nerror ADDRESS the answer is a web page, not JSON: gateway\n" },
	{ "a stream under the wrong name", JSON, BEGIN TEXT("0", "a") STOP("end_turn") END,
		"text a\n" PLAIN },

	/* errors by status */
	{ "unauthorised", "application/json", 401,
		"{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":"
		"\"invalid x-api-key\"},\"request_id\":\"req_011CS\"}",
		"end http_error\nerror KEY invalid x-api-key\nrequest req_011CS\n" },
	{ "too many requests", "application/json", 429,
		"{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"This "
		"request would exceed the rate limit\"}}",
		"end rate_limited\nerror PACE This request would exceed the rate limit\n" },
	{ "a 429 about money", "application/json", 429,
		"{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":"
		"\"Limit\","
		"\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}",
		"end rate_limited\nerror MONEY Limit (enforced_spend_limit_reached)\n" },
	{ "overloaded", "application/json", 529,
		"{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
		"\"Overloaded\"}}",
		"end http_error\nerror OVERLOADED Overloaded\n" },
	{ "an error in OpenAI's shape", "application/json", 400,
		"{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"param\":null,"
		"\"code\":\"nope\"}}",
		"end http_error\nerror REQUEST bad (nope)\n" },
	{ "an error as a text", "application/json", 400, "{\"error\":\"bad\"}",
		"end http_error\nerror REQUEST bad\n" },
	{ "an error of a framework", "application/json", 403, "{\"detail\":\"Not allowed\"}",
		"end http_error\nerror FORBIDDEN Not allowed\n" },
	{ "an error of a gateway", "application/json", 403, "{\"message\":\"Forbidden\"}",
		"end http_error\nerror FORBIDDEN Forbidden\n" },
	{ "an error page of a proxy", "text/html", 502, "<h1>Bad Gateway</h1>",
		"end http_error\nerror SERVER Bad Gateway\n" },
	{ "an error without a body", "text/plain", 503, "",
		"end http_error\nerror OVERLOADED service unavailable, without words\n" },
};

struct reading {
	struct wire_reader reader;
	struct buf text;
};

static bool take_text(void *ctx, struct str piece)
{
	buf_add_str(ctx, piece);
	return true;
}

static void begin(struct reading *r, const struct expected *c)
{
	r->text = BUF(BUF_LINE_MAX);
	wire_reader_begin(
		&r->reader, wire_find(STR("anthropic")), (struct wire_sink){ take_text, &r->text });
	wire_reader_head(&r->reader, c->status, c->type);
}

static void tell(struct buf *out, const char *what, const struct buf *text)
{
	if (text->len)
		buf_addf(out, "%s %s\n", what, text->ptr);
}

static void tell_tokens(struct buf *out, const struct tokens *t)
{
	const struct {
		const char *name;
		int64_t count;
	} counts[] = { { "in", t->in }, { "cached", t->cached }, { "written", t->cache_write },
		{ "out", t->out }, { "thought", t->reasoning } };
	size_t told = 0;

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (counts[i].count != INT_NONE)
			buf_addf(out, "%s %s %lld", told++ ? "" : "tokens", counts[i].name,
				(long long)counts[i].count);
	if (told)
		buf_add_char(out, '\n');
}

/* All that an answer came to, a line for each thing that there is. */
static void tell_outcome(struct buf *out, const struct reading *r)
{
	static const char *const faults[WIRE_FAULT_COUNT] = { "none",
#define X(code, passes, what, mend) [FAULT_##code] = #code,
		WIRE_FAULT_LIST(X)
#undef X
	};
	const struct wire_answer *a = &r->reader.answer;

	tell(out, "text", &r->text);
	buf_addf(out, "end %s\n", end_names[a->end]);
	tell_tokens(out, &a->tokens);
	for (size_t i = 0; i < a->calls.len; i++)
		buf_addf(out, "call %s %s %s\n", a->calls.ptr[i].id.ptr, a->calls.ptr[i].name.ptr,
			a->calls.ptr[i].arguments.ptr);
	tell(out, "reasoning", &a->reasoning);
	tell(out, "kept", &a->kept);
	tell(out, "refusal", &a->refusal);
	if (a->error.len)
		buf_addf(out, "error %s %s\n", faults[a->fault], a->error.ptr);
	tell(out, "request", &a->request_id);
	if (a->skipped)
		buf_addf(out, "skipped %zu\n", a->skipped);
}

static void check_end(struct reading *r, const struct expected *c)
{
	struct buf outcome = BUF(BUF_LINE_MAX);

	wire_reader_end(&r->reader);
	tell_outcome(&outcome, r);
	if (!str_is(buf_str(&outcome), c->outcome))
		fail_msg("%s:\n%s-- expected:\n%s", c->name, outcome.ptr, c->outcome);
	buf_release(&outcome);
	wire_reader_release(&r->reader);
	buf_release(&r->text);
}

static void answers_are_understood_whole_and_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str bytes = str_of(cases[i].bytes);

		for (size_t cut = 0; cut <= bytes.len; cut++) {
			struct reading r;

			begin(&r, &cases[i]);
			wire_reader_feed(&r.reader, str_part(bytes, 0, cut));
			wire_reader_feed(&r.reader, str_part(bytes, cut, bytes.len));
			check_end(&r, &cases[i]);
		}
	}
}

static void answers_are_understood_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str bytes = str_of(cases[i].bytes);
		struct reading r;

		begin(&r, &cases[i]);
		for (size_t at = 0; at < bytes.len; at++)
			wire_reader_feed(&r.reader, str_part(bytes, at, 1));
		check_end(&r, &cases[i]);
	}
}

/* ik_llama.cpp, and others, say "end_turn" where they ran into the limit. */
static void an_end_at_the_limit_is_no_end(void **state)
{
	static const struct expected lies[] = {
		{ "a stop at the limit", STREAM, BEGIN TEXT("0", "a") STOP("end_turn") END,
			"text a\nend length\ntokens in 12 out 5\n" },
		{ "a refusal at the limit", STREAM, BEGIN TEXT("0", "a") STOP("refusal") END,
			"text a\nend refused\ntokens in 12 out 5\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		struct reading r;

		begin(&r, &lies[i]);
		r.reader.max_tokens = 5;
		wire_reader_feed(&r.reader, str_of(lies[i].bytes));
		check_end(&r, &lies[i]);
	}
}

/* More calls than anybody makes, in blocks that end or never do: bounded, those that are lost are
 * counted, and the words still come. */
static void read_many_calls(const char *end_of_block)
{
	struct expected c = { "many blocks", STREAM, NULL, NULL };
	struct buf bytes = BUF(BUF_TEXT_MAX);
	struct reading r;

	buf_add_text(&bytes, BEGIN);
	for (int i = 0; i < 1000; i++)
		buf_addf(&bytes,
			"data: {\"type\":\"content_block_start\",\"index\":%d,"
			"\"content_block\":{\"type\":\"tool_use\",\"id\":\"t%d\",\"name\":"
			"\"f\",\"input\":{}}}\n\n%s",
			i, i, end_of_block);
	buf_add_text(&bytes, TEXT("1000", "x") STOP("tool_use") END);
	begin(&r, &c);
	wire_reader_feed(&r.reader, buf_str(&bytes));
	wire_reader_end(&r.reader);
	check_buf(&r.text, "x");
	assert_int_equal(r.reader.answer.calls.len, WIRE_CALLS_MAX);
	assert_int_equal(r.reader.answer.skipped, 1000 - WIRE_CALLS_MAX);
	assert_int_equal(r.reader.answer.blocks.len, 0);
	wire_reader_release(&r.reader);
	buf_release(&r.text);
	buf_release(&bytes);
}

static void more_calls_than_there_is_room_for_are_counted_as_lost(void **state)
{
	(void)state;
	read_many_calls("");
	read_many_calls("data: {\"type\":\"content_block_stop\"}\n\n");
}

static void the_list_of_models_gives_its_first(void **state)
{
	const struct wire *wire = wire_find(STR("anthropic"));
	struct arena arena = ARENA;

	(void)state;
	check_str(wire->read_models(STR("{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\","
					"\"display_name\":\"X\"},{\"id\":\"claude-y\"}],"
					"\"has_more\":false}"),
			  &arena),
		"claude-x");
	assert_null(wire->read_models(STR("{\"data\":[]}"), &arena).ptr);
	assert_null(wire->read_models(STR("<html>"), &arena).ptr);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_understood_whole_and_cut_anywhere),
		cmocka_unit_test(answers_are_understood_byte_by_byte),
		cmocka_unit_test(an_end_at_the_limit_is_no_end),
		cmocka_unit_test(more_calls_than_there_is_room_for_are_counted_as_lost),
		cmocka_unit_test(the_list_of_models_gives_its_first),
	};

	return cmocka_run_group_tests_name("wire/anthropic", tests, NULL, NULL);
}
