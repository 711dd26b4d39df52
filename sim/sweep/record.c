/*
 * One point into the store.
 */
#include <math.h>
#include <string.h>

#include "sim/sweep/store_own.h"

/* A statement under way: where the next value goes. */
struct binding {
	sqlite3_stmt *statement;
	int next;
};

static void
bind_int(struct binding *b, int64_t value)
{
	sqlite3_bind_int64(b->statement, b->next++, value);
}

static void
bind_text(struct binding *b, const char *text)
{
	sqlite3_bind_text(b->statement, b->next++, text, -1,
	    SQLITE_TRANSIENT);
}

static void
bind_null(struct binding *b)
{
	sqlite3_bind_null(b->statement, b->next++);
}

/* bind_column: a number as its column shows it */
static void
bind_column(struct binding *b, const struct res_row *row, int column)
{
	int decimals = res_columns[column].decimals;

	if (!res_has_numbers(row))
		bind_null(b);
	else if (decimals == 0)
		bind_int(b, row->value[column]);
	else
		sqlite3_bind_double(b->statement, b->next++,
		    (double)row->value[column] / pow(10.0, decimals));
}

/* bind_axis: the values of an axis, without units; words as they are */
static void
bind_axis(struct binding *b, const struct scn_axis *axis, size_t value)
{
	for (size_t k = 0; k < axis->n_keys; k++) {
		enum scn_key key = axis->targets[k].key;
		const struct scn_key_info *info = scn_row(key);
		int64_t number = scn_axis_slot(axis, value, k)->value;
		bool is_word = info->type != SCN_TYPE_QUANTITY ||
		    (info->special != NULL && number == info->special_value);
		g_autofree char *text = is_word ?
		    scn_value_format(key, number) :
		    scn_quantity_number(number, info->unit);

		bind_text(b, text);
	}
}

static void
bind_head(struct binding *b, const struct scenario *scn, size_t index,
    const struct res_row *row)
{
	struct scn_coordinates at = scn_sweep_coordinates(scn, index);
	struct scn_point *pt = scn_sweep_point(scn, index);

	bind_int(b, (int64_t)index + 1);
	bind_text(b, scn_point_name(pt));
	bind_int(b, at.replication + 1);
	bind_int(b, scn_get(pt, SCN_SEED));
	for (size_t i = 0; i < scn_sweep_n_axes(scn); i++)
		bind_axis(b, scn_sweep_axis(scn, i), at.value[i]);
	bind_text(b, res_outcome_name(row->outcome));
	bind_text(b, row->reason);
	scn_sweep_point_free(pt);
}

static void
bind_hashes(struct binding *b, const struct res_row *row)
{
	char hash[REP_HASH_BYTES];

	rep_row_fingerprint(hash, row);
	bind_text(b, hash);
	for (int i = 0; i < REP_N_GROUPS; i++) {
		rep_group_hash(hash, row, (enum rep_group)i);
		bind_text(b, hash);
	}
}

static bool
put_point(struct store *store, const struct scenario *scn, size_t index,
    const struct res_row *row, GError **error)
{
	struct binding b = { store->insert_point, 1 };

	bind_head(&b, scn, index, row);
	bind_hashes(&b, row);
	for (int i = 0; i < RES_N_COLUMNS; i++)
		bind_column(&b, row, i);
	for (int i = 0; i < RES_N_DETAILS; i++)
		if (res_has_numbers(row))
			bind_int(&b, row->detail[i]);
		else
			bind_null(&b);
	return db_step(&store->db, store->insert_point, error);
}

/* put_costs: the causes that took anything */
static bool
put_costs(struct store *store, size_t index, const struct res_row *row,
    GError **error)
{
	static const struct res_cause nothing;

	for (int i = 0; i < N_CAUSES; i++) {
		const struct res_cause *c = &row->cause[i];
		struct binding b = { store->insert_cost, 1 };

		if (memcmp(c, &nothing, sizeof nothing) == 0)
			continue;
		bind_int(&b, (int64_t)index + 1);
		bind_text(&b, kern_cause_names[i]);
		bind_int(&b, c->compute_ps);
		bind_int(&b, c->memory_ps);
		bind_int(&b, c->loaded_bytes);
		bind_int(&b, c->stored_bytes);
		bind_int(&b, c->read_bytes);
		bind_int(&b, c->write_bytes);
		if (!db_step(&store->db, store->insert_cost, error))
			return false;
	}
	return true;
}

void
record_part_id(char id[static RECORD_ID_BYTES], const char *text)
{
	g_autofree char *hash = g_compute_checksum_for_string(
	    G_CHECKSUM_SHA256, text, -1);

	g_strlcpy(id, hash, RECORD_ID_BYTES);
}

char **
record_parts(const struct scn_point *pt)
{
	GString *dump = scn_dump(pt);
	GPtrArray *parts = g_ptr_array_new();
	const char *from = dump->str, *next;

	for (; *from != '\0'; from = next) {
		const char *head = strstr(from, "\n[");

		next = head != NULL ? head + 1 : from + strlen(from);
		g_ptr_array_add(parts, g_strndup(from,
		    (size_t)(next - from)));
	}
	g_ptr_array_add(parts, NULL);
	g_string_free(dump, TRUE);
	return (char **)g_ptr_array_free(parts, FALSE);
}

static bool
put_part(struct store *store, size_t index, size_t position,
    const char *text, GError **error)
{
	struct binding part = { store->insert_part, 1 };
	struct binding link = { store->insert_point_part, 1 };
	char id[RECORD_ID_BYTES];

	record_part_id(id, text);
	bind_text(&part, id);
	bind_text(&part, text);
	bind_int(&link, (int64_t)index + 1);
	bind_int(&link, (int64_t)position);
	bind_text(&link, id);
	return db_step(&store->db, store->insert_part, error) &&
	    db_step(&store->db, store->insert_point_part, error);
}

static bool
put_parts(struct store *store, const struct scenario *scn, size_t index,
    GError **error)
{
	struct scn_point *pt = scn_sweep_point(scn, index);
	g_auto(GStrv) parts = record_parts(pt);
	bool ok = true;

	for (size_t i = 0; ok && parts[i] != NULL; i++)
		ok = put_part(store, index, i, parts[i], error);
	scn_sweep_point_free(pt);
	return ok;
}

/* insert_into: "INSERT INTO TABLE VALUES (?, ?, ...)" */
static sqlite3_stmt *
insert_into(struct db *db, const char *what, int n_columns, GError **error)
{
	GString *sql = g_string_new(what);
	sqlite3_stmt *statement;

	for (int i = 0; i < n_columns; i++)
		g_string_append(sql, i == 0 ? " VALUES (?" : ", ?");
	g_string_append_c(sql, ')');
	statement = db_prepare(db, sql->str, error);
	g_string_free(sql, TRUE);
	return statement;
}

bool
record_prepare(struct store *store, GError **error)
{
	int n_columns = 4 + (int)store->about.columns->len + 3 +
	    REP_N_GROUPS + RES_N_COLUMNS + RES_N_DETAILS;

	store->insert_point = insert_into(&store->db, "INSERT INTO point",
	    n_columns, error);
	if (store->insert_point == NULL)
		return false;
	store->insert_cost = insert_into(&store->db, "INSERT INTO cost", 8,
	    error);
	if (store->insert_cost == NULL)
		return false;
	store->insert_part = insert_into(&store->db,
	    "INSERT OR IGNORE INTO part", 2, error);
	if (store->insert_part == NULL)
		return false;
	store->insert_point_part = insert_into(&store->db,
	    "INSERT INTO point_part", 3, error);
	return store->insert_point_part != NULL;
}

void
record_finalize(struct store *store)
{
	g_clear_pointer(&store->insert_point, sqlite3_finalize);
	g_clear_pointer(&store->insert_cost, sqlite3_finalize);
	g_clear_pointer(&store->insert_part, sqlite3_finalize);
	g_clear_pointer(&store->insert_point_part, sqlite3_finalize);
}

bool
store_record(struct store *store, const struct scenario *scn, size_t index,
    const struct res_row *row, GError **error)
{
	/* a transaction may be open already: then it is a part of that */
	if (!db_run(&store->db, "SAVEPOINT record", error))
		return false;
	if (put_point(store, scn, index, row, error) &&
	    put_costs(store, index, row, error) &&
	    put_parts(store, scn, index, error) &&
	    db_run(&store->db, "RELEASE record", error)) {
		store_note(store, index, !res_is_result(row));
		return true;
	}
	db_run(&store->db, "ROLLBACK TO record; RELEASE record", NULL);
	return false;
}
