/*
 * DMA that does not see the caches: what the driver does not clean, the NIC
 * gets wrong, and the check of content says so.
 *
 * A process writes 64 KiB, 44 segments of 1460 bytes and one of 1296.  256 KiB
 * of cache keep all that is stored until it is cleaned.
 */
#include <check.h>
#include <stdlib.h>

#include "models/socket/socket.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define ISS	UINT32_C(0xffff0000)	/* as machine_config */

static struct crank crank;
static bool is_nic_coherent;
static enum nic_kind nic_kind;
static enum cache_mistake mistake;
/* what the NIC asks instead of the host, if anything */
static uint64_t (*verify_hook)(void *arg, const struct mbuf *m);
static uint64_t (*host_verify)(void *arg, const struct mbuf *m);

static struct host *
host(void)
{
	return &crank.world.host;
}

static void
write_64k_with(bool is_lent, struct cache_config cache)
{
	struct world_config config = machine_config();
	uint64_t addr;
	int fd;

	config.host.sosend.sosend_loan = is_lent;
	config.host.cache = cache;
	config.host.dma_is_coherent = is_nic_coherent;
	config.host.nic.kind = nic_kind;
	crank_init(&crank, &config, 1);
	/* debug builds would stop at the first wrong fetch */
	crank.world.cal.after_event = NULL;
	host()->cache.mistake = mistake;
	host_verify = host()->nic.ports.verify;
	if (verify_hook != NULL)
		host()->nic.ports.verify = verify_hook;
	fd = crank_connect(&crank, 0, 65536);
	addr = crank_buffer(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, fd, addr, 65536), 65536);
	crank_sleep_until(&crank, 0, 9 * PS_PER_S);
}

/* All has arrived; so many segments and bytes wrong, from that one on. */
static void
assert_wrong(int64_t n_segments, int64_t bytes, uint32_t first_seq)
{
	const struct peer_conn *c = peer_find(&crank.world.peer, 1);
	const struct identity *id = &host()->identity;

	ck_assert_int_eq(c->bytes_received, 65536);
	ck_assert_int_eq(c->bytes_wrong, bytes);
	ck_assert_int_eq(id->n_fetches, 45);
	ck_assert_int_eq(id->n_wrong, n_segments);
	ck_assert_uint_eq(id->first_seq, first_seq);
}

static const struct cache_config large = {
    {262144, 0}, 32, CACHE_WRITE_BACK, true, false};

static struct cache_config
variant(int i)
{
	struct cache_config config = large;

	config.line_bytes = 32 << i % 3;
	config.is_virtual = i & 1;
	config.policy = i & 2 ? CACHE_WRITE_THROUGH : CACHE_WRITE_BACK;
	config.write_allocate = (i & 4) == 0;
	config.bytes[1] = i & 8 ? 524288 : 0;
	return config;
}

/* The driver cleans what it hands over: the NIC sees the right bytes. */
START_TEST(cleaned_for_dma)
{
	write_64k_with(_i & 16, variant(_i & 15));
	assert_wrong(0, 0, 0);
	crank_fini(&crank);
}
END_TEST

/* A driver that takes the NIC for coherent, and a NIC that is not. */
static uint64_t
verify_uncleaned(void *arg, const struct mbuf *m)
{
	uint64_t content;

	host()->config.dma_is_coherent = false;
	content = host_verify(arg, m);
	host()->config.dma_is_coherent = true;
	return content;
}

/*
 * All that was stored is in a cache, and so no segment is right: but for
 * stores that were written through, and lent pages of a virtual cache, which
 * lending has cleaned already.
 */
START_TEST(not_cleaned_for_dma)
{
	bool is_lent = _i & 1, is_virtual = _i & 2, is_through = _i & 4;
	struct cache_config config = large;
	bool is_clean = is_through || (is_lent && is_virtual);

	config.is_virtual = is_virtual;
	config.policy = is_through ? CACHE_WRITE_THROUGH : CACHE_WRITE_BACK;
	is_nic_coherent = true;
	verify_hook = verify_uncleaned;
	write_64k_with(is_lent, config);
	if (is_clean)
		assert_wrong(0, 0, 0);
	else
		assert_wrong(45, 65536, ISS + 1);
	crank_abandon(&crank);
}
END_TEST

/*
 * The same mistake made by the kernel (netbsd-2002.md 7: "PREWRITE sync: write
 * back the D-cache"): it cleans nothing at all, not even what it lends.
 */
START_TEST(cleans_nothing)
{
	struct cache_config config = large;

	config.is_virtual = _i & 2;
	mistake = CACHE_NOT_CLEANED;
	write_64k_with(_i & 1, config);
	assert_wrong(45, 65536, ISS + 1);
	crank_abandon(&crank);
}
END_TEST

/*
 * netbsd-2002.md 7: "the user-alias dirty lines must be cleaned when the page
 * is write-protected because the sync works on the kernel alias".  A kernel
 * that cleans the alias nobody stored by leaves all as it was, lent or copied;
 * a physical cache has no aliases to take for one another.
 */
START_TEST(cleans_wrong_alias)
{
	struct cache_config config = large;

	config.is_virtual = _i & 2;
	mistake = CACHE_WRONG_ALIAS;
	write_64k_with(_i & 1, config);
	if (config.is_virtual)
		assert_wrong(45, 65536, ISS + 1);
	else
		assert_wrong(0, 0, 0);
	crank_abandon(&crank);
}
END_TEST

/* What the driver of a chip with one segment has copied, it cleans as well. */
START_TEST(copied_by_the_driver)
{
	nic_kind = NIC_RTL8139;
	write_64k_with(_i & 16, variant(_i & 15));
	assert_wrong(0, 0, 0);
	ck_assert_int_eq(host()->ledger.line[CAUSE_DRIVER_COPY].stored_bytes,
	    65536);
	crank_fini(&crank);
}
END_TEST

/* A coherent NIC sees what is in a cache. */
START_TEST(coherent_dma)
{
	is_nic_coherent = true;
	write_64k_with(_i & 1, variant(_i & ~1));
	assert_wrong(0, 0, 0);
	ck_assert_int_eq(host()->ledger.line[CAUSE_CACHE_CLEAN].units, 0);
	crank_fini(&crank);
}
END_TEST

/* Somebody stores into a packet between its cleaning and its fetch. */
static uint64_t
verify_stored_to(void *arg, const struct mbuf *m)
{
	struct cache_traffic traffic = {0};

	if (m->m_th.seq == ISS + 1 + 20 * 1460) {
		struct mem_range range = m_first_range(m->m_next, 0, 1);

		cache_access(&host()->cache, range.object, range.offset, 1,
		    range.view, true, &traffic);
	}
	return host_verify(arg, m);
}

/* The line is one of segments 19 and 20; 19 has been fetched by then. */
START_TEST(stored_to_after_cleaning)
{
	verify_hook = verify_stored_to;
	write_64k_with(_i & 1, variant(_i & 2 ? 8 : 0));
	assert_wrong(1, 1460, ISS + 1 + 20 * 1460);
	crank_abandon(&crank);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("coherence");
	TCase *tc = tcase_create("coherence");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, cleaned_for_dma, 0, 32);
	tcase_add_loop_test(tc, not_cleaned_for_dma, 0, 8);
	tcase_add_loop_test(tc, cleans_nothing, 0, 4);
	tcase_add_loop_test(tc, cleans_wrong_alias, 0, 4);
	tcase_add_loop_test(tc, copied_by_the_driver, 0, 32);
	tcase_add_loop_test(tc, coherent_dma, 0, 16);
	tcase_add_loop_test(tc, stored_to_after_cleaning, 0, 4);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
