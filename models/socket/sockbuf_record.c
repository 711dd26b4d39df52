/*
 * Records: a buffer of datagrams, each behind the address that it came from.
 */
#include "models/base/check.h"
#include "models/socket/sockbuf.h"

static struct mbuf *
address_of(struct mbuf_pools *mp, uint64_t content)
{
	struct mbuf *m = m_get(mp);

	m->m_flags |= M_SONAME;
	m->m_len = SOCKADDR_IN_LEN;
	m->m_content = content;
	return m;
}

static void
link_record(struct sockbuf *sb, struct mbuf *record)
{
	if (sb->sb_lastrecord != NULL)
		sb->sb_lastrecord->m_nextpkt = record;
	else
		sb->sb_mb = record;
	sb->sb_lastrecord = record;
	sb->sb_n_records++;
	for (const struct mbuf *m = record; m != NULL; m = m->m_next) {
		sb->sb_cc += m->m_len;
		sb->sb_mbcnt += m_mbcnt(m);
		sb->sb_n_mbufs++;
	}
}

bool
sb_append_addr(struct sockbuf *sb, struct mbuf *m, uint64_t content,
    enum sb_append_kind kind, struct mbuf_pools *mp, struct cost *cost,
    const struct cost_model *model)
{
	struct mbuf *address;

	/* the clusters that came with the data are not asked about */
	if (SOCKADDR_IN_LEN + m_length(m) > sb_space(sb) ||
	    !m_has_room(mp, 1, 0))
		return false;
	if (kind == SB_APPEND_WALK)
		cost_op_as(cost, model, OP_SBWALK, sb->sb_n_records,
		    CAUSE_UDP_INPUT);
	address = address_of(mp, content);
	address->m_next = m;
	link_record(sb, address);
	return true;
}

void
sb_drop_mbuf(struct sockbuf *sb, struct mbuf_pools *mp)
{
	struct mbuf *m = sb->sb_mb, *next = m->m_next;

	CHECK(sb->sb_n_records > 0, "a record is there to be dropped");
	sb->sb_cc -= m->m_len;
	sb->sb_mbcnt -= m_mbcnt(m);
	sb->sb_n_mbufs--;
	if (next != NULL)
		next->m_nextpkt = m->m_nextpkt;
	else
		sb->sb_n_records--;
	if (sb->sb_lastrecord == m)
		sb->sb_lastrecord = next;
	sb->sb_mb = next != NULL ? next : m->m_nextpkt;
	m->m_nextpkt = NULL;
	m_free(mp, m);
}

int64_t
sb_data_bytes(const struct sockbuf *sb)
{
	int64_t n = sb->sb_cc;

	for (const struct mbuf *m = sb->sb_mb; m != NULL; m = m->m_nextpkt)
		if ((m->m_flags & M_SONAME) != 0)
			n -= m->m_len;
	return n;
}
