/*
 * The host: its tables, the end of its run, and the check of content at every
 * fetch.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"
#include "tests/support/wiretap.h"

static struct crank crank;
static struct wiretap tap;

static struct host *
host(void)
{
	return &crank.world.host;
}

/*
 * Tables
 */
START_TEST(sockets_are_numbered_from_1)
{
	struct world_config config = machine_config();
	struct socket *a, *b;

	crank_init(&crank, &config, 0);
	ck_assert_ptr_null(host_find_socket(host(), 0));
	ck_assert_ptr_null(host_find_socket(host(), 1));
	a = crank_socket(host(), 16384);
	b = crank_socket(host(), 16384);
	ck_assert_uint_eq(a->so_id, 1);
	ck_assert_uint_eq(b->so_id, 2);
	ck_assert_ptr_null(host_find_socket(host(), 0));
	ck_assert_ptr_eq(host_find_socket(host(), 1), a);
	ck_assert_ptr_eq(host_find_socket(host(), 2), b);
	ck_assert_ptr_null(host_find_socket(host(), 3));
	ck_assert_ptr_null(host_find_socket(host(), UINT16_MAX));
	/* the newest first: what walks the list need not care */
	ck_assert_ptr_eq(host()->sockets, b);
	ck_assert_ptr_eq(b->next, a);
	machine_assert_empty(host());
	crank_abandon(&crank);
}
END_TEST

static struct socket *
numbered(uint16_t number)
{
	const struct so_options options = {.sndbuf = 16384, .sndlowat = 2048,
	    .rcvbuf = 16384};

	return so_new(host(), &options, number);
}

/* 65535 is the last number; one socket more has none. */
START_TEST(too_many_sockets)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 0);
	host()->last_number = UINT16_MAX - 1;
	ck_assert_uint_eq(numbered(0)->so_id, UINT16_MAX);
	ck_assert_ptr_null(numbered(0));
	crank_abandon(&crank);
}
END_TEST

/*
 * A number that is asked for: taken while its socket lives, free again when the
 * protocol is done with it; the next ones pass it by, even then.
 */
START_TEST(numbers_that_are_asked_for)
{
	struct world_config config = machine_config();
	struct socket *so;

	crank_init(&crank, &config, 0);
	so = numbered(2);
	ck_assert_uint_eq(so->so_id, 2);
	ck_assert_ptr_null(numbered(2));
	ck_assert_uint_eq(numbered(0)->so_id, 1);
	ck_assert_uint_eq(numbered(0)->so_id, 3);
	ck_assert_ptr_null(numbered(3));
	so_detach(so);
	ck_assert_ptr_ne(numbered(2), so);
	ck_assert_ptr_ne(host_find_socket(host(), 2), so);
	ck_assert_uint_eq(numbered(0)->so_id, 4);
	/* a large one: the table grows at once, and twice as far as needed */
	ck_assert_uint_eq(numbered(1000)->so_id, 1000);
	ck_assert_ptr_null(host_find_socket(host(), 999));
	ck_assert_uint_eq(numbered(1001)->so_id, 1001);
	ck_assert_uint_eq(numbered(0)->so_id, 5);
	crank_abandon(&crank);
}
END_TEST

START_TEST(processes_in_order)
{
	struct world_config config = machine_config();
	struct proc_program none = {0};
	struct proc *a, *b;

	crank_init(&crank, &config, 0);
	a = host_add_proc(host(), "a", none);
	b = host_add_proc(host(),
	    "a name that is longer than the 31 bytes kept of it", none);
	ck_assert_ptr_eq(host()->procs, a);
	ck_assert_ptr_eq(a->next, b);
	ck_assert_uint_eq(host()->n_procs_alive, 2);
	ck_assert_uint_eq(host()->n_in_program, 2);
	ck_assert_str_eq(a->name, "a");
	ck_assert_str_eq(b->name, "a name that is longer than the ");
	crank_abandon(&crank);
}
END_TEST

/*
 * The end of a run
 */
START_TEST(stop_wakes_whoever_sleeps)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 3);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_SLEEP,
	    .len = 5 * PS_PER_S});
	crank_until(&crank, PS_PER_S);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_ASLEEP);
	host_stop(host());
	/* a second time changes nothing */
	host_stop(host());
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
	/* process switch and the way back to the program, no 5 s */
	ck_assert_int_lt(crank.world.cal.now, PS_PER_S + PS_PER_MS);
	/* no new call, but for close and exit */
	ck_assert(!crank_post(&crank, 1, (struct sys_call){.nr = SYS_MMAP,
	    .len = 4096}));
	ck_assert_int_eq(crank.procs[1].p->result, SYS_ENDED);
	ck_assert_int_eq(crank_call(&crank, 2, (struct sys_call){
	    .nr = SYS_CLOSE, .fd = 0}), SYS_EBADF);
	crank_fini(&crank);
}
END_TEST

START_TEST(drop_all_gives_up_what_is_there)
{
	struct world_config config = machine_config();
	struct socket *so;
	uint64_t addr;
	int fd;

	crank_init(&crank, &config, 1);
	fd = crank_connect(&crank, 0, 16384);
	crank_connect(&crank, 0, 16384);
	addr = crank_buffer(&crank, 0, 16384);
	crank_write(&crank, 0, fd, addr, 16384);
	so = fd_socket(crank.procs[0].p, fd);
	ck_assert_int_gt(so->so_snd.sb_cc, 0);
	/* two connections, once */
	ck_assert_uint_eq(host_drop_all(host()), 2);
	ck_assert_uint_eq(host_drop_all(host()), 0);
	ck_assert_int_eq(so->so_snd.sb_cc, 0);
	ck_assert_int_eq(so->stats.bytes_dropped + so->stats.bytes_acked,
	    16384);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 1), SYS_EPIPE);
	crank_fini(&crank);
}
END_TEST

/*
 * Loans outlive the ACK until somebody's next call (netbsd-2002.md 2.5); at the
 * end of a run there is nobody: the reaper undoes them.
 */
START_TEST(reap_undoes_what_is_left)
{
	struct world_config config = machine_config();
	struct proc *p;
	uint64_t addr;
	int fd;

	config.host.sosend.sosend_loan = true;
	crank_init(&crank, &config, 1);
	ck_assert(!host_reap(host()));
	p = crank.procs[0].p;
	fd = crank_connect(&crank, 0, 65536);
	addr = crank_buffer(&crank, 0, 65536);
	crank_write(&crank, 0, fd, addr, 65536);
	/* exit closes first: nothing is free yet, and nothing will call */
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_EXIT});
	ck_assert_int_eq(crank_until(&crank, 9 * PS_PER_S), WORLD_OVER);
	ck_assert_int_eq(p->state, PROC_DEAD);
	/* one window of 16 pages, undone by nobody but the reaper */
	ck_assert_int_eq(host()->ledger.n_ops[OP_UNLOAN_PAGE], 16);
	ck_assert_int_eq(host()->ledger.n_ops[OP_KVA_FREE], 1);
	ck_assert_uint_eq(host()->reaper.task.state, CPU_TASK_IDLE);
	ck_assert(!host_reap(host()));
	crank_fini(&crank);
}
END_TEST

/*
 * Content: bytes that change between write and fetch
 */
static struct socket *
write_64k_on(struct world_config *config, bool is_lent)
{
	uint64_t addr;
	int fd;

	config->host.sosend.sosend_loan = is_lent;
	crank_init(&crank, config, 1);
	/* debug builds would stop at the first wrong fetch */
	crank.world.cal.after_event = NULL;
	fd = crank_connect(&crank, 0, 65536);
	addr = crank_buffer(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 65536), 65536);
	return fd_socket(crank.procs[0].p, fd);
}

static struct socket *
write_64k(bool is_lent)
{
	struct world_config config = machine_config();

	return write_64k_on(&config, is_lent);
}

/* What arrives of 65536 bytes, and how much of it the receiver refuses. */
static void
assert_received(int64_t bytes_wrong)
{
	const struct peer_conn *c = peer_find(&crank.world.peer, 1);

	crank_sleep_until(&crank, 0, 9 * PS_PER_S);
	ck_assert_int_eq(c->bytes_received, 65536);
	ck_assert_int_eq(c->bytes_wrong, bytes_wrong);
}

static void
assert_nic_saw(int64_t n_wrong, uint32_t first_seq)
{
	const struct identity *id = &host()->identity;

	/* 65536 = 44 * 1460 + 1296: 45 fetches */
	ck_assert_int_eq(id->n_fetches, 45);
	ck_assert_int_eq(id->n_wrong, n_wrong);
	ck_assert_uint_eq(id->first_conn, n_wrong > 0 ? 1 : 0);
	ck_assert_uint_eq(id->first_seq, first_seq);
	ck_assert_int_eq(id->first_at > 0, n_wrong > 0);
}

START_TEST(unharmed)
{
	write_64k(_i == 1);
	assert_received(0);
	assert_nic_saw(0, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * PCI below the wire, and a low threshold: cut frames are fetched twice, and
 * looked at twice; the receiver gets each once.
 */
START_TEST(cut_frames_arrive_once)
{
	struct world_config config = machine_config();

	config.host.bus.pci_bps = 10000000;
	config.host.nic.tx_threshold = 8;
	write_64k_on(&config, _i == 1);
	assert_received(0);
	ck_assert_int_gt(host()->nic.stats.n_tx_underruns, 0);
	ck_assert_int_eq(host()->identity.n_fetches,
	    45 + host()->nic.stats.n_tx_underruns);
	ck_assert_int_eq(host()->identity.n_wrong, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * Somebody stores into the last of 16 lent pages: bytes 61440 to 65535.  Byte
 * 61440 lies in segment 42 (42 * 1460 = 61320): segments 42, 43 of 1460 bytes
 * and 44 of 1296 are wrong.  The first of them begins at iss + 1 + 61320.
 */
START_TEST(store_into_a_lent_page)
{
	struct socket *so = write_64k(true);
	struct m_loan *loan = m_loan(so->so_snd.sb_mb);

	vm_page_stored(&host()->vm, loan->pages[15]);
	assert_received(1460 + 1460 + 1296);
	assert_nic_saw(3, 0xffff0000 + 1 + 61320);
	crank_abandon(&crank);
}
END_TEST

static void
touch_all(uint64_t addr)
{
	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_TOUCH, .addr = addr, .len = 65536}), 0);
}

static uint64_t
first_address(void)
{
	return crank.procs[0].p->space.entries->start;
}

/* With copy-on-write, overwriting the buffer harms nothing. */
START_TEST(copy_on_write)
{
	write_64k(true);
	touch_all(first_address());
	/* 16 pages on loan: 16 copies */
	ck_assert_int_eq(host()->vm.stats.n_cow_faults, 16);
	assert_received(0);
	assert_nic_saw(0, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * A kernel that leaves lent pages writable: whatever is fetched after the
 * store is wrong, by the NIC's books and by the receiver's.
 */
START_TEST(no_copy_on_write)
{
	struct identity *id = &host()->identity;
	int64_t fetched;

	write_64k(true);
	for (uint64_t i = 0; i < 16; i++)
		vm_find_slot(&crank.procs[0].p->space, first_address() +
		    i * PAGE_SIZE)->is_writable = true;
	touch_all(first_address());
	fetched = id->n_fetches;
	ck_assert_int_eq(host()->vm.stats.n_cow_faults, 0);
	ck_assert_int_le(fetched, 2);
	crank_sleep_until(&crank, 0, 9 * PS_PER_S);
	ck_assert_int_ge(id->n_wrong, 45 - fetched);
	ck_assert_int_ge(peer_find(&crank.world.peer, 1)->bytes_wrong,
	    65536 - fetched * 1460);
	crank_abandon(&crank);
}
END_TEST

/*
 * The last of 32 clusters gets other content: bytes 63488 to 65535, which lie
 * in segments 43 (62780 ..) and 44.
 */
START_TEST(damaged_cluster)
{
	struct socket *so = write_64k(false);

	ck_assert_ptr_nonnull(so->so_snd.sb_last->m_ext);
	so->so_snd.sb_last->m_ext->content = content_name(1, 12345);
	assert_received(1460 + 1296);
	assert_nic_saw(2, 0xffff0000 + 1 + 62780);
	crank_abandon(&crank);
}
END_TEST

/* Names of another socket's stream are wrong however well in sequence. */
START_TEST(content_of_another_socket)
{
	struct socket *so = write_64k(true);

	m_loan(so->so_snd.sb_mb)->ext.content = content_name(2, 0);
	crank_sleep_until(&crank, 0, 9 * PS_PER_S);
	/* all but what was fetched before: the first window, one segment */
	ck_assert_int_ge(host()->identity.n_wrong, 44);
	crank_abandon(&crank);
}
END_TEST

static bool
swap_fifth(void *arg, struct frame *frame, bool to_peer)
{
	int *n = arg;

	if (to_peer && frame->payload_bytes > 0 && ++*n == 5)
		frame->content += 1460;
	return true;
}

/* Behind the NIC's check only the receiver can see it, and it does. */
START_TEST(damaged_on_the_wire)
{
	int n = 0;

	write_64k(true);
	wiretap_attach(&tap, &crank.world);
	tap.filter = swap_fifth;
	tap.filter_arg = &n;
	assert_received(1460);
	assert_nic_saw(0, 0);
	crank_abandon(&crank);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_test(tc, sockets_are_numbered_from_1);
	tcase_add_test(tc, too_many_sockets);
	tcase_add_test(tc, numbers_that_are_asked_for);
	tcase_add_test(tc, processes_in_order);
	tcase_add_test(tc, stop_wakes_whoever_sleeps);
	tcase_add_test(tc, drop_all_gives_up_what_is_there);
	tcase_add_test(tc, reap_undoes_what_is_left);
	tcase_add_loop_test(tc, unharmed, 0, 2);
	tcase_add_loop_test(tc, cut_frames_arrive_once, 0, 2);
	tcase_add_test(tc, store_into_a_lent_page);
	tcase_add_test(tc, copy_on_write);
	tcase_add_test(tc, no_copy_on_write);
	tcase_add_test(tc, damaged_cluster);
	tcase_add_test(tc, content_of_another_socket);
	tcase_add_test(tc, damaged_on_the_wire);
}

int
main(void)
{
	Suite *suite = suite_create("host");
	TCase *tc = tcase_create("host");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
