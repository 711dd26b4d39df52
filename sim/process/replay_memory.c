#include "sim/process/replay_memory.h"

#include "sim/process/sys.h"

/* More than any program has: a damaged recording may ask for it. */
static const int64_t BUFFER_MAX = 1 << 30;

void
replay_memory_init(struct replay_memory *memory, struct process *ps,
    const struct story_part *part)
{
	*memory = (struct replay_memory){.ps = ps, .part = part,
	    .buffers = g_new0(int64_t, part->buffers->len),
	    .mappings = g_new0(int64_t, part->n_mappings)};
}

void
replay_memory_fini(struct replay_memory *memory)
{
	g_free(memory->buffers);
	g_free(memory->mappings);
}

static int64_t
map_buffer(struct replay_memory *memory, int64_t bytes)
{
	int64_t addr = bytes > BUFFER_MAX ? SYS_ENOMEM :
	    sys_mmap(memory->ps, bytes > 0 ? bytes : 1);

	process_note(memory->ps, addr);
	return addr;
}

int64_t
replay_buffer(struct replay_memory *memory, uint32_t i)
{
	if (memory->buffers[i] == 0)
		memory->buffers[i] = map_buffer(memory,
		    g_array_index(memory->part->buffers, int64_t, i));
	return memory->buffers[i];
}

int64_t
replay_receive_buffer(struct replay_memory *memory, int64_t bytes)
{
	if (memory->receive == 0)
		memory->receive = map_buffer(memory, bytes);
	return memory->receive;
}
