-- From 0.1.0: filings and scope, the calendar, lateness.
--
-- "\include" puts a piece of sql/install here, which holds while that piece is
-- what this version brought; the next version's script freezes it.

-- One more argument.  Views that use the old ones have to be dropped first.
DROP FUNCTION certdata.check_rows(regclass);
DROP FUNCTION certdata.check_report(bytea, name);

CREATE FUNCTION certdata.check_rows(source regclass, received_on date DEFAULT NULL)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE PARALLEL UNSAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_rows';
COMMENT ON FUNCTION certdata.check_rows(regclass, date) IS
'all faults of all rows of a table or view, in one pass, repeated numbers included; row_no from 1 in physical order, or from a column row_no as read_report gives it; cell as in a spreadsheet with a header; values masked. received_on: the day the data was handed in, for lateness (第十二条). Needs SELECT on the source; QC003 if it lacks columns';

CREATE FUNCTION certdata.check_report(report bytea, encoding name DEFAULT NULL, received_on date DEFAULT NULL)
	RETURNS TABLE (row_no bigint, cell text, field text, rule text, severity text,
				   clause text, value text, message text, hint text)
	LANGUAGE c STABLE PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'certdata_check_report';
COMMENT ON FUNCTION certdata.check_report(bytea, name, date) IS
'all faults of a report file (CSV as spreadsheets save it; encoding found by itself if NULL), those of file and header with row_no 0. received_on: the day the file was handed in, for lateness (第十二条)';

-- Without a primary key, yet they may be part of a publication (FOR ALL TABLES).
ALTER TABLE certdata.rule_setting REPLICA IDENTITY FULL;
ALTER TABLE certdata.category_setting REPLICA IDENTITY FULL;
ALTER TABLE certdata.level_letter REPLICA IDENTITY FULL;

\include sql/install/22_scope.sql
\include sql/install/24_calendar.sql

-- Of 90_acl.sql what is new; the rest may have been changed since.
GRANT SELECT ON certdata.organisation, certdata.organisation_name, certdata.filing, certdata.scope,
	certdata.scope_file TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON certdata.organisation, certdata.organisation_name, certdata.filing,
	certdata.scope TO certdata_admin;
GRANT SELECT ON certdata.calendar_day, certdata.calendar_day_setting, certdata.calendar_year,
	certdata.calendar_year_setting, certdata.period, certdata.period_setting TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON certdata.calendar_day, certdata.calendar_day_setting,
	certdata.calendar_year, certdata.calendar_year_setting, certdata.period, certdata.period_setting TO certdata_admin;
