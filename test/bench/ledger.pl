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
	session("CREATE TABLE IF NOT EXISTS plain_one (LIKE plain_unique INCLUDING ALL);\n");
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

# Filing and scope of whatever the clients insert.
sub register_clients
{
	session(<<'END');
INSERT INTO certdata.organisation (id, name) VALUES ('school', '甲校');
INSERT INTO certdata.filing (code, organisation) SELECT 'S0000130' || lpad(i::text, 5, '0'), 'school' FROM generate_series(1, 9999) AS i;
INSERT INTO certdata.scope (filing, occupation, level) SELECT code, '车工', '三级' FROM certdata.filing;
ANALYZE certdata.filing, certdata.scope;
END
}

sub client_line
{
	my ($what, $plain, $guarded, @target) = @_;
	my @ratio = ratios($guarded, $plain);
	report("single-row inserts, $what, synchronous_commit off: guarded ÷ text, transactions/s",
		spread(0, @$guarded), spread(0, @$plain), '', spread(3, @ratio), '',
		$target[0] // '', $target[1] // '', verdict_at_least(median(@ratio), @target));
}

sub client_lines
{
	my @times = $quick ? (3, 1) : (5, 8);
	my ($plain, $guarded) = client_rates(@times, 1, 8);
	client_line('1 client', $plain->{1}, $guarded->{1});
	client_line('8 clients', $plain->{8}, $guarded->{8}, 0.6, 0.7);
	my @growth = ratios($guarded->{8}, $guarded->{1});
	report('the same, guarded: 8 clients ÷ 1', spread(0, @{ $guarded->{8} }), spread(0, @{ $guarded->{1} }), '', spread(3, @growth), '',
		'1.6', '', verdict_at_least(median(@growth), 1.6));
	register_clients();
	($plain, $guarded) = client_rates(@times, 8);
	client_line('8 clients, filings and scope registered', $plain->{8}, $guarded->{8}, 0.6, 0.7);
}

sub part_clients
{
	in_database('bench_clients', undef, 'sha256', \&client_lines);
}

1;
