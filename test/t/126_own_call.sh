#!/bin/bash
#
# Functions of certdata's may write what nobody else may.  Looks for: a statement
# of somebody else's that is taken for theirs, because it runs while they do (in
# an event trigger, in a function that the planner computes for an index), after
# one of them failed half-way, or too deep to be counted; a part of them that is
# called by hand and works; an attach() that its own guard refuses.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata

sql postgres 'SET client_min_messages = error' 'CREATE EXTENSION certdata' "SELECT certdata.create_registry('zs')" >/dev/null

# forge(): all it may not do, and what came of each
sql postgres "
CREATE TABLE said (what text, outcome text);
CREATE FUNCTION forge() RETURNS int LANGUAGE plpgsql AS \$\$
DECLARE
	id bigint;
BEGIN
	BEGIN
		UPDATE certdata.ledger_act SET reason = 'forged';
		INSERT INTO public.said VALUES ('update', 'done');
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO public.said VALUES ('update', sqlstate);
	END;
	BEGIN
		ALTER TABLE public.zs DISABLE TRIGGER USER;
		INSERT INTO public.said VALUES ('alter', 'done');
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO public.said VALUES ('alter', sqlstate);
	END;
	BEGIN
		-- an expression, for which no query is run
		id := certdata.maintenance_opened_as_owner('r', clock_timestamp() + interval '1 hour', 'postgres', 'postgres');
		INSERT INTO public.said VALUES ('by hand', 'done');
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO public.said VALUES ('by hand', sqlstate);
	END;
	RETURN 1;
END \$\$;
CREATE FUNCTION constant(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS \$\$
DECLARE
	one int;
BEGIN
	one := public.forge();
	RETURN one;
END \$\$"
said() { sql postgres "SELECT string_agg(DISTINCT what || ' ' || outcome, ', ' ORDER BY what || ' ' || outcome) FROM said" 'TRUNCATE said'; }
state() { psql -XqAt -v VERBOSITY=sqlstate -d postgres "$@" 2>&1; }
refused='alter QC030, by hand QC031, update QC031'

sql postgres 'SELECT forge()' >/dev/null
is "$(said)" "$refused" 'a function of a user'
for call in "dropped_as_owner(ARRAY['zs'::regclass::oid], 'postgres')" "validated_as_owner('zs', 'postgres')" \
	"maintenance_closed_as_owner('postgres', 'postgres')" "maintenance_opened_as_owner('r', clock_timestamp() + interval '1 hour', 'postgres', 'postgres')"; do
	is "$(state -c "SELECT certdata.$call")" 'ERROR:  QC031' "by hand: ${call%%(*}"
done
is "$(state -c "SELECT certdata.detach_as_owner('zs', 'r', 'postgres')")" 'ERROR:  QC030' 'by hand: detach_as_owner'
is "$(state -c "BEGIN; SELECT certdata.maintenance_opened_as_owner('r', clock_timestamp() + interval '1 hour', 'postgres', 'postgres') FROM certdata.attachment; COMMIT")" \
	'ERROR:  QC031' 'by hand, in a query over one of our tables'

# the planner of a query of ours
sql postgres 'CREATE TABLE planned (LIKE zs)' 'CREATE INDEX ON planned ((constant(1)))' >/dev/null
said >/dev/null
state -c "SELECT certdata.attach('planned', state_column => 'state', register => 'r')" >/dev/null
is "$(said)" "$refused" 'a function that is computed when a query of ours is planned'

# event triggers
sql postgres "
CREATE FUNCTION on_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.forge(); END';
CREATE EVENT TRIGGER on_start ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER', 'DROP TRIGGER', 'CREATE VIEW', 'DROP VIEW') EXECUTE FUNCTION on_event();
CREATE EVENT TRIGGER on_end ON ddl_command_end WHEN TAG IN ('CREATE TRIGGER', 'DROP TRIGGER', 'CREATE VIEW', 'DROP VIEW') EXECUTE FUNCTION on_event();
CREATE TABLE watched (LIKE zs)" 'TRUNCATE said'
sql postgres "SELECT certdata.attach('watched')" >/dev/null 2>&1
is "$(sql postgres "SELECT count(*) FROM said WHERE what = 'update'" | awk '{print ($1 > 8)}')" 1 'event triggers ran while a table was attached'
is "$(said)" "$refused" '... and were refused'
sql postgres "SELECT certdata.detach('watched', 'r')" >/dev/null
is "$(said)" "$refused" '... and while it was detached'
sql postgres 'DROP EVENT TRIGGER on_start; DROP EVENT TRIGGER on_end'

# one that fails half-way, and one within another
sql postgres "
CREATE FUNCTION fail() RETURNS event_trigger LANGUAGE plpgsql AS \$\$ BEGIN RAISE EXCEPTION 'no view today'; END \$\$;
CREATE EVENT TRIGGER fail ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION fail()"
is "$(state -c "DO \$\$ BEGIN PERFORM certdata.attach('watched'); EXCEPTION WHEN raise_exception THEN PERFORM forge(); END \$\$" 2>&1 | grep -v '^NOTICE')" '' 'an attach() that fails half-way'
is "$(said)" "$refused" '... leaves nothing open in its transaction'
is "$(state -c 'BEGIN' -c 'SAVEPOINT s' -c "SELECT certdata.attach('watched')" -c 'ROLLBACK TO s' -c 'SELECT forge()' -c 'COMMIT' 2>&1 | grep -v '^NOTICE')" 'ERROR:  P0001
1' '... nor beside a savepoint'
is "$(said)" "$refused" '... where all is refused as before'
sql postgres "DROP EVENT TRIGGER fail;
CREATE FUNCTION deeper() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
DECLARE
	next regclass := (SELECT c.oid FROM pg_class AS c WHERE c.relname LIKE 'deep%' AND c.relkind = 'r'
		AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid) ORDER BY c.relname LIMIT 1);
BEGIN
	IF next IS NOT NULL THEN
		PERFORM certdata.attach(next);
	END IF;
	PERFORM public.forge();
END \$\$;
CREATE EVENT TRIGGER deeper ON ddl_command_end WHEN TAG IN ('CREATE TRIGGER') EXECUTE FUNCTION deeper()"
for depth in 3 20; do
	for ((i = 1; i <= depth; i++)); do sql postgres "CREATE TABLE deep$(printf %03d "$i") (LIKE zs)" "ALTER TABLE deep$(printf %03d "$i") ADD UNIQUE (cert_no)"; done
	answer=$(psql -XqAt -v VERBOSITY=sqlstate -d postgres -c 'SET client_min_messages = error' -c "SELECT certdata.attach('deep001') IS NOT NULL" 2>&1)
	if [ $depth = 3 ]; then
		is "$answer, $(sql postgres "SELECT count(*) FROM certdata.attachment WHERE relation::text LIKE 'deep%'")" 't, 3' 'attach() within attach()'
		is "$(said)" "$refused" '... with forgers in each'
		for ((i = 1; i <= depth; i++)); do sql postgres "SELECT certdata.detach('deep$(printf %03d "$i")', 'r')" "DROP TABLE deep$(printf %03d "$i")" >/dev/null; done
		said >/dev/null
	else
		is "$(said | grep -c ' done')" 0 'too deep to be counted: nothing is let through'
	fi
done
sql postgres 'DROP EVENT TRIGGER deeper'
is "$(sql postgres "SELECT count(*) FROM certdata.ledger_act WHERE reason = 'forged'" 'SELECT count(*) FROM certdata.maintenance' | xargs)" '0 0' 'nothing was forged'
is "$(grep -c 'PANIC\|terminated by signal\|TRAP' "$CERTDATA_LOG")" 0 'the server has no complaint'
done_testing
