#include "models/hw/path_loss.h"

#include "models/base/check.h"

#define MILLI	INT64_C(1000)

/* L >= 1 / (1 - p), without the quotient; 10^6 x 10^9 fits */
bool
path_loss_is_possible(const struct path_loss_config *config)
{
	return config->burst_milli == PATH_BURST_NONE ||
	    config->burst_milli * (RANDOM_CERTAIN - config->p) >=
	    MILLI * RANDOM_CERTAIN;
}

void
path_loss_init(struct path_loss *loss, const struct path_loss_config *config,
    uint64_t seed, uint64_t purpose)
{
	CHECK(path_loss_is_possible(config), "bursts of loss are possible");
	loss->config = *config;
	random_init(&loss->random, seed, purpose);
	loss->is_bad = random_chance(&loss->random, config->p);
}

/* a = p / ((1 - p) L), b = 1 / L: see the header */
static bool
state_changes(struct path_loss *loss)
{
	int64_t p = loss->config.p, burst = loss->config.burst_milli;
	uint64_t num, den;

	if (loss->is_bad) {
		num = (uint64_t)MILLI;
		den = (uint64_t)burst;
	} else {
		num = (uint64_t)(MILLI * p);
		den = (uint64_t)((RANDOM_CERTAIN - p) * burst);
	}
	return random_below(&loss->random, den) < num;
}

bool
path_loss_next(struct path_loss *loss)
{
	if (loss->config.burst_milli == PATH_BURST_NONE)
		return random_chance(&loss->random, loss->config.p);
	if (state_changes(loss))
		loss->is_bad = !loss->is_bad;
	return loss->is_bad;
}
