#include "models/vm/kva.h"

#include "models/base/check.h"

void
kva_init(struct kva *kva, int64_t somaxkva)
{
	kva->somaxkva = somaxkva;
	kva->socurkva = 0;
	kva->peak = 0;
}

bool
kva_fits(const struct kva *kva, int64_t bytes)
{
	return kva->socurkva + bytes <= kva->somaxkva;
}

void
kva_reserve(struct kva *kva, int64_t bytes)
{
	CHECK(kva_fits(kva, bytes), "the loans keep to somaxkva");
	kva->socurkva += bytes;
	if (kva->socurkva > kva->peak)
		kva->peak = kva->socurkva;
}

void
kva_release(struct kva *kva, int64_t bytes)
{
	CHECK(bytes > 0 && bytes <= kva->socurkva,
	    "no kernel address space is given back twice");
	kva->socurkva -= bytes;
}
