#include "models/mbuf/chain.h"

#include "models/base/check.h"
#include "models/base/min.h"

struct m_place
m_find(struct mbuf *m, uint32_t off)
{
	struct m_place place = {m, off, 0};

	while (place.m != NULL && place.offset >= place.m->m_len) {
		place.offset -= place.m->m_len;
		place.m = place.m->m_next;
		place.n_walked++;
	}
	CHECK(place.m != NULL, "a place lies within its chain");
	return place;
}

/* The next stretch of a walk: how much of len lies in this mbuf. */
static uint32_t
stretch(struct m_place from, uint32_t len)
{
	CHECK(from.m != NULL, "a chain is as long as is asked of it");
	return min_u32(len, from.m->m_len - from.offset);
}

static struct m_place
step_over(struct m_place from, uint32_t n)
{
	from.offset += n;
	if (from.offset == from.m->m_len) {
		from.m = from.m->m_next;
		from.offset = 0;
	}
	return from;
}

void
m_name_append(struct mbuf *m, uint32_t at, uint64_t content)
{
	uint64_t *name = m->m_ext != NULL ? &m->m_ext->content : &m->m_content;

	/* the first bytes name the storage; the rest has to follow on */
	if (*name == CONTENT_NONE)
		*name = content == CONTENT_MIXED ? content : content - at;
	else if (*name != CONTENT_MIXED && *name + at != content)
		*name = CONTENT_MIXED;
}

static struct mem_range
storage_range(struct mbuf *m, uint32_t at, uint32_t bytes)
{
	return (struct mem_range){m_memory(m), at, bytes, MEM_KERNEL};
}

static void
copy_piece(struct mbuf *m, uint32_t at, struct m_place from, uint32_t len,
    enum kern_cause cause, struct cost *cost, const struct cost_model *model)
{
	while (len > 0) {
		struct mem_range range =
		    m_first_range(from.m, from.offset, len);

		mem_copy(cost, model, cause, range,
		    storage_range(m, at, range.bytes));
		m_name_append(m, at, m_content_of(from.m, from.offset));
		m->m_len += range.bytes;
		at += range.bytes;
		from.offset += range.bytes;
		len -= range.bytes;
	}
}

void
m_copydata_into(struct mbuf *m, uint32_t at, struct m_place from,
    uint32_t len, enum kern_cause cause, struct cost *cost,
    const struct cost_model *model)
{
	CHECK(at + len <= m_capacity(m), "a copy fits its storage");
	while (len > 0) {
		uint32_t n = stretch(from, len);

		cost_op(cost, model, OP_MCOPY, 1);
		copy_piece(m, at, from, n, cause, cost, model);
		at += n;
		len -= n;
		from = step_over(from, n);
	}
}

static struct mbuf *
copy_one(struct mbuf_pools *mp, struct m_place from, uint32_t n,
    enum kern_cause cause, enum kern_cause copy_cause, struct cost *cost,
    const struct cost_model *model)
{
	struct mbuf *m = m_get(mp);

	cost_op(cost, model, OP_MGET, 1);
	cost_op_as(cost, model, OP_MCOPY, 1, cause);
	if (from.m->m_ext == NULL) {
		copy_piece(m, 0, from, n, copy_cause, cost, model);
		return m;
	}
	m_share(m, from.m);
	m->m_off = from.m->m_off + from.offset;
	m->m_len = n;
	return m;
}

uint32_t
m_count(struct m_place from, uint32_t len)
{
	uint32_t n = 0;

	for (; len > 0; n++) {
		uint32_t bytes = stretch(from, len);

		len -= bytes;
		from = step_over(from, bytes);
	}
	return n;
}

struct mbuf *
m_copym_as(struct mbuf_pools *mp, struct m_place from, uint32_t len,
    enum kern_cause cause, enum kern_cause copy_cause, struct cost *cost,
    const struct cost_model *model)
{
	struct mbuf *head = NULL;
	struct mbuf **tail = &head;

	cost_op_as(cost, model, OP_MWALK, from.n_walked, cause);
	while (len > 0) {
		uint32_t n = stretch(from, len);

		*tail = copy_one(mp, from, n, cause, copy_cause, cost, model);
		tail = &(*tail)->m_next;
		len -= n;
		from = step_over(from, n);
	}
	return head;
}

struct mbuf *
m_copym(struct mbuf_pools *mp, struct m_place from, uint32_t len,
    struct cost *cost, const struct cost_model *model)
{
	return m_copym_as(mp, from, len, CAUSE_TCP_OUTPUT, CAUSE_TCP_COPY,
	    cost, model);
}

struct mbuf *
m_prepend(struct mbuf_pools *mp, struct mbuf *m, uint32_t len,
    struct cost *cost, const struct cost_model *model)
{
	struct mbuf *first;

	if (m->m_ext == NULL && m->m_off >= len) {
		m->m_off -= len;
		m->m_len += len;
		m->m_pkthdr_len += len;
		return m;
	}
	first = m_gethdr(mp);
	cost_op(cost, model, OP_MGET, 1);
	first->m_next = m;
	first->m_off = MHLEN - len;
	first->m_len = len;
	first->m_pkthdr_len = m->m_pkthdr_len + len;
	first->m_conn = m->m_conn;
	first->m_th = m->m_th;
	m->m_flags &= ~(uint32_t)M_PKTHDR;
	return first;
}

void
m_trim(struct mbuf *m, uint32_t len)
{
	for (; m != NULL; m = m->m_next) {
		m->m_len = min_u32(m->m_len, len);
		len -= m->m_len;
	}
}

void
m_cksum_cost(const struct mbuf *m, uint32_t skip, struct cost *cost,
    const struct cost_model *model)
{
	for (; m != NULL; m = m->m_next, skip = 0) {
		cost_op(cost, model, OP_CKSUM_1K, m->m_len - skip);
		for (uint32_t off = skip; off < m->m_len;) {
			struct mem_range range =
			    m_first_range(m, off, m->m_len - off);

			mem_read(cost, model, CAUSE_CKSUM_READ, range);
			off += range.bytes;
		}
	}
}

static uint32_t
pages_under(const struct m_loan *loan, uint32_t offset, uint32_t bytes)
{
	uint32_t first = loan->first_offset + offset;

	return ((first + bytes - 1) >> PAGE_SHIFT) - (first >> PAGE_SHIFT) + 1;
}

uint32_t
m_dma_segments(const struct mbuf *m)
{
	uint32_t n = 0;

	for (; m != NULL; m = m->m_next) {
		const struct m_loan *loan = m_loan(m);

		if (m->m_len > 0)
			n += loan == NULL ? 1 :
			    pages_under(loan, m->m_off, m->m_len);
	}
	return n;
}

uint32_t
m_length(const struct mbuf *m)
{
	uint32_t len = 0;

	for (; m != NULL; m = m->m_next)
		len += m->m_len;
	return len;
}

/*
 * Does every page under m's data, from an offset on, hold what was lent?
 *
 * => there is data behind the offset
 */
static bool
pages_are_as_lent(const struct mbuf *m, uint32_t offset)
{
	const struct m_loan *loan = m_loan(m);
	uint32_t first, last;

	if (loan == NULL)
		return true;
	first = (loan->first_offset + m->m_off + offset) / PAGE_SIZE;
	last = (loan->first_offset + m->m_off + m->m_len - 1) / PAGE_SIZE;
	for (uint32_t i = first; i <= last; i++)
		if (loan->pages[i]->version != loan->versions[i])
			return false;
	return true;
}

uint64_t
m_content(const struct mbuf *m, uint32_t offset)
{
	uint64_t first = CONTENT_NONE;
	uint64_t next = CONTENT_NONE;

	for (; m != NULL; m = m->m_next, offset = 0) {
		if (m->m_len == offset)
			continue;
		if (first == CONTENT_NONE)
			first = next = m_content_of(m, offset);
		if (m_content_of(m, offset) != next ||
		    next == CONTENT_MIXED || !pages_are_as_lent(m, offset))
			return CONTENT_MIXED;
		next += m->m_len - offset;
	}
	return first;
}
