#include "sim/process/client.h"

#include "models/base/min.h"
#include "models/base/random.h"
#include "sim/process/sys.h"

/* What streams of other purposes are numbered below. */
enum { FIRST_STREAM = 1000 };

/* Who is refused waits a while, whatever it thinks. */
#define AFTER_FAILURE	(1 * PS_PER_S)

/* What a client leaves to chance. */
struct chance {
	struct random random;
	uint64_t turn;
};

static sim_time
draw_time(struct random *random, sim_time mean, sim_time spread)
{
	if (spread <= 0)
		return mean;
	return mean - spread +
	    (sim_time)random_below(random, (uint64_t)(2 * spread) + 1);
}

static sim_time
first_wait(const struct process_config *config, struct random *random)
{
	return (sim_time)random_below(random,
	    (uint64_t)config->start_spread + 1);
}

/* => false: the run has ended */
static bool
pause_for(struct process *ps, sim_time interval)
{
	return interval <= 0 ||
	    sys_sleep_until(ps, sys_now(ps) + interval) == 0;
}

/* => as pause_for */
static bool
think(struct process *ps, struct chance *chance)
{
	return pause_for(ps, draw_time(&chance->random, ps->config->think,
	    ps->config->think_spread));
}

/* By their shares; without shares in turn, each client from another one on. */
static const struct file_share *
choose_file(const struct process_config *config, struct chance *chance)
{
	size_t i = 0;
	int64_t drawn;

	if (config->files[0].percent == 0)
		return &config->files[chance->turn++ % config->n_files];
	drawn = (int64_t)random_below(&chance->random, 100);
	while (drawn >= config->files[i].percent)
		drawn -= config->files[i++].percent;
	return &config->files[i];
}

/* => the bytes of the next response after which it presses stop; 0: never */
static int64_t
draw_enough(const struct process_config *config, struct chance *chance)
{
	return config->abandon > 0 &&
	    random_chance(&chance->random, config->abandon) ?
	    config->abandon_after : 0;
}

/* => below 0: why there is no response */
static int64_t
ask(struct process *ps, int fd, const struct sys_words *words,
    struct chance *chance)
{
	int64_t enough = draw_enough(ps->config, chance);
	int64_t n = sys_request(ps, fd, ps->config->request_size, words);

	return n < 0 ? n : sys_response_until(ps, fd, enough);
}

/* All of it, or piece by piece. => below 0: as ask */
static int64_t
ask_for_file(struct process *ps, int fd, const struct file_share *file,
    bool is_last, struct chance *chance)
{
	int64_t piece = ps->config->piece > 0 ?
	    ps->config->piece : file->bytes;
	struct sys_words words = {.file = file->file};
	int64_t n;

	do {
		words.len = min_i64(piece, file->bytes - words.offset);
		words.is_last = is_last &&
		    words.offset + words.len == file->bytes;
		n = ask(ps, fd, &words, chance);
		words.offset += words.len;
	} while (n >= 0 && words.offset < file->bytes);
	return n;
}

/* => below 0: why it has come to its end before */
static int64_t
converse(struct process *ps, int fd, struct chance *chance)
{
	const struct process_config *config = ps->config;
	int64_t n = 0;

	for (int64_t i = 0; i < config->requests && n >= 0; i++) {
		if (i > 0 && !think(ps, chance))
			return SYS_ENDED;
		n = ask_for_file(ps, fd, choose_file(config, chance),
		    i == config->requests - 1, chance);
	}
	return n;
}

/* One connection. => below 0: why it failed, or SYS_EINTR: it was broken off */
static int64_t
visit(struct process *ps, struct chance *chance)
{
	struct sys_sockopts opts = sys_sockopts_of(ps->config);
	int fd = sys_connect(ps, ps->config->port, &opts);
	int64_t n;

	if (fd < 0)
		return fd;
	n = converse(ps, fd, chance);
	sys_close(ps, fd);
	return n;
}

static bool
has_failed(int64_t n)
{
	return n < 0 && n != SYS_EINTR;
}

/* Trying again would not help; all else is counted by the clients. */
static bool
is_hopeless(int64_t error)
{
	return error == SYS_EADDRNOTAVAIL || error == SYS_EMSGSIZE ||
	    error == SYS_EINVAL;
}

void
client_main(struct process *ps)
{
	const struct process_config *config = ps->config;
	struct chance chance = {.turn = config->number};
	int64_t n = 0;

	random_init(&chance.random, config->seed,
	    FIRST_STREAM + config->number);
	if (!pause_for(ps, first_wait(config, &chance.random)))
		return;
	for (int64_t i = 0; i < config->connections; i++) {
		if (i > 0 && !(has_failed(n) ? pause_for(ps, AFTER_FAILURE) :
		    think(ps, &chance)))
			return;
		n = visit(ps, &chance);
		if (is_hopeless(n)) {
			process_note(ps, n);
			return;
		}
		if (n == SYS_ENDED)
			return;
	}
}
