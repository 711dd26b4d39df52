#include "models/kern/filecalls.h"

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/fileio.h"
#include "models/kern/trap.h"
#include "models/socket/sendfile.h"

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

/* In the process's turn: who has copied from a page until then is through. */
static void
cut_file(struct kctx *k, struct vm_object *object)
{
	vm_object_truncate(object, proc_of(k)->call.resid, &k->cost,
	    &k->host->costs);
}

/* O_CREAT | O_TRUNC, with a place on the disk if it had none of that size. */
static void
do_creat(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct host *host = k->host;
	struct vm_object *object = vm_object_find(&host->vm, p->call.name);
	int64_t most = p->call.resid, no_file = fd_ask(p);

	if (no_file != 0) {
		proc_return(p, no_file);
		return;
	}
	if (object == NULL)
		object = vm_object_new(&host->vm, VM_OBJECT_FILE,
		    p->call.name, 0);
	p->call.resid = 0;
	cut_file(k, object);
	if (most > object->most_bytes) {
		vm_object_reserve(object, most);
		object->disk_page = host_disk_extent(host, most);
	}
	proc_return(p, open_object(p, object));
}

static void
creat_file(struct proc *p, const struct sys_call *call)
{
	kctx_op(&p->k, OP_OPEN, 1);
	if (call->file == 0 || call->len < 0) {
		trap_answer(p, SYS_EINVAL);
		return;
	}
	p->call.name = call->file;
	p->call.resid = call->len;
	trap(p, do_creat);
}

static void
do_truncate(struct kctx *k)
{
	struct proc *p = proc_of(k);

	cut_file(k, p->call.file->f_object);
	proc_return(p, 0);
}

static void
truncate_file(struct proc *p, struct file *file, const struct sys_call *call)
{
	if (call->len < 0 || call->len > file->f_object->bytes) {
		trap_answer(p, SYS_EINVAL);
		return;
	}
	p->call.file = file;
	p->call.resid = call->len;
	trap(p, do_truncate);
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
	trap(p, sync_step);
}

static int64_t
stat_file(struct proc *p, const struct file *file)
{
	kctx_op(&p->k, OP_FSTAT, 1);
	return file->f_object->bytes;
}

/* read(2), pread(2) and write(2) */
static void
move_bytes(struct proc *p, struct file *file, const struct sys_call *call)
{
	int64_t offset = call->nr == SYS_PREAD ? call->offset :
	    file->f_offset;

	if (call->len <= 0 || offset < 0) {
		trap_answer(p, call->len == 0 && offset >= 0 ? 0 : SYS_EINVAL);
		return;
	}
	p->call.file = file;
	p->call.addr = call->addr;
	p->call.resid = call->len;
	p->call.offset = offset;
	if (call->nr == SYS_WRITE)
		file_write(p);
	else
		file_read(p, call->nr == SYS_READ);
}

/* Calls with a descriptor, which has to be a file's. */
static void
call_on(struct proc *p, struct file *file, const struct sys_call *call)
{
	if (file == NULL)
		trap_answer(p, SYS_EBADF);
	else if (file->f_object == NULL)
		trap_answer(p, SYS_ESPIPE);
	else if (call->nr == SYS_FSTAT)
		trap_answer(p, stat_file(p, file));
	else if (call->nr == SYS_LSEEK)
		trap_answer(p, seek(file, call));
	else if (call->nr == SYS_TRUNCATE)
		truncate_file(p, file, call);
	else if (call->nr == SYS_FSYNC)
		sync_file(p, file);
	else
		move_bytes(p, file, call);
}

static int64_t
why_not_send(const struct proc *p, const struct sys_call *call)
{
	const struct socket *so = fd_socket(p, call->fd);

	if (so == NULL)
		return fd_file(p, call->fd) == NULL ? SYS_EBADF :
		    SYS_ENOTSOCK;
	if (fd_file(p, call->file_fd) == NULL)
		return SYS_EBADF;
	return !fd_is_file(p, call->file_fd) || so_is_atomic(so) ||
	    call->offset < 0 || call->len < 0 || call->header_len < 0 ||
	    call->header_len > SENDFILE_MAX_HEADER ? SYS_EINVAL : 0;
}

static void
send_file(struct proc *p, const struct sys_call *call)
{
	int64_t error = why_not_send(p, call);

	if (error != 0) {
		trap_answer(p, error);
		return;
	}
	p->call.so = fd_socket(p, call->fd);
	p->call.file = fd_file(p, call->file_fd);
	p->call.offset = call->offset;
	p->call.addr = call->header_addr;
	p->call.send.kernel_header = call->header_len > 0 &&
	    call->header_addr == 0;
	p->call.send.header = call->header_len;
	p->call.send.left = call->len;
	sendfile(p);
}

void
filecall(struct proc *p, const struct sys_call *call)
{
	switch ((int)call->nr) {
	case SYS_OPEN:
		trap_answer(p, open_file(p, call));
		return;
	case SYS_CREAT:
		creat_file(p, call);
		return;
	case SYS_FSTAT:
	case SYS_LSEEK:
	case SYS_TRUNCATE:
	case SYS_FSYNC:
	case SYS_PREAD:
	case SYS_READ:
	case SYS_WRITE:
		call_on(p, fd_file(p, call->fd), call);
		return;
	case SYS_SENDFILE:
		send_file(p, call);
		return;
	default:
		CHECK(false, "a call about files");
	}
}
