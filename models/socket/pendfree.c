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

void
so_loan_free(void *arg, struct mbuf *m)
{
	struct host *host = arg;
	struct m_loan *loan = m_loan(m);

	CHECK(loan != NULL && loan->so->host == host,
	    "a loan is freed on the host that made it");
	/* a socket that is gone has no list: the global one takes it */
	push(so_is_gone(loan->so) ? &host->pendfree : &loan->so->pendfree, m);
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
	struct m_loan *loan = m_loan(m);
	int64_t bytes = window_bytes(loan);

	kctx_op(k, OP_UNLOAN_PAGE, loan->n_pages);
	cost_op_as(&k->cost, &host->costs, OP_PMAP_UPDATE, 1, CAUSE_UNLOAN);
	kctx_op(k, OP_KVA_FREE, 1);
	kctx_op(k, OP_MFREE, 1);
	for (uint32_t i = 0; i < loan->n_pages; i++)
		mem_unmapped(&host->costs, &loan->pages[i]->mem, MEM_LOAN);
	vm_unloan_pages(&host->vm, loan->pages, loan->n_pages);
	kva_release(&host->kva, bytes, host->cal->now);
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
	int64_t freed = drain(k, &k->host->pendfree);

	if (so != NULL)
		freed += drain(k, &so->pendfree);
	if (freed > 0)
		proc_wakeup(&k->host->kva_wait, k);
	return freed;
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
