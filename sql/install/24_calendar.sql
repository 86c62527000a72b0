-- Working days (State Council notices) and the guide's periods (第十条 to 第十二条).
--
-- What is shipped is in the library; what was changed or added is in the
-- settings tables and wins.  The views show both and take changes.

-- ---------------------------------------------------------------- days

CREATE FUNCTION certdata.calendar_day_builtin(OUT day date, OUT kind text, OUT name text)
	RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 300
	AS 'MODULE_PATHNAME', 'certdata_calendar_day_builtin';
COMMENT ON FUNCTION certdata.calendar_day_builtin() IS
'the public holidays and the weekends worked as shipped, by the State Council''s notices, from the library';

CREATE TABLE certdata.calendar_day_setting (
	day date PRIMARY KEY CHECK (day BETWEEN '0001-01-01' AND '9999-12-31'),
	kind text NOT NULL CHECK (kind IN ('holiday', 'workday', 'ordinary')),
	name text
);
COMMENT ON TABLE certdata.calendar_day_setting IS
'days changed or added: holiday, workday (worked whatever the week says), or ordinary, which takes a shipped day back';

CREATE VIEW certdata.calendar_day AS
	SELECT b.day, b.kind, b.name
	FROM certdata.calendar_day_builtin() AS b
	WHERE NOT EXISTS (SELECT FROM certdata.calendar_day_setting AS s WHERE s.day = b.day)
	UNION ALL
	SELECT s.day, s.kind, s.name
	FROM certdata.calendar_day_setting AS s
	WHERE s.kind <> 'ordinary';
COMMENT ON VIEW certdata.calendar_day IS
'all days that are not as the week has them (Monday to Friday worked): holiday or workday; INSERT, UPDATE and DELETE go to certdata.calendar_day_setting';
COMMENT ON COLUMN certdata.calendar_day.kind IS
'holiday, or workday for a day that is worked in exchange';

CREATE FUNCTION certdata.calendar_day_change() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	moved boolean := TG_OP = 'INSERT';
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF NEW IS NOT DISTINCT FROM OLD THEN
			RETURN NEW;			-- what was not changed is not written down
		END IF;
		moved := NEW.day IS DISTINCT FROM OLD.day;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		IF NEW.kind = 'ordinary' THEN
			RAISE EXCEPTION USING ERRCODE = 'check_violation',
				MESSAGE = certdata.words('日历只列节假日和调休上班日，不列平常的日子', 'the calendar lists holidays and days worked in exchange, not ordinary days'),
				HINT = certdata.words('用 DELETE 删除该日，即按星期计算。', 'DELETE the day: the week then decides.');
		END IF;
		IF moved AND EXISTS (SELECT FROM certdata.calendar_day AS d WHERE d.day = NEW.day) THEN
			RAISE EXCEPTION USING ERRCODE = 'unique_violation',
				MESSAGE = format(certdata.words('日历中已有%s', 'day %s is in the calendar already'), to_char(NEW.day, 'YYYY-MM-DD')),
				HINT = certdata.words('用 UPDATE certdata.calendar_day 更改。', 'UPDATE certdata.calendar_day changes it.');
		END IF;
	END IF;

	IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND moved) THEN
		-- that a shipped day no longer counts has to outlive a dump
		IF EXISTS (SELECT FROM certdata.calendar_day_builtin() AS b WHERE b.day = OLD.day) THEN
			INSERT INTO certdata.calendar_day_setting VALUES (OLD.day, 'ordinary', NULL)
				ON CONFLICT (day) DO UPDATE SET kind = 'ordinary', name = NULL;
		ELSE
			DELETE FROM certdata.calendar_day_setting AS s WHERE s.day = OLD.day;
		END IF;
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;

	IF EXISTS (SELECT FROM certdata.calendar_day_builtin() AS b
			   WHERE b.day = NEW.day AND b.kind = NEW.kind AND b.name = NEW.name) THEN
		DELETE FROM certdata.calendar_day_setting AS s WHERE s.day = NEW.day;
		RETURN NEW;
	END IF;
	UPDATE certdata.calendar_day_setting AS s SET kind = NEW.kind, name = NEW.name
		WHERE s.day = NEW.day AND (NOT moved OR s.kind = 'ordinary');
	IF NOT FOUND THEN
		INSERT INTO certdata.calendar_day_setting VALUES (NEW.day, NEW.kind, NEW.name);
	END IF;
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.calendar_day_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.calendar_day_change() IS
'INSTEAD OF trigger of certdata.calendar_day: changes go to certdata.calendar_day_setting; a day that is there already is refused (23505)';

CREATE TRIGGER calendar_day_change INSTEAD OF INSERT OR UPDATE OR DELETE ON certdata.calendar_day
	FOR EACH ROW EXECUTE FUNCTION certdata.calendar_day_change();

-- ---------------------------------------------------------------- years

CREATE FUNCTION certdata.calendar_year_builtin(OUT year integer, OUT status text)
	RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 10
	AS 'MODULE_PATHNAME', 'certdata_calendar_year_builtin';
COMMENT ON FUNCTION certdata.calendar_year_builtin() IS
'the years whose days are shipped, all of them published';

CREATE TABLE certdata.calendar_year_setting (
	year integer PRIMARY KEY CHECK (year BETWEEN 1 AND 9999),
	status text NOT NULL CHECK (status IN ('published', 'provisional', 'withdrawn'))
);
COMMENT ON TABLE certdata.calendar_year_setting IS
'years added or changed: published, provisional (days are being entered, nothing is counted yet), or withdrawn, which takes a shipped year back';

CREATE VIEW certdata.calendar_year AS
	SELECT b.year, b.status
	FROM certdata.calendar_year_builtin() AS b
	WHERE NOT EXISTS (SELECT FROM certdata.calendar_year_setting AS s WHERE s.year = b.year)
	UNION ALL
	SELECT s.year, s.status
	FROM certdata.calendar_year_setting AS s
	WHERE s.status <> 'withdrawn';
COMMENT ON VIEW certdata.calendar_year IS
'the years with a calendar; days are counted in those that are published; INSERT, UPDATE and DELETE go to certdata.calendar_year_setting';
COMMENT ON COLUMN certdata.calendar_year.status IS
'published: the days in certdata.calendar_day are complete; provisional: they are not';

CREATE FUNCTION certdata.calendar_year_change() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	moved boolean := TG_OP = 'INSERT';
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF NEW IS NOT DISTINCT FROM OLD THEN
			RETURN NEW;			-- what was not changed is not written down
		END IF;
		moved := NEW.year IS DISTINCT FROM OLD.year;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		IF NEW.status = 'withdrawn' THEN
			RAISE EXCEPTION USING ERRCODE = 'check_violation',
				MESSAGE = certdata.words('日历只列已公布或暂定的年份', 'the calendar lists years that are published or provisional'),
				HINT = certdata.words('用 DELETE 撤回该年。', 'DELETE the year to withdraw it.');
		END IF;
		IF moved AND EXISTS (SELECT FROM certdata.calendar_year AS y WHERE y.year = NEW.year) THEN
			RAISE EXCEPTION USING ERRCODE = 'unique_violation',
				MESSAGE = format(certdata.words('日历中已有%s年', 'year %s is in the calendar already'), NEW.year),
				HINT = certdata.words('用 UPDATE certdata.calendar_year 更改。', 'UPDATE certdata.calendar_year changes it.');
		END IF;
	END IF;

	IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND moved) THEN
		-- that a shipped year no longer counts has to outlive a dump
		IF EXISTS (SELECT FROM certdata.calendar_year_builtin() AS b WHERE b.year = OLD.year) THEN
			INSERT INTO certdata.calendar_year_setting VALUES (OLD.year, 'withdrawn')
				ON CONFLICT (year) DO UPDATE SET status = 'withdrawn';
		ELSE
			DELETE FROM certdata.calendar_year_setting AS s WHERE s.year = OLD.year;
		END IF;
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;

	IF EXISTS (SELECT FROM certdata.calendar_year_builtin() AS b
			   WHERE b.year = NEW.year AND b.status = NEW.status) THEN
		DELETE FROM certdata.calendar_year_setting AS s WHERE s.year = NEW.year;
		RETURN NEW;
	END IF;
	UPDATE certdata.calendar_year_setting AS s SET status = NEW.status
		WHERE s.year = NEW.year AND (NOT moved OR s.status = 'withdrawn');
	IF NOT FOUND THEN
		INSERT INTO certdata.calendar_year_setting VALUES (NEW.year, NEW.status);
	END IF;
	RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.calendar_year_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.calendar_year_change() IS
'INSTEAD OF trigger of certdata.calendar_year: changes go to certdata.calendar_year_setting; a year that is there already is refused (23505)';

CREATE TRIGGER calendar_year_change INSTEAD OF INSERT OR UPDATE OR DELETE ON certdata.calendar_year
	FOR EACH ROW EXECUTE FUNCTION certdata.calendar_year_change();

-- ---------------------------------------------------------------- counting

CREATE FUNCTION certdata.is_workday(day date) RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_is_workday';
COMMENT ON FUNCTION certdata.is_workday(date) IS
'is the day worked? QC004 if its year is not published';

CREATE FUNCTION certdata.add_workdays(day date, n integer) RETURNS date
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_add_workdays';
COMMENT ON FUNCTION certdata.add_workdays(date, integer) IS
'the n-th working day strictly after the day (n < 0: before it; 0: the day itself); QC004 if a year on the way is not published';

CREATE FUNCTION certdata.workdays_between(day date, until date) RETURNS integer
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_workdays_between';
COMMENT ON FUNCTION certdata.workdays_between(date, date) IS
'working days after the first day up to and including the second, negative if it lies before; QC004 if a year among them is not published';

-- ---------------------------------------------------------------- periods

CREATE FUNCTION certdata.period_builtin(OUT step text, OUT amount integer, OUT unit text, OUT clause text)
	RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 5
	AS 'MODULE_PATHNAME', 'certdata_period_builtin';
COMMENT ON FUNCTION certdata.period_builtin() IS
'the periods of 第十条 and 第十一条 as shipped, from the library';

CREATE TABLE certdata.period_setting (
	step text NOT NULL
		CHECK (step IN ('upload', 'city_review', 'province_review', 'ministry_publish', 'resubmit')),
	amount integer NOT NULL CHECK (amount > 0),
	unit text NOT NULL DEFAULT 'workday' CHECK (unit IN ('workday', 'day', 'month')),
	clause text,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT isempty(valid)),
	CONSTRAINT period_setting_no_overlap EXCLUDE USING gist (
		certdata.text_range(step, step, '[]') WITH &&, valid WITH &&)
);
COMMENT ON TABLE certdata.period_setting IS
'periods that differ from the shipped ones, judged by the day a period begins (for upload the 发证日期); those of one step do not overlap in time';
COMMENT ON COLUMN certdata.period_setting.clause IS
'what the period rests on; NULL: the clause of the guide';

CREATE VIEW certdata.period AS
	SELECT b.step, COALESCE(s.amount, b.amount) AS amount, COALESCE(s.unit, b.unit) AS unit,
		COALESCE(s.clause, b.clause) AS clause
	FROM certdata.period_builtin() AS b
	LEFT JOIN certdata.period_setting AS s ON s.step = b.step AND s.valid @> certdata.today();
COMMENT ON VIEW certdata.period IS
'the periods that begin today; UPDATE of amount, unit and clause goes to certdata.period_setting';

CREATE FUNCTION certdata.period_change() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
			MESSAGE = certdata.words('环节以指南为准，不能增加', 'the steps are those of the guide: none can be added'),
			HINT = certdata.words('用 UPDATE certdata.period 更改时限；在 certdata.period_setting 中可为某些日期（valid）另设时限。',
				'UPDATE certdata.period changes a period; a row of certdata.period_setting gives one for certain days (valid).');
	END IF;
	IF TG_OP = 'DELETE' THEN
		RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
			MESSAGE = certdata.words('环节以指南为准，不能删除', 'the steps are those of the guide: none can be removed'),
			HINT = certdata.words('用 DELETE FROM certdata.period_setting WHERE step = ... 恢复该环节原有的时限。',
				'DELETE FROM certdata.period_setting WHERE step = ... gives a step its shipped period back.');
	END IF;
	IF NEW.step IS DISTINCT FROM OLD.step THEN
		RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
			MESSAGE = certdata.words('环节以指南为准，不能改名', 'the steps are those of the guide: none can be renamed');
	END IF;
	IF NEW IS NOT DISTINCT FROM OLD THEN
		RETURN NEW;				-- what was not changed is not written down
	END IF;
	UPDATE certdata.period_setting AS s SET amount = NEW.amount, unit = NEW.unit, clause = NEW.clause
		WHERE s.step = NEW.step AND s.valid @> certdata.today();
	IF NOT FOUND THEN
		INSERT INTO certdata.period_setting (step, amount, unit, clause)
			VALUES (NEW.step, NEW.amount, NEW.unit, NEW.clause);
	END IF;
	RETURN NEW;
EXCEPTION WHEN exclusion_violation THEN
	RAISE EXCEPTION USING ERRCODE = 'exclusion_violation',
		MESSAGE = format(certdata.words('环节“%s”在其他日期另有时限', 'step "%s" has periods for other days'), NEW.step),
		HINT = certdata.words('向 certdata.period_setting 插入一行，写明更改适用的日期（valid）。',
			'Insert into certdata.period_setting with the days (valid) that the change is for.');
END $$;
REVOKE EXECUTE ON FUNCTION certdata.period_change() FROM PUBLIC;
COMMENT ON FUNCTION certdata.period_change() IS
'INSTEAD OF trigger of certdata.period; a change is for all days unless a setting valid today is there to be changed; steps are neither added nor removed (0A000)';

CREATE TRIGGER period_change INSTEAD OF INSERT OR UPDATE OR DELETE ON certdata.period
	FOR EACH ROW EXECUTE FUNCTION certdata.period_change();

CREATE FUNCTION certdata.due_date(step text, "from" date) RETURNS date
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_due_date';
COMMENT ON FUNCTION certdata.due_date(text, date) IS
'the last day in time for a step (upload, city_review, province_review, ministry_publish, resubmit) that begins on the day; QC004 if it reaches into a year that is not published';

CREATE FUNCTION certdata.lateness(step text, "from" date, done date) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'certdata_lateness';
COMMENT ON FUNCTION certdata.lateness(text, date, date) IS
'on_time; late; beyond: an upload later than certdata.late_limit_months (第十二条); provisional: a year that is not published decides, and certdata.allow_provisional_calendar is on (else QC004)';

ALTER TABLE certdata.period_setting REPLICA IDENTITY FULL;	-- no primary key

SELECT pg_catalog.pg_extension_config_dump('certdata.calendar_day_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.calendar_year_setting', '');
SELECT pg_catalog.pg_extension_config_dump('certdata.period_setting', '');
