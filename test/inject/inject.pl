#!/usr/bin/perl
#
# inject.pl
#	  Make a report file with known faults, and the list of them.
#
#	inject.pl --rows 50000 --faults 0.05 --seed 42 --out report.csv
#			  --findings findings.csv [--clean clean.csv] [--bom] [--crlf]
#	inject.pl --list
#
# The rows are lawful by construction; about the given share of them is then
# damaged.  findings.csv lists every fault as cell,rule,severity, in the order
# of the rows: a checker must report this set and nothing else.  clean.csv
# gets the rows that have no finding, duplicates' partners excluded.  --list
# prints the rules that may be injected.
#
# All knowledge here (Lawful.pm, Fault.pm) is its own: nothing is shared with
# the checkers it is meant to test.  It holds for any today from 2026-11-20 to
# 2099-12-30.  The same seed gives the same bytes everywhere.
#
use strict;
use warnings;
use FindBin;
use Getopt::Long;
use lib $FindBin::Bin;
use Lawful;
use Fault;

my %opt = (rows => 1000, faults => 0.05, seed => 1);
GetOptions(\%opt, 'rows=i', 'faults=f', 'seed=i', 'out=s', 'findings=s',
	'clean=s', 'bom', 'crlf', 'list')
  or die "see the head of $0 for its options\n";

if ($opt{list})
{
	my %seen;
	print "$_\n" for sort grep { !$seen{$_}++ } map { split / / } map { $_->[1] } @fault;
	exit 0;
}
die "--out and --findings are needed\n" if !defined $opt{out} || !defined $opt{findings};

sub create
{
	my ($name) = @_;
	open(my $file, '>:raw', $name) or die "cannot write $name: $!\n";
	return $file;
}

my $eol = $opt{crlf} ? "\r\n" : "\n";
my $head = ($opt{bom} ? "\xef\xbb\xbf" : '') . join(',', @header) . $eol;
my $out = create($opt{out});
my $list = create($opt{findings});
my $clean = defined $opt{clean} ? create($opt{clean}) : undef;
print $out $head;
print $clean $head if $clean;
print $list "cell,rule,severity\n";

# RFC 4180; lawful rows have nothing to quote.
sub quoted
{
	return join(',', map { my $v = $_; $v =~ /[",\r\n]/ ? do { $v =~ s/"/""/g; "\"$v\"" } : $v } @_);
}

srand($opt{seed});
set_last_row($opt{rows});
my ($faulty, %count) = (0);
for my $row_no (1 .. $opt{rows})
{
	my $taken = taken_by($row_no);
	my $cert = $taken // new_certificate();
	my $row = new_row($cert);
	my ($used, @found) = (0);
	if ($taken)
	{
		$used = $CERT;
		@found = take_over($row);
	}
	if (rand() < $opt{faults})
	{
		my $wanted = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)[ rand 10 ];
		for (1 .. $wanted)
		{
			my $fault = $fault[ rand @fault ];
			next if $used & $fault->[0];
			$used |= $fault->[0];
			push @found, $fault->[2]->($row, $cert, $row_no);
		}
	}
	if (!@found)
	{
		my $line = join(',', @$row) . $eol;
		print $out $line;
		print $clean $line if $clean;
		next;
	}
	$faulty++;
	print $out quoted(@$row), $eol;
	for (sort { $a->[0] <=> $b->[0] || $a->[1] cmp $b->[1] } @found)
	{
		my ($column, $rule) = @$_;
		print $list chr(65 + $column), $row_no + 1, ",$rule,",
		  $warning{$rule} ? "warning\n" : "error\n";
		$count{$rule}++;
	}
}
for ($out, $list, $clean ? $clean : ())
{
	close($_) or die "cannot write: $!\n";
}
my $findings = 0;
$findings += $_ for values %count;
printf STDERR "%d rows, %d with faults, %d findings of %d rules\n",
  $opt{rows}, $faulty, $findings, scalar keys %count;
