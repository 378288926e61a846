/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the documents. The Markdown understood is what they use: paragraphs, lists with "- ",
 * tables with a heading row, fenced code. */
#include "core/sim/kb.h"

#include "core/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

enum { CELLS_MAX = 8 };

/* A document being read. */
struct reading {
	struct kb *kb;
	const char *name;
	struct kb_passage *passage;
	struct buf paragraph; /* lines joined by blanks */
	bool item;            /* the paragraph is an item of a list */
	struct str head[CELLS_MAX];
	size_t heads; /* columns of the table being read; 0: none */
	struct str code; /* from its first line on */
	bool in_code;
};

/* Whether the dot at `i` only ends an abbreviation. */
static bool is_abbreviation(struct str s, size_t i)
{
	static const char *const list[] = { "a.m.", "p.m.", "e.g.", "i.e.", "No.", "Mr.", "Ms." };

	for (size_t k = 0; k < ARRAY_LEN(list); k++) {
		size_t len = strlen(list[k]);

		if (i + 1 >= len && memcmp(s.ptr + i + 1 - len, list[k], len) == 0)
			return true;
	}
	return false;
}

/* Where the first sentence of `s` ends. */
static size_t sentence_end(struct str s)
{
	for (size_t i = 0; i + 2 < s.len; i++) {
		char next = s.ptr[i + 2];

		if (!strchr(".?!", s.ptr[i]) || s.ptr[i + 1] != ' ')
			continue;
		if ((next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9') ||
			strchr("\"'`$", next))
			if (!is_abbreviation(s, i))
				return i + 1;
	}
	return s.len;
}

static void add_piece(struct reading *r, enum kb_kind kind, struct str text)
{
	struct kb_piece *piece = vec_add(&r->kb->arena, &r->passage->pieces);

	piece->kind = kind;
	piece->text = arena_str(&r->kb->arena, text);
}

static void end_paragraph(struct reading *r)
{
	struct str rest = str_trim(buf_str(&r->paragraph));

	while (rest.len > 0 && r->item) {
		add_piece(r, KB_ITEM, rest);
		rest.len = 0;
	}
	while (rest.len > 0) {
		size_t end = sentence_end(rest);

		add_piece(r, KB_SENTENCE, str_part(rest, 0, end));
		rest = str_trim(str_part(rest, end, rest.len));
	}
	buf_clear(&r->paragraph);
	r->item = false;
	r->heads = 0;
}

static size_t cut_cells(struct str line, struct str cells[CELLS_MAX])
{
	size_t count = 0;
	struct str cell;

	line = str_part(line, 1, line.len - 1);
	if (str_ends(line, "|"))
		line.len--;
	while (count < CELLS_MAX && str_cut(&line, '|', &cell))
		cells[count++] = str_trim(cell);
	return count;
}

/* "Personal property: 50% of the dwelling limit (standard limit)." */
static void read_row(struct reading *r, struct str line)
{
	struct str cells[CELLS_MAX];
	size_t count = cut_cells(line, cells);
	struct buf say = BUF(BUF_LINE_MAX);

	if (r->heads == 0) {
		end_paragraph(r);
		memcpy(r->head, cells, count * sizeof(cells[0]));
		r->heads = count;
		return;
	}
	if (count < 2 || str_starts(cells[0], "--"))
		return;
	buf_add_str(&say, cells[0]);
	for (size_t i = 1; i < count; i++) {
		buf_add_text(&say, i == 1 ? ": " : ", ");
		buf_add_str(&say, cells[i]);
		if (count > 2 && i < r->heads)
			buf_addf(&say, " (%.*s)", STR_ARG(r->head[i]));
	}
	buf_add_text(&say, ".");
	add_piece(r, KB_ROW, buf_str(&say));
	buf_release(&say);
}

static void begin_passage(struct reading *r, struct str heading)
{
	struct kb *kb = r->kb;
	struct kb_doc *doc = &kb->docs.ptr[kb->docs.len - 1];

	end_paragraph(r);
	r->passage = vec_add(&kb->arena, &kb->passages);
	r->passage->doc = kb->docs.len - 1;
	r->passage->number = doc->count++;
	r->passage->heading = heading;
	r->passage->id = arena_format(
		&kb->arena, "%.*s#%zu", STR_ARG(doc->id), r->passage->number);
}

static void read_code(struct reading *r, struct str line)
{
	if (str_starts(line, "```")) {
		add_piece(r, KB_CODE, r->code);
		r->in_code = false;
		return;
	}
	if (!r->code.ptr)
		r->code.ptr = line.ptr;
	r->code.len = (size_t)(line.ptr + line.len - r->code.ptr);
}

static void read_line(struct reading *r, struct str line)
{
	if (r->in_code) {
		read_code(r, line);
	} else if (str_starts(line, "## ")) {
		begin_passage(r, str_trim(str_part(line, 3, line.len)));
	} else if (str_starts(line, "# ")) {
		end_paragraph(r);
	} else if (str_starts(line, "```")) {
		end_paragraph(r);
		r->in_code = true;
		r->code = STR_NONE;
	} else if (str_starts(line, "|")) {
		read_row(r, line);
	} else if (str_trim(line).len == 0) {
		end_paragraph(r);
	} else {
		if (str_starts(line, "- ")) {
			end_paragraph(r);
			r->item = true;
			line = str_part(line, 2, line.len);
		}
		buf_add_str(&r->paragraph, str_trim(line));
		buf_add_char(&r->paragraph, ' ');
	}
}

/* The lines between the two "---"; *rest is what follows. */
static enum err read_front(struct reading *r, struct str *rest, struct kb_doc *doc, struct buf *why)
{
	struct str line, key;

	if (!str_cut(rest, '\n', &line) || !str_is(str_trim(line), "---")) {
		why_set(why, "%s:1: expected the front matter to begin with ---", r->name);
		return ERR_SYNTAX;
	}
	while (str_cut(rest, '\n', &line) && !str_is(str_trim(line), "---")) {
		struct str value = line;

		if (!str_cut(&value, ':', &key) || !value.ptr)
			continue;
		value = str_trim(value);
		if (str_is(key, "id"))
			doc->id = value;
		else if (str_is(key, "title"))
			doc->title = value;
		else if (str_is(key, "domain"))
			doc->domain = value;
		else if (str_is(key, "section"))
			doc->section = value;
	}
	if (doc->id.len && doc->title.len && rest->ptr)
		return ERR_OK;
	why_set(why, "%s: the front matter lacks an id, a title or its closing ---", r->name);
	return ERR_SYNTAX;
}

enum err kb_add(struct kb *kb, struct str text, const char *name, struct buf *why)
{
	struct reading r = { .kb = kb, .name = name, .paragraph = BUF(KB_FILE_MAX) };
	struct str rest = arena_str(&kb->arena, text), line;
	struct kb_doc doc = { 0 };
	enum err err = read_front(&r, &rest, &doc, why);

	if (err)
		return err;
	doc.first = kb->passages.len;
	*vec_add(&kb->arena, &kb->docs) = doc;
	begin_passage(&r, doc.title);
	while (str_cut(&rest, '\n', &line)) {
		if (str_ends(line, "\r"))
			line.len--;
		read_line(&r, line);
	}
	if (r.in_code && r.code.ptr)
		add_piece(&r, KB_CODE, r.code);
	end_paragraph(&r);
	buf_release(&r.paragraph);
	return ERR_OK;
}

const struct kb_passage *kb_find(const struct kb *kb, struct str id)
{
	for (size_t i = 0; i < kb->passages.len; i++)
		if (str_eq(kb->passages.ptr[i].id, id))
			return &kb->passages.ptr[i];
	return NULL;
}

static enum err read_file(struct kb *kb, const char *path, struct buf *why)
{
	struct buf text = BUF(KB_FILE_MAX);
	int error = file_read(path, &text);
	enum err err = error == EFBIG ? ERR_TOO_BIG : error ? ERR_IO : ERR_OK;

	if (err)
		why_set(why, "%s: %s", path,
			error == EFBIG ? "larger than a document may be (1 MB)" : strerror(error));
	else
		err = kb_add(kb, buf_str(&text), path, why);
	buf_release(&text);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The entries of a folder by name, hidden ones apart; NULL with errno when it cannot be read. */
static char **list_folder(struct arena *arena, const char *path, size_t *count)
{
	VEC(char *) names = { 0 };
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder)
		return NULL;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			*vec_add(arena, &names) = arena_text(arena, entry->d_name);
	closedir(folder);
	*count = names.len;
	if (names.len == 0)
		return arena_alloc(arena, sizeof(char *));
	qsort(names.ptr, names.len, sizeof(*names.ptr), by_name);
	return names.ptr;
}

static enum err read_domain(struct kb *kb, const char *folder, const char *domain, struct buf *why)
{
	struct arena scratch = ARENA;
	const char *path = arena_format(&scratch, "%s/%s", folder, domain).ptr;
	enum err err = ERR_OK;
	size_t count = 0;
	char **names = list_folder(&scratch, path, &count);

	for (size_t i = 0; !err && names && i < count; i++)
		if (str_ends(str_of(names[i]), ".md"))
			err = read_file(
				kb, arena_format(&scratch, "%s/%s", path, names[i]).ptr, why);
	arena_release(&scratch);
	return err;
}

enum err kb_open(struct kb **kb, const char *folder, struct buf *why)
{
	struct kb *k = memory_new(sizeof(*k));
	struct arena scratch = ARENA;
	enum err err = ERR_OK;
	size_t count = 0;
	char **names = list_folder(&scratch, folder, &count);

	if (!names) {
		why_set(why, "the knowledge base %s cannot be read: %s", folder, strerror(errno));
		err = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	for (size_t i = 0; !err && i < count; i++)
		err = read_domain(k, folder, names[i], why);
	if (!err && k->docs.len == 0) {
		why_set(why, "the knowledge base %s holds no document (expected %s/DOMAIN/NAME.md)",
			folder, folder);
		err = ERR_NOT_FOUND;
	}
	arena_release(&scratch);
	if (err)
		kb_close(&k);
	*kb = k;
	return err;
}

void kb_close(struct kb **kb)
{
	if (!*kb)
		return;
	arena_release(&(*kb)->arena);
	memory_free(*kb);
	*kb = NULL;
}
