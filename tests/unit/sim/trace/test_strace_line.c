/*
 * One line of strace: every form that is described, and what is none.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/trace/strace_line.h"

static struct st_line line;

static void
setup(void)
{
	st_line_init(&line);
}

static void
teardown(void)
{
	st_line_fini(&line);
}

static void
parse(const char *text)
{
	st_line_parse(&line, text, strlen(text));
}

/* What stands before a call: options, and what is found. */
static const struct {
	const char *text;
	int64_t pid;
	enum st_time_kind time_kind;
	int64_t time_ns;
} prefixes[] = {
	{ "close(3) = 0", -1, ST_TIME_NONE, 0 },
	{ "12  close(3) = 0", 12, ST_TIME_NONE, 0 },
	{ "[pid  12] close(3) = 0", 12, ST_TIME_NONE, 0 },
	{ "12 1795376465.789580 close(3) = 0", 12, ST_TIME_EPOCH,
	    1795376465789580000 },
	{ "1795376465.789580 close(3) = 0", -1, ST_TIME_EPOCH,
	    1795376465789580000 },
	{ "1795376465 close(3) = 0", -1, ST_TIME_EPOCH, 1795376465000000000 },
	{ "[pid 12] 01:02:03 close(3) = 0", 12, ST_TIME_DAY, 3723000000000 },
	{ "01:02:03.5 close(3) = 0", -1, ST_TIME_DAY, 3723500000000 },
	{ "     0.000123 close(3) = 0", -1, ST_TIME_RELATIVE, 123000 },
	{ "1795376465.5 (+ 0.000123) close(3) = 0", -1, ST_TIME_EPOCH,
	    1795376465500000000 },
	{ "12 [00007f3a] close(3) = 0", 12, ST_TIME_NONE, 0 },
	{ "[   3] close(3) = 0", -1, ST_TIME_NONE, 0 },
};

START_TEST(test_prefix)
{
	parse(prefixes[_i].text);
	ck_assert_int_eq(line.kind, ST_CALL);
	ck_assert(st_text_is(line.name, "close"));
	ck_assert_int_eq(line.pid, prefixes[_i].pid);
	ck_assert_int_eq(line.time_kind, prefixes[_i].time_kind);
	ck_assert_int_eq(line.time_ns, prefixes[_i].time_ns);
}
END_TEST

/* The first argument of a call. */
static const struct {
	const char *text;
	enum st_arg_kind kind;
	int64_t number;
	const char *inside, *name;
} values[] = {
	{ "12", ST_ARG_NUMBER, 12, "12", NULL },
	{ "-1", ST_ARG_NUMBER, -1, "-1", NULL },
	{ "0644", ST_ARG_NUMBER, 420, "0644", NULL },
	{ "0x7fe397990000", ST_ARG_NUMBER, 0x7fe397990000, "0x7fe397990000",
	    NULL },
	{ "0xffffffffffffffff", ST_ARG_NUMBER, -1, "0xffffffffffffffff",
	    NULL },
	{ "0x1ffffffffffffffff", ST_ARG_NAMES, 0, "0x1ffffffffffffffff",
	    NULL },
	{ "8*1024", ST_ARG_NAMES, 0, "8*1024", NULL },
	{ "1<<CAP_CHOWN|1<<CAP_KILL", ST_ARG_NAMES, 0,
	    "1<<CAP_CHOWN|1<<CAP_KILL", NULL },
	{ "O_RDONLY|O_CLOEXEC", ST_ARG_NAMES, 0, "O_RDONLY|O_CLOEXEC", NULL },
	{ "TCGETS or SNDCTL", ST_ARG_NAMES, 0, "TCGETS or SNDCTL", NULL },
	{ "0x6 /* F_X */", ST_ARG_NUMBER, 6, "0x6", NULL },
	{ "htons(80)", ST_ARG_NAMES, 0, "htons(80)", NULL },
	{ "makedev(0x8, 0x1)", ST_ARG_NAMES, 0, "makedev(0x8, 0x1)", NULL },
	{ "inet_addr(\"1),\")", ST_ARG_NAMES, 0, "inet_addr(\"1),\")", NULL },
	{ "NULL", ST_ARG_NULL, 0, "NULL", NULL },
	{ "...", ST_ARG_MORE, 0, "...", NULL },
	{ "\"a\\\"),[{\\\\\"", ST_ARG_STRING, 0, "a\\\"),[{\\\\", NULL },
	{ "\"\"", ST_ARG_STRING, 0, "", NULL },
	{ "@\"abstract\"", ST_ARG_STRING, 0, "abstract", NULL },
	{ "8</srv/www/f1m.bin>", ST_ARG_FD, 8, NULL, "/srv/www/f1m.bin" },
	{ "6</tmp/x>(deleted)", ST_ARG_FD, 6, NULL, "/tmp/x" },
	{ "6</tmp/x (deleted)>", ST_ARG_FD, 6, NULL, "/tmp/x (deleted)" },
	{ "6</tmp/a>b>", ST_ARG_FD, 6, NULL, "/tmp/a>b" },
	{ "6</tmp/a\\76>", ST_ARG_FD, 6, NULL, "/tmp/a\\76" },
	{ "0</dev/pts/0<char 136:0>>", ST_ARG_FD, 0, NULL,
	    "/dev/pts/0<char 136:0>" },
	{ "AT_FDCWD</srv>", ST_ARG_FD, -100, NULL, "/srv" },
	{ "7<socket:[101860]>", ST_ARG_FD, 7, NULL, "socket:[101860]" },
	{ "6<anon_inode:[eventpoll]>", ST_ARG_FD, 6, NULL,
	    "anon_inode:[eventpoll]" },
	{ "5<TCP:[10.0.0.1:80->10.0.0.2:5000]>", ST_ARG_FD, 5, NULL,
	    "TCP:[10.0.0.1:80->10.0.0.2:5000]" },
	{ "5<TCPv6:[[::1]:80->[::1]:5000]>", ST_ARG_FD, 5, NULL,
	    "TCPv6:[[::1]:80->[::1]:5000]" },
	{ "5<UNIX-STREAM:[12->34, \"/a]>b\"]>", ST_ARG_FD, 5, NULL,
	    "UNIX-STREAM:[12->34, \"/a]>b\"]" },
	{ "[CHLD USR1]", ST_ARG_LIST, 0, NULL, NULL },
	{ "~[RTMIN RT_1]", ST_ARG_LIST, 0, NULL, NULL },
	{ "[...]", ST_ARG_LIST, 0, NULL, NULL },
	{ "{st_mode=S_IFREG|0644, st_size=12, ...}", ST_ARG_STRUCT, 0, NULL,
	    NULL },
};

START_TEST(test_value)
{
	char text[200];
	const struct st_arg *arg;

	snprintf(text, sizeof(text), "f(%s, 77) = 0", values[_i].text);
	parse(text);
	ck_assert_int_eq(line.kind, ST_CALL);
	arg = st_arg_at(&line, 0);
	ck_assert_int_eq(arg->kind, values[_i].kind);
	ck_assert_int_eq(arg->number, values[_i].number);
	if (values[_i].inside != NULL)
		ck_assert(st_text_is(arg->text, values[_i].inside));
	if (values[_i].name != NULL)
		ck_assert(st_text_is(arg->name, values[_i].name));
	ck_assert_int_eq(st_arg_at(&line, 1)->number, 77);
	ck_assert_ptr_null(st_arg_at(&line, 2));
}
END_TEST

static const struct {
	const char *text;
	enum st_result_kind kind;
	int64_t number;
	const char *error, *name;
	int64_t duration_ns;
} results[] = {
	{ "4096 <0.000012>", ST_RESULT_NUMBER, 4096, NULL, NULL, 12000 },
	{ "4096", ST_RESULT_NUMBER, 4096, NULL, NULL, -1 },
	{ "0x7f00", ST_RESULT_NUMBER, 0x7f00, NULL, NULL, -1 },
	{ "7<socket:[1]> <1.5>", ST_RESULT_FD, 7, NULL, "socket:[1]",
	    1500000000 },
	{ "7</srv/x>", ST_RESULT_FD, 7, NULL, "/srv/x", -1 },
	{ "-1 EAGAIN (Resource temporarily unavailable) <0.000013>",
	    ST_RESULT_ERROR, -1, "EAGAIN", NULL, 13000 },
	{ "-1", ST_RESULT_NUMBER, -1, NULL, NULL, -1 },
	{ "?", ST_RESULT_UNKNOWN, 0, NULL, NULL, -1 },
	{ "? <unavailable>", ST_RESULT_UNKNOWN, 0, NULL, NULL, -1 },
	{ "? ERESTARTSYS (To be restarted if SA_RESTART is set) <0.4>",
	    ST_RESULT_ERROR, -1, "ERESTARTSYS", NULL, 400000000 },
	{ "0x2 (flags O_RDWR) <0.1>", ST_RESULT_NUMBER, 2, NULL, NULL,
	    100000000 },
	{ "1 ([{fd=3, revents=POLLIN}])", ST_RESULT_NUMBER, 1, NULL, NULL,
	    -1 },
};

START_TEST(test_result)
{
	char text[200];

	snprintf(text, sizeof(text), "f()     = %s", results[_i].text);
	parse(text);
	ck_assert_int_eq(line.kind, ST_CALL);
	ck_assert_int_eq(line.result.kind, results[_i].kind);
	ck_assert_int_eq(line.result.number, results[_i].number);
	ck_assert_int_eq(line.duration_ns, results[_i].duration_ns);
	if (results[_i].error != NULL)
		ck_assert(st_text_is(line.result.error, results[_i].error));
	if (results[_i].name != NULL)
		ck_assert(st_text_is(line.result.name, results[_i].name));
}
END_TEST

static const struct {
	const char *text;
	enum st_kind kind;
} kinds[] = {
	{ "12 write(1, \"a\", 1 <unfinished ...>", ST_UNFINISHED },
	{ "12 <... write resumed>) = 1", ST_RESUMED },
	{ "12 <... write resumed> ) = 1", ST_RESUMED },
	{ "12 --- SIGTERM {si_signo=SIGTERM} ---", ST_SIGNAL },
	{ "12 +++ exited with 0 +++", ST_EXIT },
	{ "12 +++ killed by SIGTERM +++", ST_EXIT },
	{ "strace: Process 12 attached", ST_TEXT },
	{ "", ST_TEXT },
	{ "   ", ST_TEXT },
	{ "1234", ST_TEXT },
	{ "\x1b[0m\xff\xfe (", ST_TEXT },
	{ "write(1, \"a", ST_BROKEN },
	{ "write(1, \"a\"", ST_BROKEN },
	{ "write(1, \"a\")", ST_BROKEN },
	{ "write(1, \"a\") =", ST_BROKEN },
	{ "write(1, \"a\") = x", ST_BROKEN },
	{ "write(1, \"a\") = 5</x", ST_BROKEN },
	{ "write(1</x, 2) = 0", ST_BROKEN },
	{ "write([1}) = 0", ST_BROKEN },
	{ "write(1]) = 0", ST_BROKEN },
};

START_TEST(test_kind)
{
	parse(kinds[_i].text);
	ck_assert_int_eq(line.kind, kinds[_i].kind);
	ck_assert_int_eq(line.why != NULL, kinds[_i].kind == ST_BROKEN);
}
END_TEST

START_TEST(test_iovec)
{
	const struct st_arg *list, *part;

	parse("1 writev(7<socket:[1]>, ["
	    "{iov_base=\"HTTP\\r\"..., iov_len=211}, "
	    "{iov_base=\"O\\301,]\"..., iov_len=1048576}], 2) = 1048787");
	list = st_arg_at(&line, 1);
	ck_assert_int_eq(list->kind, ST_ARG_LIST);
	part = list + 1;
	ck_assert_int_eq(part->kind, ST_ARG_STRUCT);
	ck_assert(st_arg_key(&line, part, "iov_base")->is_cut);
	ck_assert_int_eq(st_arg_key(&line, part, "iov_len")->number, 211);
	part = &line.args[part->next];
	ck_assert_int_eq(st_arg_key(&line, part, "iov_len")->number, 1048576);
	ck_assert_ptr_null(st_arg_key(&line, part, "iov"));
	ck_assert_uint_eq(part->next, list->next);
	ck_assert_int_eq(st_arg_at(&line, 2)->number, 2);
}
END_TEST

START_TEST(test_in_out)
{
	const struct st_arg *before;

	parse("sendfile(7</a>, 8</b>, [0] => [4096], 9) = 4096");
	before = st_arg_at(&line, 2);
	ck_assert_int_eq(before[1].number, 0);
	ck_assert(line.args[before->next].is_after);
	ck_assert_int_eq(line.args[before->next + 1].number, 4096);
	ck_assert_int_eq(st_arg_at(&line, 3)->number, 9);
	parse("accept(3, NULL, [128 => 16]) = 4");
	ck_assert_int_eq(st_arg_at(&line, 2)[1].number, 128);
	ck_assert(st_arg_at(&line, 2)[2].is_after);
}
END_TEST

START_TEST(test_flags)
{
	parse("mmap(NULL, 1, PROT_READ, MAP_PRIVATE|MAP_FIXED, -1, 0) = 0x10");
	ck_assert(st_arg_has(st_arg_at(&line, 3), "MAP_FIXED"));
	ck_assert(!st_arg_has(st_arg_at(&line, 3), "MAP_FIX"));
}
END_TEST

/* Deep, long, and with signs that have no business there. */
START_TEST(test_hostile)
{
	static const char fill[] = "[{<\"(\\a=,>";
	size_t n = 1 << 20;
	char *text = malloc(n);

	for (size_t i = 0; i + 1 < sizeof(fill); i++) {
		memset(text, fill[i], n);
		memcpy(text, "f(", 2);
		st_line_parse(&line, text, n);
		ck_assert_int_ne(line.kind, ST_CALL);
		for (size_t k = 2; k + 1 < n; k += 2)
			text[k] = 'a';
		st_line_parse(&line, text, n);
		ck_assert_int_ne(line.kind, ST_CALL);
	}
	free(text);
	st_line_parse(&line, "f(\0\0, 1) = 0", 12);
	ck_assert_int_eq(line.kind, ST_CALL);
	ck_assert_int_eq(st_arg_at(&line, 1)->number, 1);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

int
main(void)
{
	TCase *tc = tcase_create("line");
	Suite *s = suite_create("trace.strace_line");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_prefix, 0, ROWS(prefixes));
	tcase_add_loop_test(tc, test_value, 0, ROWS(values));
	tcase_add_loop_test(tc, test_result, 0, ROWS(results));
	tcase_add_loop_test(tc, test_kind, 0, ROWS(kinds));
	tcase_add_test(tc, test_iovec);
	tcase_add_test(tc, test_in_out);
	tcase_add_test(tc, test_flags);
	tcase_add_test(tc, test_hostile);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
