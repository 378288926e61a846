/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders as they are found: static tables, and all that can be wrong with a model, each with the
 * file and the reason. */
#include "core/embed/embedder.h"
#include "core/embed/tensor.h"
#include "tests/embed/model.h"

enum { ROWS = 9, DIMS = 3 };

static char folder[64];

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/weir-families-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

/* Rows 1, 2, 3 ... of a table of three numbers, each with a word. */
static void write_table(const char *type, float damage, size_t words)
{
	struct tensor_file f = TENSOR_FILE;
	struct buf numbers = BUF(TENSOR_FILE_MAX), bytes = BUF(TENSOR_FILE_MAX);

	for (int i = 0; i < ROWS * DIMS; i++) {
		float x = i == 7 ? damage : (float)(i % 5) - 1;
		uint16_t half = float_to_half(x);

		if (strcmp(type, "F16"))
			buf_add(&numbers, &x, 4);
		else
			buf_add(&numbers, &half, 2);
	}
	tensor_file_add(&f, "embeddings", type, "[9,3]", numbers.ptr, numbers.len);
	tensor_file_end(&f, &bytes);
	made_file(folder, "model.safetensors", buf_str(&bytes));
	buf_clear(&bytes);
	buf_add_text(&bytes, "[PAD]\n[UNK]\n");
	for (size_t i = 2; i < words; i++)
		buf_addf(&bytes, "w%zu\n", i);
	made_file(folder, "vocab.txt", buf_str(&bytes));
	buf_release(&numbers);
	buf_release(&bytes);
}

static void a_static_table_gives_the_mean_of_known_words(void **state)
{
	static const char *const types[] = { "F32", "F16" };
	float mean[DIMS], vector[DIMS];

	(void)state;
	make_folder();
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct embed_work *w;
		struct embedder *e;
		double length = 0;

		write_table(types[i], 0, ROWS);
		check_ok(embedder_open(&e, folder, NULL, NULL));
		check_str(embedder_info(e)->family, "static");
		assert_int_equal(embedder_info(e)->dims, DIMS);
		w = embed_work_new(e);
		embed_text(e, w, EMBED_QUERY, STR("w3 nobody-knows W4, w3"), vector);
		for (int j = 0; j < DIMS; j++) {
			mean[j] = (float)(2 * ((9 + j) % 5 - 1) + (12 + j) % 5 - 1);
			length += (double)(mean[j] * mean[j]);
		}
		for (int j = 0; j < DIMS; j++)
			assert_true(fabs((double)vector[j] * sqrt(length) - (double)mean[j]) <
				    1e-5);
		embed_text(e, w, EMBED_QUERY, STR("nobody knows \xff"), vector);
		for (int j = 0; j < DIMS; j++)
			assert_true(vector[j] == 0);
		embed_work_free(&w);
		embedder_close(&e);
	}
	made_model_remove(folder);
}

static void an_id_names_its_weights_and_its_words(void **state)
{
	char first[64];
	struct embedder *e;

	(void)state;
	make_folder();
	write_table("F32", 0, ROWS);
	check_ok(embedder_open(&e, folder, NULL, NULL));
	snprintf(first, sizeof(first), "%.*s", STR_ARG(embedder_info(e)->id));
	assert_non_null(strstr(first, strrchr(folder, '/') + 1));
	embedder_close(&e);
	check_ok(embedder_open(&e, folder, NULL, NULL));
	check_str(embedder_info(e)->id, first);
	embedder_close(&e);
	write_table("F32", 0.25f, ROWS);
	check_ok(embedder_open(&e, folder, NULL, NULL));
	assert_false(str_is(embedder_info(e)->id, first));
	embedder_close(&e);
	write_table("F32", 0, ROWS - 1);
	check_ok(embedder_open(&e, folder, NULL, NULL));
	assert_false(str_is(embedder_info(e)->id, first));
	embedder_close(&e);
	made_model_remove(folder);
}

static void refused(enum err err, const char *say)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct embedder *e;

	check_err(embedder_open(&e, folder, NULL, &why), err);
	assert_null(e);
	if (!str_starts(buf_str(&why), folder) ||
		str_find(buf_str(&why), str_of(say)) == why.len)
		fail_msg("got \"%s\", want \"%s\"", why.ptr, say);
	buf_release(&why);
}

static void tables_that_cannot_be_are_refused(void **state)
{
	(void)state;
	make_folder();
	refused(ERR_NOT_FOUND, "model.safetensors: there is no such file");
	write_table("F32", NAN, ROWS);
	refused(ERR_CORRUPT, "tensor embeddings: one of its numbers is NaN or infinite");
	write_table("F32", 0, ROWS + 1);
	refused(ERR_CORRUPT, "the vocabulary has 10 pieces, the table only 9 rows");
	made_file(folder, "model.safetensors", STR("junk"));
	refused(ERR_CORRUPT, "model.safetensors: too short for a safetensors file");
	made_model_remove(folder);
}

static const struct made_shape good = { "good", "BertModel", "gelu", "", MADE_BERT, 32, 4, 64, 1,
	false, false, 0, "F32" };

static const struct {
	const char *file, *text, *say;
} broken[] = {
	{ "config.json", "{\"architectures\":[\"T5Model\"]}",
		"the architecture T5Model cannot be run here" },
	{ "config.json", "{}", "no config.json names an architecture" },
	{ "config.json", "{", "config.json:1:2: " },
	{ "config.json", "{\"architectures\":[\"BertModel\"]}",
		"config.json: hidden_size: expected a whole number from 1 to 8192" },
	{ "config.json", "{\"architectures\":[\"BertModel\"],\"hidden_size\":1e9}",
		"config.json: hidden_size: expected a whole number from 1 to 8192" },
	{ "config.json",
		"{\"architectures\":[\"BertModel\"],\"hidden_size\":32,\"num_hidden_layers\":1,"
		"\"num_attention_heads\":5,\"intermediate_size\":64,\"vocab_size\":200}",
		"config.json: hidden_size is no multiple of num_attention_heads" },
	{ "config.json",
		"{\"architectures\":[\"BertModel\"],\"hidden_size\":32,\"num_hidden_layers\":1,"
		"\"num_attention_heads\":4,\"intermediate_size\":64,\"vocab_size\":200,"
		"\"hidden_act\":\"swish\"}",
		"config.json: its activation is not known" },
	{ "config.json",
		"{\"architectures\":[\"BertModel\"],\"hidden_size\":32,\"num_hidden_layers\":1,"
		"\"num_attention_heads\":4,\"intermediate_size\":64,\"vocab_size\":200,"
		"\"position_embedding_type\":\"relative_key\"}",
		"config.json: its positions are not absolute ones" },
	{ "config.json",
		"{\"architectures\":[\"BertModel\"],\"hidden_size\":32,\"num_hidden_layers\":2,"
		"\"num_attention_heads\":4,\"intermediate_size\":64,\"vocab_size\":200,"
		"\"max_position_embeddings\":48}",
		"tensor encoder.layer.1.attention.self.query.weight is missing" },
	{ "config.json",
		"{\"architectures\":[\"BertModel\"],\"hidden_size\":32,\"num_hidden_layers\":1,"
		"\"num_attention_heads\":4,\"intermediate_size\":65,\"vocab_size\":200,"
		"\"max_position_embeddings\":48}",
		"tensor encoder.layer.0.intermediate.dense.weight: it is F32 [64, 32], the model "
		"needs [65, 32]" },
	{ "config.json",
		"{\"architectures\":[\"BertForSequenceClassification\"],\"hidden_size\":32,"
		"\"num_hidden_layers\":1,\"num_attention_heads\":4,\"intermediate_size\":64,"
		"\"vocab_size\":200,\"max_position_embeddings\":48}",
		"id2label: expected a label for each class" },
	{ "vocab.txt", "[PAD]\n[UNK]\n", "[CLS]" },
	{ "modules.json", "[{\"type\":\"sentence_transformers.models.Dense\"}]",
		"modules.json: it asks for a module besides" },
	{ "1_Pooling/config.json", "{\"pooling_mode_max_tokens\":true}",
		"1_Pooling/config.json: its pooling is neither" },
	{ "1_Pooling/config.json",
		"{\"pooling_mode_mean_tokens\":true,\"pooling_mode_cls_token\":true}",
		"1_Pooling/config.json: its pooling is neither" },
	{ "sentence_bert_config.json", "{\"max_seq_length\":2}",
		"sentence_bert_config.json: max_seq_length leaves no room for a word" },
	{ "config_sentence_transformers.json", "{\"prompts\":{\"query\":", "1:21: " },
};

static void models_that_cannot_be_run_are_refused_with_the_reason(void **state)
{
	struct made_model m;

	(void)state;
	made_model_init(&m, &good);
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		struct embedder *e;

		make_folder();
		made_model_write(&m, folder);
		check_ok(embedder_open(&e, folder, NULL, NULL));
		embedder_close(&e);
		made_file(folder, broken[i].file, str_of(broken[i].text));
		refused(ERR_CORRUPT, broken[i].say);
		made_model_remove(folder);
	}
	made_model_release(&m);
}

static void weights_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *tensor;
		float value;
		const char *say;
	} rows[] = {
		{ "encoder.layer.0.output.dense.bias", NAN, "one of its numbers is NaN" },
		{ "embeddings.word_embeddings.weight", INFINITY, "one of its numbers is NaN" },
		{ "encoder.layer.0.attention.output.LayerNorm.weight", -INFINITY, "is NaN" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct made_model m;

		make_folder();
		made_model_init(&m, &good);
		made_find(&m, rows[i].tensor)->numbers[1] = rows[i].value;
		made_model_write(&m, folder);
		refused(ERR_CORRUPT, rows[i].say);
		made_model_remove(folder);
		made_model_release(&m);
	}
}

static void well_known_models_have_their_prompts(void **state)
{
	char parent[64], path[MADE_PATH];
	struct made_model m;
	struct embed_work *w;
	struct embedder *e;
	float query[32], passage[32];

	(void)state;
	make_folder();
	snprintf(parent, sizeof(parent), "%s", folder);
	snprintf(path, sizeof(path), "%s/e5-x", parent);
	assert_int_equal(mkdir(path, 0700), 0);
	made_model_init(&m, &good);
	made_model_write(&m, path);
	made_file(path, "vocab.txt", STR("[PAD]\n[UNK]\n[CLS]\n[SEP]\nquery\npassage\n:\nhello\n"));
	check_ok(embedder_open(&e, path, NULL, NULL));
	w = embed_work_new(e);
	embed_text(e, w, EMBED_QUERY, STR("hello"), query);
	embed_text(e, w, EMBED_PASSAGE, STR("hello"), passage);
	assert_memory_not_equal(query, passage, sizeof(query));
	embed_work_free(&w);
	embedder_close(&e);
	made_model_release(&m);
	made_model_remove(path);
	assert_int_equal(rmdir(parent), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_static_table_gives_the_mean_of_known_words),
		cmocka_unit_test(an_id_names_its_weights_and_its_words),
		cmocka_unit_test(tables_that_cannot_be_are_refused),
		cmocka_unit_test(models_that_cannot_be_run_are_refused_with_the_reason),
		cmocka_unit_test(weights_that_cannot_be_are_refused),
		cmocka_unit_test(well_known_models_have_their_prompts),
	};

	return cmocka_run_group_tests_name("families", tests, NULL, NULL);
}
