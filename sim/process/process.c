#include "sim/process/process.h"

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

static void (*const mains[])(struct process *) = {
    [PROGRAM_TTCP] = ttcp_main,
    [PROGRAM_TTCP_R] = ttcp_r_main,
    [PROGRAM_UDPSTREAM] = udpstream_main,
    [PROGRAM_UDPSINK] = udpsink_main,
    [PROGRAM_SCRIBBLER] = scribbler_main,
    [PROGRAM_REPLAY] = NULL};

void
process_main(struct process *ps)
{
	void (*own_main)(struct process *);

	if (ps->config->start > 0)
		sys_sleep_until(ps, ps->config->start);
	own_main = ps->config->own_main != NULL ? ps->config->own_main :
	    mains[ps->config->program];
	if (own_main != NULL)
		own_main(ps);
	sys_exit(ps);
}
