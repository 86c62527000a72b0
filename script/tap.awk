# Reads one program's TAP and its exit status (-v rc=...), prints
# "passed failed skipped".  A broken plan, a bail-out, a silent program or a bad
# exit status without a failed test counts as one failure more.

/^ok([ \t]|$)/ { seen++; if ($0 ~ /#[ \t]*[Ss][Kk][Ii][Pp]/) skipped++; else passed++ }
/^not ok([ \t]|$)/ { seen++; failed++ }
/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1; if ($0 ~ /#[ \t]*[Ss][Kk][Ii][Pp]/ && plan == 0) skipped++ }
/^Bail out!/ { failed++ }
END {
	if (planned && plan != seen)
		failed++
	if (!planned && seen == 0)
		failed++
	if (rc != 0 && !failed)
		failed++
	print passed + 0, failed + 0, skipped + 0
}
