#include "models/kern/pager.h"

#include <string.h>

#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

static void get_done(struct kctx *k, struct buf *bp);
static void put_done(struct kctx *k, struct buf *bp);

void
pager_init(struct pager *pager, const struct pager_config *config)
{
	memset(pager, 0, sizeof *pager);
	pager->config = *config;
	pool_init(&pager->ios, "transfers", sizeof(struct pager_io));
}

void
pager_fini(struct pager *pager)
{
	pool_fini(&pager->ios);
}

/*
 * Transfers
 */
static struct pager_io *
new_io(struct kctx *k, struct vm_object *object, uint64_t first,
    void (*iodone)(struct kctx *, struct buf *))
{
	struct pager_io *io = pool_get(&k->host->pager.ios);
	struct pager_io **link = &k->io;

	while (*link != NULL)
		link = &(*link)->next;
	*link = io;
	io->object = object;
	io->buf.b_iodone = iodone;
	io->buf.b_request.sector =
	    (int64_t)(object->disk_page + first) * PAGER_SECTORS;
	kctx_op(k, OP_DISK_START, 1);
	return io;
}

static void
add_page(struct kctx *k, struct pager_io *io, struct vm_page *page)
{
	CHECK(page->busy == NULL, "a page is in one transfer at a time");
	page->busy = io;
	io->pages[io->n_pages++] = page;
	io->buf.b_request.n_sectors += PAGER_SECTORS;
	kctx_op(k, OP_PAGE_IO, 1);
}

void
pager_start(struct kctx *k)
{
	struct pager_io *io = k->io;

	k->io = NULL;
	while (io != NULL) {
		struct pager_io *next = io->next;

		wdstrategy(k->host, &io->buf);
		io = next;
	}
}

/* The transfer ends for a page. => false: its file has let go of it */
static bool
unbusy(struct vm *vm, struct vm_page *page)
{
	page->busy = NULL;
	if (vm_page_is_owned(page))
		return true;
	if (page->loan_count == 0)
		vm_page_free(vm, page);
	return false;
}

static void
end_io(struct kctx *k, struct pager_io *io)
{
	proc_wakeup(&io->waiters, k);
	pool_put(&k->host->pager.ios, io);
}

/*
 * Reading: genfs_getpages()
 */
static void
get_done(struct kctx *k, struct buf *bp)
{
	struct pager_io *io = (struct pager_io *)bp;
	struct vm *vm = &k->host->vm;

	for (uint32_t i = 0; i < io->n_pages; i++) {
		struct vm_page *page = io->pages[i];

		mem_replaced(&k->host->costs, &page->mem);
		if (unbusy(vm, page))
			vm_page_activate(vm, page);
	}
	end_io(k, io);
}

static int64_t
n_absent(const struct vm_object *object, uint64_t from, uint64_t to)
{
	int64_t n = 0;

	for (uint64_t i = from; i < to; i++)
		n += object->pages[i] == NULL;
	return n;
}

/* Is there room for what nobody waits for? */
static bool
is_room(const struct vm *vm, int64_t n_pages)
{
	return vm_has_free(vm, PAGER_RESERVE + n_pages);
}

/* => how many pages were not there */
static int64_t
read_range(struct kctx *k, struct vm_object *object, uint64_t from,
    uint64_t to, bool is_ahead)
{
	struct pager_stats *stats = &k->host->pager.stats;
	struct pager_io *io = NULL;
	int64_t n = 0;

	for (uint64_t i = from; i < to; i++) {
		struct vm_page *page;

		if (object->pages[i] != NULL) {
			io = NULL;
			continue;
		}
		if (io == NULL || io->n_pages == PAGER_MAX_PAGES) {
			io = new_io(k, object, i, get_done);
			stats->n_reads++;
		}
		page = vm_object_page_in(object, i);
		vm_page_dequeue(&k->host->vm, page);
		page->is_ahead = is_ahead;
		add_page(k, io, page);
		n++;
	}
	stats->n_pages_read += n;
	return n;
}

bool
pager_read_ahead(struct kctx *k, struct vm_object *object, uint64_t end)
{
	uint64_t n_ahead = (uint64_t)k->host->pager.config.read_ahead;
	uint64_t to = end + n_ahead < object->n_pages ? end + n_ahead :
	    object->n_pages;
	int64_t n = 0;

	if (end % PAGER_MAX_PAGES != 0 || k->host->is_stopped)
		return false;
	for (; end < to; end += PAGER_MAX_PAGES) {
		uint64_t next = end + PAGER_MAX_PAGES < to ?
		    end + PAGER_MAX_PAGES : to;

		if (!is_room(&k->host->vm, n_absent(object, end, next)))
			break;
		n += read_range(k, object, end, next, true);
	}
	k->host->pager.stats.n_ahead += n;
	return n > 0;
}

bool
pager_get(struct kctx *k, struct vm_object *object, uint64_t first, uint64_t n,
    bool is_sequential)
{
	uint64_t mask = (uint64_t)k->host->pager.config.fs_bsize - 1;
	uint64_t from = first & ~mask, to = (first + n + mask) & ~mask;

	CHECK(n > 0 && first + n <= object->n_pages,
	    "what is read lies in its file");
	if (!vm_has_free(&k->host->vm, n_absent(object, first, first + n)))
		return false;
	if (to > object->n_pages)
		to = object->n_pages;
	if (!is_room(&k->host->vm, n_absent(object, from, to))) {
		from = first;
		to = first + n;
	}
	CHECK(read_range(k, object, from, to, false) > 0,
	    "what is asked for is not there");
	if (is_sequential)
		pager_read_ahead(k, object, to);
	return true;
}

/*
 * Writing: genfs_putpages()
 */
static bool
is_written(struct kctx *k, struct pager_io *io, struct vm_page *page)
{
	struct vm *vm = &k->host->vm;

	vm->n_paging -= page == io->to_free;
	if (!unbusy(vm, page))
		return false;
	io->object->content[page->index] = page->version;
	return true;
}

static void
put_done(struct kctx *k, struct buf *bp)
{
	struct pager_io *io = (struct pager_io *)bp;
	struct vm *vm = &k->host->vm;

	for (uint32_t i = 0; i < io->n_pages; i++) {
		struct vm_page *page = io->pages[i];

		if (!is_written(k, io, page))
			continue;
		if (page == io->to_free && page->loan_count == 0) {
			vm_page_disown(vm, page);
			vm->stats.n_page_outs++;
		} else
			vm_page_requeue(vm, page);
	}
	if (--io->object->n_output == 0)
		proc_wakeup(&k->host->pager.written, k);
	end_io(k, io);
}

/* Nobody may store to it, and what was stored has to be in memory. */
static void
prepare(struct kctx *k, struct vm_page *page)
{
	struct mem_range range = {&page->mem, 0, PAGE_SIZE, MEM_USER};

	if (pmap_page_is_writable(page)) {
		cost_op_as(&k->cost, &k->host->costs, OP_PAGE_PROTECT, 1,
		    CAUSE_PAGER);
		mem_clean_alias(&k->cost, &k->host->costs, range);
		pmap_page_protect(page);
	}
	range.view = MEM_KERNEL;
	if (!k->host->config.dma_is_coherent)
		mem_clean(&k->cost, &k->host->costs, range);
	vm_page_dequeue(&k->host->vm, page);
}

static bool
is_to_write(const struct vm_object *object, uint64_t index)
{
	const struct vm_page *page = object->pages[index];

	return page != NULL && page->busy == NULL && vm_page_is_dirty(page);
}

void
pager_put(struct kctx *k, struct vm_page *page, bool frees)
{
	struct vm_object *object = page->object;
	uint64_t first = page->index, end;
	struct pager_io *io;

	CHECK(is_to_write(object, first),
	    "a page is written that is stored to");
	while (first > 0 && page->index - first < PAGER_MAX_PAGES / 2 &&
	    is_to_write(object, first - 1))
		first--;
	end = first + PAGER_MAX_PAGES < object->n_pages ?
	    first + PAGER_MAX_PAGES : object->n_pages;
	io = new_io(k, object, first, put_done);
	io->buf.b_request.is_write = true;
	for (uint64_t i = first; i < end && is_to_write(object, i); i++) {
		prepare(k, object->pages[i]);
		add_page(k, io, object->pages[i]);
	}
	if (frees) {
		io->to_free = page;
		k->host->vm.n_paging++;
	}
	object->n_output++;
	k->host->pager.stats.n_writes++;
	k->host->pager.stats.n_pages_written += io->n_pages;
}
