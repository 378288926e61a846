/* SPDX-License-Identifier: GPL-3.0-or-later
 * Models of the BERT family give what the papers' formulas give in double, and what an independent
 * runtime gave for the same weights, on every kernel that this machine has. */
#include "core/embed/embedder.h"
#include "core/embed/kernel.h"
#include "tests/embed/counted.h"
#include "tests/embed/model.h"

static const struct made_shape shapes[] = {
	{ "mean, gelu", "BertModel", "gelu", "", MADE_BERT, 32, 4, 64, 2, false, false, 0, "F32" },
	{ "first token, tanh gelu, prefixed names", "BertModel", "gelu_new", "bert.", MADE_BERT, 52,
		2, 70, 2, true, false, 0, "F32" },
	{ "old names of norms, relu, deep sums", "BertForMaskedLM", "relu", "bert.", MADE_BERT, 48,
		3, 800, 1, false, true, 0, "F32" },
	{ "more than one piece of depth", "BertModel", "gelu", "", MADE_BERT, 400, 5, 40, 1, false,
		false, 0, "F32" },
	{ "distilled", "DistilBertModel", "gelu", "distilbert.", MADE_DISTIL, 40, 5, 96, 3, false,
		false, 0, "F32" },
	{ "halves", "BertModel", "gelu", "", MADE_BERT, 32, 4, 64, 1, false, false, 0, "F16" },
	{ "brain floats", "BertModel", "gelu", "", MADE_BERT, 32, 4, 64, 1, false, false, 0,
		"BF16" },
	{ "a head on distilled", "DistilBertForSequenceClassification", "gelu", "distilbert.",
		MADE_DISTIL, 40, 5, 96, 2, false, false, 3, "F32" },
	{ "a head", "BertForSequenceClassification", "gelu", "bert.", MADE_BERT, 32, 4, 64, 2,
		false, false, 2, "F32" },
};

enum { WIDEST = 400, TEXT_MAX = 4096 };

static char folder[] = "/tmp/weir-bert-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	made_model_remove(folder);
	return 0;
}

/* A text of `count` words, and its ids with the two around it. */
static void make_text(struct rng *rng, int count, struct buf *text, int32_t *ids)
{
	buf_clear(text);
	ids[0] = 2;
	for (int i = 1; i <= count; i++) {
		ids[i] = 5 + (int32_t)rng_below(rng, MADE_WORDS - 5);
		buf_addf(text, "%sa%d", i > 1 ? " " : "", (int)ids[i]);
	}
	ids[count + 1] = 3;
}

static void pool_plainly(const struct made_shape *s, const double *states, int rows, double *out)
{
	double sum = 0;

	for (int j = 0; j < s->hidden; j++) {
		out[j] = 0;
		for (int i = 0; i < (s->cls ? 1 : rows); i++)
			out[j] += states[i * s->hidden + j];
		sum += out[j] * out[j];
	}
	for (int j = 0; j < s->hidden; j++)
		out[j] /= sqrt(sum);
}

/* 1 - cosine of unit vectors, by their difference: exact near 0. */
static double apart(const float *got, const double *want, int dims)
{
	double sum = 0;

	for (int i = 0; i < dims; i++)
		sum += ((double)got[i] - want[i]) * ((double)got[i] - want[i]);
	return sum / 2;
}

static struct embedder *open_with(const char *kernel)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct embedder *e;

	if (embedder_open(&e, folder, &(struct embedder_options){ .kernel = kernel }, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
	return e;
}

/* Every length that the model takes. */
static void compare_lengths(struct made_model *m, const struct kernel *k)
{
	double bound = k->packing == PACK_F16 ? 1e-6 : 1e-9, *states, want[WIDEST];
	struct embedder *e = open_with(k->name);
	struct embed_work *w = embed_work_new(e);
	struct buf text = BUF(TEXT_MAX);
	int32_t ids[MADE_PLACES];
	float got[WIDEST];
	struct rng rng;

	states = memory_new(MADE_PLACES * WIDEST * sizeof(*states));
	rng_seed(&rng, 5);
	assert_int_equal(embedder_info(e)->tokens_max, MADE_PLACES);
	for (int count = 1; count <= MADE_PLACES - 2; count += m->shape->hidden > 100 ? 9 : 1) {
		make_text(&rng, count, &text, ids);
		embed_text(e, w, EMBED_PASSAGE, buf_str(&text), got);
		made_model_run(m, ids, count + 2, states);
		pool_plainly(m->shape, states, count + 2, want);
		if (!(apart(got, want, m->shape->hidden) <= bound))
			fail_msg("%s, %s, %d words: 1 - cosine is %g", m->shape->say, k->name,
				count, apart(got, want, m->shape->hidden));
	}
	memory_free(states);
	buf_release(&text);
	embed_work_free(&w);
	embedder_close(&e);
}

static void every_kernel_gives_what_the_formulas_give(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct made_model m;

		made_model_init(&m, &shapes[i]);
		made_model_write(&m, folder);
		for (size_t k = 0; kernel_at(k); k++)
			if (kernel_at(k)->can())
				compare_lengths(&m, kernel_at(k));
		made_model_release(&m);
	}
}

/* Unrelated weights are far apart: the measure above is not blind. */
static void other_weights_give_other_vectors(void **state)
{
	struct buf text = BUF(TEXT_MAX);
	double *states = memory_new(MADE_PLACES * WIDEST * sizeof(double)), want[WIDEST];
	int32_t ids[MADE_PLACES];
	struct embedder *e;
	struct embed_work *w;
	struct made_model m;
	float got[WIDEST];
	struct rng rng;

	(void)state;
	made_model_init(&m, &shapes[0]);
	made_model_write(&m, folder);
	e = open_with(NULL);
	w = embed_work_new(e);
	rng_seed(&rng, 5);
	make_text(&rng, 7, &text, ids);
	embed_text(e, w, EMBED_PASSAGE, buf_str(&text), got);
	made_find(&m, "encoder.layer.1.output.dense.weight")->numbers[5] += 9;
	made_model_run(&m, ids, 9, states);
	pool_plainly(&shapes[0], states, 9, want);
	assert_true(apart(got, want, shapes[0].hidden) > 1e-5);
	made_model_release(&m);
	memory_free(states);
	buf_release(&text);
	embed_work_free(&w);
	embedder_close(&e);
}

static void a_batch_gives_what_single_texts_give(void **state)
{
	enum { COUNT = 40 };
	struct made_model m;
	struct buf texts[COUNT];
	struct str strs[COUNT];
	int32_t ids[MADE_PLACES];
	float *many = memory_new(COUNT * 52 * sizeof(float)), one[52];
	struct rng rng;

	(void)state;
	made_model_init(&m, &shapes[1]);
	made_model_write(&m, folder);
	rng_seed(&rng, 9);
	for (int i = 0; i < COUNT; i++) {
		texts[i] = BUF(TEXT_MAX);
		make_text(&rng, (int)rng_below(&rng, MADE_PLACES - 1), &texts[i], ids);
		strs[i] = buf_str(&texts[i]);
	}
	for (size_t k = 0; kernel_at(k); k++) {
		struct embedder *e = kernel_at(k)->can() ? open_with(kernel_at(k)->name) : NULL;
		struct embed_work *w = e ? embed_work_new(e) : NULL;

		if (e)
			embed_texts(e, w, EMBED_PASSAGE, strs, COUNT, many);
		for (int i = 0; i < COUNT && e; i++) {
			embed_text(e, w, EMBED_PASSAGE, strs[i], one);
			for (int j = 0; j < 52; j++)
				assert_true(fabsf(one[j] - many[i * 52 + j]) < 1e-6f);
		}
		if (e)
			embed_work_free(&w);
		embedder_close(&e);
	}
	for (int i = 0; i < COUNT; i++)
		buf_release(&texts[i]);
	made_model_release(&m);
	memory_free(many);
}

static void a_head_gives_a_number_for_each_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		const struct made_shape *s = &shapes[i];
		double *states = memory_new(MADE_PLACES * WIDEST * sizeof(double));
		double head[WIDEST], want[8];
		struct buf text = BUF(TEXT_MAX);
		int32_t ids[MADE_PLACES];
		struct made_model m;
		struct embedder *e;
		struct embed_work *w;
		float got[8];
		struct rng rng;

		made_model_init(&m, s);
		made_model_write(&m, folder);
		e = open_with(NULL);
		assert_int_equal(embedder_info(e)->class_count, s->classes);
		w = embed_work_new(e);
		rng_seed(&rng, 3);
		make_text(&rng, 11, &text, ids);
		if (s->classes) {
			check_str(embedder_info(e)->classes[1], "class 1");
			embed_classify(e, w, buf_str(&text), got);
			made_model_run(&m, ids, 13, states);
			made_apply(&m,
				s->kind == MADE_BERT ? "bert.pooler.dense" : "pre_classifier",
				states, 1, head);
			for (int j = 0; j < s->hidden; j++)
				head[j] = s->kind == MADE_BERT ? tanh(head[j])
							       : head[j] > 0 ? head[j] : 0;
			made_apply(&m, "classifier", head, 1, want);
		}
		for (int j = 0; j < s->classes; j++)
			assert_true(fabs((double)got[j] - want[j]) < 5e-3);
		made_model_release(&m);
		memory_free(states);
		buf_release(&text);
		embed_work_free(&w);
		embedder_close(&e);
	}
}

/* Of these small models a vector in eight bits is within 1e-2 of the exact one, and has an id that
 * keeps the two apart. */
static void eight_bits_are_near_and_have_an_id_of_their_own(void **state)
{
	const struct embedder_options options = { .precision = EMBED_INT8 };
	double *states = memory_new(MADE_PLACES * WIDEST * sizeof(double)), want[WIDEST], most = 0;
	struct buf text = BUF(TEXT_MAX);
	int32_t ids[MADE_PLACES];
	float got[WIDEST];
	struct rng rng;

	(void)state;
	rng_seed(&rng, 5);
	for (size_t i = 0; i < ARRAY_LEN(shapes) && kernel_choose(NULL)->has_int8; i++) {
		struct embedder *e, *exact;
		struct embed_work *w;
		struct made_model m;

		made_model_init(&m, &shapes[i]);
		made_model_write(&m, folder);
		exact = open_with(NULL);
		check_ok(embedder_open(&e, folder, &options, NULL));
		assert_false(str_eq(embedder_info(e)->id, embedder_info(exact)->id));
		w = embed_work_new(e);
		for (int count = 1; count <= MADE_PLACES - 2; count += 15) {
			make_text(&rng, count, &text, ids);
			embed_text(e, w, EMBED_PASSAGE, buf_str(&text), got);
			made_model_run(&m, ids, count + 2, states);
			pool_plainly(&shapes[i], states, count + 2, want);
			most = fmax(most, apart(got, want, shapes[i].hidden));
		}
		made_model_release(&m);
		embed_work_free(&w);
		embedder_close(&e);
		embedder_close(&exact);
	}
	if (kernel_choose(NULL)->has_int8)
		assert_true(most > 1e-8 && most < 1e-2);
	check_err(embedder_open(&(struct embedder *){ NULL }, folder,
			  &(struct embedder_options){ EMBED_INT8, "portable" }, NULL),
		ERR_CORRUPT);
	memory_free(states);
	buf_release(&text);
}

static void a_head_may_be_wider_than_the_states(void **state)
{
	enum { CLASSES = 5000 };
	static const struct made_shape shape = { "many classes", "BertForSequenceClassification",
		"relu", "bert.", MADE_BERT, 1, 1, CLASSES, 1, false, false, CLASSES, "F32" };
	float *got = memory_new(CLASSES * sizeof(*got));
	struct made_model m;
	struct embed_work *w;
	struct embedder *e;

	(void)state;
	made_model_init(&m, &shape);
	made_model_write(&m, folder);
	e = open_with(NULL);
	assert_int_equal(embedder_info(e)->class_count, CLASSES);
	w = embed_work_new(e);
	embed_classify(e, w, STR("a30 a31"), got);
	assert_true(isfinite(got[CLASSES - 1]));
	made_model_release(&m);
	embed_work_free(&w);
	embedder_close(&e);
	memory_free(got);
}

/* The first of shapes[], as ONNX Runtime 1.30 gave it: tests/bench/ort.js --vectors. */
#include "tests/embed/bert_golden.inc"

static void an_independent_runtime_agrees(void **state)
{
	struct made_model m;
	float got[32];

	(void)state;
	made_model_init(&m, &shapes[0]);
	made_model_write(&m, folder);
	for (size_t k = 0; kernel_at(k); k++) {
		struct embedder *e = kernel_at(k)->can() ? open_with(kernel_at(k)->name) : NULL;
		struct embed_work *w = e ? embed_work_new(e) : NULL;

		for (size_t i = 0; i < ARRAY_LEN(golden) && e; i++) {
			embed_text(e, w, EMBED_PASSAGE, str_of(golden[i].text), got);
			assert_true(apart(got, golden[i].vector, 32) <= 1e-6);
		}
		if (e)
			embed_work_free(&w);
		embedder_close(&e);
	}
	made_model_release(&m);
}

static void nothing_is_allocated_once_there_is_scratch(void **state)
{
	struct str texts[] = { STR("a7"), STR(""), STR("a9 a10 a11 a12 a13 a14 a15"), STR("zz") };
	struct made_model m;
	struct embed_work *w;
	struct embedder *e;
	float vectors[4 * 32];
	size_t before;

	(void)state;
	made_model_init(&m, &shapes[0]);
	made_model_write(&m, folder);
	e = open_with(NULL);
	before = counted_allocations;
	w = embed_work_new(e);
	assert_true(counted_allocations > before); /* they are counted */
	before = counted_allocations;
	for (int i = 0; i < 3; i++)
		embed_texts(e, w, EMBED_QUERY, texts, 4, vectors);
	assert_int_equal(counted_allocations, before);
	made_model_release(&m);
	embed_work_free(&w);
	embedder_close(&e);
}

/* Empty, unknown, ill-formed and endless texts. */
static void texts_that_say_nothing_are_zeros_and_long_ones_are_cut(void **state)
{
	static const struct str nothing[] = {
		STR(""), STR(" \n\t"), STR("zz yy"), STR("\xff\xfe\x80"),
	};
	struct buf text = BUF(1 << 21);
	struct made_model m;
	struct embed_work *w;
	struct embedder *e;
	float got[32], cut[32];

	(void)state;
	made_model_init(&m, &shapes[0]);
	made_model_write(&m, folder);
	e = open_with(NULL);
	w = embed_work_new(e);
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
		embed_text(e, w, EMBED_PASSAGE, nothing[i], got);
		for (int j = 0; j < 32; j++)
			assert_true(got[j] == 0);
	}
	for (int i = 0; text.len < 1 << 20; i++) {
		buf_addf(&text, "a%d ", 5 + i % (MADE_WORDS - 5));
		if (i == MADE_PLACES - 3)
			embed_text(e, w, EMBED_PASSAGE, buf_str(&text), cut);
	}
	embed_text(e, w, EMBED_PASSAGE, buf_str(&text), got);
	assert_memory_equal(got, cut, sizeof(got));
	buf_release(&text);
	made_model_release(&m);
	embed_work_free(&w);
	embedder_close(&e);
}

static void prompts_and_limits_come_from_the_folder(void **state)
{
	struct made_model m;
	struct embed_work *w;
	struct embedder *e;
	float query[32], passage[32], plain[32];

	(void)state;
	made_model_init(&m, &shapes[0]);
	made_model_write(&m, folder);
	made_file(folder, "config_sentence_transformers.json",
		STR("{\"prompts\":{\"query\":\"a20 a21 \",\"passage\":\"a22 \"}}"));
	made_file(folder, "sentence_bert_config.json", STR("{\"max_seq_length\":9}"));
	e = open_with(NULL);
	assert_int_equal(embedder_info(e)->tokens_max, 9);
	w = embed_work_new(e);
	embed_text(e, w, EMBED_QUERY, STR("a30 a31 a32 a33 a34 a35"), query);
	embed_text(e, w, EMBED_PASSAGE, STR("a30 a31 a32 a33 a34 a35"), passage);
	embed_work_free(&w);
	embedder_close(&e);
	made_model_remove(folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	made_model_write(&m, folder);
	e = open_with(NULL);
	w = embed_work_new(e);
	embed_text(e, w, EMBED_QUERY, STR("a20 a21 a30 a31 a32 a33 a34"), plain);
	assert_memory_equal(plain, query, sizeof(plain));
	embed_text(e, w, EMBED_QUERY, STR("a22 a30 a31 a32 a33 a34 a35"), plain);
	assert_memory_equal(plain, passage, sizeof(plain));
	made_model_release(&m);
	embed_work_free(&w);
	embedder_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_gives_what_the_formulas_give),
		cmocka_unit_test(other_weights_give_other_vectors),
		cmocka_unit_test(a_batch_gives_what_single_texts_give),
		cmocka_unit_test(a_head_gives_a_number_for_each_class),
		cmocka_unit_test(eight_bits_are_near_and_have_an_id_of_their_own),
		cmocka_unit_test(a_head_may_be_wider_than_the_states),
		cmocka_unit_test(an_independent_runtime_agrees),
		cmocka_unit_test(nothing_is_allocated_once_there_is_scratch),
		cmocka_unit_test(texts_that_say_nothing_are_zeros_and_long_ones_are_cut),
		cmocka_unit_test(prompts_and_limits_come_from_the_folder),
	};

	return cmocka_run_group_tests_name("bert", tests, make_folder, remove_folder);
}
