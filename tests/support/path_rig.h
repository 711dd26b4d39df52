/*
 * A path on a test bench: frames are fed to it at dates, and what comes out is
 * noted.  The books are audited after every event.
 *
 *	hop	if any, 1 Mbit/s: 8 us a byte; 1500 bytes take 1526 and a gap
 *		of 12
 *
 * One bench at a time: it is a variable.
 */
#ifndef TESTS_SUPPORT_PATH_RIG_H
#define TESTS_SUPPORT_PATH_RIG_H

#include "models/hw/path.h"

#define US		PS_PER_US
#define HOP_BPS		1000000
#define HOP_FRAME	(1526 * 8 * US)
#define HOP_PERIOD	(1538 * 8 * US)

enum { PATH_RIG_MANY = 4000 };

struct path_rig {
	struct calendar cal;
	struct path path;
	struct path_config config;
	enum path_direction direction;
	/* what came out */
	int arrived[2 * PATH_RIG_MANY];
	sim_time arrived_at[2 * PATH_RIG_MANY];
	int n_arrived;
	int n_fed;
};

extern struct path_rig path_rig;

/* path_rig_setup: a config of nothing but a seed and a queue of 100 */
void path_rig_setup(void);
void path_rig_teardown(void);

/* path_rig_start: the path as path_rig.config and .direction say */
void path_rig_start(void);

/*
 * feed: a frame of 1500 bytes at a date; all are scheduled before the path
 * schedules anything, and numbered from 0.
 *
 * feed_bytes: the same of another length
 * feed_held: the same, held back or certainly not; config.reorder is set
 */
void feed(sim_time at);
void feed_bytes(sim_time at, uint16_t ip_bytes);
void feed_held(sim_time at, bool is_held);

/* path_rig_run: to the end; nothing is under way then */
void path_rig_run(void);

/* assert_arrived: the i-th that came out is a frame, at a date */
void assert_arrived(int i, int number, sim_time at);

#endif
