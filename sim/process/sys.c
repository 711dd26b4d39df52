#include "sim/process/sys.h"

#include "models/host.h"
#include "models/inet/client.h"

static int64_t
call_and_wait(struct process *ps, struct sys_call call)
{
	if (sys_enter(ps->proc, &call)) {
		if (ps->steps != NULL)
			return SYS_WAITS;
		proc_wait(ps);
	}
	return ps->proc->result;
}

struct sys_sockopts
sys_sockopts_of(const struct process_config *config)
{
	return (struct sys_sockopts){
	    .so_sndbuf = config->so_sndbuf,
	    .so_sndlowat = config->so_sndlowat,
	    .so_rcvbuf = config->so_rcvbuf,
	    .so_keepalive = config->so_keepalive,
	    .tcp_nodelay = config->tcp_nodelay};
}

static struct sys_call
call_with(enum sys_nr nr, uint16_t port, const struct sys_sockopts *opts)
{
	return (struct sys_call){.nr = nr, .port = port,
	    .so_sndbuf = opts->so_sndbuf,
	    .so_sndlowat = opts->so_sndlowat,
	    .so_rcvbuf = opts->so_rcvbuf,
	    .so_keepalive = opts->so_keepalive,
	    .tcp_nodelay = opts->tcp_nodelay};
}

int
sys_connect(struct process *ps, uint16_t port, const struct sys_sockopts *opts)
{
	return (int)call_and_wait(ps, call_with(SYS_CONNECT, port, opts));
}

int
sys_udp(struct process *ps, uint16_t port, const struct sys_sockopts *opts)
{
	return (int)call_and_wait(ps, call_with(SYS_UDP_CONNECT, port, opts));
}

int
sys_udp_bind(struct process *ps, uint16_t port,
    const struct sys_sockopts *opts)
{
	return (int)call_and_wait(ps, call_with(SYS_UDP_BIND, port, opts));
}

int64_t
sys_sendto(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_SENDTO, .fd = fd,
	    .addr = addr, .len = len});
}

int
sys_listen(struct process *ps, uint16_t port, int backlog,
    const struct sys_sockopts *opts)
{
	struct sys_call call = call_with(SYS_LISTEN, port, opts);

	call.backlog = backlog;
	return (int)call_and_wait(ps, call);
}

int
sys_accept(struct process *ps, int fd)
{
	return (int)call_and_wait(ps,
	    (struct sys_call){.nr = SYS_ACCEPT, .fd = fd});
}

int64_t
sys_read(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_READ, .fd = fd,
	    .addr = addr, .len = len});
}

int64_t
sys_shutdown(struct process *ps, int fd)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_SHUTDOWN, .fd = fd});
}

int64_t
sys_setnbio(struct process *ps, int fd, bool is_nbio)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_SETNBIO,
	    .fd = fd, .is_nbio = is_nbio});
}

void
sys_poll_want(struct process *ps, int fd, uint32_t events)
{
	call_and_wait(ps, (struct sys_call){.nr = SYS_POLL_WANT, .fd = fd,
	    .events = events});
}

int64_t
sys_poll(struct process *ps, sim_time interval)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_POLL, .len = interval});
}

struct sys_pollfd
sys_poll_found(const struct process *ps, int64_t i)
{
	return ps->proc->poll->found[i];
}

int64_t
sys_write(struct process *ps, int fd, uint64_t addr, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = len});
}

int64_t
sys_writev(struct process *ps, int fd, const struct sys_iovec *iov, int n)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_WRITEV, .fd = fd,
	    .iov = iov, .n_iov = n});
}

int64_t
sys_close(struct process *ps, int fd)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
}

int
sys_open(struct process *ps, uint32_t file)
{
	return (int)call_and_wait(ps,
	    (struct sys_call){.nr = SYS_OPEN, .file = file});
}

int
sys_creat(struct process *ps, uint32_t file, int64_t most)
{
	return (int)call_and_wait(ps, (struct sys_call){.nr = SYS_CREAT,
	    .file = file, .len = most});
}

int64_t
sys_fstat(struct process *ps, int fd)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_FSTAT, .fd = fd});
}

int64_t
sys_lseek(struct process *ps, int fd, int64_t offset)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_LSEEK, .fd = fd,
	    .offset = offset});
}

int64_t
sys_pread(struct process *ps, int fd, uint64_t addr, int64_t len,
    int64_t offset)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_PREAD, .fd = fd,
	    .addr = addr, .len = len, .offset = offset});
}

int64_t
sys_fsync(struct process *ps, int fd)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_FSYNC, .fd = fd});
}

int64_t
sys_sendfile_with(struct process *ps, int sock, struct sys_header header,
    int fd, int64_t offset, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_SENDFILE,
	    .fd = sock, .file_fd = fd, .offset = offset, .len = len,
	    .header_addr = header.addr, .header_len = header.len});
}

int64_t
sys_sendfile(struct process *ps, int sock, int fd, int64_t offset,
    int64_t len)
{
	return sys_sendfile_with(ps, sock, (struct sys_header){0}, fd, offset,
	    len);
}

int64_t
sys_mmap_file(struct process *ps, int fd, int64_t offset, int64_t len,
    enum sys_map map)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_MMAP, .fd = fd,
	    .offset = offset, .len = len, .map = map});
}

int64_t
sys_munmap(struct process *ps, uint64_t addr, int64_t len)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_MUNMAP,
	    .addr = addr, .len = len});
}

int64_t
sys_mmap(struct process *ps, int64_t len)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_MMAP, .len = len});
}

int64_t
sys_touch(struct process *ps, uint64_t addr, int64_t len, bool is_full)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_TOUCH,
	    .addr = addr, .len = len, .is_full = is_full});
}

int64_t
sys_compute(struct process *ps, int64_t cycles)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_COMPUTE, .len = cycles});
}

int64_t
sys_sleep_until(struct process *ps, sim_time at)
{
	return call_and_wait(ps,
	    (struct sys_call){.nr = SYS_SLEEP, .len = at});
}

int
sys_listen_shared(struct process *ps, uint16_t port, int backlog,
    const struct sys_sockopts *opts)
{
	struct sys_call call = call_with(SYS_LISTEN, port, opts);

	call.backlog = backlog;
	call.is_shared = true;
	return (int)call_and_wait(ps, call);
}

int64_t
sys_request(struct process *ps, int fd, int64_t bytes,
    const struct sys_words *words)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_REQUEST,
	    .fd = fd, .len = bytes, .words = words});
}

int64_t
sys_response(struct process *ps, int fd)
{
	return sys_response_until(ps, fd, 0);
}

int64_t
sys_response_until(struct process *ps, int fd, int64_t enough)
{
	return call_and_wait(ps, (struct sys_call){.nr = SYS_RESPONSE,
	    .fd = fd, .len = enough});
}

int64_t
sys_read_request(struct process *ps, int fd, uint64_t addr, int64_t room,
    struct sys_words *words)
{
	const struct proc *p = ps->proc;
	int64_t got = 0, left, n;

	do {
		n = call_and_wait(ps, (struct sys_call){.nr = SYS_READ,
		    .fd = fd, .addr = addr + (uint64_t)got,
		    .len = room - got, .is_request = true});
		if (n <= 0)
			return n;
		got += n;
		left = p->request.from + p->request.bytes - p->request_place;
	} while (n < left && got < room);
	*words = p->request.words;
	return got;
}

void
sys_says(struct process *ps, int fd, int64_t bytes)
{
	call_and_wait(ps, (struct sys_call){.nr = SYS_SAYS, .fd = fd,
	    .len = bytes});
}

sim_time
sys_now(const struct process *ps)
{
	const struct proc *p = ps->proc;

	return p->client != NULL ? p->client->all->cal->now :
	    p->k.host->cal->now;
}

void
sys_exit(struct process *ps)
{
	struct sys_call call = {.nr = SYS_EXIT, .len = ps->exit_status};

	sys_enter(ps->proc, &call);
}
