#!/bin/bash
#
# The background worker that seals, and signed heads.  Looks for: a worker that
# stays away, or away after an error, a signal or a crash; one that seals where
# it should not; settings that count only after a restart; signatures that
# openssl does not verify, key ids of another kind than doc/ledger.md has; keys
# that others can read, and what is told of them to whom.

. "$(dirname "$0")/tap.sh"
inside -o shared_preload_libraries=certdata -o 'certdata.seal_databases=one, "two", gone' -o log_error_verbosity=verbose

server_owner=$(stat -c %u "$CERTDATA_DATA")

act="INSERT INTO certdata.ledger_act (id, incarnation, transaction, statement_id, kind, shape, entries, recorded_at, session_user_name, current_user_name)
	SELECT nextval('certdata.ledger_act_id'), 1, pg_current_xact_id(), 1, 'record', 0, 0, now(), 'a', 'a'"
sealed="SELECT count(*) = (SELECT count(*) FROM certdata.ledger_order) FROM certdata.ledger_act"
sealers="SELECT string_agg(datname, ' ' ORDER BY datname) = 'one two' FROM pg_stat_activity WHERE backend_type = 'certdata sealer'"
one="SELECT pid FROM pg_stat_activity WHERE backend_type = 'certdata sealer' AND datname = 'one'"

# ---- the worker
createdb one && createdb two && createdb sm3 || bail createdb
sql one 'CREATE EXTENSION certdata' 'SELECT FROM certdata.start_ledger()'
is "$(sql one 'SHOW certdata.seal_interval' "SELECT context FROM pg_settings WHERE name = 'certdata.seal_databases'")" $'0\npostmaster' 'it is off by itself'
until_true postgres "$sealers"
verdict $? 'a worker for each database, also one made later' "$(sql postgres 'SELECT datname, backend_type FROM pg_stat_activity')"
sleep 1.5
is "$(sql one 'SELECT count(*) FROM certdata.ledger_head')" 0 'it does not seal while it is off'
# a protected server takes its settings from the file, and acts written by hand under maintenance only
sql one "SELECT certdata.open_maintenance('r', '1 hour')" >/dev/null
echo 'certdata.seal_interval = 1' >>"$CERTDATA_DATA/postgresql.conf"
sql one 'SELECT pg_reload_conf()' >/dev/null
until_true one "$sealed"
verdict $? 'a reload turns it on'
is "$(sql one "SELECT DISTINCT session_user_name, application_name FROM certdata.ledger_act WHERE kind = 'seal'")" 'postgres|certdata sealer' 'its acts say who it is'
sql one "$act" && until_true one "$sealed"
verdict $? 'it goes on at each interval'
heads=$(sql one 'SELECT count(*) FROM certdata.ledger_head')
sleep 2.5
is "$(sql one 'SELECT count(*) FROM certdata.ledger_head')" "$heads" 'it makes no heads where nothing is new'
is "$(grep -c 'ERROR:' "$CERTDATA_LOG")" 0 'a database without certdata is no error'
sql two 'CREATE EXTENSION certdata' && sleep 1.5
sql two 'SELECT FROM certdata.start_ledger()' && until_true two "$sealed"
verdict $? 'a ledger that is started later'
sql one "$act" 'UPDATE certdata.ledger_act SET entries = 1 WHERE id = lastval()' && sleep 2.5
is "$(grep -c 'ERROR:  QC023' "$CERTDATA_LOG" | sed 's/[1-9][0-9]*/some/')" some 'an error is in the log'
sql one 'UPDATE certdata.ledger_act SET entries = 0 WHERE entries = 1' && until_true one "$sealed"
verdict $? '... and it goes on when the cause is gone'
before=$(sql postgres "$one")
sql postgres "SELECT pg_terminate_backend($before)" >/dev/null
until_true postgres "SELECT pid <> $before FROM pg_stat_activity WHERE backend_type = 'certdata sealer' AND datname = 'one'"
verdict $? 'terminated, it comes back'
sql one "$act"
kill -KILL "$(sql postgres "$one")"
sleep 1
until_true postgres "$sealers" && until_true one "$sealed"
verdict $? 'killed, it comes back with the server'
is "$(sql one 'SELECT certdata.tree_root(size) = root FROM certdata.ledger_head ORDER BY size DESC LIMIT 1')" t '... and the tree is whole'
echo 'certdata.seal_interval = 0' >>"$CERTDATA_DATA/postgresql.conf"
sql one 'SELECT pg_reload_conf()' >/dev/null
sleep 1.5
sql one "$act" && sleep 1.5
is "$(sql one "$sealed")" f 'a reload turns it off'
sql one 'SELECT FROM certdata.seal()'

# ---- signatures
cd "$scratch" || bail cd
openssl genpkey -algorithm ed25519 -out ed25519.pem 2>/dev/null || bail 'openssl genpkey'
openssl genpkey -algorithm SM2 -out sm2.pem 2>/dev/null || bail 'openssl genpkey'
openssl genpkey -algorithm RSA -out rsa.pem 2>/dev/null
openssl pkey -in ed25519.pem -aes256 -passout pass:x -out password.pem
openssl pkey -in ed25519.pem -pubout -out public.pem
openssl pkey -in sm2.pem -pubout -out sm2_public.pem
echo nothing >garbage.pem

# key NAME [MODE]: the file as the server reads it
key() { install -m "${2:-600}" -o "$server_owner" "$1" "$CERTDATA_DATA/key.pem"; }
# head_of DATABASE: into the files text, id, signature
head_of()
{
	PGOPTIONS='-c certdata.signing_key_file=key.pem' psql -XqAt -d "$1" -c 'SELECT certdata.head()' >note || return
	sed '/^$/,$d' note >text
	sed '1,/^$/d' note | sed -n 's/^— certdata\/[-0-9a-f]* //p' | base64 -d >blob
	head -c 4 blob >id
	tail -c +5 blob >signature
}
hex() { od -An -v -tx1 | tr -d ' \n'; }
# the key id, of what comes after the name and newline: TYPE (printf format) KEY_BYTES
key_id() { { printf '%s\n%b' "$(head -n 1 text)" "$1"; tail -c "$2" der; } | openssl dgst -sha256 -binary | head -c 4 | hex; }

is "$(sql one 'SELECT certdata.head()' | sed '1,/^$/d')" '' 'no key, no signature'
key ed25519.pem
head_of one
openssl pkey -pubin -in public.pem -outform DER -out der
is "$(sed -n '$p' note)" '' 'the note ends with a newline'
is "$(openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile signature 2>&1)" 'Signature Verified Successfully' 'Ed25519: openssl verifies the signature'
is "$(hex <id)" "$(key_id '\x01' 32)" 'Ed25519: the key id is that of C2SP'
is "$(wc -l <text)" 3 'Ed25519: three lines'
is "$(sed -n 3p text | base64 -d | hex)" "$(sql one "SELECT encode(root, 'hex') FROM certdata.ledger_head ORDER BY size DESC LIMIT 1")" 'the third is the root'
earlier=$(sql one 'SELECT size FROM certdata.ledger_head ORDER BY size LIMIT 1')
is "$(PGOPTIONS='-c certdata.signing_key_file=key.pem' sql one "SELECT certdata.head($earlier)" | sed -n 2p)" "$earlier" 'an earlier head'

sm2_verifies() { openssl pkeyutl -verify -pubin -inkey sm2_public.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678 -in text -sigfile signature 2>&1; }
key sm2.pem
head_of one
openssl pkey -pubin -in sm2_public.pem -outform DER -out der
is "$(sm2_verifies)" 'Signature Verified Successfully' 'SM2 over SHA-256: openssl verifies the signature'
is "$(hex <id)" "$(key_id '\xffcertdata-sm2-sm3' 65)" 'SM2: the key id'

sql sm3 'CREATE EXTENSION certdata' "SELECT FROM certdata.start_ledger('sm3')" 'SELECT FROM certdata.seal()'
head_of sm3
is "$(sm2_verifies)" 'Signature Verified Successfully' 'SM2 over SM3: openssl verifies the signature'
is "$(sed -n 4p text)" 'hash sm3' 'SM3: the note says so'
is "$(sed -n 3p text | base64 -d | hex)" "$(sql sm3 "SELECT '01' || encode(certdata.leaf_hash(0) || certdata.leaf_hash(1), 'hex')" | perl -ne 'chomp; print pack "H*", $_' | openssl dgst -sm3 -r | sed 's/ .*//')" 'SM3: the root'
key ed25519.pem
head_of sm3
openssl pkey -pubin -in public.pem -outform DER -out der
is "$(openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile signature 2>&1)" 'Signature Verified Successfully' 'Ed25519 over SM3: openssl verifies the signature'
is "$(hex <id)" "$(key_id '\xffcertdata-ed25519' 32)" 'Ed25519 over SM3: the key id'

# ---- keys that are of no use
createuser somebody
refused()
{
	local name=$1 reason=$2 language said
	for language in en zh; do
		psql -Xq -d one -c "SET certdata.signing_key_file = 'key.pem'" -c "SET certdata.language = $language" \
			-c 'SET ROLE somebody' -c '\set VERBOSITY verbose' -c 'SELECT certdata.head()' >said 2>&1
		said=$(cat said)
		case $language in
			en) case $said in *QC024*"$reason"*) verdict 0 "$name" ;; *) verdict 1 "$name" "$said" ;; esac ;;
			zh) case $said in *QC024*签名密钥不能使用*) verdict 0 "$name, in Chinese" ;; *) verdict 1 "$name, in Chinese" "$said" ;; esac ;;
		esac
	done
	is "$(grep -c 'key\.pem' said)" 0 "$name: the caller is not told where it is"
}
key ed25519.pem 640
refused 'a key that the group can read' 'Others have access'
key ed25519.pem 604
refused 'a key that others can read' 'Others have access'
key password.pem
refused 'a key with a password' 'DETAIL'
key rsa.pem
refused 'an RSA key' 'neither an Ed25519 nor an SM2 key'
key public.pem
refused 'a public key' 'DETAIL'
key garbage.pem
refused 'no key' 'DETAIL'
rm -f "$CERTDATA_DATA/key.pem"
refused 'no file' 'No such file'
mkdir "$CERTDATA_DATA/key.pem"
refused 'a directory' 'not a regular file'
rmdir "$CERTDATA_DATA/key.pem"
mkfifo "$CERTDATA_DATA/key.pem"
chown "$server_owner" "$CERTDATA_DATA/key.pem"
refused 'a pipe' 'not a regular file'
is "$(grep -c 'signing_key_file = "key.pem"' "$CERTDATA_LOG" | sed 's/[1-9][0-9]*/some/')" some 'the log tells where it is'
is "$(sql one 'SELECT certdata.head() IS NOT NULL')" t 'without a key the head is given'
done_testing
