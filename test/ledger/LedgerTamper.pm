package LedgerTamper;

# Evidence with one thing changed at a time, and whether it may still be believed.

use strict;
use warnings;
use utf8;
use JSON::PP;
use Ledger qw(read_file write_file);

my $json = JSON::PP->new->utf8->canonical;
my ($count, $dir, $whole, $untouched, $kept);

# What no hash covers and the reader is told so, or what was not asked for.
sub harmless
{
	my ($path, $how) = @_;
	return 1 if $path eq '/table' && $how eq 'changed';
	# the last entry: nothing in the bundle tells, and the reader is told so
	return 1 if $path eq "/entries/$#{ $untouched->{entries} }" && $how eq 'element removed';
	# values not disclosed after all; a proof from a head that nobody kept
	return 1 if $how eq 'element removed' && $path =~ m!/disclosed/\d+$!;
	return 1 if $path =~ m!^/consistency/(\d+)! && $untouched->{consistency}[$1]{size} != $kept && $how =~ /^(changed|element removed)$/;
	# an empty value and none are the same
	return 1 if $path =~ m!/values/! && $how =~ /^(removed|null)$/ && !length(at($path) // '');
	return 0;
}

sub at
{
	my $v = $untouched;
	$v = ref $v eq 'HASH' ? $v->{$_} : $v->[$_] for grep { length } split m!/!, shift;
	return $v;
}

sub put
{
	my ($path, $how) = @_;
	$count++;
	write_file("$dir/tampered/$count.json", $json->encode($whole));
	print join("\t", $count, "$path $how", harmless($path, $how) ? 'accepted' : 'refused'), "\n";
}

# Another value of the same form
sub other
{
	my ($path, $v) = @_;
	return $path =~ /(previous|salts_digest|commitments)$/ ? '00' x 32 : 'x' if !defined $v;
	return $v + 1 if $v =~ /^\d+$/ && $path !~ /transaction|cert_no|values/;
	return $v =~ s/(.)$/$1 eq '0' ? '1' : '0'/er if $path =~ /previous|salt|commitments|transaction|ledger|attachment/;
	return $v =~ s/^(.)/$1 eq 'B' ? 'C' : 'B'/er if $path =~ /proof/;
	return "${v}x";
}

sub walk
{
	my ($path, $v) = @_;
	if (ref $v eq 'HASH')
	{
		for my $name (sort keys %$v)
		{
			one("$path/$name", \$v->{$name});
			my $old = delete $v->{$name};
			put("$path/$name", 'removed');
			$v->{$name} = $old;
		}
		$v->{'extra'} = 'x';
		put("$path/extra", 'added');
		delete $v->{'extra'};
	}
	else
	{
		for my $i (0 .. $#$v)
		{
			one("$path/$i", \$v->[$i]);
			my ($old) = splice @$v, $i, 1;
			put("$path/$i", 'element removed');
			splice @$v, $i, 0, $old;
		}
	}
}

sub one
{
	my ($path, $ref) = @_;
	return walk($path, $$ref) if ref $$ref;
	my $old = $$ref;
	my $number = defined $old && "$old" =~ /^\d+$/ && $path !~ /transaction|cert_no|values/;
	$$ref = other($path, $old);
	put($path, 'changed');
	if (defined $old && !$number)
	{
		$$ref = undef;
		put($path, 'null');
	}
	$$ref = $number ? 0 + $old : $old;	# a number that was matched is text to JSON::PP
}

# KEPT: the size of the head that the reader kept
sub all
{
	($dir, $kept) = @_;
	mkdir "$dir/tampered";
	$untouched = $json->decode(read_file("$dir/bundle.json"));
	$whole     = $json->decode(read_file("$dir/bundle.json"));
	walk('', $whole);
}

1;
