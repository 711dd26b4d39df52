/*
 * The audit of descriptors, open files and what they refer to.
 */
#include "models/audit.h"

struct counts {
	int64_t descriptors;	/* that open files say that there are */
	int64_t objects;	/* open files that are files */
};

static void
count_file(const void *object, void *arg)
{
	const struct file *file = object;
	struct counts *counts = arg;

	counts->descriptors += file->f_count;
	counts->objects += file->f_object != NULL;
}

static int64_t
count_mappings(const struct vm_space *space)
{
	int64_t n = 0;

	for (const struct vm_entry *e = space->entries; e != NULL; e = e->next)
		n += e->object != NULL;
	return n;
}

static int64_t
pages_beyond(const struct vm_object *object)
{
	uint64_t most = round_page((uint64_t)object->most_bytes) / PAGE_SIZE;
	int64_t n = 0;

	for (uint64_t i = object->n_pages; i < most; i++)
		n += object->pages[i] != NULL;
	return n;
}

/* Files have a reference for themselves, and so has the page of zeroes. */
static void
audit_objects(const struct host *host, int64_t n_references,
    struct audit *audit)
{
	int64_t n = 0, n_beyond = 0;

	for (const struct vm_object *o = host->vm.objects; o != NULL;
	    o = o->next) {
		n += o->refs;
		n_beyond += pages_beyond(o);
		n_references += o->kind == VM_OBJECT_FILE ||
		    o == host->vm.zero_object;
	}
	audit_equal(audit, "references of files = mappings + open files", n,
	    n_references);
	audit_equal(audit, "pages of files lie within them", 0, n_beyond);
}

void
files_audit_running(const struct host *host, struct audit *audit)
{
	struct counts counts = {0};
	int64_t n_open = 0, n_mappings = 0;

	for (const struct proc *p = host->procs; p != NULL; p = p->next) {
		n_open += p->fd.n_open;
		n_mappings += count_mappings(&p->space);
	}
	pool_each(&host->files, count_file, &counts);
	audit_equal(audit, "descriptors = those of open files", n_open,
	    counts.descriptors);
	audit_objects(host, n_mappings + counts.objects, audit);
}
