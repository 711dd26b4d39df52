/*
 * The data of a chain: copied into clusters, or lent.
 */
#include "models/base/min.h"
#include "models/host.h"
#include "models/kern/fileio.h"
#include "models/kern/memory.h"
#include "models/kern/syscall.h"
#include "models/socket/sendfile.h"
#include "models/vm/loan.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

static uint64_t
first_page(const struct proc *p)
{
	return (uint64_t)p->call.offset / PAGE_SIZE;
}

/* Are its pages there? They are in order, as a read's are. */
static bool
waits_for_pages(struct kctx *k, uint64_t n, kctx_fn retry)
{
	struct proc *p = proc_of(k);

	return memory_waits_for_file(k, p->call.file->f_object, first_page(p),
	    n, p->call.offset == p->call.file->f_next, retry);
}

/*
 * Copies
 */
static uint32_t
room_in(const struct mbuf *m)
{
	return m != NULL ? MCLBYTES - m->m_len : 0;
}

static bool
waits_for_clusters(struct kctx *k, uint32_t n)
{
	uint32_t room = room_in(proc_of(k)->call.send.data);
	uint32_t more = n > room ? (n - room + MCLBYTES - 1) / MCLBYTES : 0;

	if (m_has_room(&k->host->mbufs, more, more))
		return false;
	sendfile_wait_for_mbuf(k, sendfile_next);
	return true;
}

/* What lies in one page, as far as one cluster takes it. => its bytes */
static uint32_t
copy_stretch(struct kctx *k, uint32_t len)
{
	struct proc *p = proc_of(k);
	struct vm_page *page = p->call.file->f_object->pages[first_page(p)];
	uint32_t at = (uint32_t)(p->call.offset % PAGE_SIZE), n;
	struct mbuf *m = p->call.send.data;

	if (room_in(m) == 0) {
		m = p->call.send.data = sendfile_append(k);
		m_clget(&k->host->mbufs, m);
		kctx_op(k, OP_MCLGET, 1);
	}
	n = min_u32(min_u32(len, PAGE_SIZE - at), room_in(m));
	mem_copy(&k->cost, &k->host->costs, CAUSE_FILE_COPY,
	    (struct mem_range){&page->mem, at, n, MEM_KERNEL},
	    (struct mem_range){m_memory(m), m->m_len, n, MEM_KERNEL});
	m->m_len += n;
	sendfile_grow(p, n);
	return n;
}

static void
copy_window(struct kctx *k, uint32_t len)
{
	struct proc *p = proc_of(k);
	struct vm_page **pages =
	    &p->call.file->f_object->pages[first_page(p)];
	uint64_t n_pages = file_pages(p->call.offset, len);

	file_window_cost(k, p->call.offset, len);
	for (uint64_t i = 0; i < n_pages; i++)
		pmap_window_open(pages[i], &k->cost, &k->host->costs);
	while (len > 0)
		len -= copy_stretch(k, len);
	for (uint64_t i = 0; i < n_pages; i++) {
		pmap_window_close(pages[i], false, &k->cost, &k->host->costs);
		vm_page_activate(&k->host->vm, pages[i]);
	}
	p->call.file->f_next = p->call.offset;
}

void
sendfile_copy(struct kctx *k)
{
	const struct proc *p = proc_of(k);
	uint32_t n = file_window(p->call.offset, p->call.send.to_build);

	if (waits_for_pages(k, file_pages(p->call.offset, n), sendfile_next) ||
	    waits_for_clusters(k, n))
		return;
	copy_window(k, n);
	kctx_spend(k, SPL_0, sendfile_next);
}

/*
 * Loans
 */
static uint32_t
loan_bytes(const struct kctx *k, const struct proc *p)
{
	return (uint32_t)min_i64(p->call.send.to_build,
	    k->host->config.sosend.sock_loan_chunk);
}

static void
fill_loan(struct kctx *k, struct m_loan *loan, uint32_t bytes)
{
	struct proc *p = proc_of(k);

	loan->n_pages = (uint32_t)file_pages(p->call.offset, bytes);
	vm_loan_object_pages(p->call.file->f_object, first_page(p),
	    loan->n_pages, loan->pages);
	for (uint32_t i = 0; i < loan->n_pages; i++)
		loan->versions[i] = loan->pages[i]->version;
	loan->first_offset = (uint32_t)(p->call.offset % PAGE_SIZE);
	loan->so = p->call.so;
	loan->ext.size = bytes;
}

static void
lend(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t bytes = loan_bytes(k, p);
	struct mbuf *m = sendfile_append(k);
	struct m_loan *loan = m_loanget(&k->host->mbufs, m);

	fill_loan(k, loan, bytes);
	kva_reserve(&k->host->kva, (int64_t)loan->n_pages * PAGE_SIZE,
	    k->host->cal->now);
	host_watch_lent(k->host);
	m->m_len = bytes;
	p->call.send.data = NULL;
	sendfile_grow(p, bytes);
	p->call.file->f_next = p->call.offset;
	kctx_spend(k, SPL_0, sendfile_next);
}

/* What cannot be lent is copied, window by window. */
static void
refuse(struct kctx *k, enum vm_loan_result why)
{
	k->host->n_loans_refused++;
	k->host->n_refused_for[why]++;
	kctx_op(k, OP_KVA_ALLOC, 1);
	if (why != SO_REFUSED_NO_WINDOW)
		kctx_op(k, OP_KVA_FREE, 1);
	sendfile_copy(k);
}

/* sokvaalloc() => true: no addresses; it waits, or does without */
static bool
waits_for_window(struct kctx *k, int64_t window)
{
	struct host *host = k->host;

	while (!kva_fits(&host->kva, window)) {
		if (sodopendfree(k, proc_of(k)->call.so) > 0)
			continue;
		if (host->config.sosend.sosend_counters)
			host->sosend_counters.kva_limit++;
		proc_sleep(proc_of(k), &host->kva_wait, SPL_VM,
		    sendfile_next);
		return true;
	}
	return false;
}

static bool
has_window(const struct host *host, int64_t window)
{
	int64_t kernel_map = host->config.sosend.kernel_map;

	return kernel_map == 0 ||
	    host->kva.socurkva + window <= kernel_map;
}

static void
loan_cost(struct kctx *k, uint32_t n, uint32_t n_first)
{
	struct proc *p = proc_of(k);

	kctx_op(k, OP_KVA_ALLOC, 1);
	kctx_op(k, OP_LOAN_PAGE, n);
	kctx_op(k, OP_PAGE_PROTECT, n_first);
	vm_loan_object_prepare(p->call.file->f_object, first_page(p), n,
	    &k->cost, &k->host->costs);
	kctx_op(k, OP_KENTER, n);
	kctx_op(k, OP_PMAP_UPDATE, 1);
}

void
sendfile_lend(struct kctx *k)
{
	const struct proc *p = proc_of(k);
	uint32_t n = (uint32_t)file_pages(p->call.offset, loan_bytes(k, p));
	uint32_t n_first;

	if (waits_for_pages(k, n, sendfile_next) ||
	    waits_for_window(k, (int64_t)n * PAGE_SIZE))
		return;
	if (!m_has_room(&k->host->mbufs, 1, 0)) {
		sendfile_wait_for_mbuf(k, sendfile_next);
		return;
	}
	if (!has_window(k->host, (int64_t)n * PAGE_SIZE))
		refuse(k, SO_REFUSED_NO_WINDOW);
	else if (!vm_loan_object_ask(p->call.file->f_object, first_page(p), n,
	    &n_first))
		refuse(k, VM_LOAN_WIRED);
	else {
		loan_cost(k, n, n_first);
		lend(k);
	}
}
