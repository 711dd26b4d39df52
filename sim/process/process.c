#include "sim/process/process.h"

#include "models/world.h"
#include "sim/process/filecopy.h"
#include "sim/process/ftpd.h"
#include "sim/process/httpd.h"
#include "sim/process/mmapwin.h"
#include "sim/process/nfsd.h"
#include "sim/process/replay.h"
#include "sim/process/scribbler.h"
#include "sim/process/smbd.h"
#include "sim/process/sys.h"
#include "sim/process/ttcp.h"
#include "sim/process/ttcp_r.h"
#include "sim/process/udpsink.h"
#include "sim/process/udpstream.h"

void
process_note(struct process *ps, int64_t result)
{
	if (result < 0 && result != SYS_ENDED && ps->exit_status == 0)
		ps->exit_status = result;
}

struct proc *
process_make(struct world *world, const struct process_config *config,
    struct proc_program program)
{
	return config->is_client ?
	    world_add_client(world, config->name, program) :
	    host_add_proc(world_host(world, config->is_far), config->name,
	    program);
}

static void (*const mains[])(struct process *) = {
    [PROGRAM_TTCP] = ttcp_main,
    [PROGRAM_TTCP_R] = ttcp_r_main,
    [PROGRAM_UDPSTREAM] = udpstream_main,
    [PROGRAM_UDPSINK] = udpsink_main,
    [PROGRAM_SCRIBBLER] = scribbler_main,
    [PROGRAM_MMAPWIN] = mmapwin_main,
    [PROGRAM_FTPD] = ftpd_main,
    [PROGRAM_HTTPD] = httpd_main,
    [PROGRAM_SMBD] = smbd_main,
    [PROGRAM_NFSD] = nfsd_main,
    [PROGRAM_FILECOPY] = filecopy_main,
    [PROGRAM_REPLAY] = replay_main};

void
process_main(struct process *ps)
{
	void (*program_main)(struct process *) = ps->config->own_main != NULL ?
	    ps->config->own_main : mains[ps->config->program];

	if (ps->config->start > 0)
		sys_sleep_until(ps, ps->config->start);
	program_main(ps);
	sys_exit(ps);
}
