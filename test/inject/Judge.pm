# Judge.pm
#	  What a row must give under the rules of filing, scope and submission.
#
# Faults are put in by those who know what they break; what they break besides,
# once filings and scope are known, is concluded here from the cells as they
# stand.  Written from the rules' definitions, on the facts of Scope.pm.
#
package Judge;
use strict;
use warnings;
use Exporter 'import';
use Lawful;
use Calendar;
use Scope;

our @EXPORT = qw(judge_scope judge_lateness);

# ---------------------------------------------------------------- cells

# What spreadsheets wrap a value in, removed; '' if there is no value.
sub unwrapped
{
	my ($column, $value) = @_;
	return '' if $value =~ /^#+$/ && length $value > 2;
	return '' if $value =~ m{^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$};
	return '' if ($column == $NO || $column == $DATE) && $value =~ /^\d(?:\.\d+)?[Ee]\+?\d\d?$/;
	$value =~ s/^\t+//;
	$value =~ s/^="(.*)"$/$1/s;
	$value =~ s/^'// if $column == $NO || $value !~ /^'[A-Za-z]/;
	return $value;
}

my $space = qr/[ \t\r\n]|\xc2[\xa0\xad]|\xe1\x9a\x80|\xe1\xa0\x8e|\xe3\x80\x80|\xef\xbb\xbf
	|\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f-\xaf]/x;

sub plain
{
	my ($row, $column) = @_;
	my $value = unwrapped($column, $row->[$column]);
	$value =~ s/$space//g;
	return $value;
}

sub narrow
{
	my ($text) = @_;
	$text =~ s/\xef\xbc([\x81-\xbf])/chr(ord($1) - 0x60)/ge;
	$text =~ s/\xef\xbd([\x80-\x9e])/chr(ord($1) - 0x20)/ge;
	return $text;
}

# Equal but for brackets.
sub form { my ($text) = @_; $text =~ s/（/(/g; $text =~ s/）/)/g; return $text }

# The digit of a level, or the name of a grade without one; '' if not understood.
my %level = map { $_ => $_ } qw(学徒工 特级技师 首席技师);
for my $digit (1 .. 5)
{
	my ($l, $s) = ($level_name{$digit}, $skill{$digit});
	$level{$_} = $digit for $l, $s, $digit, "${digit}级", "$l/$s", "$s/$l", "$l($s)", "$s($l)";
}

# SAME, BRACKETS or DIFFERENT
sub compare
{
	my ($given, $published) = @_;
	$published =~ s/$space//g;
	return 'SAME' if $given eq $published;
	return form($given) eq form($published) ? 'BRACKETS' : 'DIFFERENT';
}

# ---------------------------------------------------------------- bodies

my %by_form;

sub index_names
{
	for my $org (@org)
	{
		push @{ $by_form{ form($_) } }, $org->{id}
		  for $org->{name}, map { $_->[2] } @{ $name{ $org->{id} } // [] };
	}
}

sub stands_above
{
	my ($above, $id) = @_;
	while (($id = $org{$id}{parent}) ne '')
	{
		return 1 if $id eq $above;
	}
	return 0;
}

# How well it names an organisation of that day, below another if asked for; and which.
sub named
{
	my ($given, $day, $above) = @_;
	index_names() if !%by_form;
	my @best = ('DIFFERENT', '');
	for my $id (@{ $by_form{ form($given) } // [] })
	{
		next if $above && !stands_above($above, $id);
		my $how = compare($given, name_on($id, $day));
		return ($how, $id) if $how eq 'SAME';
		@best = ($how, $id) if $how eq 'BRACKETS';
	}
	return @best;
}

sub judge_bodies
{
	my ($owner, $day, $evaluator, $issuer) = @_;
	my ($how, $body) = ('', '');
	my @found;
	if ($evaluator ne '')
	{
		$how = compare($evaluator, name_on($owner, $day));
		($how, $body) = named($evaluator, $day, $owner)
		  if $how eq 'DIFFERENT' && $issuer ne '' && compare($issuer, name_on($owner, $day)) ne 'DIFFERENT';
	}
	push @found, [ $EVALUATOR, 'evaluator.filing' ] if $how eq 'DIFFERENT';
	push @found, [ $EVALUATOR, 'evaluator.brackets' ] if $how eq 'BRACKETS';
	push @found, [ $DATE, 'date.ceased' ]
	  if grep { $_ ne '' && !issues_on($org{$_}, $day) } $owner, $body;
	return @found;
}

# ---------------------------------------------------------------- scope

sub brackets_alone
{
	my ($given, $rule, $column, @published) = @_;
	my %how = map { compare($given, $_) => 1 } @published;
	return $how{BRACKETS} && !$how{SAME} ? [ $column, $rule ] : ();
}

sub judge_occupation
{
	my ($code, $day, $occupation, $work, $level) = @_;
	my @ever = grep { form($_->{occupation}) eq form($occupation) } @{ $scope{$code} };
	my @then = grep { runs_from($_) le $day && $day le runs_to($_) } @ever;
	my $of_work = sub { grep { form($_->{work}) eq form($work) } @_ };
	my $of_level = sub { grep { $level eq '' || $_->{digit} eq $level } @_ };
	my @found = brackets_alone($occupation, 'occupation.brackets', $OCCUPATION,
		map { $_->{occupation} } @then ? @then : @ever);
	my @work = $of_work->(@then);

	push @found, brackets_alone($work, 'worktype.brackets', $WORK, map { $_->{work} } @work ? @work : @ever)
	  if $work ne '';
	return @found if $of_level->(@work);
	return (@found, [ $DATE, 'date.scope' ]) if $of_level->($of_work->(@ever));
	return (@found, [ $LEVEL, 'level.scope' ]) if @work;
	return (@found, [ $WORK, 'worktype.scope' ]) if @then;
	return (@found, [ $OCCUPATION, 'occupation.scope' ]);
}

# ---------------------------------------------------------------- a row

sub issue_date
{
	my ($row) = @_;
	my $date = plain($row, $DATE);
	return is_date($date) ? $date : '';
}

sub judge_filing
{
	my ($code, $day, $row, $issuer) = @_;
	my @all = @{ $filing{$code} // [] } or return [ $NO, 'no.filing' ];
	return () if $day eq '';
	my ($valid) = grep { runs_from($_) le $day && $day le runs_to($_) } @all;
	my ($last) = sort { runs_from($b) cmp runs_from($a) } grep { runs_from($_) le $day } @all;
	my $filing = $valid // $last // (sort { runs_from($a) cmp runs_from($b) } @all)[0];
	my $graced = !$valid && $last && $day le graced_to($last);
	my @found = judge_bodies($filing->{org}, $day, plain($row, $EVALUATOR), $issuer);
	my $occupation = plain($row, $OCCUPATION);
	my $work = plain($row, $WORK);
	my $level = $level{ narrow(plain($row, $LEVEL)) } // '';

	$work = '' if unwrapped($WORK, $row->[$WORK]) =~
		m{^(?:无|/|-|—|―|–|－|／|\\|NULL|null|Null|N/A|n/a|没有|空|暂无)$};
	push @found, [ $NO, 'no.filing_valid' ] if !$valid && !$graced;
	push @found, judge_occupation($code, $graced ? $filing->{to} : $day, $occupation, $work, $level)
	  if $occupation ne '';
	return @found;
}

sub judge_scope
{
	my ($row) = @_;
	my $no = uc narrow(plain($row, $NO));
	my $day = issue_date($row);
	my $issuer = plain($row, $ISSUER);
	my @found;

	push @found, judge_filing(substr($no, 0, 13), $day, $row, $issuer) if $no =~ /^[A-Z]\d{14}[0-9A-Z]\d{6}$/;
	if ($day ne '' && $issuer ne '')
	{
		my ($how) = named($issuer, $day);
		push @found, [ $ISSUER, 'issuer.unknown' ] if $how eq 'DIFFERENT';
		push @found, [ $ISSUER, 'issuer.brackets' ] if $how eq 'BRACKETS';
	}
	return @found;
}

sub judge_lateness
{
	my ($row, $received) = @_;
	my $day = issue_date($row);
	my $rule = $day eq '' ? '' : lateness($day, $received);
	return $rule ? [ $DATE, $rule ] : ();
}

1;
