/*
 * Datagrams: mbufs are strung together until all of it is there, and go to the
 * protocol in one PRU_SEND.
 */
#include "models/base/check.h"
#include "models/host.h"
#include "models/socket/sosend.h"

struct mbuf *
sosend_get_mbuf(struct kctx *k)
{
	const struct proc *p = proc_of(k);

	return p->call.top == NULL ? m_gethdr_promised(&k->host->mbufs) :
	    m_get_promised(&k->host->mbufs);
}

bool
sosend_leaves_room(const struct proc *p)
{
	return so_is_atomic(p->call.so) && p->call.top == NULL;
}

static void
sent(struct kctx *k)
{
	if (k->out.error != 0)
		proc_of(k)->call.done = 0;
	sosend_finish(k, k->out.error);
}

static void
hand_over(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *so = p->call.so;
	struct mbuf *top = p->call.top;

	p->call.top = NULL;
	so->udp.stats.n_written++;
	kctx_call(k, sent);
	udp_usr_send(k, so, top, (uint32_t)p->call.done);
}

void
sosend_datagram(struct kctx *k, struct mbuf *m)
{
	struct proc *p = proc_of(k);

	if (p->call.top == NULL)
		p->call.top = m;
	else
		p->call.last->m_next = m;
	p->call.last = m;
	if (p->call.resid > 0)
		sosend_fill(k);
	else
		hand_over(k);
}

void
sosend_datagram_undo(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct so_stats *stats = &p->call.so->stats;

	for (const struct mbuf *m = p->call.top; m != NULL; m = m->m_next) {
		stats->bytes_written -= m->m_len;
		if (m_loan(m) != NULL)
			stats->bytes_loaned -= m->m_len;
		else
			stats->bytes_copied -= m->m_len;
	}
	kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs, p->call.top));
	p->call.top = NULL;
	p->call.done = 0;
}
