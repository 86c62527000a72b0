# ledger.pl
#	  The lines of the ledger: recording, sealing, proving, verifying, each with
#	  SHA-256 and with SM3; and clients that insert single rows side by side.
#
use strict;
use warnings;

our ($work, $rows, $quick, $rounds, $columns, $unseal, @notes, $met, $missed);

# How many leaves the newest head has.
sub tree_size { return value('(SELECT max(size) FROM certdata.ledger_head)') }

# verify_ledger() must have nothing to say about what is measured.
sub no_problems
{
	my $found = value('(SELECT count(*) FROM certdata.verify_ledger())');
	die "verify_ledger finds $found problems\n" if $found;
}

# Times of one proof in ms, of leaves at random; the first pass warms.
sub proof_times
{
	my ($size, $times) = @_;
	my $calls = 20000;
	return map { $_ / $calls } times_of(
		"SELECT count(certdata.inclusion_proof((random() * ($size - 1))::bigint)) FROM generate_series(1, $calls)", '', $times);
}

sub proof_line
{
	my ($size, $digest, @time) = @_;
	report("inclusion_proof, warm, ms a call at $size leaves ($digest)", spread(4, @time), '', '', '', '', '0.1', '',
		verdict(median(@time), 0.1));
}

sub ledger_of
{
	my ($digest, @target) = @_;
	copy_line("COPY into a registry with the ledger, no scope ($digest) ÷ text columns with a unique number", 'guarded',
		a => "COPY guarded ($columns) FROM '$work/rows.copy'", prepare_a => empty_guarded('guarded'),
		b => "COPY plain_unique FROM '$work/rows.copy'", prepare_b => empty('plain_unique'), @target) if !$quick;
	line(name => "the same ($digest) ÷ a table with rules and unique number, without guard and ledger", a => "COPY guarded ($columns) FROM '$work/rows.copy'",
		prepare_a => empty_guarded('guarded'), b => "COPY ruled_unique FROM '$work/rows.copy'", prepare_b => empty('ruled_unique')) if !$quick;
	session(empty_guarded('guarded') . "COPY guarded ($columns) FROM '$work/rows.copy'; SELECT certdata.seal() \\g /dev/null\n");
	no_problems();
	my $entries = tree_size();
	rate_line("seal, entries ($digest)", $entries, 400000, times_of('SELECT certdata.seal()', $unseal));
	rate_line("verify_ledger, entries and their rows ($digest)", $entries, 500000,
		times_of('SELECT count(*) FROM certdata.verify_ledger()'));
	my $size = tree_size();
	proof_line($size, $digest, proof_times($size));
	return if $quick;
	session("SELECT certdata.detach('guarded', 'benchmark');\n");
	rate_line("verify_ledger, entries of a table that is detached: no rows to compare ($digest)", $entries, undef,
		times_of('SELECT count(*) FROM certdata.verify_ledger()'));
}

sub part_ledger
{
	in_database('bench_sha256', "$work/rows.copy", 'sha256', sub { ledger_of('SHA256', target => '1.40', stretch => '1.25') });
	in_database('bench_sm3', "$work/rows.copy", 'sm3', sub { ledger_of('SM3') }) if !$quick;
}

# ---- clients side by side --------------------------------------------------------

# Transactions a second of a script for pgbench, which counts its runs.
my $runs = 0;

sub tps
{
	my ($script, $clients, $seconds) = @_;
	$runs++;
	my $out = `PGOPTIONS="\$PGOPTIONS -c synchronous_commit=off" pgbench -n -M prepared -D run=$runs -D n=0 -f $script -c $clients -j 2 -T $seconds 2>&1`;
	die "pgbench failed: $out\n" if $? || $out !~ /tps = ([0-9.]+)/;
	return $1;
}

# One row a transaction.  Year 22, level 3; a filing for each run and client,
# whose serials the client counts itself: the server does nothing but insert.
sub insert_script
{
	my ($table, $type) = @_;
	my $file = "$work/$table.pgbench";
	open(my $out, '>', $file) or die "cannot write $file: $!\n";
	print $out "\\set n :n + 1\n\\set filing :run * 100 + :client_id\n"
	  . "INSERT INTO $table ($columns) VALUES ('张三', '居民身份证', '130102199003071233', '甲厂', '车工', NULL, '三级', "
	  . "('S0000130' || lpad(:filing::text, 5, '0') || '223' || lpad(:n::text, 6, '0'))::$type, '2022-02-09', '甲校', '甲校');\n";
	close $out;
	return $file;
}

# Transactions a second, in turn, of numbers of clients: into a text table with
# a unique number and into a registry.
sub client_rates
{
	my ($times, $seconds, @clients) = @_;
	my (%plain, %guarded);
	session("CREATE TABLE plain_one (LIKE plain_unique INCLUDING ALL);\n");
	my $plain = insert_script('plain_one', 'text');
	my $guarded = insert_script('guarded', 'certdata.certno');
	for (1 .. $times)
	{
		for my $clients (@clients)
		{
			push @{ $plain{$clients} }, tps($plain, $clients, $seconds);
			push @{ $guarded{$clients} }, tps($guarded, $clients, $seconds);
		}
	}
	return (\%plain, \%guarded);
}

sub ratios
{
	my ($a, $b) = @_;
	return map { $a->[$_] / $b->[$_] } 0 .. $#$a;
}

sub client_lines
{
	my ($plain, $guarded) = client_rates($quick ? 3 : 5, $quick ? 1 : 8, 1, 8);
	for my $clients (1, 8)
	{
		my @ratio = ratios($guarded->{$clients}, $plain->{$clients});
		my @target = $clients == 8 ? (0.6, 0.7) : ();
		report("single-row inserts, $clients client" . ($clients > 1 ? 's' : '') . ', synchronous_commit off: guarded ÷ text, transactions/s',
			spread(0, @{ $guarded->{$clients} }), spread(0, @{ $plain->{$clients} }), '', spread(3, @ratio), '',
			$target[0] // '', $target[1] // '', verdict_at_least(median(@ratio), @target));
	}
	my @growth = ratios($guarded->{8}, $guarded->{1});
	report('the same, guarded: 8 clients ÷ 1', spread(0, @{ $guarded->{8} }), spread(0, @{ $guarded->{1} }), '', spread(3, @growth), '',
		'1.6', '', verdict_at_least(median(@growth), 1.6));
}

sub part_clients
{
	in_database('bench_clients', undef, 'sha256', \&client_lines);
}

1;
