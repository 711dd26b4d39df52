#include "sim/process/copy.h"

#include "models/base/min.h"
#include "sim/process/ring.h"
#include "sim/process/sys.h"

int64_t
file_whole(struct process *ps, uint32_t file, struct file_part *part)
{
	int fd = sys_open(ps, file);
	int64_t bytes;

	if (fd < 0)
		return fd;
	bytes = sys_fstat(ps, fd);
	if (bytes < 0) {
		sys_close(ps, fd);
		return bytes;
	}
	*part = (struct file_part){.fd = fd, .bytes = bytes};
	return 0;
}

int64_t
write_all(struct process *ps, int fd, uint64_t addr, int64_t bytes)
{
	while (bytes > 0) {
		int64_t n = sys_write(ps, fd, addr, bytes);

		if (n <= 0)
			return n < 0 ? n : SYS_ENOSPC;
		addr += (uint64_t)n;
		bytes -= n;
	}
	return 0;
}

int64_t
copy_with_read(struct process *ps, const struct file_part *part, int out,
    uint64_t buffer)
{
	int64_t left = part->bytes, n;

	while (left > 0) {
		n = sys_read(ps, part->fd, buffer,
		    min_i64(left, ps->config->read_size));
		if (n <= 0)
			return n < 0 ? n : left;
		left -= n;
		n = write_all(ps, out, buffer, n);
		if (n < 0)
			return n;
	}
	return 0;
}

int64_t
copy_with_mmap(struct process *ps, const struct file_part *part, int out,
    enum sys_map map, bool *is_mapped)
{
	int64_t done = 0, n, addr, error;

	*is_mapped = false;
	for (; done < part->bytes; done += n) {
		n = min_i64(part->bytes - done, ps->config->window);
		addr = sys_mmap_file(ps, part->fd, part->offset + done, n,
		    map);
		if (addr < 0)
			return addr;
		*is_mapped = true;
		if (map == SYS_MAP_PRIVATE &&
		    !ring_refill(ps, (uint64_t)addr, n))
			return SYS_ENDED;
		error = write_all(ps, out, (uint64_t)addr, n);
		sys_munmap(ps, (uint64_t)addr, n);
		if (error < 0)
			return error;
	}
	return 0;
}
