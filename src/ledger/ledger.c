/*
 * ledger.c
 *	  Whether there is a ledger, and whether it is this database's.
 *
 * Transaction numbers mean something within one cluster only, and one of its
 * databases: a dump that is restored elsewhere brings a ledger along that has
 * to be adopted before it goes on.
 */
#include "certdata.h"

#include "access/table.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/protect.h"
#include "ledger/ledger.h"

/* What was read, as long as no other session has changed it. */
static Ledger current;
static bool is_current = false;

static Oid	incarnation_relid = InvalidOid;

static cd_digest *digest[CD_NALGORITHMS];

/* What certdata.verify_ledger() has found to be the digest; -1: what the table says. */
static int	assumed = -1;

/* ---- reading ---- */

static void
read_ledger(void *arg, Datum *values, bool *nulls)
{
	Ledger	   *ledger = arg;
	char	   *name = TextDatumGetCString(values[1]);

	ledger->id = *DatumGetUUIDP(values[0]);
	if (!cd_algorithm_find(name, strlen(name), &ledger->algorithm))
		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_LEDGER_CORRUPTED),
				 errmsg_internal(certdata_lang_zh() ? "certdata.ledger 中的摘要算法“%s”不可识别" :
								 "certdata.ledger names an unknown algorithm \"%s\"", name)));
}

char *
ledger_system(void)
{
	return psprintf(UINT64_FORMAT, GetSystemIdentifier());
}

char *
ledger_database(void)
{
	return psprintf("%u", MyDatabaseId);
}

static void
read_incarnation(void *arg, Datum *values, bool *nulls)
{
	Ledger	   *ledger = arg;
	int32		id = DatumGetInt32(values[0]);

	if (id <= ledger->incarnation)
		return;
	ledger->incarnation = id;
	ledger->here = is_word(values[1], ledger_system()) && is_word(values[2], ledger_database());
}

const Ledger *
ledger_get(void)
{
	MemoryContext memory;
	MemoryContext old;
	Ledger		ledger = {.incarnation = 0};

	if (is_current)
		return &current;
	incarnation_relid = own_relation("ledger_incarnation");
	if (!OidIsValid(incarnation_relid))
		return NULL;
	memory = AllocSetContextCreate(CurrentMemoryContext, "certdata ledger", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(memory);
	/* before we look, so that what comes while we do is noticed */
	is_current = true;
	PG_TRY();
	{
		PushActiveSnapshot(guard_snapshot());
		read_table("ledger_incarnation", &ledger, read_incarnation);
		if (ledger.incarnation > 0)
			read_table("ledger", &ledger, read_ledger);
		PopActiveSnapshot();
	}
	PG_CATCH();
	{
		is_current = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	current = ledger;
	if (ledger.incarnation == 0)
		is_current = false;		/* it may be started any time */
	return ledger.incarnation == 0 ? NULL : &current;
}

void
ledger_not_started(void)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_CERTDATA_NO_LEDGER),
			 errmsg_internal(zh ? "台账尚未启用" : "the ledger is not started"),
			 errhint(zh ? "调用 certdata.start_ledger()；第一次 certdata.attach() 也会启用。" :
					 "Call certdata.start_ledger(); the first certdata.attach() does so, too.")));
}

const Ledger *
ledger_require(void)
{
	const Ledger *ledger = ledger_get();

	if (ledger == NULL)
		ledger_not_started();
	return ledger;
}

const Ledger *
ledger_require_here(void)
{
	const Ledger *ledger = ledger_require();

	if (!ledger->here)
	{
		bool		zh = certdata_lang_zh();

		ereport(ERROR,
				(errcode(ERRCODE_CERTDATA_NOT_ADOPTED),
				 errmsg_internal(zh ? "台账属于另一个集群或数据库" : "the ledger is another cluster's or database's"),
				 errdetail_internal(zh ? "本数据库由备份恢复、复制或升级而来，接续记录之前须先认领台账。没有作任何改动。" :
									"This database came from a dump, a copy or an upgrade; the ledger goes on here once it is adopted. Nothing was changed."),
				 errhint(zh ? "由管理员调用 certdata.adopt_ledger('原因')。" : "Let an administrator call certdata.adopt_ledger('reason').")));
	}
	return ledger;
}

char *
ledger_origin(const Ledger *ledger)
{
	return psprintf("certdata/%s", DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&ledger->id))));
}

/* ---- digests ---- */

pg_noreturn static void
digest_failed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
			 errmsg("could not compute a digest: %s", cd_digest_error())));
}

/* One context for each algorithm, for as long as the backend lives. */
static cd_digest *
digest_of(cd_algorithm algorithm)
{
	if (digest[algorithm] == NULL)
		digest[algorithm] = cd_digest_new(algorithm);
	if (digest[algorithm] == NULL)
		digest_failed();
	return digest[algorithm];
}

void
hash_by(cd_algorithm algorithm, const cd_piece *piece, int n, unsigned char out[CD_HASH_LEN])
{
	if (!cd_digest_pieces(digest_of(algorithm), piece, n, out))
		digest_failed();
}

void
ledger_assume(int algorithm)
{
	assumed = algorithm;
}

void
ledger_hash(const cd_piece *piece, int n, unsigned char out[CD_HASH_LEN])
{
	hash_by(assumed >= 0 ? (cd_algorithm) assumed : ledger_require()->algorithm, piece, n, out);
}

bool
ledger_hash_nodes(void *arg, const cd_node *left, const cd_node *right, cd_node *out)
{
	unsigned char data[1 + 2 * CD_NODE_LEN] = {0x01};
	cd_piece	piece = {data, sizeof(data)};

	memcpy(data + 1, left->b, CD_NODE_LEN);
	memcpy(data + 1 + CD_NODE_LEN, right->b, CD_NODE_LEN);
	ledger_hash(&piece, 1, out->b);
	return true;
}

void
ledger_leaf_hash(const void *data, size_t len, unsigned char out[CD_HASH_LEN])
{
	cd_piece	piece[2] = {{"", 1}, {data, len}};

	ledger_hash(piece, 2, out);
}

/* ---- as the extension's owner ---- */

/* An error puts the user back with the transaction. */
void
owner_begin(SavedUser *saved)
{
	Relation	rel = table_open(own_relation("ledger"), AccessShareLock);
	Oid			owner = rel->rd_rel->relowner;

	table_close(rel, AccessShareLock);
	GetUserIdAndSecContext(&saved->user, &saved->context);
	SetUserIdAndSecContext(owner, saved->context | SECURITY_LOCAL_USERID_CHANGE);
}

void
owner_end(const SavedUser *saved)
{
	SetUserIdAndSecContext(saved->user, saved->context);
}

/* ---- what changes it ---- */

static void
relation_changed(Oid relid)
{
	if (!OidIsValid(relid) || relid == incarnation_relid)
		is_current = false;
}

void
ledger_changed(void)
{
	CacheInvalidateRelcacheByRelid(own_relation("ledger_incarnation"));
}

void
ledger_init(void)
{
	certdata_on_relation_change(relation_changed);
	number_init();
}
