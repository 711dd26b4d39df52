#include "models/mbuf/mbuf.h"

#include <stddef.h>
#include <string.h>

#include "models/base/check.h"

void
mbuf_pools_init(struct mbuf_pools *mp)
{
	memset(mp, 0, sizeof *mp);
	pool_init_kept(&mp->mbufs, "mbufs", sizeof(struct mbuf),
	    offsetof(struct mbuf, m_mem));
	pool_init_kept(&mp->clusters, "clusters", sizeof(struct m_cluster),
	    offsetof(struct m_cluster, mem));
	pool_init(&mp->loans, "loans", sizeof(struct m_loan));
	mbuf_pools_limit(mp, 0, 0);
}

void
mbuf_pools_limit(struct mbuf_pools *mp, int64_t mbufs, int64_t clusters)
{
	mp->mbuf_limit = mbufs > 0 ? (uint64_t)mbufs : UINT64_MAX;
	mp->cluster_limit = clusters > 0 ? (uint64_t)clusters : UINT64_MAX;
	mp->is_limited = mbufs > 0 || clusters > 0;
}

bool
m_promise(struct mbuf_pools *mp)
{
	if (!m_has_room(mp, 1, 0))
		return false;
	mp->n_promised++;
	return true;
}

static void
redeem(struct mbuf_pools *mp)
{
	CHECK(mp->n_promised > 0, "what is promised is got once");
	mp->n_promised--;
}

struct mbuf *
m_get_promised(struct mbuf_pools *mp)
{
	redeem(mp);
	return m_get(mp);
}

struct mbuf *
m_gethdr_promised(struct mbuf_pools *mp)
{
	redeem(mp);
	return m_gethdr(mp);
}

void
mbuf_pools_fini(struct mbuf_pools *mp)
{
	pool_fini(&mp->mbufs);
	pool_fini(&mp->clusters);
	pool_fini(&mp->loans);
}

struct mbuf *
m_get(struct mbuf_pools *mp)
{
	struct mbuf *m = pool_get(&mp->mbufs);

	m->m_mem.bytes = MSIZE;
	return m;
}

struct mbuf *
m_gethdr(struct mbuf_pools *mp)
{
	struct mbuf *m = m_get(mp);

	m->m_flags = M_PKTHDR;
	return m;
}

void
m_clget(struct mbuf_pools *mp, struct mbuf *m)
{
	struct m_cluster *cluster = pool_get(&mp->clusters);

	CHECK(m->m_ext == NULL, "an mbuf has one storage");
	cluster->ext.kind = M_EXT_CLUSTER;
	cluster->ext.refs = 1;
	cluster->ext.size = MCLBYTES;
	cluster->mem.bytes = MCLBYTES;
	m->m_ext = &cluster->ext;
}

struct m_loan *
m_loanget(struct mbuf_pools *mp, struct mbuf *m)
{
	struct m_loan *loan = pool_get(&mp->loans);

	CHECK(m->m_ext == NULL, "an mbuf has one storage");
	loan->ext.kind = M_EXT_LOAN;
	loan->ext.refs = 1;
	m->m_ext = &loan->ext;
	return loan;
}

void
m_share(struct mbuf *m, const struct mbuf *from)
{
	CHECK(m->m_ext == NULL && from->m_ext != NULL,
	    "only external storage is shared");
	m->m_ext = from->m_ext;
	m->m_ext->refs++;
}

/* => true: the mbuf has been handed on and is not to be freed */
static bool
release_ext(struct mbuf_pools *mp, struct mbuf *m)
{
	struct m_ext *ext = m->m_ext;

	CHECK(ext->refs > 0, "storage is released once by each that sees it");
	if (ext->refs > 1) {
		ext->refs--;
		return false;
	}
	if (ext->kind == M_EXT_LOAN) {
		mp->loan_free(mp->loan_free_arg, m);
		return true;
	}
	pool_put(&mp->clusters, ext);
	return false;
}

static void
put_mbuf(struct mbuf_pools *mp, struct mbuf *m)
{
	pool_put(&mp->mbufs, m);
	if (mp->is_wanted) {
		mp->is_wanted = false;
		mp->mbuf_freed(mp->loan_free_arg);
	}
}

struct mbuf *
m_free(struct mbuf_pools *mp, struct mbuf *m)
{
	struct mbuf *next = m->m_next;

	if (m->m_ext == NULL || !release_ext(mp, m))
		put_mbuf(mp, m);
	return next;
}

uint32_t
m_freem(struct mbuf_pools *mp, struct mbuf *m)
{
	uint32_t n = 0;

	for (; m != NULL; n++)
		m = m_free(mp, m);
	return n;
}

void
m_loan_put(struct mbuf_pools *mp, struct mbuf *m)
{
	CHECK(m_loan(m) != NULL && m->m_ext->refs == 1,
	    "a loan ends with its last mbuf");
	pool_put(&mp->loans, m_loan(m));
	put_mbuf(mp, m);
}

static struct mem_range
loan_range(const struct m_loan *loan, uint32_t at, uint32_t bytes)
{
	uint32_t in_pages = loan->first_offset + at;
	uint32_t offset = in_pages % PAGE_SIZE;
	uint32_t left = PAGE_SIZE - offset;

	return (struct mem_range){
	    &loan->pages[in_pages / PAGE_SIZE]->mem, offset,
	    bytes < left ? bytes : left, MEM_LOAN};
}

struct mem_range
m_first_range(const struct mbuf *m, uint32_t offset, uint32_t max)
{
	uint32_t bytes = m->m_len - offset;
	const struct m_loan *loan = m_loan(m);

	if (bytes > max)
		bytes = max;
	if (loan != NULL)
		return loan_range(loan, m->m_off + offset, bytes);
	return (struct mem_range){m_memory(m), m->m_off + offset, bytes,
	    MEM_KERNEL};
}
