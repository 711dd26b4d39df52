#include "models/host.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/inet/client.h"
#include "models/kern/poll.h"
#include "models/kern/syscall.h"
#include "models/mbuf/chain.h"

static bool
has_cache(const struct host *host)
{
	return host->config.cache.bytes[0] > 0;
}

/* Without coherence the NIC gets what is in memory, not what is in a cache. */
static bool
is_in_memory(const struct host *host, const struct mbuf *m)
{
	if (!has_cache(host) || host->config.dma_is_coherent)
		return true;
	for (; m != NULL; m = m->m_next)
		for (uint32_t off = 0; off < m->m_len;) {
			struct mem_range r =
			    m_first_range(m, off, m->m_len - off);

			if (cache_is_dirty(&host->cache, r.object, r.offset,
			    r.bytes))
				return false;
			off += r.bytes;
		}
	return true;
}

/* The name of what a packet's headers say that it brings. */
static uint64_t
content_of(const struct host *host, const struct mbuf *m)
{
	const struct socket *so = host_find_socket(host, m->m_conn);

	if (m->m_th.ip_p == IP_UDP)
		return udp_content(so, &m->m_th);
	return content_name(m->m_conn,
	    tcp_place_of(&so->tcpcb, m->m_th.seq));
}

/* Every fetch: are these the bytes that write(2) saw? */
static uint64_t
verify_fetch(void *arg, const struct mbuf *m)
{
	struct host *host = arg;
	struct identity *id = &host->identity;
	uint64_t content;

	if (m_packet_payload(m) == 0)
		return CONTENT_NONE;
	content = m_content(m, m->m_hdr_len);
	id->n_fetches++;
	if (content == content_of(host, m) && is_in_memory(host, m))
		return content;
	if (id->n_wrong++ == 0) {
		id->first_at = host->cal->now;
		id->first_conn = m->m_conn;
		id->first_seq = m->m_th.seq;
	}
	return CONTENT_MIXED;
}

static void
init_hardware(struct host *host, struct wire *wire_out)
{
	struct nic_ports ports = {wire_out, drv_interrupt, verify_fetch,
	    drv_underrun, host};

	if (has_cache(host))
		cache_init(&host->cache, &host->config.cache);
	cost_model_init(&host->costs, &host->config.cost,
	    has_cache(host) ? &host->cache : NULL, &host->ledger);
	bus_init(&host->bus, &host->config.bus, &host->ledger);
	cpu_init(&host->cpu, &host->config.cpu, host->cal, &host->bus,
	    &host->costs);
	nic_init(&host->nic, &host->config.nic, host->cal, &host->bus,
	    &ports);
	disk_init(&host->disk, &host->config.disk, host->cal, &host->bus);
}

static void
mbuf_freed(void *arg)
{
	struct host *host = arg;

	proc_wakeup(&host->mbuf_wait, NULL);
}

static void
init_mbufs(struct host *host)
{
	mbuf_pools_init(&host->mbufs);
	mbuf_pools_limit(&host->mbufs, host->config.mbufs,
	    host->config.nmbclusters);
	host->mbufs.loan_free = so_loan_free;
	host->mbufs.mbuf_freed = mbuf_freed;
	host->mbufs.loan_free_arg = host;
}

static void
init_kernel(struct host *host)
{
	vm_init(&host->vm);
	vm_configure(&host->vm, &host->config.vm);
	pool_init(&host->files, "files", sizeof(struct file));
	pool_init(&host->socket_pool, "sockets", sizeof(struct socket));
	memory_init(&host->memory, host);
	pager_init(&host->pager, &host->config.pager);
	init_mbufs(host);
	so_drainer_init(&host->drainer, host);
	kva_init(&host->kva, host->config.somaxkva);
	host->if_snd.ifq_maxlen = host->config.ifq_maxlen;
	ip_reass_init(&host->frags, host->config.ip_maxfragpackets);
	guests_init(&host->guests);
	tcp_host_init(host);
	softnet_init(&host->softnet, host);
	drv_init(&host->drv, host);
	wd_init(&host->wd, host);
	clock_init(&host->clock, host, host->config.hz);
	kctx_init(&host->reaper, host, "reaper", CPU_PROC);
}

void
host_init(struct host *host, const struct host_config *config,
    struct calendar *cal, struct wire *wire_out)
{
	memset(host, 0, sizeof *host);
	host->config = *config;
	host->cal = cal;
	init_hardware(host, wire_out);
	init_kernel(host);
}

void
host_fini(struct host *host)
{
	/* nobody is left to be told */
	host->vm.on_free = host->vm.on_low = NULL;
	while (host->procs != NULL) {
		struct proc *p = host->procs;

		host->procs = p->next;
		/* what a process leaves behind is nobody's expense */
		vm_space_fini(&p->space, &p->k.cost, &host->costs);
		poll_fini(p);
		fd_fini(&p->fd);
		free(p);
	}
	pool_fini(&host->socket_pool);
	free(host->socket_table);
	guests_fini(&host->guests);
	tcp_host_fini(host);
	ip_reass_fini(&host->frags);
	vm_fini(&host->vm);
	pager_fini(&host->pager);
	pool_fini(&host->files);
	mbuf_pools_fini(&host->mbufs);
}

struct proc *
host_add_proc(struct host *host, const char *name,
    struct proc_program program)
{
	struct proc *p = calloc(1, sizeof *p);

	CHECK(p != NULL, "memory for a process");
	proc_init(p, host, name, program);
	if (host->last_proc != NULL)
		host->last_proc->next = p;
	else
		host->procs = p;
	host->last_proc = p;
	host->n_procs_alive++;
	host->n_in_program++;
	return p;
}

uint64_t
host_disk_extent(struct host *host, int64_t bytes)
{
	uint64_t first = host->disk_pages;

	host->disk_pages += round_page((uint64_t)bytes) / PAGE_SIZE;
	return first;
}

void
host_add_file(struct host *host, uint32_t file, int64_t bytes, bool is_cached)
{
	struct vm_object *object;

	CHECK(file != 0 && bytes > 0 &&
	    vm_object_find(&host->vm, file) == NULL,
	    "a file has a number of its own, and bytes");
	object = vm_object_new(&host->vm, VM_OBJECT_FILE, file, bytes);
	object->disk_page = host_disk_extent(host, bytes);
	if (is_cached)
		vm_object_fill(object);
}

static bool
is_number_free(const struct host *host, uint32_t number)
{
	const struct socket *so = host_find_socket(host, number);

	return so == NULL || so->is_detached;
}

/* => 0: none is left */
static uint16_t
next_number(const struct host *host)
{
	uint32_t number = host->last_number + 1;

	while (number <= UINT16_MAX &&
	    host_find_socket(host, (uint16_t)number) != NULL)
		number++;
	return number <= UINT16_MAX ? (uint16_t)number : 0;
}

static void
grow_table(struct host *host, uint32_t size)
{
	if (size <= host->table_size)
		return;
	if (size < 2 * host->table_size)
		size = 2 * host->table_size;
	host->socket_table = realloc(host->socket_table,
	    size * sizeof *host->socket_table);
	CHECK(host->socket_table != NULL, "memory for the socket table");
	memset(host->socket_table + host->table_size, 0,
	    (size - host->table_size) * sizeof *host->socket_table);
	host->table_size = size;
}

static void
link_socket(struct host *host, struct socket *so, uint32_t number)
{
	so->so_id = number;
	so->serial = ++host->n_sockets_made;
	so->next = host->sockets;
	if (so->next != NULL)
		so->next->previous = so;
	host->sockets = so;
}

void
host_remove_socket(struct host *host, struct socket *so)
{
	if (so->next != NULL)
		so->next->previous = so->previous;
	if (so->previous != NULL)
		so->previous->next = so->next;
	else
		host->sockets = so->next;
}

bool
host_add_socket(struct host *host, struct socket *so, uint32_t number)
{
	if (number >= CLIENT_NUMBERS) {
		link_socket(host, so, number);
		guests_add(&host->guests, so);
		return true;
	}
	if (number == 0) {
		number = next_number(host);
		host->last_number = number;
	}
	if (number == 0 || !is_number_free(host, number))
		return false;
	grow_table(host, number + 1U);
	link_socket(host, so, number);
	so->older = host->socket_table[number];
	host->socket_table[number] = so;
	return true;
}

struct socket *
host_find_socket(const struct host *host, uint32_t so_id)
{
	if (so_id < host->table_size)
		return host->socket_table[so_id];
	return so_id < CLIENT_NUMBERS ? NULL : guests_find(&host->guests,
	    so_id);
}

void
host_add_listener(struct host *host, struct socket *so)
{
	so->next_listener = host->listeners;
	host->listeners = so;
}

struct tcpcb *
host_find_listener(const struct host *host, uint16_t port)
{
	for (struct socket *so = host->listeners; so != NULL;
	    so = so->next_listener)
		if (so->tcpcb.t_state == TCPS_LISTEN &&
		    so->tcpcb.t_port == port)
			return &so->tcpcb;
	return NULL;
}

struct socket *
host_find_udp(const struct host *host, uint16_t port)
{
	for (struct socket *so = host->sockets; so != NULL; so = so->next)
		if (so->so_type == SO_DGRAM && so->udp.lport == port &&
		    !so->is_detached)
			return so;
	return NULL;
}

void
host_stop(struct host *host)
{
	if (host->is_stopped)
		return;
	host->is_stopped = true;
	host->vm.is_over = true;
	for (struct proc *p = host->procs; p != NULL; p = p->next)
		proc_interrupt(p);
}

uint32_t
host_drop_all(struct host *host)
{
	uint32_t n = 0;

	for (struct socket *so = host->sockets; so != NULL; so = so->next)
		if (!so->is_detached) {
			n += so->tcpcb.t_state != TCPS_TIME_WAIT;
			/* which also detaches one of UDP */
			tcp_drop(&so->tcpcb, SYS_ETIMEDOUT);
		}
	return n;
}

static bool
is_serving(const struct proc *p)
{
	const struct socket *so = p->call.so;

	if (p->state == PROC_ASLEEP && poll_only_listens(p))
		return true;
	if (p->state != PROC_ASLEEP || so == NULL || p->sleeps_on == NULL)
		return false;
	return p->sleeps_on == &so->connect_wait ?
	    so->tcpcb.t_state == TCPS_LISTEN :
	    so_is_atomic(so) && p->sleeps_on == &so->so_rcv.sb_wait;
}

bool
host_only_serves(const struct host *host)
{
	for (const struct proc *p = host->procs; p != NULL; p = p->next)
		if (p->state != PROC_DEAD && !is_serving(p))
			return false;
	return true;
}

void
host_fall_silent(struct host *host)
{
	host_stop(host);
	host->is_silent = true;
	for (struct socket *so = host->sockets; so != NULL; so = so->next)
		if (so_is_atomic(so))
			proc_wakeup(&so->so_rcv.sb_wait, NULL);
}

static void
reaped(struct kctx *k)
{
	(void)k;
}

bool
host_reap(struct host *host)
{
	sodopendfree(&host->reaper, NULL);
	ip_drain(&host->reaper);
	if (!kctx_has_cost(&host->reaper))
		return false;
	kctx_spend(&host->reaper, SPL_0, reaped);
	return true;
}
