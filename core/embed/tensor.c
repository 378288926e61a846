/* SPDX-License-Identifier: GPL-3.0-or-later
 * The types, and their numbers as floats. */
#include "core/embed/tensor.h"

enum { NAME_SHOWN = 100 };

static const struct {
	const char *name;
	size_t bytes;
} types[] = {
#define X(type, name, bytes) [TENSOR_##type] = { name, bytes },
	TENSOR_TYPE_LIST(X)
#undef X
};

size_t tensor_type_bytes(enum tensor_type type)
{
	return types[type].bytes;
}

bool tensor_type_find(struct str name, enum tensor_type *type)
{
	for (size_t i = 0; i < TENSOR_TYPE_COUNT; i++)
		if (str_is(name, types[i].name)) {
			*type = (enum tensor_type)i;
			return true;
		}
	return false;
}

enum err tensor_refuse(const struct tensor *t, struct buf *why, const char *say)
{
	why_set(why, "%s: tensor %.*s: %s", t->file,
		(int)(t->name.len < NAME_SHOWN ? t->name.len : NAME_SHOWN), t->name.ptr, say);
	return ERR_CORRUPT;
}

bool tensor_is(const struct tensor *t, enum tensor_type type, size_t rows, size_t columns)
{
	return t->type == type && t->rank == (columns ? 2 : 1) && t->shape[0] == rows &&
	       (!columns || t->shape[1] == columns);
}

void tensor_say(const struct tensor *t, struct buf *out)
{
	buf_addf(out, "%s [", types[t->type].name);
	for (int i = 0; i < t->rank; i++)
		buf_addf(out, "%s%zu", i ? ", " : "", t->shape[i]);
	buf_add_char(out, ']');
}

float half_to_float(uint16_t half)
{
	uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7FFF, bits;
	float value;

	if (rest >= 0x7C00)
		bits = 0x7F800000 | (rest & 0x3FF) << 13;
	else if (rest >= 0x400)
		bits = (rest << 13) + ((127 - 15) << 23);
	else
		return (sign ? -1.0f : 1.0f) * (float)rest / (1 << 24); /* subnormal */
	bits |= sign;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

uint16_t float_to_half(float value)
{
	const float tiny = 1.0f / (1 << 14);
	uint32_t bits, sign, odd;

	memcpy(&bits, &value, sizeof(bits));
	sign = bits >> 16 & 0x8000;
	bits &= 0x7FFFFFFF;
	memcpy(&value, &bits, sizeof(value));
	if (bits > 0x7F800000)
		return (uint16_t)(sign | 0x7E00);
	if (bits >= 0x47800000) /* 65536 */
		return (uint16_t)(sign | 0x7C00);
	if (value < tiny) { /* adding 0.5 leaves steps of 2^-24, rounded as floats are */
		value += 0.5f;
		memcpy(&bits, &value, sizeof(bits));
		return (uint16_t)(sign | (bits - 0x3F000000));
	}
	odd = bits >> 13 & 1;
	return (uint16_t)(sign | (bits - ((127 - 15) << 23) + 0xFFF + odd) >> 13);
}

/* Whole loops of one type: the compiler makes something of them. */
static bool convert(enum tensor_type type, const char *from, size_t count, float *out)
{
	for (size_t i = 0; i < count && type == TENSOR_F32; i++)
		memcpy(&out[i], from + 4 * i, 4);
	for (size_t i = 0; i < count && type != TENSOR_F32; i++) {
		uint16_t half;
		uint32_t wide;

		memcpy(&half, from + 2 * i, 2);
		wide = (uint32_t)half << 16;
		if (type == TENSOR_F16)
			out[i] = half_to_float(half);
		else
			memcpy(&out[i], &wide, 4);
	}
	for (size_t i = 0; i < count; i++)
		if (!(out[i] - out[i] == 0))
			return false;
	return true;
}

enum err tensor_floats(
	const struct tensor *t, size_t from, size_t count, float *out, struct buf *why)
{
	if (t->type != TENSOR_F32 && t->type != TENSOR_F16 && t->type != TENSOR_BF16)
		return tensor_refuse(
			t, why, "not of floating-point numbers (F32, F16, BF16)");
	if (from > t->count || count > t->count - from)
		return tensor_refuse(t, why, "it has fewer numbers than are needed");
	if (!convert(t->type, t->bytes.ptr + from * types[t->type].bytes, count, out))
		return tensor_refuse(t, why, "one of its numbers is NaN or infinite");
	return ERR_OK;
}
