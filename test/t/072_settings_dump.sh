#!/bin/bash
#
# Rules, scope and calendar are recorded in the ledger, and dump and restore
# bring both.  Looks for: a restore that fails or warns because its own COPY
# would be recorded, in whatever order the tables come; one that adds acts to
# the ledger it brings; settings that can be changed before the ledger is
# adopted; a ledger that goes on without them; changes that are recorded before
# there is a ledger, or lost when it starts at the same moment.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/dump.sh"

settings='SET DateStyle = ISO; TABLE certdata.rule_setting; TABLE certdata.level_letter; TABLE certdata.organisation; TABLE certdata.filing;
	SELECT * FROM certdata.scope ORDER BY occupation; TABLE certdata.calendar_day_setting; TABLE certdata.period_setting'
ledger='SELECT id, kind, entries, detail FROM certdata.ledger_act WHERE id < 9 ORDER BY id; SELECT act, n, old_values, commitments FROM certdata.ledger_entry WHERE act < 9 ORDER BY act, n'

state() { psql -XqAt -v VERBOSITY=sqlstate -d "$1" -c "$2" 2>&1 | sed -n 's/^ERROR:  //p'; }
acts() { sql "$1" "SELECT count(*) FROM certdata.ledger_act WHERE kind = 'settings'"; }

two_clusters
case "$CERTDATA_DUMP_SIDE" in
	source)
		createdb original
		sql original 'CREATE EXTENSION certdata' "INSERT INTO certdata.rule_setting (rule, severity) VALUES ('no.year', 'warning')" \
			"UPDATE certdata.rule SET enabled = false WHERE rule = 'date.late'"
		equal "$(acts original)" 0 'nothing is recorded before there is a ledger'
		# who changes settings while the ledger starts is waited for
		psql -Xq -d original -c 'BEGIN' -c "INSERT INTO certdata.level_letter VALUES ('X', '学徒工')" -c 'SELECT pg_sleep(2)' -c 'COMMIT' >/dev/null &
		while [ "$(sql original "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND pid <> pg_backend_pid()")" = 0 ]; do sleep 0.1; done
		equal "$(state original "SET lock_timeout = '200ms'; SELECT certdata.start_ledger()")" 55P03 'the ledger starts when those who change settings are done'
		wait
		sql original 'SELECT certdata.start_ledger()' "INSERT INTO certdata.organisation (id, name) VALUES ('a', '甲校')" \
			"INSERT INTO certdata.filing VALUES ('S000013000001', 'a', '[2020-01-01,2030-01-01)', 30)" \
			"INSERT INTO certdata.scope SELECT 'S000013000001', '职业' || i, NULL, '三级' FROM generate_series(1, 100) AS i" \
			"INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦')" \
			"UPDATE certdata.period SET amount = 5 WHERE step = 'resubmit'" \
			"UPDATE certdata.filing SET grace_days = 0" >/dev/null
		equal "$(acts original)" 6 'what comes after it is recorded'
		equal "$(sql original 'SELECT max(id) FROM certdata.ledger_act')" 8 'and nothing else but what was rolled back drew a number'
		sql original "$settings" >"$scratch/settings"
		sql original "$ledger" >"$scratch/ledger"
		pg_dump --no-sync -f "$scratch/plain" original
		pg_dump --no-sync --inserts -f "$scratch/inserts" original
		pg_dump --no-sync -Fc -f "$scratch/custom" original
		pg_dump --no-sync --data-only -f "$scratch/data" original
		chmod 644 "$scratch"/*
		# into the same database, where the ledger is at home as soon as its tables are there
		for jobs in 1 4; do
			check "same database, $jobs jobs: pg_restore restores it" pg_restore --exit-on-error --clean -j $jobs -d original "$scratch/custom"
			sql original "$settings" >"$scratch/settings.same"
			check "same database, $jobs jobs: same settings" diff "$scratch/settings" "$scratch/settings.same"
			sql original "$ledger" >"$scratch/ledger.same"
			check "same database, $jobs jobs: same ledger" diff "$scratch/ledger" "$scratch/ledger.same"
			before=$(acts original)
			sql original 'UPDATE certdata.filing SET grace_days = 1'
			equal "$(acts original)" $((before + 1)) "same database, $jobs jobs: it goes on"
		done ;;

	target)
		for way in plain inserts custom data; do
			createdb $way
			case $way in
				custom) check "$way: restored" pg_restore --exit-on-error -j 4 -d $way "$scratch/$way" ;;
				data) sql $way 'CREATE EXTENSION certdata' ;;&
				*) check "$way: restored" psql -Xq -v ON_ERROR_STOP=1 -d $way -f "$scratch/$way" ;;
			esac
			sql $way "$settings" >"$scratch/settings.$way"
			check "$way: same settings" diff "$scratch/settings" "$scratch/settings.$way"
			sql $way "$ledger" >"$scratch/ledger.$way"
			check "$way: same ledger" diff "$scratch/ledger" "$scratch/ledger.$way"
			equal "$(acts $way)" 6 "$way: the restore adds nothing to it"
			# not adopted: what a restore does not do is refused
			equal "$(state $way "UPDATE certdata.filing SET grace_days = 7")" QC021 "$way: no UPDATE before adoption"
			equal "$(state $way "DELETE FROM certdata.scope")" QC021 "$way: no DELETE"
			equal "$(state $way "TRUNCATE certdata.scope")" QC021 "$way: no TRUNCATE"
			equal "$(state $way "DELETE FROM certdata.scope WHERE filing = 'x'; TRUNCATE certdata.category_setting")" '' "$way: nothing is nothing"
			# as doc/limits.md says
			sql $way "INSERT INTO certdata.level_letter VALUES ('Y', '特级技师')"
			equal "$(acts $way)" 6 "$way: INSERT is let through, unrecorded"
			sql $way "SELECT certdata.adopt_ledger('moved')" 'UPDATE certdata.filing SET grace_days = 7' 'TRUNCATE certdata.scope' >/dev/null
			equal "$(acts $way)" 8 "$way: adopted, it goes on"
			equal "$(sql $way "SELECT string_agg(kind || entries, ' ' ORDER BY id) FROM (SELECT * FROM certdata.ledger_act ORDER BY id DESC LIMIT 3) AS a")" \
				'adopt0 settings1 settings100' "$way: with all rows"
		done ;;
esac
