#include "models/vm/anon.h"

#include "models/base/check.h"

struct vm_anon *
vm_anon_new(struct vm *vm)
{
	struct vm_anon *anon = pool_get(&vm->anons);

	anon->refs = 1;
	anon->page = vm_page_alloc(vm, anon);
	return anon;
}

void
vm_anon_hold(struct vm_anon *anon)
{
	CHECK(anon->refs > 0, "an anon that is shared is somebody's");
	anon->refs++;
}

void
vm_anon_drop(struct vm *vm, struct vm_anon *anon)
{
	CHECK(anon->refs > 0, "an anon is dropped once for each reference");
	if (--anon->refs > 0)
		return;
	vm_page_disown(vm, anon->page);
	pool_put(&vm->anons, anon);
}
