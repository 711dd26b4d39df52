/*
 * Pools: zeroed objects, kept books, and misuse that is found.
 */
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/pool.h"

enum { CHUNK = 64 };	/* objects that a pool grows by */

static struct pool pool;

static void
setup(void)
{
	pool_init(&pool, "test", 40);
	ck_assert_uint_eq(pool_in_use(&pool), 0);
}

static void
teardown(void)
{
	ck_assert_uint_eq(pool_in_use(&pool), 0);
	pool_fini(&pool);
}

static bool
is_zero(const unsigned char *p, size_t n)
{
	while (n > 0 && *p == 0)
		p++, n--;
	return n == 0;
}

START_TEST(test_size)
{
	static const size_t sizes[][2] = {
	    /* asked for, and rounded up to the alignment of 64 */
	    {0, 64}, {1, 64}, {64, 64}, {65, 128}, {128, 128}};
	struct pool p;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		pool_init(&p, "sizes", sizes[i][0]);
		ck_assert_uint_eq(p.object_bytes, sizes[i][1]);
		ck_assert_str_eq(p.name, "sizes");
		pool_fini(&p);
	}
}
END_TEST

START_TEST(test_object_is_zero_again)
{
	unsigned char *p = pool_get(&pool);

	ck_assert(is_zero(p, 40));
	memset(p, 0xa5, 40);
	pool_put(&pool, p);
	/* the last one put is the first one got */
	ck_assert_ptr_eq(pool_get(&pool), p);
	ck_assert(is_zero(p, 40));
	pool_put(&pool, p);
}
END_TEST

/* More than two chunks: objects that are distinct, aligned and do not meet. */
START_TEST(test_growth)
{
	enum { N = 2 * CHUNK + 1 };
	unsigned char *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = pool_get(&pool);
		ck_assert_uint_eq((uintptr_t)objects[i] % 64, 0);
		memset(objects[i], i, 40);
	}
	ck_assert_uint_eq(pool_in_use(&pool), N);
	for (int i = 0; i < N; i++) {
		for (int at = 0; at < 40; at++)
			ck_assert_int_eq(objects[i][at], (unsigned char)i);
		pool_put(&pool, objects[i]);
	}
}
END_TEST

START_TEST(test_books)
{
	void *a = pool_get(&pool), *b = pool_get(&pool), *c;

	pool_put(&pool, a);
	c = pool_get(&pool);
	ck_assert_uint_eq(pool_in_use(&pool), 2);
	ck_assert_uint_eq(pool.n_peak, 2);
	a = pool_get(&pool);
	ck_assert_uint_eq(pool.n_peak, 3);
	pool_put(&pool, a);
	pool_put(&pool, b);
	pool_put(&pool, c);
	ck_assert_uint_eq(pool.n_gets, 4);
	ck_assert_uint_eq(pool.n_puts, 4);
	ck_assert_uint_eq(pool.n_peak, 3);
}
END_TEST

/* Memory is what the peak needs, however often objects come and go. */
START_TEST(test_memory_is_the_peak)
{
	unsigned char *first = pool_get(&pool);

	pool_put(&pool, first);
	for (int i = 0; i < 10 * CHUNK; i++) {
		unsigned char *p = pool_get(&pool);

		ck_assert_ptr_eq(p, first);
		pool_put(&pool, p);
	}
}
END_TEST

struct visit {
	const void *seen[3 * CHUNK];
	int n;
};

static void
visit(const void *object, void *arg)
{
	struct visit *v = arg;

	v->seen[v->n++] = object;
}

START_TEST(test_each_in_use)
{
	struct visit v = {.n = 0};
	void *objects[CHUNK];

	pool_each(&pool, visit, &v);
	ck_assert_int_eq(v.n, 0);
	for (int i = 0; i < CHUNK; i++)
		objects[i] = pool_get(&pool);
	/* the odd ones stay, put back in an order of no meaning */
	for (int i = CHUNK - 2; i >= 0; i -= 2)
		pool_put(&pool, objects[i]);
	pool_each(&pool, visit, &v);
	ck_assert_int_eq(v.n, CHUNK / 2);
	for (int i = 0; i < v.n; i++) {
		ck_assert_ptr_eq(v.seen[i], objects[2 * i + 1]);
		pool_put(&pool, objects[2 * i + 1]);
	}
}
END_TEST

START_TEST(test_each_over_chunks)
{
	struct visit v = {.n = 0};
	void *objects[2 * CHUNK];

	for (int i = 0; i < 2 * CHUNK; i++)
		objects[i] = pool_get(&pool);
	pool_put(&pool, objects[0]);
	pool_put(&pool, objects[CHUNK]);
	pool_each(&pool, visit, &v);
	ck_assert_int_eq(v.n, 2 * CHUNK - 2);
	for (int i = 0; i < v.n; i++)
		ck_assert(v.seen[i] != objects[0] &&
		    v.seen[i] != objects[CHUNK]);
	for (int i = 1; i < 2 * CHUNK; i++)
		if (i != CHUNK)
			pool_put(&pool, objects[i]);
}
END_TEST

/*
 * Chunks grow: as much again as there is, up to one huge page; each object is
 * zero, whichever it comes from.
 */
START_TEST(test_large_chunks)
{
	enum { BYTES = 4096, N = 2000 };
	static unsigned char *objects[N];
	struct pool p;

	pool_init(&p, "large", BYTES);
	for (int i = 0; i < N; i++) {
		objects[i] = pool_get(&p);
		ck_assert(is_zero(objects[i], BYTES));
		memset(objects[i], 0xff, BYTES);
	}
	ck_assert_uint_eq(pool_in_use(&p), N);
	for (int i = 0; i < N; i++)
		pool_put(&p, objects[i]);
	ck_assert_ptr_eq(pool_get(&p), objects[N - 1]);
	ck_assert(is_zero(objects[N - 1], BYTES));
	pool_fini(&p);
}
END_TEST

/*
 * Kept bytes
 */

/* Zero at first, in all objects of a chunk; then whatever they were. */
START_TEST(test_kept_bytes)
{
	enum { FROM = 24, KEPT = 40 - FROM };
	unsigned char *objects[CHUNK + 1];
	struct pool p;

	pool_init_kept(&p, "kept", 40, FROM);
	for (int i = 0; i <= CHUNK; i++) {
		objects[i] = pool_get(&p);
		ck_assert(is_zero(objects[i], 40));
		memset(objects[i], i + 1, 40);
	}
	for (int i = 0; i <= CHUNK; i++) {
		pool_put(&p, objects[i]);
		/* they stay readable while it is free */
		for (int at = FROM; at < FROM + KEPT; at++)
			ck_assert_int_eq(objects[i][at], i + 1);
	}
	for (int i = CHUNK; i >= 0; i--) {
		ck_assert_ptr_eq(pool_get(&p), objects[i]);
		ck_assert(is_zero(objects[i], FROM));
		for (int at = FROM; at < FROM + KEPT; at++)
			ck_assert_int_eq(objects[i][at], i + 1);
	}
	pool_fini(&p);
}
END_TEST

/* What is kept may change while the object is free; it is no misuse. */
START_TEST(test_kept_while_free)
{
	unsigned char *object;
	struct visit v = {.n = 0};
	struct pool p;

	pool_init_kept(&p, "kept", 40, 16);
	object = pool_get(&p);
	pool_put(&p, object);
	memset(object + 16, 0x5a, 24);
	pool_each(&p, visit, &v);
	ck_assert_int_eq(v.n, 0);
	ck_assert_ptr_eq(pool_get(&p), object);
	for (int at = 16; at < 40; at++)
		ck_assert_int_eq(object[at], 0x5a);
	pool_each(&p, visit, &v);
	ck_assert_int_eq(v.n, 1);
	pool_fini(&p);
}
END_TEST

START_TEST(test_death_of_a_second_put_of_kept)
{
	struct pool p;
	void *object;

	pool_init_kept(&p, "kept", 40, 24);
	pool_get(&p);
	object = pool_get(&p);
	pool_put(&p, object);
	pool_put(&p, object);
}
END_TEST

START_TEST(test_death_of_a_write_before_the_kept)
{
	struct pool p;
	unsigned char *object;

	pool_init_kept(&p, "kept", 40, 24);
	object = pool_get(&p);
	pool_put(&p, object);
	memset(object, 0, 24);
	pool_get(&p);
}
END_TEST

/* The free list stands in what is not kept: there is room, or all is lost. */
START_TEST(test_death_of_too_much_kept)
{
	struct pool p;

	pool_init_kept(&p, "too much", 40, 8);
}
END_TEST

START_TEST(test_death_of_a_second_put)
{
	void *a = pool_get(&pool);

	pool_get(&pool);
	pool_put(&pool, a);
	pool_put(&pool, a);
}
END_TEST

START_TEST(test_death_of_a_put_too_many)
{
	struct { char bytes[48]; } stranger = {{0}};

	pool_put(&pool, &stranger);
}
END_TEST

START_TEST(test_death_of_a_write_after_put)
{
	unsigned char *p = pool_get(&pool);

	pool_put(&pool, p);
	memset(p + sizeof(void *), 0, 40 - sizeof(void *));
	pool_get(&pool);
}
END_TEST

static Suite *
pool_suite(void)
{
	Suite *suite = suite_create("base/pool");
	TCase *tc = tcase_create("pool");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_size);
	tcase_add_test(tc, test_object_is_zero_again);
	tcase_add_test(tc, test_growth);
	tcase_add_test(tc, test_books);
	tcase_add_test(tc, test_memory_is_the_peak);
	tcase_add_test(tc, test_each_in_use);
	tcase_add_test(tc, test_each_over_chunks);
	tcase_add_test_raise_signal(tc, test_death_of_a_second_put, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_put_too_many, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_write_after_put,
	    SIGABRT);
	tcase_add_test(tc, test_large_chunks);
	tcase_add_test(tc, test_kept_bytes);
	tcase_add_test(tc, test_kept_while_free);
	tcase_add_test_raise_signal(tc, test_death_of_a_second_put_of_kept,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_a_write_before_the_kept,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_too_much_kept,
	    SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pool_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
