/*
 * Streams and whole files.
 *
 * What the path is decides how it is written, and it is opened before anybody
 * asks, without creating or cutting anything: between a stat and an open it
 * could have become something else.  Replacing /dev/full by a file, as a plain
 * rename would, is the accident this avoids.
 *
 *	path          is                       written by
 *	-             standard output          stdio, checked when it is closed
 *	/dev/stdout   the same                 the same
 *	/dev/fd/N     whatever it is           stream
 *	exists        no regular file          stream
 *	exists        regular, --force         temporary, rename
 *	new           -                        temporary, link (never over a
 *	                                       file that appeared meanwhile)
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/report/output.h"

G_DEFINE_QUARK(loansim_report_error, rep_error)

/* write_error: "path: what: why", from errno */
static bool
write_error(GError **error, const char *path, const char *what)
{
	const int saved = errno;

	g_set_error(error, REP_ERROR, REP_ERROR_WRITE, "%s: %s: %s", path, what,
	    g_strerror(saved));
	return false;
}

static bool
exists_error(GError **error, const char *path)
{
	g_set_error(error, REP_ERROR, REP_ERROR_EXISTS,
	    "%s: exists and is kept; --force replaces it", path);
	return false;
}

static bool
is_stdout(const char *path)
{
	return g_str_equal(path, "-") || g_str_equal(path, "/dev/stdout");
}

/* is_descriptor: a name for something that is open already */
static bool
is_descriptor(const char *path)
{
	return g_str_has_prefix(path, "/dev/fd/")
	    || g_str_equal(path, "/dev/stderr")
	    || g_str_has_prefix(path, "/proc/self/fd/");
}

static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* write_stream: fill what is open already, and close it */
static bool
write_stream(int fd, const char *path, const char *data, size_t len,
    GError **error)
{
	const bool filled = write_all(fd, data, len);

	if (!filled)
		write_error(error, path, "cannot write");
	if (close(fd) != 0 && filled)
		return write_error(error, path, "cannot close");
	return filled;
}

/*
 * What must not happen while a temporary exists: a signal that ends us, and
 * SIGXFSZ, which would end us instead of letting write(2) say EFBIG.
 */
struct shelter {
	sigset_t mask;
	struct sigaction xfsz;
};

static void
shelter_enter(struct shelter *s)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, &s->mask);
	sigaction(SIGXFSZ, &ignore, &s->xfsz);
}

static void
shelter_leave(const struct shelter *s)
{
	sigaction(SIGXFSZ, &s->xfsz, NULL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* temporary_open: a new file beside path; its name is the caller's to free */
static int
temporary_open(const char *path, mode_t mode, char **name)
{
	char *dir = g_path_get_dirname(path);
	char *base = g_path_get_basename(path);
	int fd = -1, saved = 0;

	for (unsigned try = 0; try < 100 && fd < 0; try++) {
		*name = g_strdup_printf("%s/.%.200s.%" PRIdMAX ".%u.tmp", dir,
		    base, (intmax_t)getpid(), try);
		fd = open(*name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, mode);
		saved = errno;
		if (fd < 0)
			g_clear_pointer(name, g_free);
		if (fd < 0 && saved != EEXIST)
			break;
	}
	g_free(dir);
	g_free(base);
	errno = saved;
	return fd;
}

/* sync_folder: the new name is on the disk too, where folders can be synced */
static bool
sync_folder(const char *path)
{
	char *dir = g_path_get_dirname(path);
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = true;

	g_free(dir);
	if (fd < 0)
		return errno == EACCES;
	if (fsync(fd) != 0)
		synced = errno == EINVAL || errno == ENOTSUP;
	close(fd);
	return synced;
}

/* fill_temporary: all bytes on the disk, and the descriptor closed */
static bool
fill_temporary(int fd, const char *data, size_t len)
{
	const bool filled = write_all(fd, data, len) && fsync(fd) == 0;
	const int saved = errno;
	const bool closed = close(fd) == 0;

	if (!filled)
		errno = saved;
	return filled && closed;
}

/* move_in_place: false with errno; EEXIST if a file is there and stays */
static bool
move_in_place(const char *temporary, const char *path, bool replace)
{
	struct stat st;

	if (replace)
		return rename(temporary, path) == 0;
	if (link(temporary, path) == 0)
		return unlink(temporary) == 0;
	if (errno == EEXIST)
		return false;
	/* a file system without hard links */
	if (lstat(path, &st) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(temporary, path) == 0;
}

/* write_whole: the file appears complete, or the old state stays */
static bool
write_whole(const char *path, const struct stat *old, const char *data,
    size_t len, GError **error)
{
	const mode_t mode = old == NULL ? 0666 : old->st_mode & 07777;
	char *temporary = NULL;
	const int fd = temporary_open(path, mode, &temporary);
	bool done;

	if (fd < 0)
		return write_error(error, path, "cannot create");
	done = (old == NULL || fchmod(fd, mode) == 0);
	done = fill_temporary(fd, data, len) && done;
	done = done && move_in_place(temporary, path, old != NULL);
	if (!done && errno == EEXIST)
		exists_error(error, path);
	else if (!done)
		write_error(error, path, "cannot write");
	if (!done)
		unlink(temporary);
	g_free(temporary);
	if (done && !sync_folder(path))
		return write_error(error, path, "cannot sync its folder");
	return done;
}

static bool
write_sheltered(const char *path, const struct stat *old, const char *data,
    size_t len, GError **error)
{
	struct shelter shelter;
	bool done;

	shelter_enter(&shelter);
	done = write_whole(path, old, data, len, error);
	shelter_leave(&shelter);
	return done;
}

/* write_existing: what is behind fd decides how */
static bool
write_existing(int fd, const struct rep_output *output, const char *data,
    size_t len, GError **error)
{
	struct stat st;
	char *target;
	bool done;

	if (fstat(fd, &st) != 0) {
		close(fd);
		return write_error(error, output->path, "cannot look at it");
	}
	if (!S_ISREG(st.st_mode) || is_descriptor(output->path))
		return write_stream(fd, output->path, data, len, error);
	close(fd);
	if (!output->force)
		return exists_error(error, output->path);
	/* a symbolic link stays one: its target is what is replaced */
	target = realpath(output->path, NULL);
	if (target == NULL)
		return write_error(error, output->path, "cannot resolve");
	done = write_sheltered(target, &st, data, len, error);
	free(target);
	return done;
}

bool
rep_write(const struct rep_output *output, const char *data, size_t len,
    GError **error)
{
	int fd;

	if (is_stdout(output->path)) {
		fwrite(data, 1, len, stdout);
		return true;
	}
	fd = open(output->path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return write_existing(fd, output, data, len, error);
	if (errno != ENOENT)
		return write_error(error, output->path, "cannot open");
	return write_sheltered(output->path, NULL, data, len, error);
}

bool
rep_output_check(const struct rep_output *output, GError **error)
{
	struct stat st;
	char *dir;
	bool found;

	if (is_stdout(output->path) || is_descriptor(output->path))
		return true;
	if (stat(output->path, &st) == 0) {
		if (S_ISREG(st.st_mode) && !output->force)
			return exists_error(error, output->path);
		return true;
	}
	if (errno != ENOENT)
		return write_error(error, output->path, "cannot open");
	dir = g_path_get_dirname(output->path);
	found = stat(dir, &st) == 0;
	if (!found)
		write_error(error, output->path, "cannot create");
	g_free(dir);
	return found;
}
