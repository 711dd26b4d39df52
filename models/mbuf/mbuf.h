/*
 * mbufs: small buffers that hold data, or point to storage outside.
 *
 * Stands for: struct mbuf of a 32-bit NetBSD, and its external storage:
 *
 *	internal	up to 236 bytes in the mbuf itself (216 with a packet
 *			header)
 *	cluster		2048 bytes of their own
 *	loan		up to 64 KB of a program's pages, seen through a window
 *			of kernel address space
 *
 *	External storage may be shared by several mbufs, each seeing a part of
 *	it; it goes when the last of them does.
 * Mirrors: sys/sys/mbuf.h 1.58, uipc_mbuf.c; netbsd-2002.md sections 4.1, 4.2.
 *	NetBSD strings the sharers together in a ring; a counter stands for it.
 * Content: a byte of payload is named by its socket and its place in that
 *	socket's stream of written bytes (content_name).  The name belongs to
 *	the storage and moves with every copy; the bytes of one storage have
 *	names in sequence, or CONTENT_MIXED, which no check accepts.  A loan
 *	names its bytes as well, and remembers which version of each page it was
 *	given.
 * Limits: of mbufs and of clusters.  Nothing here waits: who may not get any
 *	asks first (m_has_room, m_promise), and sleeps, does with less, or
 *	fails.
 * Leaves out: m_reclaim(), which asks protocols to let go of what they hold.
 * Units: bytes.  Owns: the pools own all three kinds of objects.
 */
#ifndef MODELS_MBUF_MBUF_H
#define MODELS_MBUF_MBUF_H

#include <stdbool.h>

#include "models/base/pool.h"
#include "models/hw/mem.h"
#include "models/vm/loan.h"

enum {
	MSIZE = 256,
	MLEN = 236,
	MHLEN = 216,
	MCLBYTES = 2048,
	MINCLSIZE = MHLEN + MLEN + 1,
	MAX_LINKHDR = 16,
	MAX_HDR = MAX_LINKHDR + 40	/* max_protohdr: IP and TCP */
};

struct socket;
struct mbuf;

/*
 * Names of content: the socket's number above, 24 bits of it, the place in its
 * stream below.
 */
enum { CONTENT_PLACE_BITS = 40 };
#define CONTENT_MIXED	UINT64_MAX
#define CONTENT_NONE	UINT64_C(0)	/* sockets are numbered from 1 */

static inline uint64_t
content_name(uint32_t so_id, uint64_t place)
{
	return (uint64_t)so_id << CONTENT_PLACE_BITS | place;
}

enum m_ext_kind { M_EXT_CLUSTER, M_EXT_LOAN };

struct m_ext {
	enum m_ext_kind kind;
	uint32_t refs;		/* mbufs that share it */
	uint32_t size;		/* as counted by mbcnt */
	uint64_t content;	/* name of byte 0 */
};

struct m_cluster {
	struct m_ext ext;	/* first: one of kind M_EXT_CLUSTER is this */
	struct mem_object mem;	/* kept while the cluster is free */
};

/* A loaned piece: external storage made of pages. */
struct m_loan {
	struct m_ext ext;	/* first: an m_ext of kind M_EXT_LOAN is one */
	struct socket *so;	/* the argument of soloanfree */
	uint32_t first_offset;	/* of byte 0 in the first page */
	uint32_t n_pages;
	struct vm_page *pages[VM_LOAN_MAX_PAGES];
	uint64_t versions[VM_LOAN_MAX_PAGES];	/* what write(2) saw */
};

/*
 * What the headers of a packet say: in the first mbuf of a packet.  The numbers
 * are those of the wire; the addresses and the port of the caller are in the
 * connection's number, which both ends share.  Of a datagram, seq is the place
 * of its first byte among those that its socket has been given; of TCP's
 * numbers only the port says something besides.
 */
enum ip_proto { IP_TCP, IP_UDP };

/* ip_off: where a fragment belongs, in units of 8 bytes, and flags */
enum { IP_OFFMASK = 0x1fff, IP_MF = 0x2000, IP_DF = 0x4000 };

struct tcp_header {
	uint32_t seq;
	uint32_t ack;
	uint32_t ts_val;	/* options: timestamps, */
	uint32_t ts_ecr;
	uint16_t mss;		/* ... 0 if absent, */
	uint8_t wscale;		/* ... shift + 1, 0 if absent */
	bool has_ts;
	uint16_t port;		/* of the end that was called */
	uint16_t win;		/* the field: to be shifted, but not in a SYN */
	uint8_t flags;		/* TH_* */
	uint8_t option_bytes;
	uint8_t ip_p;		/* enum ip_proto */
	uint16_t ip_id;		/* the same in all fragments of a datagram */
	uint16_t ip_off;
};

enum { M_PKTHDR = 1, M_SONAME = 2 /* MT_SONAME: an address, no data */ };

struct mbuf {
	struct mbuf *m_next;	/* in the chain */
	struct mbuf *m_nextpkt;	/* in a queue */
	struct m_ext *m_ext;	/* NULL: internal storage */
	uint32_t m_off;		/* of the data in its storage */
	uint32_t m_len;
	uint32_t m_flags;
	uint64_t m_content;	/* internal storage: name of byte 0 */
	/* with M_PKTHDR */
	uint32_t m_pkthdr_len;	/* of the IP packet, headers included; of a
				 * fragment that waits for others, where its
				 * data begins in the datagram's */
	uint32_t m_hdr_len;	/* of its headers, in the first mbuf */
	uint32_t m_conn;	/* connection, for the far end */
	struct tcp_header m_th;
	struct mem_object m_mem;	/* kept while the mbuf is free */
};

struct mbuf_pools {
	struct pool mbufs;
	struct pool clusters;
	struct pool loans;
	uint64_t mbuf_limit;	/* UINT64_MAX: none */
	uint64_t cluster_limit;
	uint64_t n_promised;	/* mbufs, to those who write */
	bool is_limited;	/* either of them */
	bool is_wanted;		/* somebody waits for an mbuf */
	/* told when one is freed and wanted */
	void (*mbuf_freed)(void *arg);
	/*
	 * The routine registered for loaned storage: called instead of freeing
	 * the last mbuf of a loan, and owns that mbuf from then on.
	 */
	void (*loan_free)(void *arg, struct mbuf *m);
	void *loan_free_arg;
};

void mbuf_pools_init(struct mbuf_pools *mp);
void mbuf_pools_fini(struct mbuf_pools *mp);

/* mbuf_pools_limit: at most so many of either in use; 0: as many as wanted */
void mbuf_pools_limit(struct mbuf_pools *mp, int64_t mbufs, int64_t clusters);

/*
 * m_has_room: could so many be got now?  What the caller then gets before any
 * time passes, it has.
 */
static inline bool
m_has_room(const struct mbuf_pools *mp, uint32_t n_mbufs, uint32_t n_clusters)
{
	return !mp->is_limited || (pool_in_use(&mp->mbufs) + mp->n_promised +
	    n_mbufs <= mp->mbuf_limit &&
	    pool_in_use(&mp->clusters) + n_clusters <= mp->cluster_limit);
}

/*
 * m_promise: keep an mbuf for someone who will need it in a while.
 *
 * => false: there is none; else m_get_promised or m_gethdr_promised follows
 */
bool m_promise(struct mbuf_pools *mp);
struct mbuf *m_get_promised(struct mbuf_pools *mp);
struct mbuf *m_gethdr_promised(struct mbuf_pools *mp);

/* m_get, m_gethdr: an empty mbuf, without or with packet header */
struct mbuf *m_get(struct mbuf_pools *mp);
struct mbuf *m_gethdr(struct mbuf_pools *mp);

/* m_clget: attach a cluster of its own. => m has no external storage */
void m_clget(struct mbuf_pools *mp, struct mbuf *m);

/* m_loanget: attach a new, empty loan. => m has no external storage */
struct m_loan *m_loanget(struct mbuf_pools *mp, struct mbuf *m);

/* m_share: let m see from's external storage too. => m has none yet */
void m_share(struct mbuf *m, const struct mbuf *from);

/*
 * m_free: free one mbuf; its storage too if it was the last to see it.
 *
 * => returns m_next
 * => the last mbuf of a loan is handed to loan_free instead
 */
struct mbuf *m_free(struct mbuf_pools *mp, struct mbuf *m);

/* m_freem: free a chain. => the number of mbufs it had; NULL is allowed */
uint32_t m_freem(struct mbuf_pools *mp, struct mbuf *m);

/* m_loan_put: the end of a loan's last mbuf, once its pages are back. */
void m_loan_put(struct mbuf_pools *mp, struct mbuf *m);

/* m_loan: the loan that m sees, or NULL */
static inline struct m_loan *
m_loan(const struct mbuf *m)
{
	return m->m_ext != NULL && m->m_ext->kind == M_EXT_LOAN ?
	    (struct m_loan *)m->m_ext : NULL;
}

/*
 * m_memory: what its own storage is to the caches, an mbuf's or a cluster's.
 *
 * => m sees no loan.  What a look changes is in the caches, not in the mbuf.
 */
static inline struct mem_object *
m_memory(const struct mbuf *m)
{
	return m->m_ext != NULL ? &((struct m_cluster *)m->m_ext)->mem :
	    (struct mem_object *)&m->m_mem;
}

/* m_capacity: bytes its storage can hold from m_off 0 */
static inline uint32_t
m_capacity(const struct mbuf *m)
{
	if (m->m_ext != NULL)
		return m->m_ext->size;
	return (m->m_flags & M_PKTHDR) != 0 ? MHLEN : MLEN;
}

/* m_content_of: the name of the byte at an offset into m's data */
static inline uint64_t
m_content_of(const struct mbuf *m, uint32_t offset)
{
	uint64_t name = m->m_ext != NULL ? m->m_ext->content : m->m_content;

	if (name == CONTENT_MIXED || name == CONTENT_NONE)
		return CONTENT_MIXED;
	return name + m->m_off + offset;
}

/* m_packet_payload: bytes of data in the packet that starts with m */
static inline uint32_t
m_packet_payload(const struct mbuf *m)
{
	return m->m_pkthdr_len - m->m_hdr_len;
}

/* m_mbcnt: what m counts against a socket buffer's mbmax */
static inline uint32_t
m_mbcnt(const struct mbuf *m)
{
	return MSIZE + (m->m_ext != NULL ? m->m_ext->size : 0);
}

/*
 * m_first_range: the first stretch of m's data that lies in one object, from an
 * offset on, at most max bytes: all of it, or for a loan the part in one page.
 */
struct mem_range m_first_range(const struct mbuf *m, uint32_t offset,
    uint32_t max);

#endif
