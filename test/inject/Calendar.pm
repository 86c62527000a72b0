# Calendar.pm
#	  Days as numbers, working days, and whether an upload is late.
#
# The special days are read from test/data/holidays.csv, the State Council's
# notices.
#
package Calendar;
use strict;
use warnings;
use Exporter 'import';
use FindBin;

our @EXPORT = qw(day_number day_text days_between is_date lateness);

# Days since 1970-01-01.
sub day_number
{
	my ($y, $m, $d) = split /-/, $_[0];
	$y-- if $m <= 2;
	my $era = int($y / 400);
	my $of_era = $y - $era * 400;
	my $of_year = int((153 * ($m + ($m > 2 ? -3 : 9)) + 2) / 5) + $d - 1;
	return $era * 146097 + $of_era * 365 + int($of_era / 4) - int($of_era / 100)
	  + $of_year - 719468;
}

sub day_text
{
	my $n = $_[0] + 719468;
	my $era = int($n / 146097);
	my $doe = $n - $era * 146097;
	my $yoe = int(($doe - int($doe / 1460) + int($doe / 36524) - int($doe / 146096)) / 365);
	my $doy = $doe - (365 * $yoe + int($yoe / 4) - int($yoe / 100));
	my $mp = int((5 * $doy + 2) / 153);
	my $m = $mp < 10 ? $mp + 3 : $mp - 9;
	return sprintf('%04d-%02d-%02d', $yoe + $era * 400 + ($m <= 2),
		$m, $doy - int((153 * $mp + 2) / 5) + 1);
}

sub days_between { my ($first, $last) = @_; return map { day_text($_) } day_number($first) .. day_number($last) }

sub month_length
{
	my ($y, $m) = @_;
	return 28 + ($y % 4 == 0 && ($y % 100 != 0 || $y % 400 == 0)) if $m == 2;
	return $m == 4 || $m == 6 || $m == 9 || $m == 11 ? 30 : 31;
}

# Text of the guide's form that is a day.
sub is_date
{
	my ($y, $m, $d) = $_[0] =~ /^(\d{4})-(\d\d)-(\d\d)$/ or return 0;
	return $y >= 1 && $m >= 1 && $m <= 12 && $d >= 1 && $d <= month_length($y, $m);
}

my (%special, %published);

sub read_notices
{
	open(my $file, '<', "$FindBin::Bin/../data/holidays.csv") or die "holidays.csv: $!\n";
	while (my $line = <$file>)
	{
		my ($day, $kind) = $line =~ /^(\d{4}-\d\d-\d\d),(holiday|workday),/ or next;
		$special{ day_number($day) } = $kind;
		$published{ substr($day, 0, 4) } = 1;
	}
	close($file);
}

# Working days after one day, up to and including another.
sub workdays
{
	my ($from, $to) = @_;
	my $count = 0;
	for my $n ($from + 1 .. $to)
	{
		my $kind = $special{$n} // '';
		my $weekday = ($n + 3) % 7 < 5;    # 1970-01-01 was a Thursday
		$count++ if $kind eq 'workday' || ($weekday && $kind ne 'holiday');
	}
	return $count;
}

sub six_months_on
{
	my ($y, $m, $d) = split /-/, $_[0];
	$m += 6;
	($y, $m) = ($y + 1, $m - 12) if $m > 12;
	my $length = month_length($y, $m);
	return sprintf('%04d-%02d-%02d', $y, $m, $d > $length ? $length : $d);
}

# 20 working days (第十条), six months (第十二条): '', or the rule broken.  What
# comes after the 20th working day is late, a free day too: so those before the
# day of receipt count.  Of a year without notice every day may be worked, or none.
my %verdict;

sub lateness
{
	my ($issued, $received) = @_;
	return '' if $received le $issued;
	return $verdict{"$issued $received"} //= do
	{
		my ($from, $to) = (day_number($issued), day_number($received));
		read_notices() if !%special;
		my $unknown = 0;
		my $known = 0;
		if ($to - $from > 366)
		{
			$known = 20;
		}
		else
		{
			for my $n ($from + 1 .. $to - 1)
			{
				if ($published{ substr(day_text($n), 0, 4) }) { $known += workdays($n - 1, $n) }
				else { $unknown++ }
			}
		}
		$received gt six_months_on($issued) ? 'date.beyond'
		  : $known >= 20 ? 'date.late'
		  : $known + $unknown < 20 ? ''
		  : 'date.calendar';
	};
}

1;
