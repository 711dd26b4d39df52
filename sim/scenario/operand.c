#include "sim/scenario/operand.h"

#include <string.h>

#include "sim/scenario/suggest.h"

enum { MAX_LISTED = 80 };	/* names that a message lists: all results */

struct scn_operands {
	bool has_variants;
	const char **variants;	/* names of the points; NULL ends it */
	size_t n_variants;
	const char *results[RES_N_COLUMNS + 1];
	const char *lines[RES_N_LINES + 1];
};

static bool
has_variant_group(const struct scn_text *text)
{
	for (size_t i = 0; i < text->groups->len; i++) {
		const char *name = scn_text_group(text, i)->name;

		if (strcspn(name, " \t") == strlen("variant") &&
		    g_str_has_prefix(name, "variant"))
			return true;
	}
	return false;
}

struct scn_operands *
scn_operands_new(const struct scenario *scn, const struct scn_text *text)
{
	struct scn_operands *names = g_new0(struct scn_operands, 1);

	names->has_variants = has_variant_group(text);
	names->n_variants = scn_n_points(scn);
	names->variants = g_new0(const char *, names->n_variants + 1);
	for (size_t i = 0; i < names->n_variants; i++)
		names->variants[i] = scn_point_name(scn_point(scn, i));
	for (unsigned c = 0; c < RES_N_COLUMNS; c++)
		names->results[c] = res_column_short((enum res_column)c);
	for (int line = 0; line < RES_N_LINES; line++)
		names->lines[line] = res_line_name(line);
	return names;
}

void
scn_operands_free(struct scn_operands *names)
{
	g_free(names->variants);
	g_free(names);
}

/* no_such: "there is no variant "x"; permitted: ...; did you mean ...?" */
static bool
no_such(struct scn_loader *ld, const struct scn_spot *at, const char *what,
    const char *word, const char *const *words)
{
	g_autofree char *quoted = scn_quote(word);
	g_autofree char *hint = scn_did_you_mean(scn_suggest(word, words));
	size_t n = g_strv_length((char **)(guintptr)words);
	g_autofree char *list = n <= MAX_LISTED ?
	    g_strjoinv(", ", (char **)(guintptr)words) :
	    g_strdup_printf("one of %" G_GSIZE_FORMAT, n);

	scn_mistake(ld->mistakes, at, "there is no %s %s; permitted: %s%s",
	    what, quoted, list, hint);
	return false;
}

/* unknown_result: the word before a dot, if there is one, is a cause */
static bool
unknown_result(struct scn_loader *ld, const struct scn_operands *names,
    const char *name, const struct scn_spot *at)
{
	static const char *const only_sum[] = { "sum", NULL };
	const char *dot = strchr(name, '.');
	g_autofree char *cause = NULL;

	if (dot == NULL && res_find_line(name) < RES_N_LINES) {
		scn_mistake(ld->mistakes, at, "%s is a cause; permitted: "
		    "%s.sum and so on; \"loansim explain expect\" lists "
		    "them", name, name);
		return false;
	}
	if (dot == NULL)
		return no_such(ld, at, "result", name, names->results);
	cause = g_strndup(name, (size_t)(dot - name));
	if (res_find_line(cause) == RES_N_LINES)
		return no_such(ld, at, "cause", cause, names->lines);
	if (res_find_line(cause) > RES_LINE_PROCESSOR)
		return no_such(ld, at, "quantity", dot + 1, only_sum);
	return no_such(ld, at, "quantity", dot + 1, res_part_names);
}

/* find_variant: the point named before the first dot, which *name passes */
static bool
find_variant(struct scn_loader *ld, const struct scn_operands *names,
    const char **name, const struct scn_spot *at, size_t *point)
{
	size_t length = strcspn(*name, ".");
	g_autofree char *variant = g_strndup(*name, length);
	struct res_quantity ignored;

	for (size_t i = 0; i < names->n_variants; i++)
		if (strcmp(names->variants[i], variant) == 0 &&
		    (*name)[length] == '.') {
			*name += length + 1;
			*point = i;
			return true;
		}
	if (res_quantity_find(*name, &ignored)) {
		scn_mistake(ld->mistakes, at, "%s of which variant? permitted: "
		    "VARIANT.%s", *name, *name);
		return false;
	}
	if ((*name)[length] != '.') {
		scn_mistake(ld->mistakes, at, "names no result; permitted: "
		    "VARIANT.RESULT, as in %s.throughput", names->variants[0]);
		return false;
	}
	return no_such(ld, at, "variant", variant, names->variants);
}

static bool
parse_operand(struct scn_loader *ld, const struct scn_operands *names,
    const char *text, const struct scn_spot *at, struct scn_operand *operand)
{
	operand->point = 0;
	if (names->has_variants &&
	    !find_variant(ld, names, &text, at, &operand->point))
		return false;
	return res_quantity_find(text, &operand->quantity) ||
	    unknown_result(ld, names, text, at);
}

static bool
check_units(struct scn_loader *ld, const struct scn_expect *expect,
    const struct scn_spot *at)
{
	const struct scn_operand *o = expect->operand;

	if (expect->n_operands == 1 || res_quantity_unit(&o[0].quantity) ==
	    res_quantity_unit(&o[1].quantity))
		return true;
	scn_mistake(ld->mistakes, at, "relates results of different units; "
	    "permitted: two of one unit");
	return false;
}

bool
scn_operands_parse(struct scn_loader *ld, const struct scn_operands *names,
    const char *left, const struct scn_spot *at, struct scn_expect *expect)
{
	g_auto(GStrv) parts = g_strsplit(left, "/", -1);
	g_autofree char *plain = NULL;
	size_t n = g_strv_length(parts);
	bool is_good = true;

	if (n == 0 || n > 2) {
		scn_mistake(ld->mistakes, at, "is no expectation; permitted: "
		    "VARIANT.RESULT, or one of them / another");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		is_good &= parse_operand(ld, names, g_strstrip(parts[i]), at,
		    &expect->operand[i]);
	plain = g_strjoinv(" / ", parts);
	expect->left = scn_keep(ld->scn, plain);
	expect->n_operands = n;
	return is_good && check_units(ld, expect, at);
}
