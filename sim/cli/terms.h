/*
 * Words of the trade that "explain" knows, beside keys and columns.
 *
 * Owns: nothing; the table is constant.
 */
#ifndef SIM_CLI_TERMS_H
#define SIM_CLI_TERMS_H

struct cli_term {
	const char *name;
	const char *text;
};

/* sorted by name; a row without a name ends it */
extern const struct cli_term cli_terms[];

#endif
