/*
 * smbd: a file server for PCs.
 *
 * Stands for: Samba 2.2: a process for each client, which answers its reads,
 *	SMB_COM_READ_ANDX of up to 64 KiB, one after the other, and keeps the
 *	file open.  method = read reads into the buffer of the response, right
 *	behind its header, and writes both with one write(2); method = mmap
 *	sends header and a mapping of that part with one writev(2), which is
 *	what its sendfile option gained in that year, without sendfile(2).
 * Mirrors: reply_read_and_X() of source/smbd/reply.c.  The header: 4 bytes of
 *	NetBIOS, 32 of SMB, 12 words with their count, the count of bytes:
 *	4 + 32 + 1 + 24 + 2 = 63.
 * Leaves out: sessions, locks, writes, Samba's read prediction and write cache.
 * Units: bytes.
 */
#ifndef SIM_PROCESS_SMBD_H
#define SIM_PROCESS_SMBD_H

#include "sim/process/process.h"

enum { SMBD_HEADER = 63, SMBD_MAX_READ = 65536 };

/* smbd_main: => returns when the run has ended, or its port is taken */
void smbd_main(struct process *ps);

#endif
