#include "sim/run/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/base/check.h"

_Static_assert(sizeof(struct rec_note) == 40, "a note has no holes");

static void
write_all(struct recorder *rec, const void *data, size_t n)
{
	const char *from = data;

	while (n > 0 && rec->head.error == 0) {
		ssize_t done = write(rec->fd, from, n);

		if (done < 0 && errno != EINTR)
			rec->head.error = errno;
		if (done > 0) {
			from += done;
			n -= (size_t)done;
		}
	}
}

static void
flush_buffer(struct recorder *rec)
{
	write_all(rec, rec->buffer, rec->n_buffered * sizeof rec->buffer[0]);
	rec->n_buffered = 0;
}

static void
put(struct recorder *rec, const struct rec_note *note)
{
	if (rec->head.n_missed > 0 ||
	    rec->head.n_notes >= rec->request.most) {
		if (rec->head.n_missed++ == 0)
			rec->head.full_at = note->at;
		return;
	}
	rec->buffer[rec->n_buffered++] = *note;
	rec->head.n_notes++;
	if (rec->n_buffered == REC_BUFFER_NOTES)
		flush_buffer(rec);
}

static struct rec_connection *
connection_of(struct recorder *rec, uint32_t conn)
{
	struct rec_connection ***block =
	    &rec->connections[conn / REC_BLOCK_SIZE];
	struct rec_connection **place;

	if (*block == NULL)
		*block = calloc(REC_BLOCK_SIZE, sizeof **block);
	CHECK(*block != NULL, "memory for a recording");
	place = &(*block)[conn % REC_BLOCK_SIZE];
	if (*place == NULL) {
		*place = calloc(1, sizeof **place);
		CHECK(*place != NULL, "memory for a recording");
		(*place)->number = (uint32_t)++rec->head.n_connections;
	}
	return *place;
}

static void
keep(struct rec_connection *c, enum rec_kept which, const struct rec_note *n)
{
	c->kept[which] = *n;
	c->is_kept |= 1U << which;
}

static void
keep_if_top(struct rec_connection *c, enum rec_kept which,
    const struct rec_note *n)
{
	const struct rec_note *top = &c->kept[which];

	if ((c->is_kept >> which & 1) == 0 ||
	    top->place + top->payload_bytes < n->place + n->payload_bytes)
		keep(c, which, n);
}

static void
keep_packet(struct rec_connection *c, const struct rec_note *n)
{
	bool is_out = n->event == WATCH_OUT;

	if ((n->flags & TH_RST) != 0)
		return;
	if ((n->flags & TH_SYN) != 0)
		keep(c, is_out ? REC_SYN_OUT : REC_SYN_IN, n);
	else
		keep_if_top(c, is_out ? REC_TOP_OUT : REC_TOP_IN, n);
	keep(c, is_out ? REC_LAST_OUT : REC_LAST_IN, n);
}

static void
keep_before(struct recorder *rec, struct rec_connection *c,
    const struct rec_note *n)
{
	switch ((enum watch_event)n->event) {
	case WATCH_OUT:
	case WATCH_IN:
		keep_packet(c, n);
		break;
	case WATCH_LENT:
		rec->lent = *n;
		break;
	case WATCH_SNDBUF:
		keep(c, REC_SNDBUF, n);
		break;
	}
}

static bool
is_wanted(const struct recorder *rec, const struct rec_note *n)
{
	return (rec->request.events >> n->event & 1) != 0;
}

static void
put_kept(struct recorder *rec, const struct rec_connection *c)
{
	for (int i = 0; i < REC_N_KEPT; i++)
		if ((c->is_kept >> i & 1) != 0 && is_wanted(rec, &c->kept[i]))
			put(rec, &c->kept[i]);
}

/* How things stood at the beginning. */
static void
begin(struct recorder *rec)
{
	rec->has_begun = true;
	if (rec->lent.at > 0 && is_wanted(rec, &rec->lent))
		put(rec, &rec->lent);
	for (int i = 0; i < REC_BLOCKS; i++)
		for (int k = 0; k < REC_BLOCK_SIZE &&
		    rec->connections[i] != NULL; k++)
			if (rec->connections[i][k] != NULL)
				put_kept(rec, rec->connections[i][k]);
}

static int64_t
place_of(struct rec_stream *stream, uint32_t seq)
{
	int64_t place;

	if (!stream->has_begun) {
		stream->has_begun = true;
		stream->near_seq = seq;
	}
	place = stream->near_place + (int32_t)(seq - stream->near_seq);
	if (place > stream->near_place) {
		stream->near_seq = seq;
		stream->near_place = place;
	}
	return place;
}

static void
find_places(struct rec_connection *c, struct rec_note *note,
    const struct tcp_header *th)
{
	struct rec_stream *own = &c->stream[note->event == WATCH_IN];
	struct rec_stream *other = &c->stream[note->event == WATCH_OUT];

	/* a reset from outside of the connection has no numbers of it */
	if ((th->flags & TH_RST) != 0)
		return;
	if ((th->flags & TH_SYN) != 0)
		*own = (struct rec_stream){true, th->seq + 1, 0};
	note->place = place_of(own, th->seq);
	if ((th->flags & TH_ACK) != 0)
		note->acked = place_of(other, th->ack);
}

static struct rec_note
note_of(const struct recorder *rec, const struct watch_note *told)
{
	struct rec_note note = {.at = *rec->now,
	    .level = told->level,
	    .limit = told->limit,
	    .payload_bytes = told->payload_bytes,
	    .event = (uint8_t)told->event};

	if (told->th != NULL) {
		note.win = told->th->win;
		note.wscale = told->th->wscale;
		note.flags = told->th->flags;
	}
	return note;
}

static void
take(void *arg, const struct watch_note *told)
{
	struct recorder *rec = arg;
	struct rec_note note = note_of(rec, told);
	struct rec_connection *c = NULL;

	if (told->th != NULL && told->th->ip_p != IP_TCP)
		return;
	if (told->event != WATCH_LENT) {
		c = connection_of(rec, told->conn);
		note.connection = c->number;
	}
	if (told->th != NULL)
		find_places(c, &note, told->th);
	if (note.at < rec->request.from) {
		keep_before(rec, c, &note);
		return;
	}
	if (note.at > rec->request.to || !is_wanted(rec, &note))
		return;
	if (!rec->has_begun)
		begin(rec);
	put(rec, &note);
}

void
recorder_init(struct recorder *rec, const struct rec_request *request, int fd,
    const sim_time *now)
{
	memset(rec, 0, sizeof *rec);
	rec->watch = (struct watcher){take, rec};
	rec->request = *request;
	rec->fd = fd;
	rec->now = now;
	/* its place; no recording begins like this */
	write_all(rec, &rec->head, sizeof rec->head);
}

void
recorder_finish(struct recorder *rec)
{
	struct rec_head *head = &rec->head;

	/* nothing has changed since */
	if (!rec->has_begun)
		begin(rec);
	flush_buffer(rec);
	for (int i = 0; i < REC_BLOCKS; i++) {
		for (int k = 0; k < REC_BLOCK_SIZE &&
		    rec->connections[i] != NULL; k++)
			free(rec->connections[i][k]);
		free(rec->connections[i]);
	}
	head->magic = REC_MAGIC;
	head->ended_at = *rec->now;
	if (pwrite(rec->fd, head, sizeof *head, 0) != sizeof *head)
		head->error = errno;
}
