#include "models/vm/object.h"

#include <stdlib.h>

#include "models/base/check.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

struct vm_object *
vm_object_new(struct vm *vm, enum vm_object_kind kind, uint32_t name,
    uint64_t n_pages)
{
	struct vm_object *object = calloc(1, sizeof *object);

	CHECK(object != NULL && n_pages > 0, "an object has pages");
	object->pages = calloc(n_pages, sizeof *object->pages);
	object->content = calloc(n_pages, sizeof *object->content);
	CHECK(object->pages != NULL && object->content != NULL,
	    "memory for the pages of an object");
	object->vm = vm;
	object->kind = kind;
	object->name = name;
	object->refs = 1;
	object->n_pages = n_pages;
	if (kind == VM_OBJECT_FILE)
		for (uint64_t i = 0; i < n_pages; i++)
			object->content[i] = ++vm->next_version;
	object->next = vm->objects;
	vm->objects = object;
	return object;
}

static void
disown_pages(struct vm_object *object, uint64_t from)
{
	for (uint64_t i = from; i < object->n_pages; i++)
		if (object->pages[i] != NULL)
			vm_page_disown(object->vm, object->pages[i]);
}

void
vm_object_free(struct vm_object *object)
{
	struct vm_object **link = &object->vm->objects;

	while (*link != object)
		link = &(*link)->next;
	*link = object->next;
	disown_pages(object, 0);
	free(object->pages);
	free(object->content);
	free(object);
}

struct vm_object *
vm_object_find(const struct vm *vm, uint32_t name)
{
	struct vm_object *object = vm->objects;

	while (object != NULL && object->name != name)
		object = object->next;
	return object;
}

void
vm_object_hold(struct vm_object *object)
{
	CHECK(object->refs > 0, "an object that is mapped is there");
	object->refs++;
}

void
vm_object_drop(struct vm_object *object)
{
	CHECK(object->refs > 0, "an object is let go once");
	if (--object->refs == 0)
		vm_object_free(object);
}

void
vm_object_insert(struct vm_object *object, uint64_t index,
    struct vm_page *page)
{
	CHECK(object->pages[index] == NULL, "a place in an object has a page");
	page->object = object;
	page->index = index;
	object->pages[index] = page;
	vm_page_activate(object->vm, page);
}

struct vm_page *
vm_object_page_in(struct vm_object *object, uint64_t index)
{
	struct vm_page *page = vm_page_alloc_in(object->vm, object, index);

	page->version = object->content[index];
	object->vm->stats.n_page_ins++;
	return page;
}

void
vm_object_fill(struct vm_object *object)
{
	struct vm *vm = object->vm;

	for (uint64_t i = 0; i < object->n_pages; i++)
		if (object->pages[i] == NULL &&
		    vm_has_free(vm, vm->config.freetarg + 1))
			vm_object_page_in(object, i);
}

void
vm_object_truncate(struct vm_object *object, uint64_t n_pages,
    struct cost *cost, const struct cost_model *model)
{
	if (n_pages >= object->n_pages)
		return;
	for (uint64_t i = n_pages; i < object->n_pages; i++)
		if (object->pages[i] != NULL)
			pmap_page_remove(object->pages[i], cost, model);
	disown_pages(object, n_pages);
	object->n_pages = n_pages;
}

int64_t
vm_objects_pages(const struct vm *vm)
{
	int64_t n = 0;

	for (const struct vm_object *o = vm->objects; o != NULL; o = o->next)
		for (uint64_t i = 0; i < o->n_pages; i++)
			n += o->pages[i] != NULL;
	return n;
}
