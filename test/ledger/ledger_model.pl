#!/usr/bin/perl
#
# ledger_model.pl make DIR [sha256|sm3] [ed25519|sm2]
#	A small ledger of known content into DIR: keys, heads, evidence, export.
# ledger_model.pl tamper DIR
#	DIR/bundle.json with one thing changed at a time: DIR/tampered/N.json, and
#	a line "N TAB what was changed TAB refused|accepted" for each on stdout.
# ledger_model.pl check DIR
#	A dump of the ledger's tables in DIR against its heads: prints problems.
#	Files are as psql -XAtq prints row_to_json(t), one row a line:
#	ledger (the row), ledger_act (recorded_at in microseconds since 1970),
#	ledger_entry, ledger_order, ledger_tile, ledger_head; and, if it is there,
#	export (certdata.export_ledger).  Exit status 1 if there are problems.
#
# Written from doc/ledger.md alone (Ledger.pm), for tests of the C.

use strict;
use warnings;
use utf8;
use File::Basename;
use lib dirname(__FILE__);
use Ledger qw(digest act_data entry_body entry_data leaf_hash previous_of salts_digest commitment
  root inclusion consistency tiles note read_file write_file b64 hex_of bytes_of);
use LedgerCheck;
use LedgerTamper;
use JSON::PP;

binmode STDOUT, ':encoding(UTF-8)';
my $json = JSON::PP->new->utf8->canonical;

my $table = '3f2c1a00-0000-4000-8000-00000000000a';
my $other_table = '3f2c1a00-0000-4000-8000-00000000000b';
my ($one, $renumbered, $another) = qw(S000013000002003000001 S000013000002003000009 S000013000002003000002);

# ---- a ledger as it grows: acts with entries, and what is hashed ----

my (@leaf, @act, @entry, %last, $salt);

sub act
{
	my ($kind, $more, @entries) = @_;
	my $act = {
		(map { $_ => undef } @Ledger::act_fields),
		id => 101 + @act, incarnation => 1, transaction => '' . (744 + @act), statement_id => 101 + @act, kind => $kind,
		attachment => @entries ? $table : undef, shape => @entries ? 3 : 0, entries => scalar @entries,
		recorded_at => 1795830000000000 + 3600000001 * @act, session_user_name => 'app', current_user_name => '专管员',
		application_name => '', address => '10.0.0.7', %$more, leaf => scalar @leaf
	};
	push @act, $act;
	push @leaf, leaf_hash(my $data = act_data($act));
	my $act_hash = $leaf[-1];
	$act->{data} = $data;
	my $n = 0;
	for my $e (@entries)
	{
		$e->{n}    = ++$n;
		$e->{leaf} = @leaf;
		$e->{act}  = $act;
		$e->{data} = entry_data($e, $act_hash, $n);
		push @leaf,  leaf_hash($e->{data});
		push @entry, $e;
	}
	return;
}

# A life goes on: KEY is a name of ours for the certificate
sub entry
{
	my ($key, $cert_no, $state, $changed, %part) = @_;
	my $before = $last{$key};
	my @letters = grep { exists $part{$_} } qw(N D R O);
	my @salts = map { digest('salt', $key, $cert_no, $_, ++$salt) } @letters;
	$_ = substr $_, 0, 16 for @salts;
	my $e = {
		shape => 3, cert_no => $cert_no, life_seq => $part{seq} // ($before ? $before->{life_seq} + 1 : 1), state => $state, changed => $changed,
		previous => $before ? hex_of(previous_of($before)) : undef,
		salts_digest => @letters ? hex_of(salts_digest(join('', @salts), scalar @salts)) : undef,
		commitments => @letters ? hex_of(join '', map { commitment($salts[$_], $letters[$_], $part{ $letters[$_] }) } 0 .. $#letters) : undef,
		known => [ map { { part => $letters[$_], salt => hex_of($salts[$_]), what => $part{ $letters[$_] } } } 0 .. $#letters ]
	};
	return $last{$key} = $e;
}

sub image
{
	my ($cert_no, $name) = @_;
	return (
		N => { 姓名 => $name },
		D => { 证件类型 => '居民身份证', 证件号码 => '11010519491231002X' },
		R => { 职业名称 => '电工', 职业技能等级 => '三级', 证书编号 => $cert_no, 发证日期 => '2022-02-09', 评价机构 => '甲校', 发证机构 => '甲校' });
}

sub grow
{
	my $fork = shift;
	act('start_ledger', { detail => '{"algorithm": "' . Ledger::algorithm() . '"}' });
	act('insert', {}, entry('other', $another, 4, 0, image($another, '李四')), entry('one', $one, 4, 0, image($one, '张三')));
	act('seal', { detail => '{"leaves": "4", "horizon": "745"}' });
	act('correct', { reason => $fork ? '另一个原因' : '录入错误', approval => '批〔2026〕1号', exception => 'correction.one_item: 法院判决', actor => "赵六\n", actor_org => '河北省' },
		entry('one', $one, 5, 1, image($one, '张叁'), O => '{"姓名": "张三"}'));
	act('suspend', { reason => '复核' }, entry('one', $one, 13, 0), entry('other', $another, 12, 0));
	act('seal', { detail => '{"leaves": "10", "horizon": "747"}' });
	my $leaving = entry('one', $one, 5 | 64, 128, O => qq({"renumbered_to": "$renumbered"}));
	my $arriving = entry('one', $renumbered, 5, 128, image($renumbered, '张叁'), O => qq({"证书编号": "$one"}));
	act('renumber', { reason => '编号重复', address => undef, application_name => undef }, $leaving, $arriving);
	act('retire', { reason => '作废' }, entry('one', $renumbered, 21, 0));
	act('insert', { attachment => $other_table, shape => 5 }, entry('stranger', $renumbered, 4, 0, image($renumbered, '王五')));
	act('seal', { detail => '{"leaves": "18", "horizon": "750"}' });
}

# ---- evidence ----

sub proof { my ($leaf, $size) = @_; return [ map { b64($_) } inclusion($leaf, @leaf[ 0 .. $size - 1 ]) ] }

# The first entries of the life KEY, as evidence for the tree of that size
sub bundle
{
	my ($origin, $size, $head, $key, @sizes) = @_;
	my @life = grep { $_->{leaf} < $size } @$key;
	my (@acts, %place);
	for my $e (@life)
	{
		my $a = $e->{act};
		next if exists $place{ $a->{id} };
		$place{ $a->{id} } = @acts;
		push @acts, { (map { $_ => $a->{$_} } @Ledger::act_fields, 'leaf'), proof => proof($a->{leaf}, $size) };
	}
	my @entries = map { my $e = $_; +{
		(map { $_ => $e->{$_} } @Ledger::entry_fields, 'leaf', 'n'),
		act => $place{ $e->{act}{id} }, proof => proof($e->{leaf}, $size),
		disclosed => [ map { disclosed($_) } @{ $e->{known} } ] } } @life;
	return {
		format => 'certdata-evidence/1', ledger => $origin =~ s!^certdata/!!r, algorithm => Ledger::algorithm(), origin => $origin,
		table => 'public.registry', cert_no => $life[-1]{cert_no}, head => Encode::decode('UTF-8', $head), acts => \@acts, entries => \@entries,
		consistency => [ map { { size => $_, proof => [ map { b64($_) } consistency($_, @leaf[ 0 .. $size - 1 ]) ] } } @sizes ] };
}

sub disclosed
{
	my $k = shift;
	return { part => 'O', salt => $k->{salt}, text => $k->{what} } if $k->{part} eq 'O';
	return { part => $k->{part}, salt => $k->{salt}, values => { map { $_ => $k->{what}{$_} } Ledger::part_names($k->{part}) } };
}

sub export { my $size = shift; my %data = map { $_->{leaf} => $_->{data} } @act, @entry; return join '', map { "$_\t" . b64($data{$_}) . "\n" } 0 .. $size - 1 }
sub sizes { return map { $_->{leaf} + 1 } grep { $_->{kind} eq 'seal' } @act }

sub make
{
	my ($dir, $algorithm, $type) = @_;
	Ledger::algorithm($algorithm // 'sha256');
	my $key   = Ledger::make_key($dir, 'key',   $type // 'ed25519');
	my $wrong = Ledger::make_key($dir, 'wrong', $type // 'ed25519');
	my $origin = 'certdata/5a1b2c3d-0000-4000-8000-0000000000ff';

	# a fork: the same beginning up to the first head, another act after it
	grow(1);
	my ($fork_size) = (sizes())[1];
	write_file("$dir/fork.head", note($origin, $fork_size, root(@leaf[ 0 .. $fork_size - 1 ]), $key, $dir));
	write_file("$dir/fork.export", export(scalar @leaf));
	(@leaf, @act, @entry, %last, $salt) = ();

	grow(0);
	my @life  = grep { my $e = $_; $e->{cert_no} eq $one || ($e->{cert_no} eq $renumbered && $e->{act}{attachment} eq $table) } @entry;
	my @sizes = sizes();
	my %head;
	for my $size (@sizes)
	{
		my $root = root(@leaf[ 0 .. $size - 1 ]);
		$head{$size} = note($origin, $size, $root, $key, $dir);
		write_file("$dir/$size.head", $head{$size});
		write_file("$dir/unsigned.$size.head", note($origin, $size, $root));
	}
	my $size = $sizes[-1];
	write_file("$dir/sizes", "@sizes\n");
	write_file("$dir/wrong.head", note($origin, $sizes[0], root(@leaf[ 0 .. $sizes[0] - 1 ]), $wrong, $dir));
	write_file("$dir/stranger.head", note('certdata/5a1b2c3d-0000-4000-8000-0000000000fe', $sizes[0], root(@leaf[ 0 .. $sizes[0] - 1 ]), $key, $dir));
	write_file("$dir/export", export($size));
	write_file("$dir/short.export", export($size - 1));
	write_file("$dir/bundle.json", $json->encode(bundle($origin, $size, $head{$size}, \@life, @sizes[ 0 .. 1 ])));
	write_file("$dir/noproof.json", $json->encode(bundle($origin, $size, $head{$size}, \@life)));
	write_file("$dir/unsigned.json", $json->encode(bundle($origin, $size, note($origin, $size, root(@leaf)), \@life)));
	write_file("$dir/forged.json", $json->encode(bundle($origin, $size, note($origin, $size, root(@leaf), { %$key, file => $wrong->{file} }, $dir), \@life)));
	write_file("$dir/old.json", $json->encode(bundle($origin, $sizes[1], $head{ $sizes[1] }, \@life, $sizes[0])));
	write_file("$dir/cut.json", $json->encode(bundle($origin, $size, $head{$size}, [ @life[ 0 .. $#life - 1 ] ])));
	write_file("$dir/left.json", $json->encode(bundle($origin, $size, $head{$size}, [ @life[ 0 .. 3 ] ])));
	write_file("$dir/gap.json", $json->encode(bundle($origin, $size, $head{$size}, [ @life[ 0, 2 .. $#life ] ])));
	write_file("$dir/late.json", $json->encode(bundle($origin, $size, $head{$size}, [ @life[ 1 .. $#life ] ])));
	my ($spliced) = grep { $_->{cert_no} eq $another && $_->{life_seq} == 2 } @entry;
	write_file("$dir/spliced.json", $json->encode(bundle($origin, $size, $head{$size}, [ @life[ 0 .. 1 ], $spliced, @life[ 3 .. $#life ] ])));
	dump_tables("$dir/dump", @sizes);
	my @before = grep { $_->{cert_no} eq $renumbered && $_->{act}{attachment} eq $other_table } @entry;
	write_file("$dir/stranger.json", $json->encode(bundle($origin, $size, $head{$size}, \@before)));
}

# The ledger's tables as psql would print them
sub dump_tables
{
	my ($dir, @sizes) = @_;
	my $tiles = tiles(@leaf);
	my $rows = sub { my $name = shift; write_file("$dir/$name", join '', map { $json->encode($_) . "\n" } @_) };
	mkdir $dir;
	$rows->('ledger', { algorithm => Ledger::algorithm() });
	$rows->('ledger_act', map { my $a = $_; +{ map { $_ => $a->{$_} } @Ledger::act_fields } } @act);
	$rows->('ledger_entry', map { my $e = $_; +{
		(map { $_ => $e->{$_} } qw(n shape cert_no life_seq state changed)), act => $e->{act}{id},
		(map { $_ => defined $e->{$_} ? "\\x$e->{$_}" : undef } qw(previous commitments)),
		salts => @{ $e->{known} } ? '\\x' . join('', map { $_->{salt} } @{ $e->{known} }) : undef } } @entry);
	$rows->('ledger_order', map { { first_leaf => $_->{leaf}, act => $_->{id} } } @act);
	$rows->('ledger_tile', map { my ($level, $number) = split m!/!; +{ level => $level, number => $number, hashes => '\\x' . hex_of($tiles->{$_}) } } keys %$tiles);
	$rows->('ledger_head', map { { size => $_, root => '\\x' . hex_of(root(@leaf[ 0 .. $_ - 1 ])) } } @sizes);
	write_file("$dir/export", export(scalar @leaf));
}

my ($mode, $dir, @rest) = @ARGV;
die "usage: ledger_model.pl make|tamper|check DIR ...\n" if !defined $dir || ($mode // '') !~ /^(make|tamper|check)$/;
if    ($mode eq 'make')   { make($dir, @rest) }
elsif ($mode eq 'tamper') { LedgerTamper::all($dir, @rest) }
else                      { exit(LedgerCheck::all($dir) ? 1 : 0) }
