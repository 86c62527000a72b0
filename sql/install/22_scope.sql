-- Organisations, their filings (机构备案), and the scope registered for them.
--
-- Plain tables, filled with INSERT or COPY.  The rules that look at them apply
-- as soon as there is a filing.  Names are indexed by the form they are
-- compared in.

CREATE FUNCTION certdata.match_form(name text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_match_form';
COMMENT ON FUNCTION certdata.match_form(text) IS
'the form in which names and occupations are compared with published ones: spaces removed, brackets half-width';

-- ---------------------------------------------------------------- organisations

CREATE TABLE certdata.organisation (
	id text PRIMARY KEY CHECK (id <> ''),
	name certdata.org_name NOT NULL CHECK (certdata.match_form(name) <> ''),
	kind text NOT NULL DEFAULT 'evaluation'
		CHECK (kind IN ('evaluation', 'city', 'province', 'ministry')),
	parent text,
	ceased_on date CHECK (ceased_on BETWEEN '0001-01-01' AND '9999-12-31'),
	dissolved_on date CHECK (dissolved_on BETWEEN '0001-01-01' AND '9999-12-31'),
	successor text
);
COMMENT ON TABLE certdata.organisation IS
'evaluation bodies (评价机构, 发证机构) and departments; id is yours, such as the 统一社会信用代码';
COMMENT ON COLUMN certdata.organisation.name IS
'published name, on all days for which certdata.organisation_name has no other';
COMMENT ON COLUMN certdata.organisation.kind IS
'evaluation, city, province or ministry (departments of 人力资源社会保障)';
COMMENT ON COLUMN certdata.organisation.parent IS
'the organisation above: for an evaluation body its head office, or the department it belongs to (属地)';
COMMENT ON COLUMN certdata.organisation.ceased_on IS
'不再开展 (第十六条): the last day on which it issues; corrections and withdrawals go on';
COMMENT ON COLUMN certdata.organisation.dissolved_on IS
'主体灭失 (第十六条): the last day on which it exists; then its successor, else the department above is responsible';
COMMENT ON COLUMN certdata.organisation.successor IS
'the organisation that legally took over its duties';

-- Looked up by equality only, so in an order that no update of the system's
-- collations changes.
CREATE INDEX organisation_id ON certdata.organisation (id COLLATE "C");
CREATE INDEX organisation_match_form ON certdata.organisation (certdata.match_form(name) COLLATE "C");
CREATE INDEX organisation_parent ON certdata.organisation (parent) WHERE parent IS NOT NULL;
CREATE INDEX organisation_successor ON certdata.organisation (successor) WHERE successor IS NOT NULL;

-- References between these tables are no foreign keys: pg_dump warns of tables
-- that refer to themselves, and pg_restore -j loads the tables of an extension
-- in any order.  At READ COMMITTED these triggers lock as foreign keys do; a
-- transaction with an older snapshot could get past them, and what it leaves
-- behind is judged as belonging to nobody.
CREATE FUNCTION certdata.organisation_check() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	above text;
	way text[];
BEGIN
	PERFORM FROM certdata.organisation AS o WHERE o.id IN (NEW.parent, NEW.successor) FOR KEY SHARE;
	IF EXISTS (SELECT FROM unnest(ARRAY[NEW.parent, NEW.successor]) AS named(id)
			WHERE named.id IS NOT NULL AND NOT EXISTS (SELECT FROM certdata.organisation AS o WHERE o.id = named.id)) THEN
		RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
			MESSAGE = format(certdata.words('机构“%s”的上级（parent）或承继机构（successor）不存在',
				'organisation "%s" names a parent or successor that does not exist'), NEW.id),
			HINT = certdata.words('先装入那个机构，或在同一语句中装入。', 'Load that organisation first, or in the same statement.');
	END IF;
	-- one at a time, or two could make a circle
	LOCK TABLE certdata.organisation IN SHARE UPDATE EXCLUSIVE MODE;
	above := NEW.parent;
	way := ARRAY[NEW.id];
	WHILE above IS NOT NULL LOOP
		IF above = ANY (way) THEN
			RAISE EXCEPTION USING ERRCODE = 'check_violation',
				MESSAGE = format(certdata.words('机构“%s”是自己的上级', 'organisation "%s" stands above itself'), NEW.id),
				DETAIL = format(certdata.words('上级：%s。', 'Parents: %s.'), array_to_string(way || above, ' → '));
		END IF;
		way := way || above;
		SELECT o.parent INTO above FROM certdata.organisation AS o WHERE o.id = above;
	END LOOP;
	above := NEW.successor;
	way := ARRAY[NEW.id];
	WHILE above IS NOT NULL LOOP
		IF above = ANY (way) THEN
			RAISE EXCEPTION USING ERRCODE = 'check_violation',
				MESSAGE = format(certdata.words('机构“%s”承继自己', 'organisation "%s" succeeds itself'), NEW.id),
				DETAIL = format(certdata.words('承继机构：%s。', 'Successors: %s.'), array_to_string(way || above, ' → '));
		END IF;
		way := way || above;
		SELECT o.successor INTO above FROM certdata.organisation AS o WHERE o.id = above;
	END LOOP;
	RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.organisation_check() FROM PUBLIC;
COMMENT ON FUNCTION certdata.organisation_check() IS
'trigger of certdata.organisation: parent and successor exist (23503) and lead to no circle (23514)';

CREATE FUNCTION certdata.organisation_gone() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	what text;
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		IF EXISTS (SELECT FROM certdata.filing) OR EXISTS (SELECT FROM certdata.organisation_name) THEN
			RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
				MESSAGE = certdata.words('机构有备案或名称', 'organisations have filings or names'),
				HINT = certdata.words('一并清空：TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope。',
					'TRUNCATE certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope.');
		END IF;
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		UPDATE certdata.filing AS f SET organisation = NEW.id WHERE f.organisation = OLD.id;
		UPDATE certdata.organisation_name AS n SET organisation = NEW.id WHERE n.organisation = OLD.id;
	END IF;
	what := CASE
		WHEN EXISTS (SELECT FROM certdata.organisation AS o WHERE o.id = OLD.id) THEN NULL
		WHEN EXISTS (SELECT FROM certdata.organisation AS o WHERE o.parent = OLD.id)
			THEN certdata.words('机构“%s”是另一机构的上级', 'organisation "%s" is parent of another')
		WHEN EXISTS (SELECT FROM certdata.organisation AS o WHERE o.successor = OLD.id)
			THEN certdata.words('机构“%s”是另一机构的承继机构', 'organisation "%s" is successor of another')
		WHEN EXISTS (SELECT FROM certdata.filing AS f WHERE f.organisation = OLD.id)
			THEN certdata.words('机构“%s”有备案', 'organisation "%s" has filings')
		WHEN EXISTS (SELECT FROM certdata.organisation_name AS n WHERE n.organisation = OLD.id)
			THEN certdata.words('机构“%s”在 certdata.organisation_name 中有名称', 'organisation "%s" has names in certdata.organisation_name')
	END;
	IF what IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = format(what, OLD.id),
			HINT = CASE TG_OP WHEN 'DELETE' THEN certdata.words('先更改引用它的数据。已撤销的机构填写 dissolved_on。',
					'Change those first. An organisation that has ended is given dissolved_on.')
				ELSE certdata.words('在同一语句中更改引用它的数据。', 'Change those in the same statement.') END;
	END IF;
	RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.organisation_gone() FROM PUBLIC;
COMMENT ON FUNCTION certdata.organisation_gone() IS
'trigger of certdata.organisation: no other row names an id that is deleted (23503); filings and names follow a changed id';

CREATE TRIGGER organisation_refers AFTER INSERT OR UPDATE OF id, parent, successor ON certdata.organisation
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL OR NEW.successor IS NOT NULL)
	EXECUTE FUNCTION certdata.organisation_check();
CREATE TRIGGER organisation_renumbered AFTER UPDATE OF id ON certdata.organisation
	FOR EACH ROW WHEN (NEW.id <> OLD.id)
	EXECUTE FUNCTION certdata.organisation_gone();
CREATE TRIGGER organisation_emptied AFTER TRUNCATE ON certdata.organisation
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.organisation_gone();
CREATE TRIGGER organisation_removed AFTER DELETE ON certdata.organisation
	FOR EACH ROW EXECUTE FUNCTION certdata.organisation_gone();

CREATE FUNCTION certdata.organisation_named() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	unknown text;
BEGIN
	-- while there is none at all, a restore is under way, whose tables come in any order
	IF NOT EXISTS (SELECT FROM certdata.organisation) THEN
		RETURN NULL;
	END IF;
	PERFORM FROM certdata.organisation AS o WHERE o.id IN (SELECT n.organisation FROM new_rows AS n) FOR KEY SHARE;
	SELECT string_agg(DISTINCT n.organisation, ', ') INTO unknown FROM new_rows AS n
		WHERE NOT EXISTS (SELECT FROM certdata.organisation AS o WHERE o.id = n.organisation);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
			MESSAGE = format(certdata.words('certdata.%s 中的机构不存在', 'certdata.%s names organisations that do not exist'), TG_TABLE_NAME),
			DETAIL = format(certdata.words('未知机构：%s。', 'Unknown: %s.'), unknown),
			HINT = certdata.words('先装入 certdata.organisation。', 'Load certdata.organisation first.');
	END IF;
	RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.organisation_named() FROM PUBLIC;
COMMENT ON FUNCTION certdata.organisation_named() IS
'trigger of certdata.organisation_name and certdata.filing: their organisations exist (23503)';

CREATE TABLE certdata.organisation_name (
	organisation text NOT NULL,
	name certdata.org_name NOT NULL CHECK (certdata.match_form(name) <> ''),
	valid daterange NOT NULL DEFAULT '(,)'
		CHECK (NOT isempty(valid) AND COALESCE(lower(valid) < 'infinity', true) AND COALESCE(upper(valid) > '-infinity', true)),
	CONSTRAINT organisation_name_no_overlap EXCLUDE USING gist (
		certdata.text_range(organisation, organisation, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.organisation_name IS
'names an organisation bore on certain days, looked up by 发证日期; one on any day';
CREATE INDEX organisation_name_organisation ON certdata.organisation_name (organisation COLLATE "C");
CREATE INDEX organisation_name_match_form ON certdata.organisation_name (certdata.match_form(name) COLLATE "C");
CREATE TRIGGER organisation_named_insert AFTER INSERT ON certdata.organisation_name REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.organisation_named();
CREATE TRIGGER organisation_named_update AFTER UPDATE ON certdata.organisation_name REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.organisation_named();

-- ---------------------------------------------------------------- filings

CREATE TABLE certdata.filing (
	code text NOT NULL CHECK (code ~ '^[A-Z][0-9]{12}$'),
	organisation text NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)'
		CHECK (NOT isempty(valid) AND COALESCE(lower(valid) < 'infinity', true) AND COALESCE(upper(valid) > '-infinity', true)),
	grace_days integer NOT NULL DEFAULT 0 CHECK (grace_days BETWEEN 0 AND 36500),
	CONSTRAINT filing_no_overlap EXCLUDE USING gist (
		certdata.text_range(code, code, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.filing IS
'机构备案: positions 1-13 of 证书编号, whose they are and when; the rules of filing and scope apply as soon as there is one';
COMMENT ON COLUMN certdata.filing.grace_days IS
'days after the last one of valid on which certificates may still be issued';
CREATE INDEX filing_code ON certdata.filing (code COLLATE "C");
CREATE INDEX filing_organisation ON certdata.filing (organisation);
CREATE TRIGGER organisation_named_insert AFTER INSERT ON certdata.filing REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.organisation_named();
CREATE TRIGGER organisation_named_update AFTER UPDATE ON certdata.filing REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION certdata.organisation_named();

-- ---------------------------------------------------------------- scope

-- Keys are many and long here, so they are told apart by a 64-bit hash: the
-- index is filled four times as fast as one over the texts.
CREATE FUNCTION certdata.scope_key(filing text, occupation text, work_type text, level certdata.skill_level)
	RETURNS bigint
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_scope_key';
COMMENT ON FUNCTION certdata.scope_key(text, text, text, certdata.skill_level) IS
'hash of the key of certdata.scope, for its exclusion constraint; a work_type that is NULL, empty, spaces or a placeholder (无) is the same';

CREATE TABLE certdata.scope (
	filing text NOT NULL CHECK (filing ~ '^[A-Z][0-9]{12}$'),
	occupation certdata.occupation_name NOT NULL CHECK (certdata.match_form(occupation) <> ''),
	work_type certdata.work_type_name,
	level certdata.skill_level NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)'
		CHECK (NOT isempty(valid) AND COALESCE(lower(valid) < 'infinity', true) AND COALESCE(upper(valid) > '-infinity', true)),
	CONSTRAINT scope_no_overlap EXCLUDE USING gist (
		int8range(certdata.scope_key(filing, occupation, work_type, level),
				  certdata.scope_key(filing, occupation, work_type, level), '[]') WITH &&,
		valid WITH &&)
);
COMMENT ON TABLE certdata.scope IS
'评价范围 (第九条, 附件1注4): occupation, work type and level that a filing may certify, and when';
COMMENT ON COLUMN certdata.scope.filing IS 'code of the filing (certdata.filing)';
COMMENT ON COLUMN certdata.scope.work_type IS
'NULL, empty or a placeholder such as 无: certificates without 工种 (with certdata.scope_blank_covers, those of every 工种)';
CREATE INDEX scope_match_form ON certdata.scope (filing COLLATE "C", certdata.match_form(occupation) COLLATE "C");

CREATE VIEW certdata.scope_file AS
	SELECT 'organisation' AS record, id AS key, name::text AS name, kind AS detail, parent AS a, successor AS b,
		to_char(ceased_on, 'YYYY-MM-DD') AS "from", to_char(dissolved_on, 'YYYY-MM-DD') AS "to" FROM certdata.organisation
	UNION ALL
	SELECT 'organisation_name', organisation, name, NULL, NULL, NULL,
		to_char(lower(valid), 'YYYY-MM-DD'), to_char(upper(valid) - 1, 'YYYY-MM-DD') FROM certdata.organisation_name
	UNION ALL
	SELECT 'filing', code, NULL, NULL, organisation, grace_days::text,
		to_char(lower(valid), 'YYYY-MM-DD'), to_char(upper(valid) - 1, 'YYYY-MM-DD') FROM certdata.filing
	UNION ALL
	SELECT 'scope', filing, occupation, work_type, level::text, NULL,
		to_char(lower(valid), 'YYYY-MM-DD'), to_char(upper(valid) - 1, 'YYYY-MM-DD') FROM certdata.scope;
COMMENT ON VIEW certdata.scope_file IS
'the four tables as one list, for COPY (TABLE certdata.scope_file) TO ... (FORMAT csv, HEADER) and certdata-check --scope; "from" and "to" are the first and last day, for an organisation ceased_on and dissolved_on';

-- Without a primary key, yet they may be part of a publication (FOR ALL TABLES).
ALTER TABLE certdata.organisation_name REPLICA IDENTITY FULL;
ALTER TABLE certdata.filing REPLICA IDENTITY FULL;
ALTER TABLE certdata.scope REPLICA IDENTITY FULL;

SELECT pg_catalog.pg_extension_config_dump('certdata.organisation', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.organisation_name', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.filing', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.scope', '');

-- ---------------------------------------------------------------- questions

CREATE FUNCTION certdata.in_scope(filing text, occupation text, work_type text, level certdata.skill_level, on_date date)
	RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_in_scope';
COMMENT ON FUNCTION certdata.in_scope(text, text, text, certdata.skill_level, date) IS
'whether the filing may certify that on that day (第九条); never NULL: unknown or missing is false, a missing work_type is an empty one. An empty 工种 matches an empty work_type only, a non-empty one its equal (setting certdata.scope_blank_covers)';

CREATE FUNCTION certdata.responsible(filing text, on_date date DEFAULT certdata.today())
	RETURNS text
	LANGUAGE c STABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_responsible';
COMMENT ON FUNCTION certdata.responsible(text, date) IS
'id of the organisation that answers for the filing''s certificates on that day (第十六条): its own while it exists, then its successor, else the nearest city, else province above; a missing date is today; NULL only for an unknown filing';
