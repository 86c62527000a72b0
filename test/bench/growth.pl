#!/usr/bin/perl
#
# growth.pl WORK ROWS
#	  What a row costs when there are 10,000, 100,000, ... ROWS of them, and what
#	  single-row inserts make of 1, 2 and 8 clients.  run.sh starts the server and
#	  makes the rows.
#
# The smaller sets are the first rows of the largest, and filings and scope are
# those of the largest, for all of them.  References without certdata stand
# beside the lines, since an index in random order costs more with more rows in
# any table.  Rounds as said for each size; below 10,000,000 rows one more goes
# before that is not counted.
#
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/$_.pl" for qw(lib memory load check ledger);

our ($work, $rows, $columns, $unseal, $claims, @notes, $corrected);
my @size = grep { $_ < $rows } map { 10**$_ } 4 .. 9;
push @size, $rows;
my (@name, %cell, %cpu);

sub rounds_of
{
	my ($n) = @_;
	return $ENV{ROUNDS} || ($n <= 100000 ? 5 : $n <= 1000000 ? 3 : 1);
}

sub measure
{
	my ($sql, $prepare, $n) = @_;
	my $first = $n < 10000000 ? 1 : 0;
	my @time = all_times_of($sql, $prepare, $first + rounds_of($n));
	return @time[ $first .. $#time ];
}

# Note a cell: times in ms, wall and processor, of what is done $of times.
sub cell
{
	my ($name, $n, $of, @time) = @_;
	push @name, $name if !grep { $_ eq $name } @name;
	$cell{$name}{$n} = spread(2, map { $_->[0] * 1000 / $of } @time);
	$cpu{$name}{$n} = sprintf('%.2f', median(map { $_->[1] * 1000 / $of } @time));
	progress("$n rows: $name: $cell{$name}{$n} µs, processor $cpu{$name}{$n}");
}

sub first_lines
{
	my ($n, $from, $to) = @_;
	system("head -n $n '$from' > '$to'") == 0 or die "cannot write $to\n";
}

sub load_lines
{
	my ($n, $file) = @_;
	for (['COPY, text columns (reference)', 'plain_copy'],
		['COPY, typed columns', 'typed'],
		['COPY, typed columns, rules and scope', 'ruled'],
		['COPY, text columns, unique number (reference)', 'plain_unique'],
		['COPY, partitioned text table, unique number (reference)', 'plain_parts'])
	{
		my ($name, $table) = @$_;
		cell($name, $n, $n, measure("COPY $table FROM '$file'", empty($table), $n));
		session("TRUNCATE $table;\n") if $table ne 'plain_unique';
	}
	cell('COPY, partitioned registry: rules, scope, guard, ledger', $n, $n,
		measure("COPY guarded_parts ($columns) FROM '$file'", empty_guarded('guarded_parts'), $n));
	session(empty_guarded('guarded_parts'));
}

# The registry is loaded last, so that the ledger has its entries.
sub ledger_lines
{
	my ($n, $file) = @_;
	cell('COPY, registry: rules, scope, guard, ledger', $n, $n,
		measure("COPY guarded ($columns) FROM '$file'", empty_guarded('guarded'), $n));
	cell('seal, an entry', $n, $n, measure('SELECT certdata.seal()', $unseal, $n));
	no_problems();
	cell('verify_ledger, an entry and its row', $n, $n, measure('SELECT count(*) FROM certdata.verify_ledger()', '', $n));
	my $calls = 20000;
	my $last = tree_size() - 1;
	cell('inclusion_proof, a proof', $n, $calls,
		measure("SELECT count(certdata.inclusion_proof((random() * $last)::bigint)) FROM generate_series(1, $calls)", '', $n));
}

sub correction_lines
{
	my ($n) = @_;
	local $corrected = $n;
	session("TRUNCATE typed; INSERT INTO typed SELECT $columns FROM guarded;\n");
	cell('UPDATE of 姓名 in all rows, typed columns without guard (reference)', $n, $n,
		measure(correction('unguarded', 'certdata.person_name', ''), to_correct('unguarded', 'TRUNCATE unguarded;', 'typed'), $n));
	session('TRUNCATE unguarded;');
	cell('correction of 姓名 in all rows, registry', $n, $n,
		measure(correction('guarded', 'certdata.person_name', $claims), to_correct('guarded', empty_guarded('guarded'), 'typed'), $n));
	session(empty_guarded('guarded') . 'TRUNCATE typed;');
}

sub report_line
{
	my ($n) = @_;
	my $file = "$work/some.csv";
	first_lines($n + 1, "$work/report.csv", $file);
	if (-s $file < 2**30)
	{
		cell('check_report', $n, $n, measure('SELECT count(*) FROM certdata.check_report(' . argument($file) . ')', '', $n));
	}
	else
	{
		push @notes, "check_report of $n rows: the file is larger than a value may be (1 GB).";
	}
	unlink $file;
}

sub client_table
{
	my @clients = (1, 2, 8);
	my ($plain, $guarded) = client_rates($ENV{ROUNDS} || 5, 5, @clients);
	my @line = ('| clients | guarded, transactions/s | text columns, transactions/s | guarded ÷ text | guarded ÷ one client | text ÷ one client |', '|---|---|---|---|---|---|');
	for my $n (@clients)
	{
		push @line, sprintf('| %d | %s | %s | %s | %s | %s |', $n, spread(0, @{ $guarded->{$n} }), spread(0, @{ $plain->{$n} }),
			spread(3, ratios($guarded->{$n}, $plain->{$n})),
			map { sprintf('%.2f', median(ratios($_->{$n}, $_->{1}))) } $guarded, $plain);
	}
	return @line;
}

my @machine = machine();
my $load_before = load_average();
progress('tables and scope');
make_tables(undef, 'sha256');
make_registry();
session("COPY plain FROM '$work/rows.copy'; ANALYZE plain;\n");
fill_scope();
session('TRUNCATE plain;');
for my $n (@size)
{
	my $file = $n < $rows ? "$work/some.copy" : "$work/rows.copy";
	first_lines($n, "$work/rows.copy", $file) if $n < $rows;
	load_lines($n, $file);
	ledger_lines($n, $file);
	correction_lines($n);
	report_line($n);
}
progress('clients');
my @clients;
in_database('bench_clients', undef, 'sha256', sub { @clients = client_table() });

push @notes, 'rounds counted: ' . join(', ', map { "$_ rows: " . rounds_of($_) } @size) . '.';
push @notes, sprintf('scope: %d rows.', value('SELECT count(*) FROM certdata.scope'));
push @notes, 'load average before ' . $load_before . ', after ' . load_average() . '.';
print "== for doc/performance.md\n\n";
print "- $_\n" for @machine, @notes;
for (['wall time, median (range)', \%cell], ['processor time of the server process, median', \%cpu])
{
	my ($what, $cells) = @$_;
	print "\nMicroseconds a row, $what:\n\n| work | ", join(' | ', map { "$_ rows" } @size), " |\n|---", '|---' x @size, "|\n";
	print "| $_ | ", join(' | ', map { $_ // '–' } @{ $cells->{$_} }{@size}), " |\n" for @name;
}
print "\nSingle-row inserts, synchronous_commit off, median (range):\n\n", join("\n", @clients), "\n";
