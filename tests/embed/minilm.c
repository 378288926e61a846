/* SPDX-License-Identifier: GPL-3.0-or-later
 * The real all-MiniLM-L6-v2 against vectors that it is known to give: with WEIR_MINILM=DIR, its
 * folder; golden-vectors.jsonl.gz (lines of "text" and "vector") in it, beside it, or in a folder
 * minilm-l6 beside it. Skipped otherwise: its weights are large and not ours. */
#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/embed/embedder.h"
#include "tests/check.h"

#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 1 << 16, PATH = 1024 };

static const char *find_golden(const char *dir, char path[PATH])
{
	static const char *const places[] = { "", "/..", "/../minilm-l6" };

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		snprintf(path, PATH, "%s%s/golden-vectors.jsonl.gz", dir, places[i]);
		if (!access(path, R_OK))
			return path;
	}
	fail_msg("no golden-vectors.jsonl.gz in %s or beside it", dir);
	return NULL;
}

/* What gzip makes of it. */
static FILE *open_golden(const char *path, pid_t *child)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*child = fork();
	if (!*child) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execlp("gzip", "gzip", "-dc", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	return fdopen(ends[0], "r");
}

static json_t *read_line(FILE *f)
{
	static char line[LINE];
	json_t *json = NULL;

	if (fgets(line, sizeof(line), f))
		check_ok(json_read(str_of(line), JSON_READ_STRICT, &json, NULL));
	return json;
}

static void check_golden(const struct embedder *e, struct embed_work *w, const json_t *row)
{
	const json_t *vector = json_object_get(row, "vector");
	int dims = embedder_info(e)->dims;
	float *got = memory_new((size_t)dims * sizeof(*got));
	double cosine = 0;

	assert_int_equal(json_array_size(vector), dims);
	embed_text(e, w, EMBED_PASSAGE, json_get_text(row, "text"), got);
	for (int i = 0; i < dims; i++)
		cosine += (double)got[i] * json_number_value(json_array_get(vector, (size_t)i));
	if (cosine < 0.9999)
		fail_msg("%s: cosine %g", json_get_text(row, "text").ptr, cosine);
	memory_free(got);
}

static void the_real_model_gives_its_known_vectors(void **state)
{
	const char *dir = getenv("WEIR_MINILM");
	struct buf why = BUF(BUF_WHY_MAX);
	char path[PATH];
	struct embed_work *w;
	struct embedder *e;
	size_t count = 0;
	json_t *row;
	pid_t child;
	FILE *f;

	(void)state;
	f = open_golden(find_golden(dir, path), &child);
	if (embedder_open(&e, dir, NULL, &why))
		fail_msg("%s", why.ptr);
	w = embed_work_new(e);
	for (; (row = read_line(f)); count++) {
		check_golden(e, w, row);
		json_decref(row);
	}
	assert_true(count > 0);
	fclose(f);
	assert_int_equal(waitpid(child, NULL, 0), child);
	buf_release(&why);
	embed_work_free(&w);
	embedder_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_real_model_gives_its_known_vectors),
	};
	const char *dir = getenv("WEIR_MINILM");

	if (!dir || !*dir) {
		puts("1..0 # SKIP WEIR_MINILM does not name the folder of all-MiniLM-L6-v2");
		return 0;
	}
	return cmocka_run_group_tests_name("minilm", tests, NULL, NULL);
}
