# Fault.pm
#	  The faults that can be put into a lawful row, each with its findings.
#
# A fault is [groups it occupies, rules it may give, what it does to (row,
# certificate, row number)]; doing it returns a list of [column, rule].  Two
# faults of one row never share a group, so their findings simply add up.
#
package Fault;
use strict;
use warnings;
use Exporter 'import';
use Lawful;

our @EXPORT = qw(@fault %warning $CERT take_over set_last_row taken_by);

# Type and number are judged together; so are level, number and date.
my @group = (1, 2, 2, 4, 8, 16, 32, 32, 32, 64, 128);
my $DOC = 2;
our $CERT = 32;
my @prefix = qw(name idtype id employer occupation worktype level no date
  evaluator issuer);

our %warning = map { $_ => 1 } qw(name.double_byte idtype.form id.width
  id.case id.pattern id.age level.form no.width no.case no.level_letter
  date.late date.calendar);

our @fault;

sub fault { my ($mask, $rules, $do) = @_; push @fault, [ $mask, $rules, $do ] }

# A fault of one column that puts a made value there and gives one rule.
sub simple
{
	my ($column, $rule, $make) = @_;
	fault($group[$column], $rule, sub {
		my ($row, $cert) = @_;
		$row->[$column] = $make->($row->[$column], $cert);
		return [ $column, $rule ];
	});
}

# The value, or something to damage where it may be empty.
sub filled
{
	my ($column, $value) = @_;
	return $value if length $value;
	return $column == $EMPLOYER ? '石家庄太行机械厂' : '电焊工';
}

# Put text at the front, after the first character, or at the end.
sub insert
{
	my ($value, $text) = @_;
	my $where = int(rand 3);
	return $text . $value if $where == 0;
	return $value . $text if $where == 1;
	$value =~ s/^([\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*)/$1$text/;
	return $value;
}

my @space = (' ', ' ', "\xe3\x80\x80", "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x83",
	"\xef\xbb\xbf", "\xe2\x80\xaf", "\xc2\xad", "\xe2\x81\xa0");
my @control = ("\x01", "\x07", "\x0b", "\x1b", "\x1f", "\x7f", "\xc2\x85", "\xc2\x9f");
my @private = ("\xee\x80\x80", "\xee\xa1\xa3", "\xef\xa3\xbf", "\xf3\xb0\x80\x80",
	"\xf4\x8f\xbf\xbd", "\xef\xb7\x90");
my @error = ('#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!',
	'###', '##########');

sub text_faults
{
	my %max = ($NAME => 40, $EMPLOYER => 100, $OCCUPATION => 80, $WORK => 60,
		$EVALUATOR => 100, $ISSUER => 100);
	for my $c (sort { $a <=> $b } keys %max)
	{
		my $p = $prefix[$c];
		simple($c, "$p.required", sub { '' }) if $c != $EMPLOYER && $c != $WORK;
		simple($c, "$p.length", sub { pick('省', '𠮷', 'x') x ($max{$c} + between(1, 20)) });
		simple($c, "$p.control", sub { insert(filled($c, $_[0]), pick(@control)) });
		simple($c, "$p.space", sub { insert(filled($c, $_[0]), pick(@space)) });
		simple($c, "$p.space", sub { filled($c, $_[0]) . pick("\n", "\r\n", "\t") });
		simple($c, "$p.private_use", sub { insert(filled($c, $_[0]), pick(@private)) });
		simple($c, 'cell.lost', sub { insert(filled($c, $_[0]), pick('?', '???', "\xef\xbf\xbd")) });
	}
	simple($NAME, 'name.masked', sub { pick(@surname) . pick('*', '**', "\xef\xbc\x8a") });
	simple($NAME, 'name.separator', sub { '买买提' . pick("\xe2\x80\xa2", "\xe2\x80\xa7",
		"\xe2\x88\x99", "\xe2\x8b\x85", "\xe3\x83\xbb", "\xef\xbd\xa5", "\xce\x87",
		"\xef\xbc\x8e", '.') . pick(qw(艾力 𠮷 提江)) });
	simple($NAME, 'name.double_byte', sub { '买提' x between(11, 20) });
	simple($WORK, 'worktype.placeholder', sub { pick(qw(无 / - — ― – － ／ \\ NULL null
		  Null N/A n/a 没有 空 暂无)) });
}

# What a spreadsheet does to a cell; what is inside stays as it was.
sub cell_faults
{
	for my $c (0 .. 10)
	{
		my $value = sub {
			my ($old) = @_;
			return pick(@full) if $c == $NAME;
			return $c == $EMPLOYER || $c == $WORK ? filled($c, $old) : $old;
		};
		simple($c, 'cell.error', sub { pick(@error) });
		simple($c, 'cell.formula', sub { '="' . $value->($_[0]) . '"' });
		simple($c, 'cell.apostrophe', sub { "'" . $value->($_[0]) });
		simple($c, 'cell.tab', sub { "\t" . $value->($_[0]) });
	}
	simple($_, 'cell.exponent', sub { between(1, 9) . '.' . digits(pick(1, 5))
		  . pick('E+', 'e+', 'E') . between(4, 21) }) for $ID, $NO, $DATE;
}

# A fault of type and number: the maker gives both, the rules are fixed.
sub document
{
	my ($rules, $make) = @_;
	fault($DOC, $rules, sub {
		my ($row) = @_;
		($row->[$TYPE], $row->[$ID]) = $make->($row);
		return map { [ /^idtype/ ? $TYPE : $ID, $_ ] } split / /, $rules;
	});
}

sub document_faults
{
	my $r = '居民身份证';
	my ($h, $t, $p) = qw(港澳居民居住证 台湾居民居住证 外国人永久居留身份证);
	my @bad_birth = qw(20010229 19000229 19900431 19850230 19921301 19880010 19910500 17991231);
	# 8 and 9 lead to other kinds of document; 0 leads no number.
	my @bad_region = grep { /^[1-7]/ } @no_province;
	my $bad_region = sub { number18(pick(@bad_region) . '0102', some_birth(), between(1, 399)) };
	my $bad_birth = sub { number18(pick(@region), pick(@bad_birth), between(1, 399)) };

	document('idtype.required', sub { '', resident() });
	document('idtype.unknown', sub { pick(qw(身份证 护照 军官证 台胞证 居民身份证明
		  外国人工作许可证 外国人工作许可证(D类))), bad_check(resident()) });
	document('idtype.form', sub { pick("$r ", " $r", '居民 身份证', "《$r》", '居民　身份证'), resident() });
	document('idtype.form', sub { pick(qw(外国人工作许可证（A类） 外国人工作许可证(B类)
		  中华人民共和国外国人工作许可证(C类) 《中华人民共和国外国人工作许可证》（A类）)), '1' . digits(17) });
	document('idtype.form id.checksum', sub { "$r ", bad_check(resident()) });
	document('id.required', sub { pick($r, $p), '' });
	document('id.length', sub { $r, resident() . digits(between(1, 4)) });
	document('id.control', sub { pick($r, $h), substr(resident(), 0, 17) . pick(@control) });
	document('id.space', sub { $r, insert(resident(), pick(@space)) });
	document('id.space', sub { my $n = resident(); $r, join(' ', unpack('a6 a8 a4', $n)) });
	document('id.width', sub { $r, wide(resident()) });
	document('id.case', sub { my $n; do { $n = resident() } until $n =~ /X$/; $r, lc $n });
	document('id.case', sub { $p, lc old_permanent() });
	document('id.width id.case', sub { my $n; do { $n = resident() } until $n =~ /X$/;
		  $r, substr($n, 0, 17) . wide('x') });
	document('id.masked', sub { my $n = resident(); substr($n, 6, 8) = pick('*', "\xef\xbc\x8a") x 8; $r, $n });
	document('id.old15', sub { $r, pick(@region) . substr(some_birth(), 2) . digits(3) });
	document('id.layout', sub { pick($r, $h, $t, $p), substr(resident(), 0, 17) });
	document('id.layout', sub { my $n = resident(); substr($n, between(2, 16), 1) = pick('O', 'X', '-'); $r, $n });
	document('id.kind', sub { $r, pick(hong_kong(), taiwan(), permanent()) });
	document('id.kind', sub { pick($h, $t, $p), resident() });
	document('id.kind', sub { $h, pick(taiwan(), permanent()) });
	document('id.kind id.checksum', sub { $r, bad_check(pick(hong_kong(), taiwan())) });
	document('id.region', sub { $r, $bad_region->() });
	document('id.region', sub { $p, number18('9' . pick(@no_province) . '840', some_birth(), between(1, 99)) });
	document('id.birth_date', sub { $r, $bad_birth->() });
	document('id.birth_date', sub { $h, number18('810000', pick(@bad_birth), between(1, 99)) });
	document('id.checksum', sub { $r, bad_check(resident()) });
	document('id.checksum', sub { $t, bad_check(taiwan()) });
	document('id.checksum', sub { my $n = old_permanent();
		  $p, substr($n, 0, 14) . (substr($n, -1) + between(1, 9)) % 10 });
	document('id.region id.checksum', sub { $r, bad_check($bad_region->()) });
	document('id.birth_date id.checksum', sub { $r, bad_check($bad_birth->()) });
	document('id.damaged', sub { my $n; do { $n = number18(pick(@region), some_birth(), 100 * between(0, 9)) }
		  until $n !~ /0$/; $r, substr($n, 0, 15) . '000' });
	document('id.pattern', sub { '中国护照', pick('A' . digits(8), 'E' . digits(7), resident()) });
	document('id.pattern', sub { '港澳居民来往内地通行证', pick('X' . digits(8), 'H' . digits(9)) });
	document('id.pattern', sub { '台湾居民来往大陆通行证', pick('T' . digits(8), digits(9)) });
	document('id.pattern', sub { '外国护照', 'AB-' . digits(6) });

	# Birth against issue needs the date, so it keeps that, too.
	fault($DOC | $CERT, 'id.age', sub {
		my ($row, $cert) = @_;
		my ($y, $m, $d) = split /-/, $cert->{date};
		my $birth = sprintf('%d%02d%02d', $y - between(1, 15), $m, $d > 28 ? 28 : $d);
		my $bad = rand() < 0.1;
		my $number = number18(pick(@region), $birth, between(1, 399));
		@$row[ $TYPE, $ID ] = ($r, $bad ? bad_check($number) : $number);
		return ([ $ID, 'id.age' ], $bad ? [ $ID, 'id.checksum' ] : ());
	});
	fault($DOC | $CERT, 'id.birth_after_issue', sub {
		my ($row, $cert) = @_;
		my $birth = sprintf('%d%02d%02d', substr($cert->{date}, 0, 4) + between(1, 70),
			between(1, 12), between(1, 28));
		@$row[ $TYPE, $ID ] = ($r, number18(pick(@region), $birth, between(1, 399)));
		return [ $ID, 'id.birth_after_issue' ];
	});
}

# A fault of level, number and date; the maker changes the row itself.
sub certificate
{
	my ($rules, $make) = @_;
	fault($CERT, $rules, sub {
		my ($row, $cert) = @_;
		$make->($row, $cert);
		return map { [ /^level/ ? $LEVEL : /^date/ ? $DATE : $NO, $_ ] } split / /, $rules;
	});
}

sub level_at { my ($row, $c) = @_; substr($row->[$NO], 15, 1) = $c }

sub certificate_faults
{
	simple($LEVEL, 'level.required', sub { '' });
	simple($LEVEL, 'level.unknown', sub { pick(qw(高级 中级 初级 0 6 六级 一级技师 三级/技师)) });
	certificate('level.unknown no.level', sub { $_[0][$LEVEL] = '六级'; level_at($_[0], pick(0, 6 .. 9)) });
	simple($LEVEL, 'level.space', sub { insert($level_name{ $_[1]{digit} }, pick(@space)) });
	simple($LEVEL, 'level.form', sub {
		my $d = $_[1]{digit};
		my ($l, $s) = ($level_name{$d}, $skill{$d});
		return pick("$s/$l", "$l($s)", "$l（$s）", "$s($l)", $s, $d, wide($d), "${d}级", "$l／$s");
	}) for 1 .. 3;

	simple($NO, 'no.required', sub { '' });
	simple($NO, 'no.space', sub { insert($_[0], pick(@space)) });
	simple($NO, 'no.width', sub { substr($_[0], 0, 13) . wide(substr($_[0], 13)) });
	simple($NO, 'no.case', sub { lc $_[0] });
	certificate('no.width no.case', sub { $_[0][$NO] = wide(lc $_[0][$NO]) });
	simple($NO, 'no.masked', sub { substr($_[0], 0, 6) . pick('*', "\xef\xbc\x8a") x 8 . substr($_[0], 14) });
	simple($NO, 'no.old', sub { digits(pick(13, 16)) });
	simple($NO, 'no.rsn', sub { pick('RSN', 'rsn') . digits(17) });
	simple($NO, 'no.length', sub { pick(substr($_[0], 0, 21), $_[0] . '0', substr($_[0], 1), substr($_[0], 0, 12)) });
	simple($NO, 'no.layout', sub { my $n = $_[0]; substr($n, between(1, 14), 1) = pick('O', '-', '年'); $n });
	simple($NO, 'no.layout', sub { pick('0', '8', '中') . substr($_[0], 1) });
	simple($NO, 'no.category', sub { pick(grep { !/[SY]/ } 'A' .. 'Z') . substr($_[0], 1) });
	certificate('no.province', sub { substr($_[0][$NO], 5, 2) = pick(@no_province) });
	certificate('no.year', sub { substr($_[0][$NO], 13, 2) =
		  sprintf('%02d', substr($_[0][$NO], 13, 2) + pick(-1, 1)) });
	certificate('no.level', sub { my $d = $_[1]{digit}; level_at($_[0], pick(grep { $_ ne $d } 0 .. 9)) });
	certificate('no.level', sub { level_at($_[0], pick('A' .. 'Z')) });
	certificate('no.level', sub { $_[0][$LEVEL] = pick(qw(学徒工 特级技师 首席技师)) });
	certificate('no.level_letter', sub { $_[0][$LEVEL] = pick(qw(学徒工 特级技师 首席技师));
		  level_at($_[0], pick('A' .. 'Z')) });
	certificate('no.category no.province no.year', sub { $_[0][$NO] = 'J' . substr($_[0][$NO], 1, 4)
		  . pick(@no_province) . substr($_[0][$NO], 7, 6) . ($_[1]{date} =~ /^2018/ ? '17' : '18')
		  . substr($_[0][$NO], 15) });

	simple($DATE, 'date.required', sub { '' });
	simple($DATE, 'date.space', sub { insert($_[0], pick(@space)) });
	simple($DATE, 'date.form', sub { my ($y, $m, $d) = split /-/, $_[0];
		  pick("$y/$m/$d", "$y$m$d", "$y.$m.$d", "$y年$m月$d日", 43831 + int(rand 2500), wide($_[0]),
			"$y-$m", sprintf('%d/%d/%d', $y, $m, $d)) });
	certificate('date.space date.form', sub { $_[0][$DATE] .= ' 00:00:00' });
	simple($DATE, 'date.real', sub { substr($_[0], 0, 4) . pick(qw(-02-30 -04-31 -13-01 -00-10 -11-00)) });
	simple($DATE, 'date.real', sub { pick(qw(2021-02-29 2023-02-29 0000-01-01)) });
	certificate('date.future no.year', sub { $_[0][$DATE] = '2999' . substr($_[1]{date}, 4, 4) . '28' });
	certificate('date.future', sub { $_[0][$DATE] = '2099-12-31'; substr($_[0][$NO], 13, 2) = '99' });
}

text_faults();
cell_faults();
document_faults();
certificate_faults();

# ---------------------------------------------------------------- duplicates

# The row keeps its number; one or two later rows take the whole certificate
# over, plain or in another notation.  %due holds what they take.
my (%due, $last_row);
sub set_last_row { ($last_row) = @_ }
sub taken_by { my ($row_no) = @_; return delete $due{$row_no} }

sub duplicate
{
	my ($row, $cert, $row_no) = @_;
	my $room = $last_row - $row_no;
	my $taken = 0;
	return if $room < 1;
	for (1 .. (rand() < 0.25 ? 2 : 1))
	{
		my $later = $row_no + 1 + int(rand($room > 5000 ? 5000 : $room));
		next if $due{$later};
		$due{$later} = $cert;
		$taken++;
	}
	return $taken ? [ $NO, 'no.duplicate' ] : ();
}
fault($CERT, 'no.duplicate', \&duplicate) for 1 .. 8;

sub take_over
{
	my ($row) = @_;
	my @how = ([ '', sub { $_[0] } ], [ '', sub { $_[0] } ], [ 'no.case', sub { lc $_[0] } ],
		[ 'no.width', sub { wide(substr($_[0], 0, 7)) . substr($_[0], 7) } ],
		[ 'no.space', sub { insert($_[0], ' ') } ],
		[ 'cell.formula', sub { "=\"$_[0]\"" } ], [ 'cell.apostrophe', sub { "'$_[0]" } ],
		[ 'cell.tab', sub { "\t$_[0]" } ]);
	my ($rule, $make) = @{ pick(@how) };
	$row->[$NO] = $make->($row->[$NO]);
	return ([ $NO, 'no.duplicate' ], $rule ? [ $NO, $rule ] : ());
}

1;
