#!/bin/bash
#
# Organisations, filings, scope and calendar must survive dump and restore into
# another cluster.  Looks for: rows that are not dumped, or are restored in an
# order their constraints refuse; warnings that make an administrator doubt the
# dump; constraints and triggers that are there and do not work; verdicts that
# are not what they were.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/dump.sh"

# Everything that must be the same on both sides.
portrait() # DATABASE
{
	sql "$1" 'SET DateStyle = ISO' \
		'SELECT * FROM certdata.organisation ORDER BY id COLLATE "C"' \
		'SELECT * FROM certdata.organisation_name ORDER BY organisation COLLATE "C", valid' \
		'SELECT * FROM certdata.filing ORDER BY code, valid' \
		'SELECT * FROM certdata.scope ORDER BY filing, occupation COLLATE "C", work_type COLLATE "C" NULLS FIRST, level, valid' \
		'SELECT count(*), count(work_type) FROM certdata.scope' \
		'SELECT * FROM certdata.calendar_day_setting ORDER BY day' \
		'SELECT * FROM certdata.calendar_year_setting ORDER BY year' \
		'SELECT * FROM certdata.period_setting ORDER BY step, valid' \
		'SELECT * FROM certdata.calendar_day ORDER BY day' \
		'SELECT * FROM certdata.calendar_year ORDER BY year' \
		'SELECT * FROM certdata.period ORDER BY step' \
		"SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
			WHERE conrelid::regclass::text ~ '^certdata\.(organisation|filing|scope|calendar|period)' ORDER BY conrelid::regclass::text, conname" \
		"SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text, tgname" \
		"SELECT t, r, has_table_privilege(r, t, 'SELECT'), has_table_privilege(r, t, 'INSERT, UPDATE, DELETE')
			FROM unnest(ARRAY['organisation', 'organisation_name', 'filing', 'scope', 'calendar_day_setting', 'calendar_year_setting', 'period_setting']) AS n,
				format('certdata.%I', n) AS t, unnest(ARRAY['public', 'certdata_officer', 'certdata_admin']) AS r ORDER BY 1, 2" \
		"SELECT certdata.in_scope('S000013000001', '职业' || i, CASE WHEN i % 3 > 0 THEN '工种' || i % 3 END, '三级', '2022-02-09') FROM generate_series(1, 40) AS i" \
		"SELECT certdata.responsible('S000013000001', d) FROM unnest(ARRAY['2023-06-30', '2023-07-01', '2030-01-01']::date[]) AS d" \
		"SELECT d, f.rule, f.message, f.hint FROM unnest(ARRAY['2021-12-31', '2022-02-09', '2023-07-01']) AS d, certdata.check_record('张伟', '居民身份证', '130102199003071233', '', '职业3', '',
			'四级', 'S000013000001' || substr(d, 3, 2) || '4000001', d, '分校', '总校(北京)') AS f ORDER BY 1, 2" \
		"SELECT d, certdata.is_workday(d) FROM unnest(ARRAY['2031-01-02', '2031-01-03', '2022-02-07', '2022-02-01']::date[]) AS d" \
		"SELECT certdata.due_date('upload', '2022-02-09'), certdata.due_date('resubmit', '2022-02-09')"
}

two_clusters
case "$CERTDATA_DUMP_SIDE" in
	source)
		createdb original
		# branches stand before their head offices, as an export may have them
		sql original 'CREATE EXTENSION certdata' \
			"INSERT INTO certdata.organisation (id, name, kind, parent, ceased_on, dissolved_on, successor) VALUES
				('under', '分校的分校', 'evaluation', 'branch', NULL, NULL, NULL), ('branch', '分校', 'evaluation', 'head', '2022-12-31', '2023-06-30', 'heir'),
				('head', '总校（北京）', 'evaluation', 'city', NULL, NULL, NULL), ('city', '市局', 'city', 'province', NULL, NULL, NULL),
				('heir', '继任校', 'evaluation', 'city', NULL, NULL, NULL), ('province', '省厅', 'province', NULL, NULL, NULL, NULL)" \
			"INSERT INTO certdata.organisation (id, name, parent) SELECT 'x' || i, '校' || i, CASE WHEN i < 200 THEN 'x' || i + 1 END FROM generate_series(1, 200) AS i" \
			"INSERT INTO certdata.organisation_name VALUES ('branch', '旧分校', '(,2022-01-01)'), ('branch', '更名分校', '[2022-06-01,2022-06-30]'), ('head', '总校(北京)', '[2022-01-01,2022-03-01)')" \
			"INSERT INTO certdata.filing VALUES ('S000013000001', 'branch', '[2020-01-01,2023-01-01)', 30), ('S000013000001', 'head', '[2023-06-01,)', 0), ('Y000013000001', 'x7', '(,)', 36500)" \
			"INSERT INTO certdata.scope SELECT 'S000013000001', '职业' || i, CASE WHEN i % 3 > 0 THEN '工种' || i % 3 WHEN i % 2 = 0 THEN '' END, l, v
				FROM generate_series(1, 30) AS i, unnest(ARRAY['三级', '特级技师']::certdata.skill_level[]) AS l, unnest(ARRAY['(,2022-01-01)', '[2022-01-01,2022-02-10)', '[2022-03-01,)']::daterange[]) AS v" \
			"INSERT INTO certdata.calendar_day VALUES ('2031-01-02', 'holiday', '元旦'), ('2022-02-13', 'workday', NULL)" \
			"DELETE FROM certdata.calendar_day WHERE day = '2022-02-01'" \
			"UPDATE certdata.calendar_day SET name = '改名' WHERE day = '2022-02-02'" \
			"INSERT INTO certdata.calendar_year VALUES (2031, 'published'), (2032, 'provisional')" \
			'DELETE FROM certdata.calendar_year WHERE year = 2018' \
			"UPDATE certdata.period SET amount = 5 WHERE step = 'resubmit'" \
			"INSERT INTO certdata.period_setting VALUES ('upload', 2, 'month', '地方', '[2022-01-01,2023-01-01)')" \
			'CREATE TABLE certificate (LIKE certdata.report)' \
			'CREATE TRIGGER check_new AFTER INSERT ON certificate REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()' \
			"INSERT INTO certificate VALUES ('张伟', '居民身份证', '130102199003071233', '', '职业1', '工种1', '三级', 'S000013000001223000001', '2022-02-09', '分校', '继任校')" \
			"DELETE FROM certdata.scope WHERE occupation = '职业1'"
		portrait original >"$scratch/portrait"
		plain_dump original >"$scratch/plain.sql" 2>"$scratch/stderr.plain"
		pg_dump --no-sync -Fc -f "$scratch/custom" original 2>"$scratch/stderr.custom"
		pg_dump --no-sync --data-only -f "$scratch/data.sql" original 2>"$scratch/stderr.data-only"
		pg_dump --no-sync -Fc --data-only -f "$scratch/data" original 2>>"$scratch/stderr.data-only"
		for way in plain custom data-only; do
			check "$way: pg_dump says nothing" diff -a /dev/null "$scratch/stderr.$way"
		done
		chmod 644 "$scratch"/* ;;

	target)
		createdb plain && createdb custom && createdb parallel && createdb data
		check 'plain: psql restores it' psql -Xq -v ON_ERROR_STOP=1 -d plain -f "$scratch/plain.sql"
		check 'custom: pg_restore restores it' pg_restore --exit-on-error -d custom "$scratch/custom"
		# which keeps no order between the tables of an extension
		check 'parallel: pg_restore -j restores it' \
			pg_restore --exit-on-error -j 4 -d parallel "$scratch/custom"
		sql data 'CREATE EXTENSION certdata' 'CREATE TABLE certificate (LIKE certdata.report)'
		check 'data: the rows alone go into a new database' psql -Xq -v ON_ERROR_STOP=1 -d data -f "$scratch/data.sql"
		sql data 'CREATE TRIGGER check_new AFTER INSERT ON certificate REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()'
		for database in plain custom parallel data; do
			portrait $database >"$scratch/portrait.$database"
			check "$database: same rows, constraints, triggers, privileges and verdicts" diff -a "$scratch/portrait" "$scratch/portrait.$database"
		done
		plain_dump plain >"$scratch/again"
		check 'plain: a dump of the restored database is the same' diff -a "$scratch/plain.sql" "$scratch/again"

		# In force, not only there.
		refused() # DATABASE SQLSTATE STATEMENT
		{
			local state
			state=$(psql -XqAt -v VERBOSITY=sqlstate -d "$1" -c "$3" 2>&1 >/dev/null)
			check "$1: $2 for ${3:0:60}" test "$state" = "ERROR:  $2"
		}
		for database in plain custom; do
			refused $database 23P01 "INSERT INTO certdata.scope VALUES ('S000013000001', '职业9', NULL, '三级', '[2022-02-09,2022-03-01)')"
			refused $database 23P01 "INSERT INTO certdata.scope VALUES ('S000013000001', '职业6', NULL, '三级', '[2022-02-09,2022-03-01)')"
			refused $database 23P01 "INSERT INTO certdata.filing VALUES ('Y000013000001', 'x7')"
			refused $database 23P01 "INSERT INTO certdata.organisation_name VALUES ('head', '甲', '[2022-02-28,2022-03-01)')"
			refused $database 23P01 "INSERT INTO certdata.period_setting VALUES ('upload', 1, 'month', '地方', '[2022-12-31,)')"
			refused $database 23503 "INSERT INTO certdata.filing VALUES ('Y000013000002', 'nobody')"
			refused $database 23503 "INSERT INTO certdata.organisation (id, name, parent) VALUES ('y', '乙', 'nobody')"
			refused $database 23503 "DELETE FROM certdata.organisation WHERE id = 'city'"
			refused $database 23514 "UPDATE certdata.organisation SET parent = 'x1' WHERE id = 'x200'"
			refused $database 23514 "UPDATE certdata.organisation SET successor = 'branch' WHERE id = 'heir'"
			refused $database 23505 "INSERT INTO certdata.calendar_day VALUES ('2031-01-02', 'holiday', '元旦')"
			refused $database 23514 'INSERT INTO certificate TABLE certificate'
		done
		check 'plain: what is in scope goes in' psql -Xq -v ON_ERROR_STOP=1 -d plain -c "INSERT INTO certificate VALUES
			('张伟', '居民身份证', '130102199003071233', '', '职业2', '工种2', '三级', 'S000013000001223000002', '2022-02-09', '分校', '继任校')"
		# The portrait must have held something.
		check 'the scope is there' grep -q '^174|144$' "$scratch/portrait"
		check 'the day taken back is there' grep -q '^2022-02-01|ordinary' "$scratch/portrait"
		check 'the year withdrawn is there' grep -q '^2018|withdrawn' "$scratch/portrait"
		check 'the name of a time is there' grep -q '^branch|更名分校|\[2022-06-01,2022-07-01)' "$scratch/portrait" ;;
esac
