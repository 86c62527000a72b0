package LedgerCheck;

# A dump of the ledger's tables, recomputed.

use strict;
use warnings;
use JSON::PP;
use MIME::Base64 ();
use Ledger qw(act_data entry_body entry_data leaf_hash previous_of salts_digest root tiles read_file hex_of bytes_of);

my $json = JSON::PP->new->utf8->allow_bignum(0);
my ($dir, $problems);

sub problem { print @_, "\n"; $problems++; return }

sub rows
{
	my $name = shift;
	return () if !-e "$dir/$name";
	return map { $json->decode($_) } grep { /\S/ } split /\n/, read_file("$dir/$name");
}

# A row of ledger_entry as what is hashed
sub entry_of
{
	my $row   = shift;
	my $salts = bytes_of($row->{salts});
	my %e     = map { $_ => $row->{$_} } @Ledger::entry_fields;
	$e{$_} = hex_of(bytes_of($row->{$_})) for qw(previous commitments);
	$e{salts_digest} = defined $salts && fits($salts, $e{commitments}) ? hex_of(salts_digest($salts, length($e{commitments}) / 64)) : undef;
	return \%e;
}

# How long salts may be: all there, or some or all erased
my %lengths = (1 => [16, 32], 3 => [48, 32], 4 => [64, 80, 48, 32]);
sub fits { my ($salts, $commitments) = @_; return scalar grep { $_ == length $salts } @{ $lengths{ length($commitments // '') / 64 } // [] } }

sub check_shape
{
	my ($where, $row, $e) = @_;
	my $bytes = defined $e->{commitments} ? length($e->{commitments}) / 2 : 0;
	problem("$where: commitments of $bytes bytes") if $bytes !~ /^(0|32|96|128)$/;
	my $salts = bytes_of($row->{salts});
	problem("$where: salts and commitments do not fit together")
	  if defined $salts ? !fits($salts, $e->{commitments}) : $bytes > 0;
	problem("$where: previous of another length") if defined $e->{previous} && length $e->{previous} != 64;
}

# Leaf data in the order of the tree
sub leaves
{
	my (%act, %entries, @data, %life);
	$act{ $_->{id} } = $_ for rows('ledger_act');
	push @{ $entries{ $_->{act} } }, $_ for rows('ledger_entry');
	my %body;
	for my $row (map { @$_ } values %entries)
	{
		$body{ hex_of(previous_of(entry_of($row))) } = $row;
	}
	for my $place (sort { $a->{first_leaf} <=> $b->{first_leaf} } rows('ledger_order'))
	{
		my $act = $act{ $place->{act} };
		problem("act $place->{act} is in the order and not in the table"), next if !$act;
		problem("act $act->{id} begins at leaf $place->{first_leaf}, not at " . @data) if $place->{first_leaf} != @data;
		push @data, act_data($act);
		my $act_hash = leaf_hash($data[-1]);
		my @own = sort { $a->{n} <=> $b->{n} } @{ $entries{ $act->{id} } // [] };
		problem("act $act->{id} has " . @own . " entries, not $act->{entries}") if @own != $act->{entries};
		for my $i (0 .. $#own)
		{
			my $where = "entry $own[$i]{n} of act $act->{id}";
			my $e     = entry_of($own[$i]);
			problem("$where: is not in its place") if $own[$i]{n} != $i + 1;
			check_shape($where, $own[$i], $e);
			check_previous($where, $e, \%body, \%life);
			push @data, entry_data($e, $act_hash, $own[$i]{n});
		}
	}
	return @data;
}

# previous is the body of exactly one entry, which nothing else follows
sub check_previous
{
	my ($where, $e, $body, $life) = @_;
	return if !defined $e->{previous};
	my $before = $body->{ $e->{previous} };
	return problem("$where: follows an entry that is not there") if !$before;
	problem("$where: another entry follows the same one") if $life->{ $e->{previous} }++;
	my $renumbered = $before->{state} & 64;
	problem("$where: another number than the entry before") if !$renumbered && $before->{cert_no} ne $e->{cert_no};
	problem("$where: place $e->{life_seq} after $before->{life_seq}")
	  if $e->{life_seq} <= $before->{life_seq} || (!$renumbered && $e->{life_seq} != $before->{life_seq} + 1);
}

sub check_tiles
{
	my @hash = @_;
	my $right = tiles(@hash);
	my %seen;
	for my $row (rows('ledger_tile'))
	{
		my $name = "$row->{level}/$row->{number}";
		$seen{$name}++;
		problem("tile $name should not be") if !defined $right->{$name};
		problem("tile $name is another") if defined $right->{$name} && bytes_of($row->{hashes}) ne $right->{$name};
	}
	for my $name (sort keys %$right) { problem("tile $name is missing") if !$seen{$name} }
}

sub check_export
{
	my @data = @_;
	return if !-e "$dir/export";
	my @line = split /\n/, read_file("$dir/export");
	problem('the export has ' . @line . ' leaves, not ' . @data) if @line != @data;
	for my $i (0 .. $#line)
	{
		my ($index, $base64) = split /\t/, $line[$i];
		problem("line $i of the export is another")
		  if $index ne $i || $i > $#data || MIME::Base64::decode_base64($base64) ne $data[$i];
	}
}

# Returns the number of problems.
sub all
{
	($dir, $problems) = (shift, 0);
	my ($ledger) = rows('ledger');
	Ledger::algorithm($ledger->{algorithm});
	my @data = leaves();
	my @hash = map { leaf_hash($_) } @data;
	check_tiles(@hash);
	check_export(@data);
	my $newest = 0;
	for my $head (rows('ledger_head'))
	{
		problem("the head of $head->{size} leaves is beyond the order"), next if $head->{size} > @hash;
		problem("the head of $head->{size} leaves has another root")
		  if bytes_of($head->{root}) ne root(@hash[ 0 .. $head->{size} - 1 ]);
		$newest = $head->{size} if $head->{size} > $newest;
	}
	problem("the newest head has $newest leaves, the order " . @hash) if $newest != @hash;
	print "# ", scalar @hash, " leaves, $problems problems\n";
	return $problems;
}

1;
