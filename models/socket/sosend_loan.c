/*
 * The loan path: one mbuf that sees the program's own pages.
 *
 * A piece is at most sock_loan_chunk, what fits the socket buffer, and the rest
 * of its iovec; its pages are whole, so that an unaligned piece of 64 KB takes
 * 17, and a page shared by two pieces is lent twice.
 */
#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/kern/memory.h"
#include "models/socket/sosend.h"

static void reserve_window(struct kctx *k);

static int64_t
piece_bytes(const struct kctx *k, const struct proc *p)
{
	return min_i64(min_i64(p->call.space, p->call.uio.at.left),
	    k->host->config.sosend.sock_loan_chunk);
}

static uint32_t
piece_pages(const struct proc *p, int64_t bytes)
{
	uint64_t end = round_page(p->call.uio.at.addr + (uint64_t)bytes);

	return (uint32_t)((end - trunc_page(p->call.uio.at.addr)) / PAGE_SIZE);
}

static void
wait_for_window(struct kctx *k)
{
	if (k->host->config.sosend.sosend_counters)
		k->host->sosend_counters.kva_limit++;
	proc_sleep(proc_of(k), &k->host->kva_wait, SPL_VM, reserve_window);
}

static void
fill_loan(struct proc *p, struct m_loan *loan, uint32_t n_pages)
{
	vm_loan_pages(&p->space, trunc_page(p->call.uio.at.addr), n_pages,
	    loan->pages);
	for (uint32_t i = 0; i < n_pages; i++)
		loan->versions[i] = loan->pages[i]->version;
	loan->n_pages = n_pages;
	loan->first_offset = (uint32_t)(p->call.uio.at.addr % PAGE_SIZE);
	loan->so = p->call.so;
}

static void
lend(struct kctx *k)
{
	struct proc *p = proc_of(k);
	int64_t bytes = piece_bytes(k, p);
	uint32_t n_pages = piece_pages(p, bytes);
	struct mbuf *m = sosend_get_mbuf(k);
	struct m_loan *loan = m_loanget(&k->host->mbufs, m);

	kva_reserve(&k->host->kva, (int64_t)n_pages * PAGE_SIZE,
	    k->host->cal->now);
	host_watch_lent(k->host);
	fill_loan(p, loan, n_pages);
	loan->ext.size = (uint32_t)bytes;
	loan->ext.content = so_name_next(p->call.so);
	m->m_len = (uint32_t)bytes;
	p->call.m = m;
	if (k->host->config.sosend.sosend_counters)
		k->host->sosend_counters.loan_big++;
	sosend_built(k);
}

/* What a refused attempt costs: the window and uvm_loan, both for nothing. */
static void
refused(struct kctx *k, enum vm_loan_result why)
{
	k->host->n_loans_refused++;
	k->host->n_refused_for[why]++;
	kctx_op(k, OP_KVA_ALLOC, 1);
	if (why != SO_REFUSED_NO_WINDOW) {
		kctx_op(k, OP_UVM_LOAN, 1);
		kctx_op(k, OP_KVA_FREE, 1);
	}
	sosend_copy(k);
}

/* uvm_km_valloc_wait() */
static bool
has_window(const struct host *host, uint32_t n_pages)
{
	int64_t kernel_map = host->config.sosend.kernel_map;

	return kernel_map == 0 || host->kva.socurkva +
	    (int64_t)n_pages * PAGE_SIZE <= kernel_map;
}

static void
map_window(struct kctx *k, uint32_t n_pages)
{
	struct proc *p = proc_of(k);
	uint64_t va = trunc_page(p->call.uio.at.addr);
	enum vm_loan_result answer;
	uint32_t n_first;

	if (!has_window(k->host, n_pages)) {
		refused(k, SO_REFUSED_NO_WINDOW);
		return;
	}
	answer = vm_loan_ask(&p->space, va, n_pages, &n_first);
	if (memory_waits_to_lend(k, va, n_pages, answer, reserve_window))
		return;
	if (answer != VM_LOAN_OK) {
		refused(k, answer);
		return;
	}
	kctx_op(k, OP_MGET, 1);
	kctx_op(k, OP_KVA_ALLOC, 1);
	kctx_op(k, OP_UVM_LOAN, 1);
	kctx_op(k, OP_LOAN_PAGE, n_pages);
	kctx_op(k, OP_PAGE_PROTECT, n_first);
	vm_loan_prepare(&p->space, va, n_pages, &k->cost, &k->host->costs);
	kctx_op(k, OP_KENTER, n_pages);
	kctx_op(k, OP_PMAP_UPDATE, 1);
	kctx_spend(k, SPL_0, lend);
}

static void
reserve_window(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t n_pages = piece_pages(p, piece_bytes(k, p));
	int64_t window = (int64_t)n_pages * PAGE_SIZE;

	while (!kva_fits(&k->host->kva, window)) {
		if (sodopendfree(k, p->call.so) > 0)
			continue;
		/* the run is over: take what is left the way that needs none */
		if (k->host->is_stopped)
			sosend_copy(k);
		else
			wait_for_window(k);
		return;
	}
	map_window(k, n_pages);
}

void
sosend_loan(struct kctx *k)
{
	reserve_window(k);
}
