# ScopeFault.pm
#	  Faults against filings, scope and periods; the counterpart of Fault.pm.
#
# Such a fault is [groups it occupies, the rule it aims at, what it does to the
# row].  It returns true if it could be done.  What the row then gives is for
# Judge.pm to say, since a row can break several of these rules at once; the
# rule aimed at must be among it where nothing else was damaged.
#
package ScopeFault;
use strict;
use warnings;
use Exporter 'import';
use Lawful;
use Calendar;
use Scope;
use Judge;

our @EXPORT = qw(scope_faults late_faults);

my ($OF_OCCUPATION, $OF_WORK, $OF_CERT, $OF_EVALUATOR, $OF_ISSUER, $WHOLE) = (8, 16, 32, 64, 128, 255);

sub gives { my ($row, $rule) = @_; return grep { $_->[1] eq $rule } judge_scope($row) }

# Try values for a column until the rule is broken.
sub replace
{
	my ($row, $column, $rule, @values) = @_;
	while (@values)
	{
		my $value = splice(@values, int(rand @values), 1);
		my @changed = @$row;
		$changed[$column] = $value;
		next if !gives(\@changed, $rule);
		$row->[$column] = $value;
		return 1;
	}
	return 0;
}

# Another row instead, of any filing and day for which the rule is broken.
sub other_row
{
	my ($row, $rule, @code) = @_;
	for (1 .. 30)
	{
		my $code = $code[ rand @code ];
		my $day = rand() < 0.4 ? edge_day($code) : some_day();
		my $owner = pick(@{ $filing{$code} })->{org};
		my $body = name_on($owner, $day);
		my @below = @{ $org{$owner}{below} // [] };
		my $evaluator = @below && rand() < 0.5 ? name_on(pick(@below), $day) : $body;
		my $made = scoped_row(certificate_of($code, pick(@{ $scope{$code} }), $day, $evaluator, $body));
		next if !gives($made, $rule);
		@$row = @$made;
		return 1;
	}
	return 0;
}

sub other_brackets
{
	my ($column, $rule) = @_;
	return sub { my ($row) = @_; return replace($row, $column, $rule, swap_brackets($row->[$column])) };
}

# A name that nobody bears, or one of another day, or with a character changed.
sub strange_names
{
	my ($row, $column) = @_;
	my $other = $org[ rand @org ];
	return ('不存在职业培训学校', $row->[$column] . '分校', substr($row->[$column], 3),
		$other->{name}, map { $_->[2] } map { @{ $name{$_} } } sort keys %name);
}

sub other_level
{
	my ($row) = @_;
	my $digit = pick(1 .. 5);
	my @changed = @$row;
	$changed[$LEVEL] = $level_name{$digit};
	substr($changed[$NO], 15, 1) = $digit;
	return 0 if !gives(\@changed, 'level.scope');
	@$row = @changed;
	return 1;
}

sub scope_faults
{
	my @limited = grep { my $c = $_; grep { $_->{from} || $_->{to} } @{ $filing{$c} } } @code;
	my @ended = grep { my $c = $_; grep { my $o = $org{ $_->{org} };
		  grep { $_ && ($_->{ceased} || $_->{dissolved}) } $o, map { $org{$_} } @{ $o->{below} // [] } } @{ $filing{$c} } } @code;
	my @work = map { my (undef, @w) = @$_; @w } @catalogue;
	my @fault = (
		[ $OF_CERT, 'no.filing', sub { substr($_[0][$NO], 7, 6) = '9' . digits(5); 1 } ],
		[ $WHOLE, 'no.filing_valid', sub { other_row($_[0], 'no.filing_valid', @limited) } ],
		[ $WHOLE, 'date.ceased', sub { other_row($_[0], 'date.ceased', @ended) } ],
		[ $WHOLE, 'date.scope', sub { other_row($_[0], 'date.scope', @code) } ],
		[ $OF_EVALUATOR, 'evaluator.filing', sub { replace($_[0], $EVALUATOR, 'evaluator.filing',
			  strange_names($_[0], $EVALUATOR)) } ],
		[ $OF_EVALUATOR, 'evaluator.brackets', other_brackets($EVALUATOR, 'evaluator.brackets') ],
		[ $OF_ISSUER, 'issuer.unknown', sub { replace($_[0], $ISSUER, 'issuer.unknown',
			  strange_names($_[0], $ISSUER)) } ],
		[ $OF_ISSUER, 'issuer.brackets', other_brackets($ISSUER, 'issuer.brackets') ],
		[ $OF_OCCUPATION, 'occupation.scope', sub { replace($_[0], $OCCUPATION, 'occupation.scope',
			  '虚构工', map { $_->[0] } @catalogue) } ],
		[ $OF_OCCUPATION, 'occupation.brackets', other_brackets($OCCUPATION, 'occupation.brackets') ],
		[ $OF_WORK, 'worktype.scope', sub { replace($_[0], $WORK, 'worktype.scope', '虚构工种', @work) } ],
		[ $OF_WORK, 'worktype.brackets', other_brackets($WORK, 'worktype.brackets') ],
		[ $OF_CERT, 'level.scope', \&other_level ]);
	# few rows have brackets to change
	my @brackets = grep { $_->[1] =~ /brackets/ } @fault;
	return ((@fault) x 4, (@brackets) x 8);
}

# ---------------------------------------------------------------- periods

# Another row, of a day that far back.
sub earlier_row
{
	my ($row, $make, $received, $rule) = @_;
	for (1 .. 50)
	{
		my $day = day_text(day_number($received) - between(15, 500));
		next if lateness($day, $received) ne $rule || $day =~ /-12-[23]/;
		@$row = @{ $make->($day) };
		return 1;
	}
	return 0;
}

sub late_faults
{
	my ($make, $received) = @_;
	return map { my $rule = $_; [ $WHOLE, $rule, sub { earlier_row($_[0], $make, $received, $rule) } ] }
	  (('date.late', 'date.beyond', 'date.calendar') x 4);
}

1;
