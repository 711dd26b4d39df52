#include "tests/conform/runner/cursor.h"

#include <string.h>

#include "sim/scenario/suggest.h"

enum { MICRO_DIGITS = 6, MAX_DIGITS = 12 };

void
cur_fail(struct cursor *cur, const char *format, ...)
{
	va_list args;

	if (cur->mistake != NULL)
		return;
	va_start(args, format);
	cur->mistake = g_strdup_vprintf(format, args);
	va_end(args);
}

static void
skip_blanks(struct cursor *cur)
{
	while (*cur->at == ' ' || *cur->at == '\t')
		cur->at++;
	if (*cur->at == '#')
		cur->at += strlen(cur->at);
}

/* What stands there, for a mistake: up to the next blank. */
static char *
what_is_next(struct cursor *cur)
{
	size_t n;

	skip_blanks(cur);
	n = strcspn(cur->at, " \t#");
	return n == 0 ? g_strdup("the end of the line") :
	    g_strdup_printf("\"%.*s\"", (int)n, cur->at);
}

static void
fail_at(struct cursor *cur, const char *permitted)
{
	char *next = what_is_next(cur);

	cur_fail(cur, "unexpected %s; permitted: %s", next, permitted);
	g_free(next);
}

bool
cur_at_end(struct cursor *cur)
{
	skip_blanks(cur);
	return *cur->at == '\0';
}

static bool
is_word_char(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

bool
cur_take(struct cursor *cur, const char *text)
{
	size_t n = strlen(text);

	skip_blanks(cur);
	if (cur->mistake != NULL || strncmp(cur->at, text, n) != 0)
		return false;
	if (is_word_char(text[n - 1]) && is_word_char(cur->at[n]))
		return false;
	cur->at += n;
	return true;
}

void
cur_need(struct cursor *cur, const char *text)
{
	if (!cur_take(cur, text))
		fail_at(cur, text);
}

bool
cur_word(struct cursor *cur, char word[CUR_WORD_BYTES])
{
	size_t n = 0;

	skip_blanks(cur);
	while (n < CUR_WORD_BYTES - 1 && is_word_char(cur->at[n]))
		n++;
	if (cur->mistake != NULL || n == 0)
		return false;
	memcpy(word, cur->at, n);
	word[n] = '\0';
	cur->at += n;
	return true;
}

static void
fail_choice(struct cursor *cur, const char *what, const char *word,
    const char *const *words)
{
	const char *nearest = scn_suggest(word, words);
	char *all = g_strjoinv(", ", (char **)words);

	if (nearest != NULL)
		cur_fail(cur, "unknown %s \"%s\", did you mean \"%s\"?; "
		    "permitted: %s", what, word, nearest, all);
	else
		cur_fail(cur, "unknown %s \"%s\"; permitted: %s", what, word,
		    all);
	g_free(all);
}

int
cur_choice(struct cursor *cur, const char *what, const char *const *words)
{
	char word[CUR_WORD_BYTES];
	char *all;

	if (!cur_word(cur, word)) {
		all = g_strjoinv(", ", (char **)words);
		fail_at(cur, all);
		g_free(all);
		return -1;
	}
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	fail_choice(cur, what, word, words);
	return -1;
}

bool
cur_is_number(struct cursor *cur)
{
	skip_blanks(cur);
	return g_ascii_isdigit(cur->at[*cur->at == '-']);
}

/* => false: not a number of at most MAX_DIGITS digits */
static bool
read_digits(const char **at, int64_t *number)
{
	int n = 0;

	*number = 0;
	for (; g_ascii_isdigit(**at) && n <= MAX_DIGITS; (*at)++, n++)
		*number = *number * 10 + (**at - '0');
	return n > 0 && n <= MAX_DIGITS && !is_word_char(**at);
}

int64_t
cur_number(struct cursor *cur, const char *what, int64_t min, int64_t max)
{
	const char *at;
	bool is_negative, is_read;
	int64_t n;

	skip_blanks(cur);
	at = cur->at;
	is_negative = *at == '-';
	at += is_negative;
	is_read = read_digits(&at, &n);
	n = is_negative ? -n : n;
	if (cur->mistake == NULL && is_read && n >= min && n <= max) {
		cur->at = at;
		return n;
	}
	if (cur->mistake == NULL) {
		char *next = what_is_next(cur);

		cur_fail(cur, "%s is %s; permitted: %lld .. %lld", what, next,
		    (long long)min, (long long)max);
		g_free(next);
	}
	return 0;
}

/* The digits behind the point, as microseconds. */
static bool
read_micros(const char **at, int64_t *micros)
{
	int n = 0;

	*micros = 0;
	for (; g_ascii_isdigit(**at) && n < MICRO_DIGITS; (*at)++, n++)
		*micros = *micros * 10 + (**at - '0');
	for (int i = n; i < MICRO_DIGITS; i++)
		*micros *= 10;
	return n > 0 && !is_word_char(**at);
}

sim_time
cur_seconds(struct cursor *cur)
{
	int64_t seconds, micros = 0;
	const char *at;
	bool is_read;

	skip_blanks(cur);
	at = cur->at;
	is_read = read_digits(&at, &seconds);
	if (is_read && *at == '.') {
		at++;
		is_read = read_micros(&at, &micros);
	}
	if (!is_read || seconds >= SIM_TIME_MAX / PS_PER_S) {
		fail_at(cur, "seconds below 4000 with at most 6 decimals, "
		    "as 1.25");
		return 0;
	}
	if (cur->mistake == NULL)
		cur->at = at;
	return seconds * PS_PER_S + micros * PS_PER_US;
}

sim_time
cur_date(struct cursor *cur, sim_time after)
{
	bool is_relative = cur_take(cur, "+");
	sim_time date = cur_seconds(cur);

	if (is_relative)
		date += after;
	if (cur->mistake == NULL && date < after)
		cur_fail(cur, "the date lies before the one above; permitted: "
		    "%.6f and later, or + and a distance",
		    (double)after / (double)PS_PER_S);
	return date;
}
