/*
 * The rows of TCP, in the group of the kernel.
 *
 * Stands for: a part of the table, for schema.c alone.
 * Units: as in schema.h.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_SCHEMA_TCP_H
#define SIM_SCENARIO_SCHEMA_TCP_H

#include <stddef.h>

static const char *const tcp_output_words[] = { "copy", "reference", NULL };
static const char *const timers_words[] = { "ticks", "fine", NULL };

#define TCP_ROWS							\
	[SCN_TCP_OUTPUT] = { WORD("kernel", "tcp_output",		\
	    tcp_output_words),						\
	    .needs_origin = true,					\
	    .sentence = "how a segment gets its payload; copy: into "	\
	    "a cluster of its own (before the fix of April 2002); "	\
	    "reference: from the send buffer (after it)",		\
	    .netbsd = "sys/netinet/tcp_output.c" },			\
	[SCN_TCP_SENDSPACE] = { QUANTITY("kernel", "tcp_sendspace",	\
	    BYTES, 2 * KIB, SB_MAX_ADJ),				\
	    .needs_origin = true,					\
	    .sentence = "default size of a TCP send buffer",		\
	    .netbsd = "tcp_sendspace" },				\
	[SCN_TCP_INIT_WIN] = { QUANTITY("kernel", "tcp_init_win",	\
	    COUNT, 0, 10),						\
	    .needs_origin = true,					\
	    .sentence = "initial congestion window in segments; 0 is "	\
	    "the rule of RFC 2414: min(4 segments, max(2 segments, "	\
	    "4380 B))",							\
	    .netbsd = "tcp_init_win" },					\
	[SCN_TCP_TIMESTAMPS] = { WORD("kernel", "tcp_timestamps",	\
	    yes_no),							\
	    .needs_origin = true,					\
	    .sentence = "timestamp option, 12 bytes of every segment",	\
	    .netbsd = "tcp_do_rfc1323, tcp_do_timestamps" },		\
	[SCN_TCP_RECVSPACE] = { QUANTITY("kernel", "tcp_recvspace",	\
	    BYTES, 2 * KIB, SB_MAX_ADJ),				\
	    .needs_origin = true,					\
	    .sentence = "default size of a TCP receive buffer, hence "	\
	    "the window it offers",					\
	    .netbsd = "tcp_recvspace" },				\
	[SCN_TCP_NEWRENO] = { WORD("kernel", "tcp_newreno", yes_no),	\
	    .needs_origin = true,					\
	    .sentence = "whether fast recovery goes on at an "		\
	    "acknowledgement of a part (RFC 2582)",			\
	    .netbsd = "tcp_do_newreno" },				\
	[SCN_TCP_WINDOW_SCALE] = { WORD("kernel", "tcp_window_scale",	\
	    yes_no),							\
	    .needs_origin = true,					\
	    .sentence = "window scale option, for windows above 64 "	\
	    "KiB",							\
	    .netbsd = "tcp_do_rfc1323, tcp_do_win_scale" },		\
	[SCN_TCP_TIMERS] = { WORD("kernel", "tcp_timers",		\
	    timers_words),						\
	    .needs_origin = true,					\
	    .sentence = "what TCP's timers run on; ticks: two clocks "	\
	    "for all connections, of 500 ms and of tcp_delack; fine: "	\
	    "a timer of 1 ms for each connection, as in later "		\
	    "systems",							\
	    .netbsd = "tcp_slowtimo, tcp_fasttimo" },			\
	[SCN_TCP_RTO_MIN] = { QUANTITY("kernel", "tcp_rto_min", TIME,	\
	    10 * PS_PER_MS, 10 * PS_PER_S),				\
	    .needs_origin = true,					\
	    .sentence = "least retransmission timeout; with ticks it "	\
	    "is rounded up to 500 ms",					\
	    .netbsd = "TCPTV_MIN" },					\
	[SCN_TCP_DELACK] = { QUANTITY("kernel", "tcp_delack", TIME,	\
	    PS_PER_MS, PS_PER_S),					\
	    .needs_origin = true,					\
	    .sentence = "longest delay of an acknowledgement",		\
	    .netbsd = "PR_FASTHZ, tcp_delack_ticks" },			\
	[SCN_TCP_ACK_ON_PUSH] = { WORD("kernel", "tcp_ack_on_push",	\
	    yes_no),							\
	    .needs_origin = true,					\
	    .sentence = "whether a segment with PUSH is acknowledged "	\
	    "at once",							\
	    .netbsd = "tcp_ack_on_push" },				\
	/* BSD's two hours are longer than any run, and may be said */	\
	[SCN_TCP_KEEPIDLE] = { QUANTITY("kernel", "tcp_keepidle",	\
	    TIME, PS_PER_S, 10800 * PS_PER_S),				\
	    .needs_origin = true,					\
	    .sentence = "silence after which a connection with "	\
	    "so_keepalive is probed",					\
	    .netbsd = "TCPTV_KEEP_IDLE" },				\
	[SCN_TCP_KEEPINTVL] = { QUANTITY("kernel", "tcp_keepintvl",	\
	    TIME, PS_PER_S, 10800 * PS_PER_S),				\
	    .needs_origin = true,					\
	    .sentence = "time between such probes",			\
	    .netbsd = "TCPTV_KEEPINTVL" },				\
	[SCN_TCP_MSL] = { QUANTITY("kernel", "tcp_msl", TIME,		\
	    PS_PER_MS, 120 * PS_PER_S),					\
	    .needs_origin = true,					\
	    .sentence = "longest life of a segment; a connection "	\
	    "that closed first keeps its port for twice that",		\
	    .netbsd = "TCPTV_MSL" }

#endif
