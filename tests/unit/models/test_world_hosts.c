/*
 * Two hosts, end to end: what the programs of either write, the other's read.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/kern/syscall.h"
#include "tests/support/machine.h"

enum { PORT = 5001, BUFFER = 65536 };

struct program;

/* A program: its next call, from what the last one said. */
struct program {
	struct proc *p;
	bool is_woken;
	struct sys_call (*next)(struct program *self);
	int step;
	int fd;
	uint64_t addr;
	int64_t bytes;		/* written, or read */
	int64_t total;
	int64_t last;		/* result of the last call */
};

static struct world world;
static struct program board, far[2];

static void
woken(void *arg)
{
	((struct program *)arg)->is_woken = true;
}

static void
add(struct program *self, struct host *host, const char *name,
    struct sys_call (*next)(struct program *self), int64_t total)
{
	memset(self, 0, sizeof *self);
	self->next = next;
	self->total = total;
	self->is_woken = true;
	self->p = host_add_proc(host, name,
	    (struct proc_program){woken, self});
}

static struct sys_call
map(void)
{
	return (struct sys_call){.nr = SYS_MMAP, .len = BUFFER};
}

static struct sys_call
touch(struct program *self)
{
	self->addr = (uint64_t)self->last;
	return (struct sys_call){.nr = SYS_TOUCH, .addr = self->addr,
	    .len = BUFFER, .is_full = true};
}

/* Maps, connects, writes its bytes, closes, goes. */
static struct sys_call
writer(struct program *self)
{
	switch (self->step++) {
	case 0:
		return map();
	case 1:
		return touch(self);
	case 2:
		return (struct sys_call){.nr = SYS_CONNECT, .port = PORT,
		    .so_sndbuf = 32768, .so_sndlowat = 4096};
	case 3:
		self->fd = (int)self->last;
		break;
	default:
		self->bytes += self->last > 0 ? self->last : 0;
	}
	if (self->fd < 0 || self->bytes == self->total)
		return (struct sys_call){.nr = SYS_EXIT};
	return (struct sys_call){.nr = SYS_WRITE, .fd = self->fd,
	    .addr = self->addr, .len = self->total - self->bytes < BUFFER ?
	    self->total - self->bytes : BUFFER};
}

/* Listens, accepts one, reads to the end, closes it, accepts the next. */
static struct sys_call
reader(struct program *self)
{
	switch (self->step++) {
	case 0:
		return map();
	case 1:
		return touch(self);
	case 2:
		return (struct sys_call){.nr = SYS_LISTEN, .port = PORT,
		    .so_sndbuf = 4096, .so_sndlowat = 2048, .backlog = 5};
	case 3:
		return (struct sys_call){.nr = SYS_ACCEPT, .fd = 0};
	case 4:
		self->fd = (int)self->last;
		if (self->fd < 0)
			return (struct sys_call){.nr = SYS_EXIT};
		break;
	default:
		if (self->last <= 0) {
			self->step = 3;
			return (struct sys_call){.nr = SYS_CLOSE,
			    .fd = self->fd};
		}
		self->bytes += self->last;
	}
	return (struct sys_call){.nr = SYS_READ, .fd = self->fd,
	    .addr = self->addr, .len = BUFFER};
}

static void
run_program(struct program *self)
{
	while (self->p != NULL && self->is_woken) {
		struct sys_call call;

		self->last = self->p->result;
		call = self->next(self);
		self->is_woken = false;
		if (!sys_enter(self->p, &call))
			self->is_woken = true;
	}
}

static struct world_config
two_hosts(bool sosend_loan)
{
	struct world_config config = machine_config();

	config.far_is_host = true;
	config.host.sosend.sosend_loan = sosend_loan;
	config.far = config.host;
	config.far.tcp.iss = 0x7fffff00;
	return config;
}

/* => the audit of what comes then has nothing to say, and no pool is in use */
static void
run_to_the_end(void)
{
	struct audit audit = {0};

	do {
		run_program(&board);
		run_program(&far[0]);
		run_program(&far[1]);
	} while (world_advance(&world, SIM_TIME_NEVER) == WORLD_WAKE);
	world_audit(&world, &audit);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		ck_abort_msg("audit: %s: expected %lld, found %lld",
		    audit.lines[i].what, (long long)audit.lines[i].expected,
		    (long long)audit.lines[i].actual);
	machine_assert_empty(&world.host);
	machine_assert_empty(&world.far);
}

static struct socket *
first(struct host *host)
{
	struct socket *so = host->sockets;

	/* listed newest first */
	while (so->next != NULL)
		so = so->next;
	return so;
}

/*
 * The board writes, copied or lent; a server at the far end reads all of it, to
 * the byte, and waits for the next caller: that is no deadlock.
 */
START_TEST(board_writes)
{
	enum { BYTES = 300000 };
	struct world_config config = two_hosts(_i == 1);
	const struct socket *from, *to;

	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "writer", writer, BYTES);
	add(&far[0], &world.far, "reader", reader, 0);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(board.bytes, BYTES);
	ck_assert_int_eq(far[0].bytes, BYTES);
	from = first(&world.host);
	to = host_find_socket(&world.far, from->so_id);
	ck_assert_int_eq(from->stats.bytes_acked, BYTES);
	ck_assert_int_eq(from->stats.bytes_loaned > 0, _i == 1);
	ck_assert_int_eq(to->stats.bytes_read, BYTES);
	ck_assert_int_eq(to->stats.bytes_wrong, 0);
	ck_assert_int_eq(to->stats.bytes_discarded, 0);
	ck_assert_int_eq(world.end.bytes_acked, BYTES);
	/* long before the duration of 10 s: nobody waited for it */
	ck_assert_int_lt(world.cal.now, 5 * PS_PER_S);
	world_fini(&world);
}
END_TEST

/* The other way round: the far end calls by a number of its own. */
START_TEST(far_end_writes)
{
	enum { BYTES = 100000 };
	struct world_config config = two_hosts(_i == 1);
	const struct socket *so;

	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "reader", reader, 0);
	add(&far[0], &world.far, "writer", writer, BYTES);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(board.bytes, BYTES);
	/* 0x8000 and up: what the far end numbers */
	ck_assert_uint_eq(first(&world.far)->so_id, 0x8001);
	so = host_find_socket(&world.host, 0x8001);
	ck_assert_int_eq(so->stats.bytes_read, BYTES);
	world_fini(&world);
}
END_TEST

/* Nobody listens: refused, at once, and that is all. */
START_TEST(nobody_listens)
{
	struct world_config config = two_hosts(false);

	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "writer", writer, 1000);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(board.fd, SYS_ECONNREFUSED);
	ck_assert_int_lt(world.cal.now, PS_PER_S);
	world_fini(&world);
}
END_TEST

/* Two connections of one lent write each, one after the other. */
static struct sys_call
twice(struct program *self)
{
	enum { CHUNK = 16384 };

	switch (self->step++) {
	case 0:
		return map();
	case 1:
		return touch(self);
	case 2:
	case 5:
		return (struct sys_call){.nr = SYS_CONNECT, .port = PORT,
		    .so_sndbuf = CHUNK, .so_sndlowat = 4096};
	case 3:
	case 6:
		self->fd = (int)self->last;
		return (struct sys_call){.nr = SYS_WRITE, .fd = self->fd,
		    .addr = self->addr, .len = CHUNK};
	case 4:
	case 7:
		self->bytes += self->last;
		return (struct sys_call){.nr = SYS_CLOSE, .fd = self->fd};
	default:
		return (struct sys_call){.nr = SYS_EXIT};
	}
}

/*
 * The far end has address space for one of them, and the first is lent to a
 * connection that waits 4 s for late segments: it is waited for, though nothing
 * else is left to happen on either host.
 */
START_TEST(far_writer_waits_for_late_segments)
{
	struct world_config config = two_hosts(true);

	config.far.somaxkva = 16384;
	config.far.tcp.msl = 2 * PS_PER_S;
	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "reader", reader, 0);
	add(&far[0], &world.far, "twice", twice, 0);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(far[0].bytes, 32768);
	ck_assert_int_eq(board.bytes, 32768);
	ck_assert_int_eq(world.far.vm.stats.n_loaned, 8);
	ck_assert_int_gt(world.cal.now, 3500 * PS_PER_MS);
	world_fini(&world);
}
END_TEST

/* Servers on both hosts, and nobody who calls: an end, and no deadlock. */
START_TEST(only_servers)
{
	struct world_config config = two_hosts(false);

	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "reader", reader, 0);
	add(&far[0], &world.far, "reader", reader, 0);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_uint_eq(world.n_waiters, 0);
	ck_assert_int_lt(world.cal.now, PS_PER_S);
	world_fini(&world);
}
END_TEST

/* A reader that has a connection, and whose writer never writes, is stuck. */
static struct sys_call
silent(struct program *self)
{
	switch (self->step++) {
	case 0:
		/* until the other one listens */
		return (struct sys_call){.nr = SYS_SLEEP, .len = PS_PER_S};
	case 1:
		return (struct sys_call){.nr = SYS_CONNECT, .port = PORT,
		    .so_sndbuf = 4096, .so_sndlowat = 2048};
	case 2:
		/* accepts at a socket that listens: never anybody */
		return (struct sys_call){.nr = SYS_LISTEN, .port = 9,
		    .so_sndbuf = 4096, .so_sndlowat = 2048};
	case 3:
		return (struct sys_call){.nr = SYS_ACCEPT, .fd = 1};
	default:
		return (struct sys_call){.nr = SYS_EXIT};
	}
}

START_TEST(a_server_and_a_stuck_reader)
{
	struct world_config config = two_hosts(false);

	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, &world.host, "silent", silent, 0);
	add(&far[0], &world.far, "reader", reader, 0);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DEADLOCK);
	ck_assert_uint_eq(world.n_waiters, 2);
	ck_assert_str_eq(world.waiters[0], "silent");
	ck_assert_str_eq(world.waiters[1], "reader");
	world_fini(&world);
}
END_TEST

/* Sends its bytes in datagrams of 8192, and goes. */
static struct sys_call
sender(struct program *self)
{
	switch (self->step++) {
	case 0:
		return map();
	case 1:
		return touch(self);
	case 2:
		return (struct sys_call){.nr = SYS_UDP_CONNECT, .port = PORT,
		    .so_sndbuf = 9216, .so_sndlowat = 2048};
	default:
		break;
	}
	/* time for it to go */
	if (self->step % 2 != 0)
		return (struct sys_call){.nr = SYS_COMPUTE, .len = 1000000};
	if (self->bytes == self->total)
		return (struct sys_call){.nr = SYS_EXIT};
	self->bytes += 8192;
	return (struct sys_call){.nr = SYS_SENDTO, .addr = self->addr,
	    .len = 8192};
}

/* Takes what comes, one by one, until nothing will. */
static struct sys_call
sink(struct program *self)
{
	switch (self->step++) {
	case 0:
		return map();
	case 1:
		return touch(self);
	case 2:
		return (struct sys_call){.nr = SYS_UDP_BIND, .port = PORT,
		    .so_sndbuf = 9216, .so_sndlowat = 2048};
	case 3:
		break;
	default:
		if (self->last < 0)
			return (struct sys_call){.nr = SYS_EXIT};
		self->bytes += self->last;
	}
	return (struct sys_call){.nr = SYS_READ, .addr = self->addr,
	    .len = BUFFER};
}

/*
 * Datagrams of six fragments each, copied or lent, either way: all are read,
 * and the reader's waiting for more is no deadlock.
 */
START_TEST(datagrams)
{
	enum { BYTES = 50 * 8192 };
	struct world_config config = two_hosts(_i % 2 == 1);
	struct host *to = _i < 2 ? &world.far : &world.host;
	struct host *from = _i < 2 ? &world.host : &world.far;

	config.far.sosend.sosend_loan = config.host.sosend.sosend_loan;
	world_init(&world, &config);
	memset(far, 0, sizeof far);
	add(&board, from, "sender", sender, BYTES);
	add(&far[0], to, "sink", sink, 0);
	run_to_the_end();
	ck_assert_int_eq(world.outcome, WORLD_DONE);
	ck_assert_int_eq(far[0].bytes, BYTES);
	ck_assert_int_eq(far[0].last, SYS_ENDED);
	ck_assert_int_eq(to->udp_in.n_delivered, 50);
	ck_assert_int_eq(to->frags.stats.n_joined, 6 * 50);
	ck_assert_int_eq(first(from)->stats.bytes_loaned > 0, _i % 2 == 1);
	/* the end of the measurement is that of the last datagram */
	ck_assert_int_eq(world.end.bytes_datagrams, _i < 2 ? BYTES : 0);
	ck_assert_int_eq(world.end.bytes_received, _i < 2 ? 0 : BYTES);
	ck_assert_int_lt(world.cal.now, 5 * PS_PER_S);
	world_fini(&world);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, board_writes, 0, 2);
	tcase_add_loop_test(tc, far_end_writes, 0, 2);
	tcase_add_test(tc, nobody_listens);
	tcase_add_test(tc, far_writer_waits_for_late_segments);
	tcase_add_test(tc, only_servers);
	tcase_add_test(tc, a_server_and_a_stuck_reader);
	tcase_add_loop_test(tc, datagrams, 0, 4);
}

int
main(void)
{
	Suite *suite = suite_create("world_hosts");
	TCase *tc = tcase_create("world_hosts");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	add_tests(tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
