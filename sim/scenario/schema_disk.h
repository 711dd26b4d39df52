/*
 * The rows of the disk, and of the kernel's part in it.
 *
 * Stands for: a part of the table, for schema.c alone.
 * Units: as in schema.h.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_SCHEMA_DISK_H
#define SIM_SCENARIO_SCHEMA_DISK_H

#include <stddef.h>

static const char *const bufq_words[] = { "fcfs", "disksort", NULL };
static const char *const bsize_words[] = {
	"4096", "8192", "16384", "32768", "65536", NULL
};

/* six cylinders, so that a third of them is more than the next one */
#define DISK_ROWS							\
	[SCN_DISK_CYLINDERS] = { QUANTITY("board", "disk.cylinders",	\
	    COUNT, 6, 200000), .needs_origin = true,			\
	    .sentence = "cylinders of the disk, which holds cylinders " \
	    "times heads times sectors of 512 bytes; all tracks hold "	\
	    "the same" },						\
	[SCN_DISK_HEADS] = { QUANTITY("board", "disk.heads", COUNT,	\
	    1, 64), .needs_origin = true,				\
	    .sentence = "tracks of a cylinder" },			\
	[SCN_DISK_SECTORS] = { QUANTITY("board", "disk.sectors", COUNT,	\
	    8, 4096), .needs_origin = true,				\
	    .sentence = "sectors of a track; with disk.rpm the rate "	\
	    "of the media" },						\
	[SCN_DISK_RPM] = { QUANTITY("board", "disk.rpm", COUNT,		\
	    600, 60000), .needs_origin = true,				\
	    .sentence = "revolutions a minute" },			\
	[SCN_DISK_SEEK_SINGLE] = { QUANTITY("board", "disk.seek_single", \
	    TIME, 0, PS_PER_S), .needs_origin = true,			\
	    .sentence = "time to the next cylinder; tracks are skewed "	\
	    "by as much" },						\
	[SCN_DISK_SEEK_AVERAGE] = { QUANTITY("board",			\
	    "disk.seek_average", TIME, 0, PS_PER_S),			\
	    .needs_origin = true,					\
	    .sentence = "time over a third of the cylinders, the mean "	\
	    "distance of random seeks; at least disk.seek_single" },	\
	[SCN_DISK_SEEK_FULL] = { QUANTITY("board", "disk.seek_full",	\
	    TIME, 0, PS_PER_S), .needs_origin = true,			\
	    .sentence = "time over all of them; at least "		\
	    "disk.seek_average" },					\
	[SCN_DISK_HEAD_SWITCH] = { QUANTITY("board",			\
	    "disk.head_switch", TIME, 0, PS_PER_S),			\
	    .needs_origin = true,					\
	    .sentence = "time to the next track of a cylinder; tracks "	\
	    "are skewed by as much" },					\
	[SCN_DISK_OVERHEAD] = { QUANTITY("board", "disk.overhead",	\
	    TIME, 0, PS_PER_S), .needs_origin = true,			\
	    .sentence = "time that the drive takes over a command "	\
	    "before its arm moves" },					\
	[SCN_DISK_BUFFER] = { QUANTITY("board", "disk.buffer", BYTES,	\
	    512, 64 * MIB), .needs_origin = true,			\
	    .special = "none", .special_value = 0,			\
	    .sentence = "what the drive reads on behind a request, "	\
	    "and keeps" },						\
	[SCN_DISK_INTERFACE] = { QUANTITY("board", "disk.interface",	\
	    BYTE_RATE, MB_PER_S, 1000000 * MB_PER_S),			\
	    .needs_origin = true,					\
	    .sentence = "rate between the drive and its controller" }

#define PAGER_ROWS							\
	[SCN_BUFQ] = { WORD("kernel", "bufq", bufq_words),		\
	    .needs_origin = true,					\
	    .sentence = "the order in which the disk is given what "	\
	    "waits for it; disksort: by place, one way only; fcfs: as "	\
	    "it came", .netbsd = "disksort(), BUFQ_DISKSORT" },		\
	[SCN_FS_BSIZE] = { WORD("kernel", "fs_bsize", bsize_words),	\
	    .needs_origin = true,					\
	    .sentence = "bytes in a block of the file system; who "	\
	    "reads a page reads the rest of its block as well",		\
	    .netbsd = "fs_bsize, newfs -b" },				\
	/* whole transfers of MAXPHYS */				\
	[SCN_READ_AHEAD] = { QUANTITY("kernel", "read_ahead", BYTES,	\
	    64 * KIB, 16 * MIB), .needs_origin = true,			\
	    .special = "none", .special_value = 0,			\
	    .sentence = "what is read ahead of a file where a read "	\
	    "ends at a multiple of 64 KiB; whole pieces of 64 KiB, a "	\
	    "rest does not count", .netbsd = "genfs_getpages" }

#endif
