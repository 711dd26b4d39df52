#include "tests/support/sendfile_rig.h"

#include "models/kern/syscall.h"
#include "tests/support/machine.h"

struct sendfile_rig sf;

void
sf_setup(void)
{
	sf.config = writer_config(false);
}

void
sf_teardown(void)
{
	writer_audit(sf.w.host, "at the end");
	writer_fini(&sf.w);
}

void
sf_begin(int n_procs, int64_t sndbuf, bool is_cached)
{
	writer_init(&sf.w, &sf.config, n_procs, sndbuf, PAGE_SIZE);
	host_add_file(sf.w.host, 1, SF_BYTES, is_cached);
	sf.object = vm_object_find(&sf.w.host->vm, 1);
	sf.fd = (int)crank_call(&sf.w.crank, 0,
	    (struct sys_call){.nr = SYS_OPEN, .file = 1});
	writer_mark(&sf.w);
}

struct sys_call
sf_sending(int64_t offset, int64_t len)
{
	return (struct sys_call){.nr = SYS_SENDFILE, .fd = sf.w.fd,
	    .file_fd = sf.fd, .offset = offset, .len = len};
}

int64_t
sf_call(struct sys_call what)
{
	return crank_call(&sf.w.crank, 0, what);
}
