# Lawful.pm
#	  Rows of a report that are lawful by construction.
#
# Strings are UTF-8 bytes.  Nothing here looks at a clock: dates end at
# 2026-11-20.  All chance comes from rand, so a seed decides everything.
#
package Lawful;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(
  $NAME $TYPE $ID $EMPLOYER $OCCUPATION $WORK $LEVEL $NO $DATE $EVALUATOR $ISSUER
  @header @surname @full @region @province @no_province %level_name %skill
  pick between digits number18 bad_check old_permanent wide some_birth
  resident hong_kong taiwan permanent all_days set_days new_certificate new_row);

# The columns, by the names of the guide's Annex 1.
our ($NAME, $TYPE, $ID, $EMPLOYER, $OCCUPATION, $WORK, $LEVEL, $NO, $DATE,
	$EVALUATOR, $ISSUER) = (0 .. 10);
our @header = qw(姓名 证件类型 证件号码 所在单位 职业名称 工种名称
  职业技能等级 证书编号 发证日期 评价机构 发证机构);

# ---------------------------------------------------------------- chance

sub pick { return $_[ int(rand(@_)) ] }
sub between { my ($low, $high) = @_; return $low + int(rand($high - $low + 1)) }
sub digits { my ($n) = @_; return join('', map { int(rand(10)) } 1 .. $n) }

# ---------------------------------------------------------------- numbers

# GB 11643-1999: the check character over 17 digits.  The three parts that
# numbers are made of have their share of the weighted sum remembered.
my @weight = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
my @check = split //, '10X98765432';
my (%region_sum, %birth_sum, @seq_sum);

sub part_sum
{
	my ($text, $from) = @_;
	my $sum = 0;
	$sum += substr($text, $_, 1) * $weight[ $from + $_ ]
	  for 0 .. length($text) - 1;
	return $sum;
}

# An 18-character number of region (6), birth (8) and sequence.
sub number18
{
	my ($region, $birth, $seq) = @_;
	my $sum =
	  ($region_sum{$region} //= part_sum($region, 0)) +
	  ($birth_sum{$birth} //= part_sum($birth, 6)) +
	  ($seq_sum[$seq] //= part_sum(sprintf('%03d', $seq), 14));
	return $region . $birth . sprintf('%03d', $seq) . $check[ $sum % 11 ];
}

# The number with a check character that is wrong and not a 0.
sub bad_check
{
	my ($number) = @_;
	my $right = substr($number, -1);
	return substr($number, 0, 17) . pick(grep { $_ ne $right } 1 .. 9, 'X');
}

# ICAO 9303 over 14 characters, weights 7 3 1.
sub icao
{
	my ($text) = @_;
	my ($sum, $i) = (0, 0);
	for my $c (split //, $text)
	{
		my $value = $c =~ /\d/ ? $c : ord($c) - ord('A') + 10;
		$sum += $value * (7, 3, 1)[ $i++ % 3 ];
	}
	return $sum % 10;
}

sub old_permanent
{
	my $text = pick(qw(USA JPN KAZ DEU FRA KOR GBR)) . pick(qw(1100 3100 1300))
	  . sprintf('%02d%02d%02d', between(60, 95), between(1, 12), between(1, 28))
	  . between(1, 9);
	return $text . icao($text);
}

# ASCII to its full-width form, U+FF01 to U+FF5E.
sub wide
{
	my ($text) = @_;
	$text =~ s/([!-_])/"\xef\xbc" . chr(ord($1) + 0x60)/ge;
	$text =~ s/([`-~])/"\xef\xbd" . chr(ord($1) + 0x20)/ge;
	return $text;
}

# ---------------------------------------------------------------- lawful rows

our @surname = qw(王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁
  宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁
  欧阳 司马);
my @given = qw(伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 建国
  秀英 志强 晓东 海燕 文博 子轩 雨桐 佳怡 立新 国庆 永刚 淑珍 桂兰 振华 明辉
  欣然 浩然 雪梅 丽华 翀 〇 𠮷 㐂);
our @full = map { my $s = $_; map { $s . $_ } @given } @surname;
push @full, qw(阿卜杜拉·买买提 古丽娜尔·艾合买提 迪丽努尔·吐尔逊 巴图·孟和);
my @latin = qw(JohnSmith AnnaSchmidt J.R.Brown Anne-MarieDubois O'Neil
  KimMin-su SatoKen MohammedAli MariaRossi LucTremblay);
our @region = qw(130102 130104 130105 130107 130108 130109 130110 130111 130121
  130123 130181 130183 130184 130202 130203 130302 130402 130502 130602 130702
  130802 130902 131002 131102 110105 120103 140105 150102 210102 320102 370102
  410102 420102 510104 610102 133100);
my @employer = ('', '', '', map { my $c = $_;
	map { $c . $_ } qw(太行机械制造有限公司 滹沱电气设备厂 冀中焊接工程有限公司
	  康和养老服务中心 阳光幼儿园 建筑安装集团（第三分公司）) }
  qw(石家庄 唐山 保定 邯郸 沧州));
my %work = ('车工' => [ '', '数控车工' ], '焊工' => [qw(电焊工 气焊工 钎焊工)],
	'电工' => [''], '保育师' => [''], '养老护理员' => [''],
	'钳工' => [''], '起重装卸机械操作工' => [qw(叉车司机 桥式起重机司机)]);
my @occupation = map { my $o = $_; map { [ $o, $_ ] } @{ $work{$o} } } sort keys %work;
our %level_name = (5 => '五级', 4 => '四级', 3 => '三级', 2 => '二级', 1 => '一级');
our %skill = (5 => '初级工', 4 => '中级工', 3 => '高级工', 2 => '技师', 1 => '高级技师');
my $work_permit = '《中华人民共和国外国人工作许可证》';
our @province = qw(11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45
  46 50 51 52 53 54 61 62 63 64 65 71 81 82);
my %is_province = map { $_ => 1 } @province;
our @no_province = grep { !$is_province{$_} } map { sprintf('%02d', $_) } 0 .. 99;

# Every day from 2019-01-02 to 2026-11-20, so that no date depends on a clock.
my @day;
for my $y (2019 .. 2026)
{
	my @length = (31, $y % 4 ? 28 : 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);
	for my $m (1 .. 12)
	{
		push @day, sprintf('%d-%02d-%02d', $y, $m, $_) for 1 .. $length[ $m - 1 ];
	}
}
@day = grep { $_ ge '2019-01-02' && $_ le '2026-11-20' } @day;
sub all_days { return @day }
my $first_year = 2019;

# Filings: positions 1-13 of a number, with the body they belong to.  A serial
# is used once per filing whatever the year and level, and no two filings
# share positions 2-13, so that no damage makes two numbers equal.
my @filing;
for my $i (1 .. 60)
{
	my $own = $i % 12 == 0;
	my $city = (qw(石家庄市 唐山市 保定市 邯郸市 沧州市 廊坊市))[ $i % 6 ];
	my $word = (qw(冀匠 燕赵 太行 滹沱 白洋 渤海 坝上 雄州 正定 临漳))[ $i % 10 ];
	my $kind = $i % 3 ? '职业技能评价中心' : '职业培训学校';
	push @filing, {
		code => ($i % 4 ? 'S' : 'Y') . ($own ? sprintf('%04d', $i) : '0000')
		  . ($own ? $province[ $i % 30 ] : '13') . sprintf('%06d', 10000 + $i * 137),
		body => "$city$word$kind",
		serial => 0
	};
}

# Other days instead.
sub set_days
{
	@day = @_;
	$first_year = substr($day[0], 0, 4);
}

# A certificate: number, level digit, date and body, all agreeing.
sub new_certificate
{
	my ($wanted) = @_;
	my $filing = $filing[ rand @filing ];
	my $date = $wanted // $day[ rand @day ];
	my $digit = (5, 5, 4, 4, 4, 3, 3, 3, 2, 1)[ rand 10 ];
	die "more rows than the filings have serials\n" if ++$filing->{serial} > 999999;
	return {
		date => $date, digit => $digit, body => $filing->{body},
		no => $filing->{code} . substr($date, 2, 2) . $digit
		  . sprintf('%06d', $filing->{serial})
	};
}

# Seventeen to sixty years old at issue.
sub birth_before
{
	my ($year) = @_;
	return sprintf('%d%02d%02d', $year - 17 - int(rand 44), 1 + int(rand 12),
		1 + int(rand 28));
}

sub some_birth { return birth_before($first_year) }
sub resident { return number18(pick(@region), some_birth(), between(1, 399)) }
sub hong_kong { return number18(pick('810000', '820000'), some_birth(), between(1, 99)) }
sub taiwan { return number18('830000', some_birth(), between(1, 99)) }

sub permanent
{
	return number18('9' . pick(@province) . pick(qw(840 392 410 276 250 643 826)),
		some_birth(), between(1, 99));
}

# The other kinds: type, a maker of a lawful number, whether the name is Latin.
my @kind = (
	[ '中国护照', sub { pick('E', 'G', 'EA', 'EJ', 'PE', '14', '15', 'KJ', 'MA')
		  =~ /^(.)(.?)$/; $1 . $2 . digits(length($2) ? 7 : 8) } ],
	[ '港澳居民来往内地通行证', sub { pick('H', 'M') . digits(pick(8, 10)) } ],
	[ '港澳居民居住证', \&hong_kong ],
	[ '台湾居民来往大陆通行证', sub { digits(pick(8, 8, 10)) } ],
	[ '台湾居民居住证', \&taiwan ],
	[ '外国护照', sub { pick(qw(A C L N X AB PA)) . digits(7) }, 1 ],
	[ '外国人永久居留身份证', sub { rand() < 0.5 ? permanent() : old_permanent() }, 1 ],
	[ $work_permit . '(A 类)', sub { '1' . digits(17) }, 1 ],
	[ $work_permit . '(B类)', sub { '1' . digits(17) }, 1 ],
	[ $work_permit . '(C 类)', sub { '1' . digits(17) }, 1 ],
	[ '其他个人证件', sub { '军字第' . digits(7) . '号' } ]);

sub new_row
{
	my ($cert) = @_;
	my ($name, $type, $number) = ($full[ rand @full ], '居民身份证');
	if (rand() < 0.02)
	{
		my $kind = $kind[ rand @kind ];
		($type, $number) = ($kind->[0], $kind->[1]->());
		$name = $latin[ rand @latin ] if $kind->[2];
	}
	else
	{
		$number = number18($region[ rand @region ],
			birth_before(substr($cert->{date}, 0, 4)), 1 + int(rand 399));
	}
	my $occupation = $occupation[ rand @occupation ];
	my $level = $level_name{ $cert->{digit} };
	$level .= '/' . $skill{ $cert->{digit} } if rand() < 0.1;
	return [ $name, $type, $number, $employer[ rand @employer ], @$occupation,
		$level, $cert->{no}, $cert->{date}, $cert->{body}, $cert->{body} ];
}

1;
