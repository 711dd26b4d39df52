#include "tests/support/vm_random.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/vm/fork.h"
#include "models/vm/pageout.h"
#include "tests/support/bench.h"
#include "tests/support/vm_reference.h"

enum { MAX_PIECES = 12, MEMORY_PAGES = 36, FULL_CHECK = 4096 };

struct piece {
	uint32_t n;		/* 0: none */
	struct vm_page *real[VM_LOAN_MAX_PAGES];
	int page[VM_LOAN_MAX_PAGES];
	uint64_t versions[VM_LOAN_MAX_PAGES];
	bool is_acked;
	bool is_sent;
};

static struct bench bench;
static struct reference ref;
static struct vm_space spaces[REF_SPACES];
static uint64_t starts[REF_SPACES][REF_REGIONS];
static struct vm_object *files[REF_FILES];
static struct piece pieces[MAX_PIECES];
static uint64_t seed, state, n_done;
static struct vm_random_seen *seen;

static void
expect(bool is_true, const char *what)
{
	if (!is_true)
		ck_abort_msg("%s: seed %" PRIu64 ", operation %" PRIu64
		    "; again: LOANSIM_VM_SEED=%" PRIu64
		    " tests/unit.models.vm.random", what, seed, n_done, seed);
}

/* xorshift64* */
static int
draw(int n)
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
static void
bind(int page, const struct vm_page *real)
{
	struct ref_page *p = &ref.pages[page];

	if (p->real == NULL) {
		p->real = real;
		if (p->content == 0)
			p->content = real->version;
	}
}

static void
check_page(int page, const struct vm_page *real)
{
	const struct ref_page *p = &ref.pages[page];

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
	const struct ref_region *region = &ref.regions[s][g];
	struct vm_slot *slot = slot_of(s, g, i);
	int page = ref_find(&ref, region, i);

	expect((slot == NULL) == (page == REF_BEYOND), "it ends where it ends");
	if (slot == NULL)
		return;
	expect((vm_resident(slot) == NULL) == (page == REF_NONE),
	    "a page is there or not");
	if (page == REF_NONE)
		return;
	check_page(page, vm_resident(slot));
	expect(slot->page == NULL || slot->page == vm_resident(slot),
	    "what is mapped is what is there");
	expect(!slot->is_writable || ref_may_store(&ref, region, i),
	    "a writable mapping is one that may be");
}

static void
check_piece(const struct piece *piece)
{
	for (uint32_t i = 0; i < piece->n; i++) {
		check_page(piece->page[i], piece->real[i]);
		expect(piece->real[i]->version == piece->versions[i],
		    "what is lent stays as it was");
	}
}

static void
check_all(void)
{
	for (int s = 0; s < REF_SPACES; s++)
		for (int g = 0; g < REF_REGIONS; g++)
			for (int i = 0; i < ref.regions[s][g].n; i++)
				check_slot(s, g, i);
	for (int i = 0; i < MAX_PIECES; i++)
		check_piece(&pieces[i]);
}

/* What the daemon took, it was allowed to. */
static void
note_page_outs(void)
{
	for (int f = 0; f < REF_FILES; f++)
		for (int i = 0; i < ref.files[f].n; i++) {
			int page = ref.files[f].page[i];
			const struct ref_page *p = &ref.pages[page];

			if (page == REF_NONE || files[f]->pages[i] != NULL)
				continue;
			expect(p->loans == 0 && p->wires == 0 &&
			    p->content == ref.files[f].disk[i],
			    "only clean, unwired, unlent pages go");
			ref_page_out(&ref, f, i);
			seen->pageouts++;
		}
}

/* => false: there are none, and the operation is left out */
static bool
get_room(int n_pages)
{
	if (vm_has_free(&bench.vm, n_pages))
		return true;
	vm_pageout(&bench.vm, &bench.cost, &bench.unbooked);
	note_page_outs();
	seen->shorts++;
	return vm_has_free(&bench.vm, n_pages);
}

/* => false: no memory */
static bool
page_in(int s, int g, int i)
{
	const struct ref_region *region = &ref.regions[s][g];

	if (region->file < 0 || ref_find(&ref, region, i) != REF_NONE)
		return true;
	if (!get_room(1))
		return false;
	bind(ref_page_in(&ref, region->file, i),
	    vm_object_page_in(files[region->file], (uint64_t)i));
	return true;
}

static bool
fault(int s, int g, int i, bool is_store)
{
	struct vm_slot *slot = slot_of(s, g, i);
	struct ref_region *region = &ref.regions[s][g];
	enum vm_fault kind;

	check_slot(s, g, i);
	/* first the room: it may take the very page that is wanted */
	if (slot == NULL || !get_room(3) || !page_in(s, g, i))
		return false;
	kind = vm_fault_kind(slot, is_store);
	if (is_store)
		expect(vm_fault_takes_page(kind) ==
		    ref_takes_page(&ref, region, i),
		    "a page is copied when it must be");
	vm_fault(&bench.vm, slot, kind, &bench.cost, &bench.unbooked);
	if (is_store || ref_find(&ref, region, i) == REF_NONE)
		bind(ref_for_store(&ref, region, i), slot->page);
	check_slot(s, g, i);
	return true;
}

static void
touch(int s, int g, int i)
{
	struct vm_slot *slot = slot_of(s, g, i);

	if (!fault(s, g, i, true))
		return;
	vm_page_stored(&bench.vm, slot->page);
	seen->stores++;
	ref.pages[ref_find(&ref, &ref.regions[s][g], i)].content =
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
		ref_unwire(&ref, &ref.regions[s][g], i);
	} else if (draw(4) == 0 && fault(s, g, i, true)) {
		vm_slot_wire(slot);
		ref_wire(&ref, &ref.regions[s][g], i);
	}
}

static void
map(int s, int g)
{
	struct ref_region *region = &ref.regions[s][g];
	int file = draw(REF_FILES + 2) - 2;

	if (file >= 0 && ref.files[file].n == 0)
		return;
	region->file = file < 0 ? -1 : file;
	/* a file also beyond its end */
	region->n = 1 + draw(REF_REGION_PAGES);
	region->is_shared = file >= 0 && draw(2) == 0;
	starts[s][g] = file < 0 ?
	    vm_map_anon(&spaces[s], (uint64_t)region->n) :
	    vm_map_object(&spaces[s], files[file], 0, (uint64_t)region->n,
	    region->is_shared);
}

static void
unmap(int s, int g)
{
	vm_unmap(&spaces[s], starts[s][g], (uint64_t)ref.regions[s][g].n,
	    &bench.cost, &bench.unbooked);
	ref_unmap(&ref, &ref.regions[s][g]);
}

/* Some pages of a region, whatever of them is still mapped. */
static void
unmap_part(int s, int g)
{
	struct ref_region *region = &ref.regions[s][g];
	int from = draw(region->n), to = from + 1 + draw(region->n - from);

	vm_unmap(&spaces[s], starts[s][g] + (uint64_t)from * PAGE_SIZE,
	    (uint64_t)(to - from), &bench.cost, &bench.unbooked);
	seen->parts++;
	for (int i = from; i < to; i++) {
		int page = ref_find(&ref, region, i);

		seen->lent_parts += page > 0 && ref.pages[page].loans > 0;
		ref_unmap_page(&ref, region, i);
	}
	for (int i = 0; i < region->n; i++)
		check_slot(s, g, i);
}

/* What write(2) does to a page of a file that is in memory. */
static void
write_file(int f)
{
	int i = draw(REF_REGION_PAGES);
	struct vm_page *page;

	if (i >= ref.files[f].n || !get_room(1) ||
	    ref.files[f].page[i] == REF_NONE)
		return;
	page = files[f]->pages[i];
	if (page->loan_count > 0) {
		page = vm_object_replace(files[f], (uint64_t)i, &bench.cost,
		    &bench.unbooked);
		seen->writes++;
	}
	bind(ref_for_write(&ref, f, i), page);
	vm_page_stored(&bench.vm, page);
	ref.pages[ref.files[f].page[i]].content = page->version;
	check_page(ref.files[f].page[i], page);
}

static void
exit_space(int s)
{
	vm_space_fini(&spaces[s], &bench.cost, &bench.unbooked);
	vm_space_init(&spaces[s], &bench.vm);
	for (int g = 0; g < REF_REGIONS; g++)
		ref_unmap(&ref, &ref.regions[s][g]);
}

static void
fork_space(int parent)
{
	int child = (parent + 1 + draw(REF_SPACES - 1)) % REF_SPACES;

	exit_space(child);
	vm_space_fork(&spaces[parent], &spaces[child], &bench.cost,
	    &bench.unbooked);
	ref_fork(&ref, parent, child);
	for (int g = 0; g < REF_REGIONS; g++)
		starts[child][g] = starts[parent][g];
	seen->forks++;
}

/* Both agree whether it can be lent. => the model's word */
static enum vm_loan_result
ask(int s, int g, int i, int n)
{
	enum vm_loan_result expected = VM_LOAN_OK, result;
	uint32_t n_first;

	for (int j = i; j < i + n && expected == VM_LOAN_OK; j++) {
		int page = ref_find(&ref, &ref.regions[s][g], j);

		if (page == REF_BEYOND)
			expected = VM_LOAN_NO_MAPPING;
		else if (page == REF_NONE && ref.regions[s][g].file >= 0)
			expected = VM_LOAN_NOT_RESIDENT;
		else if (ref.pages[page].wires > 0)
			expected = VM_LOAN_WIRED;
	}
	result = vm_loan_ask(&spaces[s],
	    starts[s][g] + (uint64_t)i * PAGE_SIZE, (uint32_t)n, &n_first);
	expect(result == expected, "it can be lent, or not, and why");
	seen->refused += result != VM_LOAN_OK;
	return result;
}

static void
lend(int s, int g, int i)
{
	int n = 1 + draw(ref.regions[s][g].n - i);
	uint64_t va = starts[s][g] + (uint64_t)i * PAGE_SIZE;
	struct piece *piece = &pieces[draw(MAX_PIECES)];

	if (piece->n > 0 || !get_room(n) || ask(s, g, i, n) != VM_LOAN_OK)
		return;
	vm_loan_prepare(&spaces[s], va, (uint32_t)n, &bench.cost,
	    &bench.unbooked);
	vm_loan_pages(&spaces[s], va, (uint32_t)n, piece->real);
	seen->loans++;
	for (int j = 0; j < n; j++) {
		piece->page[j] = ref_lend(&ref, &ref.regions[s][g], i + j);
		bind(piece->page[j], piece->real[j]);
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
			seen->orphans +=
			    ref.pages[piece->page[j]].owners == 0;
		vm_unloan_pages(&bench.vm, piece->real, piece->n);
		for (uint32_t j = 0; j < piece->n; j++)
			ref_unlend(&ref, piece->page[j]);
		piece->n = 0;
	}
}

static void
new_file(int f)
{
	struct ref_file *file = &ref.files[f];

	if (files[f] != NULL && files[f]->refs > 1)
		return;
	if (files[f] != NULL)
		vm_object_free(files[f]);
	*file = (struct ref_file){.n = 1 + draw(REF_REGION_PAGES)};
	files[f] = vm_object_new(&bench.vm, VM_OBJECT_FILE, (uint32_t)f + 1,
	    file->n * (int64_t)PAGE_SIZE);
	for (int i = 0; i < file->n; i++)
		file->disk[i] = files[f]->content[i];
}

static void
truncate_file(int f)
{
	int n = draw(REF_REGION_PAGES);

	if (ref.files[f].n > n && draw(4) == 0) {
		vm_object_truncate(files[f], n * (int64_t)PAGE_SIZE,
		    &bench.cost, &bench.unbooked);
		ref_truncate(&ref, f, n);
	} else if (ref.files[f].n <= n) {
		ref_truncate(&ref, f, 0);
		vm_object_truncate(files[f], 0, &bench.cost, &bench.unbooked);
		new_file(f);
	}
}

static void
act_on_page(int s, int g, int i)
{
	switch (draw(8)) {
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
	struct piece *piece = &pieces[draw(MAX_PIECES)];

	if (draw(2) == 0)
		piece->is_acked = true;
	else
		piece->is_sent = true;
	if (draw(4) == 0)
		drain();
}

/* Rare: all of a space, all of a file */
static void
act_rarely(int s)
{
	switch (draw(4)) {
	case 0:
		fork_space(s);
		return;
	case 1:
		exit_space(s);
		return;
	case 2:
		truncate_file(draw(REF_FILES));
		return;
	case 3:
		get_room(MEMORY_PAGES / 2);
		return;
	}
}

static void
act(void)
{
	int s = draw(REF_SPACES), g = draw(REF_REGIONS), what = draw(64);

	if (what == 0)
		act_rarely(s);
	else if (what < 16)
		act_on_piece();
	else if (ref.regions[s][g].n == 0)
		map(s, g);
	else if (what == 16)
		unmap(s, g);
	else if (what == 17)
		unmap_part(s, g);
	else if (what == 18)
		write_file(draw(REF_FILES));
	else
		act_on_page(s, g, draw(ref.regions[s][g].n));
	expect((int)pool_in_use(&bench.vm.pages) == ref.n_alive,
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
	expect((int64_t)pool_in_use(&bench.vm.pages) ==
	    vm_objects_pages(&bench.vm), "nothing is left but files");
	bench_fini(&bench);
}

void
vm_random_run(uint64_t with_seed, uint64_t n_operations,
    struct vm_random_seen *seen_by_all)
{
	seed = with_seed;
	seen = seen_by_all;
	bench_init(&bench);
	vm_configure(&bench.vm, &(struct vm_config){.n_pages = MEMORY_PAGES,
	    .freetarg = 4});
	memset(&ref, 0, sizeof ref);
	memset(pieces, 0, sizeof pieces);
	state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n_done = 0;
	for (int s = 0; s < REF_SPACES; s++)
		vm_space_init(&spaces[s], &bench.vm);
	for (int f = 0; f < REF_FILES; f++) {
		files[f] = NULL;
		new_file(f);
	}
	while (n_done < n_operations)
		act();
	end();
}
