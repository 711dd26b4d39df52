/*
 * A watch over the TCP of a world: what must hold of every frame that is sent,
 * and of every connection after each frame that arrives.
 *
 * Frames are seen twice: at the end of the wire, where none is lost yet and
 * all of one host come in the order in which it sent them; and behind the path,
 * where they are delivered.
 *
 *	sent		acknowledgement numbers never go back, nor does the
 *			right edge of the window, but for what its scale cuts
 *			off; data ends at the right edge that has been heard of,
 *			or one byte behind it: a probe
 *	held		snd_una <= snd_nxt <= snd_max; nothing is out that is
 *			not buffered; windows and thresholds at their least;
 *			a timer runs for what is out, and one for what waits;
 *			queues are sorted and disjoint, buffers count right
 *
 * What fails is told with its numbers, then by CHECK, whose context says how to
 * see it again.
 */
#ifndef TESTS_SUPPORT_TCP_WATCH_H
#define TESTS_SUPPORT_TCP_WATCH_H

#include "models/world.h"

enum { TCP_WATCH_FLOWS = 256 };

/* What one end of a connection has sent, and heard. */
struct tcp_flow {
	const struct socket *so;	/* whose: a number may be used again */
	bool has_acked;
	uint32_t ack;		/* the highest one sent */
	uint32_t edge;		/* ... and the right edge offered */
	bool has_heard;
	uint32_t limit;		/* the right edge that has been heard of */
	uint32_t rcv_adv;
};

struct tcp_watch_end {
	struct tcp_watch *watch;
	struct host *host;	/* that sends; NULL: the peer */
	void (*pass)(void *arg, const struct frame *frame);	/* on */
	void *pass_arg;
	void (*deliver)(void *arg, const struct frame *frame);
	void *deliver_arg;
	struct tcp_flow flows[TCP_WATCH_FLOWS];	/* of the sender */
};

struct tcp_watch {
	struct world *world;
	struct tcp_watch_end to_peer;
	struct tcp_watch_end to_board;
	/* the calendar's own watch, if all events are watched */
	void (*after_event)(void *arg);
	void *after_event_arg;
	int64_t n_frames;	/* sent */
	int64_t n_resets;
	int64_t n_delivered;
};

/*
 * tcp_watch_attach: from now on.
 *
 * => the world has been initialized
 * => is_close: look after every event as well
 */
void tcp_watch_attach(struct tcp_watch *watch, struct world *world,
    bool is_close);

/*
 * tcp_watch_fail: tell what, and two numbers, and fail by CHECK.
 */
_Noreturn void tcp_watch_fail(const struct tcp_watch *watch,
    const char *what, int64_t a, int64_t b);

#endif
