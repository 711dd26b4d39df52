/*
 * Reading a whole file with plain system calls: the file is opened for reading
 * and nothing else, and never more of it is read than could be accepted.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/load.h"

static char *
refuse(const char *path, const char *why, const struct scn_spot *at,
    struct scn_mistakes *m)
{
	g_autofree char *printable = scn_escape(path);

	if (strcmp(path, at->place.file) == 0)
		scn_mistake(m, at, "cannot be read: %s", why);
	else
		scn_mistake(m, at, "%s cannot be read: %s", printable, why);
	return NULL;
}

/* read_all: to the end, or just above the limit; NULL and errno */
static char *
read_all(int fd, size_t *len)
{
	size_t room = SCN_LINE_BYTES, used = 0;
	char *bytes = g_malloc(room);

	while (used <= SCN_FILE_BYTES) {
		ssize_t n;

		if (used == room) {
			room *= 2;
			bytes = g_realloc(bytes, room);
		}
		n = read(fd, bytes + used, room - used);
		if (n == 0)
			break;
		if (n > 0) {
			used += (size_t)n;
		} else if (errno != EINTR) {
			g_free(bytes);
			return NULL;
		}
	}
	*len = used;
	return bytes;
}

static int
open_input(const char *path)
{
	if (strcmp(path, "-") == 0)
		return dup(STDIN_FILENO);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

char *
scn_read(const char *path, size_t *len, const struct scn_spot *at,
    struct scn_mistakes *m)
{
	int fd = open_input(path);
	struct stat st;
	char *bytes;

	if (fd < 0)
		return refuse(path, g_strerror(errno), at, m);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return refuse(path, "it is a directory", at, m);
	}
	bytes = read_all(fd, len);
	if (bytes == NULL)
		(void)refuse(path, g_strerror(errno), at, m);
	close(fd);
	return bytes;
}
