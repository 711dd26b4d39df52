/*
 * sb_find() says what a walk from the first mbuf of the chain says, whatever
 * was appended, merged and dropped since it was last asked.
 */
#include <check.h>
#include <stdlib.h>

#include "models/socket/sockbuf.h"
#include "tests/support/bench.h"

enum { N_SEEDS = 50, N_STEPS = 2000 };

static struct bench bench;
static struct sockbuf sb;
static uint64_t state;

static uint32_t
draw(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % n;
}

static void
append(struct mbuf *m)
{
	sb_append(&sb, m, SB_APPEND_TAIL, &bench.mp, &bench.cost,
	    &bench.costs);
}

static void
append_some(void)
{
	uint64_t name = BENCH_NAME((uint64_t)sb.sb_cc);

	/* small ones are merged into one another */
	if (draw(3) == 0)
		append(bench_cluster(&bench, 1 + draw(2048), name));
	else
		append(bench_internal(&bench, 1 + draw(100), name));
}

static void
drop_some(void)
{
	uint32_t n = draw(3000);

	sb_drop(&sb, n < sb.sb_cc ? n : sb.sb_cc, &bench.mp);
}

static void
compare(int step)
{
	uint32_t off = draw((uint32_t)sb.sb_cc);
	struct m_place walked = m_find(sb.sb_mb, off);
	struct m_place found = sb_find(&sb, off);

	ck_assert_msg(found.m == walked.m && found.offset == walked.offset &&
	    found.n_walked == walked.n_walked, "step %d, offset %u: %u in "
	    "mbuf %u instead of %u in %u", step, off, found.offset,
	    found.n_walked, walked.offset, walked.n_walked);
}

START_TEST(as_a_walk)
{
	bench_init(&bench);
	sb = (struct sockbuf){0};
	sb_reserve(&sb, SB_MAX_HIWAT, 1);
	state = (uint64_t)_i;
	for (int step = 0; step < N_STEPS; step++) {
		if (sb.sb_cc < 20000)
			append_some();
		if (draw(4) == 0)
			drop_some();
		if (sb.sb_cc > 0)
			compare(step);
	}
	sb_drop(&sb, sb.sb_cc, &bench.mp);
	bench_fini(&bench);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sockbuf_find");
	TCase *tc = tcase_create("random");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tc, as_a_walk, 0, N_SEEDS);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
