#include "tests/support/sim/server.h"

#include <string.h>

#include "models/base/min.h"
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
	static struct file_share file = {.file = 1, .weight = 1};

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
