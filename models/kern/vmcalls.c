#include "models/kern/vmcalls.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/trap.h"
#include "models/vm/fault.h"
#include "models/vm/fork.h"

static uint64_t
pages_of(int64_t bytes)
{
	return round_page((uint64_t)bytes) / PAGE_SIZE;
}

/* What a 32-bit process can map. */
#define VM_MAX_BYTES	(INT64_C(1) << 31)

/* Pages beyond the end of the file are mapped as well. */
static int64_t
map_file(struct proc *p, const struct sys_call *call)
{
	struct file *file = fd_file(p, call->fd);

	kctx_op(&p->k, OP_MMAP, 1);
	if (file == NULL)
		return SYS_EBADF;
	if (file->f_object == NULL || call->offset < 0 ||
	    call->offset % PAGE_SIZE != 0)
		return SYS_EINVAL;
	if (call->len > VM_MAX_BYTES)
		return SYS_ENOMEM;
	return (int64_t)vm_map_object(&p->space, file->f_object,
	    (uint64_t)call->offset / PAGE_SIZE, pages_of(call->len),
	    call->map == SYS_MAP_SHARED);
}

static int64_t
map_shared_anon(struct proc *p, const struct sys_call *call)
{
	struct vm_object *object = vm_object_new(&p->k.host->vm,
	    VM_OBJECT_ANON, 0, (int64_t)round_page((uint64_t)call->len));
	uint64_t va = vm_map_object(&p->space, object, 0, object->n_pages,
	    true);

	/* the mapping's is the only reference left */
	vm_object_drop(object);
	return (int64_t)va;
}

static int64_t
map(struct proc *p, const struct sys_call *call)
{
	if (call->len <= 0)
		return SYS_EINVAL;
	switch (call->map) {
	case SYS_MAP_ANON:
		return (int64_t)vm_map_anon(&p->space, pages_of(call->len));
	case SYS_MAP_SHARED_ANON:
		return map_shared_anon(p, call);
	case SYS_MAP_SHARED:
	case SYS_MAP_PRIVATE:
		return map_file(p, call);
	}
	return SYS_EINVAL;
}

static int64_t
unmap(struct proc *p, const struct sys_call *call)
{
	if (call->len <= 0 || call->addr % PAGE_SIZE != 0 ||
	    (uint64_t)call->len > INT64_MAX - call->addr)
		return SYS_EINVAL;
	kctx_op(&p->k, OP_MUNMAP, 1);
	kctx_op(&p->k, OP_UNMAP_PAGE, vm_unmap(&p->space, call->addr,
	    pages_of(call->len), &p->k.cost, &p->k.host->costs));
	return 0;
}

static void
share_descriptors(const struct proc *p, struct proc *child)
{
	for (int fd = fd_first(p, 0); fd >= 0; fd = fd_first(p, fd + 1))
		fd_share(p, fd, child);
}

static int64_t
fork(struct proc *p, const struct sys_call *call)
{
	if (call->child == NULL || call->child->state != PROC_IN_PROGRAM ||
	    call->child->space.entries != NULL || call->child->fd.n_open > 0)
		return SYS_EINVAL;
	share_descriptors(p, call->child);
	vm_space_fork(&p->space, &call->child->space, &p->k.cost,
	    &p->k.host->costs);
	return 0;
}

/*
 * Wiring, page by page: each is faulted in as for a store first.
 */
static void wire_next(struct kctx *k);

static void
wire_one(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, p->call.addr);

	if (!slot->is_wired)
		vm_slot_wire(slot);
	p->call.addr += PAGE_SIZE;
	p->call.resid -= PAGE_SIZE;
	wire_next(k);
}

static void
wire_next(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, p->call.addr);

	if (p->call.resid <= 0 || k->host->is_stopped || slot == NULL) {
		proc_return(p, p->call.resid <= 0 ? 0 :
		    slot == NULL ? SYS_ENOMEM : SYS_ENDED);
		return;
	}
	if (memory_waits(k, p->call.addr, 1, true, wire_next))
		return;
	vm_fault(&k->host->vm, slot, vm_fault_kind(slot, true), &k->cost,
	    &k->host->costs);
	wire_one(k);
}

static void
lock(struct proc *p, const struct sys_call *call)
{
	uint64_t end = round_page(call->addr + (uint64_t)call->len);

	p->call.addr = trunc_page(call->addr);
	p->call.resid = (int64_t)(end - p->call.addr);
	trap(p, wire_next);
}

static int64_t
unlock(struct proc *p, const struct sys_call *call)
{
	uint64_t end = call->addr + (uint64_t)call->len;

	for (uint64_t va = trunc_page(call->addr); va < end; va += PAGE_SIZE) {
		struct vm_slot *slot = vm_find_slot(&p->space, va);

		if (slot == NULL)
			return SYS_ENOMEM;
		if (slot->is_wired)
			vm_slot_unwire(slot);
	}
	return 0;
}

void
vmcall(struct proc *p, const struct sys_call *call)
{
	switch ((int)call->nr) {
	case SYS_MMAP:
		trap_answer(p, map(p, call));
		return;
	case SYS_MUNMAP:
		trap_answer(p, unmap(p, call));
		return;
	case SYS_MLOCK:
		lock(p, call);
		return;
	case SYS_MUNLOCK:
		trap_answer(p, unlock(p, call));
		return;
	case SYS_FORK:
		trap_answer(p, fork(p, call));
		return;
	default:
		CHECK(false, "a call about memory");
	}
}
