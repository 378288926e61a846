/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CRC-32 as in zlib, PNG and Ethernet (reflected, polynomial 0xEDB88320): "123456789" gives
 * 0xCBF43926. For splits and identities that other programs can repeat; no defence against
 * anybody.
 */
#ifndef WEIR_BASE_CRC_H
#define WEIR_BASE_CRC_H

#include "core/base/str.h"

uint32_t crc32_of(struct str s);

/* In pieces: begin with 0, hand in what the last call gave. */
uint32_t crc32_more(uint32_t crc, const void *bytes, size_t len);

#endif
