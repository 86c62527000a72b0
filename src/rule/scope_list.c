/*
 * scope_list.c
 *	  Bounded lists of what a filing allows.
 */
#include "scope_part.h"

#include <stdio.h>
#include <string.h>

/* ---- lists ---- */

void
cd_scope_list_begin(cd_scope_list *list, char buf[CD_SCOPE_LIST_SIZE])
{
	list->buf = buf;
	list->len = 0;
	list->n = 0;
	list->more = 0;
	list->last = (cd_text) {"", 0};
}

#define SEPARATOR "、"
#define ROOM_FOR_END 32			/* "、… (2000000)" */

static void
add(cd_scope_list *list, cd_text item)
{
	size_t		separator = list->n > 0 ? strlen(SEPARATOR) : 0;

	for (int i = 0; i < list->n; i++)
		if (list->size[i] == item.len && memcmp(list->buf + list->start[i], item.ptr, item.len) == 0)
			return;
	if (list->n < CD_SCOPE_LISTED && list->more == 0 &&
		list->len + separator + item.len + ROOM_FOR_END <= CD_SCOPE_LIST_SIZE)
	{
		memcpy(list->buf + list->len, SEPARATOR, separator);
		list->start[list->n] = list->len + separator;
		list->size[list->n] = item.len;
		memcpy(list->buf + list->start[list->n], item.ptr, item.len);
		list->len = list->start[list->n++] + item.len;
		return;
	}
	/* rows come in the order of an index, so repeated items stand together */
	if (list->more > 0 && list->last.len == item.len && memcmp(list->last.ptr, item.ptr, item.len) == 0)
		return;
	list->last = item;
	list->more++;
}

void
cd_scope_list_row(cd_scope_list *list, cd_scope_list_kind kind, const cd_scope_row *row)
{
	cd_text		item = row->occupation;

	if (kind == CD_LIST_WORK_TYPES)
		item = row->work_type.len > 0 ? row->work_type : (cd_text) {"（空）", strlen("（空）")};
	else if (kind == CD_LIST_LEVELS)
		item = (cd_text) {cd_level_name[row->level], strlen(cd_level_name[row->level])};
	add(list, item);
}

static size_t
put_day(char *out, int32_t day)
{
	if (day < cd_date_to_days(1, 1, 1) || day > cd_date_to_days(9999, 12, 31))
	{
		memcpy(out, "…", strlen("…"));
		return strlen("…");
	}
	cd_date_print(day, out);
	return 10;
}

void
cd_scope_list_days(cd_scope_list *list, cd_days days)
{
	char		item[40];
	size_t		n = put_day(item, days.from);

	memcpy(item + n, " – ", strlen(" – "));
	n += strlen(" – ");
	n += put_day(item + n, days.to);

	/*
	 * not in a range's own memory: such items are told apart by what is
	 * listed
	 */
	if (list->n < CD_SCOPE_LISTED)
		add(list, (cd_text) {item, n});
	else
		list->more++;
}

cd_text
cd_scope_list_end(cd_scope_list *list, bool cut)
{
	if (cut)
	{
		/* how many more there are is not known */
		list->len += (size_t) snprintf(list->buf + list->len, CD_SCOPE_LIST_SIZE - list->len,
									   "%s…", list->n > 0 ? SEPARATOR : "");
		return (cd_text) {list->buf, list->len};
	}
	if (list->n == 0 && list->more == 0)
		return (cd_text) {"—", strlen("—")};
	if (list->more > 0)
		list->len += (size_t) snprintf(list->buf + list->len, CD_SCOPE_LIST_SIZE - list->len,
									   "%s… (%d)", list->n > 0 ? SEPARATOR : "", list->n + list->more);
	return (cd_text) {list->buf, list->len};
}
