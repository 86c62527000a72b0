/*
 * entry.h
 *	  A hash table from bytes to something; include it once per file.
 */
#include "common/hashfn.h"

typedef struct Entry
{
	cd_text		key;
	uint32		hash;
	char		status;
	int			n;
	void	   *item;
} Entry;

#define SH_PREFIX entries
#define SH_ELEMENT_TYPE Entry
#define SH_KEY_TYPE cd_text
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) (key).ptr, (int) (key).len)
#define SH_EQUAL(table, a, b) ((a).len == (b).len && memcmp((a).ptr, (b).ptr, (a).len) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"
