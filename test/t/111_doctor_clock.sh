#!/bin/bash
#
# doctor() as time passes.  Looks for: waits that are not told of when they have
# lasted too long, or are before; by a transaction that outlives the server; a
# year of another time zone; maintenance that is said to be open when it is over.

. "$(dirname "$0")/tap.sh"
library=$(. "$repository/script/common.sh" && find_faketime)
if [ -z "$library" ]; then
	echo '1..0 # SKIP libfaketime is not installed'
	exit 0
fi
inside -o timezone=UTC -o max_prepared_transactions=2
bindir=$("${PG_CONFIG:-pg_config}" --bindir)

# As whoever the server runs as, with a clock that begins at that time in UTC; empty: the clock as it is.
server() # TIME PG_CTL_ARGUMENT...
{
	local as=(env -i PATH="$PATH" LC_ALL=C.UTF-8)
	if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid="$(stat -c %u "$CERTDATA_DATA")" --regid="$(stat -c %g "$CERTDATA_DATA")" --clear-groups "${as[@]}"); fi
	if [ -n "$1" ]; then as+=(TZ=UTC FAKETIME="@$1" LD_PRELOAD="$library" DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1); fi
	shift
	(cd / && "${as[@]}" "$bindir/pg_ctl" -D "$CERTDATA_DATA" -l "$CERTDATA_LOG" -s -w -t 60 "$@")
}
at() # TIME
{
	server '' -m fast stop || bail 'the server does not stop'
	server "$1" start || bail 'the server does not start by another clock'
}
line() { sql d 'SET certdata.language = en' "SELECT concat_ws('|', status, $2) FROM certdata.doctor() WHERE check_name = '$1'"; }

at '2026-11-30 08:00:00'
createdb d
sql d 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('r')" >/dev/null
is "$(line ledger.horizon detail)" 'ok|no transaction in progress holds the seal back' 'no transaction'
sql d BEGIN "SELECT certdata.record_act('query', 'r', NULL::text, 'why')" "PREPARE TRANSACTION 'left behind'" >/dev/null
is "$(line ledger.horizon advice)" ok 'one that has just begun'
is "$(line check.calendar advice)" ok 'in November'
sql d "INSERT INTO certdata.attempt (attempted_at, outcome, kind, object) VALUES (clock_timestamp(), 'unguarded', 'start', 'x'), (clock_timestamp(), 'refused', 'drop', 'x'), (clock_timestamp(), 'lost', 'drop', '3')" \
	"INSERT INTO certdata.maintenance (role, opened_at, until, reason) VALUES ('postgres', clock_timestamp(), clock_timestamp() + interval '30 minutes', 'r')"
is "$(line guard.maintenance "''")$(line guard.attempts "''")$(line guard.lost "''")$(line server.starts "''")" 'warning|warning|warning|warning|' 'open maintenance, an attempt, lost ones, a start'

at '2026-11-30 08:58:00'
is "$(line ledger.horizon advice)" ok 'for an hour it may last'
is "$(line guard.maintenance detail)" ok 'maintenance is over'
at '2026-11-30 09:02:00'
is "$(line ledger.horizon advice)" "warning|COMMIT PREPARED 'left behind'; or ROLLBACK PREPARED 'left behind';" 'after an hour it is in the way'
is "$(line ledger.sealed "''")" 'ok|' 'nothing waits too long yet'
sql d "ROLLBACK PREPARED 'left behind'"
is "$(line ledger.horizon advice)" ok 'no longer'

# a day of December in China, of November by the server's zone
at '2026-11-30 16:10:00'
is "$(line check.calendar detail)" 'warning|the calendar of 2027 is not entered yet: periods that reach into it cannot be counted' 'in December the next year is asked for'
at '2026-12-01 08:10:00'
is "$(line ledger.sealed "advice ~ 'certdata.seal'")" 'warning|t' 'acts wait for more than a day'
sql d 'SELECT certdata.seal()' >/dev/null
is "$(line ledger.sealed advice)" ok 'sealed'
is "$(line guard.attempts detail)" ok 'attempts of the day before yesterday'
at '2026-12-30 07:50:00'
is "$(line server.starts "''")$(line guard.lost "''")" 'warning|warning|' 'for 30 days'
at '2026-12-30 08:10:00'
is "$(line server.starts detail)$(line guard.lost detail)" okok 'and no longer'
at '2026-12-31 15:50:00'
is "$(line check.calendar "''")" 'warning|' 'on the last day of the year'
at '2026-12-31 16:10:00'
is "$(line check.calendar detail)" 'error|the calendar of 2027 is not published: working days and periods cannot be counted' 'in the first hour of the next one'
sql d "INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦')" "INSERT INTO certdata.calendar_year VALUES (2027, 'published')"
is "$(line check.calendar detail)" 'ok|published up to 2027' 'entered'
# back to the clock as it is, for whoever ends the server
at ''
done_testing
