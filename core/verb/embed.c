/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir embed: texts to vectors; a line in, a line out, in bounded memory for any length of input.
 */
#include "core/verb/verb.h"

#include "core/base/json_write.h"
#include "core/embed/unit.h"

#include <math.h>

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print {\"text\", \"vector\"}, one a line" },
	{ "embedder", 'e', "NAME", COMPLETES_EMBEDDER, "use this one, not the configured one" },
	{ "role", 'r', "ROLE", COMPLETES_NOTHING,
		"read the texts as query (so by default) or as passage" },
	{ "with", 'w', "TEXT", COMPLETES_NOTHING, "say how like this text each one is (cosine)" },
};

enum {
	BATCH_MAX = 32,
	LINE_MAX_BYTES = 16 << 20,
	VALUES_SHOWN = 8,
	VALUE_DIGITS = 9 /* that a float takes to be the same again */
};

struct embedding {
	struct command *c;
	struct embedder *own; /* opened here: to close */
	const struct embedder *embedder;
	const struct embedder_info *info;
	struct embed_work *work;
	enum embed_role role;
	bool json;
	float *with; /* its vector; NULL: nothing to compare */
	struct str texts[BATCH_MAX];
	size_t count;
	float *vectors;
	size_t line; /* of stdin, from 1 */
};

/* ---- output ----------------------------------------------------------------------------- */

/* With the text of --with; 0 where one of the vectors is zero. */
static double cosine(const struct embedding *m, const float *vector)
{
	return (double)unit_dot(vector, m->with, (size_t)m->info->dims);
}

static void put_vector(struct json_writer *w, const float *vector, int dims)
{
	char number[32];

	json_key(w, "vector");
	json_open(w, '[');
	for (int i = 0; i < dims; i++) {
		int len = snprintf(number, sizeof(number), "%.*g", VALUE_DIGITS, (double)vector[i]);

		if (isfinite(vector[i]))
			json_put_raw(w, (struct str){ number, (size_t)len });
		else
			json_put_null(w);
	}
	json_close(w, ']');
}

static void say_json(struct embedding *m, struct str text, const float *vector)
{
	struct buf line = BUF(8 * (size_t)BUF_TEXT_MAX);
	struct json_writer w = { .out = &line };

	json_open(&w, '{');
	json_key(&w, "text");
	json_put_str(&w, text);
	if (m->with) {
		json_key(&w, "cosine");
		json_put_real(&w, cosine(m, vector), 6);
	}
	put_vector(&w, vector, m->info->dims);
	json_close(&w, '}');
	buf_add_char(&line, '\n');
	command_say_json(m->c, &line);
	buf_release(&line);
}

static void add_values(struct buf *line, const float *vector, int dims)
{
	for (int i = 0; i < dims && i < VALUES_SHOWN; i++)
		buf_addf(line, "%s%.4f", i ? " " : "", (double)vector[i]);
	if (dims > VALUES_SHOWN)
		buf_add_text(line, " ...");
}

/* For people: the cosine or the first values, then the text. */
static void say_line(struct embedding *m, struct str text, const float *vector)
{
	struct buf line = BUF(2 * (size_t)LINE_MAX_BYTES);

	if (m->with)
		buf_addf(&line, "%.4f", cosine(m, vector));
	else
		add_values(&line, vector, m->info->dims);
	buf_add_text(&line, "  ");
	buf_add_str(&line, text);
	buf_add_char(&line, '\n');
	command_say_buf(m->c, &line);
	buf_release(&line);
}

/* One text on the command line: what made the vector, too. */
static void say_whole(struct embedding *m, const float *vector)
{
	const struct embedder_info *info = m->info;
	struct buf line = BUF(BUF_LINE_MAX);
	double like;

	command_say(m->c, "embedder  %.*s, %d dimensions, reads %d tokens of a text\n",
		STR_ARG(info->id), info->dims, info->tokens_max);
	add_values(&line, vector, info->dims);
	command_say(m->c, "vector    %s (--json has all)\n", line.ptr);
	buf_release(&line);
	if (!m->with)
		return;
	like = cosine(m, vector);
	command_say(m->c, "cosine    %.4f%s\n", like,
		isnan(info->threshold)	  ? ""
		: like >= info->threshold ? ": they pass for the same question"
					  : ": they do not pass for the same question");
}

/* ---- batches ---------------------------------------------------------------------------- */

static void flush(struct embedding *m)
{
	size_t dims = (size_t)m->info->dims;

	if (!m->count)
		return;
	embed_texts(m->embedder, m->work, m->role, m->texts, m->count, m->vectors);
	for (size_t i = 0; i < m->count && !m->c->gone; i++) {
		if (m->json)
			say_json(m, m->texts[i], m->vectors + i * dims);
		else
			say_line(m, m->texts[i], m->vectors + i * dims);
	}
	m->count = 0;
}

/* `line` lives until the flush. */
static void take_line(struct embedding *m, struct str line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	m->line++;
	m->texts[m->count++] = line;
	if (m->count == BATCH_MAX)
		flush(m);
}

/* The whole lines of what is there; what is left is the beginning of one. */
static void take_lines(struct embedding *m, struct buf *input)
{
	struct str rest = buf_str(input);

	while (!m->c->gone) {
		size_t len = str_find_char(rest, '\n');

		if (len == rest.len)
			break;
		take_line(m, str_part(rest, 0, len));
		rest = str_part(rest, len + 1, rest.len);
	}
	flush(m);
	buf_drop(input, input->len - rest.len);
}

static enum err read_lines(struct embedding *m, struct buf *why)
{
	struct engine_out *out = &m->c->out;
	struct buf input = BUF(LINE_MAX_BYTES);
	enum err err;
	size_t before;

	do {
		before = input.len;
		err = out->read_piece(out->ctx, &input, why);
		if (err == ERR_TOO_BIG)
			why_set(why, "embed: line %zu is longer than %d MiB", m->line + 1,
				LINE_MAX_BYTES >> 20);
		if (err || input.len == before)
			break;
		take_lines(m, &input);
	} while (!m->c->gone);
	if (!err && !m->c->gone && input.len) {
		take_line(m, buf_str(&input));
		flush(m);
	}
	buf_release(&input);
	return err;
}

/* ---- the command ------------------------------------------------------------------------ */

static enum err read_role(struct command *c, enum embed_role *role, struct buf *why)
{
	struct str text = str_of(command_option(c, "role"));

	*role = str_is(text, "passage") ? EMBED_PASSAGE : EMBED_QUERY;
	if (!text.ptr || str_is(text, "passage") || str_is(text, "query"))
		return ERR_OK;
	why_set(why, "--role: expected query or passage, not \"%.*s\"", STR_ARG(text));
	return ERR_USAGE;
}

static enum err begin(struct embedding *m, struct buf *why)
{
	struct command *c = m->c;
	const char *name = command_option(c, "embedder"), *with = command_option(c, "with");
	enum err err = read_role(c, &m->role, why);

	if (!err)
		err = name ? world_open_embedder(c->engine, str_of(name), &m->own, why)
			   : world_need_embedder(c->engine, why);
	if (err)
		return err;
	m->embedder = name ? m->own : c->engine->embedder;
	m->info = embedder_info(m->embedder);
	m->work = embed_work_new(m->embedder);
	m->json = command_has(c, "json");
	m->vectors = memory_new(BATCH_MAX * (size_t)m->info->dims * sizeof(*m->vectors));
	if (with) {
		m->with = memory_new((size_t)m->info->dims * sizeof(*m->with));
		embed_text(m->embedder, m->work, m->role, str_of(with), m->with);
	}
	return ERR_OK;
}

static void end(struct embedding *m)
{
	memory_free(m->with);
	memory_free(m->vectors);
	embed_work_free(&m->work);
	embedder_close(&m->own);
}

static void embed_words(struct embedding *m)
{
	struct str text = command_words(m->c, 0);

	embed_text(m->embedder, m->work, m->role, text, m->vectors);
	if (m->json)
		say_json(m, text, m->vectors);
	else
		say_whole(m, m->vectors);
}

static enum err run(struct command *c, struct buf *why)
{
	struct embedding *m = arena_new(&c->arena, struct embedding);
	bool dash = c->operand_count == 1 && !strcmp(c->operands[0], "-");
	bool words = c->operand_count && !dash;
	enum err err;

	if (!words && (!c->out.read_piece || (!dash && c->out.input_is_terminal))) {
		why_set(why,
			"embed: expected a text, such as weir embed \"what is a deductible?\"");
		return ERR_USAGE;
	}
	m->c = c;
	err = begin(m, why);
	if (!err && words)
		embed_words(m);
	else if (!err)
		err = read_lines(m, why);
	end(m);
	return err;
}

const struct verb verb_embed = {
	.name = "embed",
	.operands = "TEXT or -",
	.say = "turn texts into vectors, here and offline",
	.more = "With \"-\", or with no words on a pipe, every line of stdin is a text and gives "
		"one line, in order and as soon as it is there; an empty line is an empty text. "
		"The vector has the length 1, or is all zeros where the embedder knows no word of "
		"the text. Bytes that are no UTF-8 are passed over in the vector and become U+FFFD "
		"in the JSON. Compare only vectors of one embedder.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.run = run,
};
