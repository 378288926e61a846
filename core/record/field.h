/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every exported field of a decision and of the lists inside it, one row each: name, type, place,
 * unit, one sentence. SQLite's columns, --json, --csv, --format, filters, the screen's columns and
 * the manual's table are all read off these rows; there is no other list.
 */
#ifndef WEIR_RECORD_FIELD_H
#define WEIR_RECORD_FIELD_H

#include "core/base/json_write.h"
#include "core/record/decision.h"

enum field_type {
	FIELD_ID,    /* struct id */
	FIELD_TEXT,  /* struct str */
	FIELD_TEXTS, /* struct texts */
	FIELD_INT,   /* int64_t */
	FIELD_REAL,  /* double */
	FIELD_BOOL,  /* bool */
	FIELD_MAYBE, /* int64_t: 1, 0, or INT_NONE where it is not known */
	FIELD_MONEY, /* int64_t, pico-dollars */
	FIELD_TIME,  /* int64_t, wall us */
	FIELD_SPAN,  /* int64_t, us; read and written in milliseconds */
	FIELD_ENUM,  /* int64_t, an index into names */
	FIELD_JSON   /* struct str holding JSON */
};

struct field {
	const char *path;         /* "cache.similarity": the place in the JSON */
	enum field_type type;
	size_t offset;            /* in the struct that the table is for */
	const char *const *names; /* FIELD_ENUM */
	size_t name_count;
	const char *unit;         /* NULL: none */
	const char *say;          /* one sentence for the manual */
};

/* A table of rows, and where in a decision its structs are. */
struct field_table {
	const char *name;         /* "decision", "attempt", "verdict", "tool" */
	const struct field *fields;
	size_t count;
};

extern const struct field_table decision_table; /* struct decision */
extern const struct field_table attempt_table;  /* struct attempt */
extern const struct field_table verdict_table;  /* struct verdict */
extern const struct field_table tool_table;     /* struct tool_run */

/* "cache.similarity", or its last part where that is unique ("similarity"); NULL otherwise. */
const struct field *field_find(const struct field_table *table, struct str name);

/* The known name nearest to `name`; NULL when none is near. */
const char *field_nearest(const struct field_table *table, struct str name);

bool field_is_null(const struct field *f, const void *object);

/* For people and CSV: enumerations by name, money "0.000021000", spans in milliseconds, times in
 * ISO 8601, lists joined by ", "; null gives nothing. Not cleaned: text may be hostile. */
void field_say(struct buf *out, const struct field *f, const void *object);

/* As a JSON value. */
void field_json(struct json_writer *w, const struct field *f, const void *object);

/* Typed access for the store: the value as an integer (INT, BOOL, MAYBE, MONEY, TIME, SPAN,
 * ENUM). */
int64_t field_int(const struct field *f, const void *object);
void field_set_int(const struct field *f, void *object, int64_t value);
double field_real(const struct field *f, const void *object);
void field_set_real(const struct field *f, void *object, double value);
struct str field_text(const struct field *f, const void *object); /* TEXT, JSON */
void field_set_text(const struct field *f, void *object, struct str text); /* not copied */
struct texts *field_texts(const struct field *f, void *object);
struct id *field_id(const struct field *f, void *object);

/* The enumeration's code for a name; false when there is none. */
bool field_parse_enum(const struct field *f, struct str name, int64_t *code);

/* The whole decision as one JSON object, as the design's Appendix A shows it. */
void decision_json(struct json_writer *w, const struct decision *d);

#endif
