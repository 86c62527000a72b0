/*
 * check.h
 *	  The check floor: rules with their settings, rows from wherever they
 *	  come, findings on their way out.
 */
#ifndef CERTDATA_CHECK_H
#define CERTDATA_CHECK_H

#include "certdata.h"

#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "rule/dup.h"

/* Which rules data is judged by: those of the guide, or, for 第二十六条, its format. */
typedef enum CheckProfile
{
	CHECK_HEBEI_2022,
	CHECK_COMPETITION			/* no filings, no scope, no periods */
} CheckProfile;

/* ---- settings.c: what data says about the rules, once per statement ---- */

typedef struct RuleOverride
{
	uint8		rule;
	bool		enabled;
	bool		of_attachment;	/* for its rows only */
	pg_uuid_t	attachment;
	cd_severity severity;
	int32		from;			/* first day, last day */
	int32		to;
} RuleOverride;

typedef struct Settings
{
	cd_context	ctx;			/* letters that are in force all the time */
	int			noverrides;
	RuleOverride *override;
	int			ndated;			/* letters in force on some days only */
	struct DatedLetter *dated;
} Settings;

/* A category or level letter with the days on which it means something. */
typedef struct DatedLetter
{
	char		letter;
	bool		is_category;
	bool		accepted;
	cd_level	level;
	int32		from;
	int32		to;
} DatedLetter;

/* Valid until the next call, which a row's own query may make. */
extern const Settings *settings_get(void);

/*
 * The same, to be kept: in the current context.  With the settings of an
 * attachment, which come before those for all data; NULL: without.
 */
extern Settings *settings_copy(const pg_uuid_t *attachment);

/* The context for a record: the letters of its date, or of today without one. */
extern const cd_context *settings_context(const Settings *set, const cd_text field[CD_NFIELDS],
										  const cd_record *rec, cd_context *room);

/* Severity of a rule on that day; false: it is switched off. */
extern bool settings_judge(const Settings *set, const cd_finding *finding, int32 date,
						   cd_severity *severity);

/* ---- source.c: the eleven fields of a row, whatever its columns are ---- */

typedef enum ColumnKind
{
	COLUMN_TEXT,				/* text, varchar, our text types */
	COLUMN_BPCHAR,				/* padding is no space */
	COLUMN_CERTNO, COLUMN_ID_NUMBER, COLUMN_RESIDENT_ID, COLUMN_ID_TYPE,
	COLUMN_LEVEL, COLUMN_DATE,	/* issue_date and date */
	COLUMN_OTHER				/* by its output function */
} ColumnKind;

/* What the codes of a coded column stand for. */
typedef struct CodeMap
{
	int			n;
	cd_text    *code;
	cd_text    *text;
} CodeMap;

typedef struct Source
{
	TupleDesc	desc;
	AttrNumber	attnum[CD_NFIELDS]; /* 0: no such column */
	ColumnKind	kind[CD_NFIELDS];
	unsigned	fields;
	/* of attached tables only; kept by whoever made the source */
	const CodeMap *map[CD_NFIELDS]; /* NULL: the value itself */
	cd_text		constant[CD_NFIELDS];	/* of fields without a column */
} Source;

/*
 * Find the fields among the columns: by the headers of Annex 1 or the names of
 * certdata's own tables, else, when no name is known, the first eleven.
 * Columns that are missing are listed in *missing (NULL: none).
 */
extern void source_init(Source *source, TupleDesc desc, StringInfo missing);
extern bool source_column_is(const char *name, cd_field field);

/* Take the field from that column of source->desc. */
extern void source_use_column(Source *source, cd_field field, AttrNumber attnum);
pg_noreturn extern void source_missing_error(const char *name, Relation rel,
											 StringInfo missing);

/*
 * Read a row: text fields and those that could not be proved into field[],
 * proved ones into rec.  What it points to lives in the current context or in
 * the slot.
 */
extern void source_read(const Source *source, TupleTableSlot *slot,
						cd_text field[CD_NFIELDS], cd_record *rec, unsigned *typed);

/* The code that stands for a text (map NULL: itself); a text without one is its own. */
extern cd_text source_code(const CodeMap *map, cd_text text);

/* A field as text, whatever its column's type; NULL if it is null. */
extern char *source_text(const Source *source, TupleTableSlot *slot, cd_field field);

typedef struct Pass Pass;		/* pass.c */

/* ---- scan.c: the rows of a relation as reports number them ---- */

typedef void (*ScanRow) (void *arg, const Source *source, TupleTableSlot *slot, int64 row_no);

/*
 * Call row for every row of the relation that the user may read, in physical
 * order, numbered from 1; or by its column row_no, if it has one.  It runs in a context that is reset for each row.
 */
extern void scan_relation(Oid relation, ScanRow row, void *arg);
extern char *relation_name(Oid relation);
extern Relation relation_of(Oid relation);

/* fields.c: the relation's column for each field; refuses one that lacks some. */
extern void relation_fields(Relation rel, Source *source);
extern void fields_init(void);

/*
 * What the floor above knows of attached tables: fills the source, and says by
 * which rules their rows are judged; false: the table is not attached.
 * coming: rows that are to go there, for which an exception can be made.
 */
typedef struct CheckRules
{
	const pg_uuid_t *attachment;	/* whose settings count; NULL: nobody's */
	CheckProfile profile;
	int			excused;		/* rule with an exception; -1: none */
	bool		withdrawn;		/* rows without a number are withdrawn */
} CheckRules;
typedef bool (*AttachedRelation) (Relation rel, bool coming, Source *source, CheckRules *rules);
extern AttachedRelation attached_relation;

/*
 * Check the rows of a relation; row is told of each checked row (or NULL).
 * target: where they are to go, and by whose rules they are judged then if it
 * is attached; fields: its columns, and the constants that they have to have
 * there; both NULL: nowhere.
 */
typedef void (*CheckedRow) (void *arg, const Source *source, TupleTableSlot *slot,
							int64 row_no, const cd_record *rec);
extern Pass *check_relation(MemoryContext result, Oid relation, TupleDesc desc,
							int32 received_on, Relation target, const Source *fields,
							CheckedRow row, void *arg);

/* ---- registered.c: numbers that a table has already ---- */

/* The checked rows as queries see them: with columns row_no and no, at least. */
#define CHECKED_ROWS "certdata_rows"
extern void register_rows(Tuplestorestate *rows, TupleDesc desc);

/* Just these two, of the checked rows that have a number; keep_number is a CheckedRow. */
typedef struct NumberRows
{
	Tuplestorestate *store;
	TupleDesc	desc;
} NumberRows;
extern void number_rows_begin(NumberRows *numbers);
extern void keep_number(void *arg, const Source *source, TupleTableSlot *slot, int64 row_no,
						const cd_record *rec);
extern Datum number_text(const cd_certno *no);

/* Tell the pass which numbers the target has already. */
extern void find_registered(Pass *pass, Tuplestorestate *rows, TupleDesc desc,
							Relation target, const Source *to);

/* The same for all attached tables but the source, as far as the caller may read them. */
extern bool has_registries(Oid source);
extern void find_in_registries(Pass *pass, Tuplestorestate *rows, TupleDesc desc, Oid source);

/* Those tables, by the floor above; not those that hold the source's own rows. */
typedef List *(*AttachedRelations) (Oid source);
extern AttachedRelations attached_relations;

/* ---- refusal.c: an error that names the bad rows ---- */

pg_noreturn extern void refuse_rows(const Pass *pass, Tuplestorestate *findings, TupleDesc desc,
									Relation rel);
extern void warn_of_rows(const Pass *pass, Relation rel);

/* The columns of check_rows. */
extern TupleDesc finding_row_desc(void);

/* ---- pass.c: one pass over many rows ---- */

typedef struct PassCounts
{
	int64		rows;
	int64		rejected;
	int64		warnings;		/* findings that only warn */
	int64		by_rule[CD_NRULES];
} PassCounts;

/* What a pass asks of its source, for rows with findings only. */
typedef struct PassNames
{
	void	   *arg;
	/* the cell of a finding, NUL-terminated, 24 bytes at most */
	void		(*cell) (void *arg, const cd_finding *finding, int64 row_no, char *out);
	/* the text of a field of the current row that a type has proved */
	cd_text		(*value) (void *arg, cd_field field);
} PassNames;

/*
 * Begin; the pass lives in the current memory context, its findings in that of
 * the result.  desc: columns of check_rows; NULL: findings are counted, not
 * kept.  duplicates: look for numbers used more than once.
 */
extern Pass *pass_begin(MemoryContext result, TupleDesc desc, bool duplicates,
						const PassNames *names, const CheckRules *rules);

/* The data was handed in on that day (第十二条); CD_DATE_NONE: it is no submission. */
extern void pass_received(Pass *pass, int32 received_on);

/* Findings of the caller about the row to come go in here. */
extern cd_findings *pass_findings(Pass *pass);

/* The fields in "typed" are proved and in rec already (source_read). */
extern void pass_row(Pass *pass, int64 row_no, const cd_text field[CD_NFIELDS],
					 unsigned fields, unsigned typed, cd_record *rec);

/*
 * The two halves of it, for callers that look at the findings in between:
 * pass_check only collects what rules find.  Findings marked as older (NULL:
 * none) do not refuse the row.
 */
extern void pass_check(Pass *pass, const cd_text field[CD_NFIELDS], unsigned fields,
					   unsigned typed, cd_record *rec, cd_findings *findings);
extern void pass_judge(Pass *pass, int64 row_no, const cd_text field[CD_NFIELDS],
					   unsigned typed, int32 date, const bool *older);

/* One more row was seen, without findings so far. */
extern void pass_count(Pass *pass);

/* There were so many in all; those not shown to the pass had no findings. */
extern void pass_seen(Pass *pass, int64 rows);

/* A row of which nothing but the caller's findings is known. */
extern void pass_unreadable(Pass *pass, int64 row_no);

/* Findings about the whole file; true if none of them refuses it. */
extern bool pass_file(Pass *pass);

/* A number of a row is taken already, in the registry the rows are meant for. */
extern void pass_registered(Pass *pass, int64 row_no, const cd_certno *no);

/*
 * All rows were seen: look at repeated numbers.  Returns the findings in the
 * order of rows (NULL if they were only counted).
 */
extern Tuplestorestate *pass_end(Pass *pass);
extern const PassCounts *pass_counts(const Pass *pass);
extern bool pass_is_rejected(const Pass *pass, int64 row_no);

/* ---- functions.c ---- */

extern int32 received_on_arg(FunctionCallInfo fcinfo, int i);

/* ---- finding.c: findings as SQL rows and as text ---- */

#define FINDING_ROW_COLUMNS 9	/* of check_rows */
extern void finding_row(const cd_finding *finding, cd_severity severity,
						int64 row_no, const char *cell, cd_text value,
						Datum values[FINDING_ROW_COLUMNS], bool nulls[FINDING_ROW_COLUMNS]);
extern void finding_record(const cd_finding *finding, cd_severity severity,
						   Datum values[6], bool nulls[6]);

#endif							/* CERTDATA_CHECK_H */
