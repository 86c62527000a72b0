#!/bin/bash
#
# A server set up as the documents have it, on which doctor() has nothing to
# say.  Looks for: a line that can never be ok, so that nobody reads the others.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata -o certdata.seal_databases=d -o certdata.seal_interval=1 -o log_min_error_statement=panic -o temp_file_limit=1GB

key="$(cd "$CERTDATA_DATA/.." && pwd -P)/key.pem"
owner openssl genpkey -algorithm ED25519 -out "$key" 2>/dev/null
owner chmod 600 "$key"
createdb d || bail createdb
psql -Xq -c "ALTER SYSTEM SET certdata.signing_key_file = '$key'" -c 'SELECT pg_reload_conf()' >/dev/null
# whenever this runs: this year and the next
sql d 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" \
	"INSERT INTO certdata.calendar_day SELECT make_date(y, 1, 1), 'holiday', '元旦' FROM generate_series(extract(year FROM certdata.today())::int, extract(year FROM certdata.today())::int + 1) AS y
		WHERE NOT EXISTS (SELECT FROM certdata.calendar_day AS c WHERE c.day = make_date(y, 1, 1))" \
	"INSERT INTO certdata.calendar_year SELECT y, 'published' FROM generate_series(extract(year FROM certdata.today())::int, extract(year FROM certdata.today())::int + 1) AS y
		WHERE NOT EXISTS (SELECT FROM certdata.calendar_year AS c WHERE c.year = y)" \
	"INSERT INTO zs (name, id_type, id_number, occupation, level, cert_no, issue_date, evaluator, issuer)
		VALUES ('张三', '居民身份证', '130102199003071233', '车工', '三级', 'S000013000001223000001', '2022-02-09', '甲校', '甲校')" \
	'SELECT certdata.seal()' 'CREATE PUBLICATION zs FOR TABLE zs' >/dev/null 2>&1
said=
for _ in $(seq 50); do	# until the worker is there
	said=$(sql d 'SET certdata.language = en' "SELECT check_name, status, detail FROM certdata.doctor() WHERE status <> 'ok'")
	[ -n "$said" ] || break
	sleep 0.2
done
is "$said" '' 'nothing to say'
is "$(sql d 'SELECT count(*) FROM certdata.doctor()')" 29 'of all lines'
done_testing
