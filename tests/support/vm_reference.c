#include "tests/support/vm_reference.h"

#include <stdlib.h>
#include <string.h>

static int
new_page(struct reference *r, uint64_t content)
{
	for (int n = 0; n < REF_PAGES; n++) {
		r->hint = r->hint % (REF_PAGES - 1) + 1;
		if (r->pages[r->hint].owners + r->pages[r->hint].loans > 0)
			continue;
		r->pages[r->hint] = (struct ref_page){.content = content};
		r->n_alive++;
		return r->hint;
	}
	abort();
}

static void
gone_if_unused(struct reference *r, int page)
{
	r->n_alive -= r->pages[page].owners + r->pages[page].loans == 0;
}

static void
let_go(struct reference *r, int page)
{
	r->pages[page].owners--;
	gone_if_unused(r, page);
}

int
ref_find(const struct reference *r, const struct ref_region *g, int i)
{
	if (g->is_gone[i])
		return REF_BEYOND;
	if (g->own[i] != REF_NONE || g->file < 0)
		return g->own[i];
	return i < r->files[g->file].n ? r->files[g->file].page[i] :
	    REF_BEYOND;
}

static bool
is_of_file(const struct ref_region *g)
{
	return g->file >= 0 && g->is_shared;
}

bool
ref_may_store(const struct reference *r, const struct ref_region *g, int i)
{
	int page = is_of_file(g) ? ref_find(r, g, i) : g->own[i];

	return page > REF_NONE && r->pages[page].owners == 1 &&
	    r->pages[page].loans == 0;
}

bool
ref_takes_page(const struct reference *r, const struct ref_region *g, int i)
{
	return !ref_may_store(r, g, i);
}

/* A number in a place, whose old one loses that owner, and its wire. */
static void
replace(struct reference *r, int *place, int page, bool is_wired)
{
	if (is_wired) {
		r->pages[*place].wires--;
		r->pages[page].wires++;
	}
	r->pages[page].owners++;
	if (*place != REF_NONE)
		let_go(r, *place);
	*place = page;
}

int
ref_for_store(struct reference *r, struct ref_region *g, int i)
{
	int *place = is_of_file(g) ? &r->files[g->file].page[i] : &g->own[i];
	int old = ref_find(r, g, i);

	if (!ref_may_store(r, g, i))
		replace(r, place, new_page(r, r->pages[old].content),
		    g->is_wired[i]);
	return *place;
}

int
ref_lend(struct reference *r, const struct ref_region *g, int i)
{
	int page = ref_find(r, g, i);

	if (page == REF_NONE)
		page = new_page(r, 0);
	r->pages[page].loans++;
	return page;
}

void
ref_unlend(struct reference *r, int page)
{
	r->pages[page].loans--;
	gone_if_unused(r, page);
}

void
ref_wire(struct reference *r, struct ref_region *g, int i)
{
	r->pages[ref_find(r, g, i)].wires++;
	g->is_wired[i] = true;
}

void
ref_unwire(struct reference *r, struct ref_region *g, int i)
{
	if (g->is_wired[i])
		r->pages[ref_find(r, g, i)].wires--;
	g->is_wired[i] = false;
}

void
ref_unmap_page(struct reference *r, struct ref_region *g, int i)
{
	ref_unwire(r, g, i);
	if (g->own[i] != REF_NONE)
		let_go(r, g->own[i]);
	g->own[i] = REF_NONE;
	g->is_gone[i] = true;
}

int
ref_for_write(struct reference *r, int file, int i)
{
	int *place = &r->files[file].page[i];

	if (r->pages[*place].loans > 0)
		replace(r, place, new_page(r, r->pages[*place].content),
		    false);
	return *place;
}

void
ref_unmap(struct reference *r, struct ref_region *g)
{
	for (int i = 0; i < g->n; i++)
		ref_unmap_page(r, g, i);
	memset(g, 0, sizeof *g);
}

void
ref_fork(struct reference *r, int parent, int child)
{
	for (int n = 0; n < REF_REGIONS; n++) {
		struct ref_region *g = &r->regions[child][n];

		*g = r->regions[parent][n];
		memset(g->is_wired, 0, sizeof g->is_wired);
		for (int i = 0; i < g->n; i++)
			r->pages[g->own[i]].owners += g->own[i] != REF_NONE;
	}
}

static void
unwire_beyond(struct reference *r, struct ref_region *g, int n)
{
	for (int i = n; i < g->n; i++)
		if (g->own[i] == REF_NONE)
			ref_unwire(r, g, i);
}

void
ref_truncate(struct reference *r, int file, int n)
{
	struct ref_file *f = &r->files[file];

	for (int s = 0; s < REF_SPACES; s++)
		for (int g = 0; g < REF_REGIONS; g++)
			if (r->regions[s][g].n > 0 &&
			    r->regions[s][g].file == file)
				unwire_beyond(r, &r->regions[s][g], n);
	for (int i = n; i < f->n; i++)
		if (f->page[i] != REF_NONE)
			ref_page_out(r, file, i);
	f->n = n;
}

int
ref_page_in(struct reference *r, int file, int i)
{
	struct ref_file *f = &r->files[file];

	f->page[i] = new_page(r, f->disk[i]);
	r->pages[f->page[i]].owners = 1;
	return f->page[i];
}

void
ref_page_out(struct reference *r, int file, int i)
{
	let_go(r, r->files[file].page[i]);
	r->files[file].page[i] = REF_NONE;
}
