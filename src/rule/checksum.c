/*
 * checksum.c
 *	  Check characters of document numbers.
 */
#include "rule.h"
#include "bytes.h"

static const uint8_t mod11_2_weight[17] = {
	7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2
};
static const char mod11_2_check[] = "10X98765432";

/* GB 11643-1999 after ISO 7064, MOD 11-2. */
char
cd_mod11_2(const char digits[17])
{
	int64_t		value;

	return cd_seventeen(digits, &value);
}

/* '\0' if they are not all digits. */
char
cd_seventeen(const char *s, int64_t *value)
{
	uint64_t	first = load8(s) - DIGIT_ZEROS;
	uint64_t	second = load8(s + 8) - DIGIT_ZEROS;
	unsigned	last = (unsigned) (unsigned char) s[16] - '0';
	unsigned	sum;

	if (!are_digits(first) || !are_digits(second) || last > 9)
		return '\0';
	*value = ((int64_t) digits_value(first) * 100000000 + digits_value(second)) * 10 + last;
	sum = digits_weighed(first, mod11_2_weight) + digits_weighed(second, mod11_2_weight + 8) +
		last * mod11_2_weight[16];
	return mod11_2_check[sum % 11];
}

/* ICAO Doc 9303: weights 7, 3, 1; A = 10 … Z = 35; modulo 10. */
int
cd_icao_check(const char chars[14])
{
	static const int8_t weight[3] = {7, 3, 1};
	int			sum = 0;

	for (int i = 0; i < 14; i++)
	{
		char		c = chars[i];
		int			value;

		if (c >= '0' && c <= '9')
			value = c - '0';
		else if (c >= 'A' && c <= 'Z')
			value = c - 'A' + 10;
		else
			return -1;
		sum += value * weight[i % 3];
	}
	return sum % 10;
}
