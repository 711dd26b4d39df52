/*
 * Socket buffers.
 *
 * Stands for: struct sockbuf, of either side: a chain of mbufs, counted twice:
 *	sb_cc in bytes of data, sb_mbcnt in memory.  A loaned piece counts with
 *	its whole length against sb_mbmax until its last byte is dropped, and a
 *	received segment with the cluster that it came in.
 *	A receive buffer of datagrams holds records instead, one for each
 *	(sockbuf_record.c):
 *
 *	sb_mb -> [address] -> [data] -> ...	m_next
 *	            |
 *	            v m_nextpkt
 *	         [address] -> [data] -> ...
 *
 * Mirrors: sys/kern/uipc_socket2.c; netbsd-2002.md section 4.4.  sbappend walks
 *	to the chain's end; the tail pointer of July 2002 is a switch, for
 *	records too.
 * Leaves out: records of a stream, control data; sbcompress() of what is
 *	received, which never merges clusters.
 * Units: bytes.  Owns: the chain.
 */
#ifndef MODELS_SOCKET_SOCKBUF_H
#define MODELS_SOCKET_SOCKBUF_H

#include "models/kern/proc.h"
#include "models/mbuf/chain.h"

/*
 * What sb_max begins with, and the largest sb_hiwat under it, which is sb_max *
 * MCLBYTES / (MSIZE + MCLBYTES).
 */
enum { SB_MAX = 256 * 1024, SB_MAX_HIWAT = 233016 };

enum sb_append_kind { SB_APPEND_WALK, SB_APPEND_TAIL };

/* An mbuf of the chain, and what stands before it. */
struct sb_mark {
	struct mbuf *m;		/* NULL: the chain's first */
	uint32_t bytes;
	uint32_t n_mbufs;
};

struct sockbuf {
	struct mbuf *sb_mb;
	struct mbuf *sb_last;
	struct mbuf *sb_lastrecord;	/* its first mbuf */
	uint32_t sb_n_records;
	uint32_t sb_n_mbufs;
	int64_t sb_cc;
	int64_t sb_hiwat;
	int64_t sb_lowat;
	int64_t sb_mbcnt;
	int64_t sb_mbmax;
	struct waitq sb_wait;		/* for space, or for data */
	bool sb_is_locked;		/* sblock() */
	struct waitq sb_lock_wait;
	struct sb_mark sb_mark;		/* where sb_find() was last */
};

/*
 * sb_reserve: set the limits, under sb_max or under SB_MAX.
 *
 * => hiwat at least 1, and at most what sb_max allows; mbmax = min(2 * hiwat,
 *    sb_max)
 * => lowat is clamped to hiwat
 */
void sb_reserve_max(struct sockbuf *sb, int64_t hiwat, int64_t lowat,
    int64_t sb_max);
void sb_reserve(struct sockbuf *sb, int64_t hiwat, int64_t lowat);

/* sb_space: room left, by data and by memory; may be negative */
int64_t sb_space(const struct sockbuf *sb);

/*
 * sb_append: append a chain, as sbappend() and sbcompress() do.
 *
 * => small data is merged into the last mbuf when that has room inside itself;
 *    m is then freed
 * => books the append of each, and the walk if it is the walking kind
 */
void sb_append(struct sockbuf *sb, struct mbuf *m, enum sb_append_kind kind,
    struct mbuf_pools *mp, struct cost *cost, const struct cost_model *model);

/* sb_insert: append one received mbuf, whose way here is already paid for. */
void sb_insert(struct sockbuf *sb, struct mbuf *m);

/*
 * sb_find: the place of byte off, as m_find() on the chain finds it.
 *
 * => off < sb_cc; n_walked is what the walk from the chain's first mbuf passes:
 *    the host remembers where it was, the modelled kernel of 2002 does not
 */
struct m_place sb_find(struct sockbuf *sb, uint32_t off);

/* sb_count_drop: mbufs that dropping len bytes would free */
uint32_t sb_count_drop(const struct sockbuf *sb, int64_t len);

/* sb_drop: drop len bytes from the front. => len <= sb_cc */
void sb_drop(struct sockbuf *sb, int64_t len, struct mbuf_pools *mp);

/* struct sockaddr_in, before the data of each datagram */
enum { SOCKADDR_IN_LEN = 16 };

/*
 * sb_append_addr: sbappendaddr(): a record of an address and a chain of data.
 *
 * => false: no room for both, or no mbuf for the address; m is the caller's
 * => content: the name of the datagram's first byte, kept with its address
 * => the mbuf of the address has been paid for; books the walk over records
 */
bool sb_append_addr(struct sockbuf *sb, struct mbuf *m, uint64_t content,
    enum sb_append_kind kind, struct mbuf_pools *mp, struct cost *cost,
    const struct cost_model *model);

/*
 * sb_drop_mbuf: the first mbuf of the first record goes.
 *
 * => the record goes with its last one
 */
void sb_drop_mbuf(struct sockbuf *sb, struct mbuf_pools *mp);

/* sb_data_bytes: what is there, addresses not counted; walks */
int64_t sb_data_bytes(const struct sockbuf *sb);

#endif
