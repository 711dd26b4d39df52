#include "sim/process/filecopy.h"

#include "sim/process/copy.h"
#include "sim/process/sys.h"

/*
 * What is in the file that is open, by the way that it is told; what has been
 * cut off meanwhile is not missed.
 */
static int64_t
copy_bytes(struct process *ps, const struct file_part *part, int out,
    uint64_t buffer)
{
	bool is_mapped = false;
	int64_t error = 0;

	if (ps->config->method == METHOD_MMAP) {
		error = copy_with_mmap(ps, part, out, SYS_MAP_SHARED,
		    &is_mapped);
		if (is_mapped || error == SYS_ENDED)
			return error;
	}
	return copy_with_read(ps, part, out, buffer);
}

static int64_t
copy_to(struct process *ps, const struct file_part *part, uint64_t buffer)
{
	int out = sys_creat(ps, ps->config->out_file, part->bytes);
	int64_t error;

	if (out < 0)
		return out;
	error = copy_bytes(ps, part, out, buffer);
	if (error >= 0)
		error = sys_fsync(ps, out);
	sys_close(ps, out);
	return error;
}

/* One file. => 0, or the error that stopped it */
static int64_t
copy_file(struct process *ps, uint32_t file, uint64_t buffer)
{
	struct file_part part;
	int64_t error = file_whole(ps, file, &part);

	if (error < 0)
		return error;
	error = copy_to(ps, &part, buffer);
	sys_close(ps, part.fd);
	return error;
}

static int64_t
copy_all(struct process *ps, uint64_t buffer)
{
	const struct process_config *config = ps->config;
	int64_t error = 0;

	for (int64_t pass = 0; pass < config->passes; pass++)
		for (size_t i = 0; i < config->n_files; i++) {
			error = copy_file(ps, config->files[i].file, buffer);
			if (error < 0)
				return error;
		}
	return 0;
}

void
filecopy_main(struct process *ps)
{
	int64_t buffer = sys_mmap(ps, ps->config->align +
	    ps->config->read_size);

	if (buffer >= 0)
		process_note(ps, copy_all(ps, (uint64_t)(buffer +
		    ps->config->align)));
}
