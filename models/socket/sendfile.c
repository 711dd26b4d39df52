#include "models/socket/sendfile.h"

#include "models/base/check.h"
#include "models/base/min.h"
#include "models/host.h"
#include "models/kern/syscall.h"
#include "models/socket/sosend.h"
#include "models/vm/fault.h"

enum { MAX_PIECE = 64 * 1024 };

static void next_piece(struct kctx *k);

static bool
is_reply(const struct proc *p)
{
	return p->call.send.kernel_header;
}

static void
finish(struct kctx *k, int64_t error)
{
	struct proc *p = proc_of(k);

	if (p->call.send.chain != NULL)
		kctx_op(k, OP_MFREE, m_freem(&k->host->mbufs,
		    p->call.send.chain));
	p->call.send.chain = NULL;
	proc_return(p, p->call.send.sent > 0 ? p->call.send.sent : error);
}

static void
piece_sent(struct kctx *k)
{
	struct proc *p = proc_of(k);

	if (p->call.error == 0) {
		p->call.send.sent += p->call.send.built;
		next_piece(k);
	} else
		finish(k, p->call.error);
}

static void
hand_over(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct mbuf *chain = p->call.send.chain;

	p->call.send.chain = NULL;
	if (chain == NULL)
		finish(k, 0);
	else
		sosend_chain(k, chain, p->call.send.built,
		    p->call.send.left > 0, !is_reply(p), piece_sent);
}

/*
 * M_WAIT.  A reply keeps what it has meanwhile; a piece goes as far as it is
 * built, or its own mbufs might be all that there are.
 */
void
sendfile_wait_for_mbuf(struct kctx *k, kctx_fn retry)
{
	if (proc_of(k)->call.send.built > 0 && !is_reply(proc_of(k)))
		hand_over(k);
	else
		sosend_wait_for_mbuf(k, retry);
}

struct mbuf *
sendfile_append(struct kctx *k)
{
	struct proc *p = proc_of(k);
	bool is_first = p->call.send.chain == NULL;
	struct mbuf *m = is_first ? m_gethdr(&k->host->mbufs) :
	    m_get(&k->host->mbufs);

	kctx_op(k, OP_MGET, 1);
	if (is_first)
		p->call.send.chain = m;
	else
		p->call.send.last->m_next = m;
	p->call.send.last = m;
	return m;
}

void
sendfile_grow(struct proc *p, uint32_t n)
{
	p->call.offset += n;
	p->call.send.left -= n;
	p->call.send.to_build -= n;
	p->call.send.built += n;
}

/*
 * The header
 */
static bool
waits_for_header(struct kctx *k, uint32_t n, kctx_fn retry)
{
	const struct proc *p = proc_of(k);

	if (!m_has_room(&k->host->mbufs, 1, n > MHLEN)) {
		sendfile_wait_for_mbuf(k, retry);
		return true;
	}
	return !is_reply(p) && memory_waits(k, p->call.addr, n, false, retry);
}

/* What the caller has in one page. => false: nothing is mapped there */
static bool
copy_stretch(struct kctx *k, struct mem_range to, uint64_t va)
{
	struct proc *p = proc_of(k);
	struct vm_slot *slot = vm_find_slot(&p->space, va);
	struct mem_range from = {NULL, (uint32_t)(va % PAGE_SIZE), to.bytes,
	    MEM_USER};

	if (slot == NULL)
		return false;
	vm_fault(&k->host->vm, slot, vm_fault_kind(slot, false), &k->cost,
	    &k->host->costs);
	from.object = &slot->page->mem;
	mem_copy(&k->cost, &k->host->costs, CAUSE_COPYIN, from, to);
	return true;
}

static bool
fill_header(struct kctx *k, struct mem_range to)
{
	uint64_t va = proc_of(k)->call.addr;
	uint32_t left = to.bytes;

	if (is_reply(proc_of(k))) {
		mem_write(&k->cost, &k->host->costs, CAUSE_MBUF, to);
		return true;
	}
	kctx_op(k, OP_UIOMOVE, 1);
	while (left > 0) {
		to.bytes = min_u32(left,
		    PAGE_SIZE - (uint32_t)(va % PAGE_SIZE));
		if (!copy_stretch(k, to, va))
			return false;
		va += to.bytes;
		to.offset += to.bytes;
		left -= to.bytes;
	}
	return true;
}

static void
build_header(struct kctx *k)
{
	struct proc *p = proc_of(k);
	uint32_t n = (uint32_t)p->call.send.header;
	struct mbuf *m;

	if (k->host->is_stopped) {
		finish(k, SYS_ENDED);
		return;
	}
	if (waits_for_header(k, n, build_header))
		return;
	m = sendfile_append(k);
	if (n > MHLEN) {
		m_clget(&k->host->mbufs, m);
		kctx_op(k, OP_MCLGET, 1);
	}
	m->m_len = n;
	if (!fill_header(k, (struct mem_range){m_memory(m), 0, n,
	    MEM_KERNEL})) {
		finish(k, SYS_EFAULT);
		return;
	}
	p->call.send.header = 0;
	p->call.send.built = n;
	kctx_spend(k, SPL_0, sendfile_next);
}

/*
 * Pieces
 */
void
sendfile_next(struct kctx *k)
{
	struct proc *p = proc_of(k);
	int64_t there = p->call.file->f_object->bytes - p->call.offset;

	if (k->host->is_stopped) {
		finish(k, SYS_ENDED);
		return;
	}
	/* it may have been cut */
	p->call.send.left = min_i64(p->call.send.left, there > 0 ? there : 0);
	p->call.send.to_build = min_i64(p->call.send.to_build,
	    p->call.send.left);
	if (p->call.send.to_build == 0)
		hand_over(k);
	else if (k->host->config.sosend.nfs_loan)
		sendfile_lend(k);
	else
		sendfile_copy(k);
}

/* What a piece may have, header included, on a socket that does not wait. */
static int64_t
room(const struct proc *p)
{
	const struct socket *so = p->call.so;

	return so->ss_nbio && !is_reply(p) ? sb_space(&so->so_snd) :
	    INT64_MAX;
}

/*
 * Asked before anything is read for it, as poll(2) does; why nobody takes
 * anything sosend() tells.
 */
static bool
has_no_room(const struct proc *p)
{
	const struct socket *so = p->call.so;

	return !so->cant_send && so->so_error == 0 && so->is_connected &&
	    room(p) < min_i64(so->so_snd.sb_lowat,
	    p->call.send.header + p->call.send.left);
}

/* How much of the file this chain takes: up to a page's end, if not to its. */
static int64_t
piece_bytes(const struct proc *p)
{
	int64_t half = min_i64(p->call.so->so_snd.sb_hiwat / 2, MAX_PIECE);
	int64_t most = min_i64(half, room(p)) - p->call.send.header;
	int64_t end = p->call.offset + most;

	if (is_reply(p) || p->call.send.left <= most)
		return p->call.send.left;
	if (most <= 0)
		return p->call.send.header > 0 ? 0 : 1;
	end -= end % PAGE_SIZE;
	return end > p->call.offset ? end - p->call.offset : most;
}

static void
next_piece(struct kctx *k)
{
	struct proc *p = proc_of(k);

	p->call.send.built = 0;
	p->call.send.data = NULL;
	if (p->call.send.left == 0 && p->call.send.header == 0) {
		finish(k, 0);
		return;
	}
	if (has_no_room(p)) {
		finish(k, SYS_EWOULDBLOCK);
		return;
	}
	p->call.send.to_build = piece_bytes(p);
	if (p->call.send.to_build > 0)
		kctx_op(k, OP_FILE_READ, 1);
	if (p->call.send.header > 0)
		build_header(k);
	else
		sendfile_next(k);
}

void
sendfile(struct proc *p)
{
	CHECK(p->call.so->so_type == SO_STREAM &&
	    p->call.send.header <= SENDFILE_MAX_HEADER,
	    "a stream takes a header and a file");
	p->call.send.sent = 0;
	p->call.send.chain = NULL;
	p->call.send.left = min_i64(p->call.send.left,
	    p->call.file->f_object->bytes - p->call.offset);
	if (p->call.send.left < 0)
		p->call.send.left = 0;
	kctx_op(&p->k, OP_SYSCALL, 1);
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, next_piece);
}
