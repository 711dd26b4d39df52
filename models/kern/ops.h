/*
 * The operations whose price a kernel profile states, and the causes under
 * which their time is booked.
 *
 * Stands for: the instruction path lengths of a kernel.  Each operation is one
 *	scenario key kernel.cost.NAME, in instructions (times board.cpu.cpi
 *	gives cycles); the memory traffic of copies and sums is not in it, it is
 *	priced by the memory model from the bytes that really move.
 * Mirrors: netbsd-2002.md section 10, "parameters needing calibration".
 * Units: instructions; the *_1k ones are instructions per 1024 bytes.
 * Owns: nothing; the two lists below are the only place that names them.
 */
#ifndef MODELS_KERN_OPS_H
#define MODELS_KERN_OPS_H

/* X(symbol, name, sentence) */
#define KERN_CAUSES(X)							\
	X(APP_FILL, "app_fill", "the program fills its buffer")		\
	X(APP_COMPUTE, "app_compute", "the program computes")		\
	X(SYSCALL, "syscall", "system call entry and exit")		\
	X(SOSEND, "sosend", "sosend's own loop")			\
	X(SORECEIVE, "soreceive", "soreceive's own loop")		\
	X(MBUF, "mbuf", "allocating and freeing mbufs and clusters")	\
	X(COPYIN, "copyin", "uiomove: user buffer to mbufs")		\
	X(COPYOUT, "copyout", "uiomove: received mbufs to user buffer")	\
	X(LOAN, "loan", "lending pages: uvm_loan, protect, kernel map")	\
	X(UNLOAN, "unloan", "undoing loans: unmap, uvm_unloan, KVA")	\
	X(FAULT, "fault", "page faults without a copy")			\
	X(COW_COPY, "cow_copy", "page copies of copy-on-write faults")	\
	X(PAGE_ZERO, "page_zero", "zeroing fresh pages")		\
	X(SBAPPEND, "sbappend", "appending to the send buffer")		\
	X(SBDROP, "sbdrop", "dropping acknowledged data")		\
	X(TCP_OUTPUT, "tcp_output", "TCP output: decide and build")	\
	X(TCP_COPY, "tcp_copy", "tcp_output's copy of the payload")	\
	X(CKSUM_READ, "cksum_read", "software checksum")		\
	X(UDP_OUTPUT, "udp_output", "UDP output")			\
	X(IP_OUTPUT, "ip_output", "IP and Ethernet output")		\
	X(IP_COPY, "ip_copy", "copies of small mbufs into fragments")	\
	X(DRIVER, "driver", "NIC driver: start, DMA maps, completions")	\
	X(DRIVER_COPY, "driver_copy", "copies by the driver, either way") \
	X(CACHE_CLEAN, "cache_clean", "cleaning cache lines")		\
	X(INTERRUPT, "interrupt", "hardware interrupt entry and exit")	\
	X(SOFTINT, "softint", "soft interrupt dispatch")		\
	X(TCP_INPUT, "tcp_input", "IP and TCP input")			\
	X(UDP_INPUT, "udp_input", "IP and UDP input of datagrams")	\
	X(CONNECT, "connect", "connection set-up and close")		\
	X(WAKEUP, "wakeup", "sleep and wake-up")			\
	X(POLL, "poll", "poll and its scan of all descriptors")		\
	X(CONTEXT_SWITCH, "context_switch", "switching processes")	\
	X(HARDCLOCK, "hardclock", "the clock interrupt")		\
	X(FILE, "file", "calls on files and the page cache's windows")	\
	X(FILE_COPY, "file_copy", "copies of file pages into mbufs")	\
	X(PAGER, "pager", "reading and writing pages of files")		\
	X(NIC_DMA, "nic_dma", "transfers by the NIC")			\
	X(DISK_DMA, "disk_dma", "transfers by the disk")

/* X(symbol, key name, cause, sentence) */
#define KERN_OPS(X)							\
	X(SYSCALL, "syscall", SYSCALL,					\
	    "system call entry, argument copy and return to user mode")	\
	X(SOSEND, "sosend", SOSEND,					\
	    "one turn of sosend's outer loop: lock, checks, sbspace")	\
	X(SORECEIVE, "soreceive", SORECEIVE,				\
	    "one turn of soreceive's outer loop: lock, checks, window update") \
	X(CONNECT, "connect", CONNECT,					\
	    "socket, bind and connect up to PRU_CONNECT, or close")	\
	X(MGET, "mget", MBUF, "allocating one mbuf")			\
	X(MCLGET, "mclget", MBUF, "allocating one cluster")		\
	X(MFREE, "mfree", MBUF, "freeing one mbuf, its storage included") \
	X(UIOMOVE, "uiomove", COPYIN, "one uiomove call, without the bytes") \
	X(COPY_1K, "copy_1k", COPYIN,					\
	    "copy loop, instructions per 1024 bytes")			\
	X(CKSUM_1K, "cksum_1k", CKSUM_READ,				\
	    "in_cksum loop, instructions per 1024 bytes")		\
	X(ZERO_1K, "zero_1k", PAGE_ZERO,				\
	    "bzero loop, instructions per 1024 bytes")			\
	X(FILL_1K, "fill_1k", APP_FILL,					\
	    "the program's fill loop, instructions per 1024 bytes")	\
	X(KVA_ALLOC, "kva_alloc", LOAN, "uvm_km_valloc_wait of a window") \
	X(UVM_LOAN, "uvm_loan", LOAN, "one uvm_loan call")		\
	X(LOAN_PAGE, "loan_page", LOAN, "look-up and loan of one page")	\
	X(PAGE_PROTECT, "page_protect", LOAN,				\
	    "pmap_page_protect of one page (first loan only)")		\
	X(KENTER, "kenter", LOAN, "pmap_kenter_pa of one page")		\
	X(PMAP_UPDATE, "pmap_update", LOAN, "one pmap_update")		\
	X(UNLOAN_PAGE, "unloan_page", UNLOAN,				\
	    "pmap_kremove and uvm_unloan of one page")			\
	X(KVA_FREE, "kva_free", UNLOAN, "uvm_km_free of a window")	\
	X(FAULT, "fault", FAULT, "trap, uvm_fault and pmap_enter")	\
	X(PAGE_ALLOC, "page_alloc", FAULT, "uvm_pagealloc of one page")	\
	X(SBAPPEND, "sbappend", SBAPPEND,				\
	    "sbappend and sbcompress of one mbuf")			\
	X(SBWALK, "sbwalk", SBAPPEND,					\
	    "one mbuf passed while sbappend walks to the end of the chain") \
	X(SBDROP, "sbdrop", SBDROP, "one sbdrop call")			\
	X(TCP_OUTPUT, "tcp_output", TCP_OUTPUT,				\
	    "tcp_output deciding that there is nothing to send")	\
	X(TCP_SEGMENT, "tcp_segment", TCP_OUTPUT,			\
	    "building and sending one segment, without copy and checksum") \
	X(MCOPY, "mcopy", TCP_OUTPUT,					\
	    "m_copym or m_copydata, per mbuf touched")			\
	X(MWALK, "mwalk", TCP_OUTPUT,					\
	    "one mbuf passed while m_copym or m_copydata walks to its offset") \
	X(IP_OUTPUT, "ip_output", IP_OUTPUT, "ip_output and ether_output") \
	X(UDP_OUTPUT, "udp_output", UDP_OUTPUT,				\
	    "PRU_SEND and udp_output of one datagram")			\
	X(IP_FRAGMENT, "ip_fragment", IP_OUTPUT,			\
	    "one fragment after the first, and its ether_output")	\
	X(DRV_START, "drv_start", DRIVER, "if_start: one packet to the ring") \
	X(DMA_SEG, "dma_seg", DRIVER, "loading one DMA segment of a packet") \
	X(CACHE_LINE, "cache_line", CACHE_CLEAN,			\
	    "cleaning one cache line, dirty or not, without its write-back") \
	X(DRV_TXDONE, "drv_txdone", DRIVER, "one transmit completion")	\
	X(DRV_RX, "drv_rx", DRIVER,					\
	    "one received frame, up to the input queue")		\
	X(INTR, "intr", INTERRUPT, "hardware interrupt entry, dispatch, exit") \
	X(SOFTINT, "softint", SOFTINT,					\
	    "soft interrupt dispatch (schednetisr)")			\
	X(TCP_INPUT, "tcp_input", TCP_INPUT,				\
	    "ipintr and tcp_input of one segment, header prediction")	\
	X(TCP_REASS, "tcp_reass", TCP_INPUT,				\
	    "queueing one segment out of order")			\
	X(IP_INPUT, "ip_input", UDP_INPUT,				\
	    "ipintr and ip_input of one packet of UDP")			\
	X(IP_REASS, "ip_reass", UDP_INPUT,				\
	    "look-up and queueing of one fragment, ip_reass")		\
	X(UDP_INPUT, "udp_input", UDP_INPUT,				\
	    "udp_input and sbappendaddr of one datagram, without the sum") \
	X(WAKEUP, "wakeup", WAKEUP, "wakeup of one sleeper, or tsleep")	\
	X(POLL, "poll", POLL,						\
	    "one poll, beside its descriptors: two copies set up")	\
	X(POLL_MALLOC, "poll_malloc", POLL,				\
	    "malloc and free of the array of a poll of more than 32")	\
	X(POLL_FD, "poll_fd", POLL,					\
	    "one descriptor asked by pollscan: soo_poll and selrecord")	\
	X(CTXSW, "ctxsw", CONTEXT_SWITCH, "mi_switch to another process") \
	X(HARDCLOCK, "hardclock", HARDCLOCK,				\
	    "hardclock and statclock, one tick")			\
	X(DISK_START, "disk_start", PAGER,				\
	    "one transfer: getpages or putpages, VOP_BMAP, wdstart")	\
	X(DISK_INTR, "disk_intr", PAGER,				\
	    "one transfer's end: wdcintr, wddone, biodone")		\
	X(PAGE_IO, "page_io", PAGER,					\
	    "one page of a transfer: found or allocated, mapped, let go") \
	X(OPEN, "open", FILE,						\
	    "open or creat: path look-up, vnode, descriptor, and its close") \
	X(FSTAT, "fstat", FILE, "attributes of a file copied out")	\
	X(FILE_READ, "file_read", FILE,					\
	    "one read of a file, beside its windows: vn_read, ffs_read") \
	X(FILE_WRITE, "file_write", FILE,				\
	    "one write of a file, beside its windows: vn_write, ffs_write") \
	X(BALLOC, "balloc", FILE,					\
	    "ufs_balloc_range of what a window shows, to be written")	\
	X(UBC_WINDOW, "ubc_window", FILE,				\
	    "ubc_alloc of 8 KB of a file, its fault, ubc_release")	\
	X(UBC_PAGE, "ubc_page", FILE, "one page entered into such a window") \
	X(MMAP, "mmap", FILE, "uvm_mmap of a file, and its vnode")	\
	X(MUNMAP, "munmap", FILE, "uvm_unmap of a range")		\
	X(UNMAP_PAGE, "unmap_page", FILE, "pmap_remove of one page")

enum kern_cause {
#define X(sym, name, sentence) CAUSE_##sym,
	KERN_CAUSES(X)
#undef X
	N_CAUSES
};

enum kern_op {
#define X(sym, name, cause, sentence) OP_##sym,
	KERN_OPS(X)
#undef X
	N_OPS
};

/* kern_cause_is_dma: is it time of the memory only, and none of the CPU's? */
static inline int
kern_cause_is_dma(int cause)
{
	return cause == CAUSE_NIC_DMA || cause == CAUSE_DISK_DMA;
}

extern const char *const kern_cause_names[N_CAUSES];
extern const char *const kern_op_names[N_OPS];
extern const enum kern_cause kern_op_causes[N_OPS];

#endif
