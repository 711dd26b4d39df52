#include "models/socket/sosend.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/syscall.h"

static void lock_buffer(struct kctx *k);

static void
unlock_buffer(struct kctx *k, struct sockbuf *sb)
{
	sb->sb_is_locked = false;
	proc_wakeup(&sb->sb_lock_wait, k);
}

/* A chain's caller goes on in the kernel. */
static void
return_taken(struct proc *p, int64_t error)
{
	if ((error == SYS_EPIPE || error == SYS_ECONNRESET) &&
	    (p->call.after != NULL || p->call.done == 0))
		p->k.host->n_epipe++;
	if (p->call.after == NULL) {
		proc_return(p, p->call.done > 0 ? p->call.done : error);
		return;
	}
	if (p->call.chain != NULL)
		kctx_op(&p->k, OP_MFREE, m_freem(&p->k.host->mbufs,
		    p->call.chain));
	p->call.chain = NULL;
	p->call.error = error;
	p->call.after(&p->k);
}

void
sosend_finish(struct kctx *k, int64_t error)
{
	struct proc *p = proc_of(k);

	if (p->call.top != NULL)
		sosend_datagram_undo(k);
	unlock_buffer(k, &p->call.so->so_snd);
	return_taken(p, error);
}

/* The reasons to give up, in the order of sosend(). */
static int64_t
reason_to_stop(struct socket *so)
{
	int64_t error = so->so_error;

	/* closed or dropped: who is detached cannot send either */
	if (so->cant_send)
		return SYS_EPIPE;
	/* an error is told once */
	so->so_error = 0;
	if (error != 0)
		return error;
	return so->is_connected ? 0 : SYS_ENOTCONN;
}

static bool
is_atomic(const struct proc *p)
{
	return so_is_atomic(p->call.so) || p->call.chain != NULL;
}

static bool
must_wait(const struct proc *p)
{
	const struct socket *so = p->call.so;

	if (p->call.chain != NULL)
		return p->call.waits && p->call.space < p->call.resid;
	return p->call.space < p->call.resid && (so_is_atomic(so) ||
	    p->call.space < so->so_snd.sb_lowat);
}

static void
wait_for_space(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = &p->call.so->so_snd;

	unlock_buffer(k, sb);
	proc_sleep(p, &sb->sb_wait, SPL_SOFTNET, lock_buffer);
}

static void
lend_or_copy(struct kctx *k)
{
	const struct proc *p = proc_of(k);
	const struct sosend_config *config = &k->host->config.sosend;

	if (config->sosend_loan &&
	    p->call.uio.at.left >= config->sock_loan_thresh &&
	    p->call.space >= config->sock_loan_thresh)
		sosend_loan(k);
	else
		sosend_copy(k);
}

void
sosend_wait_for_mbuf(struct kctx *k, kctx_fn retry)
{
	struct host *host = k->host;

	if (ip_reclaim(k)) {
		kctx_spend(k, SPL_VM, retry);
		return;
	}
	host->nobufs.n_waits++;
	host->mbufs.is_wanted = true;
	proc_sleep(proc_of(k), &host->mbuf_wait, SPL_VM, retry);
}

/* With the buffer locked. */
static void
wait_for_mbuf(struct kctx *k)
{
	if (k->host->is_stopped)
		sosend_finish(k, SYS_ENDED);
	else
		sosend_wait_for_mbuf(k, sosend_fill);
}

/* The inner loop: one mbuf, lent or copied. */
void
sosend_fill(struct kctx *k)
{
	if (m_promise(&k->host->mbufs))
		lend_or_copy(k);
	else
		wait_for_mbuf(k);
}

/* The outer loop: is there space, or a reason not to go on? */
static void
look_for_space(struct kctx *k)
{
	struct proc *p = proc_of(k);
	const struct socket *so = p->call.so;
	int64_t stop = reason_to_stop(p->call.so);

	kctx_op(k, OP_SOSEND, 1);
	p->call.space = sb_space(&p->call.so->so_snd);
	if (stop != 0)
		sosend_finish(k, stop);
	else if (k->host->is_stopped)
		sosend_finish(k, SYS_ENDED);
	else if (is_atomic(p) && p->call.resid > so->so_snd.sb_hiwat)
		sosend_finish(k, SYS_EMSGSIZE);
	else if (must_wait(p) && p->call.so->ss_nbio)
		sosend_finish(k, SYS_EWOULDBLOCK);
	else if (must_wait(p))
		wait_for_space(k);
	else if (p->call.chain != NULL)
		sosend_hand_chain(k);
	else
		sosend_fill(k);
}

/*
 * The lock is another's, who may be asleep: at the end of a run nobody waits
 * for it, and nobody but its holder gives it back.
 */
static void
wait_for_lock(struct proc *p, struct sockbuf *sb)
{
	if (p->k.host->is_stopped)
		return_taken(p, SYS_ENDED);
	else
		proc_sleep(p, &sb->sb_lock_wait, SPL_SOFTNET, lock_buffer);
}

static void
lock_buffer(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = &p->call.so->so_snd;

	if (sb->sb_is_locked) {
		wait_for_lock(p, sb);
		return;
	}
	sb->sb_is_locked = true;
	look_for_space(k);
}

void
sosend_enter(struct kctx *k)
{
	sodopendfree(k, proc_of(k)->call.so);
	/* ACKs that come meanwhile make room, before anybody looks for it */
	kctx_spend(k, SPL_0, lock_buffer);
}

void
sosend(struct proc *p)
{
	p->call.done = 0;
	p->call.after = NULL;
	p->call.chain = NULL;
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, sosend_enter);
}

/* Back from the protocol: another mbuf, another look, or the end. */
static void
sent_one(struct kctx *k)
{
	struct proc *p = proc_of(k);

	p->call.so->ss_moretocome = false;
	if (p->call.resid == 0)
		sosend_finish(k, 0);
	else if (p->call.space > 0 && !p->call.so->is_detached)
		sosend_fill(k);
	else
		look_for_space(k);
}

void
sosend_built(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *so = p->call.so;
	struct mbuf *m = p->call.m;
	uint32_t n = m->m_len;

	p->call.m = NULL;
	uio_advance(&p->call.uio, n);
	p->call.resid -= n;
	p->call.done += n;
	p->call.space -= n;
	so->stats.bytes_written += n;
	if (m_loan(m) != NULL)
		so->stats.bytes_loaned += n;
	else
		so->stats.bytes_copied += n;
	if (so_is_atomic(so)) {
		sosend_datagram(k, m);
		return;
	}
	so->ss_moretocome = p->call.resid > 0;
	kctx_call(k, sent_one);
	tcp_usr_send(k, &so->tcpcb, m);
}
