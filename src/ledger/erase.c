/*
 * erase.c
 *	  erase_old_values(): lawful erasure of what corrections replaced.
 *
 * What goes are old values, and the salts that open commitments to them: that
 * of the old values, and those of every image before.  Their digests take their
 * place, so that the leaves stay what they are (doc/ledger.md).
 */
#include "certdata.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "check/reading.h"
#include "errors.h"
#include "guard/act.h"
#include "ledger/entry.h"
#include "ledger/life_read.h"
#include "ledger/seal.h"
#include "refuse.h"
#include "rule/calendar.h"

PG_FUNCTION_INFO_V1(certdata_erase_old_values);

#define YEARS_LEAST 5			/* 承诺书 item 6 */

static int	retention_years = YEARS_LEAST;

void
erase_define_settings(void)
{
	DefineCustomIntVariable("certdata.retention_years",
							"Years for which the ledger keeps what corrections replaced.",
							"certdata.erase_old_values() refuses what is younger.",
							&retention_years, YEARS_LEAST, YEARS_LEAST, 100, PGC_SUSET, 0,
							NULL, NULL, NULL);
}

typedef struct Erasure
{
	const Attachment *att;
	Relation	rel;
	Target		target;
	cd_certno	no;
	Act			act;
	Statement	statement;
	List	   *steps;
	int			newest;			/* step whose old values may go; -1: none */
	int			kept;			/* steps whose old values are needed */
	int			young;			/* steps whose old values must stay */
	int32		until;			/* last day on which the oldest of them must */
} Erasure;

/* ---- what may go ---- */

/* Has the step old values besides the number? */
static bool
has_values(const Step *step)
{
	cd_text		text;

	for (int i = 0; i < CD_NFIELDS; i++)
		if (i != CD_CERT_NO && old_value(step->old, cd_field_name[i], &text))
			return true;
	return false;
}

/* Is the life followed by the old values?  They are committed to as a whole. */
static bool
names_former(const Step *step)
{
	cd_certno	former;

	return old_number(step->old, cd_field_name[CD_CERT_NO], &former);
}

static bool
may_go(const Step *step)
{
	return has_values(step) && !names_former(step);
}

/*
 * The last day on which what the step replaced must be kept.  A period of
 * years does not count its first day and ends with the same day, or the last
 * one of its month (民法典 第二百零一条, 第二百零二条).
 */
static int32
last_day(const Step *step)
{
	int32		until = PG_INT32_MAX;

	if (step->act_slot == NULL)
		ledger_corrupted(psprintf(certdata_lang_zh() ? "没有编号为%lld的行为。" : "There is no act %lld.", (long long) step->entry.act));
	(void) cd_add_months(certdata_day(DatumGetTimestampTz(step->act_slot->tts_values[ACT_RECORDED_AT])),
						 12 * retention_years, &until);
	return until;
}

static void
choose(Erasure *e)
{
	e->newest = -1;
	for (int i = 0; i < list_length(e->steps); i++)
	{
		const Step *step = list_nth(e->steps, i);

		e->kept += has_values(step) && names_former(step);
		if (!may_go(step))
			continue;
		if (e->young == 0 && certdata_today() > last_day(step))
			e->newest = i;
		else if (e->young++ == 0)
			e->until = last_day(step);
	}
}

static char *
date_text(int32 day)
{
	char	   *text = palloc0(11);

	cd_date_print(day, text);
	return text;
}

pg_noreturn static void
refuse_young(const Erasure *e)
{
	bool		zh = certdata_lang_zh();
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_RETENTION, .rule = CD_NRULES, .relation = e->rel
	};

	refusal.message = psprintf(zh ? "证书“%s”更正前的数据应保存至%s" : "what corrections of certificate \"%s\" replaced must be kept until %s",
							   number_string(steps_number(e->steps)), date_text(e->until));
	refusal.detail = psprintf(zh ? "证书数据至少保存%d年（承诺书第六项，certdata.retention_years）。没有作任何改动。" :
							  "Data is kept for %d years at least (承诺书 item 6, certdata.retention_years). Nothing was changed.",
							  retention_years);
	refusal.hint = zh ? "次日起可以清除。" : "It can be erased from the next day on.";
	certdata_refuse(&refusal);
}

/* ---- the rows ---- */

#define SALTS_ROOM (CD_PART_OLD * CD_SALT_LEN + CD_HASH_LEN)

static void
append(bytea *salts, const unsigned char *bytes, int len)
{
	memcpy((char *) salts + VARSIZE(salts), bytes, len);
	SET_VARSIZE(salts, VARSIZE(salts) + len);
}

/* So many salts of the entry from a part on, or H(04 || them) for them. */
static void
append_salts(bytea *salts, const Step *step, cd_part first, int n, bool erased)
{
	const unsigned char *salt = step_salt(step, first);
	cd_piece	piece[2] = {{"\x04", 1}, {salt, n * CD_SALT_LEN}};
	unsigned char digest[CD_HASH_LEN];

	if (salt == NULL)
	{
		/* erased before: it comes first or last */
		const unsigned char *kept = step->entry.salts.ptr;

		append(salts, first == CD_PART_OLD ? kept + step->entry.salts.len - CD_HASH_LEN : kept, CD_HASH_LEN);
		return;
	}
	if (!erased)
	{
		append(salts, salt, n * CD_SALT_LEN);
		return;
	}
	ledger_hash(piece, 2, digest);
	append(salts, digest, CD_HASH_LEN);
}

/* The column as it is when the salts of the image, or of old values, are erased. */
static bytea *
salts_without(const Step *step, bool image, bool old)
{
	bytea	   *salts = palloc(VARHDRSZ + SALTS_ROOM);
	cd_value	whole = step->entry.body.salts_digest;
	bool		has_image = step_has_image(step) && !image && step_salt(step, CD_PART_NAME) != NULL;
	bool		has_old = step_has_old(step) && !old && step_salt(step, CD_PART_OLD) != NULL;

	SET_VARSIZE(salts, VARHDRSZ);
	if (!has_image && !has_old)
	{
		append(salts, whole.ptr, CD_HASH_LEN);
		return salts;
	}
	if (step_has_image(step))
		append_salts(salts, step, CD_PART_NAME, CD_PART_OLD, image);
	if (step_has_old(step))
		append_salts(salts, step, CD_PART_OLD, 1, old);
	return salts;
}

static void
erase_step(Relation entries, const Step *step, bool image, bool old)
{
	Datum		values[ENTRY_COLUMNS];
	bool		nulls[ENTRY_COLUMNS];

	memcpy(values, step->slot->tts_values, sizeof(values));
	memcpy(nulls, step->slot->tts_isnull, sizeof(nulls));
	values[ENTRY_SALTS] = PointerGetDatum(salts_without(step, image, old));
	nulls[ENTRY_OLD_VALUES] = nulls[ENTRY_OLD_VALUES] || old;
	entry_rewrite(&step->slot->tts_tid, values, nulls, GetActiveSnapshot());
}

/* Returns how many lost old values; *detail: which entries were touched. */
static int64
erase_steps(const Erasure *e, Datum *detail)
{
	Relation	entries = table_open(own_relation("ledger_entry"), RowExclusiveLock);
	StringInfoData list;
	int64		erased = 0;

	initStringInfo(&list);
	for (int i = 0; i <= e->newest; i++)
	{
		const Step *step = list_nth(e->steps, i);
		bool		image = i < e->newest && step_salt(step, CD_PART_NAME) != NULL;
		bool		old = may_go(step);

		if (!image && !old)
			continue;
		erased += old;
		erase_step(entries, step, image, old);
		appendStringInfo(&list, "%s[" INT64_FORMAT ", %d]", list.len > 0 ? ", " : "", step->entry.act, step->entry.n);
	}
	table_close(entries, NoLock);
	CommandCounterIncrement();
	*detail = DirectFunctionCall1(jsonb_in, CStringGetDatum(psprintf("{\"entries\": [%s]}", list.data)));
	return erased;
}

static int64
erase(Erasure *e)
{
	const Step *last = llast(e->steps);
	RecordedAct act = {.kind = "erase", .said = &e->statement, .has_detail = true};
	RecordedEntry entry = {.no = &last->entry.no, .state = (int) last->entry.body.state};
	int64		erased = erase_steps(e, &act.detail);
	Recorder   *recorder = recording->begin(e->att, e->rel, &act);

	recording->entry(recorder, &entry);
	recording->end(recorder);
	return erased;
}

/* ---- the act ---- */

/* The steps as of now; the number may be a former one. */
static void
read_steps(Erasure *e)
{
	e->steps = steps_read(&e->att->registry, &e->no);
	if (e->steps != NIL)
		steps_acts(e->steps, &e->target);
}

static int64
erase_locked(Erasure *e)
{
	bool		zh = certdata_lang_zh();

	choose(e);
	if (e->newest < 0 && e->young > 0)
		refuse_young(e);
	if (e->young > 0)
		ereport(NOTICE,
				(errmsg_internal(zh ? "其后还有%d次更正前的数据须保存，最早的至%s" :
								 "old values of later corrections must still be kept: %d, the first of them until %s",
								 e->young, date_text(e->until))));
	if (e->kept > 0)
		ereport(NOTICE,
				(errmsg_internal(zh ? "%d次改号的同时还更改了其他数据，其原数据用于追溯，予以保留" :
								 "renumberings that changed other fields, too, whose old values are kept to follow the life by: %d", e->kept)));
	if (e->newest >= 0)
		return erase(e);
	ereport(NOTICE, (errmsg_internal("%s", zh ? "没有可清除的更正前数据" : "there are no old values to erase")));
	return 0;
}

/* erase_old_values(target, cert_no, reason, approval) */
Datum
certdata_erase_old_values(PG_FUNCTION_ARGS)
{
	Erasure		e = {.act = {.kind = ACT_STATE}};
	Numbers		number = {.n = 1};
	int64		erased;

	e.rel = act_target(fcinfo, 0, "certdata.erase_old_values()", &e.att);
	(void) ledger_require_here();
	e.target = target_arg(fcinfo);
	e.no = target_number_arg(fcinfo, "certdata.erase_old_values()");
	e.act.reason = string_arg(fcinfo, 2);
	e.act.approval = string_arg(fcinfo, 3);
	statement_read(e.att, &e.act, &e.statement);
	statement_require_reason(&e.statement, e.rel, CD_RULE_DELETION_REASON);
	statement_require_approval(&e.statement, e.att, e.rel, CD_RULE_DELETION_APPROVAL);
	PushActiveSnapshot(GetLatestSnapshot());
	read_steps(&e);
	PopActiveSnapshot();
	if (e.steps != NIL)
		e.no = *steps_number(e.steps);
	number.no = &e.no;
	lock_numbers(e.att, e.rel, &number, LOCK_FOR_STATE);
	/* what was there before the lock may be history */
	PushActiveSnapshot(GetLatestSnapshot());
	read_steps(&e);
	erased = e.steps == NIL ? 0 : erase_locked(&e);
	PopActiveSnapshot();
	relation_close(e.rel, NoLock);
	PG_RETURN_INT64(erased);
}
