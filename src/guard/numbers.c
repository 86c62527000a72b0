/*
 * numbers.c
 *	  Certificates named by their numbers.
 */
#include "certdata.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "guard/act.h"

Oid
own_type(const char *name)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
						   ObjectIdGetDatum(certdata_schema()));
}

Oid
certno_type(bool array)
{
	Oid			type = own_type("certno");

	return array ? get_array_type(type) : type;
}

char *
number_string(const cd_certno *no)
{
	char	   *s = palloc0(CD_CERTNO_LEN + 1);

	cd_certno_print(no, s);
	return s;
}

/* ---- the argument ---- */

/* As declared: what the call was written with is not known to every caller. */
static Oid
argument_type(FunctionCallInfo fcinfo, int i)
{
	Oid		   *types;
	int			n;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &n);
	return types[i];
}

/* Texts are read by the type's input function, so refused in its words. */
static Datum
read_as(Oid type, char *text)
{
	Oid			input;
	Oid			ioparam;

	getTypeInputInfo(type, &input, &ioparam);
	return OidInputFunctionCall(input, text, ioparam, -1);
}

static void
set_number(cd_certno *no, Datum value)
{
	memcpy(no, DatumGetPointer(value), sizeof(*no));
}

pg_noreturn static void
refuse_null(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg_internal("%s", certdata_lang_zh() ? "证书编号为空值" : "a certificate number is null")));
}

static Numbers
from_array(ArrayType *array)
{
	Oid			element = ARR_ELEMTYPE(array);
	Oid			certno = certno_type(false);
	Numbers		numbers = {0};
	Datum	   *values;
	bool	   *nulls;
	int16		len;
	bool		byval;
	char		align;

	get_typlenbyvalalign(element, &len, &byval, &align);
	deconstruct_array(array, element, len, byval, align, &values, &nulls, &numbers.n);
	if (numbers.n == 0)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal("%s", zh ? "没有给出证书编号" : "no certificate number is given"),
				 errhint("%s", zh ? "空数组不指明任何证书。" : "An empty array names no certificate.")));
	}
	numbers.no = palloc(sizeof(cd_certno) * numbers.n);
	for (int i = 0; i < numbers.n; i++)
	{
		if (nulls[i])
			refuse_null();
		set_number(&numbers.no[i], element == certno ? values[i] :
				   read_as(certno, TextDatumGetCString(values[i])));
	}
	return numbers;
}

Numbers
numbers_arg(FunctionCallInfo fcinfo, int i)
{
	Oid			type = argument_type(fcinfo, i);
	Numbers		numbers = {.n = 1};
	Datum		value = PG_GETARG_DATUM(i);

	if (PG_ARGISNULL(i))
		refuse_null();
	if (OidIsValid(get_element_type(type)))
		return from_array(DatumGetArrayTypeP(value));
	if (type == TEXTOID)
	{
		char	   *text = string_arg(fcinfo, i);

		if (text[strspn(text, " \t\n\r")] == '{')
			return from_array(DatumGetArrayTypeP(read_as(certno_type(true), text)));
		value = read_as(certno_type(false), text);
	}
	numbers.no = palloc(sizeof(cd_certno));
	set_number(&numbers.no[0], value);
	return numbers;
}

/* ---- sets of numbers ---- */

static int
compare(const void *a, const void *b)
{
	return cd_certno_compare(a, b);
}

Numbers
numbers_sorted(const Numbers *numbers)
{
	Numbers		sorted = {.no = palloc(sizeof(cd_certno) * Max(numbers->n, 1))};

	memcpy(sorted.no, numbers->no, sizeof(cd_certno) * numbers->n);
	qsort(sorted.no, numbers->n, sizeof(cd_certno), compare);
	for (int i = 0; i < numbers->n; i++)
		if (sorted.n == 0 || compare(&sorted.no[i], &sorted.no[sorted.n - 1]) != 0)
			sorted.no[sorted.n++] = sorted.no[i];
	return sorted;
}

int
numbers_find(const Numbers *sorted, const cd_certno *no)
{
	const cd_certno *found = NULL;

	if (sorted->n > 0)
		found = bsearch(no, sorted->no, sorted->n, sizeof(cd_certno), compare);
	return found == NULL ? -1 : (int) (found - sorted->no);
}

bool
numbers_have(const Numbers *sorted, const cd_certno *no)
{
	return numbers_find(sorted, no) >= 0;
}

ArrayType *
numbers_array(const Numbers *numbers)
{
	Datum	   *values = palloc(sizeof(Datum) * Max(numbers->n, 1));

	for (int i = 0; i < numbers->n; i++)
		values[i] = PointerGetDatum(&numbers->no[i]);
	return construct_array(values, numbers->n, certno_type(false), sizeof(cd_certno), false,
						   TYPALIGN_CHAR);
}
