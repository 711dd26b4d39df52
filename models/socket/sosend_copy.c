/*
 * The copy path: one mbuf filled from the program's buffer by uiomove.
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/kern/memory.h"
#include "models/kern/syscall.h"
#include "models/socket/sosend.h"
#include "models/vm/fault.h"

static void
count(struct kctx *k, int64_t *counter)
{
	if (k->host->config.sosend.sosend_counters)
		(*counter)++;
}

/* A cluster when it pays, fits and is there; else the mbuf's own bytes. */
static uint32_t
get_mbuf(struct kctx *k, struct mbuf **mp)
{
	const struct proc *p = proc_of(k);
	struct mbuf_pools *pools = &k->host->mbufs;
	struct mbuf *m = sosend_get_mbuf(k);
	bool leaves_room = sosend_leaves_room(p);
	uint32_t len;

	*mp = m;
	kctx_op(k, OP_MGET, 1);
	if (p->call.resid >= MINCLSIZE && p->call.space >= MCLBYTES) {
		count(k, &k->host->sosend_counters.copy_big);
		kctx_op(k, OP_MCLGET, 1);
		if (m_has_room(pools, 0, 1)) {
			m_clget(pools, m);
			m->m_off = leaves_room ? MAX_HDR : 0;
			return (uint32_t)min_i64(MCLBYTES - m->m_off,
			    p->call.resid);
		}
		k->host->nobufs.n_small++;
	}
	count(k, &k->host->sosend_counters.copy_small);
	len = (uint32_t)min_i64(min_i64(m_capacity(m), p->call.resid),
	    p->call.space);
	/* MH_ALIGN(): filled from its end */
	if (leaves_room)
		m->m_off = (MHLEN - len) & ~3U;
	return len;
}

/* Copy what lies in one page and one iovec. => false: nothing is mapped */
static bool
move_from_page(struct kctx *k, struct mbuf *m, uint64_t va, uint32_t n)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, va);
	struct mem_range from = {NULL, (uint32_t)(va % PAGE_SIZE), n, MEM_USER};
	struct mem_range to = {m_memory(m), m->m_off + m->m_len, n, MEM_KERNEL};
	enum vm_fault kind;

	if (slot == NULL)
		return false;
	kind = vm_fault_kind(slot, false);
	vm_fault(&k->host->vm, slot, kind, &k->cost, &k->host->costs);
	from.object = &slot->page->mem;
	mem_copy(&k->cost, &k->host->costs, CAUSE_COPYIN, from, to);
	m_name_append(m, m->m_off + m->m_len,
	    so_name_next(p->call.so) + m->m_len);
	m->m_len += n;
	return true;
}

static bool
uiomove(struct kctx *k, struct mbuf *m, uint32_t len)
{
	const struct uio *uio = &proc_of(k)->call.uio;
	struct uio_place at = uio->at;

	kctx_op(k, OP_UIOMOVE, 1);
	while (len > 0) {
		uint32_t in_page = PAGE_SIZE - (uint32_t)(at.addr % PAGE_SIZE);
		uint32_t n = (uint32_t)min_i64(at.left, min_u32(len, in_page));

		if (!move_from_page(k, m, at.addr, n))
			return false;
		uio_pass(uio, &at, n);
		len -= n;
	}
	return true;
}

/* Has something of what is to be copied to come into memory first? */
static bool
waits_for_source(struct kctx *k)
{
	const struct proc *p = proc_of(k);
	struct uio_place at = p->call.uio.at;
	int64_t left = min_i64(MCLBYTES, p->call.resid);

	while (left > 0) {
		int64_t n = min_i64(left, at.left);

		if (memory_waits(k, at.addr, n, false, sosend_copy))
			return true;
		uio_pass(&p->call.uio, &at, n);
		left -= n;
	}
	return false;
}

void
sosend_copy(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t len;

	if (waits_for_source(k))
		return;
	len = get_mbuf(k, &p->call.m);
	if (uiomove(k, p->call.m, len)) {
		kctx_spend(k, SPL_0, sosend_built);
		return;
	}
	m_freem(&k->host->mbufs, p->call.m);
	p->call.m = NULL;
	sosend_finish(k, SYS_EFAULT);
}
