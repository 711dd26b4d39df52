#include "sim/scenario/contents.h"

#include <glib.h>
#include <stdio.h>

/* add_all: => false: it could not be read to its end */
static gboolean
add_all(GChecksum *sum, FILE *file)
{
	guchar buffer[65536];
	size_t n;

	while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
		g_checksum_update(sum, buffer, (gssize)n);
	return !ferror(file);
}

char *
scn_contents(const char *path)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	gboolean is_whole;
	FILE *file;

	/* what a pipe gives is gone for who comes next */
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return NULL;
	file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	is_whole = add_all(sum, file);
	fclose(file);
	return is_whole ? g_strdup(g_checksum_get_string(sum)) : NULL;
}
