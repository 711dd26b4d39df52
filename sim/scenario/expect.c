/*
 * The right side of an expectation, and the list of them.
 */
#include "sim/scenario/expect.h"

#include <string.h>

#include "sim/scenario/operand.h"

#define FORMS	"\"= 6500 KB/s +- 2 %\", \"= 6500 KB/s +- 50 KB/s\", "	\
	"\">= 1.5\", \"<= 3\""

/* One entry under way. */
struct line {
	struct scn_loader *ld;
	const struct scn_spot *at;
	const char *unit_names;	/* what the left side permits */
	enum res_unit unit;
	char relation;		/* '=', '>' or '<' */
};

size_t
scn_n_expects(const struct scenario *scn)
{
	return scn->expects->len;
}

const struct scn_expect *
scn_expect(const struct scenario *scn, size_t i)
{
	g_assert(i < scn->expects->len);
	return &g_array_index(scn->expects, struct scn_expect, i);
}

const char *
scn_changed_by(const struct scenario *scn)
{
	return scn->changed_by;
}

static bool
complain(const struct line *line, const char *text, const char *what,
    const char *permitted)
{
	g_autofree char *quoted = scn_quote(text);

	scn_mistake(line->ld->mistakes, line->at, "%s %s; permitted: %s",
	    quoted, what, permitted);
	return false;
}

/*
 * parse_amount: "6500 KB/s": a number, and what one of its unit is.
 *
 * => a bare "0" needs no unit
 */
static bool
parse_amount(const struct line *line, const char *text, struct fraction *number,
    const char **unit, struct fraction *factor)
{
	const char *rest = fraction_parse(text, number);

	if (rest == NULL)
		return complain(line, text, *text == '\0' ? "is empty" :
		    "is no number of the form 12 or 1.5, with at most 15 "
		    "digits, 6 of them decimals", FORMS);
	*unit = rest + strspn(rest, " \t");
	if (res_unit_factor(line->unit, *unit, factor))
		return true;
	if (**unit == '\0' && number->num == 0) {
		*factor = fraction_make(1, 1);
		return true;
	}
	return complain(line, text, **unit == '\0' ? "has no unit" :
	    "has a wrong unit", line->unit_names);
}

/* parse_tolerance: what follows "+-", in the base unit */
static bool
parse_tolerance(const struct line *line, const char *text,
    struct fraction value, struct fraction *tolerance)
{
	struct fraction number, factor;
	const char *unit = fraction_parse(text, &number);

	if (unit != NULL && strcmp(unit + strspn(unit, " \t"), "%") == 0)
		return (fraction_mul(number, fraction_make(1, 100), &number) &&
		    fraction_mul(value, number, tolerance)) ||
		    complain(line, text, "is too large", "fewer digits");
	return parse_amount(line, text, &number, &unit, &factor) &&
	    (fraction_mul(number, factor, tolerance) ||
	    complain(line, text, "is too large", "fewer digits"));
}

/* set_ends: the interval that relation, value and tolerance stand for */
static bool
set_ends(const struct line *line, struct fraction value,
    struct fraction tolerance, struct scn_expect *expect)
{
	expect->has_low = line->relation != '<';
	expect->has_high = line->relation != '>';
	return fraction_sub(value, tolerance, &expect->low) &&
	    fraction_add(value, tolerance, &expect->high);
}

/* parse_right: "6500 KB/s +- 2 %", the relation being known */
static bool
parse_right(const struct line *line, const char *text,
    struct scn_expect *expect)
{
	const char *plus = strstr(text, "+-");
	g_autofree char *amount = g_strchomp(plus == NULL ? g_strdup(text) :
	    g_strndup(text, (size_t)(plus - text)));
	struct fraction number, tolerance = { 0, 1 };
	const char *unit;

	if (plus != NULL && line->relation != '=')
		return complain(line, text, "bounds one side, and \"+-\" both",
		    FORMS);
	if (!parse_amount(line, amount, &number, &unit, &expect->factor))
		return false;
	expect->unit = scn_keep(line->ld->scn, unit);
	if (!fraction_mul(number, expect->factor, &number))
		return complain(line, text, "is too large", "fewer digits");
	if (plus != NULL && !parse_tolerance(line, plus + 2 +
	    strspn(plus + 2, " \t"), number, &tolerance))
		return false;
	return set_ends(line, number, tolerance, expect) ||
	    complain(line, text, "is too large", "fewer digits");
}

/*
 * take_relation: "=", ">" or "<" for "=", ">=" and "<=", wherever it stands:
 * at the key's end, whose "=" was the entry's, or before the value.
 */
static char
take_relation(char *key, const char **value)
{
	size_t length = strlen(key);
	char relation = '=';

	if (length > 0 && strchr("<>", key[length - 1]) != NULL) {
		relation = key[length - 1];
		key[length - 1] = '\0';
		g_strchomp(key);
	} else if (g_str_has_prefix(*value, ">=") ||
	    g_str_has_prefix(*value, "<=")) {
		relation = **value;
		*value += 2;
		*value += strspn(*value, " \t");
	}
	return relation;
}

/* check_twice: does an earlier line say the same side of the same result? */
static bool
check_twice(const struct line *line, const struct scn_expect *expect)
{
	const struct scenario *scn = line->ld->scn;

	for (size_t i = 0; i < scn->expects->len; i++) {
		const struct scn_expect *other = scn_expect(scn, i);

		if (strcmp(other->left, expect->left) != 0 ||
		    !((other->has_low && expect->has_low) ||
		    (other->has_high && expect->has_high)))
			continue;
		scn_mistake(line->ld->mistakes, line->at,
		    "given twice; the first is in line %u",
		    other->place.line);
		return false;
	}
	return true;
}

static void
load_entry(struct scn_loader *ld, const struct scn_operands *names,
    const struct scn_entry *entry)
{
	g_autofree char *key = g_strdup(entry->key);
	const char *value = entry->value;
	char relation = take_relation(key, &value);
	struct scn_spot at = {
		{ ld->file, entry->line }, "expect", key
	};
	struct line line = { .ld = ld, .at = &at, .relation = relation };
	struct scn_expect expect = { .place = at.place };
	g_autofree char *right = g_strdup_printf("%s= %s",
	    relation == '=' ? "" : relation == '<' ? "<" : ">", value);

	if (!scn_operands_parse(ld, names, key, &at, &expect))
		return;
	line.unit = expect.n_operands == 2 ? RES_UNIT_NUMBER :
	    res_quantity_unit(&expect.operand[0].quantity);
	line.unit_names = res_unit_names(line.unit);
	expect.right = scn_keep(ld->scn, right);
	if (parse_right(&line, value, &expect) && check_twice(&line, &expect))
		g_array_append_val(ld->scn->expects, expect);
}

void
scn_expects_load(struct scn_loader *ld, const struct scn_text *text)
{
	struct scn_operands *names = scn_operands_new(ld->scn, text);

	for (size_t i = 0; i < text->groups->len; i++) {
		const struct scn_group *group = scn_text_group(text, i);

		if (strcmp(group->name, "expect") != 0)
			continue;
		for (size_t e = 0; e < group->n_entries; e++)
			load_entry(ld, names, scn_group_entry(text, group, e));
	}
	scn_operands_free(names);
}

/* is_about: does an expectation belong into the dump of that point? */
static bool
is_about(const struct scenario *scn, const struct scn_expect *expect, size_t i)
{
	bool relates = expect->n_operands == 2 &&
	    expect->operand[0].point != expect->operand[1].point;

	return relates ? i == scn_n_points(scn) : expect->operand[0].point == i;
}

GString *
scn_dump_expects(const struct scenario *scn, size_t i)
{
	GString *out = g_string_new(NULL);

	for (size_t e = 0; e < scn->expects->len; e++) {
		const struct scn_expect *expect = scn_expect(scn, e);

		if (scn->changed_by != NULL || !is_about(scn, expect, i))
			continue;
		g_string_append_printf(out, "%s%s %s\n",
		    out->len == 0 ? "\n[expect]\n" : "", expect->left,
		    expect->right);
	}
	return out;
}
