#include "models/base/hostmem.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

void (*hostmem_advise)(void *memory, size_t bytes);

void *
hostmem_zeroed(size_t bytes, const char *what)
{
	size_t align = bytes < HOSTMEM_HUGE ? HOSTMEM_LINE : HOSTMEM_HUGE;
	void *memory;

	bytes = hostmem_rounded(bytes, align);
	memory = aligned_alloc(align, bytes);
	CHECK(memory != NULL, what);
	if (align == HOSTMEM_HUGE && hostmem_advise != NULL)
		hostmem_advise(memory, bytes);
	return memset(memory, 0, bytes);
}
