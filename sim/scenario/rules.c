/*
 * Rules between keys.  A rule is told where the later of its keys was set,
 * since that is the line to look at; two defaults never break one.
 */
#include "models/dev/nic_kind.h"
#include "models/hw/path.h"
#include "sim/scenario/load.h"

#define GIB	(INT64_C(1) << 30)

/* a hop may take so long to send what waits for it */
#define QUEUE_MAX	(1000 * PS_PER_S)

struct checked {
	struct scn_loader *ld;
	struct scn_point *pt;
	struct scn_process *process;	/* for keys of a process, else NULL */
	bool is_far_machine;		/* for keys of the far host */
};

/* is_far: does the process run on the far end?  Then that machine's keys. */
static bool
is_far(const struct checked *c)
{
	return c->is_far_machine || (c->process != NULL &&
	    scn_point_slot(c->pt, c->process, SCN_PROC_HOST)->value ==
	    SCN_ON_PEER);
}

static struct scn_slot *
slot_of(const struct checked *c, enum scn_key key)
{
	if (scn_key_is_machine(key))
		return scn_machine_slot((struct scn_machine){ c->pt,
		    is_far(c) }, key);
	return scn_point_slot(c->pt, scn_key_is_process(key) ? c->process :
	    NULL, key);
}

static int64_t
value_of(const struct checked *c, enum scn_key key)
{
	return slot_of(c, key)->value;
}

/* is_told: is this value missing or bad, and the user knows already? */
static bool
is_told(const struct scn_slot *slot, enum scn_key key)
{
	return slot->is_bad ||
	    (scn_schema[key].needs_origin && slot->owner == 0);
}

/* is_later: was x set after y?  Groups are numbered as they are applied. */
static bool
is_later(const struct scn_slot *x, const struct scn_slot *y)
{
	return x->owner != y->owner ? x->owner > y->owner :
	    x->place.line > y->place.line;
}

/* group_of: the group that a key of the rule stands in; g_free it */
static char *
group_of(const struct checked *c, enum scn_key key)
{
	if (scn_key_is_process(key))
		return g_strconcat("process ", c->process->name, NULL);
	return g_strconcat(scn_key_is_machine(key) && is_far(c) ? "peer-" :
	    "", scn_schema[key].group, NULL);
}

/* broken: a rule between two keys does not hold */
static void
broken(const struct checked *c, enum scn_key a, enum scn_key b,
    const char *rule)
{
	const struct scn_slot *x = slot_of(c, a), *y = slot_of(c, b);
	enum scn_key key = is_later(y, x) ? b : a;
	g_autofree char *group = group_of(c, key);
	g_autofree char *value_a = scn_value_format(a, x->value);
	g_autofree char *value_b = scn_value_format(b, y->value);
	struct scn_spot at = {
		slot_of(c, key)->place, group, scn_schema[key].name
	};

	if (is_told(x, a) || is_told(y, b))
		return;
	if (at.place.file == NULL)
		at.place.file = c->ld->file;
	scn_mistake(c->ld->mistakes, &at, "%s; %s is %s, %s is %s", rule,
	    scn_schema[a].name, value_a, scn_schema[b].name, value_b);
}

static void
check_times(const struct checked *c)
{
	int64_t duration = value_of(c, SCN_DURATION);

	if (value_of(c, SCN_WARMUP) >= duration)
		broken(c, SCN_WARMUP, SCN_DURATION,
		    "the warm-up must end before the duration");
	if (value_of(c, SCN_DRAIN) > SIM_TIME_MAX - duration)
		broken(c, SCN_DURATION, SCN_DRAIN,
		    "duration and drain together may be at most 4000 s");
	if (value_of(c, SCN_PEER_DELACK_PHASE) >=
	    value_of(c, SCN_PEER_DELACK_TIMER))
		broken(c, SCN_PEER_DELACK_PHASE, SCN_PEER_DELACK_TIMER,
		    "the phase must be below the timer's period");
}

/*
 * check_buffer: a value of the process may be at most its send buffer; without
 * one of its own that is the kernel's default size.
 */
static void
check_buffer(const struct checked *c, enum scn_key key,
    enum scn_key default_size, const char *rule)
{
	enum scn_key buffer = value_of(c, SCN_PROC_SNDBUF) != 0 ?
	    SCN_PROC_SNDBUF : default_size;

	if (value_of(c, key) > value_of(c, buffer))
		broken(c, key, buffer, rule);
}

/* check_lowat: a low-water mark above the buffer would never be reached */
static void
check_lowat(const struct checked *c)
{
	check_buffer(c, SCN_PROC_SNDLOWAT, SCN_TCP_SENDSPACE,
	    "the low-water mark may be at most the send buffer");
}

static bool
is_reader(const struct checked *c)
{
	int64_t program = value_of(c, SCN_PROC_PROGRAM);

	return program == SCN_PROGRAM_TTCP_R ||
	    program == SCN_PROGRAM_UDPSINK;
}

static bool
sends_datagrams(const struct checked *c)
{
	return value_of(c, SCN_PROC_PROGRAM) == SCN_PROGRAM_UDPSTREAM;
}

/* check_datagram: a larger one is refused (EMSGSIZE) as often as it is tried */
static void
check_datagram(const struct checked *c)
{
	check_buffer(c, SCN_PROC_WRITE_SIZE, SCN_UDP_SENDSPACE,
	    "a datagram may be at most the send buffer");
}

/* memory_of: bytes of the buffers of a group; who reads has one */
static int64_t
memory_of(const struct checked *c)
{
	int64_t align = value_of(c, SCN_PROC_ALIGN);

	return is_reader(c) ? align + value_of(c, SCN_PROC_READ_SIZE) :
	    value_of(c, SCN_PROC_COUNT) * value_of(c, SCN_PROC_N_BUFFERS) *
	    (align + value_of(c, SCN_PROC_WRITE_SIZE));
}

/*
 * check_memory: all buffers together stay below 1 GiB.
 *
 * The machine keeps a record of each of their pages.  No product overflows:
 * 256 groups of 256 processes of 1024 buffers of 64 MiB are 2^52.
 */
static void
check_memory(struct checked *c)
{
	int64_t sum = 0;

	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->process = &g_array_index(c->pt->processes,
		    struct scn_process, i);
		sum += memory_of(c);
		if (sum > GIB) {
			broken(c, is_reader(c) ? SCN_PROC_READ_SIZE :
			    SCN_PROC_WRITE_SIZE, SCN_PROC_N_BUFFERS,
			    "the buffers of all processes together may have "
			    "at most 1 GiB");
			return;
		}
	}
}

/* check_number: all groups together have no more than there may be groups */
static void
check_number(struct checked *c)
{
	int64_t sum = 0;

	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->process = &g_array_index(c->pt->processes,
		    struct scn_process, i);
		sum += value_of(c, SCN_PROC_COUNT);
		if (sum > SCN_MAX_PROCESSES) {
			broken(c, SCN_PROC_COUNT, SCN_PROC_PROGRAM,
			    "there may be at most 256 processes in all");
			return;
		}
	}
}

/* check_far_end: the ideal peer runs nothing and calls nobody */
static void
check_far_end(const struct checked *c)
{
	if (scn_far_is_host(c->pt))
		return;
	if (is_far(c))
		broken(c, SCN_PROC_HOST, SCN_PEER_KIND, "a process on the far "
		    "end needs kind = host in [peer]");
	else if (is_reader(c))
		broken(c, SCN_PROC_PROGRAM, SCN_PEER_KIND, "nobody calls "
		    "where the far end is the ideal peer; ttcp-r and udpsink "
		    "need kind = host in [peer]");
}

/* is_idle: a key was set, another without which it says nothing was not */
static bool
is_idle(const struct checked *c, enum scn_key key, enum scn_key without)
{
	return slot_of(c, key)->owner != 0 && slot_of(c, without)->owner == 0;
}

static void
check_process(const struct checked *c)
{
	if (value_of(c, SCN_PROC_START) >= value_of(c, SCN_DURATION))
		broken(c, SCN_PROC_START, SCN_DURATION, "a process must start "
		    "before the duration ends");
	if (value_of(c, SCN_PROC_REPEAT) > 1 &&
	    value_of(c, SCN_PROC_TOTAL) == INT64_MAX)
		broken(c, SCN_PROC_REPEAT, SCN_PROC_TOTAL, "only a finite "
		    "total can be sent more than once");
	if (is_idle(c, SCN_PROC_REFILL_BYTES, SCN_PROC_REFILL))
		broken(c, SCN_PROC_REFILL_BYTES, SCN_PROC_REFILL, "a part of "
		    "a buffer says nothing without a refill");
	if (is_reader(c) && value_of(c, SCN_PROC_COUNT) > 1)
		broken(c, SCN_PROC_COUNT, SCN_PROC_PROGRAM, "a port has one "
		    "listener; only programs that send may be several");
	check_far_end(c);
	if (sends_datagrams(c))
		check_datagram(c);
	else
		check_lowat(c);
}

/*
 * in_direction: a key of [path] or, with base SCN_BACK_LOSS, the same key of
 * [path-back]
 */
static enum scn_key
in_direction(enum scn_key base, enum scn_key key)
{
	return (enum scn_key)(base + (key - SCN_PATH_LOSS));
}

/* bursts: none without loss, and none shorter than chance makes them */
static void
check_bursts(const struct checked *c, enum scn_key base)
{
	enum scn_key loss = in_direction(base, SCN_PATH_LOSS);
	enum scn_key burst = in_direction(base, SCN_PATH_BURST);
	struct path_loss_config config = {
		value_of(c, loss), value_of(c, burst)
	};

	if (is_idle(c, burst, loss))
		broken(c, burst, loss, "a burst says nothing without a loss, "
		    "if only of 0 %");
	else if (!path_loss_is_possible(&config))
		broken(c, burst, loss, "a burst is 1, or at least 1 / (1 - "
		    "loss), which is what chance makes of it");
}

static void
check_reorder(const struct checked *c, enum scn_key base)
{
	enum scn_key reorder = in_direction(base, SCN_PATH_REORDER);
	enum scn_key delay = in_direction(base, SCN_PATH_REORDER_DELAY);

	if (is_idle(c, delay, reorder))
		broken(c, delay, reorder, "a delay says nothing without "
		    "frames to hold back, if only 0 %");
	else if (value_of(c, reorder) > 0 && value_of(c, delay) == 0)
		broken(c, reorder, delay,
		    "frames are held back for longer than no time");
}

/*
 * check_hop: what waits must be through in a bounded time, since a run does not
 * end before.  No product overflows: 10^5 x 1538 x 8 x 10^12 / 1000 is 1.2 x
 * 10^18.
 */
static void
check_hop(const struct checked *c, enum scn_key base)
{
	enum scn_key rate = in_direction(base, SCN_PATH_RATE);
	enum scn_key queue = in_direction(base, SCN_PATH_QUEUE);
	int64_t bits_per_s = value_of(c, rate);
	int64_t bits = 8 * link_wire_bytes(value_of(c, SCN_LINK_MTU));

	if (is_idle(c, queue, rate))
		broken(c, queue, rate, "a queue says nothing without the rate "
		    "of a hop");
	else if (bits_per_s > 0 && mul_div(value_of(c, queue) * bits,
	    PS_PER_S, bits_per_s) > QUEUE_MAX)
		broken(c, queue, rate,
		    "a full queue must be through the hop within 1000 s");
}

/* check_nic: only the i82558 and later have microcode to load */
static void
check_nic(const struct checked *c)
{
	if (value_of(c, SCN_NIC_RX_BUNDLE) != 0 &&
	    !nic_traits[value_of(c, SCN_NIC_KIND)].can_bundle)
		broken(c, SCN_NIC_RX_BUNDLE, SCN_NIC_KIND,
		    "only fxp has microcode that bundles what it receives");
}

/* check_disk: farther takes longer */
static void
check_disk(const struct checked *c)
{
	static const enum scn_key seeks[] = {
		SCN_DISK_SEEK_SINGLE, SCN_DISK_SEEK_AVERAGE, SCN_DISK_SEEK_FULL
	};

	for (size_t i = 1; i < G_N_ELEMENTS(seeks); i++)
		if (value_of(c, seeks[i - 1]) > value_of(c, seeks[i]))
			broken(c, seeks[i - 1], seeks[i],
			    "a longer seek takes no less time");
}

static void
check_path(const struct checked *c, enum scn_key base)
{
	check_bursts(c, base);
	check_reorder(c, base);
	check_hop(c, base);
}

void
scn_rules_check(struct scn_loader *ld, struct scn_point *pt)
{
	struct checked c = { ld, pt, NULL, false };
	struct checked far = { ld, pt, NULL, true };

	check_times(&c);
	check_nic(&c);
	check_disk(&c);
	if (scn_far_is_host(pt)) {
		check_nic(&far);
		check_disk(&far);
	}
	check_path(&c, SCN_PATH_LOSS);
	check_path(&c, SCN_BACK_LOSS);
	for (size_t i = 0; i < scn_n_processes(pt); i++) {
		c.process = &g_array_index(pt->processes, struct scn_process,
		    i);
		check_process(&c);
	}
	check_number(&c);
	check_memory(&c);
}
