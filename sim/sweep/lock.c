#include "sim/sweep/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/sweep/db.h"

struct store_lock {
	char *path;
	int fd;
};

static struct flock
whole_file(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

/* is_current: the file that was locked is still the one of that name */
static bool
is_current(const struct store_lock *lock)
{
	struct stat held, named;

	return fstat(lock->fd, &held) == 0 && stat(lock->path, &named) == 0 &&
	    held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static bool
busy(const struct store_lock *lock, const char *store, GError **error)
{
	struct flock holder = whole_file(F_WRLCK);

	if (fcntl(lock->fd, F_GETLK, &holder) == 0 &&
	    holder.l_type != F_UNLCK)
		g_set_error(error, DB_ERROR, DB_ERROR_BUSY,
		    "%s: process %d is writing it; wait, or end that one",
		    store, (int)holder.l_pid);
	else
		g_set_error(error, DB_ERROR, DB_ERROR_BUSY,
		    "%s: another process was just writing it; try again",
		    store);
	return false;
}

/* try: false without an error if the file was removed meanwhile */
static bool
try(struct store_lock *lock, const char *store, GError **error)
{
	struct flock wanted = whole_file(F_WRLCK);

	lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (lock->fd < 0) {
		g_set_error(error, DB_ERROR, DB_ERROR_IO,
		    "%s: cannot create: %s", lock->path, g_strerror(errno));
		return false;
	}
	if (fcntl(lock->fd, F_SETLK, &wanted) != 0)
		return busy(lock, store, error);
	return is_current(lock);
}

/*
 * lock_path: beside the store itself, whatever links lead to it; it is made if
 * it is not there, so that it has a place.
 */
static char *
lock_path(const char *store, GError **error)
{
	int fd = open(store, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	char *place = fd < 0 ? NULL : realpath(store, NULL);
	char *path = place == NULL ? NULL : g_strconcat(place, ".lock", NULL);

	if (path == NULL)
		g_set_error(error, DB_ERROR, DB_ERROR_IO, "%s: cannot open: "
		    "%s", store, g_strerror(errno));
	if (fd >= 0)
		close(fd);
	free(place);
	return path;
}

struct store_lock *
store_lock_take(const char *store, GError **error)
{
	char *path = lock_path(store, error);
	struct store_lock *lock;
	GError *why = NULL;

	if (path == NULL)
		return NULL;
	lock = g_new0(struct store_lock, 1);
	lock->path = path;
	while (!try(lock, store, &why)) {
		if (lock->fd >= 0)
			close(lock->fd);
		if (why == NULL)
			continue;
		g_propagate_error(error, why);
		g_free(lock->path);
		g_free(lock);
		return NULL;
	}
	return lock;
}

void
store_lock_release(struct store_lock *lock)
{
	/* removed while it is locked, or another's file might go */
	unlink(lock->path);
	close(lock->fd);
	g_free(lock->path);
	g_free(lock);
}
