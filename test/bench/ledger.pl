# ledger.pl
#	  The lines of the ledger, for bench.pl: recording, sealing, proving,
#	  verifying, each with SHA-256 and with SM3; and clients that insert single
#	  rows side by side.
#
# A ledger keeps its digest, so each has a database of its own.
#
use strict;
use warnings;

our ($work, $rows, $rounds, $columns, @notes, $met, $missed);

# What is better the larger it is.
sub verdict_at_least
{
	my ($value, $target, $stretch) = @_;
	return '' if !defined $target;
	$value < $target ? $missed++ : $met++;
	return $value < $target ? 'missed' : defined $stretch && $value >= $stretch ? 'met, stretch too' : 'met';
}

sub database
{
	my ($name, $algorithm) = @_;
	session("DROP DATABASE IF EXISTS $name;\n");
	session("CREATE DATABASE $name;\n");
	$ENV{PGDATABASE} = $name;
	system("psql -X -q -v rows_file='$work/rows.copy' -f '$FindBin::Bin/tables.sql'") == 0 or die "psql failed\n";
	session("TRUNCATE certdata.ledger, certdata.ledger_incarnation, certdata.ledger_shape, certdata.ledger_act;\n");
	session("SELECT certdata.start_ledger('$algorithm');\nSELECT certdata.create_registry('guarded');\n");
}

# Times of a statement in ms, the first not counted.
sub times_of
{
	my ($sql, $prepare) = @_;
	my @time;
	push @time, map { $_->[1] } session(timed('t', $prepare || '', $sql)) for 0 .. $rounds;
	shift @time;
	return @time;
}

sub rate_line
{
	my ($name, $n, $sql, $prepare, $target) = @_;
	my @rate = map { $n / $_ * 1000 } times_of($sql, $prepare);
	report($name, spread(0, @rate) . ' /s', '', '', '', '', defined $target ? "$target /s" : '', '',
		verdict_at_least(median(@rate), $target));
}

my $unseal = "TRUNCATE certdata.ledger_order, certdata.ledger_tile, certdata.ledger_head; "
  . "DELETE FROM certdata.ledger_act WHERE kind = 'seal'; CHECKPOINT;";

sub ledger_of
{
	my ($algorithm) = @_;
	my $digest = uc $algorithm;
	database("bench_$algorithm", $algorithm);
	copy_line("COPY into a registry with the ledger ($digest) ÷ text columns with a unique number", 'guarded',
		a => "COPY guarded ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded'),
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'),
		$algorithm eq 'sha256' ? (target => '1.40', stretch => '1.25') : ());
	line(name => "the same ($digest) ÷ a table with rules and unique number, without guard and ledger", a => "COPY guarded ($columns) FROM '$work/rows.copy'",
		prepare_a => empty_guarded('guarded'), b => "COPY ruled_unique FROM '$work/rows.copy'", prepare_b => empty('ruled_unique'));
	my $entries = value('(SELECT count(*) FROM certdata.ledger_entry)');
	rate_line("seal, entries ($digest)", $entries, 'SELECT certdata.seal()', $unseal, 400000);
	rate_line("verify_ledger, entries and their rows ($digest)", $entries, 'SELECT count(*) FROM certdata.verify_ledger()', '', 500000);
	my $calls = 20000;
	my $size = value('(SELECT max(size) FROM certdata.ledger_head)');
	my @time = times_of("SELECT count(certdata.inclusion_proof((random() * ($size - 1))::bigint)) FROM generate_series(1, $calls)");
	my @each = map { $_ / $calls } @time;
	session("SELECT certdata.detach('guarded', 'benchmark');\n");
	rate_line("verify_ledger, entries of a table that is detached: no rows to compare ($digest)", $entries,
		'SELECT count(*) FROM certdata.verify_ledger()');
	report("inclusion_proof, ms a call at $size leaves ($digest)", spread(4, @each), '', '', '', '', '0.1', '', verdict(median(@each), 0.1));
}

sub part_ledger
{
	local $ENV{PGDATABASE} = $ENV{PGDATABASE};
	my $home = $ENV{PGDATABASE};
	for my $algorithm (qw(sha256 sm3))
	{
		ledger_of($algorithm);
		$ENV{PGDATABASE} = $home;
		session("DROP DATABASE bench_$algorithm;\n");
	}
}

# ---- clients side by side --------------------------------------------------------

# Transactions a second of a script for pgbench.
sub tps
{
	my ($script, $clients, $seconds) = @_;
	my $out = `PGOPTIONS="\$PGOPTIONS -c synchronous_commit=off" pgbench -n -M prepared -f $script -c $clients -j 2 -T $seconds 2>&1`;
	die "pgbench failed: $out\n" if $? || $out !~ /tps = ([0-9.]+)/;
	return $1;
}

sub insert_script
{
	my ($table, $sequence, $type) = @_;
	my $file = "$work/$table.pgbench";
	open(my $out, '>', $file) or die "cannot write $file: $!\n";
	print $out "INSERT INTO $table ($columns) VALUES ('张三', '居民身份证', '130102199003071233', '甲厂', '车工', NULL, '三级', "
	  . "number_of(nextval('$sequence'))::$type, '2022-02-09', '甲校', '甲校');\n";
	close $out;
	return $file;
}

sub part_clients
{
	my $home = $ENV{PGDATABASE};
	my $seconds = $ENV{QUICK} ? 2 : 8;
	database('bench_clients', 'sha256');
	# year 22, level 3, and a million serials to each filing
	session("CREATE FUNCTION number_of(n bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN "
		  . "'S0000130' || lpad((1 + n / 1000000)::text, 5, '0') || '223' || lpad((n % 1000000)::text, 6, '0');\n"
		  . "CREATE SEQUENCE plain_no; CREATE SEQUENCE guarded_no;\n"
		  . "CREATE TABLE plain_one (LIKE plain_unique INCLUDING ALL);\n");
	my $plain = insert_script('plain_one', 'plain_no', 'text');
	my $guarded = insert_script('guarded', 'guarded_no', 'certdata.certno');
	my (%plain, %guarded);
	for my $round (1 .. ($ENV{QUICK} ? 3 : 5))
	{
		for my $clients (1, 8)
		{
			push @{ $plain{$clients} }, tps($plain, $clients, $seconds);
			push @{ $guarded{$clients} }, tps($guarded, $clients, $seconds);
		}
	}
	for my $clients (1, 8)
	{
		my @ratio = map { $guarded{$clients}[$_] / $plain{$clients}[$_] } 0 .. $#{ $plain{$clients} };
		my @target = $clients == 8 ? (0.6, 0.7) : ();
		report("single-row inserts, $clients client" . ($clients > 1 ? 's' : '') . ', synchronous_commit off: guarded ÷ text, transactions/s',
			spread(0, @{ $guarded{$clients} }), spread(0, @{ $plain{$clients} }), '', spread(3, @ratio), '',
			$target[0] // '', $target[1] // '', verdict_at_least(median(@ratio), @target));
	}
	my @growth = map { $guarded{8}[$_] / $guarded{1}[$_] } 0 .. $#{ $guarded{1} };
	report('the same, guarded: 8 clients ÷ 1', spread(0, @{ $guarded{8} }), spread(0, @{ $guarded{1} }), '', spread(3, @growth), '',
		'1.6', '', verdict_at_least(median(@growth), 1.6));
	$ENV{PGDATABASE} = $home;
	session("DROP DATABASE bench_clients;\n");
}

1;
