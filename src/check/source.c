/*
 * source.c
 *	  The eleven fields of a row, whatever names and types its columns have.
 */
#include "certdata.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "check/check.h"
#include "errors.h"
#include "refuse.h"
#include "type/type.h"

/* Names of the columns of certdata's own tables, in the order of Annex 1. */
static const char *const column_name[CD_NFIELDS] = {
	"name", "id_type", "id_number", "employer", "occupation", "work_type",
	"level", "cert_no", "issue_date", "evaluator", "issuer"
};

bool
source_column_is(const char *name, cd_field field)
{
	return strcmp(name, cd_field_name[field]) == 0 || strcmp(name, column_name[field]) == 0;
}

/* Our own types by name; domains are taken for what they are made of. */
static ColumnKind
kind_of(Oid type)
{
	static const struct
	{
		const char *name;
		ColumnKind	kind;
	}			own[] = {
		{"certno", COLUMN_CERTNO}, {"id_number", COLUMN_ID_NUMBER},
		{"resident_id", COLUMN_RESIDENT_ID}, {"id_type", COLUMN_ID_TYPE},
		{"skill_level", COLUMN_LEVEL}, {"issue_date", COLUMN_DATE},
		{"person_name", COLUMN_TEXT}, {"org_name", COLUMN_TEXT},
		{"occupation_name", COLUMN_TEXT}, {"work_type_name", COLUMN_TEXT}
	};
	Oid			base = getBaseType(type);
	ColumnKind	kind = COLUMN_OTHER;
	HeapTuple	tuple;

	if (base == TEXTOID || base == VARCHAROID)
		return COLUMN_TEXT;
	if (base == BPCHAROID)
		return COLUMN_BPCHAR;
	if (base == DATEOID)
		return COLUMN_DATE;
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(base));
	if (HeapTupleIsValid(tuple))
	{
		Form_pg_type form = (Form_pg_type) GETSTRUCT(tuple);
		bool		ours = form->typnamespace == certdata_schema();

		for (int i = 0; i < lengthof(own) && ours; i++)
			if (strcmp(NameStr(form->typname), own[i].name) == 0)
				kind = own[i].kind;
		ReleaseSysCache(tuple);
	}
	return kind;
}

void
source_use_column(Source *source, cd_field field, AttrNumber attnum)
{
	Form_pg_attribute att = TupleDescAttr(source->desc, attnum - 1);

	source->attnum[field] = attnum;
	source->kind[field] = kind_of(att->atttypid);
	source->fields |= 1u << field;
}

static bool
by_name(Source *source)
{
	for (int i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(source->desc, i);

		for (int field = 0; field < CD_NFIELDS; field++)
			if (!att->attisdropped && source->attnum[field] == 0 &&
				source_column_is(NameStr(att->attname), (cd_field) field))
				source_use_column(source, (cd_field) field, i + 1);
	}
	return source->fields != 0;
}

static void
by_position(Source *source)
{
	int			field = 0;

	for (int i = 0; i < source->desc->natts && field < CD_NFIELDS; i++)
		if (!TupleDescAttr(source->desc, i)->attisdropped)
			source_use_column(source, (cd_field) field++, i + 1);
}

void
source_init(Source *source, TupleDesc desc, StringInfo missing)
{
	memset(source, 0, sizeof(*source));
	source->desc = desc;
	if (!by_name(source))
		by_position(source);
	for (int field = 0; field < CD_NFIELDS; field++)
		if (source->attnum[field] == 0)
			appendStringInfo(missing, "%s%s", missing->len ? "、" : "", cd_field_name[field]);
}

void
source_missing_error(const char *name, Relation rel, StringInfo missing)
{
	certdata_refusal refusal = {
		.sqlstate = ERRCODE_CERTDATA_NOT_A_REPORT, .rule = CD_NRULES, .relation = rel
	};
	bool		zh = certdata_lang_zh();

	refusal.message = psprintf(zh ? "“%s”不是报表的格式" : "\"%s\" is not shaped like a report", name);
	refusal.detail = psprintf(zh ? "缺少字段：%s。" : "It has no column for %s.", missing->data);
	refusal.hint = zh ?
		"列名用 certdata.report 的表头，或 name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer，顺序不限；或按此顺序的十一列。" :
		"Use the headers of certdata.report, or the names name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer, in any order; or eleven columns in that order.";
	certdata_refuse(&refusal);
}

/*
 * Nearly every value lies in its row as it is; a call for each would cost more
 * than to read it.
 */
static inline bool
is_plain_varlena(Datum value)
{
	const void *v = DatumGetPointer(value);

	return !VARATT_IS_EXTENDED(v) || (VARATT_IS_SHORT(v) && !VARATT_IS_EXTERNAL(v));
}

static inline cd_text
text_of(Datum value)
{
	const struct varlena *t = (const struct varlena *) DatumGetPointer(value);

	if (!is_plain_varlena(value))
		t = PG_DETOAST_DATUM_PACKED(value);
	return (cd_text) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

static cd_text
padded_text_of(Datum value)
{
	cd_text		t = text_of(value);

	while (t.len > 0 && t.ptr[t.len - 1] == ' ')
		t.len--;
	return t;
}

/* A resident's number or a packed one as its digits, others as text. */
static void
read_id(ColumnKind kind, Datum value, cd_record *rec)
{
	rec->has_id = true;
	if (kind == COLUMN_RESIDENT_ID)
		rec->packed_id = DatumGetInt64(value);
	else
		rec->packed_id = cdt_id_number_packed(is_plain_varlena(value) ?
											  (const struct varlena *) DatumGetPointer(value) :
											  PG_DETOAST_DATUM_PACKED(value), &rec->id);
}

/* 0001-01-01 and 9999-12-31 */
#define FIRST_DATE (-730119)
#define LAST_DATE 2921939

static inline bool
read_date(Datum value, cd_record *rec)
{
	DateADT		date = DatumGetDateADT(value);

	if (date < FIRST_DATE || date > LAST_DATE)
		return false;
	rec->date = date;
	return true;
}

/* A column's value as text: any column's but a null one's. */
static char *
column_text(const Source *source, cd_field field, Datum value)
{
	Oid			output;
	bool		varlena;

	if (source->kind[field] == COLUMN_TEXT || source->kind[field] == COLUMN_BPCHAR)
	{
		cd_text		t = source->kind[field] == COLUMN_TEXT ? text_of(value) : padded_text_of(value);

		return pnstrdup(t.ptr, t.len);
	}
	if (source->kind[field] == COLUMN_DATE)
	{
		cd_record	rec;

		/* whatever DateStyle; infinity and the like as they print */
		if (read_date(value, &rec))
		{
			char	   *text = palloc0(11);

			cd_date_print(rec.date, text);
			return text;
		}
	}
	getTypeOutputInfo(TupleDescAttr(source->desc, source->attnum[field] - 1)->atttypid,
					  &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

/* What a code stands for; one that stands for nothing is its own text. */
static cd_text
decoded(const CodeMap *map, char *code)
{
	cd_text		text = {code, strlen(code)};

	for (int i = 0; i < map->n; i++)
		if (map->code[i].len == text.len && memcmp(map->code[i].ptr, text.ptr, text.len) == 0)
			return map->text[i];
	return text;
}

cd_text
source_code(const CodeMap *map, cd_text text)
{
	for (int i = 0; map != NULL && i < map->n; i++)
		if (map->text[i].len == text.len && memcmp(map->text[i].ptr, text.ptr, text.len) == 0)
			return map->code[i];
	return text;
}

/* A value in one of the types that prove it, into the record. */
static inline bool
read_proved(ColumnKind kind, cd_field field, Datum value, cd_record *rec)
{
	if (field == CD_CERT_NO && kind == COLUMN_CERTNO)
	{
		memcpy(&rec->no, DatumGetPointer(value), sizeof(cd_certno));
		rec->has_no = true;
	}
	else if (field == CD_ID_NUMBER && (kind == COLUMN_ID_NUMBER || kind == COLUMN_RESIDENT_ID))
		read_id(kind, value, rec);
	else if (field == CD_ID_TYPE && kind == COLUMN_ID_TYPE)
		rec->kind = (cd_kind) DatumGetChar(value);
	else if (field == CD_LEVEL && kind == COLUMN_LEVEL)
		rec->level = (cd_level) DatumGetChar(value);
	else if (field == CD_ISSUE_DATE && kind == COLUMN_DATE)
		return read_date(value, rec);
	else
		return false;
	return true;
}

/* A field that is not simply text or proved, or has no column. */
static cd_text
read_other(const Source *source, const Datum *values, const bool *isnull, cd_field field, unsigned *typed)
{
	AttrNumber	attnum = source->attnum[field];
	ColumnKind	kind = source->kind[field];
	char	   *text;

	if (attnum == 0)
		return source->constant[field];
	if (isnull[attnum - 1])
	{
		*typed |= kind >= COLUMN_CERTNO && kind <= COLUMN_DATE ? 1u << field : 0;
		return (cd_text) {NULL, 0};
	}
	if (source->map[field] != NULL)
		return decoded(source->map[field], column_text(source, field, values[attnum - 1]));
	if (kind == COLUMN_BPCHAR)
		return padded_text_of(values[attnum - 1]);
	text = column_text(source, field, values[attnum - 1]);
	return (cd_text) {text, strlen(text)};
}

/*
 * Made for each field of its own, of which nearly all are there and of the
 * kind expected.
 */
static pg_attribute_always_inline cd_text
read_field(const Source *source, const Datum *values, const bool *isnull, cd_field field,
		   cd_record *rec, unsigned *typed)
{
	ptrdiff_t	attnum = source->attnum[field];

	if (attnum != 0 && !isnull[attnum - 1] && source->map[field] == NULL)
	{
		if (source->kind[field] == COLUMN_TEXT)
			return text_of(values[attnum - 1]);
		if (read_proved(source->kind[field], field, values[attnum - 1], rec))
		{
			*typed |= 1u << field;
			return (cd_text) {NULL, 0};
		}
	}
	return read_other(source, values, isnull, field, typed);
}

void
source_read(const Source *source, TupleTableSlot *slot,
			cd_text field[CD_NFIELDS], cd_record *rec, unsigned *typed)
{
	const Datum *values;
	const bool *isnull;
	unsigned	proved = 0;

	rec->has_no = rec->has_id = false;
	rec->packed_id = -1;
	rec->kind = CD_KIND_NONE;
	rec->level = CD_LEVEL_NONE;
	rec->date = CD_DATE_NONE;

	slot_getallattrs(slot);
	values = slot->tts_values;
	isnull = slot->tts_isnull;
#define READ(f) field[f] = read_field(source, values, isnull, f, rec, &proved)
	READ(CD_NAME);
	READ(CD_ID_TYPE);
	READ(CD_ID_NUMBER);
	READ(CD_EMPLOYER);
	READ(CD_OCCUPATION);
	READ(CD_WORK_TYPE);
	READ(CD_LEVEL);
	READ(CD_CERT_NO);
	READ(CD_ISSUE_DATE);
	READ(CD_EVALUATOR);
	READ(CD_ISSUER);
#undef READ
	*typed = proved;
}

char *
source_text(const Source *source, TupleTableSlot *slot, cd_field field)
{
	AttrNumber	attnum = source->attnum[field];
	bool		isnull;
	Datum		value;
	char	   *text;

	if (attnum == 0)
		return source->constant[field].len == 0 ? NULL :
			pnstrdup(source->constant[field].ptr, source->constant[field].len);
	value = slot_getattr(slot, attnum, &isnull);
	if (isnull)
		return NULL;
	text = column_text(source, field, value);
	if (source->map[field] != NULL)
	{
		cd_text		decoded_text = decoded(source->map[field], text);

		return pnstrdup(decoded_text.ptr, decoded_text.len);
	}
	return text;
}
