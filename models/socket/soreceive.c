#include "models/socket/soreceive.h"

#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/inet/client.h"
#include "models/kern/memory.h"
#include "models/kern/syscall.h"
#include "models/vm/fault.h"

static void lock_buffer(struct kctx *k);

void
soreceive_finish(struct kctx *k, int64_t result)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = &p->call.so->so_rcv;

	sb->sb_is_locked = false;
	proc_wakeup(&sb->sb_lock_wait, k);
	proc_return(p, p->call.done > 0 ? p->call.done : result);
}

/* Nothing has been received: is there anything to wait for? */
static void
wait_for_data(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct socket *so = p->call.so;
	int64_t error = so->so_error;

	/* an error is told once */
	so->so_error = 0;
	if (error != 0)
		soreceive_finish(k, error);
	else if (so_is_atomic(so) && k->host->is_stopped &&
	    (k->host->is_silent || so->cant_receive))
		soreceive_finish(k, SYS_ENDED);
	else if (so->cant_receive)
		soreceive_finish(k, 0);
	else if (!so->is_connected && !so_is_atomic(so))
		soreceive_finish(k, SYS_ENOTCONN);
	else if (so->ss_nbio || p->call.is_dontwait)
		soreceive_finish(k, SYS_EWOULDBLOCK);
	else {
		so->so_rcv.sb_is_locked = false;
		proc_wakeup(&so->so_rcv.sb_lock_wait, k);
		proc_sleep_drain(p, &so->so_rcv.sb_wait, SPL_SOFTNET,
		    lock_buffer);
	}
}

/* A program that knows where a request ends takes no more than that. */
static void
keep_to_request(struct proc *p)
{
	const struct socket *so = p->call.so;
	int64_t place = so->stats.bytes_read;
	const struct message *m = so->so_id >= CLIENT_NUMBERS ?
	    clients_request(so->host->clients, so->so_id, place) : NULL;

	p->request = m != NULL ? *m :
	    (struct message){.from = place, .bytes = so->so_rcv.sb_cc};
	p->request_place = place;
	p->call.resid = min_i64(p->call.resid,
	    p->request.from + p->request.bytes - place);
}

static void
lock_buffer(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = &p->call.so->so_rcv;

	if (sb->sb_is_locked && p->call.is_dontwait) {
		proc_return(p, SYS_EWOULDBLOCK);
		return;
	}
	if (sb->sb_is_locked) {
		proc_sleep_drain(p, &sb->sb_lock_wait, SPL_SOFTNET,
		    lock_buffer);
		return;
	}
	sb->sb_is_locked = true;
	kctx_op(k, OP_SORECEIVE, 1);
	if (sb->sb_cc == 0)
		wait_for_data(k);
	else if (so_is_atomic(p->call.so))
		soreceive_datagram(k);
	else {
		if (p->call.is_request)
			keep_to_request(p);
		soreceive_copy(k);
	}
}

/* What one uiomove moves: the rest of an mbuf, or of the program's wish. */
static uint32_t
piece_bytes(const struct proc *p)
{
	return (uint32_t)min_i64(p->call.so->so_rcv.sb_mb->m_len,
	    p->call.resid);
}

/* The stretch at an offset of the piece that lies in one of its pages. */
static uint32_t
stretch_bytes(const struct proc *p, uint32_t off)
{
	uint64_t va = p->call.addr + off;

	return min_u32(piece_bytes(p) - off,
	    PAGE_SIZE - (uint32_t)(va % PAGE_SIZE));
}

/* => false: nothing is mapped there */
static bool
copy_stretch(struct kctx *k, uint32_t off, uint32_t n)
{
	struct proc *p = proc_of(k);
	uint64_t va = p->call.addr + off;
	struct vm_slot *slot = vm_find_slot(&p->space, va);
	struct mem_range from = m_first_range(p->call.so->so_rcv.sb_mb, off,
	    n);
	struct mem_range to = {NULL, (uint32_t)(va % PAGE_SIZE), n, MEM_USER};

	if (slot == NULL)
		return false;
	CHECK(from.bytes == n, "what is received lies in mbufs and clusters");
	vm_fault(&k->host->vm, slot, vm_fault_kind(slot, true), &k->cost,
	    &k->host->costs);
	to.object = &slot->page->mem;
	mem_copy(&k->cost, &k->host->costs, CAUSE_COPYOUT, from, to);
	return true;
}

/* Of the next byte of the other end's stream, or of the datagram. */
static uint64_t
name_of_next(const struct proc *p)
{
	const struct socket *so = p->call.so;

	if (so_is_atomic(so))
		return p->call.content + (uint64_t)p->call.done;
	return content_name(so->so_id, (uint64_t)so->stats.bytes_read);
}

/* Is it, to the byte, what comes next? */
static void
verify(const struct proc *p, uint32_t n)
{
	struct socket *so = p->call.so;

	if (m_content_of(so->so_rcv.sb_mb, 0) != name_of_next(p))
		so->stats.bytes_wrong += n;
	so->stats.bytes_read += n;
}

static void
mark_stored(struct kctx *k, uint32_t n)
{
	struct proc *p = proc_of(k);

	for (uint32_t off = 0; off < n; off += stretch_bytes(p, off))
		vm_page_stored(&k->host->vm,
		    vm_find_slot(&p->space, p->call.addr + off)->page);
}

static void
received(struct kctx *k)
{
	soreceive_finish(k, 0);
}

static void
tell_protocol(struct kctx *k)
{
	struct socket *so = proc_of(k)->call.so;

	kctx_call(k, received);
	if (so->is_detached)
		kctx_return(k);
	else
		tcp_usr_rcvd(k, &so->tcpcb);
}

static void
copied(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = &p->call.so->so_rcv;
	uint32_t n = piece_bytes(p);

	mark_stored(k, n);
	verify(p, n);
	p->call.addr += n;
	p->call.resid -= n;
	p->call.done += n;
	if (n == sb->sb_mb->m_len)
		kctx_op(k, OP_MFREE, 1);
	if (so_is_atomic(p->call.so)) {
		soreceive_record(k, n);
		return;
	}
	sb_drop(sb, n, &k->host->mbufs);
	if (p->call.resid > 0 && sb->sb_cc > 0)
		soreceive_copy(k);
	else
		tell_protocol(k);
}

void
soreceive_copy(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t n = piece_bytes(p);

	if (memory_waits(k, p->call.addr, n, true, soreceive_copy))
		return;
	kctx_op(k, OP_UIOMOVE, 1);
	for (uint32_t off = 0; off < n; off += stretch_bytes(p, off))
		if (!copy_stretch(k, off, stretch_bytes(p, off))) {
			if (so_is_atomic(p->call.so))
				soreceive_drop_record(k);
			soreceive_finish(k, SYS_EFAULT);
			return;
		}
	kctx_spend(k, SPL_0, copied);
}

static void
entered(struct kctx *k)
{
	const struct proc *p = proc_of(k);

	if (!p->call.is_dontwait)
		sodopendfree(k, p->call.so);
	kctx_spend(k, SPL_0, lock_buffer);
}

void
soreceive(struct proc *p)
{
	p->call.done = 0;
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, entered);
}
