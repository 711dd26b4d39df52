/*
 * Random operations on files: new ones, cut ones, and what write(2) does.
 */
#include "tests/support/vm_random_own.h"

/* What write(2) does to a page of a file that is in memory. */
void
vmr_write(int f)
{
	int i = vmr_draw(REF_REGION_PAGES);
	struct vm_page *page;

	if (i >= vmr.ref.files[f].n || !vmr_get_room(1) ||
	    vmr.ref.files[f].page[i] == REF_NONE)
		return;
	page = vmr.files[f]->pages[i];
	if (page->loan_count > 0) {
		page = vm_object_replace(vmr.files[f], (uint64_t)i,
		    &vmr.bench.cost, &vmr.bench.unbooked);
		vmr.seen->writes++;
	}
	vmr_bind(ref_for_write(&vmr.ref, f, i), page);
	vm_page_stored(&vmr.bench.vm, page);
	vmr.ref.pages[vmr.ref.files[f].page[i]].content = page->version;
	vmr_check_page(vmr.ref.files[f].page[i], page);
}

void
vmr_new_file(int f)
{
	struct ref_file *file = &vmr.ref.files[f];

	if (vmr.files[f] != NULL && vmr.files[f]->refs > 1)
		return;
	if (vmr.files[f] != NULL)
		vm_object_free(vmr.files[f]);
	*file = (struct ref_file){.n = 1 + vmr_draw(REF_REGION_PAGES)};
	vmr.files[f] = vm_object_new(&vmr.bench.vm, VM_OBJECT_FILE,
	    (uint32_t)f + 1, file->n * (int64_t)PAGE_SIZE);
	for (int i = 0; i < file->n; i++)
		file->disk[i] = vmr.files[f]->content[i];
}

void
vmr_truncate(int f)
{
	int n = vmr_draw(REF_REGION_PAGES);

	if (vmr.ref.files[f].n > n && vmr_draw(4) == 0) {
		vm_object_truncate(vmr.files[f], n * (int64_t)PAGE_SIZE,
		    &vmr.bench.cost, &vmr.bench.unbooked);
		ref_truncate(&vmr.ref, f, n);
	} else if (vmr.ref.files[f].n <= n) {
		ref_truncate(&vmr.ref, f, 0);
		vm_object_truncate(vmr.files[f], 0, &vmr.bench.cost,
		    &vmr.bench.unbooked);
		vmr_new_file(f);
	}
}
