/*
 * export.c
 *	  export_ledger(): the data of all leaves, for those who recompute the
 *	  whole tree.
 *
 * A row for each call, so that COPY (SELECT ...) needs no more memory or disk
 * than a batch of them.  Nothing stays open between batches: a query may end
 * before the last.
 */
#include "certdata.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "check/reading.h"
#include "ledger/entry_scan.h"
#include "ledger/seal.h"

PG_FUNCTION_INFO_V1(certdata_export_ledger);

#define BATCH 256				/* leaves read at once */

typedef struct Export
{
	int64		size;			/* leaves to be exported */
	int64		next;			/* leaf to be read */
	MemoryContext memory;		/* of the batch */
	EntryScan  *entries;		/* open during a batch only */
	text	   *line[BATCH];
	int			nlines;
	int			given;			/* lines of the batch given already */
} Export;

/* ---- one batch ---- */

/* Where we are: in an act, of which leaf its own is. */
typedef struct ExportReading
{
	Export	   *export;
	Relation	acts;
	TupleTableSlot *act_slot;
} ExportReading;

static void
add_line(Export *export, const unsigned char *data, size_t len)
{
	StringInfoData line;

	initStringInfo(&line);
	appendStringInfo(&line, INT64_FORMAT "\t", export->next++);
	append_base64(&line, data, len);
	export->line[export->nlines++] = cstring_to_text_with_len(line.data, line.len);
	pfree(line.data);
}

static bool
is_full(const Export *export)
{
	return export->nlines == BATCH || export->next >= export->size;
}

pg_noreturn static void
refuse_gap(int64 leaf)
{
	ledger_corrupted(psprintf(certdata_lang_zh() ? "第%lld叶没有对应的行。" : "There is no row for leaf %lld.", (long long) leaf));
}

/* The entries of an act from the next leaf on. */
static void
read_entries(Export *export, const cd_act *act, int64 first_leaf, const unsigned char act_hash[CD_HASH_LEN])
{
	TupleTableSlot *slot;

	entry_scan_begin(export->entries, act->id, export->next - first_leaf, act->entries);
	while (!is_full(export) && (slot = entry_scan_next(export->entries)) != NULL)
	{
		unsigned char data[CD_ENTRY_DATA_MAX];
		LedgerEntry entry;

		read_entry(slot, &entry);
		if (entry.n != export->next - first_leaf || !entry_fits(&entry.body))
			refuse_gap(export->next);
		add_line(export, data, cd_entry_data(&entry.body, act_hash, entry.n, data));
	}
}

/* The act that the next leaf is among, and what of it there is room for. */
static void
read_leaves(ExportReading *reading)
{
	Export	   *export = reading->export;
	unsigned char act_hash[CD_HASH_LEN];
	unsigned char *data;
	int64		first_leaf;
	int64		act;
	size_t		len;
	cd_act		row;

	if (!order_of_leaf(export->next, &first_leaf, &act) || !act_find(reading->acts, act, reading->act_slot))
		refuse_gap(export->next);
	read_act(reading->act_slot, &row);
	if (export->next > first_leaf + row.entries)
		refuse_gap(export->next);
	len = cd_act_data(&row, NULL);
	data = palloc(len);
	(void) cd_act_data(&row, data);
	ledger_leaf_hash(data, len, act_hash);
	if (export->next == first_leaf)
		add_line(export, data, len);
	if (!is_full(export) && export->next <= first_leaf + row.entries)
	{
		read_entries(export, &row, first_leaf, act_hash);
		if (!is_full(export) && export->next <= first_leaf + row.entries)
			refuse_gap(export->next);
	}
	ExecClearTuple(reading->act_slot);
}

static void
read_batch(Export *export)
{
	MemoryContext old = MemoryContextSwitchTo(export->memory);
	ExportReading reading = {.export = export};

	MemoryContextReset(export->memory);
	export->nlines = export->given = 0;
	(void) tree_reading_begin();
	reading.acts = table_open(own_relation("ledger_act"), AccessShareLock);
	reading.act_slot = table_slot_create(reading.acts, NULL);
	entry_scan_open(export->entries, GetActiveSnapshot());
	while (!is_full(export))
	{
		CHECK_FOR_INTERRUPTS();
		read_leaves(&reading);
	}
	entry_scan_close(export->entries);
	ExecDropSingleTupleTableSlot(reading.act_slot);
	table_close(reading.acts, AccessShareLock);
	tree_reading_end();
	MemoryContextSwitchTo(old);
}

/* ---- the function ---- */

/* How many leaves: as asked for, or those of the newest head. */
static int64
size_arg(FunctionCallInfo fcinfo)
{
	bool		zh = certdata_lang_zh();
	int64		sealed = 0;
	int64		size;
	int64		act;
	cd_node		root;

	(void) tree_reading_begin();
	if (!head_newest(true, &sealed, &root, &act))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg_internal("%s", zh ? "台账还没有封账" : "nothing of the ledger is sealed so far"),
				 errhint(zh ? "先调用 certdata.seal()。" : "Call certdata.seal() first.")));
	tree_reading_end();
	size = PG_ARGISNULL(0) ? sealed : PG_GETARG_INT64(0);
	if (size < 0 || size > sealed)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_internal(zh ? "没有大小为%lld的树" : "there is no tree of size %lld", (long long) size),
				 errdetail_internal(zh ? "已封账%lld个叶。" : "Leaves sealed: %lld.", (long long) sealed)));
	return size;
}

/* export_ledger(tree_size) */
Datum
certdata_export_ledger(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	Export	   *export;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		call = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		export = palloc0(sizeof(Export));
		export->size = size_arg(fcinfo);
		export->memory = AllocSetContextCreate(CurrentMemoryContext, "certdata export", ALLOCSET_DEFAULT_SIZES);
		export->entries = entry_scan_create();
		call->user_fctx = export;
		MemoryContextSwitchTo(old);
	}
	call = SRF_PERCALL_SETUP();
	export = call->user_fctx;
	if (export->given == export->nlines && export->next < export->size)
		read_batch(export);
	if (export->given == export->nlines)
		SRF_RETURN_DONE(call);
	SRF_RETURN_NEXT(call, PointerGetDatum(export->line[export->given++]));
}
