-- From 0.6.0: what SQL functions refuse, they refuse in Chinese, too; settings,
-- filings and scope are kept by sessions until they change.

\include sql/install/05_words.sql
\replace sql/install/20_check.sql report_is_a_format rule_setting_check rule_update
\replace sql/install/21_stream.sql check_inserts
\replace sql/install/22_scope.sql organisation_check organisation_gone organisation_named
\include sql/install/23_told.sql
\replace sql/install/24_calendar.sql calendar_day_change calendar_year_change period_change
\replace sql/install/32_attach.sql attach_mapping attach_check_table attach_check_number add_views_as_owner attach_options attach_as_owner detach_as_owner create_registry guard_partitions attach_check_partition
\replace sql/install/33_attach_rows.sql attach_check_states register_numbers
\replace sql/install/47_doctor.sql
\replace sql/install/47_doctor_attached.sql
\replace sql/install/47_doctor_check.sql
\replace sql/install/47_doctor_guard.sql
\replace sql/install/47_doctor_ledger.sql
\replace sql/install/47_doctor_server.sql
\replace sql/install/48_doctor.sql
DROP FUNCTION IF EXISTS certdata.doctor_words(text, text);
