#include "models/vm/page.h"

#include <stddef.h>
#include <string.h>

#include "models/base/check.h"
#include "models/vm/anon.h"
#include "models/vm/object.h"
#include "models/vm/pageout.h"

void
vm_init(struct vm *vm)
{
	memset(vm, 0, sizeof *vm);
	pool_init_kept(&vm->pages, "pages", sizeof(struct vm_page),
	    offsetof(struct vm_page, mem));
	pool_init(&vm->anons, "anons", sizeof(struct vm_anon));
}

void
vm_fini(struct vm *vm)
{
	while (vm->objects != NULL)
		vm_object_free(vm->objects);
	pool_fini(&vm->anons);
	pool_fini(&vm->pages);
}

void
vm_configure(struct vm *vm, const struct vm_config *config)
{
	CHECK(vm->pages.n_gets == 0, "memory has its size from the start");
	vm->config = *config;
}

static int64_t
n_free(const struct vm *vm)
{
	return vm->config.n_pages - (int64_t)pool_in_use(&vm->pages);
}

bool
vm_has_free(const struct vm *vm, int64_t n)
{
	return vm->config.n_pages == 0 || vm->is_over || n_free(vm) >= n;
}

struct vm_page *
vm_page_alloc(struct vm *vm, struct vm_anon *anon)
{
	struct vm_page *page;

	CHECK(vm_has_free(vm, 1), "who takes a page has asked for it");
	page = pool_get(&vm->pages);
	page->mem.bytes = PAGE_SIZE;
	page->anon = anon;
	vm_page_stored(vm, page);
	if (vm->on_low != NULL && vm->config.n_pages > 0 &&
	    n_free(vm) < vm->config.freetarg)
		vm->on_low(vm->arg);
	return page;
}

struct vm_page *
vm_page_alloc_in(struct vm *vm, struct vm_object *object, uint64_t index)
{
	struct vm_page *page = vm_page_alloc(vm, NULL);

	vm_object_insert(object, index, page);
	return page;
}

void
vm_page_free(struct vm *vm, struct vm_page *page)
{
	CHECK(!vm_page_is_owned(page) && page->mappings == NULL &&
	    page->busy == NULL, "a free page is nobody's");
	vm_page_dequeue(vm, page);
	pool_put(&vm->pages, page);
	if (vm->on_free != NULL)
		vm->on_free(vm->arg);
}

void
vm_page_disown(struct vm *vm, struct vm_page *page)
{
	CHECK(vm_page_is_owned(page), "an owner lets go once");
	if (page->object != NULL)
		page->object->pages[page->index] = NULL;
	page->anon = NULL;
	page->object = NULL;
	if (page->busy != NULL)
		return;
	if (page->loan_count == 0 || vm->config.hazards.free_loaned)
		vm_page_free(vm, page);
}

bool
vm_page_is_dirty(const struct vm_page *page)
{
	return page->object != NULL && page->object->kind == VM_OBJECT_FILE &&
	    page->version != page->object->content[page->index];
}

void
vm_page_stored(struct vm *vm, struct vm_page *page)
{
	page->version = ++vm->next_version;
}
