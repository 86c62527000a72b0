#!/bin/bash
#
# Binary COPY must give back what it took, and refuse any bytes that are no
# value.  Looks for: a receive function that trusts its bytes, reads past
# them, or accepts a value that text input would not make.

. "$(dirname "$0")/tap.sh"
inside

createdb binary_test || bail createdb
sql binary_test 'CREATE EXTENSION certdata'

# type, then values of it
values()
{
	cat <<-'END'
		certno S000013000001223000001 Y00001300000122A999999
		resident_id 130102199003071233 13010219900307002X 110105194912310021
		id_type 居民身份证 外国护照 其他个人证件
		id_number 130102199003071233 E12345678 USA110085010116 H1 1E2345678
		skill_level 学徒工 五级 三级 首席技师
		issue_date 0001-01-01 2022-02-09 9999-12-31
		person_name 张 阿卜杜拉·买买提 王𠮷 J.R.Smith
		org_name 石家庄市冀匠职业技能评价中心
		occupation_name 焊工
		work_type_name 电焊工
	END
}

# row TYPE HEX: a binary COPY file of one row and one column
row()
{
	perl -e 'my $v = pack("H*", $ARGV[0]); print "PGCOPY\n\377\r\n\0", pack("N2", 0, 0), pack("n", 1), pack("N/a*", $v), pack("n", 0xffff)' "$1"
}

values | sed "s/110105194912310021/11010519491231002X/" >"$scratch/values"
while read -r type list; do
	sql binary_test "CREATE TABLE $type (v certdata.$type)" "CREATE TABLE ${type}_copy (v certdata.$type)" \
		"CREATE TABLE ${type}_odd (v certdata.$type)" "INSERT INTO $type VALUES (NULL)"
	for value in $list; do sql binary_test "INSERT INTO $type VALUES ('$value')"; done
	send=$(sql binary_test "SELECT typsend::regproc FROM pg_type WHERE oid = 'certdata.$type'::regtype")

	# there and back
	sql binary_test "\\copy $type TO '$scratch/$type.1' (FORMAT binary)" \
		"\\copy ${type}_copy FROM '$scratch/$type.1' (FORMAT binary)" \
		"\\copy ${type}_copy TO '$scratch/$type.2' (FORMAT binary)"
	same "$scratch/$type.1" "$scratch/$type.2" "$type: binary out, in and out again"
	sql binary_test "SELECT v FROM $type" >"$scratch/text.1"
	sql binary_test "SELECT v FROM ${type}_copy" >"$scratch/text.2"
	same "$scratch/text.1" "$scratch/text.2" "$type: the same values"

	# nothing, too little, too much, nonsense: refused, as bad data and not as an accident
	hex=$(sql binary_test "SELECT encode($send(v), 'hex') FROM $type WHERE v IS NOT NULL LIMIT 1")
	wrong=0 n=0 say=
	case $type in
		*_name) bytes="ff $(printf '%0404d' 0 | sed 's/00/e5/g') 00 6100 e5bc 80 $(printf 'e5bca0%.0s' $(seq 101))" ;;
		issue_date) bytes="ff 0000 7fffffff 80000000 7ffffffe ${hex}00 ${hex%??}" ;;
		# (an ID number of another kind may be shorter: cutting it makes no fault)
		id_number) bytes="ff 00 ${hex}00 ${hex}58 e5bc ${hex%??}7f ${hex}${hex}" ;;
		*) bytes="ff ${hex}00 ${hex%??} $(printf %s "$hex" | sed 's/../ff/g') ${hex}${hex}${hex}" ;;
	esac
	for bad in '' $bytes; do
		row "$bad" >"$scratch/bad"
		n=$((n + 1))
		state=$(psql -XqAt -d binary_test -v VERBOSITY=sqlstate -c "\\copy ${type}_odd FROM '$scratch/bad' (FORMAT binary)" 2>&1 |
			sed -n 's/.*ERROR: *\([0-9A-Z]*\).*/\1/p')
		# 22P03, 22P02, 22021, 22008, 08P01: data or protocol, as core's own types say it
		case $state in
			22P03 | 22P02 | 22021 | 22008 | 22007 | 22001 | 08P01) ;;
			'') if [ -n "$bad" ] || [ "${type%_name}" = "$type" ]; then wrong=$((wrong + 1)) say="$say; accepted \"$bad\""; fi ;;
			*) wrong=$((wrong + 1)) say="$say; \"$bad\" gave $state" ;;
		esac
	done
	if [ $wrong = 0 ]; then verdict 0 "$type: $n kinds of bad bytes refused"; else verdict 1 "$type: bad bytes refused" "${say#; }"; fi
	sql binary_test "TRUNCATE ${type}_odd"

	# every bit turned: refused, or a value that text input makes, too
	sql binary_test "SELECT encode($send(v), 'hex') FROM $type WHERE v IS NOT NULL" >"$scratch/hex"
	perl -ne 'chomp; my $v = pack("H*", $_);
		for my $bit (0 .. 8 * length($v) - 1) { my $w = $v; vec($w, $bit, 1) ^= 1; print unpack("H*", $w), "\n" }' \
		"$scratch/hex" | sort -u >"$scratch/turned"
	i=0
	while read -r turned; do
		i=$((i + 1))
		row "$turned" >"$scratch/bit.$i"
		echo "\\copy ${type}_odd FROM '$scratch/bit.$i' (FORMAT binary)"
	done <"$scratch/turned" >"$scratch/script"
	psql -Xq -d binary_test -f "$scratch/script" >"$scratch/out" 2>&1
	if grep -qE 'XX000|server closed|PANIC|internal error' "$scratch/out"; then verdict 1 "$type: $i turned bits" "$(cat "$scratch/out")"; else
		odd=$(sql binary_test "SELECT count(*) FROM ${type}_odd WHERE NOT certdata.is_valid(v::text, 'certdata.$type')")
		is "$odd" 0 "$type: $i turned bits: what is accepted is a lawful value"
		if [ "$odd" = 0 ]; then
			is "$(sql binary_test "SELECT count(*) FROM ${type}_odd WHERE $send(v) <> $send(v::text::certdata.$type)")" 0 \
				"$type: $i turned bits: what is accepted has one form only"
		fi
	fi
	rm -f "$scratch"/bit.*
done <"$scratch/values"
is "$(sql binary_test 'SELECT 1')" 1 'the server is still there'
done_testing
