/*
 * The books of the disk: what the pager asked for, what moved, what is left.
 */
#include "models/audit.h"

static void
count_busy(const void *object, void *arg)
{
	*(int64_t *)arg += ((const struct vm_page *)object)->busy != NULL;
}

void
disk_audit(struct host *host, struct audit *audit)
{
	const struct disk_stats *disk = &host->disk.stats;
	const struct pager_stats *pager = &host->pager.stats;
	const struct ledger_line *line = &host->ledger.line[CAUSE_DISK_DMA];
	int64_t n_busy = 0;

	pool_each(&host->vm.pages, count_busy, &n_busy);
	audit_equal(audit, "disk idle", 1, disk_is_idle(&host->disk));
	audit_equal(audit, "pages busy", 0, n_busy);
	audit_equal(audit, "pages being paged out", 0, host->vm.n_paging);
	audit_equal(audit, "transfers given back", 0,
	    (int64_t)pool_in_use(&host->pager.ios));
	audit_equal(audit, "requests done = transfers",
	    pager->n_reads + pager->n_writes, disk->n_done);
	audit_equal(audit, "sectors moved = sectors of pages",
	    (pager->n_pages_read + pager->n_pages_written) * PAGER_SECTORS,
	    disk->n_moved);
	audit_equal(audit, "ledger disk bytes written = pages read",
	    pager->n_pages_read * PAGE_SIZE, line->write_bytes);
	audit_equal(audit, "ledger disk bytes read = pages written",
	    pager->n_pages_written * PAGE_SIZE, line->read_bytes);
}
