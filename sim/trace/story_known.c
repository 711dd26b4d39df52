/*
 * The calls of Linux that programs make.
 *
 * What is not here is reported as not understood: better that than to pass over
 * a call that moves something.
 */
#include <string.h>

#include "sim/trace/story_own.h"

static const struct known_call handled[] = {
	{"_llseek", call_lseek, FATE_USED},
	{"accept", call_accept, FATE_USED},
	{"accept4", call_accept, FATE_USED},
	{"clone", call_clone, FATE_USED},
	{"clone3", call_clone, FATE_USED},
	{"close", call_close, FATE_USED},
	{"connect", call_connect, FATE_USED},
	{"copy_file_range", call_splice, FATE_USED},
	{"creat", call_open, FATE_USED},
	{"dup", call_dup, FATE_USED},
	{"dup2", call_dup, FATE_USED},
	{"dup3", call_dup, FATE_USED},
	{"execve", call_exec, FATE_USED},
	{"execveat", call_exec, FATE_USED},
	{"fcntl", call_fcntl, FATE_USED},
	{"fcntl64", call_fcntl, FATE_USED},
	{"fork", call_fork, FATE_USED},
	{"fstat", call_fstat, FATE_USED},
	{"fstat64", call_fstat, FATE_USED},
	{"fstatat64", call_stat, FATE_USED},
	{"ioctl", call_ioctl, FATE_USED},
	{"listen", call_listen, FATE_USED},
	{"lseek", call_lseek, FATE_USED},
	{"lstat", call_stat, FATE_USED},
	{"lstat64", call_stat, FATE_USED},
	{"mmap", call_mmap, FATE_USED},
	{"mmap2", call_mmap, FATE_USED},
	{"munmap", call_munmap, FATE_USED},
	{"newfstatat", call_stat, FATE_USED},
	{"open", call_open, FATE_USED},
	{"openat", call_openat, FATE_USED},
	{"openat2", call_openat, FATE_USED},
	{"pread", call_pread, FATE_USED},
	{"pread64", call_pread, FATE_USED},
	{"preadv", call_preadv, FATE_USED},
	{"preadv2", call_preadv, FATE_USED},
	{"read", call_read, FATE_USED},
	{"readv", call_readv, FATE_USED},
	{"recv", call_recv, FATE_USED},
	{"recvfrom", call_recv, FATE_USED},
	{"recvmmsg", call_splice, FATE_USED},
	{"recvmsg", call_recvmsg, FATE_USED},
	{"send", call_send, FATE_USED},
	{"sendfile", call_sendfile, FATE_USED},
	{"sendfile64", call_sendfile, FATE_USED},
	{"sendmmsg", call_splice, FATE_USED},
	{"sendmsg", call_sendmsg, FATE_USED},
	{"sendto", call_send, FATE_USED},
	{"setsockopt", call_setsockopt, FATE_USED},
	{"shutdown", call_shutdown, FATE_USED},
	{"socket", call_socket, FATE_USED},
	{"socketpair", call_socketpair, FATE_USED},
	{"splice", call_splice, FATE_USED},
	{"stat", call_stat, FATE_USED},
	{"stat64", call_stat, FATE_USED},
	{"statx", call_stat, FATE_USED},
	{"tee", call_splice, FATE_USED},
	{"vfork", call_fork, FATE_USED},
	{"vmsplice", call_splice, FATE_USED},
	{"write", call_write, FATE_USED},
	{"writev", call_writev, FATE_USED},
};

static const char polls[] =
    " _newselect epoll_pwait epoll_pwait2 epoll_wait kevent poll ppoll "
    "ppoll_time64 pselect6 pselect6_time64 select ";

static const char waits[] =
    " alarm clock_nanosleep clock_nanosleep_time64 epoll_create "
    "epoll_create1 epoll_ctl futex futex_time64 futex_waitv getitimer "
    "nanosleep pause restart_syscall rt_sigsuspend rt_sigtimedwait "
    "sched_yield setitimer sigsuspend timer_create timer_delete "
    "timer_gettime timer_settime timerfd_create timerfd_gettime "
    "timerfd_settime wait4 waitid waitpid ";

static const char options[] =
    " bind fadvise64 getpeername getsockname getsockopt posix_fadvise "
    "readahead ";

static const char file_writes[] =
    " fallocate fdatasync fsync ftruncate ftruncate64 msync pwrite "
    "pwrite64 pwritev pwritev2 sync sync_file_range syncfs truncate "
    "truncate64 ";

static const char other_io[] =
    " eventfd eventfd2 fanotify_init fanotify_mark inotify_add_watch "
    "inotify_init inotify_init1 inotify_rm_watch memfd_create mq_open "
    "mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv "
    "msgsnd pidfd_getfd pidfd_open pidfd_send_signal pipe pipe2 semctl "
    "semget semop semtimedop shmat shmctl shmdt shmget signalfd "
    "signalfd4 ";

static const char no_io[] =
    " access add_key adjtimex arch_prctl bpf brk capget capset chdir "
    "chmod chown chown32 chroot clock_adjtime clock_getres "
    "clock_gettime clock_gettime64 clock_settime close_range exit "
    "exit_group faccessat faccessat2 fchdir fchmod fchmodat fchown "
    "fchown32 fchownat fgetxattr flistxattr flock fsetxattr fstatfs "
    "fstatfs64 futimesat get_robust_list get_thread_area getcpu getcwd "
    "getdents getdents64 getegid getegid32 geteuid geteuid32 getgid "
    "getgid32 getgroups getgroups32 getpgid getpgrp getpid getppid "
    "getpriority getrandom getresgid getresuid getrlimit getrusage "
    "getsid gettid gettimeofday getuid getuid32 getxattr ioperm iopl "
    "ioprio_get ioprio_set keyctl kill landlock_add_rule "
    "landlock_create_ruleset landlock_restrict_self lchown lgetxattr "
    "link linkat listxattr llistxattr lsetxattr madvise membarrier "
    "mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mount "
    "mprotect mremap munlock munlockall perf_event_open personality "
    "pkey_mprotect prctl prlimit64 ptrace readlink readlinkat "
    "removexattr rename renameat renameat2 request_key rmdir rseq "
    "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo "
    "rt_sigreturn rt_tgsigqueueinfo sched_get_priority_max "
    "sched_get_priority_min sched_getaffinity sched_getparam "
    "sched_getscheduler sched_setaffinity sched_setparam "
    "sched_setscheduler seccomp set_robust_list set_thread_area "
    "set_tid_address setfsgid setfsuid setgid setgid32 setgroups "
    "setgroups32 sethostname setns setpgid setpriority setregid "
    "setresgid setresgid32 setresuid setresuid32 setreuid setrlimit "
    "setsid settimeofday setuid setuid32 setxattr sigaction "
    "sigaltstack signal sigprocmask sigreturn statfs statfs64 symlink "
    "symlinkat sysinfo syslog tgkill time times tkill ugetrlimit umask "
    "umount2 uname unlink unlinkat unshare utime utimensat utimes ";

static const struct known_call skipped[] = {
	{polls, NULL, FATE_WAITS},
	{waits, NULL, FATE_WAITS},
	{options, NULL, FATE_OPTION},
	{file_writes, NULL, FATE_FILE_WRITE},
	{other_io, NULL, FATE_OTHER_IO},
	{no_io, NULL, FATE_NO_IO},
};

const struct known_call *
known_call(const char *name)
{
	g_autofree char *word = g_strdup_printf(" %s ", name);

	for (size_t i = 0; i < G_N_ELEMENTS(handled); i++)
		if (strcmp(handled[i].name, name) == 0)
			return &handled[i];
	for (size_t i = 0; i < G_N_ELEMENTS(skipped); i++)
		if (strstr(skipped[i].name, word) != NULL)
			return &skipped[i];
	return NULL;
}

bool
known_is_poll(const struct known_call *known)
{
	return known->name == polls;
}
