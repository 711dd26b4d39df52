/*
 * Rules of processes: their buffers, their number, and where they may run.
 */
#include "sim/scenario/rules_own.h"

#define GIB	(INT64_C(1) << 30)

enum { MAX_PROCESSES = 40000 };	/* 20000 servers, a client each */

/*
 * check_buffer: a value of the process may be at most its send buffer; without
 * one of its own that is the kernel's default size.
 */
static void
check_buffer(const struct rules_of *c, enum scn_key key,
    enum scn_key default_size, const char *rule)
{
	enum scn_key buffer = rules_value(c, SCN_PROC_SNDBUF) != 0 ?
	    SCN_PROC_SNDBUF : default_size;

	if (rules_value(c, key) > rules_value(c, buffer))
		rules_broken(c, key, buffer, rule);
}

/* check_lowat: a low-water mark above the buffer would never be reached */
static void
check_lowat(const struct rules_of *c)
{
	check_buffer(c, SCN_PROC_SNDLOWAT, SCN_TCP_SENDSPACE,
	    "the low-water mark may be at most the send buffer");
}

static bool
is_reader(const struct rules_of *c)
{
	int64_t program = rules_value(c, SCN_PROC_PROGRAM);

	return program == SCN_PROGRAM_TTCP_R ||
	    program == SCN_PROGRAM_UDPSINK;
}

static bool
sends_datagrams(const struct rules_of *c)
{
	return rules_value(c, SCN_PROC_PROGRAM) == SCN_PROGRAM_UDPSTREAM;
}

/* check_datagram: a larger one is refused (EMSGSIZE) as often as it is tried */
static void
check_datagram(const struct rules_of *c)
{
	check_buffer(c, SCN_PROC_WRITE_SIZE, SCN_UDP_SENDSPACE,
	    "a datagram may be at most the send buffer");
}

/* writes_buffers: has it a ring of buffers that it sends from? */
static bool
writes_buffers(const struct rules_of *c)
{
	int64_t program = rules_value(c, SCN_PROC_PROGRAM);

	return program == SCN_PROGRAM_TTCP ||
	    program == SCN_PROGRAM_UDPSTREAM ||
	    program == SCN_PROGRAM_SCRIBBLER;
}

/* reads_files: has it a buffer that it reads files into? */
static bool
reads_files(const struct rules_of *c)
{
	int64_t program = rules_value(c, SCN_PROC_PROGRAM);

	return program == SCN_PROGRAM_FTPD || program == SCN_PROGRAM_HTTPD ||
	    program == SCN_PROGRAM_FILECOPY;
}

/* memory_of: bytes of the buffers of a group; who reads has one */
static int64_t
memory_of(const struct rules_of *c)
{
	int64_t align = rules_value(c, SCN_PROC_ALIGN);
	int64_t count = rules_value(c, SCN_PROC_COUNT);

	if (writes_buffers(c))
		return count * rules_value(c, SCN_PROC_N_BUFFERS) *
		    (align + rules_value(c, SCN_PROC_WRITE_SIZE));
	if (is_reader(c) || reads_files(c))
		return count * (align + rules_value(c, SCN_PROC_READ_SIZE));
	return 0;
}

/*
 * check_memory: all buffers together stay below 1 GiB.
 *
 * The machine keeps a record of each of their pages.  No product overflows:
 * 256 groups of 20000 processes of 1024 buffers of 64 MiB are below 2^59.
 */
static void
check_memory(struct rules_of *c)
{
	int64_t sum = 0;

	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		sum += memory_of(c);
		if (sum > GIB) {
			rules_broken(c, writes_buffers(c) ?
			    SCN_PROC_WRITE_SIZE : SCN_PROC_READ_SIZE,
			    SCN_PROC_N_BUFFERS, "the buffers of all processes "
			    "together may have at most 1 GiB");
			return;
		}
	}
}

/* check_number: of all groups together */
static void
check_number(struct rules_of *c)
{
	int64_t sum = 0;

	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		sum += rules_value(c, SCN_PROC_COUNT);
		if (sum > MAX_PROCESSES) {
			rules_broken(c, SCN_PROC_COUNT, SCN_PROC_PROGRAM,
			    "there may be at most 40000 processes in all");
			return;
		}
	}
}

/* check_far_end: the ideal peer runs nothing and calls nobody */
static void
check_far_end(const struct rules_of *c)
{
	if (scn_far_is_host(c->pt))
		return;
	if (rules_is_far(c))
		rules_broken(c, SCN_PROC_HOST, SCN_PEER_KIND, "a process on "
		    "the far end needs kind = host in [peer]");
	else if (is_reader(c))
		rules_broken(c, SCN_PROC_PROGRAM, SCN_PEER_KIND, "nobody calls "
		    "where the far end is the ideal peer; ttcp-r and udpsink "
		    "need kind = host in [peer]");
}

static void
check_process(const struct rules_of *c)
{
	if (rules_value(c, SCN_PROC_START) >= rules_value(c, SCN_DURATION))
		rules_broken(c, SCN_PROC_START, SCN_DURATION, "a process must "
		    "start before the duration ends");
	if (rules_value(c, SCN_PROC_REPEAT) > 1 &&
	    rules_value(c, SCN_PROC_TOTAL) == INT64_MAX)
		rules_broken(c, SCN_PROC_REPEAT, SCN_PROC_TOTAL, "only a "
		    "finite total can be sent more than once");
	if (rules_idle(c, SCN_PROC_REFILL_BYTES, SCN_PROC_REFILL))
		rules_broken(c, SCN_PROC_REFILL_BYTES, SCN_PROC_REFILL, "a "
		    "part of a buffer says nothing without a refill");
	if (is_reader(c) && rules_value(c, SCN_PROC_COUNT) > 1)
		rules_broken(c, SCN_PROC_COUNT, SCN_PROC_PROGRAM, "a port has "
		    "one listener, and ttcp-r and udpsink share none");
	check_far_end(c);
	if (sends_datagrams(c))
		check_datagram(c);
	else
		check_lowat(c);
	rules_check_program(c);
}

void
rules_check_processes(struct rules_of *c)
{
	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		check_process(c);
	}
	check_number(c);
	check_memory(c);
}
