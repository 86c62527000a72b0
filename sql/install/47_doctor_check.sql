-- doctor(): what checks rest on.

CREATE FUNCTION certdata.doctor_check_calendar(today date DEFAULT certdata.today(), OUT status text, OUT detail text, OUT advice text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	this_year int := extract(year FROM today);
	lacking int;
	bare int;
BEGIN
	-- the State Council tells a year's days in November of the year before
	SELECT min(y) INTO lacking FROM generate_series(this_year, this_year + CASE WHEN extract(month FROM today) = 12 THEN 1 ELSE 0 END) AS y
		WHERE NOT EXISTS (SELECT FROM certdata.calendar_year AS c WHERE c.year = y AND c.status = 'published');
	SELECT min(c.year) INTO bare FROM certdata.calendar_year AS c WHERE c.status = 'published' AND c.year >= this_year
		AND NOT EXISTS (SELECT FROM certdata.calendar_day AS d WHERE d.kind = 'holiday' AND d.day BETWEEN make_date(c.year, 1, 1) AND make_date(c.year, 12, 31));
	status := CASE WHEN lacking = this_year THEN 'error' WHEN lacking IS NOT NULL OR bare IS NOT NULL THEN 'warning' ELSE 'ok' END;
	detail := CASE WHEN lacking = this_year THEN format(certdata.words('%s 年的日历尚未公布：工作日、期限算不出来', 'the calendar of %s is not published: working days and periods cannot be counted'), lacking)
		WHEN lacking IS NOT NULL THEN format(certdata.words('%s 年的日历尚未录入：跨年的期限算不出来', 'the calendar of %s is not entered yet: periods that reach into it cannot be counted'), lacking)
		WHEN bare IS NOT NULL THEN format(certdata.words('%s 年已标为公布，但没有一个节假日', 'the calendar of %s counts as published, without a single holiday'), bare)
		ELSE format(certdata.words('已公布到 %s 年', 'published up to %s'), (SELECT max(c.year) FROM certdata.calendar_year AS c WHERE c.status = 'published')) END;
	IF lacking IS NOT NULL OR bare IS NOT NULL THEN
		advice := format('INSERT INTO certdata.calendar_day VALUES (''%s-01-01'', ''holiday'', ''元旦''), …;', COALESCE(lacking, bare)) ||
			CASE WHEN lacking IS NULL THEN ''
				WHEN EXISTS (SELECT FROM certdata.calendar_year AS c WHERE c.year = lacking) THEN format(' UPDATE certdata.calendar_year SET status = ''published'' WHERE year = %s;', lacking)
				ELSE format(' INSERT INTO certdata.calendar_year VALUES (%s, ''published'');', lacking) END;
	END IF;
END $$;
REVOKE EXECUTE ON FUNCTION certdata.doctor_check_calendar(date) FROM PUBLIC;
COMMENT ON FUNCTION certdata.doctor_check_calendar(date) IS
'doctor(): is this year''s calendar published, in December also the next one''s';
