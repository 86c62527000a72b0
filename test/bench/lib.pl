# lib.pl
#	  What the programs of the benchmark share: sessions, timed statements,
#	  lines of the table, the machine.  memory.pl has the rest: what a server
#	  process takes.
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
use Time::HiRes;

our ($work, $rows) = @ARGV;
our $quick = $ENV{QUICK};
our $rounds = $ENV{ROUNDS} || ($quick ? 3 : 7);
our $columns = 'name, id_type, id_number, employer, occupation, work_type, level, cert_no, issue_date, evaluator, issuer';
our (@table, @notes);
our ($met, $missed) = (0, 0);
our @head = ('| line: A ÷ B | A, ms: median (range) | B, ms: median (range) | ratio of medians '
	  . '| median of ratios (range) | ratio of processor time | target | stretch | verdict |', '|---|---|---|---|---|---|---|---|---|');
my $begin = Time::HiRes::time();
$| = 1;

# ---- sessions ------------------------------------------------------------------

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

# The tables of tables.sql in the database at hand: with its rows, unless FILE
# is none, and with the ledger's digest, if one is named.
sub make_tables
{
	my ($file, $algorithm) = @_;
	my @set = defined $file ? ('-v', "rows_file=$file") : ();
	push @set, '-v', "algorithm=$algorithm" if defined $algorithm;
	system('psql', '-X', '-q', @set, '-f', "$FindBin::Bin/tables.sql") == 0 or die "psql failed\n";
}

# Do it in a database of its own: a ledger keeps its digest.
sub in_database
{
	my ($name, $file, $algorithm, $do) = @_;
	my $home = $ENV{PGDATABASE};
	session("DROP DATABASE IF EXISTS $name;\n");
	session("CREATE DATABASE $name;\n");
	{
		local $ENV{PGDATABASE} = $name;
		make_tables($file, $algorithm);
		make_registry();
		$do->();
	}
	session("DROP DATABASE $name;\n");
	die "another database\n" if $ENV{PGDATABASE} ne $home;
}

sub make_registry
{
	session("SELECT certdata.create_registry('guarded') WHERE to_regclass('bench.guarded') IS NULL;\n");
}

sub empty { return "TRUNCATE $_[0]; CHECKPOINT;" }
sub empty_guarded { return "SELECT empty_guarded('$_[0]') \\g /dev/null\nCHECKPOINT;\n" }

# As if no seal had been made.
our $unseal = "TRUNCATE certdata.ledger_order, certdata.ledger_tile, certdata.ledger_head; "
  . "DELETE FROM certdata.ledger_act WHERE kind = 'seal'; CHECKPOINT;";

# Filings and scope of just the rows of "plain", so that none is refused.
sub fill_scope
{
	empty_scope();
	session(<<"END");
CREATE TABLE filings AS SELECT DISTINCT left(cert_no, 13) AS code, evaluator AS name FROM plain;
INSERT INTO certdata.organisation (id, name) SELECT code, name FROM filings;
INSERT INTO certdata.filing (code, organisation, valid) SELECT code, code, '[2019-01-01,2100-01-01)' FROM filings;
INSERT INTO certdata.scope SELECT DISTINCT left(cert_no, 13), occupation, work_type, level::certdata.skill_level,
	daterange('2019-01-01', '2100-01-01') FROM plain;
ANALYZE certdata.scope;
END
}

sub empty_scope
{
	session("TRUNCATE certdata.scope, certdata.filing, certdata.organisation_name, certdata.organisation;\n"
		  . "DROP TABLE IF EXISTS filings;\n");
}

# ---- numbers -------------------------------------------------------------------

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

sub verdict_of
{
	my ($good, $best) = @_;
	$good ? $met++ : $missed++;
	return !$good ? 'missed' : $best ? 'met, stretch too' : 'met';
}

sub verdict
{
	my ($value, $target, $stretch) = @_;
	return defined $target ? verdict_of($value <= $target, defined $stretch && $value <= $stretch) : '';
}

# What is better the larger it is.
sub verdict_at_least
{
	my ($value, $target, $stretch) = @_;
	return defined $target ? verdict_of($value >= $target, defined $stretch && $value >= $stretch) : '';
}

# ---- lines ---------------------------------------------------------------------

sub report
{
	my (@cells) = @_;
	push @table, '| ' . join(' | ', @cells) . ' |';
	print "$table[-1]\n";
}

# What is going on, and since when.
sub progress { printf STDERR "[%4d s] %s\n", Time::HiRes::time() - $begin, $_[0] }

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

# A line of COPY: into a table, against one of text columns.
sub copy_line
{
	my ($name, $table, %more) = @_;
	line(name => $name, a => "COPY $table FROM '$work/rows.copy'", prepare_a => empty($table),
		b => "COPY plain_copy FROM '$work/rows.copy'", prepare_b => empty('plain_copy'), %more);
}

# A line that is no time: the sizes themselves stand for the medians.
sub size_line
{
	my ($name, $size_a, $size_b, $target, $stretch, $unit) = @_;
	my $ratio = $size_a / $size_b;
	report($name, "$size_a $unit", "$size_b $unit", sprintf('%.3f', $ratio), '', '',
		$target // '', $stretch // '', verdict($ratio, $target, $stretch));
}

# A line without a baseline: how many a second.
sub rate_line
{
	my ($name, $n, $target, @time) = @_;
	my @rate = map { $n / $_ * 1000 } @time;
	report($name, spread(0, @rate) . ' /s', '', '', '', '', defined $target ? "$target /s" : '', '',
		verdict_at_least(median(@rate), $target));
}

# Times of a statement in ms, none counted out: wall, processor.
sub all_times_of
{
	my ($sql, $prepare, $times) = @_;
	return map { [ $_->[1], $_->[2] ] } session(join '', map { timed('t', $prepare || '', $sql) } 1 .. $times);
}

# Wall times of a statement in ms; one before them is not counted.
sub times_of
{
	my ($sql, $prepare, $times) = @_;
	my @time = all_times_of($sql, $prepare, 1 + ($times || $rounds));
	shift @time;
	return map { $_->[0] } @time;
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
	my @settings = map { "$_->[0] = " . ($_->[1] // '(none)') } session(
		"SELECT '\@\@ ' || name, current_setting(name) FROM pg_settings WHERE name IN ('shared_buffers', 'work_mem',
		 'maintenance_work_mem', 'max_wal_size', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'jit',
		 'autovacuum', 'max_parallel_workers_per_gather', 'data_checksums', 'lc_collate', 'temp_file_limit',
		 'shared_preload_libraries') ORDER BY name;\n");
	return (
		value('version()'),
		sprintf('%s, %d cores, SHA-NI %s, %.1f GB memory, %s, data directory on %s', $model // 'processor unknown',
			$cores, ($flags // '') =~ /\b(?:sha_ni|sha2)\b/ ? 'yes' : 'no', ($memory // 0) / 1048576, $system,
			$files // 'a file system unknown'),
		join(', ', @settings));
}

# Processor time of the server so far in s: of the processes that have ended.
sub server_time
{
	my ($pid) = slurp("/proc/" . (value("split_part(pg_read_file('postmaster.pid'), E'\\n', 1)") || 0) . '/stat') =~ /\) (.*)/;
	my @field = split ' ', $pid // '';
	return @field > 14 ? ($field[13] + $field[14]) / 100 : 0;
}

sub load_average { return join(' ', (split ' ', slurp('/proc/loadavg'))[ 0 .. 2 ]) }

1;
