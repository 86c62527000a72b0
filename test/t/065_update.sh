#!/bin/bash
#
# ALTER EXTENSION UPDATE must end where CREATE EXTENSION begins, and keep what
# the DBA entered.  Looks for: an object, comment, privilege or configuration
# table that a fresh installation has and an updated one lacks (or the
# reverse); old SQL functions that the new library no longer serves; settings
# or scope lost on the way; views over functions that changed.

here=$(cd "$(dirname "$0")" && pwd -P)
if [ -z "${CERTDATA_INSIDE:-}" ]; then
	stage=$(mktemp -d)
	chmod 755 "$stage"
	trap 'rm -rf "$stage"' EXIT
	make -s -C "$here/../.." install DESTDIR="$stage" >"$stage/log" 2>&1 || { cat "$stage/log"; exit 1; }
	extension=$(dirname "$(find "$stage" -name certdata.control)")
	for old in 0.1.0 0.2.0 0.3.0 0.4.0 0.5.0 0.6.0; do
		gunzip -c "$here/../data/certdata--$old.sql.gz" >"$extension/certdata--$old.sql"
	done
	version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$extension/certdata.control")
	# a version to come that brings nothing
	echo '-- nothing' >"$extension/certdata--$version--99.0.sql"
	chmod -R a+rX "$stage"
	# not exec: the directory is to go afterwards
	CERTDATA_INSIDE=1 CERTDATA_STAGE=$stage "$here/../../script/with_server.sh" bash "$0"
	exit
fi
. "$here/tap.sh"
inside

# Every member of the extension with all that a user can see of it.
portrait() # DATABASE
{
	sql "$1" "
	WITH member AS (
		SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'certdata')
	SELECT pg_describe_object(classid, objid, 0) || ' ' || COALESCE(obj_description(objid, (SELECT relname FROM pg_class WHERE oid = classid)), '-') FROM member
	UNION ALL
	SELECT 'function ' || p.oid::regprocedure || ' ' || CASE WHEN p.prokind = 'a' THEN p.prosrc ELSE pg_get_functiondef(p.oid) END ||
		COALESCE((SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM aclexplode(p.proacl) AS x), 'default')
		FROM member JOIN pg_proc AS p ON classid = 'pg_proc'::regclass AND p.oid = objid
	UNION ALL
	SELECT 'relation ' || c.relname || c.relkind::text || ' ' || COALESCE(pg_get_viewdef(CASE WHEN c.relkind = 'v' THEN c.oid END), '') ||
		COALESCE((SELECT string_agg((x.grantee::regrole::text, x.privilege_type)::text, ' ' ORDER BY x.grantee::regrole::text, x.privilege_type)
			FROM aclexplode(c.relacl) AS x), 'default')
		FROM member JOIN pg_class AS c ON classid = 'pg_class'::regclass AND c.oid = objid
	UNION ALL
	SELECT 'column ' || c.relname || '.' || a.attname || ' ' || a.attnum || format_type(a.atttypid, a.atttypmod) || a.attnotnull ||
		COALESCE(pg_get_expr(ad.adbin, ad.adrelid), '') || COALESCE(col_description(c.oid, a.attnum), '')
		FROM member JOIN pg_class AS c ON classid = 'pg_class'::regclass AND c.oid = objid
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef AS ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
	UNION ALL
	SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE connamespace = 'certdata'::regnamespace
	UNION ALL
	SELECT 'trigger ' || pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
		WHERE c.relnamespace = 'certdata'::regnamespace AND NOT tgisinternal
	UNION ALL
	SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'certdata'
	UNION ALL
	SELECT 'replica identity ' || relname || relreplident::text FROM pg_class WHERE relnamespace = 'certdata'::regnamespace AND relkind = 'r'
	UNION ALL
	SELECT 'dumped ' || (unnest(extconfig))::regclass || ' ' || unnest(extcondition) FROM pg_extension WHERE extname = 'certdata'
	ORDER BY 1"
}

settings="SELECT rule, severity, enabled FROM certdata.rule_setting ORDER BY rule; SELECT letter, accepted FROM certdata.category_setting"

createdb fresh
createdb updated
sql fresh 'CREATE EXTENSION certdata' >/dev/null
sql updated "CREATE EXTENSION certdata VERSION '0.1.0'" \
	"UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'no.year'" \
	"INSERT INTO certdata.category VALUES ('Q', '企业')" \
	"CREATE TABLE staging (LIKE certdata.report)" \
	"INSERT INTO staging VALUES ('张 三', '居民身份证', '130102199003071233', '', '电工', '', '三级', 'Q000013000001213000001', '2022-02-09', '甲校', '甲校')" \
	"CREATE TABLE registry (LIKE staging)" >/dev/null
before=$(sql updated "$settings")

is "$(sql updated "SELECT rule, severity FROM certdata.check_rows('staging')" | tr '\n' ' ')" \
	'name.space|error no.year|warning ' 'the new library serves the old functions'
is "$(sql updated "SELECT loaded, rejected FROM certdata.load('staging', 'registry', true)")" '0|1' 'load, too'
is "$(sql updated 'ALTER EXTENSION certdata UPDATE' 2>&1)" '' 'the update says nothing'
is "$(sql updated "SELECT extversion FROM pg_extension WHERE extname = 'certdata'")" \
	"$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$here/../../certdata.control")" 'and leads to the current version'
portrait fresh >"$scratch/fresh"
portrait updated >"$scratch/updated"
is "$(wc -l <"$scratch/fresh" | awk '{ print ($1 > 900) }')" 1 'the comparison sees the objects'
is "$(diff "$scratch/fresh" "$scratch/updated")" '' 'an updated installation is what a fresh one is'
createdb later
is "$(sql later "CREATE EXTENSION certdata VERSION '0.2.0'" 'ALTER EXTENSION certdata UPDATE' 2>&1)" '' 'so is one updated from 0.2.0'
portrait later >"$scratch/later"
is "$(diff "$scratch/fresh" "$scratch/later")" '' 'from there, too'

# tables attached before there was a ledger
createdb guarded
row="('张三', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', 'S00001300000122300000#', '2022-02-09', '甲校', '甲校')"
sql guarded "CREATE EXTENSION certdata VERSION '0.3.0'" "SELECT certdata.create_registry('registry')" \
	"INSERT INTO registry VALUES ${row/\#/1}, ${row/\#/2}" \
	"SELECT certdata.correct('registry', 'S000013000001223000001', '{\"姓名\": \"李四\"}', 'r', 'a')" \
	"SELECT certdata.create_registry('gone')" "SELECT certdata.detach('gone', 'r')" >/dev/null
is "$(sql guarded 'SELECT name FROM registry ORDER BY cert_no' | tr '\n' ' ')" '李四 张三 ' 'the new library guards tables of 0.3.0 before the update'
is "$(sql guarded 'ALTER EXTENSION certdata UPDATE' 2>&1)" '' 'so is one updated from 0.3.0'
portrait guarded >"$scratch/guarded"
is "$(diff "$scratch/fresh" "$scratch/guarded")" '' 'with attached tables'
sql guarded "SELECT certdata.suspend('registry', 'S000013000001223000002', 'r')" >/dev/null
is "$(sql guarded 'SELECT count(*) FROM certdata.ledger_act')" 0 'nothing is recorded before the ledger is started'
sql guarded 'SELECT certdata.start_ledger()' "INSERT INTO registry VALUES ${row/\#/3}" \
	"SELECT certdata.correct('registry', 'S000013000001223000002', '{\"姓名\": \"李四\"}', 'r', 'a')" \
	"SELECT certdata.record_act('query', 'registry', 'S000013000001223000001', NULL)" "SELECT certdata.attach('gone')" \
	"UPDATE certdata.rule SET severity = 'warning' WHERE rule = 'no.year'" >/dev/null
is "$(sql guarded "SELECT string_agg(kind || ' ' || right(cert_no::text, 1) || ' ' || life_seq || ' ' || state::text, ', ' ORDER BY act) FROM certdata.recorded_entry WHERE cert_no IS NOT NULL")" \
	'insert 3 1 {}, correct 2 2 {"name corrected",suspended}, query 1 2 {"name corrected"}' 'then changes of tables attached before are'
is "$(sql guarded "SELECT string_agg(kind, ' ' ORDER BY act) FROM certdata.recorded_act")" 'start insert shape correct query shape attach validate settings' 'and all the rest'
is "$(sql guarded "SELECT string_agg(relation::text || again, ' ' ORDER BY attached_at) FROM certdata.attachment WHERE detached_at IS NULL")" 'registryfalse gonetrue' \
	'a table that is attached again is known as such'
is "$(sql updated "$settings")" "$before" 'settings are kept'
is "$(sql updated "SELECT rule FROM certdata.check_rows('staging', received_on => '2022-12-01') ORDER BY 1" | tr '\n' ' ')" \
	'date.beyond name.space no.year ' 'what is new works'

# a ledger with a primary key on entries: written, sealed and verified by the new library before the update and after
createdb keyed
many() { sql keyed "INSERT INTO registry SELECT '张三', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', 'S00001300000122300' || i, '2022-02-09', '甲校', '甲校' FROM generate_series($1, $2) AS i"; }
judged() { sql keyed 'SELECT certdata.seal()' >/dev/null; sql keyed "SELECT (SELECT max(size) FROM certdata.ledger_head) = (SELECT count(*) + sum(entries) FROM certdata.ledger_act),
	(SELECT count(*) FROM certdata.verify_ledger()), (SELECT count(*) FROM certdata.export_ledger()) > 2000"; }
sql keyed "CREATE EXTENSION certdata VERSION '0.5.0'" "SELECT certdata.create_registry('registry')" >/dev/null
many 1000 3999 >/dev/null
many 4000 4020 >/dev/null
sql keyed 'SELECT certdata.seal()' >/dev/null
many 4021 4030 >/dev/null
is "$(judged)" 't|0|t' 'the new library serves the ledger of 0.5.0 before the update'
is "$(sql keyed 'ALTER EXTENSION certdata UPDATE' 2>&1)" '' 'so is one updated from 0.5.0'
portrait keyed >"$scratch/keyed"
is "$(diff "$scratch/fresh" "$scratch/keyed")" '' 'with a ledger'
many 5000 7000 >/dev/null
is "$(judged)" 't|0|t' 'and then the ledger goes on'
sql keyed 'DELETE FROM certdata.ledger_entry WHERE n = 700' >/dev/null
is "$(sql keyed 'SELECT DISTINCT problem FROM certdata.verify_ledger() ORDER BY 1' | tr '\n' ' ')" 'entry.missing row.added ' 'whose entries are all looked at'

# what a DBA entered outlives a later update, in use
sql updated "INSERT INTO certdata.organisation (id, name) VALUES ('a', '甲校')" \
	"INSERT INTO certdata.filing (code, organisation) VALUES ('Q000013000001', 'a')" \
	"INSERT INTO certdata.scope (filing, occupation, level) VALUES ('Q000013000001', '焊工', '三级')" \
	"INSERT INTO certdata.calendar_day VALUES ('2027-01-01', 'holiday', '元旦')" \
	"INSERT INTO certdata.calendar_year VALUES (2027, 'published')" \
	"UPDATE certdata.period SET amount = 5 WHERE step = 'upload'" >/dev/null
entered='TABLE certdata.organisation; TABLE certdata.filing; TABLE certdata.scope; TABLE certdata.calendar_day_setting;
	TABLE certdata.calendar_year_setting; TABLE certdata.period_setting'
sql updated "SELECT certdata.create_registry('guarded')" >/dev/null
entered="$entered; TABLE certdata.attachment"
before=$(sql updated "$entered")
is "$(sql updated "ALTER EXTENSION certdata UPDATE TO '99.0'" 2>&1)" '' 'a further update'
is "$(sql updated "$entered")" "$before" 'keeps organisations, filings, scope, calendar, periods and attachments'
is "$(sql updated "SELECT rule FROM certdata.check_rows('staging') WHERE rule ~ 'scope'")" occupation.scope 'in use'
done_testing
