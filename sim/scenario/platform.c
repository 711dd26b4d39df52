#include "sim/scenario/platform.h"

#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/suggest.h"

enum { HOSTS_TOLD = 10 };

struct scn_platform {
	const char *path;
	GPtrArray *hosts;	/* names, NULL behind them */
	bool is_open;		/* there may be other hosts */
};

/* What is gathered on the way. */
struct reading {
	struct scn_platform *to;
	bool has_doctype;
	bool is_begun;
	struct scn_mistakes *m;
};

static struct scn_spot
spot_of(const struct reading *r, GMarkupParseContext *context)
{
	struct scn_spot at = { { r->to->path, 0 }, NULL, NULL };
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
	if (strcmp(name, "sharing_policy") == 0 &&
	    g_ascii_strcasecmp(value, "wifi") == 0)
		scn_mistake(r->m, &at, "%s = %s of a %s: links are "
		    "SPLITDUPLEX, SHARED or FATPIPE", name, value, element);
	if (strcmp(element, "host") == 0 && strcmp(name, "id") == 0)
		g_ptr_array_add(r->to->hosts, g_strdup(value));
}

/* pass: what is no element; the DOCTYPE among it */
static void
pass(GMarkupParseContext *context, const char *text, gsize len, void *arg,
    GError **error)
{
	struct reading *r = arg;

	(void)context;
	(void)error;
	r->has_doctype |= len > 9 && strncmp(text, "<!DOCTYPE", 9) == 0;
}

/* check_doctype: SimGrid's own message about it would help nobody */
static void
check_doctype(struct reading *r, const struct scn_spot *at)
{
	if (!r->has_doctype && !r->is_begun)
		scn_mistake(r->m, at, "no DOCTYPE before the first element; "
		    "write <!DOCTYPE platform SYSTEM "
		    "\"https://simgrid.org/simgrid.dtd\">");
	r->is_begun = true;
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
	check_doctype(r, &at);
	r->to->is_open |= is_one_of(element, makers);
	if (is_one_of(element, refused))
		scn_mistake(r->m, &at, "%s: what changes with time is not "
		    "permitted", element);
	for (int i = 0; names[i] != NULL; i++)
		look_at_attribute(r, context, element, names[i], values[i]);
}

static void
parse(struct reading *r, const char *bytes, size_t len)
{
	static const GMarkupParser parser = { .start_element = begin_element,
		.passthrough = pass };
	g_autoptr(GMarkupParseContext) context
	    = g_markup_parse_context_new(&parser, 0, r, NULL);
	g_autoptr(GError) error = NULL;
	struct scn_spot here;

	if (g_markup_parse_context_parse(context, bytes, (gssize)len, &error)
	    && g_markup_parse_context_end_parse(context, &error))
		return;
	here = spot_of(r, context);
	scn_mistake(r->m, &here, "no well-formed XML: %s", error->message);
}

struct scn_platform *
scn_platform_read(const char *path, const struct scn_spot *at,
    struct scn_mistakes *m)
{
	size_t len, n_before = scn_mistakes_count(m);
	g_autofree char *bytes = scn_read(path, &len, at, m);
	struct scn_platform *platform;
	struct reading r = { .m = m };

	if (bytes == NULL)
		return NULL;
	scn_mistakes_file(m, path);
	platform = g_new0(struct scn_platform, 1);
	platform->path = path;
	platform->hosts = g_ptr_array_new_with_free_func(g_free);
	r.to = platform;
	if (len > SCN_FILE_BYTES)
		scn_mistake(m, at, "%s has more than %d bytes", path,
		    SCN_FILE_BYTES);
	else
		parse(&r, bytes, len);
	g_ptr_array_add(platform->hosts, NULL);
	if (scn_mistakes_count(m) > n_before)
		g_clear_pointer(&platform, scn_platform_free);
	return platform;
}

void
scn_platform_free(struct scn_platform *platform)
{
	g_ptr_array_unref(platform->hosts);
	g_free(platform);
}

/* list_hosts: some of them; g_free it */
static char *
list_hosts(const struct scn_platform *platform)
{
	GString *list = g_string_new(NULL);
	guint n = platform->hosts->len - 1;

	for (guint i = 0; i < MIN(n, HOSTS_TOLD); i++) {
		g_autofree char *name =
		    scn_escape(platform->hosts->pdata[i]);

		g_string_append_printf(list, "%s%.60s", i > 0 ? ", " : "",
		    name);
	}
	if (n > HOSTS_TOLD)
		g_string_append_printf(list, ", and %u more", n - HOSTS_TOLD);
	return g_string_free(list, FALSE);
}

void
scn_platform_host(const struct scn_platform *platform, const char *host,
    const struct scn_spot *at, struct scn_mistakes *m)
{
	const char *const *names =
	    (const char *const *)platform->hosts->pdata;
	g_autofree char *there = NULL, *hint = NULL, *quoted = NULL;

	if (platform->is_open || is_one_of(host, names))
		return;
	there = list_hosts(platform);
	quoted = scn_quote(host);
	hint = scn_did_you_mean(scn_suggest(host, names));
	if (*there == '\0')
		scn_mistake(m, at, "%s has no hosts at all", platform->path);
	else
		scn_mistake(m, at, "%s has no host %s; there are: %s%s",
		    platform->path, quoted, there, hint);
}
