/*
 * Short recordings, and the operations that they become.
 */
#include "tests/unit/sim/trace/story_script.h"

#define OPEN_F "1 openat(AT_FDCWD</>, \"/f\", O_RDONLY) = 5</f>\n"
#define STAT_F "1 fstat(5</f>, {st_mode=S_IFREG|0644, st_size=100000, ...})" \
	" = 0\n"
#define ACCEPT "1 accept4(3<socket:[7]>, {sa_family=AF_INET, " \
	"sin_port=htons(9), sin_addr=inet_addr(\"127.0.0.1\")}, [16], 0) = " \
	"4<socket:[8]>\n"
#define ASK "1 read(4<socket:[8]>, \"GET /\"..., 8000) = 86\n"
#define CLOSE "1 close(4<socket:[8]>) = 0\n"

/* A short write is asked for again, once with more behind it. */
START_TEST(test_short_write)
{
	assert_story(ACCEPT ASK
	    "1 write(4<socket:[8]>, \"abc\"..., 100000) = 30000\n"
	    "1 write(4<socket:[8]>, \"ghi\"..., 70000) = "
	    "-1 EAGAIN (Resource temporarily unavailable)\n"
	    "1 write(4<socket:[8]>, \"ghi\"..., 70000) = 60000\n"
	    "1 writev(4<socket:[8]>, [{iov_base=\"x\"..., iov_len=10000}, "
	    "{iov_base=\"end\", iov_len=3}], 2) = 10003\n" CLOSE,
	    "accept(0) receive(0:86) say(0) send(0:100000@b0+0!) "
	    "send(0:3@b1+0!) close(0)");
}
END_TEST

/* Also where the first attempt took nothing at all. */
START_TEST(test_eagain_first)
{
	assert_story(ACCEPT ASK
	    "1 write(4<socket:[8]>, \"abc\"..., 5000) = "
	    "-1 EAGAIN (Resource temporarily unavailable)\n"
	    "1 write(4<socket:[8]>, \"abc\"..., 5000) = 5000\n" CLOSE,
	    "accept(0) receive(0:86) say(0) send(0:5000@b0+0!) close(0)");
}
END_TEST

/* The rest of a write is dropped from within a piece, too. */
START_TEST(test_short_writev)
{
	assert_story(ACCEPT
	    "1 writev(4<socket:[8]>, [{iov_base=\"a\"..., iov_len=200}, "
	    "{iov_base=\"b\"..., iov_len=6000}], 2) = 300\n"
	    "1 writev(4<socket:[8]>, [{iov_base=\"c\"..., iov_len=5900}, "
	    "{iov_base=\"d\"..., iov_len=7000}], 2) = 12900\n" CLOSE,
	    "accept(0) say(0) send(0:200@b0+0!,6000@b1+0!) "
	    "send(0:7000@b2+0!) close(0)");
}
END_TEST

/* apache: header and the whole mapping, then unmapped */
START_TEST(test_mapping)
{
	assert_story(ACCEPT ASK OPEN_F
	    "1 mmap(NULL, 100000, PROT_READ, MAP_SHARED, 5</f>, 0) = "
	    "0x10000\n"
	    "1 writev(4<socket:[8]>, [{iov_base=\"H\"..., iov_len=211}, "
	    "{iov_base=\"x\"..., iov_len=100000}], 2) = 100211\n"
	    "1 munmap(0x10000, 100000) = 0\n1 close(5</f>) = 0\n" CLOSE,
	    "accept(0) receive(0:86) open(1) mmap(0:0+100000) say(0) "
	    "send(0:211@b0+0!,100000@m0+0) munmap(0:0+100000) close(1) "
	    "close(0)");
}
END_TEST

/* Parts, one behind the other, and unmapped in two. */
START_TEST(test_mapping_parts)
{
	assert_story(ACCEPT OPEN_F
	    "1 mmap(NULL, 16384, PROT_READ, MAP_PRIVATE, 5</f>, 8192) = "
	    "0x10000\n"
	    "1 write(4<socket:[8]>, \"x\"..., 8192) = 8192\n"
	    "1 write(4<socket:[8]>, \"y\"..., 8192) = 8192\n"
	    "1 munmap(0x10000, 4096) = 0\n1 munmap(0x11000, 12288) = 0\n"
	    CLOSE, "accept(0) open(1) mmap(0:8192+16384) say(0) "
	    "send(0:8192@m0+0) send(0:8192@m0+8192) munmap(0:0+4096) "
	    "munmap(0:4096+12288) close(0)");
}
END_TEST

/* The part that is gone is not sent from again: not as long as the whole. */
START_TEST(test_mapping_partly_gone)
{
	assert_story(ACCEPT OPEN_F
	    "1 mmap(NULL, 16384, PROT_READ, MAP_PRIVATE, 5</f>, 0) = "
	    "0x10000\n1 munmap(0x10000, 8192) = 0\n"
	    "1 write(4<socket:[8]>, \"x\"..., 16384) = 16384\n"
	    "1 write(4<socket:[8]>, \"y\"..., 4096) = 4096\n"
	    "1 munmap(0x12000, 8192) = 0\n" CLOSE,
	    "accept(0) open(1) mmap(0:0+16384) munmap(0:0+8192) say(0) "
	    "send(0:16384@b0+0!) send(0:4096@m0+8192) munmap(0:8192+8192) "
	    "close(0)");
}
END_TEST

/* What is never unmapped, or is the loader's, is not where a part lay. */
START_TEST(test_no_mapping)
{
	assert_story(ACCEPT OPEN_F
	    "1 mmap(NULL, 99999, PROT_READ, MAP_PRIVATE, 5</f>, 0) = "
	    "0x10000\n"
	    "1 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 5</f>, "
	    "0) = 0x80000\n"
	    "1 write(4<socket:[8]>, \"x\"..., 8192) = 8192\n"
	    "1 munmap(0x80000, 8192) = 0\n" CLOSE,
	    "accept(0) say(0) send(0:8192@b0+0!) close(0)");
}
END_TEST

/* -e raw=write: the address says where it lay, in memory that is mapped too */
START_TEST(test_addresses)
{
	assert_story(ACCEPT OPEN_F
	    "1 mmap(NULL, 65536, PROT_READ, MAP_PRIVATE, 5</f>, 0) = "
	    "0x10000\n"
	    "1 mmap(NULL, 65536, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
	    " = 0x40000\n"
	    "1 write(0x4, 0x12000, 0x2000) = 0x2000\n"
	    "1 write(0x4, 0x40010, 0x2000) = 0x2000\n"
	    "1 write(0x4, 0x7000000, 0x2000) = 0x2000\n" CLOSE,
	    "accept(0) open(1) mmap(0:0+65536) anon(1:0+65536) say(0) "
	    "send(0:8192@m0+8192) send(0:8192@m1+16) send(0:8192@b0+0!) "
	    "close(0)");
}
END_TEST

/* nginx: one buffer, read into and sent again and again */
#define COPY ACCEPT ASK OPEN_F STAT_F \
	"1 pread64(5</f>, \"a\"..., 32768, 0) = 32768\n" \
	"1 writev(4<socket:[8]>, [{iov_base=\"H\"..., iov_len=246}, " \
	"{iov_base=\"a\"..., iov_len=32768}], 2) = 33014\n" \
	"1 pread64(5</f>, \"b\"..., 32768, 32768) = 32768\n" \
	"1 writev(4<socket:[8]>, [{iov_base=\"b\"..., iov_len=32768}], 1)" \
	" = 32768\n1 close(5</f>) = 0\n" CLOSE

START_TEST(test_copy)
{
	assert_story(COPY, "accept(0) receive(0:86) open(1) "
	    "read(1:0+32768>0+0) say(0) send(0:246@b1+0!,32768@r0+0) "
	    "read(1:32768+32768>0+0) send(0:32768@r0+0) close(1) close(0)");
}
END_TEST

START_TEST(test_copy_as_mmap)
{
	assert_mapped(COPY, "accept(0) receive(0:86) open(1) "
	    "mmap(0:0+32768) say(0) send(0:246@b1+0!,32768@m0+0) "
	    "munmap(0:0+32768) mmap(1:32768+32768) send(0:32768@m1+0) "
	    "munmap(1:0+32768) close(1) close(0)");
}
END_TEST

/* Two reads before the writes: two buffers. */
START_TEST(test_two_buffers)
{
	assert_story(ACCEPT OPEN_F STAT_F
	    "1 read(5</f>, \"a\"..., 32768) = 32768\n"
	    "1 read(5</f>, \"b\"..., 32768) = 32768\n"
	    "1 write(4<socket:[8]>, \"a\"..., 32768) = 32768\n"
	    "1 write(4<socket:[8]>, \"b\"..., 32768) = 32768\n" CLOSE,
	    "accept(0) open(1) read(1:0+32768>0+0) read(1:32768+32768>1+0) "
	    "say(0) send(0:32768@r0+0) send(0:32768@r1+0) close(0)");
}
END_TEST

/* Reads that fill one buffer for one write; and a write in two parts. */
START_TEST(test_chain)
{
	assert_story(ACCEPT OPEN_F STAT_F
	    "1 read(5</f>, \"\"..., 4096) = 4096\n"
	    "1 read(5</f>, \"\"..., 4096) = 4096\n"
	    "1 write(4<socket:[8]>, \"\"..., 8192) = 8192\n"
	    "1 read(5</f>, \"z\"..., 8192) = 8192\n"
	    "1 write(4<socket:[8]>, \"z\"..., 4096) = 4096\n"
	    "1 write(4<socket:[8]>, \"y\"..., 4096) = 4096\n" CLOSE,
	    "accept(0) open(1) read(1:0+4096>0+0) read(1:4096+4096>0+4096) "
	    "say(0) send(0:8192@r0+0) read(1:8192+8192>0+0) "
	    "send(0:4096@r0+0) send(0:4096@r0+4096) close(0)");
}
END_TEST

/* The last read is short, one more finds the end: with mmap it is not made. */
#define TAIL ACCEPT OPEN_F \
	"1 read(5</f>, \"a\"..., 8192) = 5000\n" \
	"1 write(4<socket:[8]>, \"a\"..., 5000) = 5000\n" \
	"1 read(5</f>, \"\", 8192) = 0\n1 close(5</f>) = 0\n" CLOSE

START_TEST(test_tail)
{
	assert_story(TAIL, "accept(0) open(1) read(1:0+5000>0+0) say(0) "
	    "send(0:5000@r0+0) read(1:5000+4096>0+0) close(1) close(0)");
	assert_mapped(TAIL, "accept(0) open(1) mmap(0:0+5000) say(0) "
	    "send(0:5000@m0+0) munmap(0:0+5000) close(1) close(0)");
}
END_TEST

/* More is asked for than there is, and again for what is left. */
#define SENDFILE ACCEPT ASK OPEN_F STAT_F \
	"1 sendfile(4<socket:[8]>, 5</f>, [0] => [60000], 2147479552) = " \
	"60000\n" \
	"1 sendfile(4<socket:[8]>, 5</f>, [60000] => [100000], 2147419552) " \
	"= 40000\n" CLOSE

START_TEST(test_sendfile)
{
	assert_story(SENDFILE, "accept(0) receive(0:86) open(1) say(0) "
	    "sendfile(0<1:0+100000) close(0)");
	assert_mapped(SENDFILE, "accept(0) receive(0:86) open(1) say(0) "
	    "mmap(0:0+100000) send(0:100000@m0+0) munmap(0:0+100000) "
	    "close(0)");
}
END_TEST

/* The file's own offset; windows of 1 MiB, and one that begins in a page. */
START_TEST(test_sendfile_own_offset)
{
	assert_mapped(ACCEPT OPEN_F
	    "1 lseek(5</f>, 0, SEEK_END) = 1100000\n"
	    "1 lseek(5</f>, 100, SEEK_SET) = 100\n"
	    "1 sendfile(4<socket:[8]>, 5</f>, NULL, 1099900) = 1099900\n"
	    CLOSE, "accept(0) open(1) say(0) mmap(0:0+1048676) "
	    "send(0:1048576@m0+100) munmap(0:0+1048676) "
	    "mmap(1:1048576+51424) send(0:51324@m1+100) munmap(1:0+51424) "
	    "close(0)");
}
END_TEST

/* Memory: small is new each time, large if it shows something else. */
START_TEST(test_memory)
{
	assert_story("1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4\n"
	    "1 connect(4, {sa_family=AF_INET, sin_port=htons(80), "
	    "sin_addr=inet_addr(\"10.0.0.1\")}, 16) = -1 EINPROGRESS (x)\n"
	    "1 write(4, \"a\"..., 8192) = 8192\n"
	    "1 write(4, \"a\"..., 8192) = 8192\n"
	    "1 write(4, \"b\"..., 8192) = 8192\n"
	    "1 write(4, \"b\", 1) = 1\n1 write(4, \"b\", 1) = 1\n"
	    "1 read(4, \"x\", 100) = 100\n1 close(4) = 0\n",
	    "connect(0) send(0:8192@b0+0!) send(0:8192@b0+0) "
	    "send(0:8192@b0+0!) send(0:1@b1+0!) send(0:1@b1+0!) close(0)");
}
END_TEST

/* -s 0: what an iovec hides counts as returned, in one piece of memory. */
START_TEST(test_hidden_iovec)
{
	assert_story(ACCEPT "1 writev(4<socket:[8]>, [...], 2) = 300\n"
	    "1 writev(4<socket:[8]>, [{iov_base=\"\"..., iov_len=100}, ...], "
	    "3) = 5000\n1 writev(4<socket:[8]>, 0x7ffe00, 2) = 200\n" CLOSE,
	    "accept(0) say(0) send(0:300@b0+0!) "
	    "send(0:100@b0+0!,4900@b1+0!) send(0:200@b0+0!) close(0)");
}
END_TEST

/* Without -T and -ttt, and before anything was recorded: a guess. */
START_TEST(test_attached)
{
	assert_story("write(9, \"a\"..., 5000) = 5000\n"
	    "write(9<socket:[1]>, \"a\"..., 5000) = 5000\n"
	    "read(9<socket:[1]>, \"a\"..., 5000) = 5000\n",
	    "connect(0) send(0:5000@b0+0!)");
}
END_TEST

START_TEST(test_udp)
{
	assert_story("1 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 4\n"
	    "1 sendto(4, \"a\"..., 1000, 0, {sa_family=AF_INET, "
	    "sin_port=htons(53), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = "
	    "1000\n1 close(4) = 0\n", "udp(0) sendto(0:1000@b0+0!) close(0)");
}
END_TEST

/* -yy: names change while a socket is connected */
START_TEST(test_changing_names)
{
	assert_story("1 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = "
	    "4<TCP:[123]>\n"
	    "1 connect(4<TCP:[123]>, {sa_family=AF_INET, sin_port=htons(80), "
	    "sin_addr=inet_addr(\"10.0.0.1\")}, 16) = 0\n"
	    "1 write(4<TCP:[10.0.0.2:999->10.0.0.1:80]>, \"a\", 1) = 1\n"
	    "1 close(4<TCP:[10.0.0.2:999->10.0.0.1:80]>) = 0\n",
	    "connect(0) send(0:1@b0+0!) close(0)");
}
END_TEST

/* dup: the last descriptor closes it; dup2 puts it in another's place */
START_TEST(test_dup)
{
	assert_story(ACCEPT "1 dup(4<socket:[8]>) = 6<socket:[8]>\n" CLOSE
	    "1 dup2(6<socket:[8]>, 9) = 9<socket:[8]>\n"
	    "1 write(9<socket:[8]>, \"a\", 1) = 1\n1 close(6) = 0\n"
	    "1 close(9) = 0\n", "accept(0) say(0) send(0:1@b0+0!) close(0)");
}
END_TEST

static TCase *
case_of_calls(void)
{
	TCase *tc = tcase_create("calls");

	tcase_add_test(tc, test_short_write);
	tcase_add_test(tc, test_eagain_first);
	tcase_add_test(tc, test_short_writev);
	tcase_add_test(tc, test_mapping);
	tcase_add_test(tc, test_mapping_parts);
	tcase_add_test(tc, test_mapping_partly_gone);
	tcase_add_test(tc, test_no_mapping);
	tcase_add_test(tc, test_addresses);
	tcase_add_test(tc, test_copy);
	tcase_add_test(tc, test_copy_as_mmap);
	tcase_add_test(tc, test_two_buffers);
	tcase_add_test(tc, test_chain);
	tcase_add_test(tc, test_tail);
	tcase_add_test(tc, test_sendfile);
	tcase_add_test(tc, test_sendfile_own_offset);
	tcase_add_test(tc, test_memory);
	tcase_add_test(tc, test_hidden_iovec);
	tcase_add_test(tc, test_attached);
	tcase_add_test(tc, test_udp);
	tcase_add_test(tc, test_changing_names);
	tcase_add_test(tc, test_dup);
	return tc;
}

int
main(void)
{
	Suite *s = suite_create("trace.story");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(s, case_of_calls());
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
