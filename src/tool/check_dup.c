/*
 * check_dup.c
 *	  Certificate numbers used more than once in a file.
 *
 * All numbers are added in a first pass; in the second every member of a set
 * of equal numbers can name the others.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

void
duplicates_begin(duplicates *d, size_t numbers)
{
	size_t		slots = cd_dup_slots(numbers);

	memset(d, 0, sizeof(*d));
	cd_dup_init(&d->set, check_alloc(NULL, slots * sizeof(cd_dup_slot)), slots);
}

static void
grow(cd_dup *set)
{
	size_t		slots = (set->mask + 1) * 2;
	cd_dup		larger;

	cd_dup_init(&larger, check_alloc(NULL, slots * sizeof(cd_dup_slot)), slots);
	cd_dup_rehash(&larger, set);
	free(set->slot);
	*set = larger;
}

void
duplicates_add(duplicates *d, const cd_certno *no, int64_t row)
{
	uint32_t	first;

	if (row > (int64_t) CD_DUP_MAX_ROW)
		return;
	first = cd_dup_add(&d->set, no, (uint32_t) row);
	if (first == CD_DUP_FULL)
	{
		grow(&d->set);
		first = cd_dup_add(&d->set, no, (uint32_t) row);
	}
	if (first == 0)
		return;
	if (d->npairs == d->room)
	{
		d->room = d->room > 0 ? d->room * 2 : 256;
		d->pair = check_alloc(d->pair, d->room * sizeof(cd_dup_pair));
	}
	d->pair[d->npairs].first = first;
	d->pair[d->npairs].row = (uint32_t) row;
	d->npairs++;
}

static int
member_cmp(const void *a, const void *b)
{
	uint32_t	x = ((const dup_member *) a)->row;
	uint32_t	y = ((const dup_member *) b)->row;

	return x < y ? -1 : x > y;
}

void
duplicates_sort(duplicates *d)
{
	size_t		set = 0;
	size_t		i;

	/* the numbers themselves are no longer needed */
	free(d->set.slot);
	d->set.slot = NULL;
	if (d->npairs == 0)
		return;

	qsort(d->pair, d->npairs, sizeof(cd_dup_pair), cd_dup_pair_cmp);
	d->member = check_alloc(NULL, 2 * d->npairs * sizeof(dup_member));
	for (i = 0; i < d->npairs; i++)
	{
		if (i == 0 || d->pair[i].first != d->pair[i - 1].first)
		{
			set = i;
			d->member[d->nmembers].row = d->pair[i].first;
			d->member[d->nmembers++].pair = set;
		}
		d->member[d->nmembers].row = d->pair[i].row;
		d->member[d->nmembers++].pair = set;
	}
	qsort(d->member, d->nmembers, sizeof(dup_member), member_cmp);
}

bool
duplicates_of(duplicates *d, int64_t row, int64_t offset, char *out, size_t size)
{
	const dup_member *m;

	while (d->next < d->nmembers && d->member[d->next].row < row)
		d->next++;
	if (d->next == d->nmembers || d->member[d->next].row != row)
		return false;
	m = &d->member[d->next];
	cd_dup_others(d->pair + m->pair, d->npairs - m->pair, m->row, offset, out, size);
	return true;
}

void
duplicates_end(duplicates *d)
{
	free(d->set.slot);
	free(d->pair);
	free(d->member);
	memset(d, 0, sizeof(*d));
}
