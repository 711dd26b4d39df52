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

/*
 * What must not happen while a temporary exists: a signal that ends us, and
 * SIGXFSZ, which would end us instead of letting write(2) say EFBIG.
 */
struct shelter {
	sigset_t mask;
	struct sigaction xfsz;
};

static const int endings[] = { SIGINT, SIGTERM, SIGHUP };

/* is_ignored: then it does not end us, but would stay pending if blocked */
static bool
is_ignored(int signo)
{
	struct sigaction action;

	return sigaction(signo, NULL, &action) == 0
	    && action.sa_handler == SIG_IGN;
}

static void
shelter_enter(struct shelter *s)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (!is_ignored(endings[i]))
			sigaddset(&block, endings[i]);
	sigprocmask(SIG_BLOCK, &block, &s->mask);
	sigaction(SIGXFSZ, &ignore, &s->xfsz);
}

static void
shelter_leave(const struct shelter *s)
{
	sigaction(SIGXFSZ, &s->xfsz, NULL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* is_called_off: has a signal come that ends us as soon as it may? */
static bool
is_called_off(void)
{
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (sigismember(&pending, endings[i]) == 1)
			return true;
	return false;
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

enum { HELD_BYTES = 1 << 16 };	/* written at once */

struct rep_stream {
	char *path;		/* as the user knows it */
	int fd;			/* -1: standard output, by stdio */
	GString *held;		/* not written yet */
	/* of a temporary: */
	char *temporary;	/* its name, or NULL */
	char *target;		/* where it goes */
	bool replace;		/* what is there */
	struct shelter shelter;
};

static struct rep_stream *
stream_new(const char *path)
{
	struct rep_stream *stream = g_new0(struct rep_stream, 1);

	stream->path = g_strdup(path);
	stream->fd = -1;
	stream->held = g_string_new(NULL);
	return stream;
}

/* stream_free: a temporary that was not moved goes, too */
static void
stream_free(struct rep_stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	if (stream->temporary != NULL) {
		unlink(stream->temporary);
		shelter_leave(&stream->shelter);
	}
	g_string_free(stream->held, TRUE);
	g_free(stream->temporary);
	g_free(stream->target);
	g_free(stream->path);
	g_free(stream);
}

/* open_temporary: beside target, which old describes if it is there */
static bool
open_temporary(struct rep_stream *stream, const char *target,
    const struct stat *old, GError **error)
{
	const mode_t mode = old == NULL ? 0666 : old->st_mode & 07777;

	shelter_enter(&stream->shelter);
	stream->fd = temporary_open(target, mode, &stream->temporary);
	if (stream->fd < 0) {
		write_error(error, stream->path, "cannot create");
		shelter_leave(&stream->shelter);
		return false;
	}
	stream->target = g_strdup(target);
	stream->replace = old != NULL;
	return old == NULL || fchmod(stream->fd, mode) == 0
	    || write_error(error, stream->path, "cannot set its mode");
}

/* open_existing: what is behind fd decides how it is written */
static bool
open_existing(struct rep_stream *stream, int fd, bool force, GError **error)
{
	struct stat st;
	char *target;
	bool done;

	stream->fd = fd;
	if (fstat(fd, &st) != 0)
		return write_error(error, stream->path, "cannot look at it");
	if (!S_ISREG(st.st_mode) || is_descriptor(stream->path))
		return true;
	close(fd);
	stream->fd = -1;
	if (!force)
		return exists_error(error, stream->path);
	/* a symbolic link stays one: its target is what is replaced */
	target = realpath(stream->path, NULL);
	if (target == NULL)
		return write_error(error, stream->path, "cannot resolve");
	done = open_temporary(stream, target, &st, error);
	free(target);
	return done;
}

static bool
open_any(struct rep_stream *stream, bool force, GError **error)
{
	int fd;

	if (is_stdout(stream->path))
		return true;
	fd = open(stream->path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return open_existing(stream, fd, force, error);
	if (errno != ENOENT)
		return write_error(error, stream->path, "cannot open");
	return open_temporary(stream, stream->path, NULL, error);
}

struct rep_stream *
rep_stream_open(const struct rep_output *output, GError **error)
{
	struct rep_stream *stream = stream_new(output->path);

	if (open_any(stream, output->force, error))
		return stream;
	stream_free(stream);
	return NULL;
}

static bool
flush(struct rep_stream *stream, GError **error)
{
	if (stream->temporary != NULL && is_called_off()) {
		errno = EINTR;
		return write_error(error, stream->path, "cannot write");
	}
	if (!write_all(stream->fd, stream->held->str, stream->held->len))
		return write_error(error, stream->path, "cannot write");
	g_string_truncate(stream->held, 0);
	return true;
}

bool
rep_stream_put(struct rep_stream *stream, const char *data, size_t len,
    GError **error)
{
	if (stream->fd < 0) {
		fwrite(data, 1, len, stdout);
		return true;
	}
	g_string_append_len(stream->held, data, (gssize)len);
	return stream->held->len < HELD_BYTES || flush(stream, error);
}

bool
rep_stream_is_lost(const struct rep_stream *stream)
{
	return stream->fd < 0 && ferror(stdout) != 0;
}

/* settle: all bytes are where they belong, and the descriptor is closed */
static bool
settle(struct rep_stream *stream, GError **error)
{
	int fd = stream->fd;

	if (!flush(stream, error))
		return false;
	if (stream->temporary != NULL && fsync(fd) != 0)
		return write_error(error, stream->path, "cannot write");
	stream->fd = -1;
	return close(fd) == 0
	    || write_error(error, stream->path, "cannot close");
}

/* appear: the temporary gets its name */
static bool
appear(struct rep_stream *stream, GError **error)
{
	if (move_in_place(stream->temporary, stream->target, stream->replace)) {
		g_clear_pointer(&stream->temporary, g_free);
		shelter_leave(&stream->shelter);
		return sync_folder(stream->target) || write_error(error,
		    stream->path, "cannot sync its folder");
	}
	if (errno == EEXIST)
		return exists_error(error, stream->path);
	return write_error(error, stream->path, "cannot write");
}

bool
rep_stream_close(struct rep_stream *stream, GError **error)
{
	bool done = stream->fd < 0 || settle(stream, error);

	if (done && stream->temporary != NULL)
		done = appear(stream, error);
	stream_free(stream);
	return done;
}

void
rep_stream_drop(struct rep_stream *stream)
{
	stream_free(stream);
}

bool
rep_write(const struct rep_output *output, const char *data, size_t len,
    GError **error)
{
	struct rep_stream *stream = rep_stream_open(output, error);

	if (stream == NULL)
		return false;
	if (rep_stream_put(stream, data, len, error))
		return rep_stream_close(stream, error);
	rep_stream_drop(stream);
	return false;
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
