/* SPDX-License-Identifier: GPL-3.0-or-later
 * Weights from a folder, by the names that each architecture has for them. */
#include "core/embed/bert.h"

#include "core/base/rng.h"

#include <math.h>

enum { NAME_BYTES = 160 };

/* Names end in ".weight" and ".bias" in the file; %zu is the layer. */
static const struct naming {
	const char *prefix; /* before all names but the head's; some files have it, some not */
	const char *layer;  /* before the next seven */
	const char *query, *key, *value, *out, *attended, *up, *down, *done;
	const char *head;   /* before the classes: the first token through it and an activation */
	enum activation head_activation;
	bool segments;
} bert_naming = {
	.prefix = "bert.",
	.layer = "encoder.layer.%zu.%s",
	.query = "attention.self.query",
	.key = "attention.self.key",
	.value = "attention.self.value",
	.out = "attention.output.dense",
	.attended = "attention.output.LayerNorm",
	.up = "intermediate.dense",
	.down = "output.dense",
	.done = "output.LayerNorm",
	.head = "bert.pooler.dense",
	.head_activation = ACT_TANH,
	.segments = true,
}, distil_naming = {
	.prefix = "distilbert.",
	.layer = "transformer.layer.%zu.%s",
	.query = "attention.q_lin",
	.key = "attention.k_lin",
	.value = "attention.v_lin",
	.out = "attention.out_lin",
	.attended = "sa_layer_norm",
	.up = "ffn.lin1",
	.down = "ffn.lin2",
	.done = "output_layer_norm",
	.head = "pre_classifier",
	.head_activation = ACT_RELU,
};

static const struct {
	const char *architecture;
	const struct naming *naming;
	bool head;
} architectures[] = {
	{ "BertModel", &bert_naming, false },
	{ "BertForMaskedLM", &bert_naming, false },
	{ "BertForSequenceClassification", &bert_naming, true },
	{ "DistilBertModel", &distil_naming, false },
	{ "DistilBertForMaskedLM", &distil_naming, false },
	{ "DistilBertForSequenceClassification", &distil_naming, true },
};

static size_t find(struct str architecture)
{
	size_t i = 0;

	while (i < ARRAY_LEN(architectures) &&
		!str_is(architecture, architectures[i].architecture))
		i++;
	return i;
}

bool bert_knows(struct str architecture)
{
	return find(architecture) < ARRAY_LEN(architectures);
}

struct loader {
	struct bert *bert;
	const struct model_config *config;
	const struct model_folder *folder; /* NULL: weights come from `random` */
	struct rng random;
	const struct naming *naming;
	const char *prefix;
	float *weights, *bias; /* of the matrix that is being packed */
	struct buf *why;
};

/* A tensor that is there, or will be made up (then it has no name). */
static enum err find_tensor(struct loader *l, const char *prefix, const char *name, size_t rows,
	size_t columns, const struct tensor **t)
{
	static const struct tensor made_up;

	*t = &made_up;
	if (!l->folder)
		return ERR_OK;
	return folder_tensor(l->folder, prefix, name, rows, columns, t, l->why);
}

static enum err take_floats(
	struct loader *l, const struct tensor *t, size_t from, size_t count, float *out)
{
	if (l->folder)
		return tensor_floats(t, from, count, out, l->why);
	for (size_t i = 0; i < count; i++)
		out[i] = 0.14f * (float)(rng_unit(&l->random) - 0.5);
	return ERR_OK;
}

static enum err read_floats(struct loader *l, const char *prefix, const char *name, size_t rows,
	size_t columns, float *out)
{
	const struct tensor *t;
	enum err err = find_tensor(l, prefix, name, rows, columns, &t);

	return err ? err : take_floats(l, t, 0, rows * (columns ? columns : 1), out);
}

static enum err read_linear(struct loader *l, const char *prefix, const char *name, size_t outer,
	size_t inner, size_t after)
{
	char full[NAME_BYTES];
	enum err err;

	snprintf(full, sizeof(full), "%s.weight", name);
	err = read_floats(l, prefix, full, outer, inner, l->weights + after * inner);
	if (err)
		return err;
	snprintf(full, sizeof(full), "%s.bias", name);
	return read_floats(l, prefix, full, outer, 0, l->bias + after);
}

static enum err pack(
	struct loader *l, struct packed *p, const char *name, size_t outer, size_t inner)
{
	if (kernel_pack(l->bert->kernel, p, l->weights, l->bias, outer, inner))
		return ERR_OK;
	why_set(l->why, "%s: %s: a weight is larger than half precision holds (65504)",
		l->folder->weights.path, name);
	return ERR_CORRUPT;
}

static enum err load_linear(struct loader *l, const char *prefix, const char *name, size_t outer,
	size_t inner, struct packed *p)
{
	enum err err = read_linear(l, prefix, name, outer, inner, 0);

	return err ? err : pack(l, p, name, outer, inner);
}

static void name_layer(
	const struct loader *l, size_t layer, const char *name, char full[NAME_BYTES])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* two of them, above */
	snprintf(full, NAME_BYTES, l->naming->layer, layer, name);
#pragma GCC diagnostic pop
}

/* Older files say gamma and beta. */
static enum err load_norm(struct loader *l, const char *name, struct bert_norm *n)
{
	static const char *const ends[][2] = { { ".weight", ".bias" }, { ".gamma", ".beta" } };
	size_t hidden = l->bert->hidden;
	char full[NAME_BYTES];
	const char *const *end = ends[0];
	enum err err;

	snprintf(full, sizeof(full), "%s%s.gamma", l->prefix, name);
	if (l->folder && safetensors_find(&l->folder->weights, str_of(full)))
		end = ends[1];
	n->gamma = kernel_floats(hidden + KERNEL_SLACK);
	n->beta = kernel_floats(hidden + KERNEL_SLACK);
	snprintf(full, sizeof(full), "%s%s", name, end[0]);
	err = read_floats(l, l->prefix, full, hidden, 0, n->gamma);
	if (err)
		return err;
	snprintf(full, sizeof(full), "%s%s", name, end[1]);
	return read_floats(l, l->prefix, full, hidden, 0, n->beta);
}

/* Q, K and V become one matrix, with the scale of the scores in Q. */
static enum err load_qkv(struct loader *l, size_t layer, struct packed *p)
{
	const char *const names[] = { l->naming->query, l->naming->key, l->naming->value };
	size_t hidden = l->bert->hidden;
	float scale = 1 / sqrtf((float)(hidden / l->bert->heads));
	char full[NAME_BYTES] = "";
	enum err err = ERR_OK;

	for (size_t i = 0; i < 3 && !err; i++) {
		name_layer(l, layer, names[i], full);
		err = read_linear(l, l->prefix, full, hidden, hidden, i * hidden);
	}
	for (size_t i = 0; i < hidden * hidden && !err; i++)
		l->weights[i] *= scale;
	for (size_t i = 0; i < hidden && !err; i++)
		l->bias[i] *= scale;
	return err ? err : pack(l, p, full, 3 * hidden, hidden);
}

static enum err load_layer(struct loader *l, size_t at, struct bert_layer *layer)
{
	const struct naming *n = l->naming;
	size_t hidden = l->bert->hidden, inner = l->bert->inner;
	const struct {
		const char *name;
		struct packed *p;
		size_t outer, inner;
	} products[] = {
		{ n->out, &layer->out, hidden, hidden },
		{ n->up, &layer->up, inner, hidden },
		{ n->down, &layer->down, hidden, inner },
	};
	char full[NAME_BYTES];
	enum err err = load_qkv(l, at, &layer->qkv);

	for (size_t i = 0; i < ARRAY_LEN(products) && !err; i++) {
		name_layer(l, at, products[i].name, full);
		err = load_linear(l, l->prefix, full, products[i].outer, products[i].inner,
			products[i].p);
	}
	name_layer(l, at, n->attended, full);
	if (!err)
		err = load_norm(l, full, &layer->attended);
	name_layer(l, at, n->done, full);
	return err ? err : load_norm(l, full, &layer->done);
}

static enum err load_words(struct loader *l)
{
	static const char name[] = "embeddings.word_embeddings.weight";
	struct bert *b = l->bert;
	const struct tensor *t;
	enum err err = find_tensor(l, l->prefix, name, b->vocabulary, b->hidden, &t);

	if (err)
		return err;
	b->words = kernel_floats(kernel_table_bytes(b->kernel, b->vocabulary, b->hidden) / 4 + 1);
	for (size_t i = 0; i < b->vocabulary; i++) {
		err = take_floats(l, t, i * b->hidden, b->hidden, l->weights);
		if (err)
			return err;
		if (!kernel_keep_row(b->kernel, b->words, i, l->weights, b->hidden))
			return tensor_refuse(
				t, l->why, "a number is larger than half precision holds (65504)");
	}
	return ERR_OK;
}

static enum err load_places(struct loader *l)
{
	struct bert *b = l->bert;
	size_t stride = kernel_stride(b->hidden);
	const struct tensor *t, *segments = NULL;
	enum err err = find_tensor(l, l->prefix, "embeddings.position_embeddings.weight",
		b->positions, b->hidden, &t);

	if (!err && l->naming->segments)
		err = find_tensor(l, l->prefix, "embeddings.token_type_embeddings.weight",
			l->config->types, b->hidden, &segments);
	if (!err && segments)
		err = take_floats(l, segments, 0, b->hidden, l->bias);
	b->places = kernel_floats(b->positions * stride);
	for (size_t i = 0; i < b->positions && !err; i++) {
		float *row = b->places + i * stride;

		err = take_floats(l, t, i * b->hidden, b->hidden, row);
		for (size_t j = 0; j < b->hidden && segments && !err; j++)
			row[j] += l->bias[j];
	}
	return err;
}

static enum err load_head(struct loader *l)
{
	struct bert *b = l->bert;
	size_t classes = l->config->labels.len;
	enum err err;

	if (!classes || classes > b->inner) {
		why_set(l->why, "%s/config.json: id2label: expected a label for each class",
			l->folder->path);
		return ERR_CORRUPT;
	}
	b->head_activation = l->naming->head_activation;
	err = load_linear(l, "", l->naming->head, b->hidden, b->hidden, &b->head);
	return err ? err : load_linear(l, "", "classifier", classes, b->hidden, &b->classes);
}

static enum err load_all(struct loader *l, bool head)
{
	struct bert *b = l->bert;
	enum err err = load_words(l);

	if (!err)
		err = load_places(l);
	if (!err)
		err = load_norm(l, "embeddings.LayerNorm", &b->embedded);
	b->layers = memory_new(b->layers_count * sizeof(*b->layers));
	for (size_t i = 0; i < b->layers_count && !err; i++)
		err = load_layer(l, i, &b->layers[i]);
	return err || !head ? err : load_head(l);
}

/* The matrix that is being packed lies in the loader: room for the largest. */
static enum err load_with(struct loader *l, const struct kernel *kernel, size_t architecture)
{
	const struct model_config *c = l->config;
	size_t widest = c->inner > 3 * c->hidden ? c->inner : 3 * c->hidden;
	struct bert *b = l->bert = memory_new(sizeof(*b));
	enum err err;

	*b = (struct bert){ .kernel = kernel, .hidden = c->hidden, .inner = c->inner,
		.heads = c->heads, .layers_count = c->layers, .positions = c->positions,
		.vocabulary = c->vocabulary, .epsilon = (float)c->epsilon,
		.activation = c->activation };
	l->weights = kernel_floats(widest * c->hidden);
	l->bias = kernel_floats(widest);
	err = load_all(l, architectures[architecture].head);
	kernel_floats_free(l->weights);
	kernel_floats_free(l->bias);
	if (err)
		bert_free(&l->bert);
	return err;
}

enum err bert_load(struct bert **bert, const struct model_folder *f, const struct kernel *kernel,
	struct buf *why)
{
	size_t architecture = find(f->config.architecture);
	struct loader l = { .config = &f->config, .folder = f, .why = why };
	char name[NAME_BYTES];
	enum err err;

	l.naming = architectures[architecture].naming;
	snprintf(name, sizeof(name), "%sembeddings.word_embeddings.weight", l.naming->prefix);
	l.prefix = safetensors_find(&f->weights, str_of(name)) ? l.naming->prefix : "";
	err = load_with(&l, kernel, architecture);
	*bert = l.bert;
	return err;
}

struct bert *bert_random(const struct model_config *config, const struct kernel *kernel)
{
	struct loader l = { .config = config, .naming = &bert_naming, .prefix = "" };

	rng_seed(&l.random, 1);
	if (load_with(&l, kernel, 0))
		return NULL; /* no weight of its own is wrong */
	return l.bert;
}

static void norm_release(struct bert_norm *n)
{
	kernel_floats_free(n->gamma);
	kernel_floats_free(n->beta);
}

void bert_free(struct bert **bert)
{
	struct bert *b = *bert;

	if (!b)
		return;
	for (size_t i = 0; i < b->layers_count && b->layers; i++) {
		struct bert_layer *l = &b->layers[i];

		packed_release(&l->qkv);
		packed_release(&l->out);
		packed_release(&l->up);
		packed_release(&l->down);
		norm_release(&l->attended);
		norm_release(&l->done);
	}
	norm_release(&b->embedded);
	packed_release(&b->head);
	packed_release(&b->classes);
	kernel_floats_free(b->words);
	kernel_floats_free(b->places);
	memory_free(b->layers);
	memory_free(b);
	*bert = NULL;
}
