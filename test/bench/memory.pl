# memory.pl
#	  What a server process takes: its own memory at its peak, and temporary
#	  files.
#
# Memory is RssAnon + VmSwap of /proc/PID/status: private pages only, neither
# shared buffers nor the program's text, however many of them were touched
# (VmHWM counts those, too).  The kernel keeps no peak of it, so that it is read
# from outside every millisecond while the statement runs; "beyond an idle one"
# is the highest reading less the one just before the statement, the session
# having done a little of the same.  That a peak is not missed between two
# readings is seen by a statement whose memory is known.
#
# Temporary files are what pg_stat_database says of the statement.
#
use strict;
use warnings;
use IPC::Open2;

our ($work, $rows, $columns, $unseal, @notes);
our @memory;

my $can;
sub can_measure_memory
{
	return $can if defined $can;
	$can = slurp('/proc/self/status') =~ /^RssAnon:/m ? 1 : 0;
	push @notes, 'Memory was not measured: this system has no RssAnon in /proc/PID/status.' if !$can;
	return $can;
}

# Private memory of a process in kB, as its status says now.
sub private_memory
{
	my ($status) = @_;
	my $text;
	sysseek($status, 0, 0);
	sysread($status, $text, 8192) or die "cannot read the status of the server process: $!\n";
	my $sum = 0;
	$sum += $1 while $text =~ /^(?:RssAnon|VmSwap):\s+(\d+)/mg;
	return $sum;
}

# Send SQL to psql; its answers up to the mark.
sub answers
{
	my ($out, $in, $sql) = @_;
	print $in "$sql\n\\echo \@\@end\n";
	my @line;
	while (defined(my $line = <$out>))
	{
		chomp $line;
		return @line if $line eq '@@end';
		push @line, $line;
	}
	die "psql failed\n";
}

# Peak of a statement in a session of its own, which does $warm first: memory
# (kB), temp (bytes), ms.
sub peak_of
{
	my ($sql, $warm) = @_;
	my $psql = open2(my $out, my $in, 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1');
	binmode($_, ':unix') for $in;
	my $temp = "SELECT pg_stat_force_next_flush() \\g /dev/null\nSELECT temp_bytes FROM pg_stat_database WHERE datname = current_database();";
	answers($out, $in, "\\o /dev/null\nSELECT certdata.today();\n" . ($warm // '') . "\n\\o");
	my ($before) = answers($out, $in, $temp);
	my ($pid) = answers($out, $in, 'SELECT pg_backend_pid();');
	open(my $status, '<', "/proc/$pid/status") or die "cannot read /proc/$pid/status: $!\n";
	my $idle = private_memory($status);
	my ($peak, $readings, $begin) = ($idle, 0, Time::HiRes::time());
	print $in "\\o /dev/null\n$sql;\n\\o\n\\echo \@\@done\n";
	my $wait = '';
	vec($wait, fileno($out), 1) = 1;
	until (select(my $ready = $wait, undef, undef, 0.001))
	{
		my $now = private_memory($status);
		$peak = $now if $now > $peak;
		$readings++;
	}
	my $ms = (Time::HiRes::time() - $begin) * 1000;
	my $done = <$out> // '';
	die "psql failed\n" if $done ne "\@\@done\n";
	my ($after) = answers($out, $in, $temp);
	close $in;
	close $out;
	waitpid($psql, 0);
	return { memory => $peak - $idle, temp => $after - $before, ms => $ms, readings => $readings };
}

# A statement that has 95 MB for a moment must show them (no constant, which
# the planner would have computed, and copied, before).
sub known_memory
{
	my $mb = peak_of("SELECT length(repeat(left(version(), 1), 100000000))")->{memory} / 1024;
	die "a statement that takes 95 MB shows $mb MB\n" if $mb < 90 || $mb > 120;
	return $mb;
}

sub memory_line
{
	my ($name, $settings, $bound, %do) = @_;
	session($do{prepare}) if $do{prepare};
	my $peak = peak_of($do{sql}, join("\n", (map { s/ = (.*)/ = '$1';/r =~ s/^/SET /r } @$settings), $do{warm} // ''));
	push @memory, sprintf('| %s | %s | %.1f | %.1f | %.0f | %s |', $name, join(', ', @$settings), $peak->{memory} / 1024,
		$peak->{temp} / 1048576, $peak->{ms}, $bound);
	print "$memory[-1]\n";
}

sub memory_lines
{
	my @small = ('work_mem = 4MB', 'maintenance_work_mem = 16MB');
	my @large = ('work_mem = 64MB', 'maintenance_work_mem = 256MB');
	my $file = sprintf('%.1f', (-s "$work/report.csv") / 1048576);
	my $load = "COPY guarded ($columns) FROM '$work/rows.copy'";
	fill_scope();
	for my $settings (\@small, \@large)
	{
		memory_line("check_report of $rows rows, its argument of $file MB included", $settings,
			'the file (at most 1 GB) and 16 bytes a slot for its numbers; findings: `work_mem`, then files',
			sql => 'SELECT count(*) FROM certdata.check_report(' . argument("$work/report.csv") . ')',
			warm => "SELECT count(*) FROM certdata.check_report('');");
	}
	for my $settings (\@small, \@large)
	{
		memory_line("COPY of $rows rows into a registry: rules, scope, guard, ledger", $settings,
			'`work_mem` for rows that wait (then files) and for keys to put in order; `work_mem`, at least 16 MB, for facts remembered',
			prepare => empty_guarded('guarded'), sql => $load,
			warm => "BEGIN; INSERT INTO guarded ($columns) SELECT $columns FROM typed LIMIT 10; ROLLBACK;");
	}
	for my $settings (\@small, \@large)
	{
		memory_line("seal of $rows entries", $settings, 'nothing grows with the ledger: 16 bytes for each act of one transaction',
			prepare => $unseal, sql => 'SELECT certdata.seal()', warm => 'SELECT certdata.head();');
	}
	for my $settings (\@small, \@large)
	{
		memory_line("verify_ledger of $rows entries and their rows", $settings, '`maintenance_work_mem`, then files; problems found: `work_mem`, then files',
			sql => 'SELECT count(*) FROM certdata.verify_ledger()', warm => 'SELECT certdata.head();');
	}
}

sub part_memory
{
	return if !can_measure_memory();
	@memory = ('| statement | settings | memory beyond an idle process at the peak, MB | temporary files, MB | ms | bounded by |', '|---|---|---|---|---|---|');
	print "\n$_\n" for join("\n", @memory);
	in_database('bench_memory', "$work/rows.copy", 'sha256', \&memory_lines);
	push @notes, sprintf('memory: RssAnon + VmSwap of the server process (no shared memory), read every millisecond; a statement that has 95.4 MB for a moment showed %.1f MB. '
		. 'Temporary files are bounded by temp_file_limit = %s.', known_memory(), value("current_setting('temp_file_limit')"));
	print "\n";
}

1;
