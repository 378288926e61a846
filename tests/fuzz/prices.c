/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a table of prices: no crash, and each row that comes out is fit for a
 * configuration. */
#include "core/base/money.h"
#include "core/conf/price_rows.h"
#include "core/conf/price_table.h"
#include "tests/fuzz/mutate.h"

static void check_row(const struct price_entry *e, size_t at)
{
	const struct price *p = &e->rows[at];

	assert_null(price_row_wrong(e->rows, at));
	assert_true(p->above >= 0 && p->begin < MINUTES_A_DAY && p->end <= MINUTES_A_DAY);
	assert_true(p->input == MONEY_UNKNOWN || p->input >= 0);
	assert_true(p->output == MONEY_UNKNOWN || p->output >= 0);
}

static void check(struct str text)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	const struct price_entry *twin;
	struct price_table table;

	if (price_table_read(&table, &arena, text, &why) != ERR_OK)
		assert_true(why.len > 0);
	for (size_t i = 0; i < table.entries.len; i++) {
		const struct price_entry *e = &table.entries.ptr[i];

		assert_true(!e->wrong.ptr || !e->count);
		for (size_t k = 0; k < e->count; k++)
			check_row(e, k);
		(void)price_table_find(&table, e->provider, STR("gpt-4o-2024"), &twin);
	}
	arena_release(&arena);
	buf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check((struct str){ (const char *)data, size });
	return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static const char *const seeds[] = {
	"{\"sample_spec\":{\"litellm_provider\":\"x\"},\"openai/"
	"gpt-4o-2024\":{\"litellm_provider\":"
	"\"openai\",\"input_cost_per_token\":2.5e-06,\"output_cost_per_token\":1E-05,"
	"\"input_cost_per_token_above_200k_tokens\":5e-06}}",
	"{\"a\":{\"litellm_provider\":\"a\",\"tiered_pricing\":[{\"range\":[0,32e3],"
	"\"input_cost_per_token\":5e-08},{\"range\":[32000,1e99],\"output_cost_per_token\":null}]}"
	"}",
	"[{\"id\":\"openai\",\"models\":[{\"id\":\"gpt-4o\",\"match\":{\"or\":[{\"starts_with\":"
	"\"gpt-4o\"},{\"and\":[{\"contains\":\"\"},{\"ends_with\":\"x\"}]}]},\"prices\":"
	"{\"input_mtok\":{\"base\":2.5,\"tiers\":[{\"start\":200000,\"price\":5}]}}}]}]",
	"[{\"id\":\"d\",\"models\":[{\"id\":\"d\",\"match\":{},\"prices\":[{\"prices\":"
	"{\"input_mtok\":1}},{\"constraint\":{\"start_date\":\"2025-02-08\"},\"prices\":"
	"{\"input_mtok\":0.27}},{\"constraint\":{\"start_time\":\"16:30:00Z\",\"end_time\":"
	"\"00:30:00Z\"},\"prices\":{\"output_mtok\":-1}}]}]}]",
};

FUZZ_MAIN(seeds, 4000, "no_bytes_break_the_readers_of_prices")
#endif
