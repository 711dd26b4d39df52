#include "models/base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/base/hostmem.h"

enum { POOL_CHUNK_OBJECTS = 64, POOL_ALIGN = HOSTMEM_LINE };

struct pool_chunk {
	struct pool_chunk *next;
	size_t n;
	_Alignas(POOL_ALIGN) unsigned char objects[];
};

/* What begins a free object; the mark finds most double puts. */
struct pool_free {
	struct pool_free *next;
	uint64_t mark;
};

#define POOL_FREE_MARK	UINT64_C(0xdeadbeefdeadbeef)

static void
init(struct pool *pool, const char *name, size_t object_bytes,
    size_t kept_from)
{
	memset(pool, 0, sizeof *pool);
	pool->kept_from = kept_from;
	pool->object_bytes = hostmem_rounded(object_bytes, POOL_ALIGN);
	pool->name = name;
}

void
pool_init(struct pool *pool, const char *name, size_t object_bytes)
{
	size_t least = sizeof(struct pool_free);
	size_t bytes = object_bytes < least ? least : object_bytes;

	init(pool, name, bytes, bytes);
}

void
pool_init_kept(struct pool *pool, const char *name, size_t object_bytes,
    size_t kept_from)
{
	CHECK(kept_from >= sizeof(struct pool_free) &&
	    kept_from <= object_bytes,
	    "a free object has room for what the pool writes into it");
	init(pool, name, object_bytes, kept_from);
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
	struct pool_free *f = object;

	f->next = pool->free_list;
	f->mark = POOL_FREE_MARK;
	pool->free_list = object;
}

/*
 * The first chunk, then as much again as there is, up to chunks of one huge
 * page.  => all that there is, is in use
 */
static size_t
next_chunk_bytes(const struct pool *pool)
{
	uint64_t n = pool_in_use(pool);
	size_t bytes;

	if (n < POOL_CHUNK_OBJECTS)
		n = POOL_CHUNK_OBJECTS;
	bytes = sizeof(struct pool_chunk) + n * pool->object_bytes;
	return bytes > HOSTMEM_HUGE / 2 ? HOSTMEM_HUGE : bytes;
}

static void
grow(struct pool *pool)
{
	size_t bytes = next_chunk_bytes(pool);
	struct pool_chunk *chunk = hostmem_zeroed(bytes, "memory for a pool");

	chunk->next = pool->chunks;
	chunk->n = (bytes - sizeof *chunk) / pool->object_bytes;
	pool->chunks = chunk;
	/* from the end, so that objects come out in the order of addresses */
	for (size_t i = chunk->n; i-- > 0;)
		put_on_list(pool, chunk->objects + i * pool->object_bytes);
}

void *
pool_get(struct pool *pool)
{
	struct pool_free *f;

	if (pool->free_list == NULL)
		grow(pool);
	f = pool->free_list;
	CHECK(f->mark == POOL_FREE_MARK, "a free object is not written to");
	pool->free_list = f->next;
	pool->n_gets++;
	if (pool_in_use(pool) > pool->n_peak)
		pool->n_peak = pool_in_use(pool);
	memset(f, 0, pool->kept_from);
	return f;
}

void
pool_put(struct pool *pool, void *object)
{
	const struct pool_free *f = object;

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
		for (size_t i = 0; i < c->n; i++) {
			void *object = c->objects + i * pool->object_bytes;
			const struct pool_free *f = object;

			if (f->mark != POOL_FREE_MARK)
				fn(object, arg);
		}
}
