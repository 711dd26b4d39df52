/*
 * Rules of files: that those exist which processes name, and that all of them
 * fit the disk.
 */
#include <string.h>

#include "sim/scenario/files.h"
#include "sim/scenario/rules_own.h"
#include "sim/scenario/suggest.h"

/* no_such: and which there are; key: the one that names it */
static void
no_such(const struct rules_of *c, enum scn_key key, const char *name)
{
	size_t n = scn_n_files(c->pt);
	g_autofree const char **names = g_new0(const char *, n + 1);
	g_autofree char *hint = NULL, *known = NULL, *what = NULL;

	for (size_t i = 0; i < n; i++)
		names[i] = scn_file_name(c->pt, i);
	hint = scn_did_you_mean(scn_suggest(name, names));
	known = scn_there_are(names);
	what = g_strdup_printf("there is no [file NAME] named \"%s\"%s%s",
	    name, known, hint);
	rules_told(c, key, what);
}

/* check_list: the files of a process that takes some */
static void
check_list(const struct rules_of *c)
{
	const struct scn_slot *slot = rules_slot(c, SCN_PROC_FILES);
	g_autofree char *wrong = NULL;
	g_autoptr(GArray) list = NULL;
	bool is_shared = false;

	if (slot->is_bad)
		return;
	if (*slot->text == '\0') {
		/* ttcp has a pattern instead */
		if (rules_value(c, SCN_PROC_PROGRAM) != SCN_PROGRAM_TTCP)
			rules_told(c, SCN_PROC_PROGRAM,
			    "it needs the key files");
		return;
	}
	list = scn_files_parse(slot->text, &wrong);
	for (size_t i = 0; i < list->len; i++) {
		const struct scn_file_entry *entry =
		    &g_array_index(list, struct scn_file_entry, i);

		is_shared |= entry->percent > 0;
		if (scn_files_find(c->pt, entry->name) == scn_n_files(c->pt))
			no_such(c, SCN_PROC_FILES, entry->name);
	}
	if (is_shared &&
	    rules_value(c, SCN_PROC_PROGRAM) != SCN_PROGRAM_CLIENT)
		rules_told(c, SCN_PROC_FILES, "only a client takes files by "
		    "chance; others take all, in turn");
}

/* check_copy: the file that a copy is, if it is none of its own */
static void
check_copy(const struct rules_of *c)
{
	const char *name = rules_slot(c, SCN_PROC_COPY_TO)->text;
	g_autofree char *wrong = NULL;
	g_autoptr(GArray) list =
	    scn_files_parse(rules_slot(c, SCN_PROC_FILES)->text, &wrong);

	if (*name == '\0')
		return;
	if (scn_files_find(c->pt, name) == scn_n_files(c->pt))
		no_such(c, SCN_PROC_COPY_TO, name);
	for (size_t i = 0; list != NULL && i < list->len; i++)
		if (strcmp(g_array_index(list, struct scn_file_entry, i).name,
		    name) == 0)
			rules_told(c, SCN_PROC_COPY_TO, "no file is copied "
			    "to itself");
}

/* largest_of: bytes of the largest file of a process's list, or 0 */
static int64_t
largest_of(const struct rules_of *c)
{
	g_autofree char *wrong = NULL;
	g_autoptr(GArray) list =
	    scn_files_parse(rules_slot(c, SCN_PROC_FILES)->text, &wrong);
	int64_t largest = 0;

	for (size_t i = 0; list != NULL && i < list->len; i++) {
		size_t file = scn_files_find(c->pt, g_array_index(list,
		    struct scn_file_entry, i).name);

		if (file < scn_n_files(c->pt))
			largest = MAX(largest, scn_file_get(c->pt, file,
			    SCN_FILE_SIZE));
	}
	return largest;
}

/* disk_bytes: of the board's */
static int64_t
disk_bytes(const struct rules_of *c)
{
	return scn_disk_bytes((struct scn_end){.pt = c->pt});
}

/* told_of_disk: how much it is, and what there is */
static void
told_of_disk(const struct rules_of *c, int64_t sum)
{
	g_autofree char *has = scn_value_format(SCN_FILE_SIZE, sum);
	g_autofree char *room = scn_value_format(SCN_FILE_SIZE, disk_bytes(c));
	g_autofree char *what = g_strdup_printf("this file, those before it "
	    "and the copies that filecopy makes do not fit the disk: they are "
	    "%s, and it holds %s (board.disk.cylinders)", has, room);

	rules_told(c, SCN_FILE_SIZE, what);
}

/*
 * check_disk: all files, and what filecopy makes of them.
 *
 * No sum overflows: 1000 files and 256 groups of 20000 copies of 2^40 bytes are
 * below 2^63.
 */
static void
check_disk(struct rules_of *c, int64_t sum)
{
	for (size_t i = 0; i < scn_n_files(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_FILES, i);
		sum += rules_value(c, SCN_FILE_SIZE);
		if (sum > disk_bytes(c)) {
			told_of_disk(c, sum);
			return;
		}
	}
}

static void
check_sizes(struct rules_of *c)
{
	for (size_t i = 0; i < scn_n_files(c->pt); i++) {
		const struct scn_slot *size;
		struct scn_spot at = { .key = NULL };
		g_autofree char *group = NULL;

		c->named = scn_point_named(c->pt, SCN_FILES, i);
		size = rules_slot(c, SCN_FILE_SIZE);
		if (size->owner != 0)
			continue;
		group = g_strconcat("file ", c->named->name, NULL);
		at.place = c->named->place;
		at.group = group;
		scn_mistake(c->ld->mistakes, &at, "has no size; write size = "
		    "BYTES");
	}
}

void
rules_check_files(struct rules_of *c)
{
	int64_t copies = 0;

	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		int64_t program;

		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		program = rules_value(c, SCN_PROC_PROGRAM);
		if (scn_key_takes(SCN_PROC_FILES, program))
			check_list(c);
		if (program != SCN_PROGRAM_FILECOPY)
			continue;
		check_copy(c);
		copies += rules_value(c, SCN_PROC_COUNT) * largest_of(c);
	}
	check_sizes(c);
	check_disk(c, copies);
}
