/*
 * Operations on chains of mbufs.
 *
 * Stands for: m_copym(), m_copydata() and the walks they make.
 * Mirrors: sys/kern/uipc_mbuf.c 1.68; netbsd-2002.md section 4.3.
 * How: each operation comes with its price: bytes that are copied are priced as
 *	memory traffic of the ranges they leave and reach.
 * Leaves out: m_pullup, m_split, m_adj at the front: nothing here needs them.
 * Units: bytes.  Owns: nothing.
 */
#ifndef MODELS_MBUF_CHAIN_H
#define MODELS_MBUF_CHAIN_H

#include "models/mbuf/mbuf.h"

/* A place in a chain: an offset into the data of one of its mbufs. */
struct m_place {
	struct mbuf *m;
	uint32_t offset;
	uint32_t n_walked;	/* mbufs passed on the way */
};

/* m_find: the place of byte off of a chain. => off < its length */
struct m_place m_find(struct mbuf *m, uint32_t off);

/*
 * m_copym: a chain that sees len bytes of another one, from a place on.
 *
 * => external storage is shared, internal data is copied, content names and all
 * => one new mbuf for each one touched; books walk, per-mbuf cost and copies
 *    under tcp_output and tcp_copy
 */
struct mbuf *m_copym(struct mbuf_pools *mp, struct m_place from, uint32_t len,
    struct cost *cost, const struct cost_model *model);

/* m_count: mbufs that hold len bytes from a place on: what m_copym gets */
uint32_t m_count(struct m_place from, uint32_t len);

/* m_copym_as: the same, booked under causes of the caller's */
struct mbuf *m_copym_as(struct mbuf_pools *mp, struct m_place from,
    uint32_t len, enum kern_cause cause, enum kern_cause copy_cause,
    struct cost *cost, const struct cost_model *model);

/*
 * m_prepend: room for len bytes of headers before a packet.
 *
 * => m has a packet header, which moves if another mbuf becomes the first
 * => in m's own leading space, of which external storage has none (mbuf.h
 *    1.58); else in a new mbuf, aligned to its end
 */
struct mbuf *m_prepend(struct mbuf_pools *mp, struct mbuf *m, uint32_t len,
    struct cost *cost, const struct cost_model *model);

/*
 * m_trim: m_adj() with a negative length: what lies behind the first len bytes
 * is not seen any more.
 *
 * => mbufs beyond are empty and stay in the chain, with their storage
 */
void m_trim(struct mbuf *m, uint32_t len);

/*
 * m_copydata_into: copy len bytes from a place on into m's storage.
 *
 * => at: offset into m's storage; the names of the bytes come along
 * => booked under a cause of the caller's
 */
void m_copydata_into(struct mbuf *m, uint32_t at, struct m_place from,
    uint32_t len, enum kern_cause cause, struct cost *cost,
    const struct cost_model *model);

/*
 * m_name_append: storage m gets bytes with these names, len of them at an
 * offset; names that do not continue the present ones make it CONTENT_MIXED.
 */
void m_name_append(struct mbuf *m, uint32_t at, uint64_t content);

/* m_cksum_cost: in_cksum over a chain's data, all but its first skip bytes */
void m_cksum_cost(const struct mbuf *m, uint32_t skip, struct cost *cost,
    const struct cost_model *model);

/*
 * m_dma_segments: physically contiguous stretches of a chain.
 *
 * => a page of a loan is one; page frames are never taken for adjacent
 */
uint32_t m_dma_segments(const struct mbuf *m);

/* m_length: bytes of data in a chain */
uint32_t m_length(const struct mbuf *m);

/*
 * m_content: the name of the byte at an offset into m's data.
 *
 * => offset <= m's own length; the bytes before it are headers, without names
 * => CONTENT_NONE if nothing follows
 * => CONTENT_MIXED unless the names are in sequence to the end of the chain and
 *    every loaned page still holds the version that was lent
 */
uint64_t m_content(const struct mbuf *m, uint32_t offset);

#endif
