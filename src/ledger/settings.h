/*
 * settings.h
 *	  Rules, scope and calendar, whose changes are recorded.
 */
#ifndef CERTDATA_LEDGER_SETTINGS_H
#define CERTDATA_LEDGER_SETTINGS_H

/*
 * Waits for those who change them at the moment, and keeps others waiting to
 * the end of the transaction: it starts the ledger, which these do not see.
 */
extern void settings_wait(void);

#endif							/* CERTDATA_LEDGER_SETTINGS_H */
