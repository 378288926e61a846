/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages of row numbers, then the rows; names by the index of tails. */
#include "core/store/query.h"

#include "core/store/filter.h"

enum {
	PAGE = 256,       /* row numbers fetched at once */
	FEW = 4096,       /* so many rows of an index are gone through rather than walked past */
	TIMES = 50000,    /* and so many to see between which numbers a time lies */
	CANDIDATES = 8    /* ids that an ambiguous name is answered with */
};

enum err query_open(struct query *q, const struct db *db, struct buf *why)
{
	*q = (struct query){ .db = db, .count = -1 };
	return rows_open_read(&q->rows, db, why);
}

void query_release(struct query *q)
{
	rows_release(&q->rows);
}

static void bind_value(sqlite3_stmt *s, int place, const struct filter_value *value)
{
	switch (value->type) {
	case FILTER_TEXT:
		db_bind_text(s, place, value->text);
		break;
	case FILTER_INT:
		sqlite3_bind_int64(s, place, value->whole);
		break;
	case FILTER_REAL:
		sqlite3_bind_double(s, place, value->real);
		break;
	}
}

/* A statement may use only some of the filter's values. */
static enum err prepare_filtered(
	struct query *q, struct str sql, const struct filter *f, sqlite3_stmt **s, struct buf *why)
{
	enum err err = db_prepare(q->db, sql, s, why);

	if (err)
		return err;
	for (size_t i = 0; i < f->values.len; i++)
		if ((int)i < sqlite3_bind_parameter_count(*s))
			bind_value(*s, (int)i + 1, &f->values.ptr[i]);
	return ERR_OK;
}

/* Where a walk is, and how it goes. */
struct walk {
	const struct filter_probe *probe; /* leads; NULL: every row is looked at */
	sqlite3_stmt *page;
	int first_bound;       /* the place of the lower bound in the statement */
	int64_t after, before; /* row numbers */
	size_t left;           /* SIZE_MAX: all */
	bool oldest_first;
};

/* What a probe finds; `most` + 1 stands for more. */
struct probed {
	int64_t count, first, last;
};

static enum err try_probe(struct query *q, const struct filter *f,
	const struct filter_probe *probe, int most, struct probed *probed, struct buf *why)
{
	struct buf sql = BUF(DB_SQL_MAX);
	sqlite3_stmt *s;
	enum err err;

	buf_addf(&sql, "SELECT count(*), min(number), max(number) FROM (%.*s LIMIT %d)",
		STR_ARG(probe->sql), most + 1);
	err = prepare_filtered(q, buf_str(&sql), f, &s, why);
	buf_release(&sql);
	if (err)
		return err;
	err = db_step(q->db, s, why);
	if (!err)
		*probed = (struct probed){ sqlite3_column_int64(s, 0),
			sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2) };
	sqlite3_finalize(s);
	return err;
}

static void narrow(struct walk *w, const struct probed *probed)
{
	if (w->after < probed->first - 1)
		w->after = probed->first - 1;
	if (w->before > probed->last + 1)
		w->before = probed->last + 1;
}

/* The probe with the fewest rows leads, where these are few; times narrow the walk. */
static enum err choose_way(struct query *q, const struct filter *f, struct walk *w, struct buf *why)
{
	int64_t fewest = FEW + 1;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < f->probes.len; i++) {
		const struct filter_probe *probe = &f->probes.ptr[i];
		int most = probe->is_time ? TIMES : FEW;
		struct probed probed = { 0 };

		err = try_probe(q, f, probe, most, &probed, why);
		if (!err && probed.count <= most && probed.count)
			narrow(w, &probed);
		if (!err && probed.count < fewest) {
			fewest = probed.count;
			w->probe = probe;
		}
	}
	return err;
}

/* The bounds and the limit are the last values. */
static void add_page_sql(struct buf *sql, const struct filter *f,
	const struct filter_probe *probe, bool oldest_first)
{
	size_t values = f->values.len;

	buf_add_text(sql, "SELECT seq FROM ");
	if (probe) /* CROSS JOIN: in this order and no other */
		buf_addf(sql, "(SELECT DISTINCT number FROM (%.*s)) CROSS JOIN decision"
			" ON seq = number", STR_ARG(probe->sql));
	else
		buf_add_text(sql, "decision");
	buf_addf(sql, " WHERE seq > ?%zu AND seq < ?%zu", values + 1, values + 2);
	if (f->where.len)
		buf_addf(sql, " AND %.*s", STR_ARG(buf_str(&f->where)));
	buf_addf(sql, " ORDER BY seq %s LIMIT ?%zu", oldest_first ? "ASC" : "DESC", values + 3);
}

static enum err prepare_page(
	struct query *q, const struct filter *f, struct walk *w, struct buf *why)
{
	struct buf sql = BUF(2 * DB_SQL_MAX);
	enum err err = choose_way(q, f, w, why);

	if (!err) {
		w->first_bound = (int)f->values.len + 1;
		add_page_sql(&sql, f, w->probe, w->oldest_first);
		err = prepare_filtered(q, buf_str(&sql), f, &w->page, why);
	}
	buf_release(&sql);
	return err;
}

static enum err next_page(
	struct query *q, struct walk *w, int64_t numbers[PAGE], size_t *count, struct buf *why)
{
	size_t most = w->left < PAGE ? w->left : PAGE;
	enum err err = ERR_OK;

	*count = 0;
	sqlite3_bind_int64(w->page, w->first_bound, w->after);
	sqlite3_bind_int64(w->page, w->first_bound + 1, w->before);
	sqlite3_bind_int64(w->page, w->first_bound + 2, (int64_t)most);
	while (*count < most && !(err = db_step(q->db, w->page, why)))
		numbers[(*count)++] = sqlite3_column_int64(w->page, 0);
	db_rest(w->page);
	if (*count == most)
		err = ERR_OK;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* A row that somebody has removed since its number was read is passed over. */
static enum err tell(struct query *q, int64_t number,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx, bool *more,
	struct buf *why)
{
	struct buf said = BUF(BUF_WHY_MAX);
	struct decision *d;
	enum err err = rows_read(&q->rows, number, &d, &said);

	if (!err) {
		*more = row(ctx, d, number);
		decision_free(&d);
	} else if (err != ERR_NOT_FOUND) {
		why_set(why, "%s", said.ptr);
	}
	buf_release(&said);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err walk(struct query *q, struct walk *w,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx,
	struct buf *why)
{
	int64_t numbers[PAGE];
	bool more = true;
	size_t count;
	enum err err = ERR_OK;

	while (!err && more && w->left) {
		err = next_page(q, w, numbers, &count, why);
		for (size_t i = 0; !err && more && i < count; i++)
			err = tell(q, numbers[i], row, ctx, &more, why);
		if (count < PAGE)
			break;
		w->left -= w->left == SIZE_MAX ? 0 : count;
		*(w->oldest_first ? &w->after : &w->before) = numbers[count - 1];
	}
	return err;
}

enum err query_select(struct query *q, const struct store_query *query,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx,
	struct buf *why)
{
	struct filter f;
	struct walk w = {
		.after = query->after ? query->after : INT64_MIN,
		.before = query->before ? query->before : INT64_MAX,
		.left = query->limit ? query->limit : SIZE_MAX,
		.oldest_first = query->oldest_first,
	};
	enum err err = filter_parse(&f, query->filter, why);

	if (!err)
		err = prepare_page(q, &f, &w, why);
	if (!err)
		err = walk(q, &w, row, ctx, why);
	sqlite3_finalize(w.page);
	filter_release(&f);
	return err;
}

enum err query_last(struct query *q, struct decision **d, struct buf *why)
{
	int64_t seq;
	enum err err = db_int(q->db, "SELECT max(seq) FROM decision", &seq, why);

	*d = NULL;
	if (err)
		return err;
	if (!seq) {
		why_set(why, "%s: there is no decision yet: ask something first", q->db->path);
		return ERR_NOT_FOUND;
	}
	return rows_read(&q->rows, seq, d, why);
}

/* The numbers and ids that a name stands for; at most CANDIDATES + 1. */
struct found {
	int64_t seq;
	size_t count;
	struct buf ids;
};

static void add_found(struct found *found, sqlite3_stmt *s)
{
	found->seq = sqlite3_column_int64(s, 0);
	if (++found->count <= CANDIDATES) {
		buf_add_text(&found->ids, found->count > 1 ? ", " : "");
		buf_add_str(&found->ids, db_text(s, 1));
	}
}

static enum err find_numbers(
	struct query *q, const char *sql, struct str from, struct str to, struct found *found,
	struct buf *why)
{
	sqlite3_stmt *s;
	enum err err = db_prepare(q->db, str_of(sql), &s, why);

	if (err)
		return err;
	db_bind_text(s, 1, from);
	if (to.ptr)
		db_bind_text(s, 2, to);
	while (!(err = db_step(q->db, s, why)))
		add_found(found, s);
	sqlite3_finalize(s);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Tails are stored from right to left: the ones that end alike stand together. */
static enum err find_short(struct query *q, const char *tail, struct found *found, struct buf *why)
{
	char from[ID_SHORT_MAX + 2], to[ID_SHORT_MAX + 2];
	size_t len = strlen(tail);

	for (size_t i = 0; i < len; i++)
		from[i] = to[i] = tail[len - 1 - i];
	to[len] = 'g'; /* after every digit */
	return find_numbers(q,
		"SELECT seq, id FROM decision WHERE tail >= ?1 AND tail < ?2"
		" ORDER BY tail LIMIT 9",
		(struct str){ from, len }, (struct str){ to, len + 1 }, found, why);
}

static enum err find_name(struct query *q, struct str name, struct found *found, struct buf *why)
{
	char text[ID_TEXT + 1], tail[ID_SHORT_MAX + 1];
	struct id id;

	if (id_parse(name, &id)) {
		id_write(id, text);
		return find_numbers(q, "SELECT seq, id FROM decision WHERE id = ?1", str_of(text),
			STR_NONE, found, why);
	}
	if (id_is_short(name, tail))
		return find_short(q, tail, found, why);
	why_set(why, "\"%.*s\" is no id: give a whole one, or its last 4 to 12 digits",
		STR_ARG(str_part(name, 0, ID_TEXT)));
	return ERR_NOT_FOUND;
}

enum err query_find(struct query *q, struct str name, struct decision **d, struct buf *why)
{
	struct found found = { .ids = BUF(BUF_WHY_MAX) };
	enum err err = find_name(q, name, &found, why);

	*d = NULL;
	if (!err && !found.count) {
		why_set(why, "there is no decision \"%.*s\" in %s", STR_ARG(name), q->db->path);
		err = ERR_NOT_FOUND;
	} else if (!err && found.count > 1) {
		why_set(why, "\"%.*s\" stands for %s%s: give more digits", STR_ARG(name),
			found.ids.ptr, found.count > CANDIDATES ? " and more" : "");
		err = ERR_AMBIGUOUS;
	}
	buf_release(&found.ids);
	return err ? err : rows_read(&q->rows, found.seq, d, why);
}

/* How many digits of `tail` another decision's, found by `sql`, begins with. */
static size_t shared_digits(struct query *q, const char *sql, const char *tail, const char *id)
{
	struct str other;
	sqlite3_stmt *s;
	size_t shared = 0;

	if (db_prepare(q->db, str_of(sql), &s, NULL))
		return 0;
	db_bind_text(s, 1, str_of(tail));
	if (sqlite3_bind_parameter_count(s) > 1)
		db_bind_text(s, 2, str_of(id));
	if (!db_step(q->db, s, NULL)) {
		other = db_text(s, 0);
		while (shared < other.len && shared < ID_SHORT_MAX &&
			other.ptr[shared] == tail[shared])
			shared++;
	}
	sqlite3_finalize(s);
	return shared;
}

size_t query_short_digits(struct query *q, struct id id)
{
	static const char *const neighbours[] = {
		"SELECT tail FROM decision WHERE tail < ?1 ORDER BY tail DESC LIMIT 1",
		"SELECT tail FROM decision WHERE tail > ?1 ORDER BY tail LIMIT 1",
		"SELECT tail FROM decision WHERE tail = ?1 AND id <> ?2 LIMIT 1",
	};
	char tail[ID_SHORT_MAX + 1], text[ID_TEXT + 1];
	size_t digits = ID_SHORT_MIN;

	rows_tail(id, tail);
	id_write(id, text);
	for (size_t i = 0; i < ARRAY_LEN(neighbours); i++) {
		size_t shared = shared_digits(q, neighbours[i], tail, text);

		if (shared >= digits)
			digits = shared + 1;
	}
	return digits > ID_SHORT_MAX ? ID_HEX : digits;
}

/* Counting reads a whole index: once for each change of the file. */
int64_t query_count(struct query *q)
{
	int64_t version = 0, own = sqlite3_total_changes(q->db->handle), count = 0;

	if (db_int(q->db, "PRAGMA data_version", &version, NULL))
		return 0;
	if (q->count >= 0 && version == q->count_version && own == q->count_own)
		return q->count;
	if (db_int(q->db, "SELECT count(*) FROM decision", &count, NULL))
		return 0;
	q->count = count;
	q->count_version = version;
	q->count_own = own;
	return count;
}
