#include "models/inet/peer_window.h"

#include "models/base/min.h"
#include "models/inet/tcp.h"

void
peer_window_open(struct peer_conn *c)
{
	int64_t recvspace = c->peer->config.recvspace;

	c->rcv_scale = c->is_shifted ? tcp_window_shift(recvspace) : 0;
	c->whole_window =
	    min_i64(recvspace, (int64_t)TCP_MAXWIN << c->rcv_scale);
	c->whole_field = (uint16_t)(c->whole_window >> c->rcv_scale);
	c->adv_place = 0;
}

/* Payload of a full segment from the board. */
static int64_t
full_segment(const struct peer_conn *c)
{
	return c->peer->config.mss - c->option_bytes;
}

static int64_t
offered(const struct peer_conn *c)
{
	return c->adv_place - c->bytes_received;
}

static int64_t
room(const struct peer_conn *c)
{
	return min_i64(c->peer->config.recvspace - c->bytes_unread,
	    c->whole_window);
}

/* The window to offer, in bytes. */
static int64_t
choose_window(const struct peer_conn *c)
{
	int64_t win = room(c);

	if (win < c->peer->config.recvspace / 4 && win < full_segment(c))
		win = 0;
	return win > offered(c) ? win : offered(c);
}

uint16_t
peer_window_choose(struct peer_conn *c, uint8_t flags)
{
	int64_t win = choose_window(c);
	uint8_t shift = c->rcv_scale;
	uint16_t field;

	if ((flags & TH_SYN) != 0) {
		win = min_i64(win, TCP_MAXWIN);
		shift = 0;
	}
	field = (uint16_t)(win >> shift);
	if (c->bytes_received + win > c->adv_place)
		c->adv_place = c->bytes_received + win;
	if (field == 0)
		c->peer->n_zero_windows++;
	return field;
}

static int64_t
worth_an_update(const struct peer_conn *c)
{
	return min_i64(2 * full_segment(c),
	    (c->peer->config.recvspace + 1) / 2);
}

bool
peer_window_is_news(const struct peer_conn *c)
{
	return room(c) - offered(c) >= worth_an_update(c);
}

void
peer_read(struct peer_conn *c)
{
	const struct peer_config *config = &c->peer->config;
	sim_time now = c->peer->cal->now;
	int64_t n = c->bytes_unread;

	if (n == 0 || now < c->busy_since)
		return;
	if (config->read_rate > 0)
		n = min_i64(n, mul_div(now - c->busy_since, config->read_rate,
		    PS_PER_S) - c->busy_bytes);
	c->busy_bytes += n;
	c->bytes_unread -= n;
}

void
peer_fill(struct peer_conn *c, int64_t n)
{
	sim_time now = c->peer->cal->now;
	sim_time start = c->peer->config.read_start;

	if (c->bytes_unread == 0) {
		/* the program has been waiting for it */
		c->busy_since = now > start ? now : start;
		c->busy_bytes = 0;
	}
	c->bytes_unread += n;
	if (c->peer->config.read_rate == 0)
		peer_read(c);
}

/* The date at which the program will have read n more of what waits. */
static sim_time
date_of_read(const struct peer_conn *c, int64_t n)
{
	int64_t rate = c->peer->config.read_rate;

	if (rate == 0)
		return c->busy_since;
	return c->busy_since + mul_div_up(c->busy_bytes + n, PS_PER_S, rate);
}

sim_time
peer_next_read(const struct peer_conn *c)
{
	int64_t missing;

	if (c->bytes_unread == 0)
		return SIM_TIME_NEVER;
	if (c->state == PEER_CLOSE_WAIT)
		return date_of_read(c, c->bytes_unread);
	if (c->whole_window - offered(c) < worth_an_update(c))
		return SIM_TIME_NEVER;
	missing = worth_an_update(c) - (room(c) - offered(c));
	return missing > 0 ? date_of_read(c, missing) : c->peer->cal->now;
}

sim_time
peer_read_date(struct peer_conn *c, int64_t place)
{
	int64_t unread;

	peer_read(c);
	unread = place - (c->bytes_received - c->bytes_unread);
	return unread > 0 ? date_of_read(c, unread) : c->peer->cal->now;
}
