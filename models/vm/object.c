#include "models/vm/object.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/vm/pageout.h"
#include "models/vm/pmap.h"

static uint64_t
pages_of(int64_t bytes)
{
	return ((uint64_t)bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

static struct vm_object **
bucket_of(struct vm *vm, uint32_t name)
{
	return &vm->files[name % VM_FILE_BUCKETS];
}

/* Room for n entries more than there were, zero. */
static void *
more(void *array, size_t entry_bytes, uint64_t from, uint64_t to)
{
	char *grown = realloc(array, (to > 0 ? to : 1) * entry_bytes);

	CHECK(grown != NULL, "memory for the pages of an object");
	memset(grown + from * entry_bytes, 0, (to - from) * entry_bytes);
	return grown;
}

void
vm_object_reserve(struct vm_object *object, int64_t most_bytes)
{
	uint64_t from = pages_of(object->most_bytes);
	uint64_t to = pages_of(most_bytes);

	CHECK(most_bytes >= object->most_bytes, "room is not taken away");
	object->pages = more(object->pages, sizeof *object->pages, from, to);
	object->content = more(object->content, sizeof *object->content, from,
	    to);
	object->most_bytes = most_bytes;
}

void
vm_object_extend(struct vm_object *object, int64_t bytes)
{
	CHECK(bytes >= object->bytes && bytes <= object->most_bytes,
	    "a file grows within its room");
	object->bytes = bytes;
	object->n_pages = pages_of(bytes);
}

static void
link_object(struct vm *vm, struct vm_object *object)
{
	object->next = vm->objects;
	if (object->next != NULL)
		object->next->prev = object;
	vm->objects = object;
	if (object->kind == VM_OBJECT_FILE) {
		struct vm_object **bucket = bucket_of(vm, object->name);

		object->next_alike = *bucket;
		*bucket = object;
	}
}

static void
unlink_object(struct vm *vm, struct vm_object *object)
{
	struct vm_object **link = bucket_of(vm, object->name);

	if (object->next != NULL)
		object->next->prev = object->prev;
	if (object->prev != NULL)
		object->prev->next = object->next;
	else
		vm->objects = object->next;
	if (object->kind != VM_OBJECT_FILE)
		return;
	while (*link != object)
		link = &(*link)->next_alike;
	*link = object->next_alike;
}

struct vm_object *
vm_object_new(struct vm *vm, enum vm_object_kind kind, uint32_t name,
    int64_t bytes)
{
	struct vm_object *object = calloc(1, sizeof *object);

	CHECK(object != NULL, "memory for an object");
	CHECK(bytes > 0 || (bytes == 0 && kind == VM_OBJECT_FILE),
	    "memory has pages");
	object->vm = vm;
	object->kind = kind;
	object->name = name;
	object->refs = 1;
	vm_object_reserve(object, bytes);
	vm_object_extend(object, bytes);
	if (kind == VM_OBJECT_FILE)
		for (uint64_t i = 0; i < object->n_pages; i++)
			object->content[i] = ++vm->next_version;
	link_object(vm, object);
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
	unlink_object(object->vm, object);
	disown_pages(object, 0);
	free(object->pages);
	free(object->content);
	free(object);
}

struct vm_object *
vm_object_find(const struct vm *vm, uint32_t name)
{
	struct vm_object *object = vm->files[name % VM_FILE_BUCKETS];

	while (object != NULL && object->name != name)
		object = object->next_alike;
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

struct vm_page *
vm_object_replace(struct vm_object *object, uint64_t index, struct cost *cost,
    const struct cost_model *model)
{
	struct vm_page *old = object->pages[index];
	struct vm_page *page = vm_page_alloc(object->vm, NULL);

	CHECK(old->wire_count == 0, "what is wired is not on loan");
	pmap_copy_page(old, page, cost, model);
	pmap_page_remove(old, cost, model);
	vm_page_disown(object->vm, old);
	vm_object_insert(object, index, page);
	object->vm->stats.n_cow_faults++;
	return page;
}

void
vm_object_truncate(struct vm_object *object, int64_t bytes,
    struct cost *cost, const struct cost_model *model)
{
	uint64_t n_pages = pages_of(bytes);

	if (bytes >= object->bytes)
		return;
	for (uint64_t i = n_pages; i < object->n_pages; i++)
		if (object->pages[i] != NULL)
			pmap_page_remove(object->pages[i], cost, model);
	disown_pages(object, n_pages);
	memset(object->content + n_pages, 0,
	    (object->n_pages - n_pages) * sizeof *object->content);
	object->bytes = bytes;
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
