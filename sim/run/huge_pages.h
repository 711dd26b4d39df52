/*
 * Huge pages for what a world has much of (models/base/hostmem.h).
 *
 * How: Linux is advised; where it gives none, or is told not to, or the system
 *	is another one, pages are small, and results the same.
 * Units: none.  Owns: nothing.
 */
#ifndef SIM_RUN_HUGE_PAGES_H
#define SIM_RUN_HUGE_PAGES_H

/* huge_pages_use: for all worlds of this process, from now on */
void huge_pages_use(void);

#endif
