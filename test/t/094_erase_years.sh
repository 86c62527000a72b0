#!/bin/bash
#
# Five years pass: a server that runs on a leap day of 2020 records and
# corrects, is started again on the last day on which the old values must be
# kept, and on the next.  Looks for: erasure a day too early or refused a day
# too late, by another time zone's day; proofs, heads or evidence that do not
# survive it; values that stay behind in the data directory's tables.

. "$(dirname "$0")/tap.sh"
library=$(. "$repository/script/common.sh" && find_faketime)
if [ -z "$library" ]; then
	echo '1..0 # SKIP libfaketime is not installed'
	exit 0
fi
inside -o timezone=UTC
bindir=$("${PG_CONFIG:-pg_config}" --bindir)

# As whoever the server runs as, with a clock that begins at that time in China; empty: the clock as it is.
server() # TIME PG_CTL_ARGUMENT...
{
	local as=(env -i PATH="$PATH" LC_ALL=C.UTF-8)
	if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid="$(stat -c %u "$CERTDATA_DATA")" --regid="$(stat -c %g "$CERTDATA_DATA")" --clear-groups "${as[@]}"); fi
	if [ -n "$1" ]; then as+=(TZ=Asia/Shanghai FAKETIME="@$1" LD_PRELOAD="$library" DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1); fi
	shift
	(cd / && "${as[@]}" "$bindir/pg_ctl" -D "$CERTDATA_DATA" -l "$CERTDATA_LOG" -s -w -t 60 "$@")
}
at() # TIME
{
	server '' -m fast stop || bail 'the server does not stop'
	server "$1" start || bail 'the server does not start by another clock'
}
# SQLSTATE and message, or what it returns
erase()
{
	psql -XqAt -v VERBOSITY=verbose -v SHOW_CONTEXT=never -d registry -c 'SET certdata.language = en' \
		-c "SELECT certdata.erase_old_values('zs', 'S000013010001183000001', 'asked for by the holder', 'doc')" 2>&1 | grep -v '^LOCATION\|^SCHEMA\|^TABLE'
}
leaves="SELECT bool_and(certdata.leaf_hash(split_part(l, E'\t', 1)::bigint) = sha256('\x00' || decode(split_part(l, E'\t', 2), 'base64'))) FROM certdata.export_ledger() AS l"

at '2020-02-29 22:00:00'
createdb registry
sql registry 'SET client_min_messages = error; CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		VALUES ('诸葛甲乙', '居民身份证', '130102199003071233', '车工', '三级', 'S000013010001183000001', '2018-02-09', '甲校', '甲校')" >/dev/null
is "$(sql registry "SELECT certdata.correct('zs', 'S000013010001183000001', '{\"姓名\": \"司马丙丁\"}', 'r', 'a')" \
	"SELECT (recorded_at AT TIME ZONE 'Asia/Shanghai')::date FROM certdata.ledger_act WHERE kind = 'correct'" | tail -n 1)" 2020-02-29 'corrected on a leap day'
sql registry 'SELECT certdata.seal()' >/dev/null
is "$(erase | sed -n 's/^ERROR:  \(.....\):.*until \(.*\)/\1 \2/p')" 'QC022 2025-02-28' 'the same day'
head=$(sql registry 'SELECT certdata.head()')

at '2024-02-28 12:00:00'
is "$(erase | sed -n 's/^ERROR:  \(.....\):.*/\1/p')" QC022 'after four years'
at '2025-02-28 23:58:00'
said=$(erase)
is "$(sed -n 's/^ERROR:  \(.....\):.*until \(.*\)/\1 \2/p' <<<"$said")" 'QC022 2025-02-28' 'on the last of the days for which it must be kept'
is "$(sed -n 's/^DETAIL:  //p' <<<"$said")" 'Data is kept for 5 years at least (承诺书 item 6, certdata.retention_years). Nothing was changed.' 'it says why'
is "$(sed -n 's/^HINT:  //p' <<<"$said")" 'It can be erased from the next day on.' 'and from when on it may go'
is "$(sql registry "SELECT count(*) FROM certdata.ledger_entry WHERE old_values::text ~ '诸葛'")" 1 'nothing was erased'

# an hour of the 1st of March in China, of the 28th by the server's zone
at '2025-03-01 00:10:00'
is "$(sql registry 'SELECT now()::date')" 2025-02-28 "the server's zone is behind"
is "$(PGOPTIONS='-c certdata.retention_years=6' erase | sed -n 's/^ERROR:  \(.....\):.*until \(.*\)/\1 \2/p')" 'QC022 2026-02-28' 'more years may be asked for'
sql registry 'SELECT certdata.evidence($$zs$$, $$S000013010001183000001$$, $${姓名}$$)' >"$scratch/before"
is "$(erase)" 1 'on the day after'
is "$(sql registry "SELECT count(*) FROM certdata.ledger_entry WHERE old_values::text ~ '诸葛'")" 0 'it is gone'
is "$(sql registry "$leaves")" t 'the leaves are what they were'
is "$(sql registry "SELECT certdata.head(split_part('$head', E'\n', 2)::bigint)")" "$head" 'the head of 2020, too'
sql registry 'SELECT certdata.seal()' >/dev/null
sql registry 'SET client_min_messages = error' 'SELECT certdata.evidence($$zs$$, $$S000013010001183000001$$, $${姓名}$$)' >"$scratch/after"
is "$(grep -c 诸葛 "$scratch/before"; grep -c 诸葛 "$scratch/after")" $'2\n0' 'evidence does not disclose it any more'
"$repository/certdata-verify" "$scratch/after" --unsigned --lang en >"$scratch/out" 2>&1
verdict $? 'and proves what is left' "$(cat "$scratch/out")"
is "$(sql registry "SELECT string_agg(kind || COALESCE(' ' || erased::text, ''), ', ') FROM certdata.history('zs', 'S000013010001183000001')")" \
	'insert {姓名}, correct {姓名}, erase' 'history tells what was erased'

# what is left of it on disk goes when the tables are rewritten (doc/ledger.md)
sql registry 'VACUUM (FULL) certdata.ledger_entry' 'VACUUM (FULL) zs' CHECKPOINT
files=$(sql registry "SELECT string_agg(pg_relation_filepath(r), ' ') FROM unnest(ARRAY['certdata.ledger_entry', 'zs']::regclass[]) AS r")
found=$(cd "$CERTDATA_DATA" && for file in $files; do grep -ac 诸葛 "$file"; done | tr '\n' ' ')
is "$found" '0 0 ' 'rewritten, the files of the tables have nothing of it'
# back to the clock as it is, for whoever ends the server
at ''
done_testing
