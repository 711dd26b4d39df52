#include "models/kern/uio.h"

#include "models/base/check.h"

static void
skip_empty(const struct uio *uio, struct uio_place *at)
{
	while (at->left == 0 && at->next < uio->n) {
		at->addr = uio->iov[at->next].base;
		at->left = uio->iov[at->next].len;
		at->next++;
	}
}

void
uio_begin(struct uio *uio, uint64_t addr, int64_t len)
{
	uio->at = (struct uio_place){addr, len, 0};
	uio->n = 0;
}

/* => -1: no sum that a program could ask for */
static int64_t
sum_of(const struct sys_iovec *iov, int n)
{
	int64_t sum = 0;

	if (n < 1 || n > UIO_MAXIOV)
		return -1;
	for (int i = 0; i < n; i++) {
		if (iov[i].len < 0 || iov[i].len > INT64_MAX - sum)
			return -1;
		sum += iov[i].len;
	}
	return sum;
}

int64_t
uio_begin_v(struct uio *uio, const struct sys_iovec *iov, int n)
{
	int64_t sum = sum_of(iov, n);

	if (sum < 0)
		return -1;
	for (int i = 0; i < n; i++)
		uio->iov[i] = iov[i];
	uio->n = (uint32_t)n;
	uio->at = (struct uio_place){0};
	skip_empty(uio, &uio->at);
	return sum;
}

void
uio_pass(const struct uio *uio, struct uio_place *at, int64_t n)
{
	CHECK(n <= at->left, "a step stays within its iovec");
	at->addr += (uint64_t)n;
	at->left -= n;
	skip_empty(uio, at);
}

void
uio_advance(struct uio *uio, int64_t n)
{
	while (n > 0) {
		int64_t step = n < uio->at.left ? n : uio->at.left;

		CHECK(step > 0, "no more is taken than there is");
		uio_pass(uio, &uio->at, step);
		n -= step;
	}
}
