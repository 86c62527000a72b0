# Since 15.19 and its contemporaries psql skips what follows a COPY ... FROM STDIN
# that fails at once, up to a line \. that older tests do not have there.  This
# puts it in where the expected output shows that the statement fails and that
# the next line is read as SQL.
#
# awk -f terminate_copy.awk expected/copy.out sql/copy.sql

NR == FNR { expected[++n] = $0; next }
{ line[++m] = $0 }

END {
	for (j = 1; j <= m; j++) {
		print line[j]
		if (data) {
			data = line[j] != "\\."
			continue
		}
		if (line[j] == "")	# psql does not echo it
			continue
		for (i = at + 1; i <= n && expected[i] != line[j]; i++)
			;
		if (i <= n)
			at = i
		if (tolower(line[j]) ~ /^[^-]*from[ \t]+stdin/)
			copy = 1
		if (!copy || line[j] !~ /;/)
			continue
		copy = 0
		data = 1
		if (expected[at + 1] !~ /^ERROR: /)
			continue
		for (i = at + 2; expected[i] ~ /^(LINE [0-9]+:|DETAIL:|HINT:|CONTEXT:| +\^)/; i++)
			;
		for (k = j + 1; k <= m && line[k] == ""; k++)
			;
		if (k > m || expected[i] == line[k]) {
			print "\\."
			data = 0
		}
	}
}
