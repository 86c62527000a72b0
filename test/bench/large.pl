#!/usr/bin/perl
#
# large.pl WORK ROWS
#	  What is claimed of 10,000,000 rows: prefix search, seal, proof,
#	  verification.  run.sh starts the server and makes the rows, in ten files or
#	  of 1,000,000; each is one COPY into the registry, without scope.
#
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/$_.pl" for qw(lib memory load check ledger);

our ($work, $rows, $columns, $unseal, @head, @table, @notes, $met, $missed);
my $times = $ENV{ROUNDS} || 3;

sub load_rows
{
	my @file = sort glob("$work/rows.copy.*");
	my @time;
	for my $file (@file)
	{
		push @time, map { $_->[0] } all_times_of("COPY guarded ($columns) FROM '$file'", '', 1);
		progress(sprintf('loaded %d of %d files, the last in %.1f s', scalar @time, scalar @file, $time[-1] / 1000));
		unlink $file;
	}
	my $loaded = value('SELECT count(*) FROM guarded');
	die "$loaded rows loaded, not $rows\n" if $loaded != $rows;
	push @notes, sprintf('load: %d statements, without scope; the first took %.1f s, the last %.1f s.',
		scalar @time, $time[0] / 1000, $time[-1] / 1000);
}

sub sizes
{
	my ($disk) = split ' ', `du -sm "\$CERTDATA_DIR" 2>/dev/null`;
	push @notes, sprintf('disk: registry %d MB with its indexes, ledger %d MB; the server and all its files %d MB.',
		value("pg_total_relation_size('guarded')") / 1048576,
		value("(SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c WHERE relnamespace = 'certdata'::regnamespace AND relkind = 'r' AND relname ~ '^ledger')") / 1048576,
		$disk // 0);
}

my @machine = (machine(), sprintf('%d rows; %d rounds, of which one more goes before that is not counted (verify_ledger: all are counted)', $rows, $times));
my $load_before = load_average();
print "$_\n" for @machine;
make_tables(undef, 'sha256');
make_registry();
progress("loading $rows rows");
load_rows();
progress('VACUUM ANALYZE');
session("VACUUM (ANALYZE) guarded; CHECKPOINT;\n");
print "\n";
print "$_\n" for @head;
progress('prefix search');
prefix_lines('guarded');
progress("seal, $times times and one before");
my @seal = times_of('SELECT certdata.seal()', $unseal, $times);
my $size = tree_size();
rate_line("seal, $size entries (SHA256)", $size, 400000, @seal);
progress('proofs');
proof_line($size, 'SHA256', proof_times($size, $times));
progress("verify_ledger, $times times");
rate_line("verify_ledger, $size entries and their rows (SHA256)", $size, 500000,
	map
	{
		my ($found) = session("SELECT clock_timestamp() AS wall \\gset\nSELECT count(*) AS found FROM certdata.verify_ledger() \\gset\n"
			  . "SELECT '\@\@ ' || :found, extract(epoch FROM clock_timestamp() - :'wall') * 1000;\n");
		die "verify_ledger finds $found->[0] problems\n" if $found->[0];
		progress(sprintf('verify_ledger: %.1f s', $found->[1] / 1000));
		$found->[1]
	} 1 .. $times);
sizes();
progress('done; removing the server');

push @notes, 'load average before ' . $load_before . ', after ' . load_average() . '.';
print "\n== for doc/performance.md\n\n";
print "- $_\n" for @machine, @notes;
print "\n", join("\n", @head, @table), "\n";
print "\n$met met, $missed missed\n";
