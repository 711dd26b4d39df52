#include "tests/support/writer.h"

#include <check.h>
#include <string.h>

#include "tests/support/machine.h"

struct world_config
writer_config(bool sosend_loan)
{
	struct world_config config = machine_config();

	config.link.delay = 50 * PS_PER_MS;
	config.host.sosend.sosend_loan = sosend_loan;
	return config;
}

void
writer_init(struct writer *w, const struct world_config *config, int n_procs,
    int64_t sndbuf, int64_t buffer_bytes)
{
	memset(w, 0, sizeof *w);
	crank_init(&w->crank, config, n_procs);
	w->host = &w->crank.world.host;
	w->p = w->crank.procs[0].p;
	w->fd = crank_connect(&w->crank, 0, sndbuf);
	w->so = fd_socket(w->p, w->fd);
	w->addr = crank_buffer(&w->crank, 0, buffer_bytes);
	writer_mark(w);
}

void
writer_fini(struct writer *w)
{
	crank_fini(&w->crank);
}

static struct way
read_path(const struct writer *w)
{
	const struct sosend_counters *c = &w->host->sosend_counters;

	return (struct way){
	    .loan_big = c->loan_big,
	    .copy_big = c->copy_big,
	    .copy_small = c->copy_small,
	    .kva_limit = c->kva_limit,
	    .loan_pages = w->host->vm.stats.n_loaned,
	    .pru_sends = w->so->tcpcb.stats.n_output_calls,
	    .turns = w->host->ledger.n_ops[OP_SOSEND],
	    .refused = w->host->n_loans_refused,
	    .taken = w->so->stats.bytes_written};
}

void
writer_mark(struct writer *w)
{
	w->start = read_path(w);
}

struct way
writer_path(const struct writer *w)
{
	struct way now = read_path(w);

	return (struct way){
	    .loan_big = now.loan_big - w->start.loan_big,
	    .copy_big = now.copy_big - w->start.copy_big,
	    .copy_small = now.copy_small - w->start.copy_small,
	    .kva_limit = now.kva_limit - w->start.kva_limit,
	    .loan_pages = now.loan_pages - w->start.loan_pages,
	    .pru_sends = now.pru_sends - w->start.pru_sends,
	    .turns = now.turns - w->start.turns,
	    .refused = now.refused - w->start.refused,
	    .taken = now.taken - w->start.taken};
}

void
writer_assert_path(const struct writer *w, struct way expected)
{
	struct way actual = writer_path(w);

	ck_assert_int_eq(actual.loan_big, expected.loan_big);
	ck_assert_int_eq(actual.copy_big, expected.copy_big);
	ck_assert_int_eq(actual.copy_small, expected.copy_small);
	ck_assert_int_eq(actual.kva_limit, expected.kva_limit);
	ck_assert_int_eq(actual.loan_pages, expected.loan_pages);
	ck_assert_int_eq(actual.pru_sends, expected.pru_sends);
	ck_assert_int_eq(actual.turns, expected.turns);
	ck_assert_int_eq(actual.refused, expected.refused);
	ck_assert_int_eq(actual.taken, expected.taken);
}

int64_t
writer_write(struct writer *w, int64_t offset, int64_t len)
{
	return crank_write(&w->crank, 0, w->fd, w->addr + (uint64_t)offset,
	    len);
}

void
writer_post(struct writer *w, int64_t offset, int64_t len)
{
	crank_post(&w->crank, 0, (struct sys_call){.nr = SYS_WRITE,
	    .fd = w->fd, .addr = w->addr + (uint64_t)offset, .len = len});
	writer_rest(w, WRITER_SOON);
}

void
writer_rest(struct writer *w, sim_time duration)
{
	crank_until(&w->crank, w->crank.world.cal.now + duration);
}

bool
writer_is_asleep(const struct writer *w, int proc, const struct waitq *wq)
{
	const struct proc *p = w->crank.procs[proc].p;

	return p->state == PROC_ASLEEP && p->sleeps_on == wq;
}

void
writer_audit(struct host *host, const char *when)
{
	struct audit audit = {0};

	host_audit_running(host, &audit);
	if (audit.n > 0)
		ck_abort_msg("%s: %s: expected %lld, found %lld", when,
		    audit.lines[0].what, (long long)audit.lines[0].expected,
		    (long long)audit.lines[0].actual);
}
