#include "sim/engine/machine_model.h"

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
