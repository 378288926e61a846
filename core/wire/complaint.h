/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding the words in what a provider sends instead of an answer. No two agree on a shape:
 *
 *	{"error": {"message", "type", "param", "code"}}      OpenAI and most
 *	{"error": "..."}, {"error": ["..."]}, {"error": true, "message": "..."}
 *	{"error": {"code": 502, "message", "metadata": {"raw": "{...}", "provider_name"}}}
 *	{"object": "error", "message": ...}                  vLLM, Mistral
 *	{"type": "error", "error": {"type", "message"}}      Anthropic
 *	{"detail": "..."}, {"detail": [{"loc": [...], "msg": "..."}]}
 *	{"code": "...", "message": "...", "request_id": "..."}
 *	{"errors": [{"message": "..."}]}, [{"error": {...}}]
 *	{"base_resp": {"status_code": 1008, "status_msg": "..."}}
 *	a page of HTML, plain text, nothing
 *
 * and a message may itself be JSON, as text or not.
 */
#ifndef WEIR_WIRE_COMPLAINT_H
#define WEIR_WIRE_COMPLAINT_H

#include "core/base/json.h"
#include "core/wire/wire.h"

/* Looks for an error in a part of an answer that came with a good status. Beside "choices" only
 * an "error" that says something is one. True: answer->error and ->fault are set, by the status
 * that the error itself tells; ->request_id too, where it stands there. */
bool complaint_find(struct wire_answer *answer, const json_t *root);

/* The body of an HTTP error, whatever it is; `status` is what HTTP says, 200 where the error
 * came inside of a good answer. */
void complaint_read(struct wire_answer *answer, int status, struct str body);

/* A whole answer that is no JSON, though its status was good: "the answer is not JSON: upstream
 * connect error", "the answer is a web page, not JSON: Sign in". */
void complaint_not_json(struct wire_answer *answer, struct str body);

#endif
