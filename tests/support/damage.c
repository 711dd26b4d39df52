#include "tests/support/damage.h"

#include <check.h>

#include "models/kern/poll.h"

static struct socket *
first_socket(struct world *world)
{
	return world->host.sockets;
}

static struct m_loan *
live_loan(struct world *world)
{
	struct m_loan *loan = m_loan(first_socket(world)->so_snd.sb_mb);

	ck_assert_ptr_nonnull(loan);
	return loan;
}

/*
 * Damage in the middle of a run
 */
static void
acked_one_more(struct world *world)
{
	first_socket(world)->stats.bytes_acked++;
}

static void
dropped_one_more(struct world *world)
{
	first_socket(world)->stats.bytes_dropped++;
}

static void
copied_one_more(struct world *world)
{
	first_socket(world)->stats.bytes_copied++;
}

static void
loaned_one_less(struct world *world)
{
	first_socket(world)->stats.bytes_loaned--;
}

/* written is still what is acked and buffered: only the chain tells */
static void
cc_one_more(struct world *world)
{
	first_socket(world)->so_snd.sb_cc++;
	first_socket(world)->stats.bytes_acked--;
}

static void
mbcnt_one_less(struct world *world)
{
	first_socket(world)->so_snd.sb_mbcnt--;
}

static void
mbufs_one_more(struct world *world)
{
	first_socket(world)->so_snd.sb_n_mbufs++;
}

/* a stream is one record, and does not count it */
static void
two_records(struct world *world)
{
	first_socket(world)->so_snd.sb_n_records = 2;
}

static void
nxt_before_una(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->snd_nxt = tp->snd_una - 1;
}

static void
max_before_nxt(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->snd_max = tp->snd_nxt - 1;
}

static void
cwnd_below_a_segment(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->snd_cwnd = tp->t_maxseg - 1;
}

static void
received_one_more(struct world *world)
{
	first_socket(world)->stats.bytes_received++;
}

static void
read_one_more(struct world *world)
{
	first_socket(world)->stats.bytes_read++;
}

static void
discarded_one_less(struct world *world)
{
	first_socket(world)->stats.bytes_discarded--;
}

static void
wrong_here(struct world *world)
{
	first_socket(world)->stats.bytes_wrong += 7;
}

static void
offer_taken_back(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->rcv_adv = tp->rcv_nxt - 1 -
	    (uint32_t)tp->so->so_rcv.sb_hiwat;
}

static struct mbuf *
queued_segment(struct world *world, uint32_t seq, uint32_t len)
{
	struct mbuf *m = m_gethdr(&world->host.mbufs);

	m->m_th.seq = seq;
	m->m_len = len;
	return m;
}

/* what is next is not beyond a gap */
static void
queued_without_a_gap(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->segq = queued_segment(world, tp->rcv_nxt, 10);
}

static void
queued_twice(struct world *world)
{
	struct tcpcb *tp = &first_socket(world)->tcpcb;

	tp->segq = queued_segment(world, tp->rcv_nxt + 1, 10);
	tp->segq->m_nextpkt = queued_segment(world, tp->rcv_nxt + 10, 10);
}

static void
page_lent_once_more(struct world *world)
{
	live_loan(world)->pages[3]->loan_count++;
}

static void
page_wired_while_lent(struct world *world)
{
	live_loan(world)->pages[3]->wire_count++;
}

static void
page_queued_while_lent(struct world *world)
{
	live_loan(world)->pages[3]->queue = VM_QUEUE_ACTIVE;
}

/* a page less on the piece: page by page and in address space it is there */
static void
piece_one_page_less(struct world *world)
{
	live_loan(world)->n_pages--;
}

static void
kva_one_page_more(struct world *world)
{
	world->host.kva.socurkva += PAGE_SIZE;
}

static void
limit_below_kva(struct world *world)
{
	world->host.kva.somaxkva = world->host.kva.socurkva - 1;
}

static void
wrong_fetch(struct world *world)
{
	world->host.identity.n_wrong++;
}

static void
descriptor_uncounted(struct world *world)
{
	fd_file(world->host.procs, 0)->f_count++;
}

static void
poll_uncounted(struct world *world)
{
	poll_want(world->host.procs, 0, SYS_POLLIN);
	world->host.procs->poll->n++;
}

static void
poll_unknown_to_socket(struct world *world)
{
	struct poll_member *m;

	poll_want(world->host.procs, 0, SYS_POLLIN);
	m = world->host.procs->poll->members[0];
	m->so = world->host.sockets;
	m->link = &m->so->pollers;
}

/* nothing is open there, which poll tells */
static void
poll_would_not_ask(struct world *world)
{
	poll_want(world->host.procs, 1, SYS_POLLIN);
	world->host.procs->poll->maybe[0] = 0;
}

static struct vm_object *
new_file(struct world *world)
{
	return vm_object_new(&world->host.vm, VM_OBJECT_FILE, 1, PAGE_SIZE);
}

static void
file_held_once_more(struct world *world)
{
	vm_object_hold(new_file(world));
}

static void
page_beyond_the_end(struct world *world)
{
	struct vm_object *file = new_file(world);

	vm_object_reserve(file, 2 * PAGE_SIZE);
	vm_page_alloc_in(&world->host.vm, file, 1);
}

const struct damage damage_running[] = {
	{damage_mbuf_limit, {DAMAGE_MBUF_LINE}, {-1}},
	{damage_cluster_limit, {DAMAGE_CLUSTER_LINE}, {-1}},
	{acked_one_more, {"bytes written = acked + buffered + dropped"}, {1}},
	{dropped_one_more, {"bytes written = acked + buffered + dropped"}, {1}},
	{copied_one_more, {"bytes written = loaned + copied"}, {1}},
	{loaned_one_less, {"bytes written = loaned + copied"}, {-1}},
	{cc_one_more, {"sb_cc = sum of m_len"}, {1}},
	{mbcnt_one_less, {"sb_mbcnt = sum of storage"}, {-1}},
	{mbufs_one_more, {"sb_n_mbufs = mbufs"}, {1}},
	{two_records, {"sb_n_records = records"}, {1}},
	{nxt_before_una, {"snd_una <= snd_nxt"}, {-1}},
	{max_before_nxt, {"snd_nxt <= snd_max"}, {-1}},
	{cwnd_below_a_segment, {"cwnd >= 1 segment"}, {-1}},
	{received_one_more, {"bytes received = read + buffered + discarded"},
	    {-1}},
	{read_one_more, {"bytes received = read + buffered + discarded"}, {1}},
	{discarded_one_less, {"bytes received = read + buffered + discarded"},
	    {-1}},
	{wrong_here, {"content received here = content written"}, {7}},
	{offer_taken_back, {"rcv_nxt <= rcv_adv + receive buffer"}, {1}},
	{queued_without_a_gap, {"segments out of order are in order"}, {-1}},
	{queued_twice, {"segments out of order are in order"}, {-1}},
	{page_lent_once_more, {"sum of loan_count = pages of live pieces"},
	    {1}},
	{page_wired_while_lent, {"pages on loan are neither queued nor wired"},
	    {1}},
	{page_queued_while_lent, {"pages on loan are neither queued nor wired"},
	    {1}},
	{piece_one_page_less, {"sum of loan_count = pages of live pieces",
	    "KVA reserved = pages of live pieces"}, {1, PAGE_SIZE}},
	{kva_one_page_more, {"KVA reserved = pages of live pieces"},
	    {PAGE_SIZE}},
	{limit_below_kva, {"socurkva <= somaxkva"}, {1}},
	{descriptor_uncounted, {"descriptors = those of open files"}, {1}},
	{file_held_once_more, {"references of files = mappings + open files"},
	    {-1}},
	{poll_uncounted, {"descriptors polled = those with events"}, {1}},
	{poll_unknown_to_socket, {"sockets polled know by whom"}, {-1}},
	{poll_would_not_ask, {"who is ready is asked by the next poll"}, {1}},
	{page_beyond_the_end, {"pages of files lie within them"}, {1}},
	{wrong_fetch, {"content fetched = content written"}, {1}}
};
const int damage_n_running = sizeof damage_running / sizeof *damage_running;
