/* SPDX-License-Identifier: GPL-3.0-or-later
 * The option table: its rows are whole, and found by path and by likeness. */
#include "tests/conf/fixture.h"

#include "core/base/json.h"

static void every_row_is_whole_and_its_values_are_good(void **state)
{
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX), path = BUF(BUF_LINE_MAX);
	struct config c;

	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &option_table[i];
		const char *value = o->example ? o->example : o->fallback, *star;
		struct config_set set = { NULL, value, NULL };
		json_t *json = NULL;

		assert_non_null(o->say);
		assert_non_null(value);
		assert_false(o->fallback && o->example);
		assert_true(o->type != OPTION_CHOICE || o->choices);
		assert_true(!o->choices || o->type == OPTION_CHOICE || o->type == OPTION_TEXTS);
		check_ok(json_read(str_of(value), JSON_READ_STRICT, &json, &why));
		json_decref(json);
		star = strchr(o->path, '*');
		buf_clear(&path);
		for (const char *at = o->path; *at; at++) {
			if (at == star)
				buf_add_text(&path, o->names ? "faq" : "a.b");
			else if (*at == ']')
				buf_add_text(&path, "0]");
			else
				buf_add_char(&path, *at);
		}
		assert_ptr_equal(option_find(buf_str(&path)), o);
		assert_null(option_find(str_of("nothing")));
		set.path = path.ptr;
		if (fixture_open(&c, NULL, "", NULL, &set, 1, &why))
			fail_msg("%s", why.ptr);
		assert_non_null(config_find(&c, path.ptr));
		config_release(&c);
	}
	arena_release(&a);
	buf_release(&why);
	buf_release(&path);
}

static void rows_of_a_group_stand_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++)
		for (size_t j = i + 2; j < option_count; j++) {
			const char *a = option_table[i].path, *b = option_table[j].path;
			size_t same = 0;

			assert_string_not_equal(a, b);
			for (size_t k = 0; a[k] && a[k] == b[k]; k++)
				if (a[k] == '.')
					same = k + 1;
			for (size_t k = i + 1; same && k < j; k++)
				assert_int_equal(strncmp(a, option_table[k].path, same), 0);
		}
}

static void paths_find_their_row(void **state)
{
	static const struct {
		const char *path, *row, *name;
		int index;
	} cases[] = {
		{ "models.o3.tier", "models.*.tier", "o3", -1 },
		{ "models.gpt-5.4-mini.tier", "models.*.tier", "gpt-5.4-mini", -1 },
		{ "models.a.tier.tier", "models.*.tier", "a.tier", -1 },
		{ "models.a.price[12].from", "models.*.price[].from", "a", 12 },
		{ "sim.seed", "sim.seed", NULL, -1 },
		{ "models..tier", NULL, NULL, -1 },
		{ "models.tier", NULL, NULL, -1 },
		{ "models.a.price[].from", NULL, NULL, -1 },
		{ "models.a.price[-1].from", NULL, NULL, -1 },
		{ "models.a.price[1000000].from", NULL, NULL, -1 },
		{ "models.a.price[1.from", NULL, NULL, -1 },
		{ "models.a.price", NULL, NULL, -1 },
		{ "models.a", NULL, NULL, -1 },
		{ "models", NULL, NULL, -1 },
		{ "sim.seed.x", NULL, NULL, -1 },
		{ "", NULL, NULL, -1 },
		{ ".", NULL, NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str name;
		int index;
		const struct option *o = option_match(str_of(cases[i].path), &name, &index);

		if (!cases[i].row) {
			assert_null(o);
			continue;
		}
		assert_non_null(o);
		assert_string_equal(o->path, cases[i].row);
		assert_int_equal(index, cases[i].index);
		if (cases[i].name)
			check_str(name, cases[i].name);
		else
			assert_null(name.ptr);
	}
	assert_non_null(option_find(str_of("tasks.faq.ladder")));
	assert_null(option_find(str_of("tasks.fax.ladder")));
}

static void the_nearest_key_is_one_that_may_be_meant(void **state)
{
	static const struct {
		const char *path, *near;
	} cases[] = {
		{ "modles", "models" },
		{ "provider", "providers" },
		{ "routing.treshold", "thresholds" },
		{ "models.a.b.pirce", "price" },
		{ "models.a.price[3].cache_rite", "cache_write" },
		{ "providers.x.baseurl", "base_url" },
		{ "providers.x.idle", NULL },
		{ "tasks.faq.laddr", "ladder" },
		{ "sim.x", NULL },
		{ "nowhere.seed", NULL },
		{ "zebra", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str near = option_nearest(str_of(cases[i].path));

		if (cases[i].near)
			check_str(near, cases[i].near);
		else if (near.ptr)
			fail_msg("%s: \"%.*s\"", cases[i].path, STR_ARG(near));
	}
}

static void tasks_have_names(void **state)
{
	enum task task = TASK_CHAT;
	const char *choices = TASK_CHOICES;
	struct str choice;

	(void)state;
	for (int i = 0; i < TASK_COUNT; i++) {
		assert_true(task_parse(str_of(task_name((enum task)i)), &task));
		assert_int_equal(task, i);
		assert_true(choice_cut(&choices, &choice));
		check_str(choice, task_name((enum task)i));
		assert_true(strlen(task_say((enum task)i)) > 0);
	}
	assert_false(choice_cut(&choices, &choice));
	assert_false(task_parse(STR("Chat"), &task));
	assert_false(task_parse(STR(""), &task));
	assert_false(task_parse(STR_NONE, &task));
	assert_string_equal(task_name(TASK_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole_and_its_values_are_good),
		cmocka_unit_test(rows_of_a_group_stand_together),
		cmocka_unit_test(paths_find_their_row),
		cmocka_unit_test(the_nearest_key_is_one_that_may_be_meant),
		cmocka_unit_test(tasks_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
