#include "sim/cli/terms.h"

#include <stddef.h>

const struct cli_term cli_terms[] = {
	{ "ack clock",
	    "The rhythm in which acknowledgements come back. A sender with a "
	    "full window sends, and a blocked writer wakes, once per "
	    "acknowledgement; with an acknowledgement for every second "
	    "segment that is 2896 bytes of new space each time." },
	{ "audit",
	    "The check at the end of every run that the books balance: bytes "
	    "written and delivered, pages lent and returned, address space, "
	    "mbufs, time of each resource. A run that fails it has no "
	    "result." },
	{ "cluster",
	    "A buffer of 2048 bytes (MCLBYTES) that an mbuf points to when "
	    "its own bytes are too few. sosend copies large writes into "
	    "clusters, one at a time." },
	{ "cow",
	    "Copy-on-write: a page on loan is write-protected. If the program "
	    "writes to it before the network is done, the fault gives the "
	    "program a copy, and the bytes being sent stay what write(2) "
	    "saw." },
	{ "dma_stalls",
	    "A line of explain --run: what the processor waited for memory "
	    "beyond the time that its own bytes take, because a transfer of "
	    "the NIC used it." },
	{ "expect",
	    "The group of a scenario that says what its results are to be. "
	    "Each line has a result of a variant to the left, VARIANT.RESULT, "
	    "or one over another, and to the right what it may be: "
	    "\"before.throughput = 6500 KB/s +- 2 %\" (a part of the value), "
	    "\"loan.throughput = 11100 KB/s +- 50 KB/s\", "
	    "\"before.cpu_share >= 99 %\", \"loan.cow_faults = 0\", "
	    "\"loan.throughput / before.throughput >= 1.6\". A line of the "
	    "ledger (explain --run) is VARIANT.CAUSE.QUANTITY: microseconds "
	    "per data segment (or datagram), or bytes per payload byte; "
	    "dma_stalls and idle have a sum only. Without [variant NAME] "
	    "groups no variant is named. \"run\" tells what is missed, "
	    "\"run --check\" fails with exit code 1; with -s expectations are "
	    "not applicable." },
	{ "far end",
	    "The other end of every connection: the ideal peer, which takes "
	    "no time and is described by [peer], or with peer.kind = host a "
	    "machine as the board is one, described by [peer-board] and "
	    "[peer-kernel], on which processes with host = peer run." },
	{ "figures",
	    "What \"plot --figure NAME\" can draw. Some need no more than a "
	    "result file; the causes of a run's time and bytes are in no "
	    "result file, so that others run the scenario; and some draw what "
	    "happened while one variant ran: \"plot loss-rate --variant "
	    "reno-100 --figure sequence --from 2s --to 2.5s\". A recording "
	    "changes no result. Of very many changes a picture shows for each "
	    "half of a pixel the first, the last, the least and the "
	    "greatest." },
	{ "fingerprint",
	    "What a run did in exact integers, in five groups with a hash "
	    "each: times, segments, loans, costs, results. Two versions of "
	    "the program with one fingerprint did the same; where they "
	    "differ, the groups say which layer moved. \"run -f fingerprint\" "
	    "prints it, \"compare\" compares those of two results or "
	    "stores." },
	{ "idle",
	    "A line of explain --run: the time in which the processor had "
	    "nothing to do." },
	{ "kva",
	    "Kernel virtual address space. Loaned pages are entered there, "
	    "read-only, so that TCP can sum and send them; somaxkva limits "
	    "how much all loans together may use." },
	{ "limits",
	    "What explain --run --limits tells: the throughput of each variant "
	    "with one resource after the other made free, by running it "
	    "again. The one that gains most is what limits the run. Several "
	    "may: instructions and memory take turns on one processor, so "
	    "that either helps. If none does alone, two wait for each other, "
	    "and the best pair is told. What is free may make a run slower: "
	    "acknowledgements that come sooner find the connection idle, "
	    "and an idle connection sends what there is, in shorter segments "
	    "(B/segment); a writer that wakes sooner finds less room, and "
	    "copies what it would have lent (lent); larger buffers are longer "
	    "to walk through, and keep less in a cache; a fast sender makes "
	    "bursts. Where frames get lost, a few percent are chance. A disk "
	    "counts if it was asked for anything; where its time went is said "
	    "below the table: seeks and waits for the first sector hang on "
	    "what is asked for in which order, the rest on the media. "
	    "Who is busy part of the time only may limit all the same, if "
	    "others wait for it then. A run in steady state is not repeated "
	    "to its end if it is much faster, but until it has carried four "
	    "times as much. What free means is said below the table." },
	{ "loan",
	    "Lending pages of a program to the network instead of copying "
	    "them: the pages are write-protected, entered into kernel address "
	    "space and hung into an mbuf. It is tried for 4096 bytes or more, "
	    "if the send buffer has as much space free." },
	{ "low-water mark",
	    "The free space in a send buffer below which a writer sleeps, 2048 "
	    "bytes by default. It is less than the 4096 bytes that a loan "
	    "needs, so a writer that finds little more copies." },
	{ "mbcnt",
	    "What a socket buffer's mbufs and their storage occupy. It limits "
	    "sending beside the byte count, and shrinks only when a whole "
	    "mbuf goes." },
	{ "mbuf",
	    "The kernel's unit of network memory: 256 bytes with a header, "
	    "and either some bytes of data inside or a pointer to external "
	    "storage: a cluster or loaned pages." },
	{ "more to come",
	    "A flag that sosend sets for TCP while a write has bytes left, so "
	    "that a segment which is not full waits for them." },
	{ "origin",
	    "Where a value of a board or kernel profile comes from: "
	    "datasheet:, measured:, fitted: (chosen so that a published "
	    "result comes out) or assumed:, each with a text. A profile "
	    "without origins is refused." },
	{ "pager",
	    "What brings pages of files into memory and back to the disk, up "
	    "to 64 KiB with one transfer. It reads whole blocks of the file "
	    "system, and ahead of where a read ends at a multiple of 64 KiB; "
	    "who needs a page that is under way sleeps until all of the "
	    "transfer is done." },
	{ "pendfree",
	    "The list of loans that are over but not undone yet. In 2002 the "
	    "next send or receive call of the socket undid them; until then "
	    "the pages stay protected. Later a kernel thread did." },
	{ "processor",
	    "A line of explain --run: the sum of what the processor did, which "
	    "is every cause but nic_dma and disk_dma." },
	{ "profile",
	    "A file with all values of a board or of a kernel, each with its "
	    "origin. A scenario names one and may set single keys on top." },
	{ "replication",
	    "A point run again with the next seed. Chance is all that differs, "
	    "so the spread of the results is what chance makes of them." },
	{ "report",
	    "What \"loansim report\" makes of a store: one page with figures, "
	    "results and parameters. A kept axis stands at the scenario's own "
	    "value if that was swept, else at the middle one. With "
	    "replications a throughput is their mean, with half of its 95 % "
	    "confidence interval by Student's distribution; it tells what "
	    "chance does to it, not how far the model is from a board." },
	{ "shard",
	    "A part of a sweep for one of several machines or jobs: of N, "
	    "the I-th has each N-th point from the I-th on (\"sweep --shard "
	    "I/N\"). Each has a store of its own; \"merge\" joins them." },
	{ "sosend",
	    "The kernel function behind write(2) on a socket: it waits for "
	    "space, turns the user's bytes into mbufs by copy or by loan, and "
	    "hands each to the protocol." },
	{ "spl",
	    "Interrupt priority level. Kernel code raises it to keep "
	    "interrupts out; what is masked waits, and the wait is part of "
	    "the model." },
	{ "store",
	    "What a sweep writes: an SQLite file with a row for each point "
	    "that was run, its fingerprint, its ledger and its full "
	    "scenario. \"export\" prints it, \"merge\" joins several, "
	    "\"compare\" compares two." },
	{ "sweep",
	    "The group of a scenario that names axes: keys with all the values "
	    "that they are to have. \"loansim sweep\" runs every "
	    "combination, with every variant and replication." },
	{ "tx fifo",
	    "Memory in the NIC through which a frame goes out. The next frame "
	    "is fetched as soon as it fits, and starts when nic.tx_threshold "
	    "bytes of it are there." },
	{ "underrun",
	    "The wire came to a byte of a frame that the NIC did not have "
	    "yet. The frame breaks off with a wrong checksum and is sent "
	    "again; the driver raises the threshold." },
	{ "unloan",
	    "Undoing a loan: the kernel mappings are removed, the pages' loan "
	    "counts go down, the address space is returned. The program's own "
	    "mapping stays write-protected until its next write faults." },
	{ "variant",
	    "One column of a comparison: the scenario with a few keys changed. "
	    "Each [variant NAME] group is one run and one row." },
	{ "wire limit",
	    "The payload rate of a link that sends full segments without a "
	    "gap. On 100baseTX a frame with 1448 bytes of payload takes 1538 "
	    "byte times of 80 ns: 11493 KB/s." },
	{ NULL, NULL }
};
