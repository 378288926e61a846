/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every command shares: its arguments and its output. */
#include "core/verb/verb.h"

#include "core/base/clean.h"
#include "core/record/field.h"

static size_t option_place(const struct command *c, const char *name)
{
	size_t i = 0;

	while (i < c->verb->option_count && strcmp(c->verb->options[i].name, name))
		i++;
	return i;
}

const char *command_option(const struct command *c, const char *name)
{
	size_t place = option_place(c, name);

	return place < c->verb->option_count ? c->values[place] : NULL;
}

bool command_has(const struct command *c, const char *name)
{
	return command_option(c, name) != NULL;
}

enum err command_number(const struct command *c, const char *name, int64_t min, int64_t max,
	int64_t fallback, int64_t *out, struct buf *why)
{
	const char *value = command_option(c, name);
	int64_t number;

	if (!value) {
		*out = fallback;
		return ERR_OK;
	}
	if (!str_to_int(str_of(value), &number) || number < min || number > max) {
		why_set(why, "--%s: expected a whole number from %lld to %lld, not \"%s\"", name,
			(long long)min, (long long)max, value);
		return ERR_USAGE;
	}
	*out = number;
	return ERR_OK;
}

struct str command_words(struct command *c, size_t first)
{
	struct buf words = BUF(BUF_TEXT_MAX);
	struct str copy;

	for (size_t i = first; i < c->operand_count; i++) {
		if (i > first)
			buf_add_char(&words, ' ');
		buf_add_text(&words, c->operands[i]);
	}
	copy = arena_str(&c->arena, buf_str(&words));
	buf_release(&words);
	return copy;
}

enum err command_sub(struct command *c, const char *fallback, const char **sub, struct buf *why)
{
	struct buf known = BUF(BUF_WHY_MAX);

	*sub = c->operand_count ? c->operands[0] : fallback;
	for (size_t i = 0; i < c->verb->sub_count; i++)
		if (!strcmp(*sub, c->verb->subs[i].name))
			return ERR_OK;
	for (size_t i = 0; i < c->verb->sub_count; i++)
		buf_addf(&known, "%s%s", i ? ", " : "", c->verb->subs[i].name);
	why_set(why, "%s: there is no \"%s\"; there is %s", c->verb->name, *sub, known.ptr);
	buf_release(&known);
	return ERR_USAGE;
}

void command_wait(struct command *c, void (*interrupt)(struct command *c))
{
	c->waits = true;
	c->interrupt = interrupt;
}

void command_end(struct command *c, int status)
{
	c->done = true;
	c->status = status;
}

/* ---- output ----------------------------------------------------------------------------- */

static void send(struct command *c, enum engine_stream stream, struct str text)
{
	if (!text.len || (c->gone && stream == ENGINE_OUT))
		return;
	if (!c->out.write(c->out.ctx, stream, text) && stream == ENGINE_OUT)
		c->gone = true;
}

static void send_cleaned(struct command *c, enum engine_stream stream, struct str text)
{
	struct buf cleaned = BUF(2 * (size_t)BUF_TEXT_MAX);

	clean_text(text, &cleaned);
	send(c, stream, buf_str(&cleaned));
	buf_release(&cleaned);
}

PRINTF_LIKE(3, 0)
static void send_format(
	struct command *c, enum engine_stream stream, const char *format, va_list args)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	buf_vaddf(&text, format, args);
	send_cleaned(c, stream, buf_str(&text));
	buf_release(&text);
}

void command_say(struct command *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_format(c, ENGINE_OUT, format, args);
	va_end(args);
}

void command_note(struct command *c, const char *format, ...)
{
	va_list args;

	if (c->engine->setup.quiet)
		return;
	va_start(args, format);
	send_format(c, ENGINE_NOTE, format, args);
	va_end(args);
}

void command_progress(struct command *c, const char *format, ...)
{
	struct buf text = BUF(BUF_LINE_MAX), cleaned = BUF(2 * (size_t)BUF_LINE_MAX);
	va_list args;

	if (c->out.progress && c->out.terminal[ENGINE_NOTE] && !c->engine->setup.quiet) {
		va_start(args, format);
		if (format)
			buf_vaddf(&text, format, args);
		va_end(args);
		clean_text(buf_str(&text), &cleaned);
		c->out.progress(c->out.ctx, format ? buf_str(&cleaned) : STR_NONE);
	}
	buf_release(&text);
	buf_release(&cleaned);
}

void command_bar(char bar[COMMAND_BAR + 1], double share)
{
	for (int i = 0; i < COMMAND_BAR; i++)
		bar[i] = i + 1 <= share * COMMAND_BAR ? '=' : '.';
	bar[COMMAND_BAR] = '\0';
}

void command_error(struct command *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_format(c, ENGINE_NOTE, format, args);
	va_end(args);
}

void command_say_buf(struct command *c, const struct buf *text)
{
	send_cleaned(c, ENGINE_OUT, buf_str(text));
}

void command_say_json(struct command *c, const struct buf *json)
{
	send(c, ENGINE_OUT, buf_str(json));
}

void command_say_decision(struct command *c, const struct decision *d, bool one_line)
{
	struct buf json = BUF(4 * (size_t)BUF_TEXT_MAX);
	struct json_writer w = { .out = &json, .indent = one_line ? 0 : 1 };

	decision_json(&w, d);
	buf_add_char(&json, '\n');
	command_say_json(c, &json);
	buf_release(&json);
}

void command_say_clean(struct command *c, struct str text)
{
	send(c, ENGINE_OUT, text);
}
