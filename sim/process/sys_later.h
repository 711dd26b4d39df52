/*
 * Calls that replays make and that sys.h is to have: of files, and of clients.
 *
 * Owns: nothing.  To go when sys.h has them.
 */
#ifndef SIM_PROCESS_SYS_LATER_H
#define SIM_PROCESS_SYS_LATER_H

#include "sim/process/sys.h"

struct sys_words;

int sys_open(struct process *ps, uint32_t file);
int64_t sys_pread(struct process *ps, int fd, uint64_t addr, int64_t len,
    int64_t offset);
int64_t sys_mmap_file(struct process *ps, int fd, int64_t offset, int64_t len,
    enum sys_map map);
int64_t sys_munmap(struct process *ps, uint64_t addr, int64_t len);
int64_t sys_sendfile(struct process *ps, int sock, int fd, int64_t offset,
    int64_t len);
void sys_says(struct process *ps, int fd, int64_t bytes);
int64_t sys_request(struct process *ps, int fd, int64_t bytes,
    const struct sys_words *words);
int64_t sys_response(struct process *ps, int fd);

#endif
