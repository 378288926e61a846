/* SPDX-License-Identifier: GPL-3.0-or-later
 * Squares are added up in double: they may be tiny or huge. */
#include "core/embed/unit.h"

#include <math.h>

void unit_length(float *vector, size_t dims)
{
	double sum = 0, scale;

	for (size_t i = 0; i < dims; i++)
		sum += (double)vector[i] * (double)vector[i];
	scale = sum > 0 && isfinite(sum) ? 1 / sqrt(sum) : 0;
	for (size_t i = 0; i < dims; i++)
		vector[i] = scale > 0 ? (float)(vector[i] * scale) : 0;
}
