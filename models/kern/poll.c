#include "models/kern/poll.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/check.h"
#include "models/host.h"
#include "models/kern/syscall.h"
#include "models/kern/trap.h"

/* Of so many the array lies on the kernel's stack (smallbits). */
enum { POLL_SMALL = 32 };

static struct poll_member *
find_member(const struct pollset *set, int fd)
{
	return set != NULL && (uint32_t)fd < set->room ?
	    set->members[fd] : NULL;
}

/*
 * Who may be ready
 */
static void
set_maybe(struct pollset *set, int fd)
{
	uint32_t word = (uint32_t)fd / FD_WORD;

	set->maybe[word] |= UINT64_C(1) << fd % FD_WORD;
	set->maybe_hi[word / FD_WORD] |= UINT64_C(1) << word % FD_WORD;
}

static void
clear_maybe(struct pollset *set, int fd)
{
	uint32_t word = (uint32_t)fd / FD_WORD;

	set->maybe[word] &= ~(UINT64_C(1) << fd % FD_WORD);
	if (set->maybe[word] == 0)
		set->maybe_hi[word / FD_WORD] &=
		    ~(UINT64_C(1) << word % FD_WORD);
}

/*
 * The set
 */
static void *
more(void *array, size_t room, size_t wanted, size_t bytes)
{
	char *grown = realloc(array, wanted * bytes);

	CHECK(grown != NULL, "memory for descriptors that are polled");
	memset(grown + room * bytes, 0, (wanted - room) * bytes);
	return grown;
}

static void
grow(struct pollset *set, uint32_t n)
{
	uint32_t room = n > 2 * set->room ? n : 2 * set->room;

	room = (room + FD_WORD - 1) / FD_WORD * FD_WORD;
	set->members = more(set->members, set->room, room,
	    sizeof *set->members);
	set->found = more(set->found, set->room, room, sizeof *set->found);
	set->maybe = more(set->maybe, set->room / FD_WORD, room / FD_WORD,
	    sizeof *set->maybe);
	set->room = room;
}

static struct pollset *
set_of(struct proc *p)
{
	if (p->poll == NULL) {
		p->poll = calloc(1, sizeof *p->poll);
		CHECK(p->poll != NULL, "memory for a set of descriptors");
		p->poll->p = p;
	}
	return p->poll;
}

static struct poll_member *
member_of(struct proc *p, int fd)
{
	struct pollset *set = set_of(p);
	struct poll_member *m;

	if ((uint32_t)fd >= set->room)
		grow(set, (uint32_t)fd + 1);
	m = set->members[fd];
	if (m == NULL) {
		m = set->members[fd] = calloc(1, sizeof *m);
		CHECK(m != NULL, "memory for a descriptor that is polled");
		m->set = set;
		m->fd = fd;
	}
	return m;
}

static void
leave_socket(struct poll_member *m)
{
	if (m->so == NULL)
		return;
	*m->link = m->next;
	if (m->next != NULL)
		m->next->link = m->link;
	m->so = NULL;
}

static void
join_socket(struct poll_member *m, struct socket *so)
{
	if (m->so == so)
		return;
	leave_socket(m);
	m->so = so;
	m->next = so->pollers;
	m->link = &so->pollers;
	if (m->next != NULL)
		m->next->link = &m->next;
	so->pollers = m;
}

bool
poll_want(struct proc *p, int fd, uint32_t events)
{
	struct poll_member *m;

	if (fd < 0 || fd >= FD_NUMBERS)
		return false;
	m = member_of(p, fd);
	m->set->n -= m->events != 0;
	m->set->n += events != 0;
	m->events = events;
	if (events != 0)
		set_maybe(m->set, fd);
	else {
		leave_socket(m);
		clear_maybe(m->set, fd);
	}
	return true;
}

void
poll_refile(struct proc *p, int fd)
{
	struct poll_member *m = find_member(p->poll, fd);

	if (m == NULL || m->events == 0)
		return;
	leave_socket(m);
	set_maybe(m->set, fd);
}

void
poll_fini(struct proc *p)
{
	struct pollset *set = p->poll;

	if (set == NULL)
		return;
	for (uint32_t fd = 0; fd < set->room; fd++)
		free(set->members[fd]);
	free(set->members);
	free(set->found);
	free(set->maybe);
	free(set);
	p->poll = NULL;
}

/*
 * The call
 */

/* fo_poll(); from now on its socket tells. */
static uint32_t
ask(struct poll_member *m)
{
	const struct file *file = fd_file(m->set->p, m->fd);

	if (file == NULL)
		return SYS_POLLNVAL;
	if (file->f_socket == NULL)
		return m->events;	/* seltrue(), of a file */
	join_socket(m, file->f_socket);
	return so_poll(file->f_socket, m->events);
}

static void
ask_word(struct pollset *set, uint32_t word)
{
	uint64_t left = set->maybe[word];

	for (; left != 0; left &= left - 1) {
		int fd = (int)word * FD_WORD + __builtin_ctzll(left);
		uint32_t revents = ask(set->members[fd]);

		if (revents != 0)
			set->found[set->n_found++] =
			    (struct sys_pollfd){fd, revents};
		else
			clear_maybe(set, fd);
	}
}

/* pollscan(), in the order of descriptors */
static void
scan(struct pollset *set)
{
	set->n_found = 0;
	for (uint32_t i = 0; i < FD_NUMBERS / FD_WORD / FD_WORD; i++) {
		uint64_t left = set->maybe_hi[i];

		for (; left != 0; left &= left - 1)
			ask_word(set, i * FD_WORD +
			    (uint32_t)__builtin_ctzll(left));
	}
}

/* copyin() or copyout() of the whole array */
static void
copy_array(struct kctx *k)
{
	cost_op_as(&k->cost, &k->host->costs, OP_COPY_1K,
	    (int64_t)proc_of(k)->poll->n * POLLFD_BYTES, CAUSE_POLL);
}

static void
finish(struct kctx *k)
{
	copy_array(k);
	proc_return(proc_of(k), proc_of(k)->poll->n_found);
}

static void scanned(struct kctx *k);

static void
scan_all(struct kctx *k)
{
	kctx_op(k, OP_POLL_FD, proc_of(k)->poll->n);
	kctx_spend(k, SPL_0, scanned);
}

static void
woken(struct kctx *k)
{
	struct proc *p = proc_of(k);

	if (k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else if (p->is_late)
		finish(k);
	else
		scan_all(k);
}

static void
scanned(struct kctx *k)
{
	struct proc *p = proc_of(k);

	scan(p->poll);
	if (p->poll->n_found == 0 && k->host->is_stopped)
		proc_return(p, SYS_ENDED);
	else if (p->poll->n_found > 0 || p->call.until <= k->host->cal->now)
		finish(k);
	else
		proc_sleep_before(p, &p->poll->wait, p->call.until,
		    SPL_SOFTNET, woken);
}

static void
do_poll(struct kctx *k)
{
	kctx_op(k, OP_POLL, 1);
	if (proc_of(k)->poll->n > POLL_SMALL)
		kctx_op(k, OP_POLL_MALLOC, 1);
	copy_array(k);
	scan_all(k);
}

void
pollcall(struct proc *p, const struct sys_call *call)
{
	sim_time now = p->k.host->cal->now;

	set_of(p);
	p->call.until = call->len < 0 || call->len >= SIM_TIME_NEVER - now ?
	    SIM_TIME_NEVER : now + call->len;
	trap(p, do_poll);
}

/*
 * Being told
 */
void
poll_wakeup(struct socket *so, uint32_t event, struct kctx *k)
{
	struct poll_member *next;

	for (struct poll_member *m = so->pollers; m != NULL; m = next) {
		next = m->next;
		if ((m->events & event) == 0)
			continue;
		set_maybe(m->set, m->fd);
		proc_wakeup(&m->set->wait, k);
	}
}

static bool
listens(const struct poll_member *m)
{
	return m == NULL || m->events == 0 || (m->so != NULL &&
	    m->so->tcpcb.t_state == TCPS_LISTEN);
}

bool
poll_only_listens(const struct proc *p)
{
	const struct pollset *set = p->poll;

	if (set == NULL || p->sleeps_on != &set->wait || set->n == 0 ||
	    p->call.until != SIM_TIME_NEVER)
		return false;
	for (uint32_t fd = 0; fd < set->room; fd++)
		if (!listens(set->members[fd]))
			return false;
	return true;
}
