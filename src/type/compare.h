/*
 * compare.h
 *	  The six comparisons and the three-way one, from one order.
 */
#ifndef CERTDATA_COMPARE_H
#define CERTDATA_COMPARE_H

/* SQL function name: ORDER (fcinfo) OP 0 */
#define COMPARISON(name, order, op) \
PG_FUNCTION_INFO_V1(certdata_##name); \
Datum \
certdata_##name(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_BOOL(order(fcinfo) op 0); \
}

#define THREE_WAY(name, order) \
PG_FUNCTION_INFO_V1(certdata_##name); \
Datum \
certdata_##name(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_INT32(order(fcinfo)); \
}

#define COMPARISONS(prefix, order) \
COMPARISON(prefix##_eq, order, ==) \
COMPARISON(prefix##_ne, order, !=) \
COMPARISON(prefix##_lt, order, <) \
COMPARISON(prefix##_le, order, <=) \
COMPARISON(prefix##_ge, order, >=) \
COMPARISON(prefix##_gt, order, >) \
THREE_WAY(prefix##_cmp, order)

#endif							/* CERTDATA_COMPARE_H */
