/*
 * System calls that are written down as text and answered at once.
 *
 * Stands for: sys.h, below a replay; nothing of the library's is linked for it.
 * Owns: one log, which fake_calls_begin() empties.
 */
#ifndef TESTS_UNIT_SIM_PROCESS_FAKE_CALLS_H
#define TESTS_UNIT_SIM_PROCESS_FAKE_CALLS_H

#include <check.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "sim/process/replay_expand.h"
#include "sim/process/sys.h"

enum { FAKE_BUFFER = 0x100000, FAKE_MAPPING = 0x10000000, FAKE_ANSWERS = 16 };

static struct {
	GString *log;
	int next_fd;
	int64_t next_buffer, next_mapping;
	int64_t answers[FAKE_ANSWERS];	/* of read, connect, request */
	size_t n_answers, n_given;
	int64_t fails_at;	/* the write that fails; 0: none */
	int64_t writes[FAKE_ANSWERS];	/* what write and writev return; -1:
					 * all of it, as for those after them */
	int n_polls, polls[FAKE_ANSWERS];	/* what each poll finds */
	int n_polled;
	/* or: sockets take by chance, as long as somebody asks for them */
	GRand *random;
	GArray *wanted;		/* int */
	GHashTable *has_asked;	/* descriptors: 64 bytes, then the end */
	int64_t n_writes;
	sim_time now;
	int64_t noted;
} fake;

static void fake_log(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void
fake_log(const char *format, ...)
{
	va_list args;

	if (fake.log->len > 0)
		g_string_append_c(fake.log, ' ');
	va_start(args, format);
	g_string_append_vprintf(fake.log, format, args);
	va_end(args);
}

static inline void
fake_calls_begin(void)
{
	if (fake.log != NULL)
		g_string_free(fake.log, TRUE);
	fake.log = g_string_new(NULL);
	fake.next_fd = 3;
	fake.next_buffer = FAKE_BUFFER;
	fake.next_mapping = FAKE_MAPPING;
	fake.n_answers = fake.n_given = 0;
	fake.fails_at = fake.n_writes = 0;
	fake.n_polls = fake.n_polled = 0;
	memset(fake.writes, -1, sizeof fake.writes);
	fake.now = 0;
	fake.noted = 0;
}

static int64_t
fake_answer(int64_t otherwise)
{
	if (fake.random != NULL && otherwise > 0)
		return g_rand_int_range(fake.random, 0, 3) == 0 ?
		    SYS_EWOULDBLOCK :
		    g_rand_int_range(fake.random, 1, (gint32)otherwise + 1);
	return fake.n_given < fake.n_answers ? fake.answers[fake.n_given++] :
	    otherwise;
}

/* Addresses as b0, b1 ... of buffers 1 MiB apart, m0, m1 ... of mappings. */
static const char *
fake_name(uint64_t addr)
{
	static char names[4][40];
	static int next;
	char *name = names[next++ % 4];
	bool is_mapping = addr >= FAKE_MAPPING;
	uint64_t base = is_mapping ? FAKE_MAPPING : FAKE_BUFFER;

	g_snprintf(name, sizeof names[0], "%c%" PRIu64 "+%" PRIu64,
	    is_mapping ? 'm' : 'b', (addr - base) >> 20,
	    (addr - base) & 0xfffff);
	return name;
}

void
process_note(struct process *ps, int64_t result)
{
	(void)ps;
	if (result < 0 && result != SYS_ENDED && fake.noted == 0)
		fake.noted = result;
}

struct sys_sockopts
sys_sockopts_of(const struct process_config *config)
{
	return (struct sys_sockopts){.so_sndbuf = config->so_sndbuf};
}

int
sys_open(struct process *ps, uint32_t file)
{
	(void)ps;
	fake_log("open(f%u)=%d", file, fake.next_fd);
	return fake.next_fd++;
}

int
sys_connect(struct process *ps, uint16_t port, const struct sys_sockopts *opts)
{
	int64_t fd = fake_answer(fake.next_fd);

	(void)ps;
	(void)opts;
	fake.next_fd += fd >= 0;
	fake_log("connect(%u)=%" PRId64, port, fd);
	return (int)fd;
}

int
sys_udp(struct process *ps, uint16_t port, const struct sys_sockopts *opts)
{
	(void)ps;
	(void)opts;
	fake_log("udp(%u)", port);
	return fake.next_fd++;
}

int
sys_listen(struct process *ps, uint16_t port, int backlog,
    const struct sys_sockopts *opts)
{
	(void)ps;
	(void)backlog;
	(void)opts;
	fake_log("listen(%u)=%d", port, fake.next_fd);
	return fake.next_fd++;
}

int
sys_accept(struct process *ps, int fd)
{
	(void)ps;
	fake_log("accept(%d)=%d", fd, fake.next_fd);
	return fake.next_fd++;
}

int64_t
sys_setnbio(struct process *ps, int fd, bool is_nbio)
{
	(void)ps;
	ck_assert(is_nbio);
	fake_log("nbio(%d)", fd);
	return 0;
}

void
sys_poll_want(struct process *ps, int fd, uint32_t events)
{
	(void)ps;
	for (guint i = 0; fake.wanted != NULL && i < fake.wanted->len; i++)
		if (g_array_index(fake.wanted, int, i) == fd)
			g_array_remove_index(fake.wanted, i--);
	if (fake.wanted != NULL && events != 0)
		g_array_append_val(fake.wanted, fd);
	fake_log("%s(%d)", events == SYS_POLLIN ? "in" :
	    events == SYS_POLLOUT ? "out" : "off", fd);
}

int64_t
sys_poll(struct process *ps, sim_time interval)
{
	(void)ps;
	ck_assert_int_eq(interval, -1);
	if (fake.random != NULL) {
		ck_assert_uint_gt(fake.wanted->len, 0);
		fake.n_polled = 1;
		fake.polls[0] = g_array_index(fake.wanted, int,
		    g_rand_int_range(fake.random, 0, (gint32)fake.wanted->len));
		return 1;
	}
	return fake.n_polled++ < fake.n_polls ? 1 : SYS_ENDED;
}

struct sys_pollfd
sys_poll_found(const struct process *ps, int64_t i)
{
	(void)ps;
	ck_assert_int_eq(i, 0);
	fake_log("[%d]", fake.polls[fake.n_polled - 1]);
	return (struct sys_pollfd){fake.polls[fake.n_polled - 1], 0};
}

int64_t
sys_read(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	int64_t n = fake_answer(0);

	(void)ps;
	(void)addr;
	if (fake.random != NULL)
		n = g_hash_table_add(fake.has_asked, GINT_TO_POINTER(fd)) ?
		    64 : 0;
	fake_log("read(%d,%" PRId64 ")=%" PRId64, fd, len, n);
	return n;
}

int64_t
sys_pread(struct process *ps, int fd, uint64_t addr, int64_t len,
    int64_t offset)
{
	(void)ps;
	fake_log("pread(%d,%s,%" PRId64 ",%" PRId64 ")", fd, fake_name(addr),
	    len, offset);
	return len;
}

int64_t
sys_mmap(struct process *ps, int64_t len)
{
	int64_t addr = fake.next_buffer;

	(void)ps;
	ck_assert_int_gt(len, 0);
	ck_assert_int_le(len, 1 << 20);
	fake.next_buffer += 1 << 20;
	return addr;
}

int64_t
sys_mmap_file(struct process *ps, int fd, int64_t offset, int64_t len,
    enum sys_map map)
{
	int64_t addr = fake.next_mapping;

	(void)ps;
	ck_assert_int_eq(map, SYS_MAP_SHARED);
	fake.next_mapping += 1 << 20;
	fake_log("mmap(%d,%" PRId64 ",%" PRId64 ")", fd, offset, len);
	return addr;
}

int64_t
sys_munmap(struct process *ps, uint64_t addr, int64_t len)
{
	(void)ps;
	fake_log("munmap(%s,%" PRId64 ")", fake_name(addr), len);
	return 0;
}

int64_t
sys_touch(struct process *ps, uint64_t addr, int64_t len, bool is_full)
{
	(void)ps;
	ck_assert(is_full);
	fake_log("touch(%s,%" PRId64 ")", fake_name(addr), len);
	return 0;
}

static int64_t
fake_written(int64_t len)
{
	int64_t i = fake.n_writes++;

	if (fake.n_writes == fake.fails_at)
		return SYS_EPIPE;
	return i < FAKE_ANSWERS && fake.writes[i] != -1 ? fake.writes[i] : len;
}

int64_t
sys_write(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	(void)ps;
	fake_log("write(%d,%s,%" PRId64 ")", fd, fake_name(addr), len);
	return fake_written(len);
}

int64_t
sys_writev(struct process *ps, int fd, const struct sys_iovec *iov, int n)
{
	int64_t sum = 0;

	(void)ps;
	fake_log("writev(%d", fd);
	for (int i = 0; i < n; i++) {
		g_string_append_printf(fake.log, ",%s,%" PRId64,
		    fake_name(iov[i].base), iov[i].len);
		sum += iov[i].len;
	}
	g_string_append_c(fake.log, ')');
	return fake_written(sum);
}

int64_t
sys_sendto(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	(void)ps;
	fake_log("sendto(%d,%s,%" PRId64 ")", fd, fake_name(addr), len);
	return fake_answer(len);
}

int64_t
sys_sendfile(struct process *ps, int sock, int fd, int64_t offset, int64_t len)
{
	(void)ps;
	fake_log("sendfile(%d,%d,%" PRId64 ",%" PRId64 ")", sock, fd, offset,
	    len);
	return fake_answer(len);
}

void
sys_says(struct process *ps, int fd, int64_t bytes)
{
	(void)ps;
	fake_log("says(%d,%" PRId64 ")", fd, bytes);
}

int64_t
sys_request(struct process *ps, int fd, int64_t bytes,
    const struct sys_words *words)
{
	int64_t n = fake_answer(bytes);

	(void)ps;
	ck_assert_ptr_null(words);
	fake_log("request(%d,%" PRId64 ")", fd, bytes);
	return n;
}

int64_t
sys_response(struct process *ps, int fd)
{
	(void)ps;
	fake_log("response(%d)", fd);
	return 1;
}

int64_t
sys_shutdown(struct process *ps, int fd)
{
	(void)ps;
	fake_log("shutdown(%d)", fd);
	return 0;
}

int64_t
sys_close(struct process *ps, int fd)
{
	(void)ps;
	fake_log("close(%d)", fd);
	return 0;
}

int64_t
sys_sleep_until(struct process *ps, sim_time at)
{
	(void)ps;
	ck_assert_int_gt(at, fake.now);
	fake_log("sleep(%" PRId64 ")", (at - fake.now) / PS_PER_US);
	fake.now = at;
	return 0;
}

sim_time
sys_now(const struct process *ps)
{
	(void)ps;
	return fake.now;
}

#endif
