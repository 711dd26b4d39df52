#include "tests/support/crank.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static void
woken(void *arg)
{
	((struct crank_proc *)arg)->is_woken = true;
}

void
crank_init(struct crank *crank, const struct world_config *config,
    int n_procs)
{
	static const char *const names[CRANK_MAX_PROCS] = {
	    "p0", "p1", "p2", "p3"};

	memset(crank, 0, sizeof *crank);
	world_init(&crank->world, config);
	machine_assert_empty(&crank->world.host);
	crank->n_procs = n_procs;
	for (int i = 0; i < n_procs; i++)
		crank->procs[i].p = host_add_proc(&crank->world.host,
		    names[i], (struct proc_program){woken, &crank->procs[i]});
	/* nobody owes a call: the test makes them when it pleases */
	crank->world.host.n_in_program = 0;
}

bool
crank_post(struct crank *crank, int proc, struct sys_call call)
{
	bool accepted;

	crank->procs[proc].is_woken = false;
	crank->world.host.n_in_program++;
	accepted = sys_enter(crank->procs[proc].p, &call);
	if (!accepted)
		crank->world.host.n_in_program--;
	return accepted;
}

/* Time is to pass, and no program has anything to do in it. */
static void
leave_cpu(struct crank *crank)
{
	for (int i = 0; i < crank->n_procs; i++) {
		struct cpu_task *task = &crank->procs[i].p->k.task;

		if (task->is_held)
			cpu_release(&crank->world.host.cpu, task);
	}
	crank->world.host.n_in_program = 0;
}

static bool
is_any_in_state(const struct crank *crank, enum proc_state state)
{
	for (int i = 0; i < crank->n_procs; i++)
		if (crank->procs[i].p->state == state)
			return true;
	return false;
}

enum world_step
crank_until(struct crank *crank, sim_time at)
{
	/* a program that may call later keeps the world going, like a timer */
	bool is_held = is_any_in_state(crank, PROC_IN_PROGRAM);
	enum world_step step;

	ck_assert_msg(!is_held || at != SIM_TIME_NEVER ||
	    is_any_in_state(crank, PROC_IN_CALL) ||
	    is_any_in_state(crank, PROC_ASLEEP),
	    "every program has the CPU: nothing ends the wait");
	leave_cpu(crank);
	if (is_held && at != SIM_TIME_NEVER)
		cal_hold(&crank->world.cal);
	step = world_advance(&crank->world, at);
	if (is_held && at != SIM_TIME_NEVER)
		cal_release(&crank->world.cal);
	return step;
}

int64_t
crank_wait(struct crank *crank, int proc)
{
	while (!crank->procs[proc].is_woken)
		ck_assert_int_eq(crank_until(crank, SIM_TIME_NEVER),
		    WORLD_WAKE);
	crank->world.host.n_in_program = 0;
	return crank->procs[proc].p->result;
}

int64_t
crank_call(struct crank *crank, int proc, struct sys_call call)
{
	if (!crank_post(crank, proc, call))
		return crank->procs[proc].p->result;
	return crank_wait(crank, proc);
}

static void
exit_all(struct crank *crank)
{
	for (int i = 0; i < crank->n_procs; i++)
		if (crank->procs[i].p->state == PROC_IN_PROGRAM)
			crank_post(crank, i,
			    (struct sys_call){.nr = SYS_EXIT});
}

void
crank_run_out(struct crank *crank)
{
	do
		exit_all(crank);
	while (crank_until(crank, SIM_TIME_NEVER) == WORLD_WAKE);
}

void
crank_fini(struct crank *crank)
{
	struct audit audit = {0};

	crank_run_out(crank);
	ck_assert_int_eq(crank->world.outcome, WORLD_DONE);
	host_audit(&crank->world.host, &crank->world.peer, &audit);
	udp_audit(&crank->world.host, &crank->world.peer.udp,
	    crank->world.to_peer_path.stats.n_duplicated, &audit);
	path_audit(&crank->world.to_peer_path, &audit);
	path_audit(&crank->world.to_board_path, &audit);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		ck_abort_msg("audit: %s: expected %lld, found %lld",
		    audit.lines[i].what, (long long)audit.lines[i].expected,
		    (long long)audit.lines[i].actual);
	machine_assert_empty(&crank->world.host);
	world_fini(&crank->world);
}

void
crank_abandon(struct crank *crank)
{
	world_fini(&crank->world);
}

struct socket *
crank_socket(struct host *host, int64_t sndbuf)
{
	struct so_options options = {.sndbuf = sndbuf, .sndlowat = 2048,
	    .rcvbuf = host->config.tcp.recvspace};
	struct socket *so = so_new(host, &options, 0);

	ck_assert_ptr_nonnull(so);
	return so;
}

void
crank_give(struct proc *p, int fd, struct socket *so)
{
	struct file *file;

	if (fd_socket(p, fd) == so)
		return;
	file = pool_get(&p->k.host->files);
	file->f_socket = so;
	fd_install(p, fd, file);
}

void
crank_take(struct proc *p, int fd)
{
	struct file *file = fd_remove(p, fd);

	if (file != NULL)
		file_free(p->k.host, file);
}

int
crank_connect(struct crank *crank, int proc, int64_t sndbuf)
{
	int64_t fd = crank_call(crank, proc, (struct sys_call){
	    .nr = SYS_CONNECT, .so_sndbuf = sndbuf, .so_sndlowat = 2048});

	ck_assert_int_ge(fd, 0);
	return (int)fd;
}

uint64_t
crank_buffer(struct crank *crank, int proc, int64_t bytes)
{
	int64_t addr = crank_call(crank, proc,
	    (struct sys_call){.nr = SYS_MMAP, .len = bytes});

	ck_assert_int_gt(addr, 0);
	ck_assert_int_eq(crank_call(crank, proc, (struct sys_call){
	    .nr = SYS_TOUCH, .addr = (uint64_t)addr, .len = bytes,
	    .is_full = true}), 0);
	return (uint64_t)addr;
}

int64_t
crank_write(struct crank *crank, int proc, int fd, uint64_t addr, int64_t len)
{
	return crank_call(crank, proc, (struct sys_call){.nr = SYS_WRITE,
	    .fd = fd, .addr = addr, .len = len});
}

int64_t
crank_sleep_until(struct crank *crank, int proc, sim_time at)
{
	return crank_call(crank, proc, (struct sys_call){.nr = SYS_SLEEP,
	    .len = at});
}

void
crank_sleep(struct crank *crank, int proc, sim_time interval)
{
	crank_sleep_until(crank, proc, crank->world.cal.now + interval);
}

struct tcpcb *
crank_sender(struct crank *crank, struct wiretap *tap,
    const struct world_config *config, int64_t sndbuf, uint64_t *addr)
{
	int fd;

	crank_init(crank, config, 1);
	wiretap_attach(tap, &crank->world);
	fd = crank_connect(crank, 0, sndbuf);
	*addr = crank_buffer(crank, 0, 65536);
	return &fd_socket(crank->procs[0].p, fd)->tcpcb;
}

void
crank_arrives(struct crank *crank, uint8_t flags, uint32_t seq, uint32_t ack,
    uint32_t win)
{
	struct ip_packet packet = {.conn = 1, .th = {.flags = flags,
	    .seq = seq, .ack = ack, .win = (uint16_t)(win >> 1)}};

	softnet_receive(&crank->world.host.softnet, &packet);
	crank_sleep(crank, 0, PS_PER_MS);
}
