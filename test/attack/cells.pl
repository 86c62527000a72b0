#!/usr/bin/perl
#
# cells.pl script MODE ROLE DATABASE MAJOR [ID]     attacks.txt as a psql script, what follows ID
# cells.pl judge MODE ROLE DATABASE MAJOR OUTPUT ATTEMPTS LOG
#
# MODE: plain, native, or open (ROLE has maintenance open).  judge reads what
# psql printed of the script, the rows of certdata.attempt and the server's log,
# and prints a line for each cell: ok, not or silent; its name; what was wrong.
use strict;
use warnings;
use FindBin;

my ($task, $mode, $role, $database, $major, @files) = @ARGV;
my %place = (holder => 0, clerk => 1, chief => 2);

# ---- the cells

sub trim { my $s = shift; $s =~ s/^\s+|\s+$//g; return $s }

sub flags
{
	my ($text) = @_;
	my %f = (each => ['']);
	if ($text =~ s/(?:^|;\s*)each: (.*)$//) { $f{each} = [ split /; /, $1 ] }
	for my $flag (split /;\s*/, $text)
	{
		if ($flag =~ /^(alone|commit|native)$/) { $f{$1} = 1 }
		elsif ($flag =~ /^(in|from|until) (\w+)$/) { $f{$1} = $2 }
		elsif ($flag =~ /^open: (.*)$/) { $f{open} = $1 }
		else { die "attacks.txt: flag \"$flag\"\n" }
	}
	return \%f;
}

sub cells
{
	my ($section, @cells) = ('');
	open my $in, '<', "$FindBin::Bin/attacks.txt" or die "attacks.txt: $!\n";
	while (my $line = <$in>)
	{
		if ($line =~ /^## (.*)/) { $section = $1 }
		elsif ($line =~ s/^@ //)
		{
			my ($name, @rest) = map { trim($_) } split / \| /, $line, 5;
			die "attacks.txt:$.: three outcomes are wanted\n" if @rest < 3;
			push @cells, { name => "$section: $name", line => $., wants => [ @rest[0 .. 2] ], flags => flags($rest[3] // ''), sql => '' };
		}
		elsif (@cells && $line =~ /\S/) { $cells[-1]{sql} .= $line }
	}
	return @cells;
}

# What is wanted of the cell in this mode; nothing where it is not tried.
sub wanted
{
	my ($cell) = @_;
	my ($f, $want) = ($cell->{flags}, $cell->{wants}[ $place{$role} ]);
	return if $want eq '-' || ($f->{in} // 'attack') ne $database;
	return if $major < ($f->{from} // 0) || $major > ($f->{until} // 99);
	return if ($mode eq 'native') != ($f->{native} // 0);
	return $want if $mode ne 'open';
	return if $want !~ /^(?:QC014|QC03\d|swallowed) / || ($f->{open} // '') eq '-' || $f->{alone} && !$f->{open};
	return $f->{open} if $f->{open};
	return "allowed $1" if $want =~ /^\S+ (\S+)/;
}

my @tried;
for my $cell (cells())
{
	my $want = wanted($cell) // next;
	my $n = 0;
	for my $word (@{ $cell->{flags}{each} })
	{
		(my $sql = $cell->{sql}) =~ s/@@/$word/g;
		push @tried, { %$cell, sql => $sql, want => $want, name => $cell->{name} . ($word eq '' ? '' : " ($word)"),
			id => substr($mode, 0, 1) . $cell->{line} . '.' . ++$n . ".$role" };
	}
}

# ---- the script

if ($task eq 'script')
{
	my $look = $database eq 'attack' ? 'SELECT t.look();' : '';
	my $look_same = "\\set same false\nSELECT t.look() = :'look' AS same \\gset";
	print "\\set VERBOSITY verbose\n\\set QUIET on\n\\pset tuples_only on\n\\pset format unaligned\n";
	my @order = ((grep { !$_->{flags}{alone} } @tried), grep { $_->{flags}{alone} } @tried);
	if (@files) { while (@order) { last if shift(@order)->{id} eq $files[0] } }
	for my $cell (@order)
	{
		my $f = $cell->{flags};
		my ($begin, $end) = $f->{alone} ? ('', '') : ('BEGIN;', 'ROLLBACK;');
		# what was not caught after all is not to spoil the cells that follow
		$end = "$look_same\n\\if :same\nCOMMIT;\n\\else\nROLLBACK;\n\\endif" if $f->{commit} && $mode ne 'open';
		my $look_before = $look eq '' ? '' : "SELECT t.look() AS look \\gset\n\\echo :look";
		print <<"END";
RESET SESSION AUTHORIZATION;
RESET ALL;
CLOSE ALL;
DEALLOCATE ALL;
DISCARD TEMP;
SET application_name = '$cell->{id}';
SET search_path = reg, public;
SET client_min_messages = warning;
\\echo \@before $cell->{id}
$look_before
$begin
\\echo \@begin
$cell->{sql}
\\echo \@within
$look
\\echo \@end
$end
END
	}
	# what there is afterwards is what there is before the next
	print "\\echo \@before end\n$look\n";
	print "\\echo \@done\n";
	exit 0;
}

# ---- what came of it

my ($output, $attempts, $log) = @files;
my (%result, %attempt, %logged, $now, $last, $part);
open my $in, '<', $output or die "$output: $!\n";
while (<$in>)
{
	if (/^\@before (\S+)/) { ($last, $now, $part) = ($now, $result{$1} = {}, 'before') }
	elsif (/^\@(\w+)$/) { $part = $1; $now->{$1} //= '' if $now }
	elsif ($now && /^look\|/)
	{
		chomp;
		$now->{$part} = $_;
		if ($last && $part eq 'before') { $last->{after} = $_ }
	}
	elsif ($now && /^(?:psql:\S+ )?(?:ERROR|FATAL|PANIC):  (\w{5}): (.*)/)
	{
		if ($part eq 'begin') { $now->{state} //= $1; $now->{message} //= $2 }
		elsif ($part eq 'end' && $1 ne '25P02') { $now->{late} //= "$1 $2" }
	}
	elsif ($now && /connection to server was lost|server closed the connection/) { $now->{crash} = 1 }
}
close $in;
open $in, '<', $attempts or die "$attempts: $!\n";
while (<$in>) { chomp; my ($id, @a) = split /\|/; push @{ $attempt{$id} }, { outcome => $a[0], kind => $a[1], maintenance => $a[2], object => $a[3] // '' } }
close $in;
open $in, '<', $log or die "$log: $!\n";
while (<$in>) { $logged{$1} = 1 if /^\[([^\]]+)\] LOG:/ }
close $in;

my @part = qw(look acts maintenance ledger rows triggers structure);

# What differs between two looks, of the parts named.
sub differs
{
	my ($one, $two, @names) = @_;
	return '' if !defined $one || !defined $two || $database ne 'attack';
	my @one = split /\|/, $one;
	my @two = split /\|/, $two;
	my @bad = grep { my $p = $_; grep { $part[$_] eq $p && ($one[$_] // '') ne ($two[$_] // '') } 0 .. $#part } @names;
	return @bad ? 'changed: ' . join(', ', @bad) : '';
}

sub acts { my ($look, $i) = @_; return (split /\|/, $look // '')[$i] // 'none' }

# The attempts must be of this outcome, each of one of the kinds, and logged.
sub trail
{
	my ($cell, $outcome, $kinds, $any) = @_;
	my @a = @{ $attempt{ $cell->{id} } // [] };
	return 'no row in certdata.attempt' if !@a;
	my @fit = grep { $kinds eq '*' || "/$kinds/" =~ m{/$_->{kind}/} } @a;
	return 'attempt of kind ' . join(', ', map { "$_->{kind} ($_->{object})" } @a) if $any ? !@fit : @fit != @a;
	return 'attempt with outcome ' . join(', ', map { $_->{outcome} } @a) if grep { $_->{outcome} ne $outcome } @a;
	return 'attempt without its maintenance' if $outcome eq 'allowed' && grep { $_->{maintenance} ne 't' } @a;
	return 'no line in the server log' if !$logged{ $cell->{id} };
	return '';
}

my @all = qw(acts maintenance ledger rows triggers structure);

# Nothing if the cell is as this alternative says, else why not.
sub misses
{
	my ($want, $cell, $r) = @_;
	my $state = $r->{state} // '';
	my $after = $cell->{flags}{alone} && $want =~ /^ok change/ ? '' : differs($r->{before}, $r->{after}, @all);
	my $got = $state eq '' ? 'it succeeds' : "$state $r->{message}";
	my $tried = @{ $attempt{ $cell->{id} } // [] };
	return "not run" if !defined $r->{end};
	return 'the server crashed' if $r->{crash};
	return "at the end of the transaction: $r->{late}" if $r->{late};
	return "afterwards $after" if $after;
	if ($want =~ /^(QC\d\d\d) (\S+)$/)
	{
		return $got if $state ne $1;
		return trail($cell, 'refused', $2, 0);
	}
	if ($want =~ /^\w{5}$/)
	{
		return '' if $state eq $want && !grep { $_->{outcome} ne 'refused' } @{ $attempt{ $cell->{id} } // [] };
		return trail($cell, 'refused', '*', 0) if $want =~ /^\d/ && $state =~ /^QC0(?:14|3\d)$/;
		return $got;
	}
	if ($want =~ /^swallowed (\S+)$/)
	{
		return "the transaction does not go on: $got" if $r->{within} eq '';
		return differs($r->{before}, $r->{within}, @all) || trail($cell, 'refused', $1, 0);
	}
	return $got if $state ne '';
	return trail($cell, 'allowed', '*', 1) if $want eq 'ok gone';
	return 'what it did cannot be seen' if !defined $r->{within} || $database eq 'attack' && $r->{within} eq '';
	return trail($cell, 'allowed', $1, 1) if $want =~ /^allowed (\S+)$/;
	die "attacks.txt: outcome \"$want\"\n" if $want !~ /^ok( change)?(?: (\d+|\+))?$/;
	my ($change, $n) = ($1, $2);
	return 'attempt of kind ' . join(', ', map { "$_->{kind} ($_->{object})" } @{ $attempt{ $cell->{id} } }) if $tried;
	my $why = differs($r->{before}, $r->{within}, !defined $n && !$change ? @all : !defined $n ? qw(acts ledger triggers) : $change ? () : qw(triggers structure));
	return $why if $why;
	if (defined $n && $database eq 'attack')
	{
		my $more = acts($r->{within}, 1) - acts($r->{before}, 1);
		return "$more acts recorded" if $n eq '+' ? $more < 1 : $more != $n;
	}
	return '';
}

# It was to be refused, or allowed and recorded, and nothing tells of it.
sub silent
{
	my ($want, $cell, $r) = @_;
	return 0 if $want =~ /^ok/ || ($r->{state} // '') ne '' || !defined $r->{end};
	return !@{ $attempt{ $cell->{id} } // [] } && (!defined $r->{within} || acts($r->{within}, 1) eq acts($r->{before}, 1));
}

for my $cell (@tried)
{
	my $r = $result{ $cell->{id} } // {};
	my @why;
	my $good = 0;
	for my $want (split / or /, $cell->{want})
	{
		my $why = misses($want, $cell, $r);
		push @why, "wanted $want: $why";
		if ($why eq '') { $good = 1; last }
	}
	my $name = "$cell->{name} ($role" . ($mode eq 'open' ? ', maintenance open' : '') . ')';
	$name =~ s/[\t#]/ /g;
	my $why = $good ? '' : "attacks.txt:$cell->{line} $cell->{id}; " . join('; ', @why);
	$why =~ s/\t/ /g;
	print join("\t", $good ? 'ok' : silent($cell->{want}, $cell, $r) ? 'silent' : 'not', $name, $why), "\n";
}
