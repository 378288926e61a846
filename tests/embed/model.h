/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random models for tests: weights from a seed, written as Hugging Face lays them out, and the
 * forward pass once more, in double and as plainly as the papers have it.
 *
 *	struct made_model m;
 *	made_model_init(&m, &shape);
 *	made_model_write(&m, folder);
 *	made_model_run(&m, ids, count, states);
 *	made_model_release(&m);
 */
#ifndef WEIR_TESTS_EMBED_MODEL_H
#define WEIR_TESTS_EMBED_MODEL_H

#include "core/base/arena.h"
#include "core/base/rng.h"
#include "tests/check.h"
#include "tests/embed/tensors.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MADE_TENSORS_MAX = 64, MADE_WORDS = 200, MADE_PLACES = 48, MADE_PATH = 256 };

enum made_kind { MADE_BERT, MADE_DISTIL };

struct made_shape {
	const char *say, *architecture, *activation, *prefix;
	enum made_kind kind;
	int hidden, heads, inner, layers;
	bool cls;         /* pooling */
	bool old_names;   /* gamma and beta */
	int classes;      /* 0: no head */
	const char *type; /* "F32", "F16", "BF16" */
};

struct made_tensor {
	char name[128];
	int rows, columns; /* columns 0: one row */
	float *numbers;
};

struct made_model {
	const struct made_shape *shape;
	struct made_tensor tensors[MADE_TENSORS_MAX];
	size_t count;
};

/* Seven bits, and none below 2^-10: exact in both half types, whatever rounds. */
static inline float made_short(float x)
{
	int exponent;
	float part = frexpf(x, &exponent);

	x = ldexpf(truncf(ldexpf(part, 7)), exponent - 7);
	return ldexpf(truncf(ldexpf(x, 10)), -10);
}

static inline void made_add(
	struct made_model *m, const char *name, int rows, int columns, float around, float scale)
{
	struct made_tensor *t = &m->tensors[m->count];
	size_t count = (size_t)rows * (size_t)(columns ? columns : 1);
	struct rng rng;

	assert_true(m->count < MADE_TENSORS_MAX);
	rng_seed(&rng, ++m->count);
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->rows = rows;
	t->columns = columns;
	t->numbers = memory_new(count * sizeof(float));
	for (size_t i = 0; i < count; i++) {
		float x = around + scale * (float)(2 * rng_unit(&rng) - 1);

		t->numbers[i] = strcmp(m->shape->type, "F32") ? made_short(x) : x;
	}
}

static inline void made_linear(struct made_model *m, const char *name, int outer, int inner)
{
	char full[128];

	snprintf(full, sizeof(full), "%s.weight", name);
	made_add(m, full, outer, inner, 0, 1.5f / sqrtf((float)inner));
	snprintf(full, sizeof(full), "%s.bias", name);
	made_add(m, full, outer, 0, 0, 0.2f);
}

static inline void made_norm(struct made_model *m, const char *name)
{
	char full[128];

	snprintf(full, sizeof(full), "%s.%s", name, m->shape->old_names ? "gamma" : "weight");
	made_add(m, full, m->shape->hidden, 0, 1, 0.3f);
	snprintf(full, sizeof(full), "%s.%s", name, m->shape->old_names ? "beta" : "bias");
	made_add(m, full, m->shape->hidden, 0, 0, 0.3f);
}

/* The names of a layer's parts, in the order of the forward pass. */
static const char *const made_parts[2][8] = {
	{ "%sencoder.layer.%d.attention.self.query", "%sencoder.layer.%d.attention.self.key",
		"%sencoder.layer.%d.attention.self.value",
		"%sencoder.layer.%d.attention.output.dense",
		"%sencoder.layer.%d.attention.output.LayerNorm",
		"%sencoder.layer.%d.intermediate.dense", "%sencoder.layer.%d.output.dense",
		"%sencoder.layer.%d.output.LayerNorm" },
	{ "%stransformer.layer.%d.attention.q_lin", "%stransformer.layer.%d.attention.k_lin",
		"%stransformer.layer.%d.attention.v_lin",
		"%stransformer.layer.%d.attention.out_lin",
		"%stransformer.layer.%d.sa_layer_norm", "%stransformer.layer.%d.ffn.lin1",
		"%stransformer.layer.%d.ffn.lin2", "%stransformer.layer.%d.output_layer_norm" },
};

static inline void made_name(char full[100], const struct made_shape *s, int layer, int part)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(full, 100, made_parts[s->kind][part], s->prefix, layer);
#pragma GCC diagnostic pop
}

static inline void made_layer(struct made_model *m, int layer)
{
	const struct made_shape *s = m->shape;
	char name[100];

	for (int part = 0; part < 8; part++) {
		made_name(name, s, layer, part);
		if (part == 4 || part == 7)
			made_norm(m, name);
		else
			made_linear(m, name, part == 5 ? s->inner : s->hidden,
				part == 6 ? s->inner : s->hidden);
	}
}

static inline void made_model_init(struct made_model *m, const struct made_shape *s)
{
	char name[100];

	*m = (struct made_model){ .shape = s };
	snprintf(name, sizeof(name), "%sembeddings.word_embeddings.weight", s->prefix);
	made_add(m, name, MADE_WORDS, s->hidden, 0, 1);
	snprintf(name, sizeof(name), "%sembeddings.position_embeddings.weight", s->prefix);
	made_add(m, name, MADE_PLACES, s->hidden, 0, 0.5f);
	if (s->kind == MADE_BERT) {
		snprintf(name, sizeof(name), "%sembeddings.token_type_embeddings.weight",
			s->prefix);
		made_add(m, name, 2, s->hidden, 0, 0.5f);
	}
	snprintf(name, sizeof(name), "%sembeddings.LayerNorm", s->prefix);
	made_norm(m, name);
	for (int i = 0; i < s->layers; i++)
		made_layer(m, i);
	if (!s->classes)
		return;
	made_linear(m, s->kind == MADE_BERT ? "bert.pooler.dense" : "pre_classifier", s->hidden,
		s->hidden);
	made_linear(m, "classifier", s->classes, s->hidden);
}

static inline void made_model_release(struct made_model *m)
{
	for (size_t i = 0; i < m->count; i++)
		memory_free(m->tensors[i].numbers);
}

static inline struct made_tensor *made_find(struct made_model *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->tensors[i].name, name))
			return &m->tensors[i];
	fail_msg("no tensor %s", name);
	return NULL;
}

/* Half types are exact: made_short() left no other bits. */
static inline void made_bytes(const struct made_tensor *t, const char *type, struct buf *out)
{
	size_t count = (size_t)t->rows * (size_t)(t->columns ? t->columns : 1);

	for (size_t i = 0; i < count; i++) {
		uint32_t bits;
		uint16_t half;
		int exponent;
		float part;

		memcpy(&bits, &t->numbers[i], sizeof(bits));
		if (!strcmp(type, "F32")) {
			buf_add(out, &bits, 4);
			continue;
		}
		part = frexpf(t->numbers[i], &exponent);
		half = part == 0 ? 0
				 : (uint16_t)((bits >> 16 & 0x8000) |
					   ((unsigned)(exponent + 14) << 10 & 0x7C00) |
					   ((unsigned)(ldexpf(fabsf(part), 11)) & 0x3FF));
		if (!strcmp(type, "BF16"))
			half = (uint16_t)(bits >> 16);
		buf_add(out, &half, 2);
	}
}

static inline void made_file(const char *folder, const char *name, struct str text)
{
	char path[2 * MADE_PATH];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

static inline void made_weights(const struct made_model *m, struct buf *out)
{
	struct tensor_file f = TENSOR_FILE;
	struct buf bytes = BUF(TENSOR_FILE_MAX);
	char shape[64];

	for (size_t i = 0; i < m->count; i++) {
		const struct made_tensor *t = &m->tensors[i];

		buf_clear(&bytes);
		made_bytes(t, m->shape->type, &bytes);
		if (t->columns)
			snprintf(shape, sizeof(shape), "[%d,%d]", t->rows, t->columns);
		else
			snprintf(shape, sizeof(shape), "[%d]", t->rows);
		tensor_file_add(&f, t->name, m->shape->type, shape, bytes.ptr, bytes.len);
	}
	tensor_file_end(&f, out);
	buf_release(&bytes);
}

static inline void made_config(const struct made_shape *s, struct buf *out)
{
	const char *const names[2][5] = {
		{ "hidden_size", "num_attention_heads", "intermediate_size", "num_hidden_layers",
			"hidden_act" },
		{ "dim", "n_heads", "hidden_dim", "n_layers", "activation" },
	};
	const char *const *n = names[s->kind];

	buf_addf(out,
		"{\"architectures\":[\"%s\"],\"%s\":%d,\"%s\":%d,\"%s\":%d,\"%s\":%d,\"%s\":\"%s\","
		"\"vocab_size\":%d,\"max_position_embeddings\":%d,\"layer_norm_eps\":1e-12",
		s->architecture, n[0], s->hidden, n[1], s->heads, n[2], s->inner, n[3], s->layers,
		n[4], s->activation, MADE_WORDS, MADE_PLACES);
	for (int i = 0; i < s->classes; i++)
		buf_addf(out, "%s\"%d\":\"class %d\"", i ? "," : ",\"id2label\":{", i, i);
	buf_add_text(out, s->classes ? "}}" : "}");
}

/* Word number i of the vocabulary is "a<i>"; the first five are the special ones. */
static inline void made_model_write(const struct made_model *m, const char *folder)
{
	struct buf text = BUF(TENSOR_FILE_MAX);
	char path[2 * MADE_PATH];

	made_weights(m, &text);
	made_file(folder, "model.safetensors", buf_str(&text));
	buf_clear(&text);
	made_config(m->shape, &text);
	made_file(folder, "config.json", buf_str(&text));
	buf_clear(&text);
	buf_add_text(&text, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
	for (int i = 5; i < MADE_WORDS; i++)
		buf_addf(&text, "a%d\n", i);
	made_file(folder, "vocab.txt", buf_str(&text));
	snprintf(path, sizeof(path), "%s/1_Pooling", folder);
	assert_true(!mkdir(path, 0700) || errno == EEXIST);
	made_file(folder, "1_Pooling/config.json",
		m->shape->cls ? STR("{\"pooling_mode_cls_token\":true}")
			      : STR("{\"pooling_mode_mean_tokens\":true}"));
	buf_release(&text);
}

static inline void made_model_remove(const char *folder)
{
	static const char *const names[] = { "model.safetensors", "config.json", "vocab.txt",
		"1_Pooling/config.json", "sentence_bert_config.json", "modules.json",
		"config_sentence_transformers.json" };
	char path[2 * MADE_PATH];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/1_Pooling", folder);
	rmdir(path);
	assert_int_equal(rmdir(folder), 0);
}

/* From here on the forward pass. */

static inline void made_apply(struct made_model *m, const char *name, const double *in, int rows,
	double *out)
{
	char full[128];
	const struct made_tensor *w, *b;

	snprintf(full, sizeof(full), "%s.weight", name);
	w = made_find(m, full);
	snprintf(full, sizeof(full), "%s.bias", name);
	b = made_find(m, full);
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < w->rows; j++) {
			double sum = (double)b->numbers[j];

			for (int k = 0; k < w->columns; k++)
				sum += in[i * w->columns + k] *
				       (double)w->numbers[j * w->columns + k];
			out[i * w->rows + j] = sum;
		}
}

static inline void made_normalise(struct made_model *m, const char *name, double *x, int rows)
{
	int n = m->shape->hidden;
	char full[128];
	const struct made_tensor *g, *b;

	snprintf(full, sizeof(full), "%s.%s", name, m->shape->old_names ? "gamma" : "weight");
	g = made_find(m, full);
	snprintf(full, sizeof(full), "%s.%s", name, m->shape->old_names ? "beta" : "bias");
	b = made_find(m, full);
	for (int i = 0; i < rows; i++, x += n) {
		double mean = 0, spread = 0;

		for (int j = 0; j < n; j++)
			mean += x[j] / n;
		for (int j = 0; j < n; j++)
			spread += (x[j] - mean) * (x[j] - mean) / n;
		for (int j = 0; j < n; j++)
			x[j] = (x[j] - mean) / sqrt(spread + 1e-12) * (double)g->numbers[j] +
			       (double)b->numbers[j];
	}
}

static inline double made_activate(double x, const char *kind)
{
	if (!strcmp(kind, "relu"))
		return x > 0 ? x : 0;
	if (!strcmp(kind, "gelu"))
		return x / 2 * (1 + erf(x / sqrt(2)));
	return x / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
}

static inline void made_attend(const struct made_shape *s, const double *q, const double *k,
	const double *v, int rows, double *out)
{
	int n = s->hidden, width = n / s->heads;
	double p[MADE_PLACES];

	for (int h = 0; h < n; h += width)
		for (int i = 0; i < rows; i++) {
			double most = -INFINITY, sum = 0;

			for (int j = 0; j < rows; j++) {
				p[j] = 0;
				for (int d = h; d < h + width; d++)
					p[j] += q[i * n + d] * k[j * n + d] / sqrt(width);
				most = p[j] > most ? p[j] : most;
			}
			for (int j = 0; j < rows; j++)
				sum += p[j] = exp(p[j] - most);
			for (int d = h; d < h + width; d++) {
				out[i * n + d] = 0;
				for (int j = 0; j < rows; j++)
					out[i * n + d] += p[j] / sum * v[j * n + d];
			}
		}
}

static inline void made_add_to(double *x, const double *y, int count)
{
	for (int i = 0; i < count; i++)
		x[i] += y[i];
}

static inline void made_run_layer(struct made_model *m, int layer, double *x, int rows)
{
	const struct made_shape *s = m->shape;
	size_t room = (size_t)rows * (size_t)(s->inner + s->hidden);
	double *parts[5];
	char name[100];

	for (int i = 0; i < 5; i++)
		parts[i] = memory_new(room * sizeof(double));
	for (int i = 0; i < 3; i++) {
		made_name(name, s, layer, i);
		made_apply(m, name, x, rows, parts[i]);
	}
	made_attend(s, parts[0], parts[1], parts[2], rows, parts[3]);
	made_name(name, s, layer, 3);
	made_apply(m, name, parts[3], rows, parts[4]);
	made_add_to(x, parts[4], rows * s->hidden);
	made_name(name, s, layer, 4);
	made_normalise(m, name, x, rows);
	made_name(name, s, layer, 5);
	made_apply(m, name, x, rows, parts[0]);
	for (int i = 0; i < rows * s->inner; i++)
		parts[0][i] = made_activate(parts[0][i], s->activation);
	made_name(name, s, layer, 6);
	made_apply(m, name, parts[0], rows, parts[1]);
	made_add_to(x, parts[1], rows * s->hidden);
	made_name(name, s, layer, 7);
	made_normalise(m, name, x, rows);
	for (int i = 0; i < 5; i++)
		memory_free(parts[i]);
}

/* `states` has rows x hidden numbers. */
static inline void made_model_run(
	struct made_model *m, const int32_t *ids, int rows, double *states)
{
	const struct made_shape *s = m->shape;
	const char *const names[] = { "word", "position", "token_type" };
	const struct made_tensor *t;
	char name[100];

	memset(states, 0, (size_t)(rows * s->hidden) * sizeof(*states));
	for (int part = 0; part < (s->kind == MADE_BERT ? 3 : 2); part++) {
		snprintf(name, sizeof(name), "%sembeddings.%s_embeddings.weight", s->prefix,
			names[part]);
		t = made_find(m, name);
		for (int i = 0; i < rows; i++)
			for (int j = 0; j < s->hidden; j++)
				states[i * s->hidden + j] += (double)t->numbers[j +
					s->hidden * (part == 0 ? ids[i] : part == 1 ? i : 0)];
	}
	snprintf(name, sizeof(name), "%sembeddings.LayerNorm", s->prefix);
	made_normalise(m, name, states, rows);
	for (int i = 0; i < s->layers; i++)
		made_run_layer(m, i, states, rows);
}

#endif
