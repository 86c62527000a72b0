-- From 0.3.0: the ledger.  Attached tables are recorded from their first change
-- after certdata.start_ledger() on.

-- Who comes from 0.2.0 has the column already: its update takes 30_guard.sql in as it is now.
ALTER TABLE certdata.attachment ADD COLUMN IF NOT EXISTS again boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN certdata.attachment.again IS
'the table was attached before, and detached: numbers may have come and gone in between';

-- The same but for the new column.
CREATE OR REPLACE FUNCTION certdata.attach_as_owner(
	target regclass, columns jsonb, existing text, validate boolean, publication text,
	require_actor boolean, approver regrole, profile text, register text, state_column name, caller regrole)
	RETURNS uuid
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
	AS $$
#variable_conflict use_variable
DECLARE
	mapping jsonb;
	listed name[];
	id uuid;
	registry uuid;
	old record;
	former regclass;
	part regclass;
BEGIN
	PERFORM certdata.attach_options(publication, profile, existing, validate, require_actor);
	PERFORM certdata.attach_check_table(target);
	EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', target);
	-- what it became while we waited for the lock
	PERFORM certdata.attach_check_table(target);
	SELECT a.* INTO old FROM certdata.attachment AS a WHERE a.relation = target ORDER BY a.detached_at DESC NULLS FIRST LIMIT 1;
	IF old.id IS NOT NULL AND old.detached_at IS NULL THEN
		RAISE EXCEPTION 'table % is already attached', target USING ERRCODE = 'QC017',
			HINT = 'To attach it in another way, call certdata.detach() first; the life of its certificates goes on.';
	END IF;
	SELECT a.relation INTO former FROM certdata.attachment AS a WHERE a.id = certdata.guarded_as(target);
	IF former IS NOT NULL THEN
		RAISE EXCEPTION 'table % cannot be attached', target USING ERRCODE = 'QC017',
			DETAIL = format('It was a partition of attached table %s and is still guarded as such.', former),
			HINT = 'ALTER TABLE ... ATTACH PARTITION takes it back. certdata.detach() ends the guard; the life of its certificates stays with that table.';
	END IF;
	register := COALESCE(register, old.register);
	mapping := certdata.attach_mapping(target, columns);
	IF NOT mapping -> '证书编号' ? 'column' OR mapping -> '证书编号' ? 'map' THEN
		RAISE EXCEPTION '证书编号 must be a column without codes' USING ERRCODE = 'QC017';
	END IF;
	SELECT array_agg(l.c ORDER BY l.o) INTO listed FROM (
		SELECT (mapping -> f.header ->> 'column')::name AS c, min(f.ord) AS o FROM certdata.report_fields() AS f
		WHERE mapping -> f.header ? 'column' GROUP BY 1) AS l;
	IF state_column IS NOT NULL AND (state_column = ANY (listed) OR NOT EXISTS (
			SELECT FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = state_column AND a.attnum > 0
				AND NOT a.attisdropped AND NOT a.attnotnull AND NOT a.atthasdef
				AND (a.atttypid = 'text'::regtype OR a.atttypid = 'varchar'::regtype AND a.atttypmod NOT BETWEEN 0 AND 12))) THEN
		RAISE EXCEPTION 'column "%" of table % cannot show the state', state_column, target USING ERRCODE = 'QC017',
			DETAIL = 'It does not exist, is not of type text (or varchar of 9 or more), is NOT NULL or has a DEFAULT, or is a field of the report.',
			HINT = format('ALTER TABLE %s ADD COLUMN state text;', target);
	END IF;
	IF btrim(register) = '' THEN
		RAISE EXCEPTION 'a register needs a name' USING ERRCODE = 'QC017';
	END IF;
	PERFORM certdata.attach_check_number(target, (mapping -> '证书编号' ->> 'column')::name);
	id := COALESCE(old.id, gen_random_uuid());
	-- one register is made by one transaction at a time
	LOCK TABLE certdata.attachment IN SHARE ROW EXCLUSIVE MODE;
	registry := CASE WHEN register IS NULL THEN COALESCE(old.registry, id)
		ELSE COALESCE((SELECT a.registry FROM certdata.attachment AS a WHERE a.register = register ORDER BY a.attached_at LIMIT 1), id) END;
	IF old.id IS NOT NULL AND registry <> old.registry THEN
		RAISE EXCEPTION 'table % had another register', target USING ERRCODE = 'QC017',
			DETAIL = format('The life of its certificates is kept under register %s.', COALESCE(old.register, 'of its own')),
			HINT = 'Attach it to the same register as before.';
	END IF;
	IF state_column IS NOT NULL THEN
		PERFORM certdata.attach_check_states(target, id, registry, state_column, mapping -> '证书编号' ->> 'column');
	END IF;
	FOR part IN SELECT p.relid FROM certdata.tree_of(target) AS p ORDER BY p.level, p.relid LOOP
		PERFORM certdata.add_triggers_as_owner(part, id, CASE WHEN state_column IS NULL THEN listed ELSE listed || state_column END);
	END LOOP;
	FOR part IN SELECT p.relid FROM certdata.tree_of(target) AS p ORDER BY p.level, p.relid LOOP
		PERFORM certdata.enable_triggers_as_owner(part);
	END LOOP;
	DELETE FROM certdata.attachment AS a WHERE a.id = id;
	INSERT INTO certdata.attachment VALUES (id, target, registry, register, listed, mapping, state_column,
		publication, require_actor, approver, profile, existing, false,
		clock_timestamp(), caller::text, NULL, NULL, old.id IS NOT NULL);
	PERFORM certdata.add_views_as_owner(target, id, mapping, state_column);
	IF register IS NOT NULL THEN
		PERFORM certdata.register_numbers(target, id, registry, mapping -> '证书编号' ->> 'column');
	END IF;
	RETURN id;
END $$;

\include sql/install/40_ledger.sql
\include sql/install/41_seal.sql
\include sql/install/42_proof.sql
\include sql/install/43_settings.sql
\include sql/install/44_history.sql
\include sql/install/45_views.sql
\include sql/install/46_verify.sql
\include sql/install/48_doctor.sql

-- Of 90_acl.sql what is new; the rest may have been changed since.
GRANT EXECUTE ON FUNCTION certdata.start_ledger(text), certdata.adopt_ledger(text), certdata.seal() TO certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.inclusion_proof(bigint, bigint), certdata.consistency_proof(bigint, bigint),
	certdata.tree_root(bigint), certdata.leaf_of(bigint, integer), certdata.leaf_hash(bigint)
	TO certdata_admin, certdata_officer, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.record_act(text, regclass, certdata.certno, text, jsonb),
	certdata.record_act(text, regclass, text, text, jsonb) TO certdata_officer, certdata_admin;
GRANT SELECT ON certdata.recorded_act, certdata.recorded_entry TO certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.acts_of(date, date) TO certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.verify_ledger() TO certdata_admin, certdata_auditor;
GRANT EXECUTE ON FUNCTION certdata.history(regclass, certdata.certno), certdata.history(regclass, text),
	certdata.evidence(regclass, certdata.certno, text[], bigint), certdata.evidence(regclass, text, text[], bigint)
	TO certdata_officer, certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.export_ledger(bigint) TO certdata_auditor, certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.erase_old_values(regclass, certdata.certno, text, text),
	certdata.erase_old_values(regclass, text, text, text) TO certdata_admin;
GRANT EXECUTE ON FUNCTION certdata.doctor() TO certdata_admin, certdata_auditor;
