#include "models/socket/sockbuf.h"

#include "models/base/check.h"
#include "models/base/min.h"

void
sb_reserve_max(struct sockbuf *sb, int64_t hiwat, int64_t lowat,
    int64_t sb_max)
{
	CHECK(hiwat >= 1 &&
	    hiwat <= mul_div(sb_max, MCLBYTES, MSIZE + MCLBYTES),
	    "a socket buffer stays within sb_max");
	CHECK(lowat >= 1, "a writer that is woken finds room");
	sb->sb_hiwat = hiwat;
	sb->sb_mbmax = min_i64(2 * hiwat, sb_max);
	sb->sb_lowat = min_i64(lowat, hiwat);
}

void
sb_reserve(struct sockbuf *sb, int64_t hiwat, int64_t lowat)
{
	sb_reserve_max(sb, hiwat, lowat, SB_MAX);
}

int64_t
sb_space(const struct sockbuf *sb)
{
	return min_i64(sb->sb_hiwat - sb->sb_cc, sb->sb_mbmax - sb->sb_mbcnt);
}

/* sbcompress(): may m's data move into the mbuf n before it? */
static bool
can_merge(const struct mbuf *n, const struct mbuf *m)
{
	return n != NULL && n->m_ext == NULL &&
	    n->m_off + n->m_len + m->m_len <= m_capacity(n);
}

static void
merge(struct mbuf *n, struct mbuf *m, struct mbuf_pools *mp,
    struct cost *cost, const struct cost_model *model)
{
	/* what was lent may lie in several pages */
	for (uint32_t off = 0; off < m->m_len;) {
		uint32_t at = n->m_off + n->m_len;
		struct mem_range from = m_first_range(m, off, m->m_len - off);
		struct mem_range to = {m_memory(n), at, from.bytes, MEM_KERNEL};

		mem_copy(cost, model, CAUSE_SBAPPEND, from, to);
		m_name_append(n, at, m_content_of(m, off));
		n->m_len += from.bytes;
		off += from.bytes;
	}
	cost_op(cost, model, OP_MFREE, 1);
	m_free(mp, m);
}

static void
link_last(struct sockbuf *sb, struct mbuf *m)
{
	if (sb->sb_last != NULL)
		sb->sb_last->m_next = m;
	else
		sb->sb_mb = m;
	sb->sb_last = m;
	sb->sb_n_mbufs++;
	sb->sb_mbcnt += m_mbcnt(m);
}

void
sb_append(struct sockbuf *sb, struct mbuf *m, enum sb_append_kind kind,
    struct mbuf_pools *mp, struct cost *cost, const struct cost_model *model)
{
	if (kind == SB_APPEND_WALK)
		cost_op(cost, model, OP_SBWALK, sb->sb_n_mbufs);
	while (m != NULL) {
		struct mbuf *next = m->m_next;

		CHECK(m->m_len > 0, "sosend hands over mbufs with data");
		m->m_next = NULL;
		cost_op(cost, model, OP_SBAPPEND, 1);
		sb->sb_cc += m->m_len;
		if (can_merge(sb->sb_last, m))
			merge(sb->sb_last, m, mp, cost, model);
		else
			link_last(sb, m);
		m = next;
	}
}

void
sb_insert(struct sockbuf *sb, struct mbuf *m)
{
	CHECK(m->m_len > 0 && m->m_next == NULL,
	    "a segment brings one mbuf with data");
	sb->sb_cc += m->m_len;
	link_last(sb, m);
}

struct m_place
sb_find(struct sockbuf *sb, uint32_t off)
{
	struct sb_mark *mark = &sb->sb_mark;
	struct m_place place;

	if (mark->m == NULL || off < mark->bytes)
		*mark = (struct sb_mark){sb->sb_mb, 0, 0};
	place = m_find(mark->m, off - mark->bytes);
	place.n_walked += mark->n_mbufs;
	*mark = (struct sb_mark){place.m, off - place.offset, place.n_walked};
	return place;
}

uint32_t
sb_count_drop(const struct sockbuf *sb, int64_t len)
{
	uint32_t n = 0;

	for (const struct mbuf *m = sb->sb_mb; m != NULL && len >= m->m_len;
	    m = m->m_next, n++)
		len -= m->m_len;
	return n;
}

static void
drop_first(struct sockbuf *sb, struct mbuf_pools *mp)
{
	struct mbuf *m = sb->sb_mb;

	if (m == sb->sb_mark.m)
		sb->sb_mark.m = NULL;
	sb->sb_mark.bytes -= m->m_len;
	sb->sb_mark.n_mbufs--;
	sb->sb_mbcnt -= m_mbcnt(m);
	sb->sb_n_mbufs--;
	sb->sb_mb = m_free(mp, m);
	if (sb->sb_mb == NULL)
		sb->sb_last = NULL;
}

void
sb_drop(struct sockbuf *sb, int64_t len, struct mbuf_pools *mp)
{
	CHECK(len <= sb->sb_cc, "only what is there is dropped");
	sb->sb_cc -= len;
	while (len > 0) {
		struct mbuf *m = sb->sb_mb;

		if (len < m->m_len) {
			m->m_off += (uint32_t)len;
			m->m_len -= (uint32_t)len;
			if (sb->sb_mark.m != m)
				sb->sb_mark.bytes -= (uint32_t)len;
			return;
		}
		len -= m->m_len;
		drop_first(sb, mp);
	}
}
