#!/bin/bash
#
# Every way by which a statement reaches a row of an attached table, with every
# kind of change.  Looks for: a route by which a change is not judged, is
# judged by another measure, or leaves something behind though it was refused;
# a lawful change refused on some route; a life that is not noted, or is noted
# though nothing happened.
#
# 080_matrix.sql has the tables; 080_matrix_update.sql, _insert.sql and _act.sql
# say what is done, by which route, and what is to come of it; 080_matrix_run.sql
# makes a script of it, a transaction for each cell.

. "$(dirname "$0")/tap.sh"
inside

createdb matrix || bail createdb
sql matrix 'CREATE EXTENSION certdata' 2>"$scratch/log" || bail 'CREATE EXTENSION'
run() { psql -XqAt -d matrix -v ON_ERROR_STOP=1 -f "$here/$1" 2>&1; }
for part in 080_matrix.sql 080_matrix_update.sql 080_matrix_insert.sql 080_matrix_act.sql; do
	run $part >"$scratch/out" || bail "$part: $(tail -n 20 "$scratch/out")"
done
run 080_matrix_run.sql >"$scratch/script" || bail "080_matrix_run.sql: $(tail -n 5 "$scratch/script")"
psql -XqAt -d matrix -v VERBOSITY=verbose -f "$scratch/script" >"$scratch/out" 2>&1
# what COPY failed of is only in the output
awk '/^cell / { id = $2; state = "" } /ERROR:  [0-9A-Z]+: / && state == "" { sub(/^.*ERROR:  /, ""); state = substr($0, 1, 5)
	printf "UPDATE m.result SET state = '\''%s'\'', message = '\''COPY'\'' WHERE id = %d AND state = '\''25P02'\'';\n", state, id }' "$scratch/out" >"$scratch/states"
psql -Xq -d matrix -v ON_ERROR_STOP=1 -1 -f "$scratch/states" || bail 'states'
is "$(sql matrix 'SELECT count(*) FROM m.cell WHERE id NOT IN (SELECT id FROM m.result)')" 0 'every cell has a result'

# got and expected: SQLSTATE, rows added, whether the row is as it must be, life
while IFS='|' read -r name got wanted why; do
	if [ "$got" = "$wanted" ]; then verdict 0 "$name"; else verdict 1 "$name" "     got: $got" "expected: $wanted" "$why"; fi
done < <(sql matrix "SELECT translate(c.name, '|', '/'),
	concat_ws(', ', r.state, 'added ' || r.added, 'row ' || CASE WHEN v.after IS NOT DISTINCT FROM v.wanted THEN 'right' ELSE 'wrong' END, 'life ' || r.life_after),
	concat_ws(', ', c.state, 'added ' || c.adds, 'row right', 'life ' || COALESCE(c.life, r.life_before)),
	translate(CASE WHEN r.state <> c.state THEN CASE WHEN r.state = '00000' THEN '' ELSE r.message END WHEN v.after IS DISTINCT FROM v.wanted THEN v.after::text || ' instead of ' || v.wanted::text ELSE '' END, E'|\n', '/ ')
	FROM m.cell AS c JOIN m.result AS r USING (id), LATERAL (SELECT
		m.values_of(CASE WHEN r.before IS NULL THEN r.after - 'note' ELSE r.after END) AS after,
		m.values_of(CASE WHEN c.change IS NULL THEN r.before WHEN c.change = 'null' THEN NULL WHEN r.before IS NULL THEN c.change - 'note' ELSE r.before || c.change END) AS wanted) AS v
	ORDER BY c.id")
is "$tests" "$(($(sql matrix 'SELECT count(*) FROM m.cell') + 1))" 'every cell was looked at'

done_testing
