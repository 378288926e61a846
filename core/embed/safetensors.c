/* SPDX-License-Identifier: GPL-3.0-or-later
 * The header goes through the JSON tokenizer token by token (nothing but the tensors is kept of
 * it), then every claim in it is checked. */
#include "core/embed/safetensors.h"

#include "core/base/json_scan.h"

enum { LENGTH_BYTES = 8 };

enum member { NO_MEMBER, DTYPE, SHAPE, OFFSETS, MEMBERS };

static const char *const members[] = { "", "dtype", "shape", "data_offsets" };

/* The place in the header: { "name": { "member": [ number */
enum level { OUTSIDE, AT_NAMES, AT_MEMBERS, AT_NUMBERS };

struct entry {
	struct tensor tensor;
	size_t begin, end; /* in the numbers */
};

struct header {
	struct safetensors *s;
	VEC(struct entry) entries;
	enum level level;
	enum member member;
	bool in_meta;
	unsigned seen;  /* a bit for each member of the entry */
	size_t offsets; /* of them seen */
	struct buf *why;
};

static struct entry *last(struct header *h)
{
	return &h->entries.ptr[h->entries.len - 1];
}

static enum err refuse(const struct safetensors *s, struct buf *why, const char *say)
{
	why_set(why, "%s: %s", s->path, say);
	return ERR_CORRUPT;
}

static enum err refuse_here(struct header *h, const char *say)
{
	if (h->level > AT_NAMES && !h->in_meta)
		return tensor_refuse(&last(h)->tensor, h->why, say);
	return refuse(h->s, h->why, say);
}

static enum err take_name(struct header *h, struct str name)
{
	h->in_meta = str_is(name, "__metadata__");
	h->seen = 0;
	h->offsets = 0;
	if (!h->in_meta)
		vec_add(&h->s->arena, &h->entries)->tensor = (struct tensor){
			.file = h->s->path, .name = arena_str(&h->s->arena, name), .count = 1
		};
	return ERR_OK;
}

static void keep_word(struct header *h, struct str word)
{
	*vec_add(&h->s->arena, &h->s->meta) = arena_str(&h->s->arena, word);
}

static enum err take_key(struct header *h, struct str key)
{
	if (h->level == AT_NAMES)
		return take_name(h, key);
	if (h->in_meta) {
		keep_word(h, key);
		return ERR_OK;
	}
	for (h->member = DTYPE; h->member < MEMBERS; h->member++)
		if (str_is(key, members[h->member]))
			break;
	if (h->member == MEMBERS || h->seen & 1u << h->member)
		return refuse_here(h, "it has a member twice or one that the format does not know");
	h->seen |= 1u << h->member;
	return ERR_OK;
}

static enum err take_text(struct header *h, struct str text)
{
	if (h->level == AT_MEMBERS && h->in_meta) {
		keep_word(h, text);
		return ERR_OK;
	}
	if (h->level != AT_MEMBERS || h->member != DTYPE)
		return refuse_here(h, "a text stands where the format has none");
	if (!tensor_type_find(text, &last(h)->tensor.type))
		return refuse_here(h, "its type of number is not known here");
	return ERR_OK;
}

static enum err take_number(struct header *h, struct str text)
{
	struct entry *e = h->entries.len ? last(h) : NULL;
	int64_t value;

	if (h->level != AT_NUMBERS || !str_to_int(text, &value) || value < 0)
		return refuse_here(h, "a number stands where the format has none, or is no size");
	if (h->member == SHAPE) {
		if (e->tensor.rank == TENSOR_RANK_MAX)
			return refuse_here(h, "its shape has too many dimensions");
		e->tensor.shape[e->tensor.rank++] = (size_t)value;
	} else if (h->offsets++) {
		e->end = (size_t)value;
	} else {
		e->begin = (size_t)value;
	}
	return ERR_OK;
}

static enum err open_object(struct header *h)
{
	if (h->level >= AT_MEMBERS)
		return refuse_here(h, "an object stands where the format has none");
	h->level++;
	return ERR_OK;
}

static enum err close_object(struct header *h)
{
	const unsigned all = 1u << DTYPE | 1u << SHAPE | 1u << OFFSETS;

	if (h->level == AT_MEMBERS && !h->in_meta && h->seen != all)
		return refuse_here(h, "dtype, shape or data_offsets is missing");
	h->level--;
	return ERR_OK;
}

static enum err open_array(struct header *h)
{
	if (h->level != AT_MEMBERS || h->in_meta || h->member == DTYPE)
		return refuse_here(h, "an array stands where the format has none");
	h->level++;
	return ERR_OK;
}

static enum err close_array(struct header *h)
{
	if (h->member == OFFSETS && h->offsets != 2)
		return refuse_here(h, "data_offsets are not two");
	h->level--;
	return ERR_OK;
}

static enum err on_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct header *h = ctx;

	(void)at;
	switch (token) {
	case JSON_TOKEN_OBJECT:
		return open_object(h);
	case JSON_TOKEN_OBJECT_END:
		return close_object(h);
	case JSON_TOKEN_ARRAY:
		return open_array(h);
	case JSON_TOKEN_ARRAY_END:
		return close_array(h);
	case JSON_TOKEN_KEY:
		return take_key(h, text);
	case JSON_TOKEN_STRING:
		return take_text(h, text);
	case JSON_TOKEN_NUMBER:
		return take_number(h, text);
	default:
		return refuse_here(h, "true, false or null stand where the format has none");
	}
}

static enum err scan_header(struct header *h, struct str text, struct buf *why)
{
	struct buf where = BUF(BUF_WHY_MAX);
	struct json_scan scan;
	enum err err;

	json_scan_begin(&scan, (struct json_sink){ on_token, h });
	err = json_scan_feed(&scan, text);
	if (!err)
		err = json_scan_end(&scan);
	if (err && err != ERR_CORRUPT) { /* its own words are there already */
		json_scan_why(&scan, &where);
		why_set(why, "%s: header: %s", h->s->path, where.ptr);
		err = ERR_CORRUPT;
	}
	json_scan_release(&scan);
	buf_release(&where);
	return err;
}

/* Shape x size of a number; false when it is no size that memory could have. */
static bool count_bytes(struct tensor *t, size_t *bytes)
{
	for (int i = 0; i < t->rank; i++) {
		if (!t->shape[i] || t->count > SIZE_MAX / 16 / t->shape[i])
			return false;
		t->count *= t->shape[i];
	}
	*bytes = t->count * tensor_type_bytes(t->type);
	return true;
}

static enum err check_entry(struct header *h, struct entry *e, struct str numbers)
{
	struct tensor *t = &e->tensor;
	size_t bytes;

	if (!count_bytes(t, &bytes))
		return tensor_refuse(t, h->why, "its shape has no elements, or too many");
	if (e->begin > e->end || e->end > numbers.len)
		return tensor_refuse(t, h->why,
			"its numbers lie past the end of the file: it is cut off, or damaged");
	if (e->end - e->begin != bytes)
		return tensor_refuse(t, h->why, "its shape and its bytes do not agree");
	t->bytes = str_part(numbers, e->begin, bytes);
	return ERR_OK;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return str_cmp(x->tensor.name, y->tensor.name);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

static enum err check_places(struct header *h, struct str numbers)
{
	size_t at = 0;

	qsort(h->entries.ptr, h->entries.len, sizeof(*h->entries.ptr), by_place);
	for (size_t i = 0; i < h->entries.len; i++) {
		const struct entry *e = &h->entries.ptr[i];

		if (e->begin != at)
			return tensor_refuse(&e->tensor, h->why,
				e->begin < at ? "it overlaps another one"
					      : "the bytes before it belong to nothing");
		at = e->end;
	}
	if (at != numbers.len)
		return refuse(h->s, h->why, "the bytes at its end belong to nothing");
	return ERR_OK;
}

static enum err keep_tensors(struct header *h)
{
	struct safetensors *s = h->s;

	s->count = h->entries.len;
	s->tensors = arena_alloc(&s->arena, s->count * sizeof(*s->tensors));
	if (s->count)
		qsort(h->entries.ptr, s->count, sizeof(*h->entries.ptr), by_name);
	for (size_t i = 0; i < s->count; i++) {
		s->tensors[i] = h->entries.ptr[i].tensor;
		if (i && str_eq(s->tensors[i].name, s->tensors[i - 1].name))
			return tensor_refuse(&s->tensors[i], h->why, "its name is there twice");
	}
	return ERR_OK;
}

static enum err read_all(struct safetensors *s, struct str bytes, struct buf *why)
{
	struct header h = { .s = s, .why = why };
	struct str numbers;
	uint64_t len = 0;
	enum err err;

	if (bytes.len < LENGTH_BYTES)
		return refuse(s, why, "too short for a safetensors file");
	for (int i = 0; i < LENGTH_BYTES; i++)
		len |= (uint64_t)(unsigned char)bytes.ptr[i] << 8 * i;
	if (len > SAFETENSORS_HEADER_MAX || len > bytes.len - LENGTH_BYTES)
		return refuse(s, why,
			"its header is longer than the file or than a header may be: it is cut "
			"off, or no safetensors file");
	numbers = str_part(bytes, LENGTH_BYTES + (size_t)len, bytes.len);
	err = scan_header(&h, str_part(bytes, LENGTH_BYTES, (size_t)len), why);
	for (size_t i = 0; i < h.entries.len && !err; i++)
		err = check_entry(&h, &h.entries.ptr[i], numbers);
	if (!err && h.entries.len)
		err = check_places(&h, numbers);
	return err ? err : keep_tensors(&h);
}

enum err safetensors_read(
	struct safetensors *s, struct str bytes, const char *name, struct buf *why)
{
	enum err err;

	*s = (struct safetensors){ .arena = ARENA };
	s->path = arena_text(&s->arena, name);
	err = read_all(s, bytes, why);
	if (err)
		safetensors_close(s);
	return err;
}

enum err safetensors_open(struct safetensors *s, const char *path, size_t most, struct buf *why)
{
	struct mapped file;
	enum err err;

	*s = (struct safetensors){ .arena = ARENA };
	err = mapped_open(&file, path, most, why);
	if (err)
		return err;
	err = safetensors_read(s, file.bytes, path, why);
	if (err)
		mapped_close(&file);
	else
		s->file = file;
	return err;
}

void safetensors_close(struct safetensors *s)
{
	mapped_close(&s->file);
	arena_release(&s->arena);
	*s = (struct safetensors){ .arena = ARENA };
}

const struct tensor *safetensors_find(const struct safetensors *s, struct str name)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(s->tensors[middle].name, name);

		if (!order)
			return &s->tensors[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct str safetensors_meta(const struct safetensors *s, const char *key)
{
	for (size_t i = 0; i + 1 < s->meta.len; i += 2)
		if (str_is(s->meta.ptr[i], key))
			return s->meta.ptr[i + 1];
	return STR_NONE;
}
