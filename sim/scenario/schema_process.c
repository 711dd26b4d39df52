/*
 * The rows of the groups that have names: [file NAME] and [process NAME].
 */
#include "models/base/random.h"
#include "models/base/time.h"
#include "sim/scenario/schema_rows.h"
#include "sim/scenario/schema_words.h"

#define AT(key)		((key) - SCN_PROC_PROGRAM)

/* 1 << SCN_PROGRAM_X, for the programs that take a key */
#define P(name)		(UINT32_C(1) << SCN_PROGRAM_##name)
#define SERVERS		(P(FTPD) | P(HTTPD) | P(SMBD) | P(NFSD))

const struct scn_key_info scn_file_rows[SCN_N_PER_FILE] = {
	[SCN_FILE_SIZE - SCN_FILE_SIZE] = { QUANTITY("file", "size", BYTES,
	    1, TIB), .is_required = true,
	    .sentence = "bytes of the file; all files together fit the disk" },
	[SCN_FILE_CACHED - SCN_FILE_SIZE] = { WORD("file", "cached", yes_no),
	    .sentence = "whether its pages are in memory at the start, as far "
	    "as there is room" },
};

const struct scn_key_info scn_process_rows[SCN_N_PER_PROCESS] = {
	[AT(SCN_PROC_PROGRAM)] = { WORD("process", "program", programs),
	    .sentence = "what the process runs; ttcp writes to a TCP "
	    "connection as fast as it can; ttcp-r listens, accepts and reads "
	    "until the other end closes; udpstream sends datagrams; udpsink "
	    "reads those that come to its port; scribbler is a ttcp that "
	    "writes over its buffer as soon as it has sent it; mmapwin sends "
	    "files through a mapped window; ftpd, httpd, smbd and nfsd answer "
	    "clients; filecopy copies a file; client asks for files, on a "
	    "machine of its own; replay does what a trace recorded" },
	[AT(SCN_PROC_HOST)] = { WORD("process", "host", process_hosts),
	    .sentence = "which machine it runs on; peer needs peer.kind = "
	    "host; clients: one machine each, beyond the network, which takes "
	    "no time and runs a client" },
	[AT(SCN_PROC_COUNT)] = { QUANTITY("process", "count", COUNT,
	    1, 20000), .def = 1,
	    .sentence = "how many of them run, each with its own connection; "
	    "those that listen share one socket" },
	[AT(SCN_PROC_START)] = { QUANTITY("process", "start", TIME,
	    0, SIM_TIME_MAX), .def = 0,
	    .sentence = "when it starts; before the duration ends" },
	[AT(SCN_PROC_PORT)] = { QUANTITY("process", "port", COUNT,
	    1, 65535), .def = 5001,
	    .sentence = "port of the other machine that ttcp, scribbler, "
	    "mmapwin, udpstream or a client calls, or that others listen at" },
	[AT(SCN_PROC_ALIGN)] = { QUANTITY("process", "align", BYTES,
	    0, 4095), .def = 0,
	    .sentence = "offset of each buffer into its first page" },
	[AT(SCN_PROC_SNDBUF)] = { QUANTITY("process", "so_sndbuf", BYTES,
	    2 * KIB, SB_MAX_ADJ), .def = 0,
	    .special = "default", .special_value = 0,
	    .sentence = "its send buffer; default: its kernel's "
	    "tcp_sendspace, or for udpstream udp_sendspace",
	    .netbsd = "SO_SNDBUF" },
	[AT(SCN_PROC_SNDLOWAT)] = { QUANTITY("process", "so_sndlowat", BYTES,
	    1, SB_MAX_ADJ), .def = 2 * KIB,
	    .sentence = "free space below which a writer sleeps; every "
	    "acknowledgement wakes it to look; at most the send buffer",
	    .netbsd = "SO_SNDLOWAT, sb_lowat" },
	[AT(SCN_PROC_RCVBUF)] = { QUANTITY("process", "so_rcvbuf", BYTES,
	    2 * KIB, SB_MAX_ADJ), .def = 0,
	    .special = "default", .special_value = 0,
	    .sentence = "its receive buffer; default: its kernel's "
	    "tcp_recvspace, or for udpsink udp_recvspace",
	    .netbsd = "SO_RCVBUF" },
	[AT(SCN_PROC_NODELAY)] = { WORD("process", "tcp_nodelay", yes_no),
	    .sentence = "whether less than a full segment is sent while data "
	    "is unacknowledged", .netbsd = "TCP_NODELAY" },
	[AT(SCN_PROC_KEEPALIVE)] = { WORD("process", "so_keepalive", yes_no),
	    .sentence = "whether a silent connection is probed",
	    .netbsd = "SO_KEEPALIVE" },
	[AT(SCN_PROC_WRITE_SIZE)] = { QUANTITY("process", "write_size", BYTES,
	    1, 64 * MIB), .def = 64 * KIB,
	    .sentence = "bytes of each write(2) of ttcp or scribbler, or of "
	    "each datagram of udpstream: at most its send buffer" },
	[AT(SCN_PROC_N_BUFFERS)] = { QUANTITY("process", "n_buffers", COUNT,
	    1, 1024), .def = 1,
	    .sentence = "buffers that are written from in turn; with more of "
	    "them a refill meets fewer pages still on loan" },
	[AT(SCN_PROC_REFILL)] = { WORD("process", "refill", refill_words),
	    .sentence = "what is done to a buffer before writing it again, or "
	    "by mmapwin to its window, which is mapped privately then; "
	    "touch: one word of each page; full: every byte" },
	[AT(SCN_PROC_REFILL_BYTES)] = { QUANTITY("process", "refill_bytes",
	    BYTES, 1, 64 * MIB), .def = INT64_MAX, .special = "all",
	    .special_value = INT64_MAX,
	    .sentence = "of a buffer, from its start, this is refilled" },
	[AT(SCN_PROC_TOTAL)] = { QUANTITY("process", "total", BYTES,
	    1, TIB), .def = INT64_MAX,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .sentence = "bytes that are sent before it closes; unlimited: "
	    "until the duration ends" },
	[AT(SCN_PROC_REPEAT)] = { QUANTITY("process", "repeat", COUNT,
	    1, 10000), .def = 1,
	    .sentence = "connections that ttcp opens in turn, each for the "
	    "total, which must be finite for more than one" },
	[AT(SCN_PROC_PAUSE)] = { QUANTITY("process", "pause", TIME,
	    0, SIM_TIME_MAX), .def = 0,
	    .sentence = "time that ttcp sleeps between writes" },
	[AT(SCN_PROC_READ_SIZE)] = { QUANTITY("process", "read_size", BYTES,
	    1, 64 * MIB), .def = 64 * KIB,
	    .sentence = "bytes that each read(2) of ttcp-r or udpsink asks "
	    "for; what a datagram has beyond them is lost; and each read(2) "
	    "of a file by ftpd, httpd, filecopy, and ttcp if it has files" },
	/* slower, the date of a large read would overflow */
	[AT(SCN_PROC_READ_RATE)] = { QUANTITY("process", "read_rate", BYTE_RATE,
	    1000, 1000000 * MB_PER_S), .def = INT64_MAX,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .sentence = "rate at which ttcp-r or udpsink takes what arrives, "
	    "by sleeping between reads until the bytes so far are due" },
	[AT(SCN_PROC_CONNECTIONS)] = { QUANTITY("process", "connections", COUNT,
	    1, 10000), .def = INT64_MAX,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .sentence = "connections that ttcp-r serves, or a client makes, "
	    "one after the other, before it exits; unlimited: until the "
	    "duration ends" },
	[AT(SCN_PROC_RATE)] = { QUANTITY("process", "rate", BYTE_RATE,
	    1000, 1000000 * MB_PER_S), .def = INT64_MAX,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .sentence = "rate of udpstream's data: it sleeps until the next "
	    "datagram is due, and catches up when it was kept from it" },
	[AT(SCN_PROC_ON_ENOBUFS)] = { WORD("process", "on_enobufs",
	    enobufs_words),
	    .sentence = "what udpstream does when the interface has no room "
	    "for a datagram; drop: go on with the next one; sleep: for 10 ms, "
	    "and then try the same again" },
	[AT(SCN_PROC_FILES)] = { .group = "process", .name = "files",
	    .type = SCN_TYPE_FILES,
	    .programs = P(TTCP) | P(MMAPWIN) | P(FILECOPY) | P(CLIENT),
	    .sentence = "what it sends, copies or asks for, one after the "
	    "other; by chance where each has its share; none: of ttcp, which "
	    "has a pattern instead" },
	[AT(SCN_PROC_COPY_TO)] = { TEXT("process", "copy_to"),
	    .programs = P(FILECOPY),
	    .sentence = "the [file NAME] that its copies are, emptied first, "
	    "whoever has it open or mapped; without it: one of its own" },
	[AT(SCN_PROC_METHOD)] = { WORD("process", "method", method_words),
	    .programs = P(FTPD) | P(HTTPD) | P(SMBD) | P(FILECOPY),
	    .sentence = "how it gets at a file; read: into a buffer that is "
	    "then written; mmap: the file's pages are written from where "
	    "they are" },
	[AT(SCN_PROC_EVENTS)] = { WORD("process", "events", events_words),
	    .programs = P(HTTPD),
	    .sentence = "whether a process serves all connections at once and "
	    "waits for none; poll: by poll(2), from mapped files (method = "
	    "mmap); no: it serves one after the other, and so there is a pool "
	    "of them" },
	[AT(SCN_PROC_WINDOW)] = { QUANTITY("process", "window", BYTES,
	    4 * KIB, 64 * MIB), .def = 64 * KIB,
	    .programs = P(MMAPWIN) | P(FTPD) | P(FILECOPY),
	    .sentence = "bytes of a file that are mapped at a time, and "
	    "written with one write(2); whole pages" },
	[AT(SCN_PROC_PASSES)] = { QUANTITY("process", "passes", COUNT,
	    1, 1000000), .def = INT64_MAX,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .programs = P(MMAPWIN) | P(FILECOPY),
	    .sentence = "times that its files are sent or copied; unlimited: "
	    "until the duration ends" },
	[AT(SCN_PROC_BACKLOG)] = { QUANTITY("process", "backlog", COUNT,
	    1, 65535), .def = 128, .programs = SERVERS,
	    .sentence = "connections that may wait to be accepted",
	    .netbsd = "listen(2), SOMAXCONN" },
	[AT(SCN_PROC_HEADER)] = { QUANTITY("process", "response_header", BYTES,
	    0, 1460), .def = -1,
	    .special = "default", .special_value = -1,
	    .programs = P(HTTPD) | P(SMBD) | P(NFSD),
	    .sentence = "bytes in front of each response; default: 290 of "
	    "httpd, 63 of smbd, 132 of nfsd" },
	[AT(SCN_PROC_REQUEST_SIZE)] = { QUANTITY("process", "request_size",
	    BYTES, 1, 536), .def = 300, .programs = P(CLIENT),
	    .sentence = "bytes of each request, which fit a segment of any "
	    "link" },
	[AT(SCN_PROC_PIECE)] = { QUANTITY("process", "piece", BYTES,
	    1, 64 * KIB), .def = 0,
	    .special = "whole", .special_value = 0, .programs = P(CLIENT),
	    .sentence = "what each request asks for; whole: a file; else so "
	    "many bytes of one, request by request until that is through" },
	[AT(SCN_PROC_REQUESTS)] = { QUANTITY("process", "requests", COUNT,
	    1, 1000000), .def = 1,
	    .special = "unlimited", .special_value = INT64_MAX,
	    .programs = P(CLIENT),
	    .sentence = "files that it asks for on each connection before "
	    "that closes" },
	[AT(SCN_PROC_THINK)] = { QUANTITY("process", "think", TIME,
	    0, SIM_TIME_MAX), .def = 0, .programs = P(CLIENT),
	    .sentence = "time between a file and the next one, or the next "
	    "connection; each client of a group begins as much later, at "
	    "most, by chance" },
	[AT(SCN_PROC_THINK_SPREAD)] = { QUANTITY("process", "think_spread",
	    PROBABILITY, 0, RANDOM_CERTAIN), .def = 0, .programs = P(CLIENT),
	    .sentence = "how much longer or shorter each of those times is by "
	    "chance, at most, all alike" },
	[AT(SCN_PROC_ABANDON)] = { QUANTITY("process", "abandon",
	    PROBABILITY, 0, RANDOM_CERTAIN), .def = 0, .programs = P(CLIENT),
	    .sentence = "how many of its requests it abandons, by chance: its "
	    "user presses stop while the response comes, and it closes the "
	    "connection" },
	[AT(SCN_PROC_ABANDON_AFTER)] = { QUANTITY("process", "abandon_after",
	    BYTES, 1, TIB), .def = 1, .programs = P(CLIENT),
	    .sentence = "bytes of such a response, its header included, that "
	    "it has read then; a shorter one comes whole" },
	[AT(SCN_PROC_AT)] = { TEXT("process", "at"), .programs = P(CLIENT),
	    .sentence = "hosts of the platform that these clients are, parted "
	    "by commas, in turn; without it: all but the board" },
	[AT(SCN_PROC_TRACE)] = { FILE_PATH("process", "trace"),
	    .programs = P(REPLAY),
	    .sentence = "what was recorded: the output of strace" },
	[AT(SCN_PROC_REPLAY_AS)] = { WORD("process", "replay_as",
	    replay_words), .programs = P(REPLAY),
	    .sentence = "recorded: by the calls of the trace; mmap: what it "
	    "read from files and wrote to sockets is mapped instead" },
	[AT(SCN_PROC_REPLAY_THINK)] = { WORD("process", "replay_think",
	    think_words), .programs = P(REPLAY),
	    .sentence = "what becomes of the time between its calls; none: it "
	    "is left out; keep: it passes" },
	[AT(SCN_PROC_REPLAY_CACHE)] = { WORD("process", "replay_cache",
	    cache_words), .programs = P(REPLAY),
	    .sentence = "warm: the files that it sends are in memory at the "
	    "start, as far as there is room; cold: they come from the disk" },
};
