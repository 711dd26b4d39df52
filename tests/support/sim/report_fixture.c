#include <string.h>

#include "tests/support/sim/report_fixture.h"

static const char *const fixture_effective[FIXTURE_ROWS] = {
	"[scenario]\nseed = 1\n", "[scenario]\nseed = 1\n",
	"[scenario]\nseed = 1\n", "[scenario]\nseed = 1\n"
};

void
fixture_rows(struct res_row rows[static FIXTURE_ROWS])
{
	static const char *const names[FIXTURE_ROWS]
	    = { "before", "tcp-fix", "loan-no-fix", "loan" };
	static const int64_t kbps[FIXTURE_ROWS]
	    = { 70000, 86000, 83000, 114800 };
	static const int64_t cpu[FIXTURE_ROWS] = { 10000, 9931, 9820, 6150 };

	memset(rows, 0, FIXTURE_ROWS * sizeof rows[0]);
	for (size_t i = 0; i < FIXTURE_ROWS; i++) {
		g_strlcpy(rows[i].variant, names[i], sizeof rows[i].variant);
		rows[i].outcome = RES_DONE;
		for (int col = 0; col < RES_N_COLUMNS; col++)
			rows[i].value[col] = 1000 + col;
		rows[i].value[RES_THROUGHPUT_KBPS] = kbps[i];
		rows[i].value[RES_WIRE_LIMIT_KBPS] = 114930;
		rows[i].value[RES_CPU_SHARE] = cpu[i];
		/* what the table tells only if there were some */
		rows[i].value[RES_TX_UNDERRUNS] = 0;
		rows[i].value[RES_PAYLOAD_BYTES] = INT64_C(71680000);
	}
}

struct rep_set
fixture_set(const struct res_row rows[static FIXTURE_ROWS])
{
	return (struct rep_set){
		.scenario = "fixture",
		.title = "Four kernels, with round numbers",
		.version = "0.1.0",
		.command = "loansim run fixture",
		.seed = 1,
		.n_rows = FIXTURE_ROWS,
		.rows = rows,
		.effective = fixture_effective,
	};
}
