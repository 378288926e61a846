/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program: arguments in, a face out. */
#include "core/base/base.h"

int main(void)
{
	puts("weir");
	return 0;
}
