#include "models/vm/kva.h"

#include "models/base/check.h"

void
kva_init(struct kva *kva, int64_t somaxkva)
{
	*kva = (struct kva){.somaxkva = somaxkva};
}

bool
kva_fits(const struct kva *kva, int64_t bytes)
{
	return kva->socurkva + bytes <= kva->somaxkva;
}

int64_t
kva_integral(struct kva *kva, sim_time now)
{
	CHECK(now >= kva->integrated_at, "address space is held in order");
	kva->byte_us += mul_div_carry(kva->socurkva, now - kva->integrated_at,
	    PS_PER_US, &kva->carry);
	kva->integrated_at = now;
	return kva->byte_us;
}

void
kva_reserve(struct kva *kva, int64_t bytes, sim_time now)
{
	CHECK(kva_fits(kva, bytes), "the loans keep to somaxkva");
	kva_integral(kva, now);
	kva->socurkva += bytes;
	if (kva->socurkva > kva->peak)
		kva->peak = kva->socurkva;
}

void
kva_release(struct kva *kva, int64_t bytes, sim_time now)
{
	CHECK(bytes > 0 && bytes <= kva->socurkva,
	    "no kernel address space is given back twice");
	kva_integral(kva, now);
	kva->socurkva -= bytes;
}
