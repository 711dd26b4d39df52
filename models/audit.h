/*
 * The audit: do the books of a host, and of the way to its peer, balance?
 *
 * Run at the end of every run, in release builds too; in debug builds the
 * running part also after every event or so.  Each line compares two numbers
 * that were counted independently.
 * Units: of what is compared.  Owns: nothing.
 */
#ifndef MODELS_AUDIT_H
#define MODELS_AUDIT_H

#include "models/host.h"
#include "models/hw/net.h"
#include "models/hw/path.h"
#include "models/inet/client.h"
#include "models/inet/peer.h"

enum { AUDIT_MAX_LINES = 32 };

struct audit_line {
	const char *what;
	int64_t expected;
	int64_t actual;
};

struct audit {
	struct audit_line lines[AUDIT_MAX_LINES];
	uint32_t n;	/* violations, those beyond the table included */
};

/* audit_equal: note it when they differ */
void audit_equal(struct audit *audit, const char *what, int64_t expected,
    int64_t actual);

/* audit_at_most: note it when actual exceeds the limit */
void audit_at_most(struct audit *audit, const char *what, int64_t limit,
    int64_t actual);

/*
 * host_audit_running: what holds at any instant between two events.
 *
 * => the books of bytes, socket buffers, loans, address space, pools, identity
 */
void host_audit_running(struct host *host, struct audit *audit);

/* peer_audit: the same, of the far end: what it holds, its windows */
void peer_audit(const struct peer *peer, struct audit *audit);

/*
 * host_audit: what holds at the end of a run, when all sockets are gone.
 *
 * => the above, and: everything delivered once, nothing left on loan, all pools
 *    empty, every cost accounted for, no resource above 100 %
 */
void host_audit(struct host *host, const struct peer *peer,
    struct audit *audit);

/*
 * udp_audit: what holds at the end of a run of the datagrams of a host and its
 * ideal peer.
 *
 * => n_copies: frames that the way between them made of others
 */
void udp_audit(const struct host *host, const struct udp_peer *udp,
    int64_t n_copies, struct audit *audit);

/*
 * udp_hosts_audit: the same of those that one host has sent to another.
 */
void udp_hosts_audit(const struct host *from, const struct host *to,
    int64_t n_copies, struct audit *audit);

/*
 * udp_audit_running: the part of host_audit_running that is about datagrams
 * which came.
 *
 * => every fragment is waiting, joined or dropped; every datagram is delivered
 *    or dropped for a reason; what was delivered is read, buffered or discarded
 */
void udp_audit_running(const struct host *host, struct audit *audit);

/*
 * disk_audit: what holds at the end of a run of a host's disk and its files.
 *
 * => no transfer is under way, no page in one; each was made once and moved the
 *    bytes of its pages, booked under disk_dma
 */
void disk_audit(struct host *host, struct audit *audit);

/*
 * files_audit_running: the part of host_audit_running that is about files.
 *
 * => every descriptor has an open file and the other way round; every file and
 *    piece of shared memory is referred to as often as it says
 */
void files_audit_running(const struct host *host, struct audit *audit);

/*
 * poll_audit_running: the part of host_audit_running that is about poll(2).
 *
 * => sets and sockets agree on who polls whom, and whoever is ready will be
 *    found
 */
void poll_audit_running(const struct host *host, struct audit *audit);

/* hosts_audit: host_audit of two hosts that have talked to each other */
void hosts_audit(struct host *a, struct host *b, struct audit *audit);

/*
 * path_audit: what holds on a path at any instant between two events.
 *
 * => no frame is lost or made but those that are counted
 */
void path_audit(const struct path *path, struct audit *audit);

/* guests_audit: what holds of all sockets together that are no more */
void guests_audit(const struct host *host, struct audit *audit);

/*
 * clients_audit: what holds at the end of a run between a host and the clients
 * that have called it.
 *
 * => connection by connection; those that are over were compared as they went
 */
void clients_audit(const struct host *host, const struct clients *all,
    struct audit *audit);

/*
 * net_audit: frames of a network, and the time of its links.
 *
 * => a network of which all is zero is clean
 */
void net_audit(const struct net *net, struct audit *audit);

#endif
