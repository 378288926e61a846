/* SPDX-License-Identifier: GPL-3.0-or-later
 * Four bits at a time: sixteen words of table, and fast enough for what is hashed here. */
#include "core/base/crc.h"

static const uint32_t quarter[16] = {
	0x00000000,
	0x1DB71064,
	0x3B6E20C8,
	0x26D930AC,
	0x76DC4190,
	0x6B6B51F4,
	0x4DB26158,
	0x5005713C,
	0xEDB88320,
	0xF00F9344,
	0xD6D6A3E8,
	0xCB61B38C,
	0x9B64C2B0,
	0x86D3D2D4,
	0xA00AE278,
	0xBDBDF21C,
};

uint32_t crc32_more(uint32_t crc, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	crc = ~crc;
	for (; len; len--) {
		crc ^= *at++;
		crc = crc >> 4 ^ quarter[crc & 15];
		crc = crc >> 4 ^ quarter[crc & 15];
	}
	return ~crc;
}

uint32_t crc32_of(struct str s)
{
	return crc32_more(0, s.ptr, s.len);
}
