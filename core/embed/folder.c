/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small files are read whole; a member that is absent has its usual value. */
#include "core/embed/folder.h"

#include "core/base/json.h"

#include <sys/stat.h>

enum { JSON_FILE_MAX = 1 << 20, WEIGHTS_MAX = INT_MAX, NAME_MAX_BYTES = 256 };

/* How the families call a size; `most` bounds it. */
static const struct size_row {
	const char *names[3]; /* BERT's, DistilBERT's */
	size_t offset;
	int64_t fallback, most; /* fallback 0: it must be there */
} sizes[] = {
	{ { "hidden_size", "dim" }, offsetof(struct model_config, hidden), 0, MODEL_WIDTH_MAX },
	{ { "num_hidden_layers", "n_layers" }, offsetof(struct model_config, layers), 0,
		MODEL_LAYERS_MAX },
	{ { "num_attention_heads", "n_heads" }, offsetof(struct model_config, heads), 0,
		MODEL_WIDTH_MAX },
	{ { "intermediate_size", "hidden_dim" }, offsetof(struct model_config, inner), 0,
		4 * MODEL_WIDTH_MAX },
	{ { "max_position_embeddings" }, offsetof(struct model_config, positions), 512,
		MODEL_TOKENS_MAX },
	{ { "type_vocab_size" }, offsetof(struct model_config, types), 2, 64 },
	{ { "vocab_size" }, offsetof(struct model_config, vocabulary), 0, MODEL_VOCABULARY_MAX },
};

static const struct {
	const char *name;
	enum activation activation;
} activations[] = {
	{ "gelu", ACT_GELU },
	{ "gelu_new", ACT_GELU_TANH },
	{ "gelu_pytorch_tanh", ACT_GELU_TANH },
	{ "relu", ACT_RELU },
};

/* Well-known models whose folders do not carry their prompts, by how their name begins. */
static const struct {
	const char *name, *query, *passage;
} prompts[] = {
	{ "e5-", "query: ", "passage: " },
	{ "bge-small-en", "Represent this sentence for searching relevant passages: ", "" },
	{ "bge-base-en", "Represent this sentence for searching relevant passages: ", "" },
	{ "bge-large-en", "Represent this sentence for searching relevant passages: ", "" },
};

const char *folder_file(struct model_folder *f, const char *name)
{
	return arena_format(&f->arena, "%s/%s", f->path, name).ptr;
}

static size_t *size_at(struct model_config *c, const struct size_row *row)
{
	return (size_t *)(void *)((char *)c + row->offset);
}

/* *out is NULL where there is no such file. */
static enum err read_json(struct model_folder *f, const char *name, json_t **out, struct buf *why)
{
	const char *path = folder_file(f, name);
	struct buf say = BUF(BUF_WHY_MAX);
	struct mapped file;
	enum err err = mapped_open(&file, path, JSON_FILE_MAX, &say);

	*out = NULL;
	if (err) {
		if (err != ERR_NOT_FOUND)
			why_set(why, "%s", say.ptr);
		buf_release(&say);
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	}
	err = json_read(file.bytes.ptr ? file.bytes : STR(""), JSON_READ_LENIENT, out, &say);
	if (err) {
		why_set(why, "%s:%s", path, say.ptr);
		err = ERR_CORRUPT;
	}
	mapped_close(&file);
	buf_release(&say);
	return err;
}

static enum err refuse(const char *path, struct buf *why, const char *what, const char *mend)
{
	why_set(why, "%s: %s; %s", path, what, mend);
	return ERR_CORRUPT;
}

static void read_size(const struct size_row *row, const json_t *json, struct model_config *c)
{
	int64_t value = INT64_MIN;

	for (size_t i = 0; i < ARRAY_LEN(row->names) && row->names[i]; i++)
		if (value == INT64_MIN)
			value = json_get_int(json, row->names[i], INT64_MIN);
	if (value == INT64_MIN)
		value = row->fallback;
	*size_at(c, row) = value < 1 || value > row->most ? 0 : (size_t)value;
}

static enum activation find_activation(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(activations); i++)
		if (str_is(name, activations[i].name))
			return activations[i].activation;
	return ACT_NONE;
}

enum err folder_check_config(struct model_folder *f, struct buf *why)
{
	const char *path = folder_file(f, "config.json");
	struct model_config *c = &f->config;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (!*size_at(c, &sizes[i])) {
			why_set(why, "%s: %s: expected a whole number from 1 to %lld", path,
				sizes[i].names[0], (long long)sizes[i].most);
			return ERR_CORRUPT;
		}
	if (!(c->epsilon > 0 && c->epsilon < 1))
		return refuse(
			path, why, "layer_norm_eps is no small number above 0", "mend the file");
	if (c->hidden % c->heads)
		return refuse(path, why, "hidden_size is no multiple of num_attention_heads",
			"mend the file");
	if (!c->positions_are_absolute)
		return refuse(path, why, "its positions are not absolute ones",
			"such models cannot be run here");
	if (c->activation == ACT_NONE)
		return refuse(path, why, "its activation is not known",
			"models with gelu, gelu_new and relu can be run");
	return ERR_OK;
}

static void read_labels(struct model_folder *f, const json_t *json)
{
	const json_t *labels = json_object_get(json, "id2label");
	char id[24];

	for (size_t i = 0; i < json_object_size(labels); i++) {
		struct str label;

		snprintf(id, sizeof(id), "%zu", i);
		label = json_get_text(labels, id);
		*vec_add(&f->arena, &f->config.labels) =
			arena_str(&f->arena, label.ptr ? label : str_of(id));
	}
}

static enum err read_config(struct model_folder *f, struct buf *why)
{
	struct model_config *c = &f->config;
	json_t *json, *names;
	enum err err = read_json(f, "config.json", &json, why);
	struct str name;

	if (err || !json)
		return err;
	names = json_object_get(json, "architectures");
	c->architecture =
		arena_str(&f->arena, str_of(json_string_value(json_array_get(names, 0))));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		read_size(&sizes[i], json, c);
	c->epsilon = json_get_real(json, "layer_norm_eps", 1e-12);
	name = json_get_text(json, "hidden_act");
	name = name.ptr ? name : json_get_text(json, "activation");
	c->activation = find_activation(name.ptr ? name : STR("gelu"));
	name = json_get_text(json, "position_embedding_type");
	c->positions_are_absolute = !name.ptr || str_is(name, "absolute");
	read_labels(f, json);
	json_decref(json);
	return ERR_OK;
}

static enum err read_modules(struct model_folder *f, struct buf *why)
{
	static const char *const known[] = { "Transformer", "Pooling", "Normalize",
		"StaticEmbedding" };
	json_t *json;
	enum err err = read_json(f, "modules.json", &json, why);

	for (size_t i = 0; i < json_array_size(json) && !err; i++) {
		struct str type = json_get_text(json_array_get(json, i), "type");
		size_t k = 0;

		while (k < ARRAY_LEN(known) && !str_ends(type, known[k]))
			k++;
		if (k == ARRAY_LEN(known))
			err = refuse(folder_file(f, "modules.json"), why,
				"it asks for a module besides transformer, pooling and normalize",
				"choose a model without it");
	}
	json_decref(json);
	return err;
}

static enum err read_pooling(struct model_folder *f, struct buf *why)
{
	static const char *const others[] = { "pooling_mode_max_tokens",
		"pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens",
		"pooling_mode_lasttoken" };
	json_t *json;
	enum err err = read_json(f, "1_Pooling/config.json", &json, why);
	bool cls, mean, other = false;

	if (err || !json)
		return err;
	cls = json_get_truth(json, "pooling_mode_cls_token", false);
	mean = json_get_truth(json, "pooling_mode_mean_tokens", !cls);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		other = other || json_get_truth(json, others[i], false);
	json_decref(json);
	if (other || cls == mean)
		return refuse(folder_file(f, "1_Pooling/config.json"), why,
			"its pooling is neither the mean nor the first token",
			"choose a model with one of these");
	f->pooling = cls ? POOL_CLS : POOL_MEAN;
	return ERR_OK;
}

static enum err read_limit(struct model_folder *f, struct buf *why)
{
	json_t *json;
	enum err err = read_json(f, "sentence_bert_config.json", &json, why);
	int64_t limit;

	if (err || !json)
		return err;
	limit = json_get_int(json, "max_seq_length", 0);
	json_decref(json);
	if (limit < 0 || limit == 1 || limit == 2)
		return refuse(folder_file(f, "sentence_bert_config.json"), why,
			"max_seq_length leaves no room for a word", "expected 3 or more");
	f->tokens_max = (size_t)limit;
	return ERR_OK;
}

static enum err read_prompts(struct model_folder *f, struct buf *why)
{
	json_t *json, *said;
	enum err err = read_json(f, "config_sentence_transformers.json", &json, why);

	for (size_t i = 0; i < ARRAY_LEN(prompts); i++)
		if (str_starts_nocase(f->name, prompts[i].name)) {
			f->query = str_of(prompts[i].query);
			f->passage = str_of(prompts[i].passage);
		}
	said = json_object_get(json, "prompts");
	if (json_get_text(said, "query").ptr)
		f->query = arena_str(&f->arena, json_get_text(said, "query"));
	if (json_get_text(said, "passage").ptr)
		f->passage = arena_str(&f->arena, json_get_text(said, "passage"));
	else if (json_get_text(said, "document").ptr)
		f->passage = arena_str(&f->arena, json_get_text(said, "document"));
	json_decref(json);
	return err;
}

/* "a/b/" gives "b". */
static struct str last_part(struct str path)
{
	size_t end = path.len, begin;

	while (end > 1 && path.ptr[end - 1] == '/')
		end--;
	for (begin = end; begin && path.ptr[begin - 1] != '/';)
		begin--;
	return str_part(path, begin, end - begin);
}

static enum err read_folder(struct model_folder *f, struct buf *why)
{
	enum err (*const parts[])(struct model_folder *, struct buf *) = {
		read_config, read_modules, read_pooling, read_limit, read_prompts,
	};
	enum err err = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(parts) && !err; i++)
		err = parts[i](f, why);
	return err;
}

enum err folder_open(struct model_folder *f, const char *path, struct buf *why)
{
	struct stat st;
	enum err err = ERR_OK;

	*f = (struct model_folder){ .arena = ARENA, .query = STR(""), .passage = STR("") };
	f->path = arena_text(&f->arena, path);
	f->name = last_part(str_of(f->path));
	f->is_folder = !stat(path, &st) && S_ISDIR(st.st_mode);
	if (f->is_folder)
		err = read_folder(f, why);
	if (!err)
		err = safetensors_open(&f->weights,
			f->is_folder ? folder_file(f, "model.safetensors") : f->path, WEIGHTS_MAX,
			why);
	if (err)
		folder_close(f);
	return err;
}

void folder_close(struct model_folder *f)
{
	safetensors_close(&f->weights);
	arena_release(&f->arena);
}

enum err folder_tensor(const struct model_folder *f, const char *prefix, const char *name,
	size_t rows, size_t columns, const struct tensor **tensor, struct buf *why)
{
	char full[NAME_MAX_BYTES];
	const struct tensor *t;
	struct buf shape = BUF(BUF_LINE_MAX);

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	t = safetensors_find(&f->weights, str_of(full));
	if (!t) {
		why_set(why,
			"%s: tensor %s is missing: these are not the weights that config.json "
			"describes",
			f->weights.path, full);
		return ERR_CORRUPT;
	}
	*tensor = t;
	if (tensor_is(t, t->type, rows, columns))
		return ERR_OK;
	tensor_say(t, &shape);
	if (columns)
		why_set(why, "%s: tensor %s: it is %s, the model needs [%zu, %zu]", f->weights.path,
			full, shape.ptr, rows, columns);
	else
		why_set(why, "%s: tensor %s: it is %s, the model needs [%zu]", f->weights.path,
			full, shape.ptr, rows);
	buf_release(&shape);
	return ERR_CORRUPT;
}
