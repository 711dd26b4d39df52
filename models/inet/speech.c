#include "models/inet/speech.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"

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

static uint32_t
size_of(const struct speech *speech)
{
	return speech->ring != NULL ? speech->size : SPEECH_FEW;
}

static struct message *
nth(struct speech *speech, uint32_t i)
{
	struct message *ring = speech->ring != NULL ? speech->ring :
	    speech->few;

	return &ring[(speech->head + i) & (size_of(speech) - 1)];
}

static void
grow(struct speech *speech)
{
	uint32_t size = 2 * size_of(speech);
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
	if (speech->n == size_of(speech))
		grow(speech);
	CHECK(speech->n == 0 || end_of(nth(speech, speech->n - 1)) <= from,
	    "messages come one behind the other");
	*nth(speech, speech->n++) = (struct message){from, bytes, *words};
}

const struct message *
speech_at(struct speech *speech, int64_t place)
{
	while (speech->n > 0 && end_of(nth(speech, 0)) <= place) {
		speech->head = (speech->head + 1) & (size_of(speech) - 1);
		speech->n--;
	}
	return speech->n > 0 ? nth(speech, 0) : NULL;
}
