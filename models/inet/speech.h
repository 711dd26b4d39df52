/*
 * What is said beside the bytes: where messages begin in a stream, how long
 * they are, and what they say.
 *
 * Stands for: the text of requests and of the headers of responses: "GET, this
 *	file", "Content-Length".  Content is not simulated here, so words travel
 *	with a place of the stream instead; who is to hear them asks when bytes
 *	of that place are there.
 *
 *	0 ......... heard ........ place ............ end
 *	             [message)[message)   [message)
 *
 * Units: places in a stream, bytes.  Owns: a ring that only grows: most
 *	talk is one message at a time, and has room in the struct itself.
 */
#ifndef MODELS_INET_SPEECH_H
#define MODELS_INET_SPEECH_H

#include <stdbool.h>
#include <stdint.h>

/* What a request asks for. */
struct sys_words {
	uint32_t file;
	bool is_last;		/* nothing more will be asked for */
	int64_t offset;		/* in the file, */
	int64_t len;		/* ... and how much of it */
};

struct message {
	int64_t from;		/* place of its first byte */
	int64_t bytes;
	struct sys_words words;
};

enum { SPEECH_FEW = 2 };

struct speech {
	struct message few[SPEECH_FEW];	/* the ring, while that is enough */
	struct message *ring;	/* a power of two of messages; NULL: few */
	uint32_t size;		/* 0: few */
	uint32_t head;
	uint32_t n;
};

/* speech_init: nothing is said. => all zeros is as good */
void speech_init(struct speech *speech);
void speech_fini(struct speech *speech);

/* speech_say: a message. => behind all that have been said before; not empty */
void speech_say(struct speech *speech, int64_t from, int64_t bytes,
    const struct sys_words *words);

/*
 * speech_at: the message of a place, or if none is of it, the next one.
 *
 * => those that end before the place are forgotten
 * => NULL: nothing more is said so far
 */
const struct message *speech_at(struct speech *speech, int64_t place);

#endif
