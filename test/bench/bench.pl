#!/usr/bin/perl
#
# bench.pl WORK ROWS
#	  Measure in the server at hand; run.sh starts it and fills its tables.
#
# A line is two statements, A (ours) and B (the baseline), run B A B A ... in
# one session; the first round is not counted.  Times are taken inside the
# session, processor times are the server process's own.  What prepares a
# statement (TRUNCATE, CHECKPOINT) is not timed.  A target is met when the
# median of the rounds' ratios A / B is not above it.
#
use strict;
use warnings;
use FindBin;

our ($work, $rows) = @ARGV;
our $rounds = $ENV{ROUNDS} || ($ENV{QUICK} ? 5 : 7);
my @parts = qw(copy rules scope guard ledger clients usual report index rows types);
my %part = map { $_ => 1 } split ' ', $ENV{PARTS} || "@parts";
our $columns = 'name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer';
our (@table, @notes);
our ($met, $missed) = (0, 0);
$| = 1;
for my $name (keys %part)
{
	die "no such part: $name (there are: @parts)\n" if !grep { $_ eq $name } @parts;
}

# Run SQL in a session of its own; give back the lines that begin with a tag.
sub session
{
	my ($sql) = @_;
	my $script = "$work/script.sql";
	open(my $file, '>', $script) or die "cannot write $script: $!\n";
	print $file $sql;
	close $file;
	my @out = `psql -XqAt -v ON_ERROR_STOP=1 -f $script`;
	die "psql failed\n" if $?;
	chomp @out;
	return map { [ split /\|/, substr($_, 3) ] } grep { /^\@\@ / } @out;
}

sub value
{
	my ($expression) = @_;
	return (session("SELECT '\@\@ ' || ($expression);\n"))[0][0];
}

sub median
{
	my @v = sort { $a <=> $b } @_;
	return @v % 2 ? $v[ $#v / 2 ] : ($v[ @v / 2 - 1 ] + $v[ @v / 2 ]) / 2;
}

sub spread
{
	my ($digits, @v) = @_;
	@v = sort { $a <=> $b } @v;
	return sprintf("%.*f (%.*f-%.*f)", $digits, median(@v), $digits, $v[0], $digits, $v[-1]);
}

sub verdict
{
	my ($value, $target, $stretch) = @_;
	return '' if !defined $target;
	if ($value > $target)
	{
		$missed++;
		return 'missed';
	}
	$met++;
	return defined $stretch && $value <= $stretch ? 'met, stretch too' : 'met';
}

sub report
{
	my (@cells) = @_;
	push @table, '| ' . join(' | ', @cells) . ' |';
	print "$table[-1]\n";
}

# The SQL that runs one side of a line once, timed.
sub timed
{
	my ($side, $prepare, $sql) = @_;
	return <<"END";
$prepare
SELECT clock_timestamp() AS wall, cpu() AS cpu \\gset
\\o /dev/null
$sql;
\\o
SELECT '\@\@ $side', extract(epoch FROM clock_timestamp() - :'wall') * 1000, cpu() - :cpu;
END
}

# One line: name, a, b (SQL), prepare_a, prepare_b, before (once), target,
# stretch, rounds, no_cpu.  Gives back the counted times of both sides in ms.
sub line
{
	my (%l) = @_;
	my $counted = $l{rounds} || $rounds;
	my $script = ($l{before} || '') . "\n";
	for (0 .. $counted)
	{
		$script .= timed('b', $l{prepare_b} || '', $l{b});
		$script .= timed('a', $l{prepare_a} || '', $l{a});
	}
	my (%wall, %cpu);
	for (session($script))
	{
		my ($side, $wall, $cpu) = @$_;
		push @{ $wall{$side} }, $wall;
		push @{ $cpu{$side} }, $cpu if $cpu > 0;
	}
	shift @{ $wall{$_} } for qw(a b);
	my @ratio = map { $wall{a}[$_] / $wall{b}[$_] } 0 .. $#{ $wall{a} };
	my $cpu_ratio = '';
	if (!$l{no_cpu} && $cpu{a} && $cpu{b})
	{
		shift @{ $cpu{$_} } for qw(a b);
		$cpu_ratio = sprintf('%.3f', median(@{ $cpu{a} }) / median(@{ $cpu{b} }));
	}
	report($l{name}, spread(0, @{ $wall{a} }), spread(0, @{ $wall{b} }),
		sprintf('%.3f', median(@{ $wall{a} }) / median(@{ $wall{b} })),
		spread(3, @ratio), $cpu_ratio, $l{target} // '', $l{stretch} // '',
		verdict(median(@ratio), $l{target}, $l{stretch}));
	return ($wall{a}, $wall{b});
}

# A line that is no time: the sizes themselves stand for the medians.
sub size_line
{
	my ($name, $size_a, $size_b, $target, $stretch, $unit) = @_;
	my $ratio = $size_a / $size_b;
	report($name, "$size_a $unit", "$size_b $unit", sprintf('%.3f', $ratio), '', '',
		$target // '', $stretch // '', verdict($ratio, $target, $stretch));
}

sub empty { return "TRUNCATE $_[0]; CHECKPOINT;" }

# ---- what is measured --------------------------------------------------------

sub copy_line
{
	my ($name, $table, %more) = @_;
	line(name => $name, a => "COPY $table FROM '$work/rows.copy'", prepare_a => empty($table),
		b => "COPY plain_copy FROM '$work/rows.copy'", prepare_b => empty('plain_copy'), %more);
}

sub part_copy
{
	copy_line('COPY into 11 typed columns ÷ into 11 text columns', 'typed', target => '1.00', stretch => '0.90');
}

sub part_rules
{
	copy_line('COPY into typed columns with the record rules, without scope ÷ text columns',
		'ruled', target => '1.25', stretch => '1.15');
}

# Filings and scope of just these rows, so that none is refused.
sub fill_scope
{
	session(<<"END");
TRUNCATE certdata.scope, certdata.filing, certdata.organisation_name, certdata.organisation;
CREATE TABLE filings AS SELECT DISTINCT left(cert_no, 13) AS code, evaluator AS name FROM plain;
INSERT INTO certdata.organisation (id, name) SELECT code, name FROM filings;
INSERT INTO certdata.filing (code, organisation, valid) SELECT code, code, '[2019-01-01,2100-01-01)' FROM filings;
INSERT INTO certdata.scope SELECT DISTINCT left(cert_no, 13), occupation, work_type, level::certdata.skill_level,
	daterange('2019-01-01', '2100-01-01') FROM plain;
ANALYZE certdata.scope;
END
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
	my $many = $ENV{QUICK} ? 200000 : 2000000;
	fill_scope();
	copy_line('COPY into typed columns with the record rules and scope ÷ text columns',
		'ruled', target => '1.25', stretch => '1.15');
	# without a filing nothing of scope is judged
	my ($with, $without) = line(name => 'the same with scope ÷ without',
		a => "COPY ruled FROM '$work/rows.copy'",
		prepare_a => 'INSERT INTO certdata.filing (code, organisation, valid) SELECT code, code, '
		  . "'[2019-01-01,2100-01-01)' FROM filings; " . empty('ruled'),
		b => "COPY ruled FROM '$work/rows.copy'", prepare_b => 'TRUNCATE certdata.filing; ' . empty('ruled'));
	push @notes, sprintf('scope within a load: %.0f ns a row.', (median(@$with) - median(@$without)) * 1e6 / $rows);
	# lookups of the filings' occupations while 1,000,000 rows are loaded
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
	session('TRUNCATE certdata.scope, certdata.filing, certdata.organisation_name, certdata.organisation; DROP TABLE filings;');
}

sub empty_guarded { return "SELECT empty_guarded('$_[0]') \\g /dev/null\nCHECKPOINT;\n" }

sub part_guard
{
	my $corrected = $rows < 100000 ? $rows : 100000;
	session("SELECT certdata.create_registry('guarded');\n");
	fill_scope();
	copy_line('COPY into a registry: rules, scope, guard, unique number ÷ text columns with a unique number',
		'guarded', a => "COPY guarded ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded'),
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'),
		target => '1.40', stretch => '1.25');
	copy_line('the same into partitioned tables', 'guarded_parts',
		a => "COPY guarded_parts ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded_parts'),
		b => "COPY plain_parts FROM '$work/rows.copy'", prepare_b => empty('plain_parts'), target => '2.0');
	copy_line('COPY into typed columns with a unique number ÷ text columns with a unique number', 'typed_unique',
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'));
	line(name => "first correction of 姓名 in $corrected rows, one UPDATE ÷ typed columns without guard",
		a => "BEGIN; SET LOCAL certdata.reason = '错字'; SET LOCAL certdata.approval = '省〔1〕'; "
		  . "UPDATE guarded SET name = (name || '甲')::certdata.person_name; COMMIT",
		prepare_a => empty_guarded('guarded') . "INSERT INTO guarded ($columns) SELECT * FROM typed_unique LIMIT $corrected; VACUUM ANALYZE guarded; CHECKPOINT;",
		b => "BEGIN; UPDATE unguarded SET name = (name || '甲')::certdata.person_name; COMMIT",
		prepare_b => "TRUNCATE unguarded; INSERT INTO unguarded ($columns) SELECT * FROM typed_unique LIMIT $corrected; VACUUM ANALYZE unguarded; CHECKPOINT;",
		target => '1.6');
	line(name => "UPDATE of another column in $corrected rows ÷ typed columns without guard",
		a => "UPDATE guarded SET note = 'x'", before => 'ALTER TABLE guarded ADD note text; ALTER TABLE unguarded ADD note text;',
		prepare_a => 'VACUUM guarded; CHECKPOINT;', b => "UPDATE unguarded SET note = 'x'",
		prepare_b => 'VACUUM unguarded; CHECKPOINT;');
	session('TRUNCATE certdata.scope, certdata.filing, certdata.organisation_name, certdata.organisation; DROP TABLE filings;');
}

sub part_usual
{
	my $few = $rounds < 3 ? $rounds : 3;
	copy_line('for comparison: CHECK constraints with regular expressions ÷ text columns',
		'regex_checked', rounds => $few);
	copy_line('for comparison: PL/pgSQL row trigger, check digit and scope look-up ÷ text columns',
		'plpgsql_checked', rounds => $few);
}

# The argument is read from the file by the statement, as COPY reads it.
sub argument
{
	my ($file) = @_;
	return sprintf("pg_read_binary_file('%s', 0, %d)", $file, -s $file);
}

# Peak of a fresh server process, in kB, after a statement.  Memory beyond the
# argument is the peak after check_report(file) less that after length(file).
sub peak
{
	my ($sql) = @_;
	return (session("SELECT certdata.today() \\g /dev/null\n$sql \\g /dev/null\nSELECT '\@\@ ' || peak_memory();\n"))[0][0];
}

sub report_lines
{
	my ($what, $file, $findings) = @_;
	my $argument = argument($file);
	my $found = value("SELECT count(*) FROM certdata.check_report($argument)");
	die "$file: $found findings, not $findings\n" if $found != $findings;
	line(name => "check_report, $what ÷ COPY (CSV) … WHERE false",
		a => "SELECT count(*) FROM certdata.check_report($argument)",
		b => "COPY plain_copy FROM '$file' (FORMAT csv, HEADER) WHERE false",
		prepare_b => empty('plain_copy'), target => '1.5', stretch => '1.2');
	my (@beyond, @bare);
	for (1 .. 3)
	{
		push @bare, peak("SELECT length($argument)");
		push @beyond, peak("SELECT count(*) FROM certdata.check_report($argument)") - $bare[-1];
	}
	if ($bare[0] == 0)
	{
		push @notes, 'Memory was not measured: this system has no /proc/self/status.';
		return;
	}
	my $mb = sprintf('%.1f', median(@beyond) / 1024);
	size_line("check_report, $what: memory beyond the argument ÷ file", $mb,
		sprintf('%.1f', (-s $file) / 1048576), '0.5', undef, 'MB');
}

sub part_report
{
	open(my $file, '<', "$work/faulty.findings") or die "faulty.findings: $!\n";
	my $findings = -1;
	$findings++ while <$file>;
	report_lines('no faults', "$work/report.csv", 0);
	report_lines('5 % of the rows faulty', "$work/faulty.csv", $findings);
	push @notes, "check_report found all $findings findings of the faulty file, and none in the other.";
}

sub index_line
{
	my ($name, $column, $workers, %more) = @_;
	line(name => $name, before => "SET max_parallel_maintenance_workers = $workers;",
		a => 'CREATE UNIQUE INDEX typed_no ON typed (cert_no)',
		prepare_a => 'DROP INDEX IF EXISTS plain_no, typed_no; CHECKPOINT;',
		b => "CREATE UNIQUE INDEX plain_no ON plain ($column)",
		prepare_b => 'DROP INDEX IF EXISTS plain_no, typed_no; CHECKPOINT;', %more);
}

sub part_index
{
	session(<<"END");
TRUNCATE typed;
COPY typed FROM '$work/rows.copy';
VACUUM (FREEZE, ANALYZE) typed;
CREATE UNIQUE INDEX typed_no ON typed (cert_no);
CREATE UNIQUE INDEX plain_no ON plain (cert_no);
END
	size_line('unique index on the number: size, typed ÷ text', value("SELECT pg_relation_size('typed_no')"),
		value("SELECT pg_relation_size('plain_no')"), '0.78', undef, 'bytes');
	my $collation = value('SELECT datcollate FROM pg_database WHERE datname = current_database()');
	index_line("unique index: build, no parallel workers, typed ÷ text ($collation)", 'cert_no', 0, target => '0.45');
	index_line("unique index: build, 2 parallel workers allowed, typed ÷ text ($collation)", 'cert_no', 2, no_cpu => 1);
	index_line('unique index: build, no parallel workers, typed ÷ text COLLATE "C"', 'cert_no COLLATE "C"', 0);
	session('DROP INDEX IF EXISTS plain_no, typed_no;');
}

sub part_rows
{
	line(name => 'check_rows of a text table ÷ sequential scan that counts its 11 columns',
		a => "SELECT count(*) FROM certdata.check_rows('plain')",
		b => 'SELECT count(name), count(id_type), count(id_number), count(employer), count(occupation), '
		  . 'count(work_type), count(level), count(cert_no), count(issue_date), count(evaluator), count(issuer) FROM plain');
	my ($load) = line(name => 'load(text table → typed table) ÷ INSERT … SELECT into a text table',
		a => "SELECT certdata.load('plain', 'typed')", prepare_a => empty('typed'),
		b => 'INSERT INTO plain_copy SELECT * FROM plain', prepare_b => empty('plain_copy'));
	push @notes, sprintf('load: %.0f rows/s.', $rows / median(@$load) * 1000);
}

# One value's input: the statement's processor time less that of the same
# statement without the input function, both over a table of the values alone.
sub part_types
{
	my @type = (
		[qw(person_name name)], [qw(id_type id_type)], [qw(id_number id_number)], [qw(resident_id id_number)],
		[qw(org_name evaluator)], [qw(occupation_name occupation)], [qw(work_type_name work_type)],
		[qw(skill_level level)], [qw(certno cert_no)], [qw(issue_date issue_date)]);
	my @line = ('| type | input, ns | textin, ns | ratio |', '|---|---|---|---|');
	for (@type)
	{
		my ($type, $column) = @$_;
		my $filter = $type eq 'resident_id' ? "id_type = '居民身份证'" : "$column IS NOT NULL";
		my $times = int(1000000 / $rows) || 1;
		my $script = "CREATE TEMP TABLE v AS SELECT $column AS x FROM plain, generate_series(1, $times) WHERE $filter;\n"
		  . "VACUUM (FREEZE) v;\n";
		for (0 .. $rounds)
		{
			$script .= timed('none', '', 'SELECT count(textout(x)) FROM v');
			$script .= timed('text', '', 'SELECT count(textin(textout(x))) FROM v');
			$script .= timed('type', '', "SELECT count(certdata.${type}_in(textout(x))) FROM v");
		}
		$script .= "SELECT '\@\@ n', count(*) FROM v;\n";
		my %time;
		push @{ $time{ $_->[0] } }, $_->[2] || $_->[1] for session($script);
		my $n = $time{n}[0];
		my (@text, @own);
		for my $i (1 .. $rounds)
		{
			push @text, ($time{text}[$i] - $time{none}[$i]) * 1e6 / $n;
			push @own, ($time{type}[$i] - $time{none}[$i]) * 1e6 / $n;
		}
		push @line, sprintf('| %s | %s | %s | %.2f |', $type, spread(0, @own), spread(0, @text), median(@own) / median(@text));
		print "$line[-1]\n";
	}
	return @line;
}

# ---- the machine ---------------------------------------------------------------

sub slurp
{
	my ($name) = @_;
	open(my $file, '<', $name) or return '';
	local $/;
	return <$file> // '';
}

sub machine
{
	my $cpu = slurp('/proc/cpuinfo');
	my ($model) = $cpu =~ /^model name\s*:\s*(.*)$/m;
	my $cores = () = $cpu =~ /^processor\s*:/mg;
	my ($flags) = $cpu =~ /^(?:flags|Features)\s*:\s*(.*)$/m;
	my ($memory) = slurp('/proc/meminfo') =~ /^MemTotal:\s*(\d+)/m;
	chomp(my $system = `uname -srm`);
	my (undef, $files) = split ' ', `df --output=fstype "\$CERTDATA_DATA" 2>/dev/null`;
	my @settings = map { "$_->[0] = $_->[1]" } session(
		"SELECT '\@\@ ' || name, current_setting(name) FROM pg_settings WHERE name IN ('shared_buffers', 'work_mem',
		 'maintenance_work_mem', 'max_wal_size', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'jit',
		 'autovacuum', 'max_parallel_workers_per_gather', 'data_checksums', 'lc_collate') ORDER BY name;\n");
	return (
		value('version()'),
		sprintf('%s, %d cores, SHA-NI %s, %.1f GB memory, %s, data directory on %s', $model // 'processor unknown',
			$cores, ($flags // '') =~ /\b(?:sha_ni|sha2)\b/ ? 'yes' : 'no', ($memory // 0) / 1048576, $system,
			$files // 'a file system unknown'),
		join(', ', @settings),
		sprintf('%d rows; %.1f bytes a row in COPY text format, %.1f in CSV; %d rounds counted after one that is not',
			$rows, (-s "$work/rows.copy") / $rows, (-s "$work/report.csv") / $rows, $rounds));
}

sub load_average { return join(' ', (split ' ', slurp('/proc/loadavg'))[ 0 .. 2 ]) }

my @machine = machine();
print "$_\n" for @machine;
my $load_before = load_average();
print "\n";
my @head = ('| line: A ÷ B | A, ms: median (range) | B, ms: median (range) | ratio of medians '
	  . '| median of ratios (range) | ratio of processor time | target | stretch | verdict |', '|---|---|---|---|---|---|---|---|---|');
print "$_\n" for @head;
my @types;
part_copy() if $part{copy};
part_rules() if $part{rules};
part_scope() if $part{scope};
part_guard() if $part{guard};
require "$FindBin::Bin/ledger.pl" if $part{ledger} || $part{clients};
part_ledger() if $part{ledger};
part_clients() if $part{clients};
part_usual() if $part{usual};
part_report() if $part{report};
part_index() if $part{index};
part_rows() if $part{rows};
print "\n" if $part{types};
@types = part_types() if $part{types};

push @notes, 'load average before ' . $load_before . ', after ' . load_average() . '.';
print "\n== for doc/performance.md\n\n";
print "- $_\n" for @machine, @notes;
print "\n", join("\n", @head, @table), "\n";
print "\nInput of one value: processor time of the call of the input function, median (range).\n\n",
  join("\n", @types), "\n" if @types;
print "\n$met met, $missed missed\n";
