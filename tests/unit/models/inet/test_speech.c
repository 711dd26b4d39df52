/*
 * Words beside the bytes: found by their place, forgotten when they are heard.
 */
#include <check.h>
#include <signal.h>

#include "models/inet/speech.h"

static struct speech speech;

static void
say(int64_t from, int64_t bytes)
{
	const struct sys_words words = {.file = (uint32_t)from,
	    .offset = from, .len = bytes};

	speech_say(&speech, from, bytes, &words);
}

START_TEST(silence)
{
	speech_init(&speech);
	ck_assert_ptr_null(speech_at(&speech, 0));
	ck_assert_ptr_null(speech_at(&speech, 1000));
	speech_fini(&speech);
}
END_TEST

/* any place of a message finds it; one before it the next; none behind */
START_TEST(places)
{
	speech_init(&speech);
	say(10, 5);
	say(20, 1);
	ck_assert_int_eq(speech_at(&speech, 0)->from, 10);
	ck_assert_int_eq(speech_at(&speech, 10)->from, 10);
	ck_assert_int_eq(speech_at(&speech, 14)->from, 10);
	ck_assert_int_eq(speech_at(&speech, 14)->words.offset, 10);
	ck_assert_int_eq(speech_at(&speech, 15)->from, 20);
	/* what was passed is forgotten */
	ck_assert_int_eq(speech_at(&speech, 10)->from, 20);
	ck_assert_ptr_null(speech_at(&speech, 21));
	speech_fini(&speech);
}
END_TEST

/* more than fit, while the oldest go: the ring turns and grows */
START_TEST(many)
{
	int64_t said = 0, heard = 0;

	speech_init(&speech);
	for (int i = 0; i < 1000; i++) {
		for (int k = 0; k < 3; k++, said += 7)
			say(said, 7);
		for (int k = 0; k < 2; k++, heard += 7)
			ck_assert_int_eq(speech_at(&speech, heard)->from,
			    heard);
	}
	ck_assert_uint_le(speech.n, 1002);
	for (; heard < said; heard += 7)
		ck_assert_uint_eq(speech_at(&speech, heard + 6)->words.file,
		    (uint32_t)heard);
	ck_assert_ptr_null(speech_at(&speech, said));
	speech_fini(&speech);
}
END_TEST

/* one at a time, and the next before the last is forgotten: no memory */
START_TEST(few)
{
	speech_init(&speech);
	for (int64_t at = 0; at < 700; at += 7) {
		say(at, 7);
		ck_assert_int_eq(speech_at(&speech, at)->from, at);
	}
	ck_assert_ptr_null(speech.ring);
	/* a third one needs some; what was said goes with it */
	say(700, 7);
	say(707, 7);
	ck_assert_ptr_nonnull(speech.ring);
	for (int64_t at = 693; at <= 707; at += 7)
		ck_assert_int_eq(speech_at(&speech, at)->from, at);
	speech_fini(&speech);
}
END_TEST

/* nothing is no message, and none begins before the end of the last */
START_TEST(empty)
{
	say(0, 0);
}
END_TEST

START_TEST(overlapping)
{
	say(0, 10);
	say(9, 10);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("speech");
	TCase *tc = tcase_create("all");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, silence);
	tcase_add_test(tc, places);
	tcase_add_test(tc, few);
	tcase_add_test(tc, many);
	tcase_add_test_raise_signal(tc, empty, SIGABRT);
	tcase_add_test_raise_signal(tc, overlapping, SIGABRT);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
