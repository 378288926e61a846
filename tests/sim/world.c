/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world of world.h. */
#include "tests/sim/world.h"

#include "core/base/json_write.h"
#include "core/sim/openai.h"
#include "tests/check.h"

int world_open(void **state)
{
	struct world *w = memory_new(sizeof(*w));
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	const char *data = getenv("WEIR_DATA");

	if (kb_open(&w->kb, arena_format(&arena, "%s/kb", data ? data : "data").ptr, &why))
		fail_msg("%s", why.ptr);
	w->search = search_open(w->kb);
	w->answers = (struct answer_world){ w->kb, w->search, 0 };
	arena_release(&arena);
	*state = w;
	return 0;
}

int world_close(void **state)
{
	struct world *w = *state;

	search_close(&w->search);
	kb_close(&w->kb);
	memory_free(w);
	return 0;
}

void world_body(const struct world *world, uint64_t seed, struct str body, struct said *said)
{
	struct answer_world answers = world->answers;
	struct ask_error error;

	*said = (struct said){ 0 };
	answers.seed = seed;
	if (!openai_read(&said->ask, body, &error))
		fail_msg("%s: %.*s", error.say, STR_ARG(body));
	said->failure = answer_make(&answers, &said->ask, &said->reply);
}

void world_ask(const struct world *world, uint64_t seed, const char *model, const char *question,
	const char *more, struct said *said)
{
	struct buf body = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &body };

	buf_addf(&body, "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":", model);
	json_put_text(&w, question);
	buf_addf(&body, "}]%s}", more);
	world_body(world, seed, buf_str(&body), said);
	buf_release(&body);
}

void world_done(struct said *said)
{
	ask_release(&said->ask);
}
