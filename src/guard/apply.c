/*
 * apply.c
 *	  Changes that logical replication brings.
 *
 * Its apply worker fires row triggers only, those for the replica role.  They
 * fire for statements of a session in that role, too, and leave those to the
 * statement triggers.  The publisher has judged what it sends
 * (certdata.on_apply = record), or has not (refuse); why it was changed is
 * known to the publisher only.
 */
#include "certdata.h"

#include "executor/executor.h"

#include "guard/announce.h"
#include "guard/rows.h"

PG_FUNCTION_INFO_V1(certdata_guard_apply);

static void
apply_insert(const Attachment *att, TriggerData *trigger)
{
	Inserting	in;

	inserting_begin(&in, att, trigger->tg_relation, certdata_on_apply == CERTDATA_APPLY_RECORD);
	ExecCopySlot(in.rows.slot, trigger->tg_trigslot);
	inserting_row(&in);
	rows_end(&in.rows);
}

static void
apply_update(const Attachment *att, TriggerData *trigger)
{
	Act			plain = {ACT_PLAIN};
	Updating	up;

	updating_begin(&up, att, trigger->tg_relation, &plain, true);
	ExecCopySlot(up.old, trigger->tg_trigslot);
	ExecCopySlot(up.rows.slot, trigger->tg_newslot);
	updating_row(&up);
	updating_end(&up);
}

Datum
certdata_guard_apply(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const Attachment *att = guard_trigger(fcinfo, "guard_apply", TRIGGER_EVENT_ROW);

	if (is_announced(att))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		apply_insert(att, trigger);
	else if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		apply_update(att, trigger);
	else
		refuse_deletion(att, trigger->tg_relation, 1, trigger->tg_trigslot);
	return PointerGetDatum(NULL);
}
