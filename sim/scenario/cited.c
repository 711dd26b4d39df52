/*
 * The text is cut at its first colon; what stands before it is read word by
 * word: a range, a unit, and perhaps "of" and a sum.
 */
#include "sim/scenario/cited.h"

#include <string.h>

#include "models/base/time.h"
#include "sim/scenario/units.h"

enum { MILLI = 1000 };

/* The most of a cost, in its unit, and the most of one operation in a sum. */
#define MAX_COST	INT64_C(10000000)
#define MAX_TIMES	(INT64_C(1000) * MILLI)

static const char no_form[] = "is not of the form \"300 insn: SOURCE\", "
    "\"200 .. 300 cycles: SOURCE\" or \"300 insn of 2 mget + mclget: "
    "SOURCE\"";

/* take: step over the word if it is the next one */
static bool
take(char ***words, const char *word)
{
	if (**words == NULL || strcmp(**words, word) != 0)
		return false;
	(*words)++;
	return true;
}

static bool
take_number(char ***words, enum scn_unit unit, int64_t *value)
{
	if (**words == NULL || scn_quantity_parse(**words, unit, value) !=
	    SCN_QUANTITY_OK)
		return false;
	(*words)++;
	return true;
}

static const char *
parse_range(char ***words, struct scn_cited *cited)
{
	if (!take_number(words, SCN_UNIT_COUNT, &cited->low))
		return no_form;
	cited->high = cited->low;
	if (take(words, "..") &&
	    !take_number(words, SCN_UNIT_COUNT, &cited->high))
		return no_form;
	if (cited->low < 1 || cited->high < cited->low ||
	    cited->high > MAX_COST)
		return "has a range that is empty or beyond 1 .. 10000000";
	cited->is_cycles = take(words, "cycles");
	return cited->is_cycles || take(words, "insn") ? NULL : no_form;
}

static enum kern_op
find_op(const char *name)
{
	int op = 0;

	while (op < N_OPS && strcmp(kern_op_names[op], name) != 0)
		op++;
	return (enum kern_op)op;
}

/* parse_term: "mget" or "2 mget" */
static const char *
parse_term(char ***words, struct scn_cited *cited)
{
	int64_t times = MILLI;
	enum kern_op op;

	if (take_number(words, SCN_UNIT_RATIO, &times) &&
	    (times < 1 || times > MAX_TIMES))
		return "has an operation less than 0.001 or more than 1000 "
		    "times";
	if (**words == NULL)
		return no_form;
	op = find_op(**words);
	if (op == N_OPS)
		return "names an operation that is no kernel.cost.NAME";
	if (cited->milli[op] != 0)
		return "names an operation twice";
	cited->milli[op] = times;
	(*words)++;
	return NULL;
}

static const char *
parse_sum(char ***words, struct scn_cited *cited)
{
	const char *why;

	do
		why = parse_term(words, cited);
	while (why == NULL && take(words, "+"));
	if (why == NULL && **words != NULL)
		why = no_form;
	return why;
}

/* words_of: the words of a text, none of them empty; g_strfreev it */
static char **
words_of(const char *text, size_t length)
{
	g_autofree char *part = g_strndup(text, length);
	g_auto(GStrv) raw = g_strsplit_set(part, " \t", -1);
	GPtrArray *words = g_ptr_array_new();

	for (size_t i = 0; raw[i] != NULL; i++)
		if (*raw[i] != '\0')
			g_ptr_array_add(words, g_strdup(raw[i]));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

const char *
scn_cited_parse(const char *text, enum kern_op op, struct scn_cited *cited)
{
	const char *colon = strchr(text, ':');
	g_auto(GStrv) words = NULL;
	char **next;
	const char *why;

	*cited = (struct scn_cited){ .low = 0 };
	if (colon == NULL)
		return no_form;
	words = words_of(text, (size_t)(colon - text));
	next = words;
	cited->source = colon + 1 + strspn(colon + 1, " \t");
	if (*cited->source == '\0')
		return "names no source after the colon";
	why = parse_range(&next, cited);
	if (why != NULL)
		return why;
	cited->is_sum = take(&next, "of");
	if (cited->is_sum)
		return parse_sum(&next, cited);
	cited->milli[op] = MILLI;
	return *next == NULL ? NULL : no_form;
}

bool
scn_cited_get(struct scn_end end, enum kern_op op,
    struct scn_cited *cited)
{
	const char *text = scn_end_cited(end, op);

	return text != NULL && scn_cited_parse(text, op, cited) == NULL;
}

/* thousandths of instructions, or of cycles, as time on that end's board */
static int64_t
time_of(struct scn_end end, int64_t milli, bool is_cycles)
{
	int64_t cpi_milli = is_cycles ? MILLI : scn_end_get(end, SCN_CPU_CPI);

	return mul_div(milli * cpi_milli, PS_PER_S / ((int64_t)MILLI * MILLI),
	    scn_end_get(end, SCN_CPU_CLOCK));
}

struct scn_cited_line
scn_cited_compare(struct scn_end end, const struct scn_cited *cited)
{
	struct scn_cited_line line;
	int64_t milli = 0;

	for (int op = 0; op < N_OPS; op++)
		milli += cited->milli[op] *
		    scn_end_get(end, (enum scn_key)(SCN_COST_FIRST + op));
	line.price_insns = (milli + MILLI / 2) / MILLI;
	line.price_ps = time_of(end, milli, false);
	line.low_ps = time_of(end, cited->low * MILLI, cited->is_cycles);
	line.high_ps = time_of(end, cited->high * MILLI, cited->is_cycles);
	line.ratio_milli = mul_div(line.price_ps, 2 * MILLI,
	    line.low_ps + line.high_ps);
	return line;
}
