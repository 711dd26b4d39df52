#include "sim/scenario/platform.h"

#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/suggest.h"

/* What is gathered on the way. */
struct reading {
	const char *path;
	struct scn_mistakes *m;
	GPtrArray *hosts;	/* names */
	bool is_open;		/* there may be other hosts */
};

static struct scn_spot
spot_of(const struct reading *r, GMarkupParseContext *context)
{
	struct scn_spot at = { { r->path, 0 }, NULL, NULL };
	int line = 0;

	if (context != NULL)
		g_markup_parse_context_get_position(context, &line, NULL);
	at.place.line = (unsigned)line;
	return at;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static void
look_at_attribute(const struct reading *r, GMarkupParseContext *context,
    const char *element, const char *name, const char *value)
{
	static const char *const profiles[] = { "availability_file",
		"state_file", "bandwidth_file", "latency_file", "speed_file",
		NULL };
	struct scn_spot at = spot_of(r, context);

	if (is_one_of(name, profiles))
		scn_mistake(r->m, &at, "%s of a %s: what changes with time "
		    "is not permitted", name, element);
	if (strcmp(value, "WIFI") == 0 || strcmp(value, "Wifi") == 0)
		scn_mistake(r->m, &at, "%s = %s of a %s: links are "
		    "SPLITDUPLEX, SHARED or FATPIPE", name, value, element);
	if (strcmp(element, "host") == 0 && strcmp(name, "id") == 0)
		g_ptr_array_add(r->hosts, g_strdup(value));
}

static void
begin_element(GMarkupParseContext *context, const char *element,
    const char **names, const char **values, void *arg, GError **error)
{
	static const char *const refused[] = { "trace", "trace_connect",
		NULL };
	static const char *const makers[] = { "cluster", "cabinet", "peer",
		"include", NULL };
	struct reading *r = arg;
	struct scn_spot at = spot_of(r, context);

	(void)error;
	r->is_open |= is_one_of(element, makers);
	if (is_one_of(element, refused))
		scn_mistake(r->m, &at, "%s: what changes with time is not "
		    "permitted", element);
	for (int i = 0; names[i] != NULL; i++)
		look_at_attribute(r, context, element, names[i], values[i]);
}

static void
look_for_host(const struct reading *r, const char *host,
    const struct scn_spot *at)
{
	const char *const *names = (const char *const *)r->hosts->pdata;
	g_autofree char *there = NULL, *hint = NULL, *quoted = NULL;

	if (r->is_open || is_one_of(host, names))
		return;
	there = g_strjoinv(", ", (char **)r->hosts->pdata);
	quoted = scn_quote(host);
	hint = scn_did_you_mean(scn_suggest(host, names));
	scn_mistake(r->m, at, "%s has no host %s%s; there are: %.500s",
	    r->path, quoted, hint, there);
}

static bool
parse(struct reading *r, const char *bytes, size_t len)
{
	static const GMarkupParser parser = { .start_element = begin_element };
	g_autoptr(GMarkupParseContext) context
	    = g_markup_parse_context_new(&parser, 0, r, NULL);
	g_autoptr(GError) error = NULL;
	struct scn_spot here;

	if (g_markup_parse_context_parse(context, bytes, (gssize)len, &error)
	    && g_markup_parse_context_end_parse(context, &error))
		return true;
	here = spot_of(r, context);
	scn_mistake(r->m, &here, "no well-formed XML: %s", error->message);
	return false;
}

void
scn_platform_check(const char *path, const char *const *hosts,
    const struct scn_spot *at, struct scn_mistakes *m)
{
	struct reading r = { .path = path, .m = m,
		.hosts = g_ptr_array_new_with_free_func(g_free) };
	size_t len;
	g_autofree char *bytes = scn_read(path, &len, at, m);

	if (bytes != NULL)
		scn_mistakes_file(m, path);
	if (bytes != NULL && parse(&r, bytes, len)) {
		g_ptr_array_add(r.hosts, NULL);
		for (; *hosts != NULL; hosts++)
			look_for_host(&r, *hosts, at);
	}
	g_ptr_array_unref(r.hosts);
}
