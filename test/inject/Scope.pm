# Scope.pm
#	  Made-up organisations, filings and scope, and rows that keep within them.
#
# make_scope() builds them by chance alone, so a seed decides everything.
# Days are text, YYYY-MM-DD; '' is no bound.
#
package Scope;
use strict;
use warnings;
use Exporter 'import';
use Lawful;
use Calendar;

our @EXPORT = qw(make_scope write_scope write_scope_sql scoped_certificate scoped_row certificate_of
  some_day edge_day name_on issues_on runs_from runs_to graced_to @org %org %name %filing @code %scope @catalogue swap_brackets);

our (@org, %org);    # { id, name, kind, parent, successor, ceased, dissolved }
our %name;           # id => [ [from, to, name] ... ]
our (%filing, @code);    # code => [ { org, from, to, grace } ... ]
our %scope;          # code => [ { occupation, work, digit, from, to } ... ]
my %serial;
my @day;
my %in_day;

# What may be certified: occupation, its work types.
our @catalogue = (
	[ '车工', '', '数控车工' ], [ '焊工', '电焊工', '气焊工', '钎焊工' ], [ '电工', '' ],
	[ '保育师', '' ], [ '养老护理员', '' ], [ '钳工', '' ], [ '育婴员', '' ],
	[ '起重装卸机械操作工', '叉车司机', '桥式起重机司机' ],
	[ '轨道列车司机（城市轨道交通）', '' ], [ '工程机械维修工(矿山)', '', '挖掘机维修工' ],
	[ '砌筑工', '', '砌筑工（古建）', '瓦工(民居)' ],
	[ '汽车维修工（新能源）', '汽车电器维修工', '汽车车身整形修复工(钣金)' ]);

sub swap_brackets
{
	my ($text) = @_;
	return $text if $text =~ s/（/(/g + $text =~ s/）/)/g;
	$text =~ s/\(/（/g;
	$text =~ s/\)/）/g;
	return $text;
}

sub runs_from { return $_[0]{from} || '0000-01-01' }
sub runs_to { return $_[0]{to} || '9999-12-31' }

# With the days of grace.
sub graced_to
{
	my ($filing) = @_;
	return $filing->{to} ? day_text(day_number($filing->{to}) + $filing->{grace}) : '9999-12-31';
}

sub name_on
{
	my ($id, $day) = @_;
	for (@{ $name{$id} // [] })
	{
		my ($from, $to, $text) = @$_;
		return $text if $from le $day && (!$to || $day le $to);
	}
	return $org{$id}{name};
}

# ---------------------------------------------------------------- making

sub some_day { return $day[ rand @day ] }
sub shifted { my ($day, $n) = @_; return day_text(day_number($day) + $n) }

sub add_org
{
	my (%o) = @_;
	my $o = { kind => 'evaluation', parent => '', successor => '', ceased => '', dissolved => '', %o };
	push @org, $o;
	return $org{ $o->{id} } = $o;
}

sub add_filing
{
	my ($org, %f) = @_;
	my $f = { org => $org->{id}, from => '', to => '', grace => 0, %f };
	if (!$f->{code})
	{
		my $n = @code + 1;
		$f->{code} = pick('S', 'S', 'S', 'Y') . ($n % 12 ? '0000' : sprintf('%04d', $n))
		  . ($n % 12 ? '13' : $province[ $n % 30 ]) . sprintf('%06d', 10000 + $n * 137);
		push @code, $f->{code};
	}
	push @{ $filing{ $f->{code} } }, $f;
	return $f->{code};
}

# When something of a filing holds: mostly always; or from, until, between two
# days, or on two stretches with days between.
sub some_validity
{
	my @at = sort map { some_day() } 1 .. 4;
	my $how = int(rand 10);
	return ([ $at[1], '' ]) if $how == 6;
	return ([ '', $at[2] ]) if $how == 7;
	return ([ $at[0], $at[3] ]) if $how == 8;
	return ([ '', $at[0] ], [ shifted($at[0], between(2, 200)), '' ]) if $how == 9;
	return ([ '', '' ]);
}

sub fill_scope
{
	my ($code) = @_;
	for my $entry (@catalogue)
	{
		my ($occupation, @work) = @$entry;
		next if rand() < 0.4;
		for my $work (@work)
		{
			next if @work > 1 && rand() < 0.3;
			my $lowest = pick(5, 5, 5, 4);
			my $highest = between(1, $lowest);
			for my $valid (some_validity())
			{
				push @{ $scope{$code} }, { occupation => $occupation, work => $work, digit => $_,
					from => $valid->[0], to => $valid->[1] } for $highest .. $lowest;
			}
		}
	}
	push @{ $scope{$code} }, { occupation => '电工', work => '', digit => 5, from => '', to => '' }
	  if !$scope{$code};
}

my @word = qw(冀匠 燕赵 太行 滹沱 白洋 渤海 坝上 雄州 正定 临漳);
my @city = qw(石家庄市 唐山市 保定市 邯郸市 沧州市 廊坊市);

# A body of evaluation; every twelfth is of the same sort.
sub make_body
{
	my ($i) = @_;
	my $sort = $i % 12;
	my $plain = $city[ $i % 6 ] . pick(@word) . "第$i" . pick(qw(职业技能评价中心 职业培训学校));
	my $suffix = $sort == 1 ? '（开发区）' : $sort == 2 ? '(北区)' : '';
	my $body = add_org(id => sprintf('91130100MA%07dX', $i), name => $plain . $suffix, parent => 'C' . $i % 6);
	my $at = some_day();

	if ($sort == 3)
	{
		push @{ $name{ $body->{id} } }, [ '', $at, $plain . pick('', '（筹）', '(筹)') . '旧址' ];
		add_filing($body);
	}
	elsif ($sort == 4)
	{
		my $code = add_filing($body, to => $at, grace => 30);
		add_filing($body, code => $code, from => shifted($at, between(60, 300)));
	}
	elsif ($sort == 5)
	{
		add_filing($body, from => shifted($at, -between(200, 900)), to => $at, grace => 60);
	}
	elsif ($sort == 6)
	{
		$body->{ceased} = $at;
		$body->{dissolved} = shifted($at, between(30, 300)) if rand() < 0.5;
		$body->{successor} = $org[-2]{id};
		add_filing($body);
	}
	elsif ($sort == 7)
	{
		$body->{dissolved} = $at;
		add_filing($body);
		# another of the same name comes after it
		my $next = add_org(id => "$body->{id}-2", name => $body->{name}, parent => $body->{parent});
		add_filing($next, from => shifted($at, 1));
	}
	elsif ($sort == 8)
	{
		my $above = $body;
		for my $n (1 .. 3)
		{
			my $branch = add_org(id => "$body->{id}-$n", name => "${plain}第$n车间" . ('', '（南）', '(西)')[ $n - 1 ],
				parent => $above->{id}, ceased => $n == 2 ? $at : '');
			push @{ $body->{below} }, $branch->{id};
			$above = $branch if $n == 1;
		}
		add_filing($body);
	}
	elsif ($sort == 10)
	{
		# the code passes to another
		my $other = add_org(id => "$body->{id}-2", name => "${plain}新校", parent => $body->{parent});
		my $code = add_filing($body, to => $at);
		add_filing($other, code => $code, from => shifted($at, 1));
	}
	else
	{
		add_filing($body);
		add_filing($body, from => shifted($at, -400)) if $sort == 9;
	}
}

sub make_scope
{
	@day = @_;
	%in_day = map { $_ => 1 } @day;
	add_org(id => 'M', kind => 'ministry', name => '演示部职业能力建设司');
	add_org(id => 'P', kind => 'province', name => '燕赵省人力资源和社会保障厅', parent => 'M');
	add_org(id => "C$_", kind => 'city', name => "$city[$_]人力资源和社会保障局（演示）", parent => 'P') for 0 .. 5;
	make_body($_) for 1 .. 48;
	fill_scope($_) for @code;
}

# ---------------------------------------------------------------- rows

# A day on which something of the filing begins or ends, or is next to one.
sub edge_day
{
	my ($code) = @_;
	my @edge;
	for my $fact (@{ $filing{$code} }, $scope{$code}[ rand @{ $scope{$code} } ])
	{
		my ($from, $to, $grace) = @$fact{qw(from to grace)};
		push @edge, $from, shifted($from, -1) if $from;
		push @edge, map { shifted($to, $_) } 0, 1, $grace ? ($grace, $grace + 1) : () if $to;
	}
	my $owner = $org{ $filing{$code}[0]{org} };
	for (grep { $_ } $owner->{ceased}, $owner->{dissolved}, map { $_->[1] } @{ $name{ $owner->{id} } // [] })
	{
		push @edge, $_, shifted($_, 1);
	}
	@edge = grep { $in_day{$_} } @edge;
	return @edge ? pick(@edge) : some_day();
}

sub certificate_of
{
	my ($code, $entry, $day, $evaluator, $issuer) = @_;
	die "more rows than the filing has serials\n" if ++$serial{$code} > 999999;
	return {
		code => $code, date => $day, digit => $entry->{digit}, body => $issuer,
		evaluator => $evaluator, occupation => $entry->{occupation}, work => $entry->{work},
		no => $code . substr($day, 2, 2) . $entry->{digit} . sprintf('%06d', $serial{$code})
	};
}

sub issues_on
{
	my ($org, $day) = @_;
	return !grep { $_ && $_ lt $day } $org->{ceased}, $org->{dissolved};
}

# Whoever may stand as evaluator and issuer on that day.
sub some_bodies
{
	my ($owner, $day) = @_;
	my $published = name_on($owner->{id}, $day);
	my @below = grep { issues_on($org{$_}, $day) } @{ $owner->{below} // [] };

	return (name_on(pick(@below), $day), $published) if @below && rand() < 0.6;
	return ($published, rand() < 0.1 ? name_on($org[ rand @org ]{id}, $day) : $published);
}

sub scoped_certificate
{
	my ($wanted) = @_;
	for (1 .. 1000)
	{
		my $code = $code[ rand @code ];
		my $day = $wanted // (rand() < 0.15 ? edge_day($code) : some_day());
		my ($filing) = grep { runs_from($_) le $day && $day le graced_to($_) } @{ $filing{$code} };
		next if !$filing || !issues_on($org{ $filing->{org} }, $day);
		my $counts = $day gt runs_to($filing) ? $filing->{to} : $day;
		my @entry = grep { runs_from($_) le $counts && $counts le runs_to($_) } @{ $scope{$code} };
		next if !@entry;
		return certificate_of($code, $entry[ rand @entry ], $day, some_bodies($org{ $filing->{org} }, $day));
	}
	die "no lawful day for any filing\n";
}

sub scoped_row
{
	my ($cert) = @_;
	my $row = new_row($cert);
	@$row[ $OCCUPATION, $WORK, $EVALUATOR ] = @$cert{qw(occupation work evaluator)};
	return $row;
}

# ---------------------------------------------------------------- files

sub quoted { my ($v) = @_; return $v =~ /[",]/ ? '"' . $v =~ s/"/""/gr . '"' : $v }

# As the view certdata.scope_file has it.
sub write_scope
{
	my ($file, $eol) = @_;
	my $put = sub { print $file join(',', map { quoted($_) } @_), $eol };
	$put->(qw(record key name detail a b from to));
	$put->('organisation', @$_{qw(id name kind parent successor ceased dissolved)}) for @org;
	for my $id (sort keys %name)
	{
		$put->('organisation_name', $id, $_->[2], '', '', '', @$_[ 0, 1 ]) for @{ $name{$id} };
	}
	for my $code (@code)
	{
		$put->('filing', $code, '', '', @$_{qw(org grace from to)}) for @{ $filing{$code} };
	}
	for my $code (@code)
	{
		$put->('scope', $code, @$_{qw(occupation work)}, $level_name{ $_->{digit} }, '', @$_{qw(from to)})
		  for @{ $scope{$code} };
	}
}

sub range { my ($from, $to) = @_; return "[$from," . ($to ? "$to]" : ')') }

# The same for psql: COPY of each table.
sub write_scope_sql
{
	my ($file) = @_;
	my $copy = sub {
		my ($table, @rows) = @_;
		print $file "COPY certdata.$table FROM stdin;\n";
		print $file join("\t", map { length $_ ? $_ : '\N' } @$_), "\n" for @rows;
		print $file "\\.\n";
	};
	$copy->('organisation (id, name, kind, parent, successor, ceased_on, dissolved_on)',
		map { [ @$_{qw(id name kind parent successor ceased dissolved)} ] } @org);
	$copy->('organisation_name (organisation, name, valid)', map { my $id = $_;
		  map { [ $id, $_->[2], range(@$_[ 0, 1 ]) ] } @{ $name{$id} } } sort keys %name);
	$copy->('filing (code, organisation, grace_days, valid)', map {
		  map { [ @$_{qw(code org grace)}, range(@$_{qw(from to)}) ] } @{ $filing{$_} } } @code);
	$copy->('scope (filing, occupation, work_type, level, valid)', map { my $code = $_;
		  map { [ $code, @$_{qw(occupation work)}, $level_name{ $_->{digit} }, range(@$_{qw(from to)}) ] }
		  @{ $scope{$code} } } @code);
}

1;
