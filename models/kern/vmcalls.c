#include "models/kern/vmcalls.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/vm/fault.h"
#include "models/vm/fork.h"

static void
returned(struct kctx *k)
{
	proc_return(proc_of(k), proc_of(k)->result);
}

static void
answer(struct proc *p, int64_t result)
{
	p->result = result;
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, returned);
}

static uint64_t
pages_of(int64_t bytes)
{
	return round_page((uint64_t)bytes) / PAGE_SIZE;
}

static struct vm_object *
file_of(const struct proc *p, int fd)
{
	return fd > PROC_MAX_FDS ? vm_object_find(&p->k.host->vm,
	    (uint32_t)(fd - PROC_MAX_FDS)) : NULL;
}

static int64_t
open_file(struct proc *p, const struct sys_call *call)
{
	struct vm *vm = &p->k.host->vm;
	struct vm_object *file;

	if (call->file == 0)
		return SYS_EINVAL;
	if (vm_object_find(vm, call->file) == NULL) {
		if (call->len <= 0)
			return SYS_ENOENT;
		file = vm_object_new(vm, VM_OBJECT_FILE, call->file,
		    pages_of(call->len));
		file->disk_page = host_disk_extent(p->k.host, call->len);
		vm_object_fill(file);
	}
	return PROC_MAX_FDS + (int64_t)call->file;
}

static int64_t
map_file(struct proc *p, const struct sys_call *call)
{
	struct vm_object *file = file_of(p, call->fd);
	uint64_t offset = call->offset / PAGE_SIZE;

	if (file == NULL)
		return SYS_EBADF;
	if (call->offset % PAGE_SIZE != 0 || offset > file->n_pages ||
	    pages_of(call->len) > file->n_pages - offset)
		return SYS_EINVAL;
	return (int64_t)vm_map_object(&p->space, file, offset,
	    pages_of(call->len), call->map == SYS_MAP_SHARED);
}

static int64_t
map_shared_anon(struct proc *p, const struct sys_call *call)
{
	struct vm_object *object = vm_object_new(&p->k.host->vm,
	    VM_OBJECT_ANON, 0, pages_of(call->len));
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
	if (vm_find_entry(&p->space, call->addr) == NULL)
		return SYS_EINVAL;
	vm_unmap(&p->space, call->addr, &p->k.cost, &p->k.host->costs);
	return 0;
}

static int64_t
truncate_file(struct proc *p, const struct sys_call *call)
{
	struct vm_object *file = file_of(p, call->fd);

	if (file == NULL)
		return SYS_EBADF;
	if (call->len < 0 || pages_of(call->len) > file->n_pages)
		return SYS_EINVAL;
	vm_object_truncate(file, pages_of(call->len), &p->k.cost,
	    &p->k.host->costs);
	return 0;
}

static int64_t
fork(struct proc *p, const struct sys_call *call)
{
	if (call->child == NULL || call->child->state != PROC_IN_PROGRAM ||
	    call->child->space.entries != NULL)
		return SYS_EINVAL;
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
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, wire_next);
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
	case SYS_OPEN:
		answer(p, open_file(p, call));
		return;
	case SYS_MMAP:
		answer(p, map(p, call));
		return;
	case SYS_MUNMAP:
		answer(p, unmap(p, call));
		return;
	case SYS_TRUNCATE:
		answer(p, truncate_file(p, call));
		return;
	case SYS_MLOCK:
		lock(p, call);
		return;
	case SYS_MUNLOCK:
		answer(p, unlock(p, call));
		return;
	case SYS_FORK:
		answer(p, fork(p, call));
		return;
	default:
		CHECK(false, "a call about memory");
	}
}
