/*
 * change.h
 *	  What a changed value is: another one, or the same written differently.
 *
 * 第十四条 counts corrections of 姓名 and 证件号码.  Mere notation is none, and
 * neither is the renewal of the same permit.
 */
#ifndef CERTDATA_RULE_CHANGE_H
#define CERTDATA_RULE_CHANGE_H

#include "rule.h"

typedef enum cd_change
{
	CD_SAME,					/* byte by byte; NULL is the same as empty */
	CD_NOTATION,				/* but for case, width, spaces, separators */
	CD_RENEWAL,					/* the same person's permit, issued anew */
	CD_CHANGED
} cd_change;

extern cd_change cd_name_change(cd_text before, cd_text after);

/*
 * Kinds as far as they were understood, CD_KIND_NONE if not.  A change of the
 * kind alone is not asked here.
 */
extern cd_change cd_document_change(cd_kind kind_before, cd_text before,
									cd_kind kind_after, cd_text after);

#endif							/* CERTDATA_RULE_CHANGE_H */
