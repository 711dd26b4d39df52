#include "tests/conform/runner/state.h"

static const char *const tcp_states[] = {
	"CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED",
	"CLOSE_WAIT", "FIN_WAIT_1", "CLOSING", "LAST_ACK", "FIN_WAIT_2",
	"TIME_WAIT", NULL
};

/* Of a socket, or of the host. */
#define STATES(X)							\
	X(state, so->tcpcb.t_state)					\
	X(cwnd, so->tcpcb.snd_cwnd)					\
	X(ssthresh, so->tcpcb.snd_ssthresh)				\
	X(snd_wnd, so->tcpcb.snd_wnd)					\
	X(max_sndwnd, so->tcpcb.max_sndwnd)				\
	X(maxseg, so->tcpcb.t_maxseg)					\
	X(snd_una, so->tcpcb.snd_una - so->tcpcb.iss)			\
	X(snd_nxt, so->tcpcb.snd_nxt - so->tcpcb.iss)			\
	X(snd_max, so->tcpcb.snd_max - so->tcpcb.iss)			\
	X(rcv_nxt, so->tcpcb.rcv_nxt - so->tcpcb.irs)			\
	X(rexmt, so->tcpcb.t_timer[TCPT_REXMT])				\
	X(persist, so->tcpcb.t_timer[TCPT_PERSIST])			\
	X(keep, so->tcpcb.t_timer[TCPT_KEEP])				\
	X(msl2, so->tcpcb.t_timer[TCPT_2MSL])				\
	X(rxtcur, so->tcpcb.t_rxtcur)					\
	X(rxtshift, so->tcpcb.t_rxtshift)				\
	X(is_timing, so->tcpcb.t_is_timing)				\
	X(dupacks, so->tcpcb.t_dupacks)					\
	X(dup_acks, so->tcpcb.stats.n_dup_acks)				\
	X(srtt, so->tcpcb.t_srtt)					\
	X(rttvar, so->tcpcb.t_rttvar)					\
	X(quenches, so->tcpcb.stats.n_quenches)				\
	X(timeouts, so->tcpcb.stats.n_timeouts)				\
	X(retransmits, so->tcpcb.stats.n_retransmits)			\
	X(fast_retransmits, so->tcpcb.stats.n_fast_retransmits)		\
	X(persists, so->tcpcb.stats.n_persists)				\
	X(keep_probes, so->tcpcb.stats.n_keep_probes)			\
	X(out_of_order, so->tcpcb.stats.n_out_of_order)			\
	X(duplicates, so->tcpcb.stats.n_duplicates)			\
	X(paws, so->tcpcb.stats.n_paws)					\
	X(copy_small_out, so->tcpcb.stats.n_copy_small)			\
	X(copy_big_out, so->tcpcb.stats.n_copy_big)			\
	X(reference_big, so->tcpcb.stats.n_reference_big)		\
	X(cc, so->so_snd.sb_cc)						\
	X(mbcnt, so->so_snd.sb_mbcnt)					\
	X(mbufs, so->so_snd.sb_n_mbufs)					\
	X(rcv_cc, so->so_rcv.sb_cc)					\
	X(so_error, so->so_error)					\
	X(pendfree, so->pendfree.n)					\
	X(bytes_loaned, so->stats.bytes_loaned)				\
	X(bytes_copied, so->stats.bytes_copied)				\
	X(bytes_acked, so->stats.bytes_acked)				\
	X(bytes_dropped, so->stats.bytes_dropped)			\
	X(bytes_received, so->stats.bytes_received)			\
	X(bytes_wrong, so->stats.bytes_wrong)				\
	X(udp_sent, so->udp.stats.n_sent)				\
	X(udp_dropped, so->udp.stats.n_dropped)				\
	X(udp_refused, so->udp.stats.n_refused)				\
	X(udp_read, so->udp.stats.n_read)				\
	X(udp_cut, so->udp.stats.n_truncated)				\
	X(records, so->so_rcv.sb_n_records)				\
	X(rcv_mbcnt, so->so_rcv.sb_mbcnt)

#define HOST_STATES(X)							\
	X(socurkva, host->kva.socurkva)					\
	X(loans, (int64_t)pool_in_use(&host->mbufs.loans))		\
	X(loaned_pages, host->kva.socurkva / PAGE_SIZE)			\
	X(global_pendfree, host->pendfree.n)				\
	X(pages, (int64_t)pool_in_use(&host->vm.pages))			\
	X(page_loans, host->vm.stats.n_loaned)				\
	X(page_protects, host->vm.stats.n_protects)			\
	X(cow_faults, host->vm.stats.n_cow_faults)			\
	X(soft_faults, host->vm.stats.n_soft_faults)			\
	X(zero_fills, host->vm.stats.n_zero_fills)			\
	X(loan_big, host->sosend_counters.loan_big)			\
	X(copy_big, host->sosend_counters.copy_big)			\
	X(copy_small, host->sosend_counters.copy_small)			\
	X(kva_limit, host->sosend_counters.kva_limit)			\
	X(loans_refused, host->n_loans_refused)				\
	X(mbuf_waits, host->nobufs.n_waits)				\
	X(cluster_misses, host->nobufs.n_small)				\
	X(nobufs, host->nobufs.n_output)				\
	X(ifq_drops, host->if_snd.ifq_drops)				\
	X(mgets, host->ledger.n_ops[OP_MGET])				\
	X(mbufs_used, (int64_t)pool_in_use(&host->mbufs.mbufs))		\
	X(summed_bytes, host->ledger.n_ops[OP_CKSUM_1K])		\
	X(copied_bytes, host->ledger.line[CAUSE_COPYIN].stored_bytes)	\
	X(fragcopied_bytes, host->ledger.line[CAUSE_IP_COPY].stored_bytes) \
	X(frags_waiting, ip_waiting(&host->frags))			\
	X(fragdropped, host->frags.stats.ips_fragdropped)		\
	X(fragtimeout, host->frags.stats.ips_fragtimeout)		\
	X(reassembled, host->frags.stats.ips_reassembled)		\
	X(udp_whole, host->udp_in.udps_ipackets)			\
	X(udp_badsum, host->udp_in.udps_badsum)				\
	X(udp_noport, host->udp_in.udps_noport)				\
	X(udp_full, host->udp_in.udps_fullsock)

static const char *const names[] = {
#define X(name, expression) #name,
	STATES(X) HOST_STATES(X)
#undef X
	NULL
};

enum {
#define X(name, expression) STATE_##name,
	STATES(X)
#undef X
	N_SOCKET_STATES,
	BEFORE_HOST_STATES = N_SOCKET_STATES - 1,
#define X(name, expression) STATE_##name,
	HOST_STATES(X)
#undef X
};

void
state_parse(struct cursor *cur, struct state_check *check)
{
	check->what = cur_choice(cur, "name", names);
	cur_need(cur, "=");
	if (check->what == STATE_state)
		check->expected = cur_choice(cur, "state", tcp_states);
	else
		check->expected = cur_number(cur, "the value", -INT32_MAX,
		    UINT32_MAX);
}

static int64_t
of_socket(const struct socket *so, int what)
{
	switch (what) {
#define X(name, expression)						\
	case STATE_##name:						\
		return (int64_t)(expression);
		STATES(X)
#undef X
	}
	return 0;
}

static int64_t
of_host(const struct host *host, int what)
{
	switch (what) {
#define X(name, expression)						\
	case STATE_##name:						\
		return (int64_t)(expression);
		HOST_STATES(X)
#undef X
	}
	return 0;
}

bool
state_read(const struct host *host, const struct state_check *check,
    int64_t *value)
{
	const struct socket *so;

	if (check->what >= N_SOCKET_STATES) {
		*value = of_host(host, check->what);
		return true;
	}
	so = host_find_socket(host, check->conn);
	if (so == NULL) {
		/* what is gone is closed; nothing else is known of it */
		*value = TCPS_CLOSED;
		return check->what == STATE_state;
	}
	*value = of_socket(so, check->what);
	return true;
}

char *
state_format(const struct state_check *check, int64_t value)
{
	if (check->what == STATE_state && value >= 0 &&
	    value < (int64_t)G_N_ELEMENTS(tcp_states) - 1)
		return g_strdup_printf("state = %s", tcp_states[value]);
	return g_strdup_printf("%s = %lld", names[check->what],
	    (long long)value);
}
