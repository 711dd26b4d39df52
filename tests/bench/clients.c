/*
 * How long does the host take for one simulated segment, with many connections?
 * usage: bench-clients SCENARIO CLIENTS FROM TO
 *
 * The board of a scenario (bulk.scn) serves responses of 64 KB to clients that
 * never close; a process for each.  Printed: data segments, and the processor
 * time of the simulator for each of those sent between two simulated dates, in
 * seconds: what it takes to set the connections up is not counted.  CLIENTS 0
 * is one bulk transfer, the scenario's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/engine/engine.h"
#include "sim/run/build.h"
#include "tests/support/sim/server.h"

static struct world world;

static int64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t
count_segments(void)
{
	int64_t n = world.host.guests.sum.tcp.n_segments;

	for (struct socket *so = world.host.sockets; so != NULL; so = so->next)
		n += so->tcpcb.stats.n_segments;
	return n;
}

static struct process_config *
serve(struct world_config *config, uint32_t n_clients, size_t *n)
{
	struct process_config *processes;

	*n = 2 * (size_t)n_clients;
	processes = calloc(*n, sizeof *processes);
	config->net.n_clients = n_clients;
	config->host.vm.n_pages = 32 * (int64_t)n_clients + 10000;
	for (uint32_t i = 0; i < n_clients; i++) {
		processes[i] = server_config(SERVER_KEEPS, 65536);
		processes[i].so_sndbuf = 65536;
		processes[i].so_sndlowat = 32768;
		processes[n_clients + i] = client_config(65536, INT64_MAX);
		processes[n_clients + i].start_spread =
		    n_clients * PS_PER_S / 400;
		processes[n_clients + i].stream = i;
	}
	return processes;
}

/* => processor time of the run in ns; segments */
static int64_t
run(const struct scn_point *pt, uint32_t n_clients, sim_time duration,
    int64_t *n_segments)
{
	struct world_config config = build_world(pt);
	struct process_config *processes;
	int64_t began;
	size_t n;

	config.duration = duration;
	config.drain = 100 * PS_PER_S;
	processes = n_clients > 0 ? serve(&config, n_clients, &n) :
	    build_processes(pt, &n);
	began = cpu_ns();
	world_init(&world, &config);
	eng_run(&world, processes, n);
	*n_segments = count_segments();
	world_fini(&world);
	return cpu_ns() - began;
}

int
main(int argc, char **argv)
{
	enum { REPEAT = 5 };
	GPtrArray *errors = g_ptr_array_new();
	struct scenario *scn;
	uint32_t n_clients;
	double best = 1e9;

	if (argc != 5)
		return 2;
	scn = scn_load(argv[1], NULL, errors);
	if (scn == NULL)
		return 3;
	n_clients = (uint32_t)atoi(argv[2]);
	for (int i = 0; i < REPEAT; i++) {
		const struct scn_point *pt = scn_point(scn, 0);
		int64_t n1, n2;
		int64_t t1 = run(pt, n_clients, atoi(argv[3]) * PS_PER_S, &n1);
		int64_t t2 = run(pt, n_clients, atoi(argv[4]) * PS_PER_S, &n2);
		double each = (double)(t2 - t1) / (double)(n2 - n1);

		best = each < best ? each : best;
		printf("%lld segments, %.0f ns each\n", (long long)(n2 - n1),
		    each);
	}
	printf("least: %.0f ns\n", best);
	scn_free(scn);
	return 0;
}
