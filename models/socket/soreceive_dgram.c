/*
 * Datagrams: one record for each read, whole or cut.
 */
#include "models/host.h"
#include "models/socket/soreceive.h"

static struct sockbuf *
buffer_of(struct kctx *k)
{
	return &proc_of(k)->call.so->so_rcv;
}

/* What is left of the record: 0 when its last mbuf has gone. */
static uint32_t
bytes_left(const struct sockbuf *sb, uint32_t n_records)
{
	return sb->sb_n_records == n_records ? m_length(sb->sb_mb) : 0;
}

static void
drop_rest(struct kctx *k, uint32_t n_records)
{
	struct sockbuf *sb = buffer_of(k);

	while (sb->sb_n_records == n_records) {
		kctx_op(k, OP_MFREE, 1);
		sb_drop_mbuf(sb, &k->host->mbufs);
	}
}

/* sbdroprecord() */
void
soreceive_drop_record(struct kctx *k)
{
	struct socket *so = proc_of(k)->call.so;
	uint32_t n_records = so->so_rcv.sb_n_records;
	uint32_t left = bytes_left(&so->so_rcv, n_records);

	so->udp.stats.n_truncated += left > 0;
	so->stats.bytes_discarded += left;
	drop_rest(k, n_records);
}

void
soreceive_record(struct kctx *k, uint32_t n)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = buffer_of(k);
	uint32_t n_records = sb->sb_n_records;

	if (n < sb->sb_mb->m_len) {
		sb->sb_mb->m_off += n;
		sb->sb_mb->m_len -= n;
		sb->sb_cc -= n;
	} else
		sb_drop_mbuf(sb, &k->host->mbufs);
	if (sb->sb_n_records == n_records && p->call.resid > 0) {
		soreceive_copy(k);
		return;
	}
	if (sb->sb_n_records == n_records)
		soreceive_drop_record(k);
	soreceive_finish(k, 0);
}

void
soreceive_datagram(struct kctx *k)
{
	struct proc *p = proc_of(k);
	struct sockbuf *sb = buffer_of(k);

	p->call.so->udp.stats.n_read++;
	p->call.content = sb->sb_mb->m_content;
	kctx_op(k, OP_MFREE, 1);
	sb_drop_mbuf(sb, &k->host->mbufs);
	if (sb->sb_mb->m_len > 0) {
		soreceive_copy(k);
		return;
	}
	soreceive_drop_record(k);
	soreceive_finish(k, 0);
}
