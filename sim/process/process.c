#include "sim/process/process.h"

#include "models/world.h"
#include "sim/process/client.h"
#include "sim/process/replay.h"
#include "sim/process/scribbler.h"
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

void
process_main(struct process *ps)
{
	if (ps->config->start > 0)
		sys_sleep_until(ps, ps->config->start);
	if (ps->config->own_main != NULL) {
		ps->config->own_main(ps);
		sys_exit(ps);
		return;
	}
	switch (ps->config->program) {
	case PROGRAM_TTCP:
		ttcp_main(ps);
		break;
	case PROGRAM_TTCP_R:
		ttcp_r_main(ps);
		break;
	case PROGRAM_UDPSTREAM:
		udpstream_main(ps);
		break;
	case PROGRAM_UDPSINK:
		udpsink_main(ps);
		break;
	case PROGRAM_SCRIBBLER:
		scribbler_main(ps);
		break;
	case PROGRAM_CLIENT:
		client_main(ps);
		break;
	case PROGRAM_MMAPWIN:
	case PROGRAM_FTPD:
	case PROGRAM_HTTPD:
	case PROGRAM_SMBD:
	case PROGRAM_NFSD:
	case PROGRAM_FILECOPY:
		break;
	case PROGRAM_REPLAY:
		replay_main(ps);
		break;
	}
	sys_exit(ps);
}
