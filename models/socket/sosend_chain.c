/*
 * A chain that the kernel hands over ready-made: one message, one PRU_SEND.
 */
#include "models/host.h"
#include "models/socket/sosend.h"

void
sosend_chain(struct kctx *k, struct mbuf *chain, int64_t len, bool is_followed,
    bool waits, kctx_fn after)
{
	struct proc *p = proc_of(k);

	p->call.chain = chain;
	p->call.resid = len;
	p->call.is_followed = is_followed;
	p->call.waits = waits;
	p->call.after = after;
	sosend_enter(k);
}

/* It has its place in the stream now: each byte gets its name. */
static void
name_chain(struct socket *so, struct mbuf *m)
{
	struct so_stats *stats = &so->stats;

	for (; m != NULL; m = m->m_next) {
		uint64_t name = so_name_next(so) - m->m_off;

		if (m->m_ext != NULL)
			m->m_ext->content = name;
		else
			m->m_content = name;
		stats->bytes_written += m->m_len;
		if (m_loan(m) != NULL)
			stats->bytes_loaned += m->m_len;
		else
			stats->bytes_copied += m->m_len;
	}
}

static void
sent(struct kctx *k)
{
	proc_of(k)->call.so->ss_moretocome = false;
	sosend_finish(k, 0);
}

void
sosend_hand_chain(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct mbuf *chain = p->call.chain;

	p->call.chain = NULL;
	name_chain(p->call.so, chain);
	p->call.so->ss_moretocome = p->call.is_followed;
	kctx_call(k, sent);
	tcp_usr_send(k, &p->call.so->tcpcb, chain);
}
