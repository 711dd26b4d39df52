#include "models/socket/pendfree.h"

#include "models/base/check.h"
#include "models/host.h"

static void
push(struct so_pendfree *list, struct mbuf *m)
{
	m->m_next = NULL;
	if (list->tail != NULL)
		list->tail->m_next = m;
	else
		list->head = m;
	list->tail = m;
	list->n++;
}

static bool
has_thread(const struct host *host)
{
	return host->config.sosend.pendfree == SO_PENDFREE_THREAD;
}

/* A socket that is gone has no list: the global one takes it. */
static struct so_pendfree *
list_of(struct host *host, struct socket *so)
{
	if (so_is_gone(so) && !host->config.sosend.hazard.stale_socket)
		return &host->pendfree;
	return &so->pendfree;
}

static void wake_thread(struct so_drainer *drainer);

void
so_loan_free(void *arg, struct mbuf *m)
{
	struct host *host = arg;
	struct m_loan *loan = m_loan(m);

	CHECK(loan != NULL && loan->so->host == host,
	    "a loan is freed on the host that made it");
	if (has_thread(host)) {
		push(&host->pendfree, m);
		wake_thread(&host->drainer);
		return;
	}
	push(list_of(host, loan->so), m);
	proc_wakeup(&host->kva_wait, NULL);
}

static int64_t
window_bytes(const struct m_loan *loan)
{
	return (int64_t)loan->n_pages * PAGE_SIZE;
}

/* sodoloanfree() */
static int64_t
undo(struct kctx *k, struct mbuf *m)
{
	struct host *host = k->host;
	const struct sosend_hazard *hazard = &host->config.sosend.hazard;
	struct m_loan *loan = m_loan(m);
	int64_t bytes = window_bytes(loan);

	kctx_op(k, OP_UNLOAN_PAGE, loan->n_pages);
	cost_op_as(&k->cost, &host->costs, OP_PMAP_UPDATE, 1, CAUSE_UNLOAN);
	kctx_op(k, OP_KVA_FREE, 1);
	kctx_op(k, OP_MFREE, 1);
	for (uint32_t i = 0; i < loan->n_pages; i++)
		mem_unmapped(&host->costs, &loan->pages[i]->mem, MEM_LOAN);
	vm_unloan_pages(&host->vm, loan->pages, loan->n_pages);
	if (!hazard->keeps_kva)
		kva_release(&host->kva, bytes, host->cal->now);
	host_watch_lent(host);
	m_loan_put(&host->mbufs, m);
	if (hazard->frees_twice)
		m_loan_put(&host->mbufs, m);
	return bytes;
}

static int64_t
drain(struct kctx *k, struct so_pendfree *list)
{
	int64_t freed = 0;

	while (list->head != NULL) {
		struct mbuf *m = list->head;

		list->head = m->m_next;
		list->n--;
		freed += undo(k, m);
	}
	list->tail = NULL;
	return freed;
}

int64_t
sodopendfree(struct kctx *k, struct socket *so)
{
	int64_t freed;

	if (has_thread(k->host))
		return 0;
	freed = drain(k, &k->host->pendfree);
	if (so != NULL)
		freed += drain(k, &so->pendfree);
	if (freed > 0)
		proc_wakeup(&k->host->kva_wait, k);
	return freed;
}

/*
 * The thread.
 */
static void thread_loop(struct kctx *k);

static void
drain_all(struct kctx *k)
{
	drain(k, &k->host->pendfree);
	proc_wakeup(&k->host->kva_wait, k);
	kctx_spend(k, SPL_0, thread_loop);
}

/* More may have come while the price was paid. */
static void
thread_loop(struct kctx *k)
{
	if (k->host->pendfree.n > 0)
		drain_all(k);
	else
		k->host->drainer.is_running = false;
}

static void
wake_thread(struct so_drainer *drainer)
{
	if (drainer->is_running)
		return;
	drainer->is_running = true;
	kctx_op(&drainer->k, OP_WAKEUP, 1);
	kctx_spend(&drainer->k, SPL_0, drain_all);
}

void
so_drainer_init(struct so_drainer *drainer, struct host *host)
{
	*drainer = (struct so_drainer){0};
	kctx_init(&drainer->k, host, "sopendfree", CPU_PROC);
	drainer->k.task.is_urgent = true;
}

void
so_pendfree_move(struct so_pendfree *to, struct so_pendfree *from)
{
	if (from->head == NULL)
		return;
	if (to->tail != NULL)
		to->tail->m_next = from->head;
	else
		to->head = from->head;
	to->tail = from->tail;
	to->n += from->n;
	*from = (struct so_pendfree){0};
}
