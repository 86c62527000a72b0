#!/bin/bash
#
# Dump and restore into another cluster must give the same data and the same
# settings.  Looks for: shipped rows that are dumped and collide when restored,
# a DBA's change that is not dumped, typed columns or indexes that do not come
# back, a restore that needs more than CREATE EXTENSION does.

. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/dump.sh"

# Everything that must be the same on both sides.
portrait() # DATABASE
{
	sql "$1" \
		'SELECT * FROM registry ORDER BY cert_no' \
		'SELECT * FROM certdata.rule ORDER BY rule' \
		'SELECT * FROM certdata.rule_setting ORDER BY rule, valid' \
		'SELECT * FROM certdata.category ORDER BY letter, valid' \
		'SELECT * FROM certdata.level_letter ORDER BY letter, valid' \
		"SELECT indexdef FROM pg_indexes WHERE tablename = 'registry' ORDER BY 1" \
		"SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'registry'::regclass ORDER BY 1" \
		"SELECT * FROM certdata.check_record('张伟', '居民身份证', '130102199003071233', NULL, '车工', NULL,
			'首席技师', 'Q000013000001223A00001', '2023-05-01', '甲校', '甲校')"
	# and the index gives what the table has
	sql "$1" 'SET enable_seqscan = off' \
		"SELECT count(*) FROM registry WHERE cert_no = 'S000013000001223000077'" \
		"SELECT string_agg(cert_no::text, ',' ORDER BY cert_no) FROM registry WHERE cert_no < 'S000013000001223000005'"
}

two_clusters
case "$CERTDATA_DUMP_SIDE" in
	source)
		createdb original
		sql original 'CREATE EXTENSION certdata' \
			"CREATE TABLE registry (name certdata.person_name, id_type certdata.id_type, id_number certdata.id_number,
				resident certdata.resident_id, employer certdata.org_name, occupation certdata.occupation_name,
				work_type certdata.work_type_name, level certdata.skill_level, cert_no certdata.certno PRIMARY KEY,
				issue_date certdata.issue_date DEFAULT '2022-02-09', evaluator certdata.org_name, issuer certdata.org_name,
				CHECK (level >= '五级'))" \
			"INSERT INTO registry (name, id_type, id_number, resident, occupation, level, cert_no, evaluator, issuer)
				SELECT '张伟·' || i, '居民身份证', '130102199003071233', '130102199003071233', '车工', '三级',
					'S000013000001223' || lpad(i::text, 6, '0'), '甲校', '甲校' FROM generate_series(1, 100) AS i" \
			'CREATE INDEX ON registry USING hash (id_number)' \
			'CREATE INDEX ON registry USING brin (cert_no)' \
			'CREATE INDEX ON registry (resident, level DESC)' \
			'CREATE INDEX ON registry (issue_date) WHERE level = '"'三级'" \
			'CREATE TRIGGER check_insert AFTER INSERT ON registry REFERENCING NEW TABLE AS new_rows
				FOR EACH STATEMENT EXECUTE FUNCTION certdata.check_new_rows()' \
			"UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'no.year'" \
			"UPDATE certdata.rule SET enabled = false WHERE rule = 'id.pattern'" \
			"INSERT INTO certdata.category VALUES ('Q', '企业', true, '[2023-01-01,)')" \
			"DELETE FROM certdata.category WHERE letter = 'Y'" \
			"INSERT INTO certdata.level_letter VALUES ('A', '首席技师', '[2022-01-01,)')"
		portrait original >"$scratch/portrait"
		plain_dump original >"$scratch/plain.sql"
		pg_dump --no-sync -Fc -f "$scratch/custom" original
		chmod 644 "$scratch"/* ;;
	target)
		createdb custom
		check pg_restore pg_restore --exit-on-error -d custom "$scratch/custom"
		createdb plain
		check 'plain restore' psql -Xq -v ON_ERROR_STOP=1 -d plain -f "$scratch/plain.sql"
		for database in custom plain; do
			portrait $database >"$scratch/portrait.$database"
			check "$database: same data, settings, indexes and verdicts" diff -a "$scratch/portrait" "$scratch/portrait.$database"
			plain_dump $database >"$scratch/again.$database"
			check "$database: a dump of the restored database is the same" diff -a "$scratch/plain.sql" "$scratch/again.$database"
		done
		# The portrait must have held something, and what is shipped must not travel.
		check 'the data is there' test "$(grep -c 'S000013000001223' "$scratch/portrait")" -gt 100
		check 'the changed severity is there' grep -q '^no.year|.*|warning|' "$scratch/portrait.plain"
		equal "$(grep 'COPY certdata.*builtin' "$scratch/plain.sql")" '' 'shipped rows are not dumped'
		check 'settings are dumped' grep -q 'COPY certdata.rule_setting' "$scratch/plain.sql" ;;
esac
