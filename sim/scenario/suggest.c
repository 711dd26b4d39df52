/*
 * Edit distance with transpositions (optimal string alignment), three rows of
 * a matrix at a time.
 */
#include "sim/scenario/suggest.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_WORD = 63, MIN_BEGINNING = 3 };

static size_t
word_length(const char *word)
{
	return strnlen(word, MAX_WORD);
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	return MIN(a, MIN(b, c));
}

unsigned
scn_edit_distance(const char *a, const char *b)
{
	unsigned rows[3][MAX_WORD + 1];	/* [i % 3]: distances of a's prefix i */
	size_t n = word_length(a), m = word_length(b);

	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			char x = g_ascii_tolower(a[i - 1]);
			char y = g_ascii_tolower(b[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1,
			    above[j - 1] + (x != y));
			if (i > 1 && j > 1 &&
			    x == g_ascii_tolower(b[j - 2]) &&
			    y == g_ascii_tolower(a[i - 2]))
				row[j] = MIN(row[j],
				    rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

/* is_beginning: did the hand stop early? */
static bool
is_beginning(const char *word, const char *of)
{
	size_t length = strlen(word);

	return length >= MIN_BEGINNING &&
	    g_ascii_strncasecmp(word, of, length) == 0;
}

const char *
scn_suggest(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	unsigned least_distance = MAX_WORD;

	for (; *words != NULL; words++) {
		size_t longer = MAX(word_length(word), word_length(*words));
		unsigned limit = MAX(1, (unsigned)longer / 3);
		unsigned distance = scn_edit_distance(word, *words);

		if (is_beginning(word, *words))
			distance = MIN(distance, limit);
		if (distance <= limit && distance < least_distance) {
			nearest = *words;
			least_distance = distance;
		}
	}
	return nearest;
}
