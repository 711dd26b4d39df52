/*
 * The keys that a script may set, by the names of a scenario's [kernel] keys.
 */
#include <stddef.h>

#include "tests/conform/runner/script.h"

enum key_type { KEY_NUMBER, KEY_SECONDS, KEY_SWITCH, KEY_WORD };

struct key {
	const char *name;
	enum key_type type;
	size_t offset;		/* into struct script */
	int64_t min, max;
	const char *const *words;
};

#define HOST(member) offsetof(struct script, config.host.member)

static const char *const switch_words[] = {"no", "yes", NULL};
static const char *const tcp_output_words[] = {"copy", "reference", NULL};
static const char *const tcp_timers_words[] = {"ticks", "fine", NULL};
static const char *const pendfree_words[] = {"lazy", "thread", NULL};
static const char *const sbappend_words[] = {"walk", "tail", NULL};

static const struct key keys[] = {
	{"sosend_loan", KEY_SWITCH, HOST(sosend.sosend_loan), 0, 0, NULL},
	{"sock_loan_thresh", KEY_NUMBER, HOST(sosend.sock_loan_thresh),
	    1, 1 << 24, NULL},
	{"sock_loan_chunk", KEY_NUMBER, HOST(sosend.sock_loan_chunk),
	    1, 65536, NULL},
	{"somaxkva", KEY_NUMBER, HOST(somaxkva), 4096, 1 << 30, NULL},
	{"kernel_map", KEY_NUMBER, HOST(sosend.kernel_map),
	    0, 1 << 30, NULL},
	{"pendfree", KEY_WORD, HOST(sosend.pendfree), 0, 0, pendfree_words},
	{"mbufs", KEY_NUMBER, HOST(mbufs), 0, 1000000, NULL},
	{"nmbclusters", KEY_NUMBER, HOST(nmbclusters), 0, 1000000, NULL},
	{"ifq_maxlen", KEY_NUMBER, HOST(ifq_maxlen), 1, 10000, NULL},
	{"sbappend", KEY_WORD, HOST(sbappend), 0, 0, sbappend_words},
	{"tcp_output", KEY_WORD, HOST(tcp.output), 0, 0, tcp_output_words},
	{"tcp_sendspace", KEY_NUMBER, offsetof(struct script, sndbuf),
	    1, SB_MAX_HIWAT, NULL},
	{"tcp_recvspace", KEY_NUMBER, HOST(tcp.recvspace),
	    1, SB_MAX_HIWAT, NULL},
	{"tcp_init_win", KEY_NUMBER, HOST(tcp.init_win), 0, 10, NULL},
	{"tcp_timestamps", KEY_SWITCH, HOST(tcp.timestamps), 0, 0, NULL},
	{"tcp_window_scale", KEY_SWITCH, HOST(tcp.window_scale), 0, 0, NULL},
	{"tcp_newreno", KEY_SWITCH, HOST(tcp.newreno), 0, 0, NULL},
	{"tcp_ack_on_push", KEY_SWITCH, HOST(tcp.ack_on_push), 0, 0, NULL},
	{"tcp_timers", KEY_WORD, HOST(tcp.timers), 0, 0, tcp_timers_words},
	{"tcp_rto_min", KEY_SECONDS, HOST(tcp.rto_min), 0, 0, NULL},
	{"tcp_delack", KEY_SECONDS, HOST(tcp.delack), 0, 0, NULL},
	{"tcp_msl", KEY_SECONDS, HOST(tcp.msl), 0, 0, NULL},
	{"tcp_keepidle", KEY_SECONDS, HOST(tcp.keepidle), 0, 0, NULL},
	{"tcp_keepintvl", KEY_SECONDS, HOST(tcp.keepintvl), 0, 0, NULL},
	{"udp_sendspace", KEY_NUMBER, offsetof(struct script, udp_sndbuf),
	    1, 65535, NULL},
	{"udp_recvspace", KEY_NUMBER, HOST(udp_recvspace),
	    1, SB_MAX_HIWAT, NULL},
	{"ip_maxfragpackets", KEY_NUMBER, HOST(ip_maxfragpackets),
	    -1, 10000, NULL}
};

static const char *const key_names[] = {
	"sosend_loan", "sock_loan_thresh", "sock_loan_chunk", "somaxkva",
	"kernel_map", "pendfree", "mbufs", "nmbclusters", "ifq_maxlen",
	"sbappend", "tcp_output", "tcp_sendspace", "tcp_recvspace",
	"tcp_init_win", "tcp_timestamps", "tcp_window_scale", "tcp_newreno",
	"tcp_ack_on_push", "tcp_timers", "tcp_rto_min", "tcp_delack",
	"tcp_msl", "tcp_keepidle", "tcp_keepintvl", "udp_sendspace",
	"udp_recvspace", "ip_maxfragpackets", NULL
};

static void
set(const struct key *key, struct script *script, int64_t value)
{
	void *member = (char *)script + key->offset;

	switch (key->type) {
	case KEY_NUMBER:
	case KEY_SECONDS:
		*(int64_t *)member = value;
		return;
	case KEY_SWITCH:
		*(bool *)member = value != 0;
		return;
	case KEY_WORD:
		*(unsigned *)member = (unsigned)value;
		return;
	}
}

static int64_t
parse_value(struct cursor *cur, const struct key *key)
{
	switch (key->type) {
	case KEY_NUMBER:
		return cur_number(cur, key->name, key->min, key->max);
	case KEY_SECONDS:
		return cur_seconds(cur);
	case KEY_SWITCH:
		return cur_choice(cur, "value", switch_words);
	case KEY_WORD:
		return cur_choice(cur, "value", key->words);
	}
	return 0;
}

void
key_parse(struct cursor *cur, struct script *script)
{
	int which = cur_choice(cur, "key", key_names);
	int64_t value;

	if (which < 0)
		return;
	cur_need(cur, "=");
	value = parse_value(cur, &keys[which]);
	if (cur->mistake == NULL)
		set(&keys[which], script, value);
}
