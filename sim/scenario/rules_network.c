/*
 * Rules of [network]: what a star has and a platform has not, and that the
 * hosts which are named are there.
 */
#include <string.h>

#include "sim/scenario/platform.h"
#include "sim/scenario/rules_own.h"

static bool
is_star(const struct rules_of *c)
{
	const char *star = scn_row(SCN_NET_PLATFORM)->special;

	return g_str_equal(rules_slot(c, SCN_NET_PLATFORM)->text, star);
}

static bool
is_given(const struct rules_of *c, enum scn_key key)
{
	const struct scn_slot *slot = rules_slot(c, key);

	return !slot->is_bad && *slot->text != '\0';
}

/*
 * platform_of: the one that the scenario names, read once for many points.
 *
 * => NULL: it has mistakes, which have been told
 */
static const struct scn_platform *
platform_of(const struct rules_of *c)
{
	const struct scn_slot *slot = rules_slot(c, SCN_NET_PLATFORM);
	struct scn_spot at = { slot->place, "network", "platform" };
	g_autofree char *path = scn_point_path(c->pt, slot->text);
	struct scn_loader *ld = c->ld;

	if (g_strcmp0(ld->platform_path, path) == 0)
		return ld->platform;
	g_clear_pointer(&ld->platform, scn_platform_free);
	ld->platform_path = scn_keep(ld->scn, path);
	ld->platform = scn_platform_read(ld->platform_path, &at,
	    ld->mistakes);
	return ld->platform;
}

static void
check_host(const struct rules_of *c, const struct scn_platform *platform,
    const char *host, enum scn_key key)
{
	g_autofree char *group = key == SCN_NET_BOARD ? g_strdup("network") :
	    g_strconcat("process ", c->named->name, NULL);
	struct scn_spot at = {
		rules_slot(c, key)->place, group, scn_row(key)->name
	};

	scn_platform_host(platform, host, &at, c->ld->mistakes);
}

/* check_at: where the clients of a group are */
static void
check_at(const struct rules_of *c, const struct scn_platform *platform)
{
	g_auto(GStrv) hosts =
	    g_strsplit(rules_slot(c, SCN_PROC_AT)->text, ",", -1);

	for (char **host = hosts; *host != NULL; host++) {
		g_strstrip(*host);
		if (strcmp(*host, rules_slot(c, SCN_NET_BOARD)->text) == 0)
			rules_broken(c, SCN_PROC_AT, SCN_NET_BOARD,
			    "that host is the board, and no client's");
		else
			check_host(c, platform, *host, SCN_PROC_AT);
	}
}

/* check_platform: a file's, which has links and names of its own */
static void
check_platform(struct rules_of *c)
{
	static const enum scn_key of_star[] = {
		SCN_NET_CLIENT_RATE, SCN_NET_CLIENT_DELAY
	};
	const struct scn_platform *platform = platform_of(c);

	if (!is_given(c, SCN_NET_BOARD))
		rules_told(c, SCN_NET_PLATFORM, "which of its hosts is the "
		    "board? write board = NAME");
	else if (platform != NULL)
		check_host(c, platform,
		    rules_slot(c, SCN_NET_BOARD)->text, SCN_NET_BOARD);
	for (size_t i = 0; i < G_N_ELEMENTS(of_star); i++)
		if (rules_slot(c, of_star[i])->owner != 0)
			rules_broken(c, of_star[i], SCN_NET_PLATFORM,
			    "a platform has links of its own");
	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		if (platform != NULL && is_given(c, SCN_PROC_AT))
			check_at(c, platform);
	}
}

/* check_star: its clients are all alike, and have no names */
static void
check_star(struct rules_of *c)
{
	if (is_given(c, SCN_NET_BOARD))
		rules_broken(c, SCN_NET_BOARD, SCN_NET_PLATFORM,
		    "only a platform from a file has hosts with names");
	for (size_t i = 0; i < scn_n_processes(c->pt); i++) {
		c->named = scn_point_named(c->pt, SCN_PROCESSES, i);
		if (is_given(c, SCN_PROC_AT))
			rules_broken(c, SCN_PROC_AT, SCN_NET_PLATFORM,
			    "the clients of a star have no names");
	}
}

void
rules_check_network(struct rules_of *c)
{
	if (rules_slot(c, SCN_NET_PLATFORM)->is_bad)
		return;
	if (is_star(c))
		check_star(c);
	else
		check_platform(c);
}
