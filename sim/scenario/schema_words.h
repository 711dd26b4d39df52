/*
 * The words that keys may have for values, list by list.
 *
 * Stands for: a part of the table, for its files alone.  Their order is that of
 *	the enumerations which the values become.
 * Units: none.  Owns: nothing.
 */
#ifndef SIM_SCENARIO_SCHEMA_WORDS_H
#define SIM_SCENARIO_SCHEMA_WORDS_H

#include <stddef.h>

static const char *const yes_no[] = { "no", "yes", NULL };
static const char *const line_words[] = { "32", "64", "128", NULL };
static const char *const policy_words[] = {
	"write-back", "write-through", NULL
};
static const char *const index_words[] = { "physical", "virtual", NULL };
static const char *const arbitration_words[] = {
	"dma-first", "fair", NULL
};
static const char *const nic_kinds[] = {
	"fxp", "tlp", "tlp-clone", "sip", "gsip", "rtl8139", NULL
};
static const char *const pendfree_words[] = { "lazy", "thread", NULL };
static const char *const tcp_output_words[] = { "copy", "reference", NULL };
static const char *const sbappend_words[] = { "walk", "tail", NULL };
static const char *const link_kinds[] = {
	"100baseTX-FDX", "10baseT-FDX", NULL
};
static const char *const peer_kinds[] = { "ideal", "host", NULL };
static const char *const timers_words[] = { "ticks", "fine", NULL };
static const char *const programs[] = {
	"ttcp", "ttcp-r", "udpstream", "udpsink", "scribbler", "mmapwin",
	"ftpd", "httpd", "smbd", "nfsd", "filecopy", "client", "replay", NULL
};
static const char *const method_words[] = { "read", "mmap", NULL };
static const char *const events_words[] = { "no", "poll", NULL };
static const char *const replay_words[] = { "recorded", "mmap", NULL };
static const char *const think_words[] = { "none", "keep", NULL };
static const char *const cache_words[] = { "warm", "cold", NULL };
static const char *const enobufs_words[] = { "drop", "sleep", NULL };
static const char *const process_hosts[] = {
	"board", "peer", "clients", NULL
};
static const char *const refill_words[] = { "none", "touch", "full", NULL };

#endif
