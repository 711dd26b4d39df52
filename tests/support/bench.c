#include "tests/support/bench.h"

#include <check.h>
#include <string.h>

static void
loan_freed(void *arg, struct mbuf *m)
{
	struct bench *bench = arg;

	m->m_next = bench->loans_freed;
	bench->loans_freed = m;
	bench->n_loans_freed++;
}

static void
assert_empty(const struct bench *bench)
{
	ck_assert_uint_eq(pool_in_use(&bench->vm.pages), 0);
	ck_assert_uint_eq(pool_in_use(&bench->mp.mbufs), 0);
	ck_assert_uint_eq(pool_in_use(&bench->mp.clusters), 0);
	ck_assert_uint_eq(pool_in_use(&bench->mp.loans), 0);
}

void
bench_init(struct bench *bench)
{
	struct cost_config config = {.cpi_milli = 1000};

	memset(bench, 0, sizeof *bench);
	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] =
		    cost_op_is_per_1k((enum kern_op)op) ? 1024 : 1;
	cost_model_init(&bench->costs, &config, NULL, &bench->ledger);
	cost_model_init(&bench->unbooked, &config, NULL, &bench->elsewhere);
	vm_init(&bench->vm);
	vm_space_init(&bench->space, &bench->vm);
	mbuf_pools_init(&bench->mp);
	bench->mp.loan_free = loan_freed;
	bench->mp.loan_free_arg = bench;
	assert_empty(bench);
}

void
bench_fini(struct bench *bench)
{
	vm_space_fini(&bench->space, &bench->cost, &bench->costs);
	while (bench->vm.objects != NULL)
		vm_object_free(bench->vm.objects);
	assert_empty(bench);
	mbuf_pools_fini(&bench->mp);
	vm_fini(&bench->vm);
}

int64_t
bench_cycles(const struct bench *bench)
{
	ck_assert_int_eq(bench->cost.units % COST_UNITS_PER_CYCLE, 0);
	return bench->cost.units / COST_UNITS_PER_CYCLE;
}

int64_t
bench_cycles_of(const struct bench *bench, enum kern_cause cause)
{
	return bench->ledger.line[cause].units / COST_UNITS_PER_CYCLE;
}

/* The price of setting the stage is not the test's. */
static struct vm_slot *
fault(struct bench *bench, uint64_t va, bool is_store)
{
	struct vm_slot *slot = vm_find_slot(&bench->space, va);
	struct cost cost = {0};

	ck_assert_ptr_nonnull(slot);
	vm_fault(&bench->vm, slot, vm_fault_kind(slot, is_store), &cost,
	    &bench->unbooked);
	return slot;
}

void
bench_touch(struct bench *bench, uint64_t va)
{
	vm_page_stored(&bench->vm, fault(bench, va, true)->page);
}

void
bench_load(struct bench *bench, uint64_t va)
{
	fault(bench, va, false);
}

struct vm_object *
bench_file(struct bench *bench, uint64_t n_pages)
{
	struct vm_object *file = vm_object_new(&bench->vm, VM_OBJECT_FILE, 1,
	    (int64_t)n_pages * PAGE_SIZE);

	vm_object_fill(file);
	return file;
}

uint64_t
bench_map_file(struct bench *bench, struct vm_object *file, bool is_shared)
{
	return vm_map_object(&bench->space, file, 0, file->n_pages, is_shared);
}

struct vm_entry *
bench_entry(struct bench *bench, uint64_t va)
{
	struct vm_entry *e = bench->space.entries;

	while (e != NULL && e->start != va)
		e = e->next;
	ck_assert_ptr_nonnull(e);
	return e;
}

void
bench_unmap(struct bench *bench, uint64_t va)
{
	vm_unmap(&bench->space, va, bench_entry(bench, va)->n_pages,
	    &bench->cost, &bench->costs);
}

uint64_t
bench_pages(struct bench *bench, uint64_t n_pages)
{
	uint64_t va = vm_map_anon(&bench->space, n_pages);

	for (uint64_t i = 0; i < n_pages; i++)
		bench_touch(bench, va + i * PAGE_SIZE);
	return va;
}

struct vm_page *
bench_page(struct bench *bench, uint64_t va)
{
	struct vm_slot *slot = vm_find_slot(&bench->space, va);

	ck_assert_ptr_nonnull(slot);
	return slot->page;
}

struct mbuf *
bench_internal(struct bench *bench, uint32_t len, uint64_t name)
{
	struct mbuf *m = m_get(&bench->mp);

	ck_assert_uint_le(len, m_capacity(m));
	m->m_len = len;
	m->m_content = name;
	return m;
}

struct mbuf *
bench_cluster(struct bench *bench, uint32_t len, uint64_t name)
{
	struct mbuf *m = m_get(&bench->mp);

	m_clget(&bench->mp, m);
	ck_assert_uint_le(len, m_capacity(m));
	m->m_len = len;
	m->m_ext->content = name;
	return m;
}

struct mbuf *
bench_loan(struct bench *bench, uint64_t va, uint32_t len, uint64_t name)
{
	struct mbuf *m = m_get(&bench->mp);
	struct m_loan *loan = m_loanget(&bench->mp, m);

	loan->first_offset = (uint32_t)(va % PAGE_SIZE);
	loan->n_pages = (uint32_t)((round_page(va + len) - trunc_page(va)) /
	    PAGE_SIZE);
	vm_loan_pages(&bench->space, trunc_page(va), loan->n_pages,
	    loan->pages);
	for (uint32_t i = 0; i < loan->n_pages; i++)
		loan->versions[i] = loan->pages[i]->version;
	loan->ext.size = len;
	loan->ext.content = name;
	m->m_len = len;
	return m;
}

struct mbuf *
bench_mixed_chain(struct bench *bench)
{
	uint64_t va = bench_pages(bench, 2);
	struct mbuf *head = bench_internal(bench, 100, BENCH_NAME(0));
	struct mbuf *m = head;

	m = m->m_next = bench_cluster(bench, 2048, BENCH_NAME(100));
	m = m->m_next = bench_loan(bench, va + 4000, 4096, BENCH_NAME(2148));
	m->m_next = bench_internal(bench, 56, BENCH_NAME(6244));
	return head;
}

void
bench_end_loans(struct bench *bench)
{
	while (bench->loans_freed != NULL) {
		struct mbuf *m = bench->loans_freed;
		struct m_loan *loan = m_loan(m);

		bench->loans_freed = m->m_next;
		vm_unloan_pages(&bench->vm, loan->pages, loan->n_pages);
		m_loan_put(&bench->mp, m);
	}
}
