/*
 * The far end as a host: a second set of machine keys, addressed by group name
 * in every layer; and what is told of a far end that is not there.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sim/scenario_fixture.h"

#define HOST	"[peer]\nkind = host\n"

static struct scn_fixture
load_good(const char *text, const char *const *overrides)
{
	struct scn_fixture fix = fix_load(text, overrides);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.scn != NULL, "%s", all);
	return fix;
}

/* assert_only: one mistake, which says this */
static void
assert_only(const char *text, const char *const *overrides,
    const char *expected)
{
	struct scn_fixture fix = fix_load(text, overrides);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "expected \"%s\":%s", expected, all);
	fix_fini(&fix);
}

/* a host of which nothing is said is the default one, whatever the board is */
START_TEST(defaults)
{
	struct scn_fixture fix = load_good(HOST
	    "[board]\ncpu.clock = 1 GHz\n[kernel]\nhz = 50 Hz\n[process p]\n",
	    NULL);
	const struct scn_point *pt = scn_point(fix.scn, 0);

	ck_assert(scn_far_is_host(pt));
	ck_assert_int_eq(scn_get_far(pt, SCN_CPU_CLOCK), 200000000);
	ck_assert_int_eq(scn_get_far(pt, SCN_HZ), 100);
	ck_assert_int_eq(scn_get(pt, SCN_CPU_CLOCK), 1000000000);
	ck_assert_ptr_nonnull(scn_get_far_origin(pt, SCN_HZ));
	ck_assert_ptr_null(scn_get_origin(pt, SCN_HZ));
	ck_assert_ptr_nonnull(scn_get_far_cited(pt, OP_SYSCALL));
	fix_fini(&fix);
	fix = load_good("[process p]\n", NULL);
	ck_assert(!scn_far_is_host(scn_point(fix.scn, 0)));
	fix_fini(&fix);
}
END_TEST

/* profile, group, variant, override: each beats the one before */
START_TEST(layers)
{
	static const char text[] = HOST
	    "[peer-board]\nprofile = thorpe-2002-fix\ncpu.clock = 300 MHz\n"
	    "[peer-kernel]\nhz = 200 Hz\nhz.origin = measured: there\n"
	    "[process p]\n"
	    "[variant a]\n[variant b]\npeer-kernel.hz = 300 Hz\n";
	static const char *const overrides[] = {
		"peer-board.cpu.clock=1 GHz", "peer-kernel.hz = 400 Hz",
		"peer-board.profile=thorpe-2002", NULL
	};
	struct scn_fixture fix = load_good(text, NULL);
	const struct scn_point *a = scn_point(fix.scn, 0);
	const struct scn_point *b = scn_point(fix.scn, 1);
	int64_t read_rate = scn_get_far(a, SCN_MEM_READ);

	ck_assert_int_ne(read_rate, scn_get(a, SCN_MEM_READ));
	ck_assert_int_eq(scn_get_far(a, SCN_CPU_CLOCK), 300000000);
	ck_assert_int_eq(scn_get(a, SCN_CPU_CLOCK), 200000000);
	ck_assert_int_eq(scn_get_far(a, SCN_HZ), 200);
	ck_assert_str_eq(scn_get_far_origin(a, SCN_HZ), "measured: there");
	ck_assert_int_eq(scn_get_far(b, SCN_HZ), 300);
	ck_assert_int_eq(scn_get(b, SCN_HZ), 100);
	fix_fini(&fix);
	fix = load_good(text, overrides);
	b = scn_point(fix.scn, 1);
	ck_assert_int_eq(scn_get_far(b, SCN_CPU_CLOCK), 1000000000);
	ck_assert_int_eq(scn_get_far(b, SCN_HZ), 400);
	ck_assert_int_eq(scn_get_far(b, SCN_MEM_READ),
	    scn_get(b, SCN_MEM_READ));
	fix_fini(&fix);
}
END_TEST

/* an override alone can make the far end a host */
START_TEST(host_by_override)
{
	static const char *const overrides[] = {
		"process.p.host=peer", " peer.kind = host", NULL
	};
	struct scn_fixture fix = load_good("[process p]\n", overrides);

	ck_assert_int_eq(scn_get_far(scn_point(fix.scn, 0), SCN_HZ), 100);
	fix_fini(&fix);
}
END_TEST

/* the groups are checked as those of the board, by their own names */
START_TEST(values_are_checked)
{
	assert_only(HOST "[peer-board]\ncpu.clock = 1\n[process p]\n", NULL,
	    "t.scn:4: error: [peer-board] cpu.clock: \"1\" has no unit");
	assert_only(HOST "[peer-kernel]\nzh = 1\n[process p]\n", NULL,
	    "t.scn:4: error: [peer-kernel] zh: unknown key");
	assert_only(HOST "[peer-board]\nhz = 1\n[process p]\n", NULL,
	    "[peer-board] hz: unknown key; it belongs to [kernel]");
	assert_only(HOST "[peer-board]\n[peer-board]\n[process p]\n", NULL,
	    "t.scn:4: error: [peer-board]: given twice");
	assert_only(HOST "[peer-board x]\n[process p]\n", NULL,
	    "[peer-board x]: takes no name; permitted: [peer-board]");
	assert_only(HOST "[peer-board]\nprofile = none\n[process p]\n", NULL,
	    "t.scn:4: error: [peer-board] profile: unknown profile \"none\"");
	assert_only(HOST "[process p]\n[variant v]\npeer-kernel.profile = x\n",
	    NULL, "a profile holds for all variants; permitted: in "
	    "[peer-kernel], or -s");
	assert_only(HOST "[peer-kernel]\nhz.origin = measured: x\n"
	    "[process p]\n", NULL, "an origin without a value");
	assert_only("[peer-link]\n[process p]\n", NULL, "unknown group");
}
END_TEST

/* a rule holds on the machine that the process runs on */
START_TEST(rules_of_either_machine)
{
	struct scn_fixture fix;

	assert_only(HOST "[peer-kernel]\ntcp_sendspace = 2 KiB\n"
	    "[process p]\nhost = peer\nso_sndlowat = 3 KiB\n", NULL,
	    "t.scn:7: error: [process p] so_sndlowat: the low-water mark");
	assert_only(HOST "[process p]\nhost = peer\nso_sndlowat = 3 KiB\n"
	    "[peer-kernel]\ntcp_sendspace = 2 KiB\n", NULL,
	    "t.scn:7: error: [peer-kernel] tcp_sendspace: the low-water");
	assert_only(HOST "[peer-board]\nnic.kind = sip\n"
	    "nic.rx_bundle = yes\n[process p]\n", NULL,
	    "t.scn:5: error: [peer-board] nic.rx_bundle: only fxp has");
	fix = load_good(HOST "[peer-board]\nnic.kind = sip\n"
	    "[board]\nnic.rx_bundle = yes\n[process p]\n", NULL);
	fix_fini(&fix);
	fix = load_good(HOST "[peer-kernel]\ntcp_sendspace = 2 KiB\n"
	    "[process p]\nso_sndlowat = 3 KiB\n", NULL);
	fix_fini(&fix);
	/* who reads has one buffer, whatever n_buffers says */
	fix = load_good(HOST "[process p]\nprogram = ttcp-r\n"
	    "n_buffers = 1024\nwrite_size = 64 MiB\n", NULL);
	fix_fini(&fix);
	assert_only(HOST "[process p]\nwrite_size = 64 MiB\nn_buffers = 16\n"
	    "[process q]\nprogram = ttcp-r\nread_size = 1 B\n", NULL,
	    "t.scn:8: error: [process q] read_size: the buffers of all");
}
END_TEST

START_TEST(nobody_is_there)
{
	static const char *const profile[] = {
		"peer-board.profile=thorpe-2002", NULL
	};
	static const char *const key[] = { "peer-kernel.hz=50 Hz", NULL };

	assert_only("[peer-board]\ncpu.clock = 1 GHz\n[process p]\n", NULL,
	    "t.scn:1: error: [peer-board]: the ideal peer has no board; write "
	    "kind = host in [peer]");
	assert_only("[process p]\n[peer-kernel]\n", NULL,
	    "t.scn:2: error: [peer-kernel]: the ideal peer has no kernel");
	assert_only("[process p]\n", profile, "-s \"peer-board.profile="
	    "thorpe-2002\": error: [peer-board] profile: the ideal peer");
	assert_only("[process p]\n", key, "-s \"peer-kernel.hz=50 Hz\": "
	    "error: [peer-kernel] hz: the ideal peer has no kernel");
	assert_only("[process p]\n[variant v]\npeer-kernel.hz = 50 Hz\n",
	    NULL, "t.scn:3: error: [peer-kernel] hz: the ideal peer");
	assert_only("[process p]\nhost = peer\n", NULL, "t.scn:2: error: "
	    "[process p] host: a process on the far end needs kind = host");
	assert_only("[process p]\nprogram = ttcp-r\n", NULL, "t.scn:2: error: "
	    "[process p] program: nobody calls");
	assert_only("[process p]\nprogram = ttcp-r\nhost = peer\n", NULL,
	    "t.scn:3: error: [process p] host: a process on the far end");
	assert_only("[process p]\nprogram = udpsink\n", NULL, "t.scn:2: "
	    "error: [process p] program: nobody calls");
	/* no datagram above the send buffer */
	assert_only("[process p]\nprogram = udpstream\nwrite_size = 9217 B\n",
	    NULL, "t.scn:3: error: [process p] write_size: a datagram may be "
	    "at most the send buffer");
	assert_only("[process p]\nprogram = udpstream\nwrite_size = 8 KiB\n"
	    "so_sndbuf = 4 KiB\n", NULL, "t.scn:4: error: [process p] "
	    "so_sndbuf: a datagram may be at most the send buffer");
	/* who misspells the kind hears of that only */
	assert_only("[peer]\nkind = hots\n[peer-board]\n[process p]\n"
	    "host = peer\n", NULL, "t.scn:2: error: [peer] kind: \"hots\"");
}
END_TEST

/* each key of [peer] but the kind is its own */
START_TEST(any_key_of_the_ideal_peer)
{
	enum scn_key key = (enum scn_key)_i;
	g_autofree char *value = NULL, *text = NULL;

	if (key == SCN_PEER_KIND || !scn_key_is_of(key, "peer"))
		return;
	value = scn_value_format(key, scn_row(key)->def);
	text = g_strdup_printf(HOST "%s = %s\n[process p]\n",
	    scn_row(key)->name, value);
	assert_only(text, NULL, ": only the ideal peer has it");
}
END_TEST

START_TEST(the_ideal_peer_is_not_there)
{
	assert_only(HOST "delack_timer = 100 ms\n[process p]\n", NULL,
	    "t.scn:3: error: [peer] delack_timer: only the ideal peer has it, "
	    "and kind is host; write in [peer-kernel] what the host does");
	assert_only("[peer]\ntcp_recvspace = 16 KiB\n[process p]\n"
	    "[variant v]\npeer.kind = host\n", NULL,
	    "t.scn:2: error: [peer] tcp_recvspace: only the ideal peer");
	assert_only("[process p]\n[variant v]\npeer.kind = host\n"
	    "peer.turnaround = 1 us\n[variant w]\n", NULL,
	    "t.scn:4: error: [peer] turnaround: only the ideal peer");
}
END_TEST

/* where variants differ, what one of them hears is no mistake */
START_TEST(both_kinds)
{
	static const char *const overrides[] = {
		"peer.turnaround=2 us", "peer-kernel.hz=50 Hz", NULL
	};
	static const char text[] =
	    "[peer]\ndelack_timer = 100 ms\n[peer-board]\ncpu.clock = 1 GHz\n"
	    "[process p]\n[variant v]\n[variant w]\npeer.kind = host\n";
	struct scn_fixture fix = load_good(text, overrides);

	ck_assert(!scn_far_is_host(scn_point(fix.scn, 0)));
	ck_assert_int_eq(scn_get_far(scn_point(fix.scn, 1), SCN_CPU_CLOCK),
	    1000000000);
	ck_assert_int_eq(scn_get_far(scn_point(fix.scn, 1), SCN_HZ), 50);
	fix_fini(&fix);
	assert_only("[process p]\n[variant v]\npeer.kind = host\n"
	    "[variant w]\npeer-kernel.hz = 50 Hz\n", NULL,
	    "t.scn:5: error: [peer-kernel] hz: the ideal peer has no kernel");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("far");
	TCase *tc = tcase_create("far");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, defaults);
	tcase_add_test(tc, layers);
	tcase_add_test(tc, host_by_override);
	tcase_add_test(tc, values_are_checked);
	tcase_add_test(tc, rules_of_either_machine);
	tcase_add_test(tc, nobody_is_there);
	tcase_add_loop_test(tc, any_key_of_the_ideal_peer, 0, SCN_N_KEYS);
	tcase_add_test(tc, the_ideal_peer_is_not_there);
	tcase_add_test(tc, both_kinds);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
