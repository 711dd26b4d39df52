/*
 * Stores of sweeps that nobody has run: rows with numbers that follow from the
 * point's index.
 *
 * Stands for: what a sweep, or a shard of it, leaves behind.
 * Owns: a folder its files, until folder_fini().
 */
#ifndef TESTS_SUPPORT_SIM_MADE_STORE_H
#define TESTS_SUPPORT_SIM_MADE_STORE_H

#include "sim/sweep/store.h"

/* A folder for one test. */
struct made_folder {
	char *path;
	GPtrArray *names;	/* char *: given out */
};

void folder_init(struct made_folder *folder);

/* folder_fini: => nothing is in it but what was given out */
void folder_fini(struct made_folder *folder);

/* folder_file: the path of a file in it; lasts as long as the folder */
const char *folder_file(struct made_folder *folder, const char *name);

/* Two variants, write_size 1 KiB and 4 KiB, two replications: 8 points. */
enum { MADE_POINTS = 8 };
extern const char made_scenario[];

/* made_row: of a point, done; throughput 1000.0 + index */
struct res_row made_row(size_t index);

/*
 * made_store: a store with the points for which a bit is set, or those and
 * what was there.
 *
 * => text: a scenario, loaded as "t.scn"
 * => change: of each row before it is recorded; may be NULL
 */
void made_store(const char *path, const char *text, unsigned points,
    void (*change)(struct res_row *row));

#endif
