/*
 * What the parts of vm_random share.
 */
#ifndef TESTS_SUPPORT_VM_RANDOM_OWN_H
#define TESTS_SUPPORT_VM_RANDOM_OWN_H

#include "tests/support/bench.h"
#include "tests/support/vm_random.h"
#include "tests/support/vm_reference.h"

struct vmr {
	struct bench bench;
	struct reference ref;
	struct vm_object *files[REF_FILES];
	struct vm_random_seen *seen;
};

extern struct vmr vmr;

/* vmr_draw: 0 .. n - 1 */
int vmr_draw(int n);

/* vmr_bind: the reference's page is the model's. */
void vmr_bind(int page, const struct vm_page *real);
void vmr_check_page(int page, const struct vm_page *real);

/* vmr_get_room: => false: there is none, leave the operation out */
bool vmr_get_room(int n_pages);

/* Operations on files: vm_random_files.c */
void vmr_new_file(int f);
void vmr_truncate(int f);
void vmr_write(int f);

#endif
