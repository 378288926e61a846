/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sum of MiniLM's weights is the one quoted in public; its vocabulary's is that of BERT's
 * uncased one. Cosines: vectors of the published weights, and the model cards. */
#include "core/embed/known.h"

#include <math.h>

#define NO_PINS                               \
	{                                     \
		{                             \
			NULL, NULL, -1, false \
		}                             \
	}
#define NO_PAIRS                      \
	{                             \
		{                     \
			NULL, NULL, 0 \
		}                     \
	}

const struct known_model known_models[] = {
	{ "all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "vocab.txt", 384, 91, 0.92,
		{
			{ "model.safetensors",
				"53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
				-1, false },
			{ "vocab.txt",
				"07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
				231508, false },
		},
		{
			{ "how long to roast prime rib roast",
				"how long is a beef roast good in the fridge", 0.570 },
			{ "what is a calcium salt", "origin of salt", 0.535 },
			{ "how long it takes for a black eye to heal", "what is a cqa", 0.028 },
			{ "who is katie nolan", "what is fescue", -0.207 },
		} },
	{ "all-MiniLM-L12-v2", "sentence-transformers/all-MiniLM-L12-v2", "tokenizer.json", 384,
		134, NAN, NO_PINS, NO_PAIRS },
	{ "bge-small-en-v1.5", "BAAI/bge-small-en-v1.5", "tokenizer.json", 384, 134, NAN, NO_PINS,
		NO_PAIRS },
	{ "e5-small-v2", "intfloat/e5-small-v2", "tokenizer.json", 384, 134, NAN, NO_PINS,
		NO_PAIRS },
	{ "gte-small", "thenlper/gte-small", "tokenizer.json", 384, 67, NAN, NO_PINS, NO_PAIRS },
	{ "potion-base-2M", "minishlab/potion-base-2M", "tokenizer.json", 64, 8, NAN, NO_PINS,
		{
			{ "That is a happy person", "That is a happy dog", 0.689 },
			{ "That is a happy person", "That is a very happy person", 0.963 },
			{ "That is a happy person", "Today is a sunny day", 0.436 },
		} },
};

const size_t known_model_count = ARRAY_LEN(known_models);

/* In Hugging Face's layout. The weights come last: they are long. */
static const struct known_file layout[] = {
	{ "config.json", NULL, -1, false },
	{ "tokenizer.json", NULL, -1, false },
	{ "tokenizer_config.json", NULL, -1, true },
	{ "modules.json", NULL, -1, true },
	{ "1_Pooling/config.json", NULL, -1, true },
	{ "sentence_bert_config.json", NULL, -1, true },
	{ "config_sentence_transformers.json", NULL, -1, true },
	{ "model.safetensors", NULL, -1, false },
};

const struct known_model *known_find(struct str name)
{
	for (size_t i = 0; i < known_model_count; i++)
		if (str_is(name, known_models[i].name))
			return &known_models[i];
	return NULL;
}

static void pin(const struct known_model *model, struct known_file *file)
{
	for (size_t i = 0; i < KNOWN_PINS && model->pins[i].path; i++)
		if (!strcmp(model->pins[i].path, file->path))
			*file = model->pins[i];
}

size_t known_files(const struct known_model *model, struct known_file files[KNOWN_FILES_MAX])
{
	_Static_assert(ARRAY_LEN(layout) <= KNOWN_FILES_MAX, "room for every file");
	for (size_t i = 0; i < ARRAY_LEN(layout); i++) {
		files[i] = layout[i];
		if (model && !strcmp(files[i].path, "tokenizer.json"))
			files[i].path = model->tokenizer;
		if (model)
			pin(model, &files[i]);
	}
	return ARRAY_LEN(layout);
}
