#include "models/kern/fileio.h"

#include "models/base/min.h"
#include "models/host.h"
#include "models/kern/memory.h"
#include "models/kern/syscall.h"
#include "models/kern/trap.h"
#include "models/vm/fault.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

static void read_next(struct kctx *k);
static void write_next(struct kctx *k);

void
file_window_cost(struct kctx *k, int64_t offset, uint32_t len)
{
	kctx_op(k, OP_UBC_WINDOW, 1);
	kctx_op(k, OP_UBC_PAGE, (int64_t)file_pages(offset, len));
	kctx_op(k, OP_UIOMOVE, 1);
}

static void
finish(struct kctx *k, int64_t result)
{
	struct proc *p = proc_of(k);

	proc_return(p, p->call.done > 0 ? p->call.done : result);
}

static struct vm_page *
page_of(const struct proc *p, int64_t offset)
{
	return p->call.file->f_object->pages[offset / PAGE_SIZE];
}

/* The stretch at an offset of the window that lies in one page of each side. */
static uint32_t
stretch_bytes(const struct proc *p, uint32_t off, uint32_t len)
{
	uint64_t here = (uint64_t)p->call.offset + off;
	uint64_t there = p->call.addr + off;
	uint32_t n = min_u32(PAGE_SIZE - (uint32_t)(here % PAGE_SIZE),
	    PAGE_SIZE - (uint32_t)(there % PAGE_SIZE));

	return min_u32(n, len - off);
}

/* The program's side is there and mapped. => false: it has no such memory */
static bool
fault_in(struct kctx *k, uint32_t len, bool is_store)
{
	struct proc *p = proc_of(k);
	uint64_t end = p->call.addr + len;

	for (uint64_t va = trunc_page(p->call.addr); va < end;
	    va += PAGE_SIZE) {
		struct vm_slot *slot = vm_find_slot(&p->space, va);

		if (slot == NULL)
			return false;
		vm_fault(&k->host->vm, slot, vm_fault_kind(slot, is_store),
		    &k->cost, &k->host->costs);
	}
	return true;
}

/* From the program's page to the file's, or the other way. */
static void
copy_stretch(struct kctx *k, uint32_t off, uint32_t n, bool is_write)
{
	struct proc *p = proc_of(k);
	int64_t offset = p->call.offset + off;
	uint64_t va = p->call.addr + off;
	struct mem_range file = {&page_of(p, offset)->mem,
	    (uint32_t)(offset % PAGE_SIZE), n, MEM_KERNEL};
	struct mem_range user = {&vm_find_slot(&p->space, va)->page->mem,
	    (uint32_t)(va % PAGE_SIZE), n, MEM_USER};

	if (is_write)
		mem_copy(&k->cost, &k->host->costs, CAUSE_COPYIN, user, file);
	else
		mem_copy(&k->cost, &k->host->costs, CAUSE_COPYOUT, file, user);
}

/* ubc_alloc(), uiomove(), ubc_release() */
static void
move_window(struct kctx *k, uint32_t len, bool is_write)
{
	struct proc *p = proc_of(k);
	struct vm_page **pages =
	    &p->call.file->f_object->pages[p->call.offset / PAGE_SIZE];
	uint64_t n_pages = file_pages(p->call.offset, len);

	file_window_cost(k, p->call.offset, len);
	for (uint64_t i = 0; i < n_pages; i++)
		pmap_window_open(pages[i], &k->cost, &k->host->costs);
	for (uint32_t off = 0; off < len; off += stretch_bytes(p, off, len))
		copy_stretch(k, off, stretch_bytes(p, off, len), is_write);
	for (uint64_t i = 0; i < n_pages; i++) {
		pmap_window_close(pages[i], is_write, &k->cost,
		    &k->host->costs);
		vm_page_activate(&k->host->vm, pages[i]);
	}
}

static void
advance(struct proc *p, uint32_t n)
{
	p->call.addr += n;
	p->call.offset += n;
	p->call.resid -= n;
	p->call.done += n;
	if (p->call.moves)
		p->call.file->f_offset = p->call.offset;
}

/*
 * read(2)
 */
static uint32_t
read_bytes(const struct proc *p)
{
	return file_window(p->call.offset, p->call.resid);
}

/* A whole page that has become a whole page is that page's equal. */
static void
name_what_was_read(struct kctx *k, uint32_t len)
{
	struct proc *p = proc_of(k);

	for (uint32_t off = 0, n; off < len; off += n) {
		struct vm_slot *slot =
		    vm_find_slot(&p->space, p->call.addr + off);

		n = stretch_bytes(p, off, len);
		if (n == PAGE_SIZE)
			slot->page->version =
			    page_of(p, p->call.offset + off)->version;
		else
			vm_page_stored(&k->host->vm, slot->page);
	}
}

static void
was_read(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t n = read_bytes(p);

	name_what_was_read(k, n);
	advance(p, n);
	p->call.file->f_next = p->call.offset;
	read_next(k);
}

/* What is there of the file may have become less while it slept. */
static void
read_next(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct file *file = p->call.file;
	uint32_t n;

	p->call.resid = min_i64(p->call.resid,
	    file->f_object->bytes - p->call.offset);
	if (p->call.resid <= 0 || k->host->is_stopped) {
		finish(k, p->call.resid <= 0 ? 0 : SYS_ENDED);
		return;
	}
	n = read_bytes(p);
	if (memory_waits(k, p->call.addr, n, true, read_next))
		return;
	if (!fault_in(k, n, true)) {
		finish(k, SYS_EFAULT);
		return;
	}
	if (memory_waits_for_file(k, file->f_object,
	    (uint64_t)p->call.offset / PAGE_SIZE, file_pages(p->call.offset,
	    n), p->call.offset == file->f_next, read_next))
		return;
	move_window(k, n, false);
	kctx_spend(k, SPL_0, was_read);
}

void
file_read(struct proc *p, bool moves)
{
	p->call.done = 0;
	p->call.moves = moves;
	kctx_op(&p->k, OP_FILE_READ, 1);
	trap(p, read_next);
}

/*
 * write(2)
 */
static uint32_t
write_bytes(const struct proc *p)
{
	const struct vm_object *object = p->call.file->f_object;

	return file_window(p->call.offset, min_i64(p->call.resid,
	    object->most_bytes - p->call.offset));
}

/* Of a page that is not in memory, has the disk what is not overwritten? */
static bool
needs_read(const struct proc *p, uint64_t index, uint32_t len)
{
	const struct vm_object *object = p->call.file->f_object;
	int64_t from = (int64_t)index * PAGE_SIZE;
	int64_t end = min_i64(from + PAGE_SIZE, object->bytes);

	return object->content[index] != 0 && (p->call.offset > from ||
	    p->call.offset + len < end);
}

/* => true: a page is being read, or there is none to be had; it waits */
static bool
waits_for_target(struct kctx *k, uint32_t len)
{
	struct proc *p = proc_of(k);
	struct vm_object *object = p->call.file->f_object;
	uint64_t first = (uint64_t)p->call.offset / PAGE_SIZE;
	int64_t n_taken = 0;

	for (uint64_t i = first; i < first + file_pages(p->call.offset, len);
	    i++) {
		const struct vm_page *page = object->pages[i];

		if ((page != NULL || needs_read(p, i, len)) &&
		    memory_waits_for_file(k, object, i, 1, false, write_next))
			return true;
		n_taken += page == NULL || page->loan_count > 0;
	}
	return memory_waits_for_room(k, n_taken, write_next);
}

/* A page to store to: a new one, or a copy of one that is on loan. */
static void
get_target(struct kctx *k, uint64_t index, uint32_t len)
{
	struct proc *p = proc_of(k);
	struct vm_object *object = p->call.file->f_object;
	int64_t from = (int64_t)index * PAGE_SIZE;
	struct vm_page *page = object->pages[index];

	if (page != NULL && page->loan_count == 0)
		return;
	kctx_op(k, OP_PAGE_ALLOC, 1);
	if (page != NULL) {
		vm_object_replace(object, index, &k->cost, &k->host->costs);
		return;
	}
	page = vm_page_alloc_in(&k->host->vm, object, index);
	if (p->call.offset > from || p->call.offset + len < from + PAGE_SIZE)
		pmap_zero_page(page, &k->cost, &k->host->costs);
}

static void
get_targets(struct kctx *k, uint32_t len)
{
	struct proc *p = proc_of(k);
	struct vm_object *object = p->call.file->f_object;
	uint64_t first = (uint64_t)p->call.offset / PAGE_SIZE;

	for (uint64_t i = first; i < first + file_pages(p->call.offset, len);
	    i++)
		get_target(k, i, len);
	if (p->call.offset + len > object->bytes)
		vm_object_extend(object, p->call.offset + len);
}

static void
was_written(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t n = write_bytes(p);

	for (uint64_t i = 0; i < file_pages(p->call.offset, n); i++)
		vm_page_stored(&k->host->vm, page_of(p, p->call.offset +
		    (int64_t)i * PAGE_SIZE));
	advance(p, n);
	write_next(k);
}

static void
write_next(struct kctx *k)
{
	struct proc *p = proc_of(k);
	const struct vm_object *object = p->call.file->f_object;
	uint32_t n;

	if (p->call.resid <= 0 || k->host->is_stopped) {
		finish(k, p->call.resid <= 0 ? 0 : SYS_ENDED);
		return;
	}
	if (p->call.offset >= object->most_bytes) {
		finish(k, SYS_ENOSPC);
		return;
	}
	n = write_bytes(p);
	if (memory_waits(k, p->call.addr, n, false, write_next))
		return;
	if (!fault_in(k, n, false)) {
		finish(k, SYS_EFAULT);
		return;
	}
	if (waits_for_target(k, n))
		return;
	kctx_op(k, OP_BALLOC, 1);
	get_targets(k, n);
	move_window(k, n, true);
	kctx_spend(k, SPL_0, was_written);
}

void
file_write(struct proc *p)
{
	p->call.done = 0;
	p->call.moves = true;
	kctx_op(&p->k, OP_FILE_WRITE, 1);
	trap(p, write_next);
}
