#include "tests/conform/runner/segment.h"

#include <string.h>

#include "models/inet/tcp.h"
#include "models/inet/udp.h"

enum { MAX_LEN = 65495 };

static const struct {
	char letter;
	uint8_t flag;
} flag_letters[] = {{'S', TH_SYN}, {'F', TH_FIN}, {'R', TH_RST},
    {'P', TH_PUSH}, {'.', TH_ACK}};

/* => 0: no letter of a flag */
static uint8_t
flag_of(char letter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flag_letters); i++)
		if (flag_letters[i].letter == letter)
			return flag_letters[i].flag;
	return 0;
}

static void
parse_flags(struct cursor *cur, struct segment *seg)
{
	bool is_none = cur_take(cur, "-");

	if (cur_at_end(cur) || is_none)
		return;
	for (; flag_of(*cur->at) != 0; cur->at++)
		seg->th.flags |= flag_of(*cur->at);
	if (seg->th.flags == 0 || (*cur->at != ' ' && *cur->at != '\t'))
		cur_fail(cur, "no flags of a segment at \"%.10s\"; permitted: "
		    "S F R P . together, or -", cur->at);
}

static uint32_t
parse_place(struct cursor *cur, const char *what)
{
	return (uint32_t)cur_number(cur, what, -INT32_MAX, INT32_MAX);
}

/* 1:1461(1460) */
static void
parse_range(struct cursor *cur, struct segment *seg)
{
	uint32_t end;

	seg->th.seq = parse_place(cur, "the first sequence number");
	cur_need(cur, ":");
	end = parse_place(cur, "the sequence number after the last");
	cur_need(cur, "(");
	seg->len = (uint32_t)cur_number(cur, "the length", 0, MAX_LEN);
	cur_need(cur, ")");
	if (end - seg->th.seq != seg->len)
		cur_fail(cur, "%d:%d are %d bytes, not %u; permitted: "
		    "FIRST:FIRST+LENGTH(LENGTH)", (int)seg->th.seq, (int)end,
		    (int)(end - seg->th.seq), seg->len);
}

static void
parse_ack(struct cursor *cur, struct segment *seg)
{
	if ((seg->th.flags & TH_ACK) == 0)
		return;
	cur_need(cur, "ack");
	seg->th.ack = parse_place(cur, "the acknowledgement number");
}

static uint32_t
parse_ts(struct cursor *cur, bool *any)
{
	*any = cur_take(cur, "*");
	return *any ? 0 :
	    (uint32_t)cur_number(cur, "a timestamp", 0, UINT32_MAX);
}

static void
parse_option(struct cursor *cur, struct segment *seg)
{
	static const char *const words[] = {"mss", "wscale", "ts", NULL};

	switch (cur_choice(cur, "option", words)) {
	case 0:
		seg->th.mss = (uint16_t)cur_number(cur, "mss", 1, UINT16_MAX);
		break;
	case 1:
		seg->th.wscale =
		    (uint8_t)(cur_number(cur, "wscale", 0, UINT8_MAX - 1) + 1);
		break;
	case 2:
		seg->th.has_ts = true;
		seg->th.ts_val = parse_ts(cur, &seg->any_ts_val);
		seg->th.ts_ecr = parse_ts(cur, &seg->any_ts_ecr);
		break;
	}
}

static void
parse_options(struct cursor *cur, struct segment *seg)
{
	seg->has_options = cur_take(cur, "<");
	if (!seg->has_options || cur_take(cur, ">"))
		return;
	do
		parse_option(cur, seg);
	while (cur_take(cur, ","));
	cur_need(cur, ">");
}

enum { MAX_OFF = 65528 };

static void
parse_udp_words(struct cursor *cur, struct segment *seg)
{
	static const char *const words[] = {"id", "off", "mf", "df", "port",
	    NULL};

	switch (cur_choice(cur, "word of UDP", words)) {
	case 0:
		seg->th.ip_id =
		    (uint16_t)cur_number(cur, "id", 0, UINT16_MAX);
		break;
	case 1:
		seg->th.ip_off |=
		    (uint16_t)(cur_number(cur, "off", 0, MAX_OFF) / 8);
		break;
	case 2:
		seg->th.ip_off |= IP_MF;
		break;
	case 3:
		seg->th.ip_off |= IP_DF;
		break;
	case 4:
		seg->has_port = true;
		seg->th.port =
		    (uint16_t)cur_number(cur, "port", 1, UINT16_MAX);
		break;
	}
}

static void
parse_udp(struct cursor *cur, struct segment *seg)
{
	seg->th.ip_p = IP_UDP;
	parse_range(cur, seg);
	while (cur->mistake == NULL && !cur_at_end(cur))
		parse_udp_words(cur, seg);
	/* headers say where the datagram begins */
	seg->th.seq -= udp_data_offset(&seg->th);
}

void
segment_parse(struct cursor *cur, struct segment *seg)
{
	*seg = (struct segment){.conn = 1, .th = {.port = SEG_PORT}};
	if (cur_is_number(cur))
		seg->conn = (uint16_t)cur_number(cur, "the connection", 1,
		    SEG_MAX_CONN);
	if (cur_take(cur, "udp")) {
		parse_udp(cur, seg);
		return;
	}
	parse_flags(cur, seg);
	parse_range(cur, seg);
	parse_ack(cur, seg);
	seg->has_win = cur_take(cur, "win");
	if (seg->has_win)
		seg->th.win =
		    (uint16_t)cur_number(cur, "win", 0, UINT16_MAX);
	seg->has_port = cur_take(cur, "port");
	if (seg->has_port)
		seg->th.port =
		    (uint16_t)cur_number(cur, "port", 1, UINT16_MAX);
	parse_options(cur, seg);
	seg->th.option_bytes = (uint8_t)segment_option_bytes(seg);
}

uint32_t
segment_option_bytes(const struct segment *seg)
{
	return (seg->th.mss != 0 ? TCPOLEN_MAXSEG : 0u) +
	    (seg->th.wscale != 0 ? TCPOLEN_WINDOW : 0u) +
	    (seg->th.has_ts ? TCPOLEN_TSTAMP_APPA : 0u);
}

static void
format_ts(GString *out, uint32_t ts, bool any)
{
	if (any)
		g_string_append(out, " *");
	else
		g_string_append_printf(out, " %u", ts);
}

static void
format_options(GString *out, const struct segment *seg)
{
	const char *comma = "";

	g_string_append(out, " <");
	if (seg->th.mss != 0) {
		g_string_append_printf(out, "mss %u", seg->th.mss);
		comma = ", ";
	}
	if (seg->th.wscale != 0) {
		g_string_append_printf(out, "%swscale %d", comma,
		    seg->th.wscale - 1);
		comma = ", ";
	}
	if (seg->th.has_ts) {
		g_string_append_printf(out, "%sts", comma);
		format_ts(out, seg->th.ts_val, seg->any_ts_val);
		format_ts(out, seg->th.ts_ecr, seg->any_ts_ecr);
	}
	g_string_append(out, ">");
}

static void
format_udp(GString *out, const struct segment *seg)
{
	int first = (int)(seg->th.seq + udp_data_offset(&seg->th));
	int off = 8 * (seg->th.ip_off & IP_OFFMASK);

	g_string_append_printf(out, "udp %d:%d(%u) id %u", first,
	    first + (int)seg->len, seg->len, seg->th.ip_id);
	if (off > 0)
		g_string_append_printf(out, " off %d", off);
	if ((seg->th.ip_off & IP_MF) != 0)
		g_string_append(out, " mf");
	if ((seg->th.ip_off & IP_DF) != 0)
		g_string_append(out, " df");
	if (seg->has_port)
		g_string_append_printf(out, " port %u", seg->th.port);
}

char *
segment_format(const struct segment *seg)
{
	GString *out = g_string_new(NULL);

	if (seg->conn != 1)
		g_string_append_printf(out, "%u ", seg->conn);
	if (seg->th.ip_p == IP_UDP) {
		format_udp(out, seg);
		return g_string_free(out, FALSE);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(flag_letters); i++)
		if ((seg->th.flags & flag_letters[i].flag) != 0)
			g_string_append_c(out, flag_letters[i].letter);
	if (seg->th.flags == 0)
		g_string_append_c(out, '-');
	g_string_append_printf(out, " %d:%d(%u)", (int)seg->th.seq,
	    (int)(seg->th.seq + seg->len), seg->len);
	if ((seg->th.flags & TH_ACK) != 0)
		g_string_append_printf(out, " ack %d", (int)seg->th.ack);
	if (seg->has_win)
		g_string_append_printf(out, " win %u", seg->th.win);
	if (seg->has_port)
		g_string_append_printf(out, " port %u", seg->th.port);
	if (seg->has_options)
		format_options(out, seg);
	return g_string_free(out, FALSE);
}

static bool
options_match(const struct segment *expected, const struct segment *got)
{
	const struct tcp_header *e = &expected->th, *g = &got->th;

	if (e->mss != g->mss || e->wscale != g->wscale ||
	    e->has_ts != g->has_ts)
		return false;
	if (!e->has_ts)
		return true;
	return (expected->any_ts_val || e->ts_val == g->ts_val) &&
	    (expected->any_ts_ecr || e->ts_ecr == g->ts_ecr);
}

bool
segment_matches(const struct segment *expected, const struct segment *got)
{
	const struct tcp_header *e = &expected->th, *g = &got->th;

	if (expected->conn != got->conn || e->flags != g->flags ||
	    e->ip_p != g->ip_p || e->seq != g->seq ||
	    expected->len != got->len)
		return false;
	if (e->ip_p == IP_UDP)
		return e->ip_id == g->ip_id && e->ip_off == g->ip_off &&
		    e->port == g->port;
	if ((e->flags & TH_ACK) != 0 && e->ack != g->ack)
		return false;
	if (expected->has_win && e->win != g->win)
		return false;
	if (e->port != g->port)
		return false;
	return !expected->has_options || options_match(expected, got);
}
