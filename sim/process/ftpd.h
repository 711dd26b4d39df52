/*
 * ftpd: a file over a data connection.
 *
 * Stands for: NetBSD's ftpd of 2002 with a client in passive mode: it waits for
 *	the data connection, sends the file, and closes.  method = read reads
 *	into a buffer of read_size (readsize of ftpd.conf(5); without it ftpd
 *	takes st_blksize, 8 KiB or 16 on FFS); method = mmap sends through a
 *	window (mmapsize).  A file whose first window cannot be mapped, as when
 *	it does not begin at a page, is read.
 * Mirrors: send_data_with_read(), send_data_with_mmap() of libexec/ftpd/ftpd.c;
 *	so_sndbuf and so_sndlowat are its sendbufsize and sendlowat.
 * Leaves out: the control connection: what it asks for is said on the data
 *	connection; rates and time limits.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_FTPD_H
#define SIM_PROCESS_FTPD_H

#include "sim/process/process.h"

/* ftpd_main: => returns when the run has ended, or its port is taken */
void ftpd_main(struct process *ps);

#endif
