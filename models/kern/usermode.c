#include "models/kern/usermode.h"

#include "models/host.h"
#include "models/kern/memory.h"
#include "models/kern/syscall.h"
#include "models/vm/fault.h"

enum { WORD_BYTES = 4 };

static void touch_next(struct kctx *k);

/* Bytes of the touched range that lie in the page of its first byte. */
static uint32_t
bytes_in_page(const struct proc *p)
{
	int64_t in_page = PAGE_SIZE - (int64_t)(p->call.addr % PAGE_SIZE);

	return (uint32_t)(p->call.resid < in_page ? p->call.resid : in_page);
}

static uint32_t
bytes_stored(const struct proc *p)
{
	uint32_t n = bytes_in_page(p);

	return p->call.is_full_store || n < WORD_BYTES ? n : WORD_BYTES;
}

/* The page is writable: what the stores themselves cost. */
static void
store_cost(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, p->call.addr);
	uint32_t n = bytes_stored(p);
	struct mem_range range = {&slot->page->mem,
	    (uint32_t)(p->call.addr % PAGE_SIZE), n, MEM_USER};

	kctx_op(k, OP_FILL_1K, n);
	mem_write(&k->cost, &k->host->costs, CAUSE_APP_FILL, range);
}

static void
stored(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, p->call.addr);
	uint32_t n = bytes_in_page(p);

	vm_page_stored(&k->host->vm, slot->page);
	p->call.addr += n;
	p->call.resid -= n;
	touch_next(k);
}

static void
store(struct kctx *k)
{
	store_cost(k);
	kctx_spend_mode(k, SPL_0, CPU_IN_USER, stored);
}

/* Mapped, but not in the file: a signal; not mapped: the program's mistake. */
static void
touched_nothing(struct proc *p)
{
	if (vm_is_beyond(&p->space, p->call.addr))
		proc_kill(p, SYS_SIGBUS);
	else
		proc_return(p, SYS_EFAULT);
}

static void
touch_next(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot;
	enum vm_fault kind;

	if (p->call.resid == 0 || k->host->is_stopped) {
		proc_return(p, p->call.resid == 0 ? 0 : SYS_ENDED);
		return;
	}
	slot = vm_find_slot(&p->space, p->call.addr);
	if (slot == NULL) {
		touched_nothing(p);
		return;
	}
	if (memory_waits(k, p->call.addr, 1, true, touch_next))
		return;
	kind = vm_fault_kind(slot, true);
	if (kind == VM_FAULT_NONE) {
		store(k);
		return;
	}
	vm_fault(&k->host->vm, slot, kind, &k->cost, &k->host->costs);
	kctx_spend(k, SPL_0, store);
}

void
user_touch(struct proc *p, uint64_t addr, int64_t len, bool is_full)
{
	p->call.addr = addr;
	p->call.resid = len;
	p->call.is_full_store = is_full;
	/* free of charge: it only waits for the program's turn */
	kctx_spend_mode(&p->k, SPL_0, CPU_IN_USER, touch_next);
}

static void
computed(struct kctx *k)
{
	proc_return(proc_of(k), 0);
}

void
user_compute(struct proc *p, int64_t cycles)
{
	cost_cycles(&p->k.cost, &p->k.host->costs, cycles, CAUSE_APP_COMPUTE);
	kctx_spend_mode(&p->k, SPL_0, CPU_IN_USER, computed);
}
