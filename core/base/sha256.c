/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIPS 180-4, sections 4 to 6, with its names. */
#include "core/base/sha256.h"

enum { ROUNDS = 64, LEN_BYTES = 8 };

static const uint32_t k[ROUNDS] = {
	0x428a2f98,
	0x71374491,
	0xb5c0fbcf,
	0xe9b5dba5,
	0x3956c25b,
	0x59f111f1,
	0x923f82a4,
	0xab1c5ed5,
	0xd807aa98,
	0x12835b01,
	0x243185be,
	0x550c7dc3,
	0x72be5d74,
	0x80deb1fe,
	0x9bdc06a7,
	0xc19bf174,
	0xe49b69c1,
	0xefbe4786,
	0x0fc19dc6,
	0x240ca1cc,
	0x2de92c6f,
	0x4a7484aa,
	0x5cb0a9dc,
	0x76f988da,
	0x983e5152,
	0xa831c66d,
	0xb00327c8,
	0xbf597fc7,
	0xc6e00bf3,
	0xd5a79147,
	0x06ca6351,
	0x14292967,
	0x27b70a85,
	0x2e1b2138,
	0x4d2c6dfc,
	0x53380d13,
	0x650a7354,
	0x766a0abb,
	0x81c2c92e,
	0x92722c85,
	0xa2bfe8a1,
	0xa81a664b,
	0xc24b8b70,
	0xc76c51a3,
	0xd192e819,
	0xd6990624,
	0xf40e3585,
	0x106aa070,
	0x19a4c116,
	0x1e376c08,
	0x2748774c,
	0x34b0bcb5,
	0x391c0cb3,
	0x4ed8aa4a,
	0x5b9cca4f,
	0x682e6ff3,
	0x748f82ee,
	0x78a5636f,
	0x84c87814,
	0x8cc70208,
	0x90befffa,
	0xa4506ceb,
	0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void expand(uint32_t w[ROUNDS], const unsigned char *block)
{
	for (int t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
		       (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (int t = 16; t < ROUNDS; t++) {
		uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

static void compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[ROUNDS], v[8]; /* v: a to h */

	expand(w, block);
	memcpy(v, state, sizeof(v));
	for (int t = 0; t < ROUNDS; t++) {
		uint32_t s1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
		uint32_t ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t t1 = v[7] + s1 + ch + k[t] + w[t];
		uint32_t s0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
		uint32_t maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + s0 + maj;
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_begin(struct sha256 *s)
{
	static const uint32_t first[8] = {
		0x6a09e667,
		0xbb67ae85,
		0x3c6ef372,
		0xa54ff53a,
		0x510e527f,
		0x9b05688c,
		0x1f83d9ab,
		0x5be0cd19,
	};

	memcpy(s->state, first, sizeof(first));
	s->len = 0;
}

void sha256_feed(struct sha256 *s, struct str bytes)
{
	while (bytes.len) {
		size_t have = s->len % SHA256_BLOCK, take = SHA256_BLOCK - have;

		if (!have && bytes.len >= SHA256_BLOCK) {
			compress(s->state, (const unsigned char *)bytes.ptr);
		} else {
			take = take < bytes.len ? take : bytes.len;
			memcpy(s->block + have, bytes.ptr, take);
			if (have + take == SHA256_BLOCK)
				compress(s->state, s->block);
		}
		s->len += take;
		bytes.ptr += take;
		bytes.len -= take;
	}
}

void sha256_end(struct sha256 *s, char hex[SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	static const char padding[SHA256_BLOCK] = { '\x80' };
	uint64_t bits = s->len * 8;
	size_t have = s->len % SHA256_BLOCK;
	char len[LEN_BYTES];

	for (int i = LEN_BYTES; i-- > 0; bits >>= 8)
		len[i] = (char)(bits & 0xFF);
	sha256_feed(s, (struct str){ padding, have < SHA256_BLOCK - LEN_BYTES
						      ? SHA256_BLOCK - LEN_BYTES - have
						      : 2 * SHA256_BLOCK - LEN_BYTES - have });
	sha256_feed(s, (struct str){ len, LEN_BYTES });
	for (int i = 0; i < SHA256_HEX; i++)
		hex[i] = digits[s->state[i / 8] >> (28 - 4 * (i % 8)) & 0xF];
	hex[SHA256_HEX] = '\0';
}

bool sha256_is_hex(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789abcdef", text.ptr[i]) || !text.ptr[i])
			return false;
	return text.len == SHA256_HEX;
}
