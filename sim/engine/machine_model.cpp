#include "sim/engine/machine_model.h"

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u/Engine.hpp>

namespace {

class MachineModel : public simgrid::kernel::resource::Model {
	machine_advance_fn advance_;
	void *arg_;

public:
	MachineModel(machine_advance_fn advance, void *arg)
	    : Model("machine"), advance_(advance), arg_(arg)
	{
	}

	bool
	next_occurring_event_is_idempotent() override
	{
		return false;
	}

	// The machine answers with a date; turned into a delay against
	// SimGrid's own clock, no rounding ever adds up between the two.
	double
	next_occurring_event(double limit_s) override
	{
		double reached = advance_(arg_, limit_s);

		return reached < 0 ?
		    -1.0 : reached - simgrid::s4u::Engine::get_clock();
	}

	void
	update_actions_state(double, double) override
	{
	}
};

}

void
machine_model_attach(machine_advance_fn advance, void *arg)
{
	simgrid::s4u::Engine::get_instance()->add_model(
	    std::make_shared<MachineModel>(advance, arg));
}

namespace {

sigjmp_buf way_out;

extern "C" void
leave_simgrid(int)
{
	siglongjmp(way_out, 1);
}

// Some files make SimGrid 3.32 follow a null pointer, or abort.
class Net {
	struct sigaction segv_;
	struct sigaction abrt_;

public:
	Net()
	{
		struct sigaction leave = {};

		leave.sa_handler = leave_simgrid;
		leave.sa_flags = SA_NODEFER;
		sigaction(SIGSEGV, &leave, &segv_);
		sigaction(SIGABRT, &leave, &abrt_);
	}
	~Net()
	{
		sigaction(SIGSEGV, &segv_, nullptr);
		sigaction(SIGABRT, &abrt_, nullptr);
	}
};

}

bool
machine_try(void (*fn)(void *arg), void *arg, char *why, size_t size)
{
	Net net;

	if (sigsetjmp(way_out, 1) != 0) {
		std::snprintf(why, size, "it crashes");
		return false;
	}
	try {
		fn(arg);
		return true;
	} catch (const std::exception &e) {
		std::snprintf(why, size, "%s", e.what());
		return false;
	}
}
