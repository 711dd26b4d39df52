/*
 * The soft network interrupt: ipintr(), the TCP timers, and the end of
 * fragments that have waited too long.
 */
#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/ip.h"

static void next_job(struct kctx *k);

void
softnet_init(struct softnet *net, struct host *host)
{
	memset(net, 0, sizeof *net);
	kctx_init(&net->k, host, "softnet", CPU_SOFTINT);
}

/* schednetisr() */
static void
schedule(struct softnet *net)
{
	if (net->is_running)
		return;
	net->is_running = true;
	kctx_op(&net->k, OP_SOFTINT, 1);
	kctx_spend(&net->k, SPL_SOFTNET, next_job);
}

void
softnet_receive(struct softnet *net, const struct ip_packet *packet)
{
	if (net->n == IPQ_MAXLEN) {
		net->n_drops++;
		m_freem(&net->k.host->mbufs, packet->m);
		return;
	}
	net->queue[(net->head + net->n) % IPQ_MAXLEN] = *packet;
	net->n++;
	schedule(net);
}

void
softnet_timers(struct softnet *net)
{
	net->timers_due = true;
	schedule(net);
}

void
softnet_slowtimo(struct softnet *net)
{
	if (!ip_slowtimo(&net->k.host->frags))
		return;
	net->frags_due = true;
	schedule(net);
}

/* in_pcblookup(): by its numbers, or by the port that it calls. */
static struct tcpcb *
connection(const struct host *host, const struct ip_packet *packet)
{
	struct socket *so = host_find_socket(host, packet->conn);

	if (so != NULL && so->tcpcb.t_state != TCPS_CLOSED)
		return &so->tcpcb;
	return host_find_listener(host, packet->th.port);
}

/* ip_input() of UDP: a datagram, or a part that may make one whole. */
static void
take_datagram(struct kctx *k, struct ip_packet *packet)
{
	if (!ip_is_fragment(&packet->th) || ip_reass(k, packet))
		udp_input(k, packet);
	else
		kctx_return(k);
}

static void
input_spent(struct kctx *k)
{
	struct softnet *net = &k->host->softnet;
	struct ip_packet packet = net->queue[net->head];

	net->head = (net->head + 1) % IPQ_MAXLEN;
	net->n--;
	kctx_call(k, next_job);
	if (packet.th.ip_p == IP_UDP)
		take_datagram(k, &packet);
	else
		tcp_input(k, connection(k->host, &packet), &packet);
}

static void
datagram_cost(struct kctx *k, const struct ip_packet *packet)
{
	kctx_op(k, OP_IP_INPUT, 1);
	if (ip_is_fragment(&packet->th))
		kctx_op(k, OP_IP_REASS, 1);
}

static void
serve_packet(struct kctx *k)
{
	const struct ip_packet *packet =
	    &k->host->softnet.queue[k->host->softnet.head];

	if (packet->th.ip_p == IP_UDP)
		datagram_cost(k, packet);
	else
		tcp_input_cost(k, connection(k->host, packet), packet);
	kctx_spend(k, SPL_SOFTNET, input_spent);
}

static void
serve_timers(struct kctx *k)
{
	struct tcpcb *tp = tcp_next_due(&k->host->tcp);

	if (tp != NULL) {
		kctx_call(k, next_job);
		tcp_timeout(k, tp);
		return;
	}
	k->host->softnet.timers_due = false;
	next_job(k);
}

static void
serve_fragments(struct kctx *k)
{
	k->host->softnet.frags_due = false;
	ip_expire(k);
	next_job(k);
}

static void
finished(struct kctx *k)
{
	struct softnet *net = &k->host->softnet;

	if (net->n > 0 || net->timers_due || net->frags_due)
		next_job(k);
	else
		net->is_running = false;
}

static void
next_job(struct kctx *k)
{
	struct softnet *net = &k->host->softnet;

	net->n_jobs++;
	if (net->timers_due)
		serve_timers(k);
	else if (net->frags_due)
		serve_fragments(k);
	else if (net->n > 0)
		serve_packet(k);
	else if (kctx_has_cost(k))
		kctx_spend(k, SPL_SOFTNET, finished);
	else
		net->is_running = false;
}
