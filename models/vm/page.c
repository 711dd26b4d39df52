#include "models/vm/page.h"

#include <string.h>

#include "models/base/check.h"

void
vm_init(struct vm *vm)
{
	memset(vm, 0, sizeof *vm);
	pool_init_kept(&vm->pages, "pages", sizeof(struct vm_page),
	    sizeof(struct mem_object));
}

void
vm_fini(struct vm *vm)
{
	pool_fini(&vm->pages);
}

struct vm_page *
vm_page_alloc(struct vm *vm, struct vm_slot *owner)
{
	struct vm_page *page = pool_get(&vm->pages);

	page->mem.bytes = PAGE_SIZE;
	page->owner = owner;
	vm_page_stored(vm, page);
	return page;
}

void
vm_page_disown(struct vm *vm, struct vm_page *page)
{
	CHECK(page->owner != NULL, "an owner lets go once");
	page->owner = NULL;
	if (page->loan_count == 0)
		pool_put(&vm->pages, page);
}

void
vm_page_stored(struct vm *vm, struct vm_page *page)
{
	page->version = ++vm->next_version;
}
