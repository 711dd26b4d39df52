#include "tests/support/sim/fake_kernel.h"

#include <check.h>
#include <string.h>

#include "sim/process/steps.h"

struct fake_kernel kernel;
struct calendar cal;
static struct host host;
struct proc proc;
static struct pollset pollset;
static struct sys_pollfd found;

static int64_t
next_answer(int64_t otherwise)
{
	return kernel.n_given < kernel.n_answers ?
	    kernel.answers[kernel.n_given++] : otherwise;
}

/* answer_request: the next request, whole; then the client has closed */
static int64_t
answer_request(struct proc *p)
{
	if (kernel.n_heard == kernel.n_words)
		return 0;
	p->request = (struct message){.bytes = FAKE_REQUEST,
	    .words = kernel.words[kernel.n_heard++]};
	p->request_place = 0;
	return FAKE_REQUEST;
}

static int64_t
answer_read(struct proc *p, const struct sys_call *call)
{
	if (call->is_request)
		return answer_request(p);
	cal.now += kernel.read_takes;
	return next_answer(SYS_ENDED);
}

static int64_t
answer_writev(const struct sys_call *call)
{
	struct sys_iovec *iov = kernel.iov[kernel.n - 1];
	int64_t sum = 0;

	for (int i = 0; i < call->n_iov && i < 2; i++) {
		iov[i] = call->iov[i];
		sum += iov[i].len;
	}
	return next_answer(sum);
}

static int64_t
answer_ask(const struct sys_call *call)
{
	ck_assert_uint_lt(kernel.n_asked, FAKE_MAX_WORDS);
	kernel.asked[kernel.n_asked++] = *call->words;
	return next_answer(call->len);
}

static int64_t
answer_poll(const struct sys_call *call)
{
	if (kernel.n_polled == kernel.n_polls)
		return SYS_ENDED;
	found.fd = kernel.polls[kernel.n_polled++];
	if (found.fd >= 0)
		return 1;
	ck_assert_int_ge(call->len, 0);
	cal.now += call->len;
	return 0;
}

static int64_t
answer_sleep(const struct sys_call *call)
{
	ck_assert_int_gt(call->len, cal.now);
	cal.now = call->len;
	return 0;
}

static int64_t
answer(struct proc *p, const struct sys_call *call)
{
	switch (call->nr) {
	case SYS_CONNECT:
	case SYS_UDP_CONNECT:
	case SYS_UDP_BIND:
	case SYS_LISTEN:
		return kernel.connect;
	case SYS_ACCEPT:
	case SYS_RESPONSE:
		return next_answer(SYS_ENDED);
	case SYS_READ:
		return answer_read(p, call);
	case SYS_REQUEST:
		return answer_ask(call);
	case SYS_WRITE:
	case SYS_SENDTO:
	case SYS_PREAD:
		return next_answer(call->len);
	case SYS_SENDFILE:
		return next_answer(call->len + call->header_len);
	case SYS_WRITEV:
		return answer_writev(call);
	case SYS_MMAP:
		return call->map == SYS_MAP_ANON ? FAKE_RING : kernel.map;
	case SYS_OPEN:
	case SYS_CREAT:
		return kernel.open;
	case SYS_FSTAT:
		return kernel.size;
	case SYS_POLL:
		return answer_poll(call);
	case SYS_SLEEP:
		return answer_sleep(call);
	case SYS_SETNBIO:
	case SYS_SHUTDOWN:
	case SYS_CLOSE:
	case SYS_TOUCH:
	case SYS_COMPUTE:
	case SYS_EXIT:
	case SYS_LSEEK:
	case SYS_TRUNCATE:
	case SYS_FSYNC:
	case SYS_MUNMAP:
	case SYS_MLOCK:
	case SYS_MUNLOCK:
	case SYS_FORK:
	case SYS_SAYS:
	case SYS_POLL_WANT:
		return 0;
	}
	ck_abort_msg("no such call");
}

bool
sys_enter(struct proc *p, const struct sys_call *call)
{
	ck_assert_uint_lt(kernel.n, FAKE_MAX_CALLS);
	kernel.at[kernel.n] = cal.now;
	kernel.calls[kernel.n++] = *call;
	p->result = answer(p, call);
	return true;
}

void
proc_wait(struct process *ps)
{
	ck_assert_ptr_eq(ps->proc, &proc);
}

void
fake_setup(void)
{
	memset(&kernel, 0, sizeof kernel);
	memset(&proc, 0, sizeof proc);
	cal.now = 0;
	host.cal = &cal;
	proc.k.host = &host;
	pollset.found = &found;
	proc.poll = &pollset;
	kernel.connect = FAKE_FD;
	kernel.open = FAKE_FILE;
	kernel.map = FAKE_WINDOW;
}

void
fake_poll(const int *fds, size_t n)
{
	memcpy(kernel.polls, fds, n * sizeof *fds);
	kernel.n_polls = n;
}

void
fake_answer(const int64_t *answers, size_t n)
{
	memcpy(kernel.answers, answers, n * sizeof *answers);
	kernel.n_answers = n;
}

static void
run_steps(struct process *ps)
{
	struct steps steps = {0};

	ps->steps = &steps;
	do {
		steps_wake(ps);
		steps_run(&steps);
	} while (kernel.calls[kernel.n - 1].nr != SYS_EXIT);
}

void
fake_run(const struct process_config *config)
{
	struct process ps = {.proc = &proc, .config = config};

	if (steps_has(config))
		run_steps(&ps);
	else
		process_main(&ps);
	ck_assert_uint_gt(kernel.n, 0);
	ck_assert_int_eq(kernel.calls[kernel.n - 1].nr, SYS_EXIT);
}

int64_t
fake_exit_status(void)
{
	return kernel.calls[kernel.n - 1].len;
}

void
fake_assert_calls(const enum sys_nr *expected, size_t n)
{
	for (size_t i = 0; i < n && i < kernel.n; i++)
		ck_assert_msg(kernel.calls[i].nr == expected[i],
		    "call %zu is %d, not %d", i, (int)kernel.calls[i].nr,
		    (int)expected[i]);
	ck_assert_uint_eq(kernel.n, n + 1);
}

struct process_config
fake_sender(int64_t total)
{
	return (struct process_config){.name = "s", .program = PROGRAM_TTCP,
	    .port = 4711, .write_size = 1000, .n_buffers = 1, .total = total,
	    .refill_bytes = INT64_MAX,
	    .repeat = 1, .so_sndbuf = 16384, .so_sndlowat = 2048,
	    .so_rcvbuf = 7000, .tcp_nodelay = true, .so_keepalive = true};
}

struct process_config
fake_receiver(int64_t connections)
{
	return (struct process_config){.name = "r",
	    .program = PROGRAM_TTCP_R, .port = 4712, .align = 8,
	    .read_size = 1000, .read_rate = INT64_MAX,
	    .connections = connections, .so_sndbuf = 16384,
	    .so_sndlowat = 2048, .so_rcvbuf = 7000, .tcp_nodelay = true};
}
