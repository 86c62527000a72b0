/*
 * test_checksum.c
 *	  Looks for: a wrong weight.  MOD 11-2 must find every single wrong digit
 *	  and every exchange of two different digits; a wrong weight lets some by.
 */
#include "rule.h"
#include "tap.h"

/* ISO 7064 MOD 11-2 as the standard computes it, digit by digit, no weights. */
static char
recursive_mod11_2(const char *digits)
{
	int			p = 0;

	for (int i = 0; i < 17; i++)
		p = (p + digits[i] - '0') * 2 % 11;
	p = (12 - p) % 11;
	return p == 10 ? 'X' : (char) ('0' + p);
}

static int64_t
number_of(const char *s)
{
	int64_t		n = 0;

	for (int i = 0; i < 17; i++)
		n = n * 10 + (s[i] - '0');
	return n;
}

static void
test_not_digits(void)
{
	tally		t = {0};
	int64_t		value;

	for (int at = 0; at < 17; at++)
		for (int b = 0; b < 256; b++)
		{
			char	   *s = exact_copy("13010219900307123", 17);

			s[at] = (char) b;
			count(&t, (cd_seventeen(s, &value) == '\0') == !(b >= '0' && b <= '9'),
				  "byte %02x at %d", (unsigned) b, at);
			/* and a neighbour that a borrow could mend */
			s[(at + 1) % 17] = ':';
			count(&t, cd_seventeen(s, &value) == '\0', "byte %02x at %d, then a colon", (unsigned) b, at);
			free(s);
		}
	ok_tally(&t, 17 * 512, "what is no digit, at every place");
}

static void
test_mod11_2(void)
{
	tally		same = {0};
	tally		wrong_digit = {0};
	tally		swapped = {0};

	for (int round = 0; round < 5000; round++)
	{
		char		s[17];
		char		check;
		int64_t		value;

		for (int i = 0; i < 17; i++)
			s[i] = (char) ('0' + random_below(10));
		check = cd_mod11_2(s);
		count(&same, cd_seventeen(s, &value) == check && value == number_of(s), "%.17s as a number", s);
		count(&same, check == recursive_mod11_2(s), "%.17s", s);
		for (int i = 0; i < 17; i++)
		{
			char		was = s[i];

			for (char c = '0'; c <= '9'; c++)
			{
				s[i] = c;
				count(&same, cd_seventeen(s, &value) == recursive_mod11_2(s) && value == number_of(s),
					  "%.17s as a number", s);
				count(&wrong_digit, (cd_mod11_2(s) == check) == (c == was), "%.17s, place %d", s, i);
			}
			s[i] = was;
			for (int k = i + 1; k < 17; k++)
			{
				s[i] = s[k];
				s[k] = was;
				/* places a multiple of ten apart have the same weight */
				if (k - i != 10)
					count(&swapped, (cd_mod11_2(s) == check) == (s[i] == s[k]),
						  "%.17s, places %d and %d", s, i, k);
				s[k] = s[i];
				s[i] = was;
			}
		}
	}
	ok_tally(&same, 860000, "MOD 11-2 as ISO 7064 computes it, and the digits' value");
	ok_tally(&wrong_digit, 850000, "every single wrong digit is found");
	ok_tally(&swapped, 600000, "every exchange of two digits not ten places apart is found");

	/* the last digit exchanged with the check character: adjacent, so found */
	memset(&swapped, 0, sizeof(swapped));
	for (int round = 0; round < 100000; round++)
	{
		char		s[18];

		for (int i = 0; i < 17; i++)
			s[i] = (char) ('0' + random_below(10));
		s[17] = cd_mod11_2(s);
		if (s[17] == 'X' || s[17] == s[16])
			continue;
		s[16] ^= s[17];
		s[17] ^= s[16];
		s[16] ^= s[17];
		count(&swapped, cd_mod11_2(s) != s[17], "%.18s", s);
	}
	ok_tally(&swapped, 70000, "an exchange with the check character is found");
}

static void
test_published(void)
{
	/* GB 11643 and domain specimens; the last character is the check */
	static const char *const mod11[] = {
		"11010519491231002X", "130102199003071233", "13010219900307002X", "13010220000229123X",
		"810000199408230021", "820000198801011017", "830000199201300022", "932643199912310022",
		"91384019850101002X", "932682198501010017", "911124198108030024", "931012199012010018"
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(mod11) / sizeof(mod11[0]); i++)
		count(&t, cd_mod11_2(mod11[i]) == mod11[i][17], "%s", mod11[i]);
	ok_tally(&t, 12, "published and specimen numbers");

	/* every remainder has its character: sum of 7 * digit and the rest */
	memset(&t, 0, sizeof(t));
	for (int r = 0; r < 11; r++)
	{
		/* weights 10 (place 3) and 1 (place 8) give any sum below 11 */
		char		s[] = "00000000000000000";

		if (r == 10)
			s[2] = '1';
		else
			s[7] = (char) ('0' + r);
		count(&t, cd_mod11_2(s) == "10X98765432"[r], "remainder %d", r);
	}
	ok_tally(&t, 11, "each remainder and its check character");
}

static void
test_icao(void)
{
	static const char *const whole[] = {
		"KAZ110090123105", "USA110085010116", "JPN310090031523"
	};
	tally		t = {0};

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		count(&t, cd_icao_check(whole[i]) == whole[i][14] - '0', "%s", whole[i]);
	/* Doc 9303's own passport number and birth date */
	count(&t, cd_icao_check("000" "L898902C3" "00") == 6, "L898902C3");
	count(&t, cd_icao_check("000000" "740812" "00") == 2, "740812");
	ok_tally(&t, 5, "specimens of the old permanent residence number and of Doc 9303");

	memset(&t, 0, sizeof(t));
	for (int at = 0; at < 14; at++)
		for (int b = 0; b < 256; b++)
		{
			char		s[] = "AAA00000000000";
			int			base = cd_icao_check(s);
			bool		digit = b >= '0' && b <= '9';
			bool		letter = b >= 'A' && b <= 'Z';
			int			was = at < 3 ? 10 : 0;
			int			value = digit ? b - '0' : b - 'A' + 10;

			s[at] = (char) b;
			if (digit || letter)
				count(&t, cd_icao_check(s) ==
					  (base + 1000 + (value - was) * (at % 3 == 0 ? 7 : at % 3 == 1 ? 3 : 1)) % 10,
					  "%c at %d", b, at);
			else
				count(&t, cd_icao_check(s) == -1, "byte %02x at %d", (unsigned) b, at);
		}
	ok_tally(&t, 14 * 256, "every byte at every place: weight, value, refusal");
}

int
main(void)
{
	test_mod11_2();
	test_not_digits();
	test_published();
	test_icao();
	return done_testing();
}
