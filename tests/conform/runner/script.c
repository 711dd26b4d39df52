#include "tests/conform/runner/script.h"

#include <stdio.h>
#include <string.h>

#include "models/inet/tcp.h"
#include "tests/support/machine.h"

enum { MIN_MTU = 68, MAX_MTU = 65535 };

/* What netbsd-2002.md section 5.4 has, but no options. */
static void
set_tcp(struct tcp_config *tcp)
{
	*tcp = (struct tcp_config){
	    .output = TCP_OUTPUT_REFERENCE,
	    .init_win = 1,
	    .mtu = 1500,
	    .timers = TCP_TIMERS_TICKS,
	    .rto_min = PS_PER_S,
	    .delack = 200 * PS_PER_MS,
	    .keepidle = 7200 * PS_PER_S,
	    .keepintvl = 75 * PS_PER_S,
	    .msl = 30 * PS_PER_S,
	    .recvspace = 16384};
}

/* All prices 0; memory, bus and link so fast that they take no visible time. */
static void
set_machine(struct script *script)
{
	struct world_config *config = &script->config;
	const int64_t fast_bps = INT64_C(10000000000000);

	*config = machine_config();
	for (int op = 0; op < N_OPS; op++)
		config->host.cost.op_insns[op] = 0;
	config->host.bus = (struct bus_config){fast_bps, fast_bps, fast_bps, 0,
	    BUS_DMA_FIRST};
	config->host.sosend.sosend_counters = true;
	set_tcp(&config->host.tcp);
	config->link = (struct link_config){fast_bps * 8, 0};
	config->duration = SIM_TIME_MAX - PS_PER_S;
	config->drain = PS_PER_S;
	script->sndbuf = 16384;
	script->sndlowat = MCLBYTES;
	script->udp_sndbuf = 9216;
}

static void
tell_mistake(struct script *script, int line, const char *mistake)
{
	script->n_mistakes++;
	fprintf(stderr, "%s:%d: error: %s\n", script->file, line, mistake);
}

static void
parse_link(struct cursor *cur, struct script *script)
{
	int64_t mbits = cur_number(cur, "the rate of the link", 1, 100000);

	cur_need(cur, "Mbit/s");
	script->config.link.bits_per_s = mbits * 1000000;
}

/* => false: no line of the configuration */
static bool
parse_config(struct cursor *cur, struct script *script)
{
	if (cur_take(cur, "kernel"))
		key_parse(cur, script);
	else if (cur_take(cur, "mtu"))
		script->config.host.tcp.mtu =
		    cur_number(cur, "mtu", MIN_MTU, MAX_MTU);
	else if (cur_take(cur, "link"))
		parse_link(cur, script);
	else
		return false;
	if (script->events->len > 0)
		cur_fail(cur, "a setting after the first event; permitted: "
		    "settings before it");
	return true;
}

static void
parse_checks(struct cursor *cur, struct event *ev)
{
	int64_t conn = 1;

	if (cur_is_number(cur))
		conn = cur_number(cur, "the connection", 1, SEG_MAX_CONN);
	do {
		struct state_check *check = &ev->checks[ev->n_checks];

		if (ev->n_checks == SCRIPT_MAX_CHECKS) {
			cur_fail(cur, "too many; permitted: %d on a line",
			    SCRIPT_MAX_CHECKS);
			return;
		}
		check->conn = (uint16_t)conn;
		state_parse(cur, check);
		ev->n_checks++;
	} while (cur_take(cur, ","));
}

static void
parse_ifq(struct cursor *cur, struct event *ev)
{
	static const char *const words[] = {"free", "full", NULL};

	ev->kind = EVENT_IFQ;
	ev->is_full = cur_choice(cur, "condition", words) == 1;
}

static void
parse_action(struct cursor *cur, struct event *ev)
{
	if (cur_take(cur, "<")) {
		ev->kind = EVENT_INJECT;
		segment_parse(cur, &ev->segment);
	} else if (cur_take(cur, ">")) {
		ev->kind = EVENT_EXPECT;
		segment_parse(cur, &ev->segment);
	} else if (cur_take(cur, "?")) {
		ev->kind = EVENT_STATE;
		parse_checks(cur, ev);
	} else if (cur_take(cur, "ifq")) {
		parse_ifq(cur, ev);
	} else {
		ev->kind = EVENT_CALL;
		call_parse(cur, ev->at, &ev->call);
	}
}

static sim_time
last_date(const struct script *script)
{
	const struct event *last;

	if (script->events->len == 0)
		return 0;
	last = g_ptr_array_index(script->events, script->events->len - 1);
	return last->at;
}

static void
parse_event(struct cursor *cur, struct script *script, int line)
{
	struct event *ev = g_new0(struct event, 1);

	ev->line = line;
	ev->at = cur_date(cur, last_date(script));
	if (cur->mistake == NULL)
		parse_action(cur, ev);
	if (!cur_at_end(cur))
		cur_need(cur, "the end of the line");
	if (ev->kind == EVENT_CALL && ev->call.proc >= script->n_procs)
		script->n_procs = ev->call.proc + 1;
	if (cur->mistake != NULL)
		g_free(ev);
	else
		g_ptr_array_add(script->events, ev);
}

static void
parse_line(struct script *script, const char *text, int line)
{
	struct cursor cur = {text, NULL};

	if (cur_at_end(&cur))
		return;
	if (g_ascii_isdigit(*cur.at) || *cur.at == '+')
		parse_event(&cur, script, line);
	else if (!parse_config(&cur, script))
		cur_fail(&cur, "unexpected \"%.20s\"; permitted: a date, "
		    "kernel, mtu, link, # and a comment", cur.at);
	else if (!cur_at_end(&cur))
		cur_need(&cur, "the end of the line");
	if (cur.mistake != NULL)
		tell_mistake(script, line, cur.mistake);
	g_free(cur.mistake);
}

static void
parse(struct script *script, const char *text)
{
	char **lines = g_strsplit(text, "\n", -1);

	for (int i = 0; lines[i] != NULL; i++) {
		script->n_lines = i + 1;
		parse_line(script, lines[i], i + 1);
	}
	if (lines[0] == NULL || lines[0][0] != '#')
		tell_mistake(script, 1, "the script does not say what it is "
		    "for; permitted: a comment first");
	else if (script->events->len == 0 && script->n_mistakes == 0)
		tell_mistake(script, script->n_lines, "the script has no "
		    "event; permitted: lines that begin with a date");
	g_strfreev(lines);
}

struct script *
script_read(const char *file)
{
	struct script *script = g_new0(struct script, 1);
	char *text;

	script->file = file;
	script->n_procs = 1;
	script->events = g_ptr_array_new_with_free_func(g_free);
	set_machine(script);
	if (g_file_get_contents(file, &text, NULL, NULL)) {
		parse(script, text);
		g_free(text);
		return script;
	}
	tell_mistake(script, 1, "the file cannot be read; permitted: scripts");
	return script;
}

void
script_free(struct script *script)
{
	g_ptr_array_free(script->events, TRUE);
	g_free(script);
}
