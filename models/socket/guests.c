#include "models/socket/guests.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/inet/client.h"

enum { GUESTS_FIRST_SIZE = 16 };

void
guests_init(struct guests *guests)
{
	memset(guests, 0, sizeof *guests);
	guests->sum.least_acked = INT64_MAX;
}

void
guests_fini(struct guests *guests)
{
	free(guests->buckets);
	memset(guests, 0, sizeof *guests);
}

/*
 * Clients get their numbers by sixteens (client.h), and most use the first
 * one: by the low bits alone ten sockets met in a bucket, a miss of the host's
 * cache each.  So the first ones of all clients have buckets side by side.
 */
static struct socket **
bucket_of(const struct guests *guests, uint32_t so_id)
{
	enum { EACH = 16 };
	uint32_t i = so_id / EACH + so_id % EACH * (guests->size / EACH);

	return &guests->buckets[i & (guests->size - 1)];
}

static void
grow(struct guests *guests)
{
	struct guests old = *guests;

	guests->size = old.size > 0 ? 2 * old.size : GUESTS_FIRST_SIZE;
	guests->buckets = calloc(guests->size, sizeof(struct socket *));
	CHECK(guests->buckets != NULL, "memory to find sockets");
	for (uint32_t i = 0; i < old.size; i++)
		while (old.buckets[i] != NULL) {
			struct socket *so = old.buckets[i];

			old.buckets[i] = so->next_guest;
			so->next_guest = *bucket_of(guests, so->so_id);
			*bucket_of(guests, so->so_id) = so;
		}
	free(old.buckets);
}

void
guests_add(struct guests *guests, struct socket *so)
{
	if (guests->n == guests->size)
		grow(guests);
	guests->n++;
	so->next_guest = *bucket_of(guests, so->so_id);
	*bucket_of(guests, so->so_id) = so;
}

struct socket *
guests_find(const struct guests *guests, uint32_t so_id)
{
	struct socket *so;

	if (guests->size == 0)
		return NULL;
	so = *bucket_of(guests, so_id);
	while (so != NULL && so->so_id != so_id)
		so = so->next_guest;
	return so;
}

void
guests_expect(const struct guests *guests, uint32_t so_id)
{
	enum { LINE = 64 };
	const struct socket *so = guests_find(guests, so_id);
	const char *at = (const char *)so;

	if (so == NULL)
		return;
	for (size_t i = 0; i < sizeof *so; i += LINE)
		__builtin_prefetch(at + i, 1);
}

static void
forget(struct guests *guests, struct socket *so)
{
	struct socket **link = bucket_of(guests, so->so_id);

	while (*link != so)
		link = &(*link)->next_guest;
	*link = so->next_guest;
	guests->n--;
}

void
guests_let_go(struct socket *so)
{
	struct host *host = so->host;

	if (so->so_id < CLIENT_NUMBERS || so->is_gone_listed ||
	    !so_is_gone(so) || so->is_closing || so->so_head != NULL)
		return;
	so->is_gone_listed = true;
	so->gone_packets = host->if_snd.n_in;
	so->gone_jobs = host->softnet.n_jobs;
	so->next_gone = host->guests.gone;
	host->guests.gone = so;
}

/*
 * Does anything point at it?
 */
static void
mark_lender(const void *object, void *arg)
{
	struct socket *so = ((const struct m_loan *)object)->so;

	so->lends_at = *(const int64_t *)arg;
}

static bool
may_go(const struct socket *so)
{
	const struct host *host = so->host;

	return so->lends_at != host->clock.n_slow_ticks &&
	    so->pendfree.n == 0 && !so->tcpcb.t_in_due_list &&
	    !so->tcpcb.t_is_ticking && !so->tcpcb.t_in_delack_list &&
	    host->drv.n_tx_gone >= so->gone_packets &&
	    (!host->softnet.is_running ||
	    host->softnet.n_jobs > so->gone_jobs);
}

/*
 * What it has counted
 */
static void
add_all(int64_t *sum, const int64_t *more, size_t bytes)
{
	for (size_t i = 0; i < bytes / sizeof *sum; i++)
		sum[i] += more[i];
}

_Static_assert(sizeof(struct so_stats) % sizeof(int64_t) == 0 &&
    sizeof(struct tcp_stats) % sizeof(int64_t) == 0,
    "statistics are arrays of int64_t");

static void
count(struct guests_sum *sum, const struct socket *so)
{
	int64_t acked = so->stats.bytes_acked;

	sum->n++;
	add_all((int64_t *)&sum->so, (const int64_t *)&so->stats,
	    sizeof sum->so);
	add_all((int64_t *)&sum->tcp, (const int64_t *)&so->tcpcb.stats,
	    sizeof sum->tcp);
	if (so->stats.bytes_written == 0)
		return;
	if (acked < sum->least_acked)
		sum->least_acked = acked;
	if (acked > sum->most_acked)
		sum->most_acked = acked;
}

static void
end(struct host *host, struct socket *so)
{
	count(&host->guests.sum, so);
	clients_board_is_done(host->clients, so);
	forget(&host->guests, so);
	host_remove_socket(host, so);
	pool_put(&host->socket_pool, so);
}

void
guests_reap(struct host *host)
{
	struct socket **link = &host->guests.gone, *so;

	if (*link == NULL)
		return;
	pool_each(&host->mbufs.loans, mark_lender,
	    &host->clock.n_slow_ticks);
	while ((so = *link) != NULL)
		if (may_go(so)) {
			*link = so->next_gone;
			end(host, so);
		} else
			link = &so->next_gone;
}
