/*
 * One host: all models of one machine, wired together.
 *
 * Stands for: a board with its kernel, from the program's system call to the
 *	network controller's side of the wire.
 * Units: in the parts.  Owns: all its parts, its sockets and, through them,
 *	every mbuf, page and window of the run.
 */
#ifndef MODELS_HOST_H
#define MODELS_HOST_H

#include "models/dev/drv.h"
#include "models/dev/nic.h"
#include "models/dev/wd.h"
#include "models/hw/cpu.h"
#include "models/inet/ip.h"
#include "models/inet/ip_reass.h"
#include "models/inet/tcp.h"
#include "models/kern/clock.h"
#include "models/kern/memory.h"
#include "models/kern/pager.h"
#include "models/kern/proc.h"
#include "models/kern/watch.h"
#include "models/socket/guests.h"
#include "models/socket/sosend.h"
#include "models/vm/kva.h"

struct clients;

struct host_config {
	struct cpu_config cpu;
	struct cost_config cost;
	struct cache_config cache;
	bool dma_is_coherent;	/* the NIC sees what is only in a cache */
	struct bus_config bus;
	struct nic_config nic;
	struct disk_config disk;
	struct sosend_config sosend;
	struct tcp_config tcp;
	enum sb_append_kind sbappend;
	struct vm_config vm;
	struct pager_config pager;
	int64_t somaxkva;
	int64_t mbufs;		/* most that there may be; 0: no limit */
	int64_t nmbclusters;	/* the same */
	int64_t ifq_maxlen;
	int64_t udp_recvspace;
	int64_t ip_maxfragpackets;	/* -1: no limit */
	int64_t hz;
	int64_t sb_max;		/* 0: SB_MAX, as no kernel here changes it */
	int64_t open_max;	/* descriptors of a process, 1 .. FD_NUMBERS */
	int64_t maxfiles;	/* open files of all processes */
};

/* What the checks of content have seen. */
struct identity {
	int64_t n_fetches;	/* packets with data, by the NIC */
	int64_t n_wrong;
	/* the first wrong one */
	sim_time first_at;
	uint32_t first_conn;
	uint32_t first_seq;
};

struct host {
	struct host_config config;	/* const after host_init */
	struct calendar *cal;
	struct ledger ledger;
	struct cache cache;
	struct cost_model costs;
	struct bus bus;
	struct cpu cpu;
	struct vm vm;
	struct memory memory;
	struct pager pager;
	struct mbuf_pools mbufs;
	struct kva kva;
	struct waitq kva_wait;
	struct waitq mbuf_wait;
	struct nobufs nobufs;
	struct so_pendfree pendfree;	/* the global list */
	struct so_drainer drainer;
	struct sosend_counters sosend_counters;
	int64_t n_loans_refused;
	int64_t n_refused_for[SO_REFUSED_REASONS];	/* see sosend.h */
	struct ifqueue if_snd;
	struct softnet softnet;
	struct nic nic;
	struct drv drv;
	struct disk disk;
	struct wd wd;
	struct clock clock;
	struct kctx reaper;		/* see host_reap */
	struct tcp_host tcp;
	struct socket *sockets;
	struct socket **socket_table;	/* by so_id, of its own numbers */
	uint32_t table_size;
	uint32_t last_number;		/* given to a socket */
	uint64_t n_sockets_made;
	struct guests guests;		/* ... of others' numbers */
	struct socket *listeners;	/* by next_listener */
	struct clients *clients;	/* who call; NULL: nobody */
	int64_t n_emfile;	/* calls refused for want of a descriptor, */
	int64_t n_enfile;	/* ... of an open file */
	int64_t n_epipe;	/* writes that took nothing, as the connection
				 * had been reset or given up */
	int64_t n_accepted;
	uint16_t ip_id;			/* of the next datagram */
	struct ip_frags frags;
	struct udp_in_stats udp_in;
	int64_t bytes_acked;		/* of all connections */
	int64_t bytes_received;		/* accepted in order, the same, and in
					 * datagrams */
	struct pool files;		/* open ones */
	struct pool socket_pool;
	uint64_t disk_pages;		/* of the disk that files have */
	struct proc *procs;
	struct proc *last_proc;
	uint32_t n_procs_alive;
	uint32_t n_in_program;		/* processes that owe a next call */
	bool is_stopped;		/* the run is over: nobody may block */
	bool is_silent;			/* ... and no datagram comes any more */
	struct identity identity;
	/* told when a socket that is closing has no data left to send */
	void (*data_done)(void *arg);
	/* told of each datagram that is received, with its sender's number;
	 * may be NULL */
	void (*datagram_came)(void *arg, uint32_t conn);
	void *data_done_arg;
	const struct watcher *watch;	/* NULL: nobody looks on */
};

/* host_init: a host on a wire. => wire_out outlives it */
void host_init(struct host *host, const struct host_config *config,
    struct calendar *cal, struct wire *wire_out);
void host_fini(struct host *host);

/*
 * host_add_proc: a process of that name, with its program.
 *
 * => the program makes the first call; the host owns the process
 */
struct proc *host_add_proc(struct host *host, const char *name,
    struct proc_program program);

/*
 * host_add_socket: into the table, by a number of its own or the next one.
 *
 * => number: 0 for the next one
 * => false: it is in use, or none is left
 */
bool host_add_socket(struct host *host, struct socket *so, uint32_t number);

/* host_remove_socket: off the list; who finds it by number is told before */
void host_remove_socket(struct host *host, struct socket *so);

/*
 * host_add_file: a file, before the run.
 *
 * => no other has this number, which is not 0; at least a byte long
 * => is_cached: in memory, as far as there is room beyond freetarg
 * => on the disk it lies behind those that were added before
 */
void host_add_file(struct host *host, uint32_t file, int64_t bytes,
    bool is_cached);

/* host_disk_extent: the next place on the disk, for so many bytes of a file */
uint64_t host_disk_extent(struct host *host, int64_t bytes);

/* host_find_socket: the last one that had this number. => NULL if unknown */
struct socket *host_find_socket(const struct host *host, uint32_t so_id);

/*
 * host_watch_lent, host_watch_sndbuf: tell who looks on, if anybody does, that
 * the number has changed.
 */
static inline void
host_watch_lent(const struct host *host)
{
	if (host->watch != NULL)
		watch_tell_level(host->watch, WATCH_LENT, 0,
		    host->kva.socurkva, host->kva.somaxkva);
}

static inline void
host_watch_sndbuf(const struct socket *so)
{
	if (so->host->watch != NULL)
		watch_tell_level(so->host->watch, WATCH_SNDBUF, so->so_id,
		    so->so_snd.sb_cc, so->so_snd.sb_hiwat);
}

/* host_add_listener: a socket waits at its port from now on. */
void host_add_listener(struct host *host, struct socket *so);

/* host_find_listener: who waits at a port. => NULL: nobody */
struct tcpcb *host_find_listener(const struct host *host, uint16_t port);

/* host_find_udp: who receives datagrams at a port. => NULL: nobody */
struct socket *host_find_udp(const struct host *host, uint16_t port);

/*
 * host_stop: the run's time is over: no new system call is accepted, blocked
 * ones return.
 */
void host_stop(struct host *host);

/*
 * host_drop_all: give up every connection that is still there.
 *
 * => those that only wait for late segments just end
 * => how many of the others there were
 */
uint32_t host_drop_all(struct host *host);

/*
 * host_only_serves: do all its processes that are left wait for callers, or for
 * datagrams?
 */
bool host_only_serves(const struct host *host);

/* host_fall_silent: host_stop; and nobody waits for datagrams any more. */
void host_fall_silent(struct host *host);

/*
 * host_reap: undo the loans that died with their sockets, and free fragments.
 *
 * In 2002 the next call of anybody would, or the time; at the end of a run
 * nobody is left.
 * => true: there were some, and the CPU has to spend their price yet
 */
bool host_reap(struct host *host);

#endif
