/*
 * Damage to the limits of mbufs and clusters, and to what has been promised.
 */
#include "tests/support/damage.h"

void
damage_mbuf_limit(struct world *world)
{
	world->host.mbufs.is_limited = true;
	world->host.mbufs.mbuf_limit = 0;
}

/* One more in use than there may be; during a run nobody counts them. */
void
damage_cluster_limit(struct world *world)
{
	world->host.mbufs.is_limited = true;
	world->host.mbufs.cluster_limit = 0;
	world->host.mbufs.clusters.n_gets++;
}

void
damage_promise(struct world *world)
{
	world->host.mbufs.n_promised++;
}
