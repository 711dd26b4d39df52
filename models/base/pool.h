/*
 * Pools of equal objects, and the books about them.
 *
 * Stands for: NetBSD's pool(9): mbufs, clusters, pages, loan windows.
 * Leaves out: limits and waiting for an object; nothing here ever fails.
 * Cost: getting and putting are a few instructions of the host; memory is taken
 *	from the host in chunks (hostmem.h), as much again as there is, and kept
 *	until pool_fini: a run's memory follows its peak, whatever its length.
 * Units: objects.  Owns: all objects, in use or not.
 */
#ifndef MODELS_BASE_POOL_H
#define MODELS_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool_chunk;

struct pool {
	const char *name;
	size_t object_bytes;
	size_t kept_from;	/* see pool_init_kept */
	void *free_list;
	struct pool_chunk *chunks;
	uint64_t n_gets;
	uint64_t n_puts;
	uint64_t n_peak;	/* most objects ever in use at once */
};

/* pool_init: an empty pool. => name outlives it */
void pool_init(struct pool *pool, const char *name, size_t object_bytes);

/*
 * pool_init_kept: a pool whose objects keep what lies from an offset on while
 * they are free.
 *
 * => kept_from: at least 16
 * => zero when an object is got for the first time; from then on pool_get and
 *    pool_put leave them alone: what is true of the memory itself, whoever has
 *    it, such as what the caches hold of it
 */
void pool_init_kept(struct pool *pool, const char *name, size_t object_bytes,
    size_t kept_from);

/* pool_fini: give all memory back. => objects still in use dangle */
void pool_fini(struct pool *pool);

/* pool_get: an object, all bytes zero but those kept. => never NULL */
void *pool_get(struct pool *pool);

/* pool_put: give one back. => it came from this pool, and is put once */
void pool_put(struct pool *pool, void *object);

/*
 * pool_each: call fn for every object in use, in the order of addresses within
 * a chunk. => for audits: it walks all memory of the pool
 */
void pool_each(const struct pool *pool,
    void (*fn)(const void *object, void *arg), void *arg);

static inline uint64_t
pool_in_use(const struct pool *pool)
{
	return pool->n_gets - pool->n_puts;
}

#endif
