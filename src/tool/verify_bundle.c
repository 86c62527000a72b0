/*
 * verify_bundle.c
 *	  From JSON to what a bundle says, certdata-evidence/1 (doc/ledger.md).
 *
 * Strict: a member that is missing, of another type or unknown makes it no
 * evidence, so that nothing is shown that was not checked.
 */
#include "verify.h"

#include <string.h>

#define CERTNO_BYTES 22
#define UUID_BYTES 36

typedef struct reader
{
	verify_job *job;
	const char *list;			/* where we are: "acts", and which of them */
	size_t		item;
	bool		failed;			/* said so; whatever is read now is not used */
} reader;

static void
bad(reader *r, const char *name, const char *expected)
{
	if (r->failed)
		return;
	r->failed = true;
	if (r->list == NULL)
		say_unreadable(r->job, TEXT("不是本格式的证据：%s：应为%s", "this is no evidence: %s: expected %s"), name, expected);
	else
		say_unreadable(r->job, TEXT("不是本格式的证据：%s[%zu].%s：应为%s", "this is no evidence: %s[%zu].%s: expected %s"),
					   r->list, r->item, name, expected);
}

/* The member, of a type that is asked for; a null value when not. */
static const json *
member(reader *r, const json * object, const char *name, json_type type, const char *expected)
{
	static const json null;
	const		json *value = json_member(object, name);

	if (value != NULL && value->type == type)
		return value;
	bad(r, name, expected);
	return &null;
}

static void
members(reader *r, const json * object, size_t n)
{
	if (object->type != JSON_OBJECT)
		bad(r, "{}", TEXT("对象", "an object"));
	else if (object->n != n)
		bad(r, "{}", TEXT("本格式的成员，每个一次", "the members of this format, no others"));
}

static cd_text
text_of(reader *r, const json * object, const char *name)
{
	return member(r, object, name, JSON_STRING, TEXT("文本", "a text"))->text;
}

static bool
is_null(const json * object, const char *name)
{
	const		json *value = json_member(object, name);

	return value != NULL && value->type == JSON_NULL;
}

/* A text or null.  An empty text is another value than null. */
static cd_value
value_of(reader *r, const json * object, const char *name)
{
	cd_value	value = {NULL, 0};
	cd_text		text;

	if (is_null(object, name))
		return value;
	text = member(r, object, name, JSON_STRING, TEXT("文本或null", "a text or null"))->text;
	value.ptr = text.ptr != NULL ? text.ptr : "";
	value.len = text.len;
	return value;
}

static int64_t
number_of(reader *r, const json * object, const char *name, int64_t least)
{
	const		json *value = json_member(object, name);
	int64_t number;

	if (value != NULL && json_integer(value, &number) && number >=least)
		return number;

	bad(r, name, least > 0 ? TEXT("正整数", "a whole number above 0") :
		least == 0 ? TEXT("非负整数", "a whole number not below 0") : TEXT("整数", "a whole number"));
	return 0;
}

/* Digests in hexadecimal, or null; most: how many bytes there may be. */
static cd_value
digests_of(reader *r, const json * object, const char *name, size_t most)
{
	cd_value	value = {NULL, 0};
	unsigned char *bytes;
	cd_text		text;

	if (is_null(object, name))
		return value;
	text = member(r, object, name, JSON_STRING, TEXT("十六进制或null", "hexadecimal or null"))->text;
	bytes = verify_alloc(&r->job->memory, most);
	if (!decode_hex(text, bytes, most, &value.len) || value.len == 0 || value.len % CD_HASH_LEN != 0)
		bad(r, name, TEXT("小写十六进制的摘要", "digests in lower case hexadecimal"));
	value.ptr = bytes;
	return value;
}

static void
proof_of(reader *r, const json * object, verify_proof *proof)
{
	const		json *list = member(r, object, "proof", JSON_ARRAY, TEXT("数组", "an array"));
	size_t		len;

	if (list->n > CD_PROOF_MAX)
		bad(r, "proof", TEXT("至多64个摘要", "at most 64 digests"));
	if (r->failed)
		return;
	proof->node = verify_alloc(&r->job->memory, (list->n + 1) * sizeof(cd_node));
	for (const json * node = list->first; node != NULL; node = node->next)
		if (node->type != JSON_STRING || !decode_base64(node->text, proof->node[proof->n++].b, CD_NODE_LEN, &len) ||
			len != CD_NODE_LEN)
			bad(r, "proof", TEXT("base64的摘要", "digests in base64"));
}

/* ---- acts ---- */

static void
read_act(reader *r, const json * o, verify_act *act)
{
	cd_act	   *a = &act->act;

	members(r, o, 21);
	act->leaf = number_of(r, o, "leaf", 0);
	proof_of(r, o, &act->proof);
	a->id = number_of(r, o, "id", 0);
	a->incarnation = number_of(r, o, "incarnation", 0);
	if (!decode_decimal(text_of(r, o, "transaction"), &a->transaction))
		bad(r, "transaction", TEXT("十进制数字的文本", "a text of decimal digits"));
	a->statement_id = number_of(r, o, "statement_id", 0);
	a->kind = value_of(r, o, "kind");
	a->attachment = value_of(r, o, "attachment");
	a->shape = number_of(r, o, "shape", 0);
	a->entries = number_of(r, o, "entries", 0);
	a->recorded_at = number_of(r, o, "recorded_at", INT64_MIN);
	a->session_user = value_of(r, o, "session_user_name");
	a->current_user = value_of(r, o, "current_user_name");
	a->address = value_of(r, o, "address");
	a->application_name = value_of(r, o, "application_name");
	a->actor = value_of(r, o, "actor");
	a->actor_org = value_of(r, o, "actor_org");
	a->reason = value_of(r, o, "reason");
	a->approval = value_of(r, o, "approval");
	a->exception = value_of(r, o, "exception");
	a->detail = value_of(r, o, "detail");
	if (a->kind.ptr == NULL || a->session_user.ptr == NULL || a->current_user.ptr == NULL)
		bad(r, "kind, session_user_name, current_user_name", TEXT("文本", "texts"));
}

/* ---- entries ---- */

static cd_field
field_of(cd_text name)
{
	for (int i = 0; i < CD_NFIELDS; i++)
		if (verify_text_is(name, cd_field_name[i]))
			return (cd_field) i;
	return CD_NO_FIELD;
}

static void
read_values(reader *r, const json * o, verify_disclosed *d)
{
	const		json *values = member(r, o, "values", JSON_OBJECT, TEXT("对象", "an object"));

	for (const json * v = values->first; v != NULL; v = v->next)
	{
		cd_field	field = field_of(v->name);

		if (field == CD_NO_FIELD || cd_part_of(field) != d->part || (v->type != JSON_STRING && v->type != JSON_NULL))
			bad(r, "disclosed.values", TEXT("该部分各项的文本", "texts of the part's fields"));
		else
			d->image[field] = v->text;
	}
}

static void
read_disclosed(reader *r, const json * o, verify_disclosed *d)
{
	cd_text		letter;
	size_t		len;
	int			part = 0;

	members(r, o, 3);
	letter = text_of(r, o, "part");
	while (part < CD_NPARTS && (letter.len != 1 || *letter.ptr != cd_part_letter[part]))
		part++;
	if (part == CD_NPARTS)
		bad(r, "disclosed.part", "N, D, R, O");
	d->part = (cd_part) part;
	if (!decode_hex(text_of(r, o, "salt"), d->salt, CD_SALT_LEN, &len) || len != CD_SALT_LEN)
		bad(r, "disclosed.salt", TEXT("小写十六进制的16个字节", "16 bytes in lower case hexadecimal"));
	if (r->failed)
		return;
	if (d->part == CD_PART_OLD)
		d->text = text_of(r, o, "text");
	else
		read_values(r, o, d);
}

static void
read_all_disclosed(reader *r, const json * o, verify_entry *entry)
{
	const		json *list = member(r, o, "disclosed", JSON_ARRAY, TEXT("数组", "an array"));

	if (list->n > CD_NPARTS)
		bad(r, "disclosed", TEXT("每部分一次", "each part once"));
	for (const json * d = list->first; d != NULL && !r->failed; d = d->next)
	{
		read_disclosed(r, d, &entry->disclosed[entry->ndisclosed++]);
		for (int i = 0; i + 1 < entry->ndisclosed; i++)
			if (entry->disclosed[i].part == entry->disclosed[entry->ndisclosed - 1].part)
				bad(r, "disclosed", TEXT("每部分一次", "each part once"));
	}
}

static void
read_entry(reader *r, const json * o, verify_entry *entry)
{
	cd_entry   *e = &entry->entry;
	int64_t		act;

	members(r, o, 13);
	act = number_of(r, o, "act", 0);
	if ((uint64_t) act >= r->job->bundle.nacts)
		bad(r, "act", TEXT("acts中的位置", "a place in acts"));
	entry->act = (size_t) act;
	entry->leaf = number_of(r, o, "leaf", 0);
	proof_of(r, o, &entry->proof);
	entry->n = number_of(r, o, "n", 1);
	e->shape = number_of(r, o, "shape", 0);
	e->cert_no = value_of(r, o, "cert_no");
	e->life_seq = number_of(r, o, "life_seq", 1);
	e->state = number_of(r, o, "state", 0);
	e->changed = number_of(r, o, "changed", 0);
	e->previous = digests_of(r, o, "previous", CD_HASH_LEN);
	e->salts_digest = digests_of(r, o, "salts_digest", CD_HASH_LEN);
	e->commitments = digests_of(r, o, "commitments", CD_NPARTS * CD_HASH_LEN);
	if (e->cert_no.len != CERTNO_BYTES)
		bad(r, "cert_no", TEXT("22个字符", "22 characters"));
	if (e->commitments.len == 2 * CD_HASH_LEN)
		bad(r, "commitments", TEXT("1、3或4个摘要", "one, three or four digests"));
	read_all_disclosed(r, o, entry);
}

/* ---- the whole ---- */

/* Items of a list are of item_size bytes each. */
static void *
list_of(reader *r, const json * bundle, const char *name, size_t item_size, size_t *n, const json * *first)
{
	const		json *list = member(r, bundle, name, JSON_ARRAY, TEXT("数组", "an array"));

	*n = list->n;
	*first = list->first;
	r->list = name;
	r->item = 0;
	return verify_alloc(&r->job->memory, (list->n + 1) * item_size);
}

static void
read_lists(reader *r, const json * o)
{
	verify_bundle *b = &r->job->bundle;
	const		json *item;

	b->act = list_of(r, o, "acts", sizeof(verify_act), &b->nacts, &item);
	for (; item != NULL && !r->failed; item = item->next, r->item++)
		read_act(r, item, &b->act[r->item]);
	r->list = r->failed ? r->list : NULL;
	b->entry = list_of(r, o, "entries", sizeof(verify_entry), &b->nentries, &item);
	for (; item != NULL && !r->failed; item = item->next, r->item++)
		read_entry(r, item, &b->entry[r->item]);
	r->list = r->failed ? r->list : NULL;
	b->consistency = list_of(r, o, "consistency", sizeof(verify_proof), &b->nproofs, &item);
	for (; item != NULL && !r->failed; item = item->next, r->item++)
	{
		members(r, item, 2);
		b->consistency[r->item].size = number_of(r, item, "size", 0);
		proof_of(r, item, &b->consistency[r->item]);
	}
	r->list = NULL;
	if (b->nentries == 0)
		bad(r, "entries", TEXT("至少一条", "at least one"));
}

static const char *
fault_text(json_fault fault)
{
	switch (fault)
	{
		case JSON_ENDS:
			return TEXT("文件不完整", "it ends before it is complete");
		case JSON_MORE:
			return TEXT("后面还有其他内容", "something follows");
		case JSON_TOO_LARGE:
			return TEXT("过大", "too large");
		case JSON_TOO_DEEP:
			return TEXT("嵌套过深", "nested too deeply");
		case JSON_TWICE:
			return TEXT("成员重复", "a member that stands twice");
		case JSON_BAD_UTF8:
			return TEXT("不是UTF-8", "not UTF-8");
		case JSON_BAD_TEXT:
			return TEXT("文本中有不允许的字符", "a character that no text may have");
		default:
			return TEXT("语法错误", "a syntax error");
	}
}

bool
bundle_read(verify_job *job)
{
	reader		r = {job};
	verify_bundle *b = &job->bundle;
	json_error	error;
	const		json *o = json_parse(&job->memory, job->json.ptr, job->json.len, &error);

	if (o == NULL)
		return say_unreadable(job, TEXT("不是JSON：第%zu字节：%s", "this is not JSON: byte %zu: %s"),
							  error.at + 1, fault_text(error.fault));
	members(&r, o, 10);
	if (!r.failed && !verify_text_is(text_of(&r, o, "format"), "certdata-evidence/1"))
		bad(&r, "format", "certdata-evidence/1");
	b->ledger = text_of(&r, o, "ledger");
	if (b->ledger.len != UUID_BYTES)
		bad(&r, "ledger", "uuid");
	b->origin = text_of(&r, o, "origin");
	b->table = text_of(&r, o, "table");
	b->cert_no = text_of(&r, o, "cert_no");
	if (b->cert_no.len != CERTNO_BYTES)
		bad(&r, "cert_no", TEXT("22个字符", "22 characters"));
	if (!r.failed && !cd_algorithm_find(text_of(&r, o, "algorithm").ptr, text_of(&r, o, "algorithm").len, &b->algorithm))
		bad(&r, "algorithm", "sha256, sm3");
	if (!r.failed && !note_read(text_of(&r, o, "head"), &b->head))
		bad(&r, "head", TEXT("检查点（checkpoint）", "a checkpoint"));
	if (!r.failed)
		read_lists(&r, o);
	return !r.failed;
}
