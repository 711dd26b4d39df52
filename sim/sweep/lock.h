/*
 * One writer for a store: a lock file beside it.
 *
 * Stands for: STORE.lock, locked with fcntl(2): children do not inherit it, and
 *	it is gone with the process that holds it, however that ends.  A file
 *	of its own, since SQLite's locks on the store would be lost when any
 *	other descriptor of the store is closed.
 *	Links to a store lead to the one lock.
 * Errors: DB_ERROR_BUSY names the process that holds it; DB_ERROR_IO.
 * Owns: the file, which is removed with the lock.
 */
#ifndef SIM_SWEEP_LOCK_H
#define SIM_SWEEP_LOCK_H

#include <glib.h>

struct store_lock;

/* store_lock_take: at once or never; NULL and error otherwise */
struct store_lock *store_lock_take(const char *store, GError **error);
void store_lock_release(struct store_lock *lock);

#endif
