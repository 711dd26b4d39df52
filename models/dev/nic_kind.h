/*
 * Kinds of network controllers, each with its driver: what differs, as data.
 *
 * Stands for:
 *
 *	fxp		Intel i82557, i82558, i82559
 *	tlp		DEC 21140 to 21143
 *	tlp-clone	chips that copy those, but take a packet in one piece
 *			that begins at a multiple of four
 *	sip		SiS 900, National DP83815
 *	gsip		National DP83820, a gigabit chip that sums; here on the
 *			same 100 Mbit/s
 *	rtl8139		RealTek 8139, which has four registers instead of a
 *			ring, and takes one aligned piece
 *
 *	An Ethernet header is 14 bytes and stands before the IP header, which
 *	the kernel aligns: a packet of more than one mbuf begins at an odd
 *	multiple of two.  So the two kinds that want multiples of four never
 *	get one, and copy every packet.
 * Mirrors: sys/dev/ic/i82557var.h of June 2002, tulipvar.h of June 2002,
 *	sys/dev/pci/if_sip.c of April 2002 (16 segments from June on),
 *	sys/dev/ic/rtl81x9.c; netbsd-2002.md section 7.
 * Leaves out: gsip's receive ring is taken for the larger of if_sip.c's two.
 *	The 8139 stores what it receives in one ring of 64 KB: 43 full frames
 *	with their headers; its driver copies each out of it.
 *	FIFO and threshold are keys of the board; how drivers other than fxp's
 *	raise the threshold after an underrun.
 * Units: packets, descriptors, bytes.  Owns: nothing.
 */
#ifndef MODELS_DEV_NIC_KIND_H
#define MODELS_DEV_NIC_KIND_H

#include <stdbool.h>
#include <stdint.h>

/* In the order of the words of board.nic.kind. */
enum nic_kind {
	NIC_FXP,
	NIC_TLP,
	NIC_TLP_CLONE,
	NIC_SIP,
	NIC_GSIP,
	NIC_RTL8139,
	N_NIC_KINDS
};

struct nic_traits {
	uint32_t tx_packets;		/* that may be outstanding */
	uint32_t tx_segments;		/* DMA segments of one packet */
	uint32_t tx_descriptors;	/* of all; enough for all packets */
	uint32_t tx_align;		/* of a packet's first byte; 1: any */
	uint32_t rx_buffers;
	bool sums;			/* TCP and UDP, sent and received */
	bool interrupts_each;		/* packet, not each batch's last */
	bool rx_copies;			/* out of a ring without mbufs */
	bool has_threshold_tick;	/* see fxp_tick() */
	bool can_bundle;		/* by microcode, what it receives */
};

extern const struct nic_traits nic_traits[N_NIC_KINDS];

#endif
