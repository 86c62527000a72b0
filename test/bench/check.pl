# check.pl
#	  Lines about what is checked or found without bringing it in: report files,
#	  tables; indexes on the number, prefix search; input of one value.
#
use strict;
use warnings;

our ($work, $rows, $quick, $rounds, @notes);
our @types;

# The argument is read from the file by the statement, as COPY reads it.
sub argument
{
	my ($file) = @_;
	return sprintf("pg_read_binary_file('%s', 0, %d)", $file, -s $file);
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
	return if !can_measure_memory();
	# what the argument itself takes is not counted
	my $warm = "SELECT count(*) FROM certdata.check_report('');";
	my @beyond = map
	{
		peak_of("SELECT count(*) FROM certdata.check_report($argument)", $warm)->{memory}
		  - peak_of("SELECT length($argument)", $warm)->{memory}
	} 1 .. ($quick ? 1 : 3);
	size_line("check_report, $what: memory beyond the argument ÷ file", sprintf('%.1f', median(@beyond) / 1024),
		sprintf('%.1f', (-s $file) / 1048576), '0.5', undef, 'MB');
}

sub part_report
{
	report_lines('no faults', "$work/report.csv", 0);
	return if $quick;
	open(my $file, '<', "$work/faulty.findings") or die "faulty.findings: $!\n";
	my $findings = -1;
	$findings++ while <$file>;
	report_lines('5 % of the rows faulty', "$work/faulty.csv", $findings);
	push @notes, "check_report found all $findings findings of the faulty file, and none in the other.";
}

# ---- indexes -------------------------------------------------------------------

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
	index_line("unique index: build, 2 parallel workers allowed, typed ÷ text ($collation)", 'cert_no', 2, no_cpu => 1) if !$quick;
	index_line('unique index: build, no parallel workers, typed ÷ text COLLATE "C"', 'cert_no COLLATE "C"', 0) if !$quick;
	session('DROP INDEX IF EXISTS plain_no, typed_no;');
}

# ---- prefix search -------------------------------------------------------------

# Each filing's first row out of a cursor in turn, planning included; the first
# pass warms.
sub prefix_lines
{
	my ($table) = @_;
	my $n = value("SELECT count(*) FROM $table");
	my ($some) = (session("SELECT '\@\@ ' || certdata.certno_filing(cert_no) FROM $table LIMIT 1;\n"))[0][0];
	my $query = "SELECT * FROM $table WHERE cert_no ^@ '$some'";
	for my $what ("DECLARE c CURSOR FOR $query", $query, "$query LIMIT 1")
	{
		my @plan = `psql -XqAt -v ON_ERROR_STOP=1 -c "EXPLAIN (COSTS off) $what"`;
		die "psql failed\n" if $?;
		chomp @plan;
		# the bound above is the prefix and a character that is not printed
		my $plan = join('; ', map { s/^\s*(->\s*)?//r =~ s/[^ -~]+/…/gr } @plan);
		# that one may well take the first pages of the table
		die "no index range: $plan\n" if $what !~ /LIMIT/ && $plan !~ /Index Cond: .*>=.*</;
		push @notes, "EXPLAIN $what: $plan";
	}
	my @row = session("SELECT '\@\@ ' || pass, ms FROM first_rows('$table', 2);\n");
	my %time;
	push @{ $time{ $_->[0] } }, $_->[1] for @row;
	my ($whole) = session(timed('w', '', "SELECT count(*) FROM ($query OFFSET 0) AS found"));
	push @notes, sprintf('prefix search, first row, over %d rows: the %d filings one after the other for the first time %s ms.',
		$n, scalar @{ $time{1} }, spread(3, @{ $time{1} }));
	push @notes, sprintf('prefix search: all %d rows of filing %s in %.1f ms.',
		value("SELECT count(*) FROM $table WHERE cert_no ^@ '$some'"), $some, $whole->[1]);
	report("prefix search by filing over $n rows: first row, planning included", spread(3, @{ $time{2} }), '', '', '', '', '1', '',
		verdict(median(@{ $time{2} }), 1));
}

sub part_prefix
{
	session("TRUNCATE typed_unique; COPY typed_unique FROM '$work/rows.copy'; VACUUM (FREEZE, ANALYZE) typed_unique;\n");
	prefix_lines('typed_unique');
	session('TRUNCATE typed_unique;');
}

# ---- tables --------------------------------------------------------------------

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

# ---- one value -----------------------------------------------------------------

# One value's input: the statement's processor time less that of the same
# statement without the input function, both over a table of the values alone.
sub part_types
{
	my @type = (
		[qw(person_name name)], [qw(id_type id_type)], [qw(id_number id_number)], [qw(resident_id id_number)],
		[qw(org_name evaluator)], [qw(occupation_name occupation)], [qw(work_type_name work_type)],
		[qw(skill_level level)], [qw(certno cert_no)], [qw(issue_date issue_date)]);
	@types = ('| type | input, ns | textin, ns | ratio |', '|---|---|---|---|');
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
		push @types, sprintf('| %s | %s | %s | %.2f |', $type, spread(0, @own), spread(0, @text), median(@own) / median(@text));
		print "$types[-1]\n";
	}
}

1;
