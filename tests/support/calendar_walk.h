/*
 * A random walk over a calendar, against a reference.
 *
 * The reference is the plainest calendar there is: a list of what is scheduled,
 * searched from end to end for the least (date, number of scheduling).
 */
#ifndef TESTS_SUPPORT_CALENDAR_WALK_H
#define TESTS_SUPPORT_CALENDAR_WALK_H

/*
 * calendar_walk: schedule, cancel, run, stop, in a random sequence.
 *
 * => asserts after each step that both calendars agree; a failure says the seed
 *    and the step
 */
void calendar_walk(unsigned seed);

#endif
