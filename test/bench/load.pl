# load.pl
#	  Lines about bringing rows in and changing them: types, rules, scope, guard,
#	  and what people usually write instead.
#
use strict;
use warnings;

our ($work, $rows, $quick, $rounds, $columns, @notes);

sub part_copy
{
	copy_line('COPY into 11 typed columns ÷ into 11 text columns', 'typed', target => '1.00', stretch => '0.90');
}

sub part_rules
{
	copy_line('COPY into typed columns with the record rules, without scope ÷ text columns',
		'ruled', target => '1.25', stretch => '1.15');
}

# Median time of what a session does first, in ms.
sub first_check
{
	my @time;
	for (1 .. 25)
	{
		push @time, (session(<<"END"))[0][0];
SELECT clock_timestamp() AS wall \\gset
SELECT count(*) FROM plain AS p, certdata.check_record(p) WHERE p.ctid = '(0,1)' \\g /dev/null
SELECT '\@\@ ' || extract(epoch FROM clock_timestamp() - :'wall') * 1000;
END
	}
	return median(@time);
}

sub part_scope
{
	fill_scope();
	copy_line('COPY into typed columns with the record rules and scope ÷ text columns',
		'ruled', target => '1.25', stretch => '1.15');
	scope_alone() if !$quick;
	empty_scope();
}

sub scope_alone
{
	my $many = 2000000;

	# without a filing nothing of scope is judged
	my ($with, $without) = line(name => 'the same with scope ÷ without',
		a => "COPY ruled FROM '$work/rows.copy'",
		prepare_a => 'INSERT INTO certdata.filing (code, organisation, valid) SELECT code, code, '
		  . "'[2019-01-01,2100-01-01)' FROM filings; " . empty('ruled'),
		b => "COPY ruled FROM '$work/rows.copy'", prepare_b => 'TRUNCATE certdata.filing; ' . empty('ruled'));
	push @notes, sprintf('scope within a load: %.0f ns a row.', (median(@$with) - median(@$without)) * 1e6 / $rows);
	# lookups of the filings' occupations while the rows are loaded
	my $scans = "(SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE indexrelname = 'scope_match_form')";
	my $before = value($scans);
	session("TRUNCATE ruled; COPY ruled FROM '$work/rows.copy'; SELECT pg_stat_force_next_flush() \\g /dev/null\n");
	push @notes, sprintf('scope within a load: %d look-ups for %d combinations of filing and occupation (of %d with work type and level).',
		value($scans) - $before, value("SELECT count(*) FROM (SELECT DISTINCT filing, occupation FROM certdata.scope) AS c"),
		value('SELECT count(*) FROM certdata.scope'));
	my ($asked, $counted) = line(name => 'in_scope() of every row ÷ the scan without it',
		a => 'SELECT count(*) FILTER (WHERE certdata.in_scope(left(cert_no, 13), occupation, work_type, level::certdata.skill_level, issue_date::date)) FROM plain',
		b => 'SELECT count(*) FILTER (WHERE left(cert_no, 13) <> occupation || work_type AND level::certdata.skill_level IS NOT NULL AND issue_date::date IS NOT NULL) FROM plain');
	push @notes, sprintf('in_scope(): %.0f ns a call.', (median(@$asked) - median(@$counted)) * 1e6 / $rows);
	my $few_rows = value('SELECT count(*) FROM certdata.scope');
	my $few = first_check();
	my ($filled) = session(<<"END");
SELECT clock_timestamp() AS wall \\gset
INSERT INTO certdata.scope SELECT 'S99' || lpad((i / 1000)::text, 10, '0'), '职业' || i % 1000 / 20, '工种' || i % 20 / 5,
	(ARRAY['五级', '四级', '三级', '二级', '一级'])[i % 5 + 1]::certdata.skill_level FROM generate_series(1, $many) AS i;
SELECT '\@\@ ' || extract(epoch FROM clock_timestamp() - :'wall');
VACUUM ANALYZE certdata.scope;
END
	push @notes, sprintf('first check of a session: %.2f ms with %d rows of scope, %.2f ms with %d; inserting those took %.0f s.',
		$few, $few_rows, first_check(), $few_rows + $many, $filled->[0]);
}

# ---- guard ---------------------------------------------------------------------

our $corrected = $quick ? 25000 : 100000;
$corrected = $rows if $rows < $corrected;

# A table with the rows that are to be corrected, emptied as said.
sub to_correct
{
	my ($table, $empty, $source) = @_;
	return "$empty\nINSERT INTO $table ($columns) SELECT $columns FROM $source LIMIT $corrected; VACUUM ANALYZE $table; CHECKPOINT;";
}

sub correction
{
	my ($table, $type, $claims) = @_;
	return "BEGIN; $claims UPDATE $table SET name = (name || '甲')::$type; COMMIT";
}

our $claims = "SET LOCAL certdata.reason = '错字'; SET LOCAL certdata.approval = '省〔1〕';";

sub part_guard
{
	make_registry();
	fill_scope();
	copy_line('COPY into a registry: rules, scope, guard, ledger, unique number ÷ text columns with a unique number',
		'guarded', a => "COPY guarded ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded'),
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'),
		target => '1.40', stretch => '1.25');
	copy_line('the same into a partitioned root ÷ a partitioned text table', 'guarded_parts',
		a => "COPY guarded_parts ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded_parts'),
		b => "COPY plain_parts FROM '$work/rows.copy'", prepare_b => empty('plain_parts'), target => '2.0');
	# what is left there would be found as duplicates
	session(empty_guarded('guarded_parts') . empty('plain_parts'));
	copy_line('COPY into typed columns with a unique number ÷ text columns with a unique number', 'typed_unique',
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique')) if !$quick;
	line(name => "first correction of 姓名 in $corrected rows, one UPDATE ÷ typed columns without guard",
		a => correction('guarded', 'certdata.person_name', $claims),
		prepare_a => to_correct('guarded', empty_guarded('guarded'), 'typed'),
		b => correction('unguarded', 'certdata.person_name', ''),
		prepare_b => to_correct('unguarded', 'TRUNCATE unguarded;', 'typed'),
		target => '1.6');
	line(name => "UPDATE of another column in $corrected rows ÷ typed columns without guard",
		a => "UPDATE guarded SET note = 'x'", before => 'ALTER TABLE guarded ADD note text; ALTER TABLE unguarded ADD note text;',
		prepare_a => 'VACUUM guarded; CHECKPOINT;', b => "UPDATE unguarded SET note = 'x'",
		prepare_b => 'VACUUM unguarded; CHECKPOINT;') if !$quick;
	session(empty_guarded('guarded') . empty('unguarded'));
	empty_scope();
}

# ---- what people usually write ---------------------------------------------------

sub part_usual
{
	my $few = $rounds < 3 ? $rounds : 3;
	$few = 1 if $quick;
	copy_line('for comparison: CHECK constraints with regular expressions ÷ text columns',
		'regex_checked', rounds => $few);
	copy_line('for comparison: PL/pgSQL row trigger, check digit and scope look-up ÷ text columns',
		'plpgsql_checked', rounds => $few);
	session('TRUNCATE regex_checked, plpgsql_checked;');
}

# The audit trigger alone against its table without it, and ours, which checks
# and guards besides, against the audit trigger.
sub part_audit
{
	my %few = (rounds => $quick ? 1 : $rounds < 3 ? $rounds : 3);
	my $empty = 'TRUNCATE audited, audit;';
	my $changed = correction('audited', 'text', '');
	my $audited = to_correct('audited', $empty, 'plain');
	make_registry();
	fill_scope();
	copy_line('for comparison: PL/pgSQL statement trigger that writes jsonb to an audit table, COPY, unique number ÷ the same without it',
		'audited', prepare_a => "$empty CHECKPOINT;",
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'), %few);
	copy_line('COPY into a registry: rules, scope, guard, ledger, unique number ÷ that audit table',
		'guarded', a => "COPY guarded ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded'),
		b => "COPY audited FROM '$work/rows.copy'", prepare_b => "$empty CHECKPOINT;", %few);
	line(name => "for comparison: the audit trigger, UPDATE of 姓名 in $corrected rows ÷ the same without it",
		a => $changed, prepare_a => $audited,
		b => correction('plain_unique', 'text', ''), prepare_b => to_correct('plain_unique', 'TRUNCATE plain_unique;', 'plain'), %few);
	line(name => "first correction of 姓名 in $corrected rows, registry ÷ that audit table",
		a => correction('guarded', 'certdata.person_name', $claims), prepare_a => to_correct('guarded', empty_guarded('guarded'), 'typed'),
		b => $changed, prepare_b => $audited, %few);
	session(empty_guarded('guarded') . $empty);
	empty_scope();
}

1;
