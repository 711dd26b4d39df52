/*
 * The system calls that programs are written against.
 *
 * Each posts its call to the kernel model and waits for the result: what the
 * call returns in a real program, or below zero an enum sys_error of
 * models/kern/syscall.h; SYS_ENDED when the run is over.
 * Units: bytes, ps, cycles.
 */
#ifndef SIM_PROCESS_SYS_H
#define SIM_PROCESS_SYS_H

#include "models/kern/syscall.h"
#include "sim/process/process.h"

/* sys_connect: a TCP socket, connected to the peer. => a descriptor */
int sys_connect(struct process *ps, int64_t so_sndbuf, int64_t so_sndlowat);

/* sys_write: => bytes written; fewer than len only when the run ends */
int64_t sys_write(struct process *ps, int fd, uint64_t addr, int64_t len);

int64_t sys_close(struct process *ps, int fd);

/* sys_mmap: fresh anonymous memory. => its page-aligned address */
int64_t sys_mmap(struct process *ps, int64_t len);

/* sys_touch: store to every byte, or to one word of each page */
int64_t sys_touch(struct process *ps, uint64_t addr, int64_t len,
    bool is_full);

int64_t sys_compute(struct process *ps, int64_t cycles);
int64_t sys_sleep_until(struct process *ps, sim_time at);

/* sys_exit: the last call of a process; it does not wait. */
void sys_exit(struct process *ps);

#endif
