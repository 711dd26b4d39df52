#include "tests/support/vm_random.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/vm/fork.h"
#include "models/vm/pageout.h"
#include "tests/support/vm_random_own.h"

enum { MAX_PIECES = 12, MEMORY_PAGES = 36, FULL_CHECK = 4096 };

struct piece {
	uint32_t n;		/* 0: none */
	struct vm_page *real[VM_LOAN_MAX_PAGES];
	int page[VM_LOAN_MAX_PAGES];
	uint64_t versions[VM_LOAN_MAX_PAGES];
	bool is_acked;
	bool is_sent;
};

struct vmr vmr;
static struct vm_space spaces[REF_SPACES];
static uint64_t starts[REF_SPACES][REF_REGIONS];
static struct piece pieces[MAX_PIECES];
static uint64_t seed, state, n_done;

static void
expect(bool is_true, const char *what)
{
	if (!is_true)
		ck_abort_msg("%s: seed %" PRIu64 ", operation %" PRIu64
		    "; again: LOANSIM_VM_SEED=%" PRIu64
		    " tests/unit.models.vm.random", what, seed, n_done, seed);
}

/* xorshift64* */
int
vmr_draw(int n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (int)((state * UINT64_C(2685821657736338717) >> 33) %
	    (uint64_t)n);
}

static struct vm_slot *
slot_of(int s, int g, int i)
{
	return vm_find_slot(&spaces[s],
	    starts[s][g] + (uint64_t)i * PAGE_SIZE);
}

/* A page that the reference has just made is the one that the model has. */
void
vmr_bind(int page, const struct vm_page *real)
{
	struct ref_page *p = &vmr.ref.pages[page];

	if (p->real == NULL) {
		p->real = real;
		if (p->content == 0)
			p->content = real->version;
	}
}

void
vmr_check_page(int page, const struct vm_page *real)
{
	const struct ref_page *p = &vmr.ref.pages[page];

	expect(p->real == real, "a page is where it should be");
	expect(real->version == p->content, "it holds what it should");
	expect((int)real->loan_count == p->loans, "so often it is on loan");
	expect((int)real->wire_count == p->wires, "so often it is wired");
	expect(vm_page_is_owned(real) == (p->owners > 0), "it has an owner");
	expect(p->loans == 0 || real->queue == VM_QUEUE_NONE,
	    "what is on loan is on no queue");
}

static void
check_slot(int s, int g, int i)
{
	const struct ref_region *region = &vmr.ref.regions[s][g];
	struct vm_slot *slot = slot_of(s, g, i);
	int page = ref_find(&vmr.ref, region, i);

	expect((slot == NULL) == (page == REF_BEYOND), "it ends where it ends");
	if (slot == NULL)
		return;
	expect((vm_resident(slot) == NULL) == (page == REF_NONE),
	    "a page is there or not");
	if (page == REF_NONE)
		return;
	vmr_check_page(page, vm_resident(slot));
	expect(slot->page == NULL || slot->page == vm_resident(slot),
	    "what is mapped is what is there");
	expect(!slot->is_writable || ref_may_store(&vmr.ref, region, i),
	    "a writable mapping is one that may be");
}

static void
check_piece(const struct piece *piece)
{
	for (uint32_t i = 0; i < piece->n; i++) {
		vmr_check_page(piece->page[i], piece->real[i]);
		expect(piece->real[i]->version == piece->versions[i],
		    "what is lent stays as it was");
	}
}

static void
check_all(void)
{
	for (int s = 0; s < REF_SPACES; s++)
		for (int g = 0; g < REF_REGIONS; g++)
			for (int i = 0; i < vmr.ref.regions[s][g].n; i++)
				check_slot(s, g, i);
	for (int i = 0; i < MAX_PIECES; i++)
		check_piece(&pieces[i]);
}

/* What the daemon took, it was allowed to. */
static void
note_page_outs(void)
{
	for (int f = 0; f < REF_FILES; f++)
		for (int i = 0; i < vmr.ref.files[f].n; i++) {
			int page = vmr.ref.files[f].page[i];
			const struct ref_page *p = &vmr.ref.pages[page];

			if (page == REF_NONE || vmr.files[f]->pages[i] != NULL)
				continue;
			expect(p->loans == 0 && p->wires == 0 &&
			    p->content == vmr.ref.files[f].disk[i],
			    "only clean, unwired, unlent pages go");
			ref_page_out(&vmr.ref, f, i);
			vmr.seen->pageouts++;
		}
}

/* => false: there are none, and the operation is left out */
bool
vmr_get_room(int n_pages)
{
	if (vm_has_free(&vmr.bench.vm, n_pages))
		return true;
	vm_pageout(&vmr.bench.vm, &vmr.bench.cost, &vmr.bench.unbooked);
	note_page_outs();
	vmr.seen->shorts++;
	return vm_has_free(&vmr.bench.vm, n_pages);
}

/* => false: no memory */
static bool
page_in(int s, int g, int i)
{
	const struct ref_region *region = &vmr.ref.regions[s][g];

	if (region->file < 0 || ref_find(&vmr.ref, region, i) != REF_NONE)
		return true;
	if (!vmr_get_room(1))
		return false;
	vmr_bind(ref_page_in(&vmr.ref, region->file, i),
	    vm_object_page_in(vmr.files[region->file], (uint64_t)i));
	return true;
}

static bool
fault(int s, int g, int i, bool is_store)
{
	struct vm_slot *slot = slot_of(s, g, i);
	struct ref_region *region = &vmr.ref.regions[s][g];
	enum vm_fault kind;

	check_slot(s, g, i);
	/* first the room: it may take the very page that is wanted */
	if (slot == NULL || !vmr_get_room(3) || !page_in(s, g, i))
		return false;
	kind = vm_fault_kind(slot, is_store);
	if (is_store)
		expect(vm_fault_takes_page(kind) ==
		    ref_takes_page(&vmr.ref, region, i),
		    "a page is copied when it must be");
	vm_fault(&vmr.bench.vm, slot, kind, &vmr.bench.cost,
	    &vmr.bench.unbooked);
	if (is_store || ref_find(&vmr.ref, region, i) == REF_NONE)
		vmr_bind(ref_for_store(&vmr.ref, region, i), slot->page);
	check_slot(s, g, i);
	return true;
}

static void
touch(int s, int g, int i)
{
	struct vm_slot *slot = slot_of(s, g, i);

	if (!fault(s, g, i, true))
		return;
	vm_page_stored(&vmr.bench.vm, slot->page);
	vmr.seen->stores++;
	vmr.ref.pages[ref_find(&vmr.ref, &vmr.ref.regions[s][g], i)].content =
	    slot->page->version;
	check_slot(s, g, i);
}

static void
wire(int s, int g, int i)
{
	struct vm_slot *slot = slot_of(s, g, i);

	if (slot == NULL)
		return;
	if (slot->is_wired) {
		vm_slot_unwire(slot);
		ref_unwire(&vmr.ref, &vmr.ref.regions[s][g], i);
	} else if (vmr_draw(4) == 0 && fault(s, g, i, true)) {
		vm_slot_wire(slot);
		ref_wire(&vmr.ref, &vmr.ref.regions[s][g], i);
	}
}

static void
map(int s, int g)
{
	struct ref_region *region = &vmr.ref.regions[s][g];
	int file = vmr_draw(REF_FILES + 2) - 2;

	if (file >= 0 && vmr.ref.files[file].n == 0)
		return;
	region->file = file < 0 ? -1 : file;
	/* a file also beyond its end */
	region->n = 1 + vmr_draw(REF_REGION_PAGES);
	region->is_shared = file >= 0 && vmr_draw(2) == 0;
	starts[s][g] = file < 0 ?
	    vm_map_anon(&spaces[s], (uint64_t)region->n) :
	    vm_map_object(&spaces[s], vmr.files[file], 0, (uint64_t)region->n,
	    region->is_shared);
}

static void
unmap(int s, int g)
{
	vm_unmap(&spaces[s], starts[s][g], (uint64_t)vmr.ref.regions[s][g].n,
	    &vmr.bench.cost, &vmr.bench.unbooked);
	ref_unmap(&vmr.ref, &vmr.ref.regions[s][g]);
}

/* Some pages of a region, whatever of them is still mapped. */
static void
unmap_part(int s, int g)
{
	struct ref_region *region = &vmr.ref.regions[s][g];
	int from = vmr_draw(region->n);
	int to = from + 1 + vmr_draw(region->n - from);

	vm_unmap(&spaces[s], starts[s][g] + (uint64_t)from * PAGE_SIZE,
	    (uint64_t)(to - from), &vmr.bench.cost, &vmr.bench.unbooked);
	vmr.seen->parts++;
	for (int i = from; i < to; i++) {
		int page = ref_find(&vmr.ref, region, i);

		vmr.seen->lent_parts += page > 0 &&
		    vmr.ref.pages[page].loans > 0;
		ref_unmap_page(&vmr.ref, region, i);
	}
	for (int i = 0; i < region->n; i++)
		check_slot(s, g, i);
}

static void
exit_space(int s)
{
	vm_space_fini(&spaces[s], &vmr.bench.cost, &vmr.bench.unbooked);
	vm_space_init(&spaces[s], &vmr.bench.vm);
	for (int g = 0; g < REF_REGIONS; g++)
		ref_unmap(&vmr.ref, &vmr.ref.regions[s][g]);
}

static void
fork_space(int parent)
{
	int child = (parent + 1 + vmr_draw(REF_SPACES - 1)) % REF_SPACES;

	exit_space(child);
	vm_space_fork(&spaces[parent], &spaces[child], &vmr.bench.cost,
	    &vmr.bench.unbooked);
	ref_fork(&vmr.ref, parent, child);
	for (int g = 0; g < REF_REGIONS; g++)
		starts[child][g] = starts[parent][g];
	vmr.seen->forks++;
}

/* Both agree whether it can be lent. => the model's word */
static enum vm_loan_result
ask(int s, int g, int i, int n)
{
	enum vm_loan_result expected = VM_LOAN_OK, result;
	uint32_t n_first;

	for (int j = i; j < i + n && expected == VM_LOAN_OK; j++) {
		int page = ref_find(&vmr.ref, &vmr.ref.regions[s][g], j);

		if (page == REF_BEYOND)
			expected = VM_LOAN_NO_MAPPING;
		else if (page == REF_NONE && vmr.ref.regions[s][g].file >= 0)
			expected = VM_LOAN_NOT_RESIDENT;
		else if (vmr.ref.pages[page].wires > 0)
			expected = VM_LOAN_WIRED;
	}
	result = vm_loan_ask(&spaces[s],
	    starts[s][g] + (uint64_t)i * PAGE_SIZE, (uint32_t)n, &n_first);
	expect(result == expected, "it can be lent, or not, and why");
	vmr.seen->refused += result != VM_LOAN_OK;
	return result;
}

static void
lend(int s, int g, int i)
{
	int n = 1 + vmr_draw(vmr.ref.regions[s][g].n - i);
	uint64_t va = starts[s][g] + (uint64_t)i * PAGE_SIZE;
	struct piece *piece = &pieces[vmr_draw(MAX_PIECES)];

	if (piece->n > 0 || !vmr_get_room(n) || ask(s, g, i, n) != VM_LOAN_OK)
		return;
	vm_loan_prepare(&spaces[s], va, (uint32_t)n, &vmr.bench.cost,
	    &vmr.bench.unbooked);
	vm_loan_pages(&spaces[s], va, (uint32_t)n, piece->real);
	vmr.seen->loans++;
	for (int j = 0; j < n; j++) {
		piece->page[j] = ref_lend(&vmr.ref, &vmr.ref.regions[s][g],
		    i + j);
		vmr_bind(piece->page[j], piece->real[j]);
		piece->versions[j] = piece->real[j]->version;
	}
	piece->n = (uint32_t)n;
	piece->is_acked = piece->is_sent = false;
}

/* A piece goes when it is acknowledged, its frames are out, and it is drained.
 */
static void
drain(void)
{
	for (int i = 0; i < MAX_PIECES; i++) {
		struct piece *piece = &pieces[i];

		if (piece->n == 0 || !piece->is_acked || !piece->is_sent)
			continue;
		check_piece(piece);
		for (uint32_t j = 0; j < piece->n; j++)
			vmr.seen->orphans +=
			    vmr.ref.pages[piece->page[j]].owners == 0;
		vm_unloan_pages(&vmr.bench.vm, piece->real, piece->n);
		for (uint32_t j = 0; j < piece->n; j++)
			ref_unlend(&vmr.ref, piece->page[j]);
		piece->n = 0;
	}
}

static void
act_on_page(int s, int g, int i)
{
	switch (vmr_draw(8)) {
	case 0:
		fault(s, g, i, false);
		return;
	case 1:
	case 2:
	case 3:
		touch(s, g, i);
		return;
	case 4:
	case 5:
	case 6:
		lend(s, g, i);
		return;
	case 7:
		wire(s, g, i);
		return;
	}
}

static void
act_on_piece(void)
{
	struct piece *piece = &pieces[vmr_draw(MAX_PIECES)];

	if (vmr_draw(2) == 0)
		piece->is_acked = true;
	else
		piece->is_sent = true;
	if (vmr_draw(4) == 0)
		drain();
}

/* Rare: all of a space, all of a file */
static void
act_rarely(int s)
{
	switch (vmr_draw(4)) {
	case 0:
		fork_space(s);
		return;
	case 1:
		exit_space(s);
		return;
	case 2:
		vmr_truncate(vmr_draw(REF_FILES));
		return;
	case 3:
		vmr_get_room(MEMORY_PAGES / 2);
		return;
	}
}

static void
act(void)
{
	int s = vmr_draw(REF_SPACES), g = vmr_draw(REF_REGIONS);
	int what = vmr_draw(64);

	if (what == 0)
		act_rarely(s);
	else if (what < 16)
		act_on_piece();
	else if (vmr.ref.regions[s][g].n == 0)
		map(s, g);
	else if (what == 16)
		unmap(s, g);
	else if (what == 17)
		unmap_part(s, g);
	else if (what == 18)
		vmr_write(vmr_draw(REF_FILES));
	else
		act_on_page(s, g, vmr_draw(vmr.ref.regions[s][g].n));
	expect((int)pool_in_use(&vmr.bench.vm.pages) == vmr.ref.n_alive,
	    "so many pages are alive");
	if (++n_done % FULL_CHECK == 0)
		check_all();
}

static void
end(void)
{
	check_all();
	for (int s = 0; s < REF_SPACES; s++)
		exit_space(s);
	for (int i = 0; i < MAX_PIECES; i++)
		pieces[i].is_acked = pieces[i].is_sent = true;
	drain();
	expect((int64_t)pool_in_use(&vmr.bench.vm.pages) ==
	    vm_objects_pages(&vmr.bench.vm), "nothing is left but files");
	bench_fini(&vmr.bench);
}

void
vm_random_run(uint64_t with_seed, uint64_t n_operations,
    struct vm_random_seen *seen_by_all)
{
	seed = with_seed;
	vmr.seen = seen_by_all;
	bench_init(&vmr.bench);
	vm_configure(&vmr.bench.vm, &(struct vm_config){.n_pages = MEMORY_PAGES,
	    .freetarg = 4});
	memset(&vmr.ref, 0, sizeof vmr.ref);
	memset(pieces, 0, sizeof pieces);
	state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n_done = 0;
	for (int s = 0; s < REF_SPACES; s++)
		vm_space_init(&spaces[s], &vmr.bench.vm);
	for (int f = 0; f < REF_FILES; f++) {
		vmr.files[f] = NULL;
		vmr_new_file(f);
	}
	while (n_done < n_operations)
		act();
	end();
}
