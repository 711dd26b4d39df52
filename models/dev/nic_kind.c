#include "models/dev/nic_kind.h"

const struct nic_traits nic_traits[N_NIC_KINDS] = {
	/* a control block is one packet, and holds its 16 pointers */
	[NIC_FXP] = {.tx_packets = 256, .tx_segments = 16,
	    .tx_descriptors = 256 * 16, .tx_align = 1, .rx_buffers = 128,
	    .has_threshold_tick = true, .can_bundle = true},
	[NIC_TLP] = {.tx_packets = 64, .tx_segments = 16,
	    .tx_descriptors = 1024, .tx_align = 1, .rx_buffers = 64},
	[NIC_TLP_CLONE] = {.tx_packets = 64, .tx_segments = 1,
	    .tx_descriptors = 1024, .tx_align = 4, .rx_buffers = 64},
	[NIC_SIP] = {.tx_packets = 256, .tx_segments = 8,
	    .tx_descriptors = 2048, .tx_align = 1, .rx_buffers = 128},
	[NIC_GSIP] = {.tx_packets = 256, .tx_segments = 8,
	    .tx_descriptors = 2048, .tx_align = 1, .rx_buffers = 256,
	    .sums = true},
	[NIC_RTL8139] = {.tx_packets = 4, .tx_segments = 1,
	    .tx_descriptors = 4, .tx_align = 4, .rx_buffers = 43,
	    .interrupts_each = true, .rx_copies = true},
};
