#include "models/vm/pageout.h"

#include "models/vm/object.h"
#include "models/vm/pmap.h"

static void
append(struct vm *vm, struct vm_page *page, enum vm_queue queue)
{
	struct vm_page_list *list = &vm->queues[queue];

	page->queue = queue;
	page->newer = NULL;
	page->older = list->newest;
	if (list->newest != NULL)
		list->newest->newer = page;
	else
		list->oldest = page;
	list->newest = page;
	list->n++;
}

void
vm_page_dequeue(struct vm *vm, struct vm_page *page)
{
	struct vm_page_list *list = &vm->queues[page->queue];

	if (page->queue == VM_QUEUE_NONE)
		return;
	if (page->newer != NULL)
		page->newer->older = page->older;
	else
		list->newest = page->older;
	if (page->older != NULL)
		page->older->newer = page->newer;
	else
		list->oldest = page->newer;
	list->n--;
	page->queue = VM_QUEUE_NONE;
}

static void
enqueue(struct vm *vm, struct vm_page *page, enum vm_queue queue)
{
	if (page->object == NULL || page->object->kind != VM_OBJECT_FILE)
		return;
	vm_page_dequeue(vm, page);
	if (page->loan_count == 0 && page->wire_count == 0 &&
	    page->busy == NULL)
		append(vm, page, queue);
}

void
vm_page_activate(struct vm *vm, struct vm_page *page)
{
	enqueue(vm, page, VM_QUEUE_ACTIVE);
}

void
vm_page_requeue(struct vm *vm, struct vm_page *page)
{
	enqueue(vm, page, page->mappings != NULL ? VM_QUEUE_ACTIVE :
	    VM_QUEUE_INACTIVE);
}

bool
vm_pageout_can(const struct vm *vm)
{
	return vm->queues[VM_QUEUE_ACTIVE].n + vm->queues[VM_QUEUE_INACTIVE].n >
	    0;
}

/* Without its mappings it is either asked for again, or it goes. */
static void
deactivate(struct vm *vm, struct vm_page *page, struct cost *cost,
    const struct cost_model *model)
{
	vm_page_dequeue(vm, page);
	if (page->mappings != NULL)
		cost_op_as(cost, model, OP_PAGE_PROTECT, 1, CAUSE_FAULT);
	pmap_page_remove(page, cost, model);
	append(vm, page, VM_QUEUE_INACTIVE);
}

static void
refill_inactive(struct vm *vm, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page_list *active = &vm->queues[VM_QUEUE_ACTIVE];
	struct vm_page_list *inactive = &vm->queues[VM_QUEUE_INACTIVE];

	while (active->n > 0 && inactive->n <= active->n / 2)
		deactivate(vm, active->oldest, cost, model);
}

/* => false: it has been stored to, and is free later, or stays */
static bool
take(struct vm *vm, struct vm_page *page)
{
	vm_page_dequeue(vm, page);
	if (vm_page_is_dirty(page)) {
		if (vm->page_out != NULL)
			vm->page_out(vm->arg, page);
		return false;
	}
	vm_page_disown(vm, page);
	vm->stats.n_page_outs++;
	return true;
}

int64_t
vm_pageout(struct vm *vm, struct cost *cost, const struct cost_model *model)
{
	int64_t target = vm->n_wanted > vm->config.freetarg ?
	    vm->n_wanted : vm->config.freetarg;
	int64_t n = 0;

	while (!vm_has_free(vm, target - vm->n_paging)) {
		refill_inactive(vm, cost, model);
		if (vm->queues[VM_QUEUE_INACTIVE].n == 0)
			break;
		n += take(vm, vm->queues[VM_QUEUE_INACTIVE].oldest);
	}
	return n;
}
