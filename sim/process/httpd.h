/*
 * httpd: a web server.
 *
 * Stands for: a pool of processes as Apache 1.3's, which accept in turn; or,
 *	with events = poll, one for all connections: httpd_events.h.  One of
 *	the pool has for each request open(2), fstat(2), the file, close(2).
 *	method = mmap maps the whole file and sends a header and the mapping
 *	with one writev(2), as thttpd does, then unmaps it, whether or not pages
 *	are still on loan; method = read sends the header with the first buffer
 *	of the file and then buffer by buffer, as Apache does with what it does
 *	not map.  A file that cannot be mapped is read.
 * Leaves out: in the pool, a cache of mappings (thttpd's, of minutes); Apache's
 *	pieces of 32 KiB of a mapping; parsing, and looking for the file; an
 *	answer that says that a file cannot be opened: the connection is closed
 *	instead.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_HTTPD_H
#define SIM_PROCESS_HTTPD_H

#include "sim/process/process.h"

enum { HTTPD_HEADER = 290 };	/* status, date, server, length, type, ... of
				 * Apache 1.3 for a plain file */

/* httpd_main: => returns when the run has ended, or its port is taken */
void httpd_main(struct process *ps);

#endif
