/*
 * Mistakes: everything wrong with a scenario, collected and told in one go.
 *
 * Stands for: the user's errors.  Loading goes on after each, so that a file
 *	is mended in one round and not in ten.
 * Owns: the texts, until scn_mistakes_take(); file names are borrowed.
 */
#ifndef SIM_SCENARIO_MISTAKE_H
#define SIM_SCENARIO_MISTAKE_H

#include <glib.h>
#include <stdbool.h>

/* Where something stands.  line 0: the file as a whole, or an override. */
struct scn_place {
	const char *file;
	unsigned line;
};

/* The same with the words it is about; group and key may be NULL. */
struct scn_spot {
	struct scn_place place;
	const char *group;	/* "kernel", "process ttcp" */
	const char *key;
};

struct scn_mistakes;

struct scn_mistakes *scn_mistakes_new(void);
void scn_mistakes_free(struct scn_mistakes *m);

/*
 * scn_mistakes_file: tell in which order files are to be reported.
 *
 * => file must live as long as m; naming one again changes nothing
 */
void scn_mistakes_file(struct scn_mistakes *m, const char *file);

/* scn_mistake: "file:line: error: [group] key: " and the message */
void scn_mistake(struct scn_mistakes *m, const struct scn_spot *at,
    const char *fmt, ...) G_GNUC_PRINTF(3, 4);

size_t scn_mistakes_count(const struct scn_mistakes *m);

/*
 * scn_mistakes_take: move the texts to errors, in order of file and line,
 * each once.
 *
 * => beyond 10,000 of them only their number is told
 */
void scn_mistakes_take(struct scn_mistakes *m, GPtrArray *errors);

/* scn_escape: text with all that is no printable UTF-8 as \xNN; g_free it */
char *scn_escape(const char *text);

/*
 * scn_quote: a user's text for a message: quoted, escaped, cut after about
 * 60 bytes; g_free it
 */
char *scn_quote(const char *text);

/* scn_did_you_mean: "; did you mean \"x\"?", or "" for NULL; g_free it */
char *scn_did_you_mean(const char *suggestion);

/* scn_there_are: "; there are a, b" of a list that NULL ends; g_free it */
char *scn_there_are(const char *const *names);

#endif
