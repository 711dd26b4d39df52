#include "models/kern/filecalls.h"

#include "models/base/check.h"
#include "models/host.h"

static void
returned(struct kctx *k)
{
	proc_return(proc_of(k), proc_of(k)->result);
}

static void
answer(struct proc *p, int64_t result)
{
	p->result = result;
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, returned);
}

/* A descriptor of a file that is there. => or an error */
static int64_t
open_object(struct proc *p, struct vm_object *object)
{
	struct file *file;
	int fd = fd_open(p, &file);

	vm_object_hold(object);
	file->f_object = object;
	return fd;
}

static int64_t
open_file(struct proc *p, const struct sys_call *call)
{
	struct vm_object *object = vm_object_find(&p->k.host->vm, call->file);
	int64_t no_file = fd_ask(p);

	kctx_op(&p->k, OP_OPEN, 1);
	if (no_file != 0)
		return no_file;
	if (call->file == 0 || object == NULL)
		return SYS_ENOENT;
	return open_object(p, object);
}

/* O_CREAT | O_TRUNC, with a place on the disk if it had none of that size. */
static int64_t
creat_file(struct proc *p, const struct sys_call *call)
{
	struct host *host = p->k.host;
	struct vm_object *object = vm_object_find(&host->vm, call->file);
	int64_t no_file = fd_ask(p);

	kctx_op(&p->k, OP_OPEN, 1);
	if (no_file != 0)
		return no_file;
	if (call->file == 0 || call->len < 0)
		return SYS_EINVAL;
	if (object == NULL)
		object = vm_object_new(&host->vm, VM_OBJECT_FILE, call->file,
		    0);
	vm_object_truncate(object, 0, &p->k.cost, &host->costs);
	if (call->len > object->most_bytes) {
		vm_object_reserve(object, call->len);
		object->disk_page = host_disk_extent(host, call->len);
	}
	return open_object(p, object);
}

static int64_t
truncate_file(struct proc *p, struct file *file, const struct sys_call *call)
{
	if (call->len < 0 || call->len > file->f_object->bytes)
		return SYS_EINVAL;
	vm_object_truncate(file->f_object, call->len, &p->k.cost,
	    &p->k.host->costs);
	return 0;
}

static int64_t
seek(struct file *file, const struct sys_call *call)
{
	if (call->offset < 0)
		return SYS_EINVAL;
	file->f_offset = call->offset;
	return call->offset;
}

static void
sync_step(struct kctx *k)
{
	struct proc *p = proc_of(k);

	if (k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else if (!memory_waits_for_write_back(k, p->call.file->f_object,
	    sync_step))
		proc_return(p, 0);
}

static void
sync_file(struct proc *p, struct file *file)
{
	p->call.file = file;
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, sync_step);
}

static int64_t
stat_file(struct proc *p, const struct file *file)
{
	kctx_op(&p->k, OP_FSTAT, 1);
	return file->f_object->bytes;
}

/* Calls with a descriptor, which has to be a file's. */
static void
call_on(struct proc *p, struct file *file, const struct sys_call *call)
{
	if (file == NULL)
		answer(p, SYS_EBADF);
	else if (file->f_object == NULL)
		answer(p, SYS_ESPIPE);
	else if (call->nr == SYS_FSTAT)
		answer(p, stat_file(p, file));
	else if (call->nr == SYS_LSEEK)
		answer(p, seek(file, call));
	else if (call->nr == SYS_TRUNCATE)
		answer(p, truncate_file(p, file, call));
	else
		sync_file(p, file);
}

void
filecall(struct proc *p, const struct sys_call *call)
{
	switch ((int)call->nr) {
	case SYS_OPEN:
		answer(p, open_file(p, call));
		return;
	case SYS_CREAT:
		answer(p, creat_file(p, call));
		return;
	case SYS_FSTAT:
	case SYS_LSEEK:
	case SYS_TRUNCATE:
	case SYS_FSYNC:
		call_on(p, fd_file(p, call->fd), call);
		return;
	default:
		CHECK(false, "a call about files");
	}
}
