# Makes an update script of a piece of sql/update.
#
# \include FILE            the whole file
# \replace FILE NAME ...   its functions certdata.NAME, whatever their arguments, by
#                          CREATE OR REPLACE, which leaves privileges and comments;
#                          without names all of its functions

function stop(what)
{
	print FILENAME ": " what > "/dev/stderr"
	failed = 1
	exit 1
}

function read_from(file)
{
	ok = (getline line < file)
	if (ok < 0)
		stop("cannot read " file)
	return ok
}

function replace(file, first, last,    name, wanted, made, open)
{
	while (read_from(file) > 0) {
		if (match(line, /^CREATE FUNCTION certdata\.[a-z_0-9]+/)) {
			name = substr(line, 26, RLENGTH - 25)
			wanted = first > last
			for (i = first; i <= last; i++)
				if ($i == name) {
					wanted = 1
					made[name] = 1
				}
			sub(/CREATE FUNCTION/, "CREATE OR REPLACE FUNCTION", line)
			open = 0
		}
		if (!wanted)
			continue
		print line
		# a body stands between two $$
		open = (open + gsub(/\$\$/, "", line)) % 2
		if (!open && line ~ /;$/)
			wanted = 0
	}
	close(file)
	for (i = first; i <= last; i++)
		if (!($i in made))
			stop(file " has no function certdata." $i)
}

$1 == "\\include" {
	while (read_from($2) > 0)
		print line
	close($2)
	next
}
$1 == "\\replace" {
	replace($2, 3, NF)
	next
}
{ print }
END { exit failed }
