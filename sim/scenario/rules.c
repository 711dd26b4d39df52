/*
 * Rules between keys.  A rule is told where the later of its keys was set,
 * since that is the line to look at; two defaults never break one.
 */
#include "models/dev/nic_kind.h"
#include "models/hw/path.h"
#include "sim/scenario/rules_own.h"

/* a hop may take so long to send what waits for it */
#define QUEUE_MAX	(1000 * PS_PER_S)

bool
rules_is_far(const struct rules_of *c)
{
	return c->is_far_machine || (c->named != NULL &&
	    c->named->kind == SCN_PROCESSES && scn_point_slot(c->pt,
	    c->named, SCN_PROC_HOST)->value == SCN_ON_PEER);
}

struct scn_slot *
rules_slot(const struct rules_of *c, enum scn_key key)
{
	if (scn_key_is_machine(key))
		return scn_machine_slot((struct scn_machine){ c->pt,
		    rules_is_far(c) }, key);
	return scn_point_slot(c->pt, scn_key_kind(key) != SCN_N_KINDS ?
	    c->named : NULL, key);
}

int64_t
rules_value(const struct rules_of *c, enum scn_key key)
{
	return rules_slot(c, key)->value;
}

/* is_told: is this value missing or bad, and the user knows already? */
static bool
is_told(const struct scn_slot *slot, enum scn_key key)
{
	return slot->is_bad ||
	    (scn_row(key)->needs_origin && slot->owner == 0);
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
group_of(const struct rules_of *c, enum scn_key key)
{
	if (scn_key_kind(key) != SCN_N_KINDS)
		return g_strconcat(scn_row(key)->group, " ", c->named->name,
		    NULL);
	return g_strconcat(scn_key_is_machine(key) && rules_is_far(c) ?
	    "peer-" : "", scn_row(key)->group, NULL);
}

/* value_text: as a message shows it; g_free it */
static char *
value_text(const struct scn_slot *slot, enum scn_key key)
{
	if (!scn_key_is_text(key))
		return scn_value_format(key, slot->value);
	return *slot->text == '\0' ? g_strdup("not given") :
	    scn_quote(slot->text);
}

void
rules_broken(const struct rules_of *c, enum scn_key a, enum scn_key b,
    const char *rule)
{
	const struct scn_slot *x = rules_slot(c, a), *y = rules_slot(c, b);
	enum scn_key key = is_later(y, x) ? b : a;
	g_autofree char *group = group_of(c, key);
	g_autofree char *value_a = value_text(x, a);
	g_autofree char *value_b = value_text(y, b);
	struct scn_spot at = {
		rules_slot(c, key)->place, group, scn_row(key)->name
	};

	if (is_told(x, a) || is_told(y, b))
		return;
	if (at.place.file == NULL)
		at.place.file = c->ld->file;
	scn_mistake(c->ld->mistakes, &at, "%s; %s is %s, %s is %s", rule,
	    scn_row(a)->name, value_a, scn_row(b)->name, value_b);
}

void
rules_told(const struct rules_of *c, enum scn_key key, const char *what)
{
	const struct scn_slot *slot = rules_slot(c, key);
	g_autofree char *group = group_of(c, key);
	struct scn_spot at = { slot->place, group, scn_row(key)->name };

	if (is_told(slot, key))
		return;
	/* a default has no line, but the group has that lacks the key */
	if (at.place.file == NULL && scn_key_kind(key) != SCN_N_KINDS)
		at.place = c->named->place;
	if (at.place.file == NULL)
		at.place.file = c->ld->file;
	scn_mistake(c->ld->mistakes, &at, "%s", what);
}

bool
rules_idle(const struct rules_of *c, enum scn_key key, enum scn_key without)
{
	return rules_slot(c, key)->owner != 0 &&
	    rules_slot(c, without)->owner == 0;
}

static void
check_times(const struct rules_of *c)
{
	int64_t duration = rules_value(c, SCN_DURATION);

	if (rules_value(c, SCN_WARMUP) >= duration)
		rules_broken(c, SCN_WARMUP, SCN_DURATION,
		    "the warm-up must end before the duration");
	if (rules_value(c, SCN_DRAIN) > SIM_TIME_MAX - duration)
		rules_broken(c, SCN_DURATION, SCN_DRAIN,
		    "duration and drain together may be at most 4000 s");
	if (rules_value(c, SCN_PEER_DELACK_PHASE) >=
	    rules_value(c, SCN_PEER_DELACK_TIMER))
		rules_broken(c, SCN_PEER_DELACK_PHASE, SCN_PEER_DELACK_TIMER,
		    "the phase must be below the timer's period");
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
check_bursts(const struct rules_of *c, enum scn_key base)
{
	enum scn_key loss = in_direction(base, SCN_PATH_LOSS);
	enum scn_key burst = in_direction(base, SCN_PATH_BURST);
	struct path_loss_config config = {
		rules_value(c, loss), rules_value(c, burst)
	};

	if (rules_idle(c, burst, loss))
		rules_broken(c, burst, loss, "a burst says nothing without "
		    "a loss, if only of 0 %");
	else if (!path_loss_is_possible(&config))
		rules_broken(c, burst, loss, "a burst is 1, or at least "
		    "1 / (1 - loss), which is what chance makes of it");
}

static void
check_reorder(const struct rules_of *c, enum scn_key base)
{
	enum scn_key reorder = in_direction(base, SCN_PATH_REORDER);
	enum scn_key delay = in_direction(base, SCN_PATH_REORDER_DELAY);

	if (rules_idle(c, delay, reorder))
		rules_broken(c, delay, reorder, "a delay says nothing without "
		    "frames to hold back, if only 0 %");
	else if (rules_value(c, reorder) > 0 && rules_value(c, delay) == 0)
		rules_broken(c, reorder, delay,
		    "frames are held back for longer than no time");
}

/*
 * check_hop: what waits must be through in a bounded time, since a run does not
 * end before.  No product overflows: 10^5 x 1538 x 8 x 10^12 / 1000 is 1.2 x
 * 10^18.
 */
static void
check_hop(const struct rules_of *c, enum scn_key base)
{
	enum scn_key rate = in_direction(base, SCN_PATH_RATE);
	enum scn_key queue = in_direction(base, SCN_PATH_QUEUE);
	int64_t bits_per_s = rules_value(c, rate);
	int64_t bits = 8 * link_wire_bytes(rules_value(c, SCN_LINK_MTU));

	if (rules_idle(c, queue, rate))
		rules_broken(c, queue, rate, "a queue says nothing without "
		    "the rate of a hop");
	else if (bits_per_s > 0 && mul_div(rules_value(c, queue) * bits,
	    PS_PER_S, bits_per_s) > QUEUE_MAX)
		rules_broken(c, queue, rate,
		    "a full queue must be through the hop within 1000 s");
}

/* check_nic: only the i82558 and later have microcode to load */
static void
check_nic(const struct rules_of *c)
{
	if (rules_value(c, SCN_NIC_RX_BUNDLE) != 0 &&
	    !nic_traits[rules_value(c, SCN_NIC_KIND)].can_bundle)
		rules_broken(c, SCN_NIC_RX_BUNDLE, SCN_NIC_KIND,
		    "only fxp has microcode that bundles what it receives");
}

/* check_disk: farther takes longer */
static void
check_disk(const struct rules_of *c)
{
	static const enum scn_key seeks[] = {
		SCN_DISK_SEEK_SINGLE, SCN_DISK_SEEK_AVERAGE, SCN_DISK_SEEK_FULL
	};

	for (size_t i = 1; i < G_N_ELEMENTS(seeks); i++)
		if (rules_value(c, seeks[i - 1]) > rules_value(c, seeks[i]))
			rules_broken(c, seeks[i - 1], seeks[i],
			    "a longer seek takes no less time");
}

static void
check_path(const struct rules_of *c, enum scn_key base)
{
	check_bursts(c, base);
	check_reorder(c, base);
	check_hop(c, base);
}

void
scn_rules_check(struct scn_loader *ld, struct scn_point *pt)
{
	struct rules_of c = { ld, pt, NULL, false };
	struct rules_of far = { ld, pt, NULL, true };

	check_times(&c);
	check_nic(&c);
	check_disk(&c);
	if (scn_far_is_host(pt)) {
		check_nic(&far);
		check_disk(&far);
	}
	check_path(&c, SCN_PATH_LOSS);
	check_path(&c, SCN_BACK_LOSS);
	rules_check_processes(&c);
	rules_check_network(&c);
	rules_check_files(&c);
}
