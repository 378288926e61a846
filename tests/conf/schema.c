/* SPDX-License-Identifier: GPL-3.0-or-later
 * The shipped JSON Schema is the option table's, and says what the table says. */
#include "tests/conf/fixture.h"

#include "core/base/json.h"

static void the_shipped_schema_is_the_tables(void **state)
{
	struct arena a = ARENA;
	struct buf want = BUF(BUF_TEXT_MAX), got = BUF(BUF_TEXT_MAX);
	FILE *file;
	int c;

	(void)state;
	config_schema(&want);
	file = fopen(arena_format(&a, "%s/config.schema.json", getenv("WEIR_DATA")).ptr, "r");
	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		buf_add_char(&got, (char)c);
	fclose(file);
	if (!str_eq(buf_str(&want), buf_str(&got)))
		fail_msg("data/config.schema.json is old: write it again with "
			 "\"weir config schema\"");
	arena_release(&a);
	buf_release(&want);
	buf_release(&got);
}

/* Follows names down objects. */
static const json_t *at(const json_t *json, const char *path)
{
	struct str rest = str_of(path), name;
	char key[64];

	while (json && str_cut(&rest, '/', &name)) {
		snprintf(key, sizeof(key), "%.*s", STR_ARG(name));
		json = json_object_get(json, key);
	}
	return json;
}

static void the_schema_says_what_the_table_says(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
	const json_t *option;
	json_t *schema = NULL;

	(void)state;
	config_schema(&text);
	check_ok(json_read(buf_str(&text), JSON_READ_STRICT, &schema, &why));
	check_str(json_get_text(schema, "$schema"),
		"https://json-schema.org/draft/2020-12/schema");
	assert_false(json_get_truth(schema, "additionalProperties", true));
	assert_true(json_is_object(json_object_get(
		json_object_get(schema, "patternProperties"), "^//")));

	option = at(schema, "properties/models/additionalProperties/properties/tier");
	check_str(json_get_text(option, "type"), "integer");
	assert_int_equal(json_get_int(option, "minimum", -1), 1);
	assert_int_equal(json_get_int(option, "maximum", -1), 3);

	option = at(schema, "properties/models/additionalProperties/properties/price/items");
	assert_true(json_is_object(at(option, "properties/cache_write")));
	assert_false(json_get_truth(option, "additionalProperties", true));

	option = at(schema, "properties/tasks");
	assert_false(json_get_truth(option, "additionalProperties", true));
	assert_int_equal(json_object_size(at(option, "properties")), TASK_COUNT);
	check_str(json_get_text(at(option, "properties/faq/properties/ladder/items"), "type"),
		"string");

	option = at(schema, "properties/routing/properties/thresholds");
	assert_int_equal(json_get_int(option, "minItems", -1), 2);
	assert_int_equal(json_get_int(option, "maxItems", -1), 2);
	assert_int_equal(json_array_size(at(option, "default")), 2);

	option = at(schema, "properties/sim/properties/speed");
	assert_int_equal(json_array_size(at(option, "enum")), 2);
	check_str(json_get_text(option, "default"), "natural");
	check_str(json_get_text(at(schema, "properties/answer/properties/max_tokens"),
			  "description"),
		"The longest answer, whatever the task (tokens)");
	json_decref(schema);
	buf_release(&text);
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_schema_is_the_tables),
		cmocka_unit_test(the_schema_says_what_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
