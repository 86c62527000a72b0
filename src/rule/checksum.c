/*
 * checksum.c
 *	  Check characters of document numbers.
 */
#include "rule.h"

/* GB 11643-1999 after ISO 7064, MOD 11-2. */
char
cd_mod11_2(const char digits[17])
{
	static const int8_t weight[17] = {
		7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2
	};
	int			sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weight[i];
	return "10X98765432"[sum % 11];
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
