/*
 * test_dup.c
 *	  Looks for: a number lost, invented or given to another row by the table of
 *	  numbers, above all while it grows and when it is nearly full.
 */
#include "dup.h"
#include "tap.h"

#define NUMBERS 4000

/* The plain model: number k was first seen in row first[k], 0: never. */
static uint32_t first[NUMBERS];

/* Numbers as files have them: runs of serials in several filings. */
static cd_certno
number(unsigned k)
{
	char		s[CD_CERTNO_LEN + 1];
	cd_certno	no;
	cd_no_fault fault;
	int			fixed;

	snprintf(s, sizeof(s), "%c00001300%04u%02u%u%06u", k & 1 ? 'S' : 'Y', k % 7, k % 30, 1 + k % 5, k);
	s[CD_CERTNO_LEN] = '\0';
	if (strlen(s) != CD_CERTNO_LEN - 0 || cd_certno_parse(s, CD_CERTNO_LEN, &no, &fixed, &fault) != CD_NO_OK)
	{
		printf("Bail out! %s is no number\n", s);
		exit(1);
	}
	return no;
}

static cd_dup_slot *
room(size_t slots)
{
	cd_dup_slot *memory = malloc(slots * sizeof(cd_dup_slot));

	memset(memory, 0xA5, slots * sizeof(cd_dup_slot));
	return memory;
}

static void
test_model(void)
{
	tally		t = {0};

	for (int round = 0; round < 40; round++)
	{
		unsigned	different = 1 + random_below(NUMBERS);
		size_t		slots = (size_t) 4 << random_below(5);
		cd_dup		set;
		size_t		used = 0;
		int			grown = 0;

		memset(first, 0, sizeof(first));
		cd_dup_init(&set, room(slots), slots);
		for (uint32_t row = 1; row <= 3000; row++)
		{
			unsigned	k = random_below(different);
			cd_certno	no = number(k);
			uint32_t	got = cd_dup_add(&set, &no, row);

			if (got == CD_DUP_FULL)
			{
				cd_dup		larger;

				count(&t, first[k] == 0 && set.used == set.limit, "full in row %u", row);
				cd_dup_init(&larger, room(slots * 2), slots * 2);
				cd_dup_rehash(&larger, &set);
				free(set.slot);
				set = larger;
				slots *= 2;
				grown++;
				got = cd_dup_add(&set, &no, row);
			}
			count(&t, got == first[k], "row %u, number %u: row %u instead of %u", row, k, got, first[k]);
			if (first[k] == 0)
			{
				first[k] = row;
				used++;
			}
			count(&t, set.used == used && set.used <= set.limit, "%zu used instead of %zu", set.used, used);
		}
		for (unsigned k = 0; k < NUMBERS; k++)
		{
			cd_certno	no = number(k);

			count(&t, cd_dup_find(&set, &no) == first[k], "number %u", k);
		}
		count(&t, different < 100 || grown > 0, "%u numbers without growing", different);
		free(set.slot);
	}
	ok_tally(&t, 40 * 10000, "random adds against a plain array, growing from 4 slots");
}

static void
test_full(void)
{
	tally		t = {0};

	for (size_t slots = 4; slots <= 1024; slots *= 2)
	{
		cd_dup		set;
		unsigned	k = 0;
		cd_certno	no;

		cd_dup_init(&set, room(slots), slots);
		while (no = number(k), cd_dup_add(&set, &no, k + 1) == 0)
			k++;
		count(&t, k == slots / 4 * 3 && cd_dup_add(&set, &no, 9) == CD_DUP_FULL &&
			  cd_dup_find(&set, &no) == 0, "%zu slots took %u", slots, k);
		/* what it has it still knows */
		for (unsigned i = 0; i < k; i++)
		{
			no = number(i);
			count(&t, cd_dup_add(&set, &no, 9999) == i + 1, "%u of %zu slots", i, slots);
		}
		free(set.slot);
	}
	ok_tally(&t, 1500, "a full table says so and forgets nothing");

	memset(&t, 0, sizeof(t));
	for (size_t n = 0; n < 5000; n++)
	{
		size_t		slots = cd_dup_slots(n);

		count(&t, (slots & (slots - 1)) == 0 && slots >= 4 && slots / 4 * 3 >= n, "%zu", n);
	}
	ok_tally(&t, 5000, "slots for n numbers are a power of two and take them");
	ok(sizeof(cd_dup_slot) == 16, "16 bytes a slot");
}

static void
test_rows(void)
{
	cd_dup		set;
	cd_certno	no = number(1);
	cd_certno	near = no;

	cd_dup_init(&set, room(64), 64);
	ok(cd_dup_add(&set, &no, CD_DUP_MAX_ROW) == 0 && cd_dup_add(&set, &no, 1) == CD_DUP_MAX_ROW &&
	   cd_dup_find(&set, &no) == CD_DUP_MAX_ROW, "the largest row");
	near.b[9] ^= 8;				/* the serial's last bit */
	ok(cd_dup_find(&set, &near) == 0, "a number that differs in one bit is another");
	free(set.slot);
}

static void
test_others(void)
{
	static const cd_dup_pair pairs[] = {
		{2, 5}, {2, 7}, {2, 30}, {4, 6}, {8, 9}, {8, 10}, {8, 11}, {8, 12}, {8, 13}, {8, 14}, {8, 15},
		{8, 16}, {8, 17}, {8, 18}, {8, 19}, {8, 20}
	};
	cd_dup_pair mixed[16];
	char		out[200];
	tally		t = {0};

	for (int i = 0; i < 16; i++)
		mixed[i] = pairs[(i * 7 + 3) % 16];
	qsort(mixed, 16, sizeof(mixed[0]), cd_dup_pair_cmp);
	ok(memcmp(mixed, pairs, sizeof(pairs)) == 0, "duplicates are sorted by first and row");

	cd_dup_others(pairs, 16, 2, 0, out, sizeof(out));
	is(out, "5, 7, 30", "the first of a set names the others");
	cd_dup_others(pairs, 16, 7, 0, out, sizeof(out));
	is(out, "2, 5, 30", "a later one names the first, too");
	cd_dup_others(pairs, 16, 7, 1, out, sizeof(out));
	is(out, "3, 6, 31", "as rows of the sheet");
	cd_dup_others(pairs + 3, 13, 6, 0, out, sizeof(out));
	is(out, "4", "two of a kind");
	cd_dup_others(pairs + 4, 12, 8, 0, out, sizeof(out));
	is(out, "9, 10, 11, 12, 13, 14, 15, 16, 17, 18…", "ten are listed");
	for (size_t size = 8; size < 60; size++)
	{
		char	   *exact = malloc(size);
		size_t		n = cd_dup_others(pairs, 3, 5, INT64_C(1000000000000), exact, size);

		count(&t, n < size && strlen(exact) == n && cd_utf8_valid(exact, n) == n, "%zu: %s", size, exact);
		free(exact);
	}
	ok_tally(&t, 52, "any room is kept to");
}

int
main(void)
{
	test_model();
	test_full();
	test_rows();
	test_others();
	return done_testing();
}
