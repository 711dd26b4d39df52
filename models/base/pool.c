#include "models/base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

enum { POOL_CHUNK_OBJECTS = 64, POOL_ALIGN = 16 };

struct pool_chunk {
	struct pool_chunk *next;
	_Alignas(POOL_ALIGN) unsigned char objects[];
};

/* Behind what a free object keeps; the mark finds most double puts. */
struct pool_free {
	struct pool_free *next;
	uint64_t mark;
};

#define POOL_FREE_MARK	UINT64_C(0xdeadbeefdeadbeef)

static size_t
aligned(size_t bytes)
{
	return (bytes + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN;
}

void
pool_init(struct pool *pool, const char *name, size_t object_bytes)
{
	pool_init_kept(pool, name, object_bytes, 0);
}

void
pool_init_kept(struct pool *pool, const char *name, size_t object_bytes,
    size_t kept_bytes)
{
	memset(pool, 0, sizeof *pool);
	CHECK(kept_bytes % _Alignof(struct pool_free) == 0,
	    "what is kept ends where a pointer may stand");
	pool->kept_bytes = kept_bytes;
	if (object_bytes < kept_bytes + sizeof(struct pool_free))
		object_bytes = kept_bytes + sizeof(struct pool_free);
	pool->object_bytes = aligned(object_bytes);
	pool->name = name;
}

static inline struct pool_free *
free_part(const struct pool *pool, void *object)
{
	return (struct pool_free *)((unsigned char *)object + pool->kept_bytes);
}

void
pool_fini(struct pool *pool)
{
	struct pool_chunk *chunk = pool->chunks;

	while (chunk != NULL) {
		struct pool_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	pool->chunks = NULL;
	pool->free_list = NULL;
}

static void
put_on_list(struct pool *pool, void *object)
{
	struct pool_free *f = free_part(pool, object);

	f->next = pool->free_list;
	f->mark = POOL_FREE_MARK;
	pool->free_list = object;
}

static void
grow(struct pool *pool)
{
	struct pool_chunk *chunk = calloc(1, sizeof *chunk +
	    POOL_CHUNK_OBJECTS * pool->object_bytes);

	CHECK(chunk != NULL, "memory for a pool");
	chunk->next = pool->chunks;
	pool->chunks = chunk;
	/* from the end, so that objects come out in the order of addresses */
	for (size_t i = POOL_CHUNK_OBJECTS; i-- > 0;)
		put_on_list(pool, chunk->objects + i * pool->object_bytes);
}

void *
pool_get(struct pool *pool)
{
	struct pool_free *f;
	void *object;

	if (pool->free_list == NULL)
		grow(pool);
	object = pool->free_list;
	f = free_part(pool, object);
	CHECK(f->mark == POOL_FREE_MARK, "a free object is not written to");
	pool->free_list = f->next;
	pool->n_gets++;
	if (pool_in_use(pool) > pool->n_peak)
		pool->n_peak = pool_in_use(pool);
	memset(f, 0, pool->object_bytes - pool->kept_bytes);
	return object;
}

void
pool_put(struct pool *pool, void *object)
{
	const struct pool_free *f = free_part(pool, object);

	CHECK(pool->n_puts < pool->n_gets, "no object is put that was not got");
	CHECK(f->mark != POOL_FREE_MARK, "an object is put once");
	put_on_list(pool, object);
	pool->n_puts++;
}

void
pool_each(const struct pool *pool,
    void (*fn)(const void *object, void *arg), void *arg)
{
	for (struct pool_chunk *c = pool->chunks; c != NULL; c = c->next)
		for (size_t i = 0; i < POOL_CHUNK_OBJECTS; i++) {
			void *object = c->objects + i * pool->object_bytes;

			if (free_part(pool, object)->mark != POOL_FREE_MARK)
				fn(object, arg);
		}
}
