#include "models/kern/ops.h"

const char *const kern_cause_names[N_CAUSES] = {
#define X(sym, name, sentence) [CAUSE_##sym] = name,
	KERN_CAUSES(X)
#undef X
};

const char *const kern_op_names[N_OPS] = {
#define X(sym, name, cause, sentence) [OP_##sym] = name,
	KERN_OPS(X)
#undef X
};

const enum kern_cause kern_op_causes[N_OPS] = {
#define X(sym, name, cause, sentence) [OP_##sym] = CAUSE_##cause,
	KERN_OPS(X)
#undef X
};
