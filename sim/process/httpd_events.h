/*
 * httpd-events: a web server that is one process for all connections.
 *
 * Stands for: thttpd, Zeus, squid and their like: no call on a socket waits,
 *	poll(2) does for all of them.  It accepts whoever has called, reads a
 *	request, and writes header and file with one writev(2), at once; what
 *	the socket does not take follows when poll says that there is room.  A
 *	connection lives on until its client has asked for the last time.
 *	A file is opened and mapped when it is first asked for, and closed; its
 *	mapping stays, as in the cache of thttpd's mmc.c.
 *	Where there is no descriptor for a caller it does not ask for callers
 *	any more until a connection has closed, or for a second.
 *	With several processes each does that, and all of them have the socket
 *	that listens: each caller wakes them all.
 * Leaves out: stat(2) for each request, which would tell that a file has
 *	changed; mappings that are given up; time-outs of idle connections; the
 *	look at the whole array for what poll has found.
 * Units: bytes, ps.  Owns: nothing; its memory is the process's.
 */
#ifndef SIM_PROCESS_HTTPD_EVENTS_H
#define SIM_PROCESS_HTTPD_EVENTS_H

#include "sim/process/process.h"

/* httpd_events_main: => returns when the run has ended, or the port is taken */
void httpd_events_main(struct process *ps);

#endif
