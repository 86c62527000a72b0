/*
 * tap.h
 *	  Test Anything Protocol and repeatable random numbers for the unit tests.
 *
 * A property tried on many values is one test: it counts what was wrong and
 * keeps the first wrong value to show.
 */
#ifndef CERTDATA_TAP_H
#define CERTDATA_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int	tap_tests;
static int	tap_failures;

/* One test; name is a printf format. */
static inline bool
__attribute__((format(printf, 2, 3)))
ok(bool good, const char *name,...)
{
	va_list		args;

	printf("%sok %d - ", good ? "" : "not ", ++tap_tests);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	tap_failures += !good;
	return good;
}

/* One test of two texts. */
static inline bool
is(const char *got, const char *expected, const char *name)
{
	bool		good = ok(strcmp(got, expected) == 0, "%s", name);

	if (!good)
		printf("#      got: %s\n# expected: %s\n", got, expected);
	return good;
}

/* The plan, last as TAP allows; the exit status. */
static inline int
done_testing(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures > 0;
}

/* ---- a property over many values ---- */

typedef struct tally
{
	long		tried;
	long		wrong;
	char		first[200];		/* what was wrong first */
} tally;

/* Count one value; when it is the first wrong one, keep its description. */
static inline void
__attribute__((format(printf, 3, 4)))
count(tally *t, bool good, const char *what,...)
{
	va_list		args;

	t->tried++;
	if (good || t->wrong++ > 0)
		return;
	va_start(args, what);
	vsnprintf(t->first, sizeof(t->first), what, args);
	va_end(args);
}

/* The tally as one test: nothing wrong, and at least so many values tried. */
static inline bool
ok_tally(const tally *t, long at_least, const char *name)
{
	bool		good = ok(t->wrong == 0 && t->tried >= at_least, "%s (%ld tried)", name, t->tried);

	if (t->wrong > 0)
		printf("# %ld wrong, the first: %s\n", t->wrong, t->first);
	else if (!good)
		printf("# expected to try at least %ld\n", at_least);
	return good;
}

/* ---- random numbers, the same in every run (xorshift64*) ---- */

static uint64_t tap_random = UINT64_C(0x9E3779B97F4A7C15);

static inline uint64_t
random_bits(void)
{
	tap_random ^= tap_random >> 12;
	tap_random ^= tap_random << 25;
	tap_random ^= tap_random >> 27;
	return tap_random * UINT64_C(2685821657736338717);
}

/* 0 to n - 1. */
static inline unsigned
random_below(unsigned n)
{
	return (unsigned) ((random_bits() >> 32) % n);
}

/*
 * The text in memory of its own and of exactly its length, so that the address
 * checker sees every read beyond it.  free() it.
 */
static inline char *
exact_copy(const char *s, size_t len)
{
	char	   *copy = malloc(len ? len : 1);

	memcpy(copy, s, len);
	return copy;
}

#endif							/* CERTDATA_TAP_H */
