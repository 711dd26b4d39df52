#include "sim/engine/platform.h"

#include <inttypes.h>
#include <math.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xbt/dynar.h>

#include "models/base/check.h"
#include "sim/engine/engine.h"
#include "sim/engine/machine_model.h"

enum { BITS_PER_BYTE = 8 };

/* As of the scenario's own links: no date of a frame overflows. */
#define RATE_MIN	1e3
#define RATE_MAX	1e11
#define DELAY_MAX	10.0

/* What is known of the platform; SimGrid has one in a process, and so have we.
 */
static struct {
	bool is_loaded;
	sg_host_t board;
	sg_host_t *others;	/* by name */
	size_t n_others;
	sg_host_t *clients;
	struct net_link_config *links;
	uint32_t n_links;
	struct net_route *routes;	/* by client, as clients */
} loaded;

/* A reason, built where it is known. */
struct told {
	char *text;
	size_t size;
	const char *file;
};

static void *
get(size_t n, size_t size)
{
	void *memory = calloc(n + 1, size);

	CHECK(memory != NULL, "memory for a platform");
	return memory;
}

static void
load(void *arg)
{
	simgrid_load_platform(arg);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(sg_host_get_name(*(const sg_host_t *)a),
	    sg_host_get_name(*(const sg_host_t *)b));
}

/* "; there are: a, b, c ..." */
static bool
no_such_host(const char *name, const struct told *told)
{
	enum { MOST = 10 };
	size_t n = sg_host_count();
	sg_host_t *hosts = sg_host_list();
	int used = snprintf(told->text, told->size,
	    "the platform has no host \"%s\"; there are:", name);

	qsort(hosts, n, sizeof *hosts, compare_names);
	for (size_t i = 0; i < n && used < (int)told->size; i++) {
		used += snprintf(told->text + used, told->size - (size_t)used,
		    "%s %s", i > 0 ? "," : "", i < MOST ?
		    sg_host_get_name(hosts[i]) : "...");
		if (i == MOST)
			break;
	}
	free(hosts);
	return false;
}

static bool
find_board(const char *name, const struct told *told)
{
	size_t n = sg_host_count();
	sg_host_t *hosts;

	loaded.board = sg_host_by_name(name);
	if (loaded.board == NULL)
		return no_such_host(name, told);
	hosts = sg_host_list();
	qsort(hosts, n, sizeof *hosts, compare_names);
	loaded.others = get(n, sizeof(sg_host_t));
	for (size_t i = 0; i < n; i++)
		if (hosts[i] != loaded.board)
			loaded.others[loaded.n_others++] = hosts[i];
	free(hosts);
	return true;
}

/* => a client's host; NULL: it has been told why there is none */
static sg_host_t
place(const struct process_config *process, size_t *turn,
    const struct told *told)
{
	sg_host_t host = NULL;

	if (process->at == NULL && loaded.n_others > 0)
		return loaded.others[(*turn)++ % loaded.n_others];
	if (process->at == NULL)
		snprintf(told->text, told->size, "the platform has no host "
		    "but the board's: there is none for clients");
	else {
		host = sg_host_by_name(process->at);
		if (host == NULL)
			no_such_host(process->at, told);
	}
	return host;
}

static bool
place_all(const struct process_config *processes, size_t n,
    struct net_config *net, const struct told *told)
{
	size_t turn = 0;

	loaded.clients = get(n, sizeof(sg_host_t));
	net->n_clients = 0;
	for (size_t i = 0; i < n; i++) {
		sg_host_t host;

		if (!processes[i].is_client)
			continue;
		host = place(&processes[i], &turn, told);
		if (host == NULL)
			return false;
		loaded.clients[net->n_clients++] = host;
	}
	return true;
}

/*
 * Links
 */
/* => false: it is no link of ours, told why; a FATPIPE has no rate here */
static bool
is_possible(sg_link_t link, const struct told *told)
{
	double bits_per_s = sg_link_get_bandwidth(link) * BITS_PER_BYTE;
	double delay = sg_link_get_latency(link);

	if (!(delay >= 0 && delay <= DELAY_MAX)) {
		snprintf(told->text, told->size, "%s: the latency of the link "
		    "%s is %g s; permitted: 0 .. 10 s", told->file,
		    sg_link_get_name(link), delay);
		return false;
	}
	if (sg_link_is_shared(link) &&
	    !(bits_per_s >= RATE_MIN && bits_per_s <= RATE_MAX)) {
		snprintf(told->text, told->size, "%s: the bandwidth of the "
		    "link %s is %g bit/s; permitted: 1 kbit/s .. 100 Gbit/s",
		    told->file, sg_link_get_name(link), bits_per_s);
		return false;
	}
	return true;
}

/* => false: one of them is not possible, told why */
static bool
take_links(const struct told *told)
{
	size_t n = sg_link_count(), i;
	sg_link_t *links = sg_link_list();

	loaded.links = get(n, sizeof *loaded.links);
	for (i = 0; i < n && is_possible(links[i], told); i++) {
		loaded.links[i] = (struct net_link_config){
		    /* one that holds nobody up has any */
		    .bits_per_s = llround(fmin(RATE_MAX, BITS_PER_BYTE *
		    sg_link_get_bandwidth(links[i]))),
		    .delay = llround(sg_link_get_latency(links[i]) *
		    (double)PS_PER_S),
		    .policy = sg_link_is_shared(links[i]) ? NET_SHARED :
		    NET_FATPIPE};
		sg_link_set_data(links[i], &loaded.links[i]);
	}
	loaded.n_links = (uint32_t)n;
	free(links);
	return i == n;
}

struct route_wanted {
	sg_host_t from;
	sg_host_t to;
	xbt_dynar_t links;
};

static void
get_route(void *arg)
{
	struct route_wanted *wanted = arg;

	sg_host_get_route(wanted->from, wanted->to, wanted->links);
}

/* => false: there is none, told why */
static bool
find_way(sg_host_t from, sg_host_t to, const struct net_hop **hops,
    uint32_t *n, const struct told *told)
{
	struct route_wanted wanted = {from, to,
	    xbt_dynar_new(sizeof(sg_link_t), NULL)};
	struct net_hop *own;
	char why[256];

	if (!machine_try(get_route, &wanted, why, sizeof why)) {
		xbt_dynar_free(&wanted.links);
		snprintf(told->text, told->size, "no route from %s to %s: %s",
		    sg_host_get_name(from), sg_host_get_name(to), why);
		return false;
	}
	*n = (uint32_t)xbt_dynar_length(wanted.links);
	own = get(*n, sizeof *own);
	for (uint32_t i = 0; i < *n; i++) {
		const struct net_link_config *link;
		sg_link_t of_simgrid;

		xbt_dynar_get_cpy(wanted.links, i, &of_simgrid);
		link = sg_link_get_data(of_simgrid);
		CHECK(link != NULL, "routes lead over links of the platform");
		own[i].link = (uint32_t)(link - loaded.links);
		/* SimGrid moves bytes over anything; here they take time */
		CHECK(link->policy == NET_FATPIPE || link->bits_per_s > 0,
		    "a link has a rate");
	}
	*hops = own;
	xbt_dynar_free(&wanted.links);
	return true;
}

/* Clients at one host have the same way. */
static bool
find_ways(struct net_config *net, const struct told *told)
{
	struct net_route *routes = get(net->n_clients, sizeof *routes);

	loaded.routes = routes;
	for (uint32_t i = 0; i < net->n_clients; i++) {
		sg_host_t host = loaded.clients[i];
		const struct net_route *known = sg_host_get_data(host);

		if (known != NULL)
			routes[i] = *known;
		else if (!find_way(loaded.board, host, &routes[i].out,
		    &routes[i].n_out, told) || !find_way(host, loaded.board,
		    &routes[i].back, &routes[i].n_back, told))
			return false;
		sg_host_set_data(host, &routes[i]);
	}
	net->routes = routes;
	return true;
}

bool
eng_load_platform(const struct eng_platform *platform,
    const struct process_config *processes, size_t n_processes,
    struct net_config *net, char *reason, size_t size)
{
	struct told told = {reason, size, platform->file};
	char why[256], *file = strdup(platform->file);
	bool ok;

	CHECK(file != NULL, "memory for a platform");
	eng_prepare();
	ok = machine_try(load, file, why, sizeof why);
	if (!ok)
		snprintf(reason, size, "%s: SimGrid does not take it: %s",
		    platform->file, why);
	free(file);
	if (!ok || !find_board(platform->board, &told) ||
	    !place_all(processes, n_processes, net, &told) ||
	    !take_links(&told))
		return false;
	net->links = loaded.links;
	net->n_links = loaded.n_links;
	loaded.is_loaded = find_ways(net, &told);
	return loaded.is_loaded;
}

bool
eng_platform_is_loaded(void)
{
	return loaded.is_loaded;
}

const char *
eng_platform_host(bool is_client, uint32_t client)
{
	return sg_host_get_name(is_client ? loaded.clients[client] :
	    loaded.board);
}
