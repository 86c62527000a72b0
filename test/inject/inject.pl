#!/usr/bin/perl
#
# inject.pl
#	  Make a report file with known faults, and the list of them.
#
#	inject.pl --rows 50000 --faults 0.05 --seed 42 --out report.csv
#			  --findings findings.csv [--clean clean.csv] [--bom] [--crlf]
#			  [--scope-out scope.csv [--scope-sql scope.sql]] [--received 2026-03-19]
#	inject.pl --list
#
# The rows are lawful by construction; about the given share of them is then
# damaged.  findings.csv lists every fault as cell,rule,severity, in the order
# of the rows: a checker must report this set and nothing else.  clean.csv
# gets the rows that have no finding, duplicates' partners excluded.  --list
# prints the rules that may be injected.
#
# With --scope-out there are organisations, filings and scope, written to that
# file as certdata-check --scope takes it and to scope.sql for psql; lawful rows
# keep within them, and faults against them join the others.  With --received
# the rows are those of a submission that came in on that day, faults are the
# late ones, too.
#
# All knowledge here (Lawful.pm, Fault.pm, Scope.pm, ScopeFault.pm, Judge.pm,
# Calendar.pm) is its own: nothing is shared with the checkers it is meant to
# test.  It holds for any today from 2026-11-20 to 2099-12-30.  The same seed
# gives the same bytes everywhere.
#
use strict;
use warnings;
use FindBin;
use Getopt::Long;
use lib $FindBin::Bin;
use Lawful;
use Fault;
use Calendar;
use Scope;
use ScopeFault;
use Judge;

my %opt = (rows => 1000, faults => 0.05, seed => 1);
GetOptions(\%opt, 'rows=i', 'faults=f', 'seed=i', 'out=s', 'findings=s',
	'clean=s', 'bom', 'crlf', 'list', 'scope-out=s', 'scope-sql=s', 'received=s')
  or die "see the head of $0 for its options\n";

sub create
{
	my ($name) = @_;
	open(my $file, '>:raw', $name) or die "cannot write $name: $!\n";
	return $file;
}

sub finish
{
	close($_) or die "cannot write: $!\n" for @_;
}

my $eol = $opt{crlf} ? "\r\n" : "\n";
srand($opt{seed});

# ---------------------------------------------------------------- what is known

my ($scoped, $received) = (defined $opt{'scope-out'}, $opt{received});
my @judged;    # faults whose findings Judge.pm concludes
my $new_row = $scoped ? \&scoped_row : \&new_row;
my $new_certificate = $scoped ? \&scoped_certificate : \&new_certificate;
if ($received)
{
	die "--received needs a day from 2018 to 2026-11-20\n" if $received lt '2018-01-02' || $received gt '2026-11-20';
	set_days(grep { $_ ge '2018-01-01' && !lateness($_, $received) }
		  days_between(day_text(day_number($received) - 45), $received));
	push @judged, late_faults(sub { $new_row->($new_certificate->($_[0])) }, $received);
}
if ($scoped)
{
	make_scope(all_days());
	push @judged, scope_faults();
	my $file = create($opt{'scope-out'});
	print $file "\xef\xbb\xbf" if $opt{bom};
	write_scope($file, $eol);
	finish($file);
	if (defined $opt{'scope-sql'})
	{
		$file = create($opt{'scope-sql'});
		write_scope_sql($file);
		finish($file);
	}
}

my %known_by_judge = map { $_ => 1 } @judged;
push @fault, @judged;

# What the row gives by these; it must be what was aimed at, and nothing if all
# else is lawful.
sub conclude
{
	my ($row, $harmed, @aimed) = @_;
	my @found = ($scoped ? judge_scope($row) : (), $received ? judge_lateness($row, $received) : ());
	my %given = map { $_->[1] => 1 } @found;
	die "a row meant to give '@aimed' gives '@{[ sort keys %given ]}': @$row\n"
	  if !$harmed && (@aimed > 1 ? 0 : @aimed ? !$given{ $aimed[0] } : @found);
	return @found;
}

if ($opt{list})
{
	my %seen;
	print "$_\n" for sort grep { !$seen{$_}++ } map { split / / } map { $_->[1] } @fault;
	exit 0;
}
die "--out and --findings are needed\n" if !defined $opt{out} || !defined $opt{findings};

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

set_last_row($opt{rows});
my ($faulty, %count) = (0);
for my $row_no (1 .. $opt{rows})
{
	my $taken = taken_by($row_no);
	my $cert = $taken // $new_certificate->();
	my $row = $new_row->($cert);
	my ($used, @found, @aimed) = (0);
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
			if ($known_by_judge{$fault})
			{
				next if !$fault->[2]->($row);
				push @aimed, $fault->[1];
			}
			else
			{
				push @found, $fault->[2]->($row, $cert, $row_no);
			}
			$used |= $fault->[0];
		}
	}
	push @found, conclude($row, $used && !@aimed || @found, @aimed) if $scoped || $received;
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
		  $warning{$rule} ? "warning\n" : $rule eq 'date.beyond' ? "principle\n" : "error\n";
		$count{$rule}++;
	}
}
finish($out, $list, $clean ? $clean : ());
my $findings = 0;
$findings += $_ for values %count;
printf STDERR "%d rows, %d with faults, %d findings of %d rules\n",
  $opt{rows}, $faulty, $findings, scalar keys %count;
