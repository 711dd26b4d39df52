#include "tests/support/sim/server.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/min.h"
#include "sim/engine/engine.h"
#include "sim/process/sys.h"
#include "tests/support/machine.h"

/* => false: the connection is lost, or the run has ended */
static bool
respond(struct process *ps, int fd, uint64_t buffer, int64_t len)
{
	int64_t n;

	if (strcmp(ps->config->name, SERVER_MUTE) != 0)
		sys_says(ps, fd, len);
	for (; len > 0; len -= n) {
		n = sys_write(ps, fd, buffer,
		    min_i64(len, ps->config->write_size));
		if (n <= 0)
			return false;
	}
	return true;
}

static void
serve(struct process *ps, int fd, uint64_t buffer)
{
	bool keeps = strcmp(ps->config->name, SERVER_KEEPS) == 0;
	struct sys_words words;

	while (sys_read_request(ps, fd, buffer, ps->config->write_size,
	    &words) > 0 && respond(ps, fd, buffer, words.len) && keeps)
		continue;
	sys_close(ps, fd);
}

static void
server_main(struct process *ps)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int64_t buffer = sys_mmap(ps, ps->config->write_size);
	int fd, listener = sys_listen_shared(ps, SERVER_PORT, SERVER_BACKLOG,
	    &opts);

	if (buffer < 0 || listener < 0)
		return;
	sys_touch(ps, (uint64_t)buffer, ps->config->write_size, false);
	while ((fd = sys_accept(ps, listener)) >= 0 ||
	    fd == SYS_ECONNABORTED)
		if (fd >= 0)
			serve(ps, fd, (uint64_t)buffer);
	sys_close(ps, listener);
}

struct process_config
server_config(const char *name, int64_t write_size)
{
	return (struct process_config){.name = name,
	    .own_main = server_main, .write_size = write_size,
	    .so_sndbuf = 16384, .so_sndlowat = 2048};
}

struct process_config
client_config(int64_t bytes, int64_t requests)
{
	static struct file_share file = {.file = 1, .percent = 100};

	file.bytes = bytes;
	return (struct process_config){.name = "client",
	    .program = PROGRAM_CLIENT, .is_client = true,
	    .port = SERVER_PORT, .connections = INT64_MAX,
	    .files = &file, .n_files = 1, .request_size = 300,
	    .requests = requests};
}

struct world_config
server_world(uint32_t n_clients)
{
	struct world_config config = machine_config();

	machine_set_costs(&config, 1);
	config.host.sosend.sosend_loan = true;
	config.net = (struct net_config){.n_clients = n_clients,
	    .star = {100000000, 100 * PS_PER_US, NET_SPLITDUPLEX}};
	config.duration = 5 * PS_PER_S;
	return config;
}

static void
assert_audit(struct world *world)
{
	struct audit audit = {0};

	world_audit(world, &audit);
	for (uint32_t i = 0; i < audit.n && i < AUDIT_MAX_LINES; i++)
		ck_abort_msg("%s: expected %lld, found %lld",
		    audit.lines[i].what, (long long)audit.lines[i].expected,
		    (long long)audit.lines[i].actual);
}

void
server_run(struct world *world, const struct world_config *config,
    const struct process_config *server, size_t n_servers,
    const struct process_config *client)
{
	size_t n = n_servers + config->net.n_clients;
	struct process_config *processes = calloc(n, sizeof *processes);

	for (size_t i = 0; i < n; i++) {
		processes[i] = i < n_servers ? *server : *client;
		processes[i].number = (uint32_t)i;
	}
	world_init(world, config);
	eng_run(world, processes, n);
	ck_assert_int_eq(world->outcome, WORLD_DONE);
	assert_audit(world);
	machine_assert_empty(&world->host);
	free(processes);
}

void
server_compare(struct world *world)
{
	struct world_config config = server_world(30);
	struct process_config server = server_config(SERVER_KEEPS, 8192);
	struct process_config client = client_config(30000, 3);
	const struct client_stats *stats = &world->clients.stats;

	config.net.star.bits_per_s = 5000000;
	config.to_peer_path = (struct path_config){
	    .loss = {RANDOM_CERTAIN / 50, PATH_BURST_NONE}, .seed = 1};
	config.to_board_path = config.to_peer_path;
	client.think = 10 * PS_PER_MS;
	client.think_spread = 8 * PS_PER_MS;
	client.start_spread = 100 * PS_PER_MS;
	client.piece = 7000;
	client.abandon = RANDOM_CERTAIN / 20;
	client.abandon_after = 3000;
	client.seed = 7;
	server_run(world, &config, &server, 7, &client);
	ck_assert_int_gt(stats->n_abandoned, 0);
	printf("found: %lld %lld %lld %lld %lld %lld\n",
	    (long long)stats->n_requests, (long long)stats->n_failed,
	    (long long)stats->n_abandoned,
	    (long long)stats->response_us,
	    (long long)stats->response_max_ps, (long long)world->cal.now);
}
