#include "models/kern/watch.h"

void
watch_tell_packet(const struct watcher *watch, enum watch_event event,
    uint32_t conn, const struct tcp_header *th, uint32_t payload_bytes)
{
	struct watch_note note = {.event = event,
	    .conn = conn,
	    .th = th,
	    .payload_bytes = payload_bytes};

	watch->note(watch->arg, &note);
}

void
watch_tell_level(const struct watcher *watch, enum watch_event event,
    uint32_t conn, int64_t level, int64_t limit)
{
	struct watch_note note = {.event = event,
	    .conn = conn,
	    .level = level,
	    .limit = limit};

	watch->note(watch->arg, &note);
}
