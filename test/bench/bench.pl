#!/usr/bin/perl
#
# bench.pl WORK ROWS
#	  Measure every line in the server at hand; run.sh starts it and makes the
#	  rows.  lib.pl says what a line is.
#
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/$_.pl" for qw(lib memory load check ledger);

our ($work, $rows, $quick, $rounds, $corrected, @head, @table, @notes, @types, @memory, $met, $missed);

my @parts = qw(copy rules scope guard ledger clients usual audit report index prefix rows memory types);
my @left_out = qw(rules rows memory types);
my %quick_leaves = map { $_ => 1 } @left_out;
my @chosen = split ' ', $ENV{PARTS} || join ' ', grep { !$quick || !$quick_leaves{$_} } @parts;
my %part = map { $_ => 1 } @chosen;
for my $name (@chosen)
{
	die "no such part: $name (there are: @parts)\n" if !grep { $_ eq $name } @parts;
}

my @machine = (machine(), sprintf('%d rows; %.1f bytes a row in COPY text format, %.1f in CSV; %d rounds counted after one that is not',
	$rows, (-s "$work/rows.copy") / $rows, (-s "$work/report.csv") / $rows, $rounds));
push @machine, sprintf('QUICK leaves out the parts %s; SM3; the faulty report; what scope costs apart; index builds in parallel and against COLLATE "C"; '
	. 'lines of guard and ledger that have no target. It corrects %d rows, not 100000; has one round of what is for comparison, '
	. 'and a second, not eight, of each number of clients', join(', ', @left_out), $corrected) if $quick;
print "$_\n" for @machine;
my $load_before = load_average();
make_tables("$work/rows.copy", 'sha256');
print "\n";
print "$_\n" for @head;

my @took;
for my $name (grep { $part{$_} } @parts)
{
	my $begin = Time::HiRes::time();
	no strict 'refs';
	&{"part_$name"}();
	push @took, sprintf('%s %.0f', $name, Time::HiRes::time() - $begin);
}

push @notes, sprintf('seconds a part took: %s; all %.0f, processor time of the server %.0f.', join(', ', @took),
	Time::HiRes::time() - $^T, server_time());
push @notes, 'load average before ' . $load_before . ', after ' . load_average() . '.';
print "\n== for doc/performance.md\n\n";
print "- $_\n" for @machine, @notes;
print "\n", join("\n", @head, @table), "\n";
print "\nMemory and temporary files:\n\n", join("\n", @memory), "\n" if @memory;
print "\nInput of one value: processor time of the call of the input function, median (range).\n\n",
  join("\n", @types), "\n" if @types;
print "\n$met met, $missed missed\n";
