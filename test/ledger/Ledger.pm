package Ledger;

# The ledger's format, written down a second time from doc/ledger.md: shares no
# code with the library.  SHA-256 is Perl's, SM3 is below (GB/T 32905),
# signatures are the openssl command's.

use strict;
use warnings;
use Digest::SHA ();
use Encode      ();
use MIME::Base64 ();
use Exporter 'import';
our @EXPORT_OK = qw(digest list act_data entry_body entry_data leaf_hash previous_of salts_digest
  commitment part_value root inclusion consistency tiles note read_file write_file sign_with
  key_id b64 hex_of bytes_of);

my $algorithm = 'sha256';
sub algorithm { $algorithm = shift if @_; return $algorithm }

# ---- digests ----

sub rotate { my ($x, $n) = @_; $n %= 32; return (($x << $n) | ($x >> (32 - $n))) & 0xFFFFFFFF }

sub sm3_block
{
	my ($v, $block) = @_;
	my @w = unpack 'N16', $block;
	for my $j (16 .. 67)
	{
		my $x = $w[$j - 16] ^ $w[$j - 9] ^ rotate($w[$j - 3], 15);
		push @w, $x ^ rotate($x, 15) ^ rotate($x, 23) ^ rotate($w[$j - 13], 7) ^ $w[$j - 6];
	}
	my ($a, $b, $c, $d, $e, $f, $g, $h) = @$v;
	for my $j (0 .. 63)
	{
		my $t   = $j < 16 ? 0x79CC4519 : 0x7A879D8A;
		my $ss1 = rotate((rotate($a, 12) + $e + rotate($t, $j)) & 0xFFFFFFFF, 7);
		my $ss2 = $ss1 ^ rotate($a, 12);
		my $ff  = $j < 16 ? $a ^ $b ^ $c : ($a & $b) | ($a & $c) | ($b & $c);
		my $gg  = $j < 16 ? $e ^ $f ^ $g : ($e & $f) | (~$e & 0xFFFFFFFF & $g);
		my $tt1 = ($ff + $d + $ss2 + ($w[$j] ^ $w[$j + 4])) & 0xFFFFFFFF;
		my $tt2 = ($gg + $h + $ss1 + $w[$j]) & 0xFFFFFFFF;
		($d, $c, $b, $a) = ($c, rotate($b, 9), $a, $tt1);
		($h, $g, $f, $e) = ($g, rotate($f, 19), $e, $tt2 ^ rotate($tt2, 9) ^ rotate($tt2, 17));
	}
	my @new = ($a, $b, $c, $d, $e, $f, $g, $h);
	return [ map { $v->[$_] ^ $new[$_] } 0 .. 7 ];
}

sub sm3
{
	my $data = shift;
	my $v = [ 0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E ];
	my $bits = length($data) * 8;
	$data .= "\x80";
	$data .= "\0" while length($data) % 64 != 56;
	$data .= pack 'Q>', $bits;
	$v = sm3_block($v, substr $data, $_ * 64, 64) for 0 .. length($data) / 64 - 1;
	return pack 'N8', @$v;
}

sub digest { my $data = join '', @_; return $algorithm eq 'sm3' ? sm3($data) : Digest::SHA::sha256($data) }

# ---- values: undef is null, texts are character strings, [bytes] are bytes ----

sub b64 { return MIME::Base64::encode_base64(shift, '') }
sub hex_of { my $bytes = shift; return defined $bytes ? unpack('H*', $bytes) : undef }
sub bytes_of { my $hex = shift; return defined $hex ? pack('H*', $hex =~ s/^\\x//r) : undef }

sub list
{
	return join '', map {
		my $v = ref $_ ? $_->[0] : defined $_ ? Encode::encode('UTF-8', $_) : undef;
		defined $v ? pack('N', length $v) . $v : "\xff\xff\xff\xff"
	} @_;
}
sub digest_value { my $hex = shift; return defined $hex ? [ bytes_of($hex) ] : undef }

our @act_fields = qw(id incarnation transaction statement_id kind attachment shape entries recorded_at
  session_user_name current_user_name address application_name actor actor_org reason approval exception detail);
our @entry_fields = qw(shape cert_no life_seq state changed previous salts_digest commitments);

# Hashes with those names; digests in hexadecimal.
sub act_data { my $act = shift; return list('certdata-act/1', @$act{@act_fields}) }

sub entry_body
{
	my $e = shift;
	return list(@$e{qw(shape cert_no life_seq state changed)}, map { digest_value($e->{$_}) } qw(previous salts_digest commitments));
}

sub entry_data
{
	my ($e, $act_hash, $n) = @_;
	return list('certdata-entry/1', [$act_hash], $n) . entry_body($e);
}
sub leaf_hash    { return digest("\x00", shift) }
sub previous_of  { return digest("\x03", entry_body(shift)) }

# The column salts as it stands, for so many commitments; what was erased is there as its digest
sub salts_digest
{
	my ($salts, $n) = @_;
	return $salts if length $salts == 32;
	return digest("\x04", $salts) if $n != 4;
	my $split = { 64 => 48, 80 => 48, 48 => 32 }->{ length $salts } // die "salts of another length\n";
	my ($image, $old) = (substr($salts, 0, $split), substr($salts, $split));
	return digest("\x04", $split == 48 ? digest("\x04", $image) : $image, length $old == 16 ? digest("\x04", $old) : $old);
}

my %part = (
	D => [qw(证件类型 证件号码)],
	R => [qw(所在单位 职业名称 工种名称 职业技能等级 证书编号 发证日期 评价机构 发证机构)]);
for my $names (values %part) { utf8::decode($_) for @$names }
my $name_header = '姓名';
utf8::decode($name_header);

# letter, and what: {header => value}, or the text for O
sub part_value
{
	my ($letter, $what) = @_;
	return Encode::encode('UTF-8', $what) if $letter eq 'O';
	return Encode::encode('UTF-8', $what->{$name_header} // '') if $letter eq 'N';
	return list(map { $what->{$_} // '' } @{ $part{$letter} });
}
sub part_names { my $letter = shift; return $letter eq 'N' ? ($name_header) : @{ $part{$letter} } }
sub commitment { my ($salt, $letter, $what) = @_; return digest($salt, $letter, part_value($letter, $what)) }

# ---- the tree, by the definitions of RFC 6962 section 2.1 ----

sub node { return digest("\x01", @_) }
sub split_at { my $n = shift; my $k = 1; $k *= 2 while $k * 2 < $n; return $k }

sub root
{
	my @leaf = @_;
	return digest('') if !@leaf;
	return $leaf[0] if @leaf == 1;
	my $k = split_at(scalar @leaf);
	return node(root(@leaf[ 0 .. $k - 1 ]), root(@leaf[ $k .. $#leaf ]));
}

# PATH(m, D[n])
sub inclusion
{
	my ($m, @leaf) = @_;
	return () if @leaf == 1;
	my $k = split_at(scalar @leaf);
	return $m < $k
	  ? (inclusion($m, @leaf[ 0 .. $k - 1 ]), root(@leaf[ $k .. $#leaf ]))
	  : (inclusion($m - $k, @leaf[ $k .. $#leaf ]), root(@leaf[ 0 .. $k - 1 ]));
}

# PROOF(m, D[n])
sub consistency { my ($m, @leaf) = @_; return subproof($m, 1, @leaf) }

sub subproof
{
	my ($m, $whole, @leaf) = @_;
	return $whole ? () : (root(@leaf)) if $m == @leaf;
	my $k = split_at(scalar @leaf);
	return $m <= $k
	  ? (subproof($m, $whole, @leaf[ 0 .. $k - 1 ]), root(@leaf[ $k .. $#leaf ]))
	  : (subproof($m - $k, 0, @leaf[ $k .. $#leaf ]), root(@leaf[ 0 .. $k - 1 ]));
}

# {"level/number" => hashes}
sub tiles
{
	my @hash = @_;
	my %tile;
	for (my $level = 0; @hash; $level++)
	{
		my @up;
		for (my $t = 0; $t * 256 < @hash; $t++)
		{
			my $last = $t * 256 + 255 < $#hash ? $t * 256 + 255 : $#hash;
			my @of   = @hash[ $t * 256 .. $last ];
			$tile{"$level/$t"} = join '', @of;
			push @up, root(@of) if @of == 256;
		}
		@hash = @up;
	}
	return \%tile;
}

# ---- heads ----

sub read_file { my $path = shift; local $/; open my $f, '<:raw', $path or die "$path: $!\n"; return scalar <$f> }
sub write_file { my ($path, $data) = @_; open my $f, '>:raw', $path or die "$path: $!\n"; print $f $data; close $f or die "$path: $!\n" }

# DIR/NAME.pem and DIR/NAME.pub.pem; type: ed25519 or sm2
sub make_key
{
	my ($dir, $name, $type) = @_;
	my @how = $type eq 'sm2' ? (qw(-algorithm EC -pkeyopt ec_paramgen_curve:SM2 -pkeyopt ec_param_enc:named_curve)) : (qw(-algorithm ED25519));
	run('openssl', 'genpkey', @how, '-out', "$dir/$name.pem");
	run('openssl', 'pkey', '-in', "$dir/$name.pem", '-pubout', '-out', "$dir/$name.pub.pem");
	return { type => $type, file => "$dir/$name.pem", raw => raw_key("$dir/$name.pub.pem", $type) };
}

sub run { system { $_[0] } @_; die "failed: @_\n" if $? != 0 }

# The last bytes of SubjectPublicKeyInfo.
sub raw_key
{
	my ($file, $type) = @_;
	open my $p, '-|', 'openssl', 'pkey', '-pubin', '-in', $file, '-outform', 'DER' or die;
	binmode $p;
	my $der = do { local $/; <$p> };
	return substr $der, $type eq 'sm2' ? -65 : -32;
}

sub key_id
{
	my ($key, $name) = @_;
	my $type = $key->{type} eq 'sm2' ? "\xffcertdata-sm2-sm3" : $algorithm eq 'sm3' ? "\xffcertdata-ed25519" : "\x01";
	return substr Digest::SHA::sha256("$name\n$type$key->{raw}"), 0, 4;
}

sub sign_with
{
	my ($key, $message, $dir) = @_;
	my @how = $key->{type} eq 'sm2' ? (qw(-digest sm3 -pkeyopt distid:1234567812345678)) : ();
	write_file("$dir/message", $message);
	run('openssl', 'pkeyutl', '-sign', '-rawin', @how, '-inkey', $key->{file}, '-in', "$dir/message", '-out', "$dir/signature");
	return read_file("$dir/signature");
}

# A checkpoint, signed if there is a key
sub note
{
	my ($origin, $size, $root, $key, $dir) = @_;
	my $body = "$origin\n$size\n" . b64($root) . "\n" . ($algorithm eq 'sm3' ? "hash sm3\n" : '');
	return "$body\n" if !$key;
	return "$body\n\xe2\x80\x94 $origin " . b64(key_id($key, $origin) . sign_with($key, $body, $dir)) . "\n";
}

1;
