#!/bin/bash
#
# A hundred crashes under load.  Looks for: a commit that was acknowledged and
# is gone, or whose row is there and its entries are not, or the other way
# round; a head that was told and is not true any more, also of what others
# wrote without waiting for their commits; numbers of acts given twice; a ledger
# that cannot go on.
#
# The processes are killed, not the machine: what was written to a file stays,
# whether it was synced or not (fsync is off).  What is lost is what was in the
# WAL buffers only, and that is what synchronous_commit is about.

. "$(dirname "$0")/tap.sh"
inside -o jit=off -o autovacuum=off

rounds=100
cd "$scratch" || bail cd
: >wrong.lost; : >wrong.torn; : >wrong.heads; : >wrong.errors; : >heads.all
in_vain=0 kept=0

sql postgres 'CREATE EXTENSION certdata' \
	'CREATE TABLE crash (name text, id_type text, id_number text, employer text, occupation text, work_type text, level text,
		cert_no certdata.certno PRIMARY KEY, issue_date text, evaluator text, issuer text)' \
	"SELECT FROM certdata.attach('crash')" \
	"CREATE FUNCTION no(i int) RETURNS text LANGUAGE sql IMMUTABLE AS \$\$ SELECT 'S000013000001223' || lpad(i::text, 6, '0') \$\$" \
	"CREATE FUNCTION add(first int, last int) RETURNS void LANGUAGE sql AS \$\$ INSERT INTO crash
		SELECT '张三', '居民身份证', '130102199003071233', NULL, '电工', NULL, '三级', no(i)::certdata.certno, '2022-02-09', '甲校', '甲中心' FROM generate_series(first, last) AS i \$\$" >/dev/null

# What sessions do, each with numbers of its own, from :first on; they note what they have been told is done.
for what in single batch correct seal; do
	awk -v what=$what 'BEGIN {
		print "SET synchronous_commit = :sync;"
		for (i = 0; i < 600; i++) {
			if (what == "seal")
				print "SELECT FROM certdata.seal();\nSELECT split_part(h, E\x27\\n\x27, 2), split_part(h, E\x27\\n\x27, 3) FROM certdata.head() AS h;"
			else if (what == "single")
				printf "SELECT FROM add(:first + %d, :first + %d);\n\\echo :sync :first %d 张三\n", i, i, i
			else if (what == "batch" && i % 10 == 0)
				printf "BEGIN;\nSELECT FROM add(:first + %d, :first + %d);\nSAVEPOINT s;\nSELECT FROM add(:first + %d, :first + %d);\nROLLBACK TO s;\nSELECT FROM add(:first + %d, :first + %d);\nCOMMIT;\n\\echo :sync :first %d 张三\n\\echo :sync :first %d 张三\n",
					i, i + 4, i + 5, i + 9, i + 5, i + 9, i, i + 9
			else if (what == "correct")
				printf "SELECT FROM add(:first + %d, :first + %d);\nSELECT FROM certdata.correct(\x27crash\x27, no(:first + %d), \x27{\"姓名\": \"李四\"}\x27, \x27r\x27, \x27a\x27);\n\\echo :sync :first %d 李四\n",
					i, i, i, i
		}
	}' >script.$what
done

# The sessions of a round.  Whoever waits for a commit has those of all others
# written, too; so in every second round a seal is all that is waited for.
load() # ROUND
{
	local i=0 what sync
	for what in single:off batch:off correct:off seal:off single:on batch:on correct:on; do
		sync=${what#*:} what=${what%:*}
		[ $sync = on ] && [ $(($1 % 2)) = 1 ] && continue
		PGAPPNAME=load psql -XqAt -v ON_ERROR_STOP=1 -v first=$(($1 * 10000 + i * 1000)) -v sync=$sync -f "script.$what" >"out.$what.$sync" 2>"errors.$what.$sync" &
		i=$((i + 1))
	done
}

# dead PID...: wait until these are, if not buried
dead() { while ps -o stat= -p "$*" | grep -qv '^Z'; do sleep 0.01; done; }

# gone ROUND: the server dies, of one of three causes, and is there again
gone()
{
	local postmaster writer all
	postmaster=$(head -n 1 "$CERTDATA_DATA/postmaster.pid")
	writer=$(pgrep -P "$postmaster" -f 'walwriter|wal writer')
	# it would write what nobody waits for; so much more is lost without it
	kill -STOP "$writer"
	sleep "0.$((RANDOM % 15 + 10))"
	case $(($1 % 3)) in
		0)
			kill -STOP "$postmaster"	# has no more children
			mapfile -t all < <(pgrep -P "$postmaster")
			kill -KILL "$postmaster" "${all[@]}"
			dead "$postmaster" "${all[@]}"
			rm -f "$CERTDATA_DATA/postmaster.pid" "$PGHOST/.s.PGSQL.$PGPORT.lock" ;;
		1)	# as pg_ctl stop -m immediate does
			kill -QUIT "$postmaster"
			sleep 0.02
			kill -CONT "$writer"
			dead "$postmaster"
			rm -f "$PGHOST/.s.PGSQL.$PGPORT.lock" ;;
		2)	# one backend; the server ends all others and begins anew by itself
			kill -KILL "$(pgrep -P "$postmaster" -f ' (INSERT|SELECT|COMMIT|idle)' | shuf -n 1)" 2>/dev/null
			sleep 0.02
			kill -CONT "$writer" ;;
	esac
	wait
	if [ $(($1 % 3)) = 2 ]; then
		until psql -XqAtc 'SELECT' >/dev/null 2>&1; do sleep 0.01; done
	else
		start_server
	fi
}

# One query: what is wrong with this round's numbers, by kind.
cat >check.sql <<'END'
CREATE TEMP TABLE ack (sync text, first int, i int, name text, no certdata.certno GENERATED ALWAYS AS (no(first + i)::certdata.certno) STORED);
\copy ack FROM acknowledged WITH (DELIMITER ' ')
CREATE TEMP TABLE told (size bigint, root text);
\copy told FROM heads WITH (DELIMITER '|')
SET enable_seqscan = off;
SELECT CASE sync WHEN 'on' THEN 'lost' ELSE 'in_vain' END, no, name FROM ack WHERE NOT EXISTS (SELECT FROM crash AS c WHERE c.cert_no = no AND c.name = ack.name);
SELECT 'kept', count(*) FROM crash WHERE cert_no BETWEEN no(:first)::certdata.certno AND no(:last)::certdata.certno;
SELECT 'torn', concat_ws(' ', COALESCE(c.cert_no, e.cert_no), c.name, e.lives, e.used)
FROM (SELECT * FROM crash WHERE cert_no BETWEEN no(:first)::certdata.certno AND no(:last)::certdata.certno) AS c
	FULL JOIN (SELECT cert_no, string_agg(life_seq::text || CASE WHEN a.id IS NULL THEN '!' ELSE '' END, ',' ORDER BY life_seq) AS lives, bool_or(state & 1 <> 0) AS used
		FROM certdata.ledger_entry AS e LEFT JOIN certdata.ledger_act AS a ON a.id = e.act
		WHERE cert_no BETWEEN no(:first)::certdata.certno AND no(:last)::certdata.certno GROUP BY cert_no) AS e ON e.cert_no = c.cert_no
WHERE concat_ws(' ', c.name, e.lives, e.used) NOT IN ('张三 1 f', '李四 1,2 t');
SELECT 'heads', size || ' ' || told.root FROM told LEFT JOIN certdata.ledger_head AS h USING (size)
WHERE CASE WHEN encode(h.root, 'base64') = told.root THEN certdata.tree_root(size) <> h.root ELSE true END;
END

for ((r = 0; r < rounds; r++)); do
	rm -f out.* errors.*
	load $r
	gone $r
	cat out.[!s]* out.single.* >acknowledged
	grep '|' out.seal.off >heads
	cat heads >>heads.all
	cat errors.* | grep 'ERROR:' | sed "s/^/round $r: /" >>wrong.errors
	psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -v first=$((r * 10000)) -v last=$((r * 10000 + 9999)) -f check.sql >found || bail 'check.sql'
	while read -r kind what; do
		case $kind in
			in_vain) in_vain=$((in_vain + 1)) ;;
			kept) kept=$((kept + what)) ;;
			*) echo "round $r: $what" >>"wrong.$kind" ;;
		esac
	done <found
done

is "$(head wrong.errors)" '' 'nothing but the crashes stopped a session'
is "$(head wrong.lost)" '' 'what was acknowledged is there'
is "$(head wrong.torn)" '' 'each row has its entries and what is known of it, each entry its act and row'
is "$(head wrong.heads)" '' 'each head that was told is there after the crash'
is "$((kept > 1000)) $((in_vain > 0)) $(($(sort -u heads.all | wc -l) > 100))" '1 1 1' 'there was load, commits that nobody waited for were lost, heads were told'
echo "# $kept certificates, $in_vain lost that nobody waited for, $(sort -u heads.all | wc -l) heads"

sql postgres 'SELECT FROM certdata.seal()' 'CREATE TABLE told (size bigint, root text)' "\\copy told FROM heads.all WITH (DELIMITER '|')"
is "$(sql postgres "SELECT size FROM (SELECT DISTINCT * FROM told) AS t, (SELECT size AS newest, root AS newest_root FROM certdata.ledger_head ORDER BY size DESC LIMIT 1) AS h
	WHERE NOT certdata.verify_consistency('sha256', size, newest, certdata.consistency_proof(size, newest), decode(t.root, 'base64'), newest_root)")" \
	'' 'all heads are consistent with the newest'
is "$(sql postgres 'SELECT p FROM certdata.verify_ledger() AS p')" '' 'certdata.verify_ledger() finds nothing'
is "$(sql postgres "SELECT a.id FROM certdata.ledger_act AS a LEFT JOIN certdata.ledger_entry AS e ON e.act = a.id GROUP BY a.id HAVING a.entries <> count(e.act) OR a.entries <> COALESCE(max(e.n), 0)" \
	'SELECT e.act FROM certdata.ledger_entry AS e LEFT JOIN certdata.ledger_act AS a ON a.id = e.act WHERE a.id IS NULL' \
	'SELECT id FROM certdata.ledger_act EXCEPT SELECT act FROM certdata.ledger_order' \
	'SELECT act FROM certdata.ledger_order EXCEPT SELECT id FROM certdata.ledger_act')" '' 'acts have their entries, and all have their places in the tree'
done_testing
