/*
 * System calls in a script: [pN:] NAME ARGUMENTS [= RESULT [at DATE]]
 */
#include <string.h>

#include "tests/conform/runner/script.h"
#include "tests/support/machine.h"

enum { MAX_BYTES = 1 << 24, FD_MAX = MACHINE_OPEN_MAX - 1 };

/* What may follow the name of a call. */
enum {
	ARG_FD = 1,
	ARG_OFFSET = 2,
	ARG_LEN = 4,
	ARG_OPTIONS = 8,
	ARG_IOV = 16,
	ARG_DONTWAIT = 32
};

static const struct call_kind {
	const char *name;
	enum sys_nr nr;
	unsigned args;
} kinds[] = {
	{"connect", SYS_CONNECT, ARG_OPTIONS},
	{"listen", SYS_LISTEN, ARG_OPTIONS},
	{"accept", SYS_ACCEPT, ARG_FD},
	{"read", SYS_READ, ARG_FD | ARG_OFFSET | ARG_LEN | ARG_DONTWAIT},
	{"write", SYS_WRITE, ARG_FD | ARG_OFFSET | ARG_LEN},
	{"writev", SYS_WRITEV, ARG_FD | ARG_IOV},
	{"nonblock", SYS_SETNBIO, ARG_FD},
	{"shutdown", SYS_SHUTDOWN, ARG_FD},
	{"close", SYS_CLOSE, ARG_FD},
	{"mmap", SYS_MMAP, ARG_LEN},
	{"touch", SYS_TOUCH, ARG_OFFSET | ARG_LEN},
	{"exit", SYS_EXIT, 0},
	{"udp", SYS_UDP_CONNECT, ARG_OPTIONS},
	{"bind", SYS_UDP_BIND, ARG_OPTIONS},
	{"sendto", SYS_SENDTO, ARG_FD | ARG_OFFSET | ARG_LEN}
};

static const char *const kind_names[] = {
	"connect", "listen", "accept", "read", "write", "writev",
	"nonblock", "shutdown", "close", "mmap", "touch", "exit", "udp", "bind",
	"sendto", NULL
};

static const struct {
	const char *name;
	int64_t value;
} errors[] = {
	{"EBADF", SYS_EBADF}, {"EFAULT", SYS_EFAULT},
	{"EINVAL", SYS_EINVAL}, {"EMFILE", SYS_EMFILE},
	{"EPIPE", SYS_EPIPE}, {"EWOULDBLOCK", SYS_EWOULDBLOCK},
	{"EADDRINUSE", SYS_EADDRINUSE},
	{"EADDRNOTAVAIL", SYS_EADDRNOTAVAIL},
	{"ECONNABORTED", SYS_ECONNABORTED}, {"ECONNRESET", SYS_ECONNRESET},
	{"ENOTCONN", SYS_ENOTCONN}, {"ETIMEDOUT", SYS_ETIMEDOUT},
	{"ECONNREFUSED", SYS_ECONNREFUSED}, {"ENOBUFS", SYS_ENOBUFS},
	{"EMSGSIZE", SYS_EMSGSIZE}, {"ENDED", SYS_ENDED}
};

static const char *const outcome_names[] = {
	"EBADF", "EFAULT", "EINVAL", "EMFILE", "EPIPE", "EWOULDBLOCK",
	"EADDRINUSE",
	"EADDRNOTAVAIL", "ECONNABORTED", "ECONNRESET", "ENOTCONN",
	"ETIMEDOUT", "ECONNREFUSED", "ENOBUFS", "EMSGSIZE", "never", NULL
};

char *
call_result_format(int64_t result)
{
	for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
		if (errors[i].value == result)
			return g_strdup(errors[i].name);
	return g_strdup_printf("%lld", (long long)result);
}

static void
parse_option(struct cursor *cur, struct sys_call *sys)
{
	static const char *const words[] = {"port", "sndbuf", "sndlowat",
	    "rcvbuf", "conn", "backlog", "nodelay", "keepalive",
	    "df", NULL};

	switch (cur_choice(cur, "option", words)) {
	case 0:
		sys->port = (uint16_t)cur_number(cur, "port", 1, UINT16_MAX);
		break;
	case 1:
		sys->so_sndbuf = cur_number(cur, "sndbuf", 1, SB_MAX_HIWAT);
		break;
	case 2:
		sys->so_sndlowat =
		    cur_number(cur, "sndlowat", 1, SB_MAX_HIWAT);
		break;
	case 3:
		sys->so_rcvbuf = cur_number(cur, "rcvbuf", 1, SB_MAX_HIWAT);
		break;
	case 4:
		sys->conn =
		    (uint16_t)cur_number(cur, "conn", 1, SEG_MAX_CONN);
		break;
	case 5:
		sys->backlog = (int)cur_number(cur, "backlog", 0, 128);
		break;
	case 6:
		sys->tcp_nodelay = true;
		break;
	case 7:
		sys->so_keepalive = true;
		break;
	case 8:
		sys->ip_dont_fragment = true;
		break;
	}
}

/* OFFSET LEN, once or more often */
static void
parse_iov(struct cursor *cur, struct call *call)
{
	int n = 0;

	do {
		call->iov[n].base = (uint64_t)cur_number(cur,
		    "the offset into the buffer", 0, MAX_BYTES);
		call->iov[n].len =
		    cur_number(cur, "the length", 0, MAX_BYTES);
		n++;
	} while (cur->mistake == NULL && n < UIO_MAXIOV &&
	    cur_is_number(cur));
	call->sys.n_iov = n;
}

static void
parse_arguments(struct cursor *cur, unsigned args, struct call *call)
{
	struct sys_call *sys = &call->sys;

	sys->fd = CALL_FD_DEFAULT;
	if ((args & ARG_FD) != 0 && cur_take(cur, "fd"))
		sys->fd = (int)cur_number(cur, "fd", 0, FD_MAX);
	if ((args & ARG_OFFSET) != 0)
		sys->addr = (uint64_t)cur_number(cur,
		    "the offset into the buffer", 0, MAX_BYTES);
	if ((args & ARG_LEN) != 0)
		sys->len = cur_number(cur, "the length", 0, MAX_BYTES);
	if ((args & ARG_IOV) != 0)
		parse_iov(cur, call);
	if ((args & ARG_DONTWAIT) != 0)
		sys->is_dontwait = cur_take(cur, "dontwait");
	while ((args & ARG_OPTIONS) != 0 && cur->mistake == NULL &&
	    !cur_at_end(cur) && *cur->at != '=')
		parse_option(cur, sys);
}

static void
parse_outcome(struct cursor *cur, sim_time at, struct call *call)
{
	int which;

	if (!cur_take(cur, "="))
		return;
	call->outcome = CALL_RETURNS;
	if (cur_is_number(cur))
		call->result = cur_number(cur, "the result", 0, MAX_BYTES);
	else {
		which = cur_choice(cur, "result", outcome_names);
		if (which < 0)
			return;
		if (outcome_names[which + 1] == NULL)
			call->outcome = CALL_BLOCKS;
		else
			call->result = errors[which].value;
	}
	if (call->outcome == CALL_RETURNS && cur_take(cur, "at"))
		call->returns_at = cur_date(cur, at);
}

/* p1: before the call; p0 is understood */
static void
parse_proc(struct cursor *cur, struct call *call)
{
	for (int i = 0; i < SCRIPT_MAX_PROCS; i++) {
		char name[] = {'p', (char)('0' + i), ':', '\0'};

		if (cur_take(cur, name))
			call->proc = i;
	}
}

void
call_parse(struct cursor *cur, sim_time at, struct call *call)
{
	int kind;

	*call = (struct call){.outcome = CALL_SUCCEEDS, .returns_at = at};
	parse_proc(cur, call);
	kind = cur_choice(cur, "call", kind_names);
	if (kind < 0)
		return;
	call->sys = (struct sys_call){.nr = kinds[kind].nr, .is_full = true,
	    .is_nbio = true, .port = SEG_PORT, .backlog = 5};
	parse_arguments(cur, kinds[kind].args, call);
	parse_outcome(cur, at, call);
}
