/*
 * The slot: a machine of ours as a resource model of SimGrid.
 *
 * SimGrid moves its clock in rounds: it asks every resource model for the delay
 * to its next event and takes the least.  A model that calls its answer "not
 * idempotent" is asked last, and told how far it may go; it may then run by
 * itself.  SimGrid hosts ns-3 in this way; we host the machine.
 * Units: seconds, as SimGrid counts.  Owns: nothing.
 */
#ifndef SIM_ENGINE_MACHINE_MODEL_H
#define SIM_ENGINE_MACHINE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Run for at most limit_s seconds (below zero: no other model has a plan).
 *
 * => the date reached, in seconds; below zero: nothing is planned here either
 */
typedef double (*machine_advance_fn)(void *arg, double limit_s);

/* machine_model_attach: put a machine into the slot. => one per process */
void machine_model_attach(machine_advance_fn advance, void *arg);

/*
 * machine_try: call SimGrid where it may throw.
 *
 * => false: it has, or has crashed, and why; SimGrid is of no use any more
 */
bool machine_try(void (*fn)(void *arg), void *arg, char *why, size_t size);

#ifdef __cplusplus
}
#endif

#endif
