/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a family of models does: a row in families.h, a file of its own.
 */
#ifndef WEIR_EMBED_FAMILY_H
#define WEIR_EMBED_FAMILY_H

#include "core/embed/embedder.h"
#include "core/embed/folder.h"

struct embed_family {
	const char *name; /* "bert" */
	bool names_itself; /* open fills in the id: the weights need not be read for it */

	/* Whether the folder is one of its models, by its configuration and its tensors' names. */
	bool (*knows)(const struct model_folder *folder);

	/* Makes the model and fills in dims, tokens_max and, where they are known, threshold and
	 * id (else the id is made of the name and the weights). It may take the weights over: what
	 * it keeps mapped it moves out of folder->weights and closes itself. */
	enum err (*open)(void **model, struct model_folder *folder,
		const struct embedder_options *options, struct embedder_info *info,
		struct buf *why);
	void (*close)(void *model);

	/* Scratch of one thread; NULL: it needs none. */
	void *(*work_new)(const void *model);
	void (*work_free)(void *work);

	/* Vectors of unit length, or zeros for a text without a word that it knows. */
	void (*embed)(const void *model, void *work, enum embed_role role, const struct str *texts,
		size_t count, float *vectors);

	/* Models with a head only: one number for each of info->classes. */
	void (*classify)(const void *model, void *work, struct str text, float *logits);
};

#endif
