#include "sim/run/recording.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int
rec_make_file(GError **error)
{
	char *path = NULL;
	int fd = g_file_open_tmp("loansim-XXXXXX", &path, error);

	if (fd >= 0)
		unlink(path);
	g_free(path);
	return fd;
}

/* => false: it breaks off, or the disk was full */
static bool
read_head(struct recording *recording, GError **error)
{
	const char *data = g_mapped_file_get_contents(recording->file);
	size_t bytes = g_mapped_file_get_length(recording->file);
	struct rec_head *head = &recording->head;

	if (bytes >= sizeof *head)
		memcpy(head, data, sizeof *head);
	if (head->magic == REC_MAGIC && head->error == 0 &&
	    (bytes - sizeof *head) / sizeof(struct rec_note) ==
	    (size_t)head->n_notes)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
	    "the recording of the run could not be kept: %s",
	    head->error != 0 ? g_strerror((int)head->error) :
	    "it breaks off");
	return false;
}

bool
rec_open(struct recording *recording, int fd,
    const struct rec_request *request, GError **error)
{
	memset(recording, 0, sizeof *recording);
	recording->request = *request;
	recording->file = g_mapped_file_new_from_fd(fd, FALSE, error);
	if (recording->file == NULL)
		return false;
	if (!read_head(recording, error)) {
		rec_close(recording);
		return false;
	}
	recording->notes = (const struct rec_note *)(const void *)
	    (g_mapped_file_get_contents(recording->file) +
	    sizeof(struct rec_head));
	recording->n_notes = (size_t)recording->head.n_notes;
	return true;
}

void
rec_close(struct recording *recording)
{
	g_clear_pointer(&recording->file, g_mapped_file_unref);
	recording->notes = NULL;
	recording->n_notes = 0;
}
