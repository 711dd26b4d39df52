#define _DEFAULT_SOURCE
#include "sim/run/huge_pages.h"

#include <sys/mman.h>

#include "models/base/hostmem.h"

#ifdef MADV_HUGEPAGE
static void
advise(void *memory, size_t bytes)
{
	/* advice: that it is refused changes nothing */
	(void)madvise(memory, bytes, MADV_HUGEPAGE);
}
#endif

void
huge_pages_use(void)
{
#ifdef MADV_HUGEPAGE
	hostmem_advise = advise;
#endif
}
