#!/bin/bash
#
# Filings and scope that come by logical replication count as much as those
# entered by hand.  Looks for: tables that cannot be published, or whose
# changes stop the subscription; a session that goes by what it looked up
# before the change was applied; triggers of the subscriber that undo, refuse
# or repeat what the publisher has decided.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/replication.sh"

two_servers
tables='certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope'

# What the two servers have, as one line each.
rows() { at "$1" 'SET DateStyle = ISO' 'SELECT md5(string_agg(f::text, E'"'\\\\n'"' ORDER BY f::text COLLATE "C")) FROM certdata.scope_file AS f'; }

# change STATEMENT...: on the publisher, and applied
change() { at publisher "$@"; wait_for_apply; }

# One session of the subscriber that lives through all changes: ask STATEMENT
# prints its answer.
ask()
{
	local line answer=
	printf '%s\n\\echo .\n' "$1" >&"${session[1]}"
	while IFS= read -r -t 60 line <&"${session[0]}"; do
		if [ "$line" = . ]; then printf '%s' "${answer% }"; return; fi
		answer+="$line "
	done
	printf 'no answer'
}

for server in publisher subscriber; do at $server 'CREATE EXTENSION certdata'; done

# ---- what is there before the subscription comes with it

at publisher "INSERT INTO certdata.organisation (id, name, kind, parent, dissolved_on) VALUES ('branch', '分校', 'evaluation', 'head', NULL), ('head', '总校', 'evaluation', 'city', '2022-12-31'), ('city', '市局', 'city', NULL, NULL)" \
	"INSERT INTO certdata.organisation_name VALUES ('head', '旧总校', '(,2022-01-01)')" \
	"INSERT INTO certdata.filing VALUES ('S000013000001', 'head', '(,)', 0)" \
	"INSERT INTO certdata.scope SELECT 'S000013000001', '职业' || i, CASE WHEN i % 2 = 1 THEN '' END, '三级', '(,)' FROM generate_series(1, 20) AS i" \
	"CREATE PUBLICATION scope FOR TABLE $tables"
at subscriber "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION scope"
until_is "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'" 4
wait_for_apply
is "$(rows subscriber)" "$(rows publisher)" 'the rows that were there are copied, a branch before its head office'

# ---- a session that has looked things up sees each change by its next statement

record="('张三', '居民身份证', '130102199003071233', '', '职业2', '', '三级', 'S000013000001223000001', '2022-02-09', '总校', '总校')"
at subscriber 'CREATE TABLE record (LIKE certdata.report)' "INSERT INTO record VALUES $record" 'CREATE TABLE certificate (LIKE certdata.report)' \
	'CREATE TRIGGER check_new AFTER INSERT ON certificate REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()'
coproc session { psql -XqAt -v VERBOSITY=sqlstate -d registry 2>&1; }
seen="SELECT certdata.in_scope('S000013000001', '职业2', NULL, '三级', '2022-02-09'), COALESCE((SELECT string_agg(f.rule, ' ' ORDER BY f.rule) FROM record AS r, certdata.check_record(r) AS f), 'none'),
	certdata.responsible('S000013000001', '2023-01-01');"
insert='INSERT INTO certificate TABLE record;'
ask 'SET certdata.language = en;' >/dev/null

is "$(ask "$seen")" 't|none|city' 'before'
is "$(ask "$insert")" '' 'before, a certificate goes in'

change "DELETE FROM certdata.scope WHERE occupation = '职业2'"
is "$(ask "$seen")" 'f|occupation.scope|city' 'a scope withdrawn'
is "$(ask "$insert")" 'ERROR:  23514' 'and no certificate goes in'
change "INSERT INTO certdata.scope VALUES ('S000013000001', '职业2', NULL, '三级', '[2022-02-09,2022-02-10)')"
is "$(ask "$seen")" 't|none|city' 'and granted again'
is "$(ask "$insert")" '' 'and a certificate goes in'
change "UPDATE certdata.scope SET valid = '[2022-02-10,2022-02-11)' WHERE occupation = '职业2'"
is "$(ask "$seen")" 'f|date.scope|city' 'its days changed'
change "UPDATE certdata.scope SET valid = '(,)' WHERE occupation = '职业2'" "UPDATE certdata.filing SET valid = '(,2022-01-01)', grace_days = 39"
is "$(ask "$seen")" 'f|no.filing_valid|city' 'a filing that has ended'
change 'UPDATE certdata.filing SET grace_days = 40'
is "$(ask "$seen")" 't|none|city' 'and has days of grace'
change "INSERT INTO certdata.organisation_name VALUES ('head', '更名总校', '[2022-02-01,2022-03-01)')"
is "$(ask "$seen")" 't|evaluator.filing issuer.unknown|city' 'a name of the day'
change "DELETE FROM certdata.organisation_name WHERE name = '更名总校'" "UPDATE certdata.organisation SET ceased_on = '2022-02-08', dissolved_on = NULL WHERE id = 'head'"
is "$(ask "$seen")" 't|date.ceased|head' 'a body that has ceased, and exists'
change "UPDATE certdata.organisation SET id = CASE id WHEN 'head' THEN 'head2' ELSE id END, parent = CASE parent WHEN 'head' THEN 'head2' ELSE parent END, ceased_on = NULL WHERE id IN ('head', 'branch')"
is "$(ask "$seen")" 't|none|head2' 'an id that has changed, everywhere'
is "$(rows subscriber)" "$(rows publisher)" 'both servers have the same rows'
change 'TRUNCATE certdata.scope'
is "$(ask "$seen")" 'f|none|head2' 'a table emptied'
change 'TRUNCATE certdata.filing'
is "$(ask "$seen")" 'f|none|' 'and the other'
change "INSERT INTO certdata.filing VALUES ('S000013000002', 'branch', '(,)', 0)"
is "$(ask "$seen")" 'f|no.filing|' 'and filled again'

# ---- within a transaction

change "INSERT INTO certdata.filing VALUES ('S000013000001', 'head2', '(,)', 0)" "INSERT INTO certdata.scope VALUES ('S000013000001', '职业2', NULL, '三级', '(,)')"
is "$(ask "BEGIN; $seen")" 't|none|head2' 'READ COMMITTED: before'
change "DELETE FROM certdata.scope"
is "$(ask "$seen")" 'f|none|head2' 'READ COMMITTED: after'
change "INSERT INTO certdata.scope VALUES ('S000013000001', '职业2', NULL, '三级', '(,)')"
is "$(ask "$seen")" 't|none|head2' 'READ COMMITTED: and again'
is "$(ask "COMMIT; BEGIN ISOLATION LEVEL REPEATABLE READ; $seen")" 't|none|head2' 'REPEATABLE READ: before'
change "UPDATE certdata.scope SET occupation = '职业3'"
is "$(ask "$seen")" 't|none|head2' 'REPEATABLE READ: after, the same'
is "$(ask "COMMIT; $seen")" 'f|occupation.scope|head2' 'REPEATABLE READ: the next transaction'
is "$(ask "$insert")" 'ERROR:  23514' 'and no certificate goes in'

# ---- the subscriber's own constraints still hold for its own sessions

is "$(ask "INSERT INTO certdata.scope VALUES ('S000013000001', '职业3', '', '三级', '(,)');")" 'ERROR:  23P01' 'an overlap is refused here, too'
is "$(ask "UPDATE certdata.organisation SET parent = 'branch' WHERE id = 'city';")" 'ERROR:  23514' 'and a circle'
is "$(at subscriber "$(count_errors)")" 0 'nothing that came met an error'

at subscriber 'DROP SUBSCRIPTION sub'
done_testing
