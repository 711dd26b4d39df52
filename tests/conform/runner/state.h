/*
 * What a script may ask about the inside of the host: ? cwnd = 2920, cc = 0
 */
#ifndef TESTS_CONFORM_STATE_H
#define TESTS_CONFORM_STATE_H

#include "models/host.h"
#include "tests/conform/runner/cursor.h"

struct state_check {
	uint32_t conn;
	int what;		/* of the table */
	int64_t expected;
};

/* state_parse: NAME = VALUE. => conn has been set */
void state_parse(struct cursor *cur, struct state_check *check);

/*
 * state_read: what it is.
 *
 * => false: there is no such connection; its state is CLOSED all the same
 */
bool state_read(const struct host *host, const struct state_check *check,
    int64_t *value);

/* state_format: NAME = VALUE; g_free it */
char *state_format(const struct state_check *check, int64_t value);

#endif
