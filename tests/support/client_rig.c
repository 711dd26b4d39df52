#include "tests/support/client_rig.h"

#include <check.h>
#include <string.h>

#include "models/inet/tcp.h"

struct client_rig client_rig;

static void
woken(void *arg)
{
	(void)arg;
	client_rig.n_woken++;
}

static void
note(void *arg, uint32_t client, sim_time ready_at, const struct frame *frame)
{
	(void)arg;
	ck_assert_int_lt(client_rig.n_sent, CLIENT_RIG_FRAMES);
	client_rig.sent[client_rig.n_sent].at = ready_at;
	client_rig.sent[client_rig.n_sent].client = client;
	client_rig.sent[client_rig.n_sent++].frame = *frame;
}

void
client_rig_init(void)
{
	static const struct peer_config config = {.recvspace = 65536,
	    .mss = 1460, .delack_segments = 2,
	    .delack_timer = 200 * PS_PER_MS};

	memset(&client_rig, 0, sizeof client_rig);
	cal_init(&client_rig.cal);
	guests_init(&client_rig.board.guests);
	clients_init(&client_rig.all, &config, &client_rig.cal,
	    &client_rig.board);
	client_rig.all.send = note;
	client_rig.client = clients_add(&client_rig.all, "client",
	    (struct proc_program){woken, NULL});
}

void
client_rig_fini(void)
{
	clients_fini(&client_rig.all);
	guests_fini(&client_rig.board.guests);
	cal_fini(&client_rig.cal);
}

int64_t
client_rig_call(enum sys_nr nr, int fd, int64_t len)
{
	const struct sys_words words = {.file = 7, .offset = 100, .len = len};
	const struct sys_call call = {.nr = nr, .fd = fd, .len = len,
	    .port = 80, .words = &words};

	client_rig.n_woken = 0;
	return client_enter(client_rig.client, &call) ? CLIENT_RIG_WAITS :
	    client_rig.client->proc.result;
}

int64_t
client_rig_result(void)
{
	ck_assert_int_eq(client_rig.n_woken, 1);
	ck_assert_int_eq(client_rig.client->proc.state, PROC_IN_PROGRAM);
	return client_rig.client->proc.result;
}

void
client_rig_run_to(sim_time at)
{
	cal_hold(&client_rig.cal);
	while (cal_run(&client_rig.cal, at) == CAL_STOPPED)
		continue;
	cal_release(&client_rig.cal);
}

void
client_rig_board(uint32_t conn, uint8_t flags, uint32_t seq, uint32_t ack,
    uint32_t payload)
{
	const struct frame frame = {.conn = conn, .payload_bytes = payload,
	    .ip_bytes = (uint16_t)(40 + payload),
	    .th = {.seq = seq, .ack = ack, .flags = flags, .win = 16384,
	    .mss = (flags & TH_SYN) != 0 ? 1460 : 0, .port = 80},
	    .content = content_name(conn, seq - CLIENT_RIG_ISS - 1)};

	clients_receive(&client_rig.all, clients_owner(&client_rig.all, conn),
	    &frame);
}

int
client_rig_open(void)
{
	ck_assert_int_eq(client_rig_call(SYS_CONNECT, 0, 0),
	    CLIENT_RIG_WAITS);
	client_rig_board(client_rig.sent[client_rig.n_sent - 1].frame.conn,
	    TH_SYN | TH_ACK, CLIENT_RIG_ISS, CLIENT_ISS + 1, 0);
	return (int)client_rig_result();
}

const struct frame *
client_rig_last(uint8_t flags)
{
	const struct frame *frame;

	ck_assert_int_gt(client_rig.n_sent, 0);
	frame = &client_rig.sent[client_rig.n_sent - 1].frame;
	ck_assert_uint_eq(frame->th.flags, flags);
	return frame;
}
