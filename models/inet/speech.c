#include "models/inet/speech.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

enum { SPEECH_FIRST_SIZE = 2 };

void
speech_init(struct speech *speech)
{
	memset(speech, 0, sizeof *speech);
}

void
speech_fini(struct speech *speech)
{
	free(speech->ring);
	speech_init(speech);
}

static struct message *
nth(struct speech *speech, uint32_t i)
{
	return &speech->ring[(speech->head + i) & (speech->size - 1)];
}

static void
grow(struct speech *speech)
{
	uint32_t size = speech->size > 0 ? 2 * speech->size : SPEECH_FIRST_SIZE;
	struct message *ring = calloc(size, sizeof *ring);

	CHECK(ring != NULL, "memory for what is said");
	for (uint32_t i = 0; i < speech->n; i++)
		ring[i] = *nth(speech, i);
	free(speech->ring);
	speech->ring = ring;
	speech->head = 0;
	speech->size = size;
}

static int64_t
end_of(const struct message *m)
{
	return m->from + m->bytes;
}

void
speech_say(struct speech *speech, int64_t from, int64_t bytes,
    const struct sys_words *words)
{
	CHECK(bytes > 0, "a message has bytes");
	if (speech->n == speech->size)
		grow(speech);
	CHECK(speech->n == 0 || end_of(nth(speech, speech->n - 1)) <= from,
	    "messages come one behind the other");
	*nth(speech, speech->n++) = (struct message){from, bytes, *words};
}

const struct message *
speech_at(struct speech *speech, int64_t place)
{
	while (speech->n > 0 && end_of(nth(speech, 0)) <= place) {
		speech->head = (speech->head + 1) & (speech->size - 1);
		speech->n--;
	}
	return speech->n > 0 ? nth(speech, 0) : NULL;
}
