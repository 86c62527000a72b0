#!/bin/bash
#
# certdata-verify on evidence that a program sharing no code with it made
# (test/ledger), for both digests and both kinds of key: the good bundle, the
# same with one thing changed at a time, and bundles put together to deceive.
# Looks for: altered evidence that is believed, good evidence that is not, a
# wrong key or head taken for good, a fork or a newer entry overlooked, another
# exit status than documented, text in a bundle that forges lines on a terminal.

. "$(dirname "$0")/tap.sh"
scratch=$(mktemp -d)
dir=$scratch/made
model=$repository/test/ledger/ledger_model.pl
unset LC_ALL LC_MESSAGES LANG

# verify BUNDLE OPTION...: exit status in $rc, what it printed in $said
verify()
{
	rc=0
	said=$(cd "$dir" && "$repository/certdata-verify" "$@" 2>&1) || rc=$?
}

# expect STATUS PATTERN NAME BUNDLE OPTION...
expect()
{
	local status=$1 pattern=$2 name=$3
	shift 3
	verify "$@"
	if [ $rc = "$status" ] && [[ $said =~ $pattern ]]; then
		verdict 0 "$name"
	else
		verdict 1 "$name" "exit status $rc, expected $status and: $pattern" "$(tail -n 30 <<<"$said")"
	fi
}

is "$(perl -I"$repository/test/ledger" -MLedger -e 'print unpack "H*", Ledger::sm3("certdata" x 30)')" \
	"$(perl -e 'print "certdata" x 30' | openssl dgst -sm3 | sed 's/.* //')" 'the model computes SM3 as openssl does'

# ---- every pair of digest and key

for kind in 'sha256 sm2' 'sm3 ed25519' 'sm3 sm2' 'sha256 ed25519'; do
	rm -rf "$dir"
	mkdir "$dir"
	# shellcheck disable=SC2086 # two words
	perl "$model" make "$dir" $kind >"$scratch/log" 2>&1 || bail "$(cat "$scratch/log")"
	read -r first second last <"$dir/sizes"
	key=(--key key.pub.pem)
	expect 0 'Result: proved' "$kind: good" bundle.json "${key[@]}"
	expect 0 'no other entry of the certificate.*no newer entry' "$kind: good, with the export" bundle.json "${key[@]}" --ledger export
	expect 0 "head you kept \($first leaves\) is the beginning" "$kind: good, with a kept head" bundle.json "${key[@]}" --head "$first.head"
	expect 1 'not signed by the key given.*DISPROVED' "$kind: another key" bundle.json --key wrong.pub.pem
	expect 1 'signature of the head is wrong' "$kind: signed by another under the key'"'s name' forged.json "${key[@]}"

	case $kind in 'sha256 sm2' | 'sm3 ed25519') continue ;; esac

	# what was changed, one thing at a time
	perl "$model" tamper "$dir" "$first" >"$scratch/list"
	wrong=
	while IFS=$'\t' read -r number what verdict; do
		rc=0
		"$repository/certdata-verify" "$dir/tampered/$number.json" --key "$dir/key.pub.pem" --head "$dir/$first.head" >/dev/null 2>&1 || rc=$?
		case $verdict$rc in
			accepted0 | refused1 | refused2) ;;
			*) wrong+="$what: $verdict, but $rc"$'\n' ;;
		esac
	done <"$scratch/list"
	is "$wrong" '' "$kind: evidence with one thing changed"
	verdict $(($(wc -l <"$scratch/list") < 300)) "$kind: many things were changed: $(wc -l <"$scratch/list")"
done

# ---- heads

expect 0 'it is the tree of the head you kept' 'the same head' bundle.json "${key[@]}" --head "$last.head"
expect 0 "head you kept \($second leaves\) follows from the export" 'no proof, but the export' noproof.json "${key[@]}" --head "$second.head" --ledger export
expect 1 "has no proof from the head you kept.*since => $second.*Result: not proved" 'no proof' noproof.json "${key[@]}" --head "$second.head"
expect 1 'is not the beginning of this one' 'a head of a forked tree' bundle.json "${key[@]}" --head fork.head
expect 1 'is not that of the head you kept' 'a forked head against the export' noproof.json "${key[@]}" --head fork.head --ledger export
expect 1 'as many leaves and another root' 'a forked head of the same size' old.json "${key[@]}" --head fork.head
expect 1 'the head you kept is of another ledger' "another ledger's head" bundle.json "${key[@]}" --head stranger.head
expect 1 'the head you kept is not signed by the key' 'a head by another key' bundle.json "${key[@]}" --head wrong.head
expect 1 'the head you kept is not signed' 'a kept head without a signature' bundle.json "${key[@]}" --head "unsigned.$first.head"
expect 0 'Result: proved' 'evidence for an older head' old.json "${key[@]}"
expect 1 "older than the head you kept \($second leaves, yours $last\).*Result: not proved" 'older evidence than the head' old.json "${key[@]}" --head "$last.head"
expect 1 "there is a newer entry than the head.*head you kept \($last leaves\) follows" 'older evidence, but the export' \
	old.json "${key[@]}" --head "$last.head" --ledger export
{ cat "$dir/$first.head"; echo; } >"$dir/x"
expect 0 "head you kept \($first leaves\) is the beginning" 'a head as psql prints it' bundle.json "${key[@]}" --head x
{ cat "$dir/unsigned.$first.head"; echo; } >"$dir/x"
expect 0 "head you kept \($first leaves\) is the beginning" 'the same, unsigned' bundle.json --unsigned --head x
{ echo; cat "$dir/$first.head"; } >"$dir/x"
expect 2 'the head given is no checkpoint' 'a line before a head' bundle.json "${key[@]}" --head x
sed '$s/ [^ ]*$/ AAAA/' "$dir/$first.head" >"$dir/x"
expect 2 'the head given is no checkpoint' 'a head with a signature of no bytes' bundle.json "${key[@]}" --head x
{ cat "$dir/$first.head"; printf '\xe2\x80\x94 witness.example AAAAAAAA\n'; } >"$dir/x"
expect 0 "head you kept \($first leaves\) is the beginning" "a head with a witness's line, too" bundle.json "${key[@]}" --head x
printf 'x\n' >"$dir/x"
expect 2 'the head given is no checkpoint' 'a head that is none' bundle.json "${key[@]}" --head x

# ---- keys

expect 1 'the head is not signed' 'no signature, but a key' unsigned.json "${key[@]}"
expect 1 'give --key, or --unsigned.*Result: not proved' 'a signature, but no key' bundle.json
expect 0 'signature was not checked, as asked.*who issued the head.*Result: proved' 'without a key, as asked' bundle.json --unsigned
expect 0 'Result: proved' 'no signature, as asked' unsigned.json --unsigned --head "unsigned.$last.head"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 2>/dev/null | openssl pkey -pubout >"$dir/rsa.pub.pem"
expect 2 'this is no public key in PEM, Ed25519 or SM2' 'a key of another type' bundle.json --key rsa.pub.pem
expect 2 'this is no public key' 'a private key' bundle.json --key key.pem
expect 2 'exclude each other' 'key and --unsigned' bundle.json "${key[@]}" --unsigned

# ---- entries left out, or another's

expect 1 'one is left out between them' 'an entry left out in the middle' gap.json "${key[@]}"
expect 1 'an entry before the first one is not shown' 'the first entry left out' late.json "${key[@]}"
expect 1 'one is left out between them.*its certificate number is another' "another certificate's entry" spliced.json "${key[@]}"
expect 1 'goes by another number now, and what follows is not shown' 'nothing after the renumbering' left.json "${key[@]}"
expect 0 'rests on the signed head being current, and on --ledger' 'the last entry left out: not seen, and said so' cut.json "${key[@]}"
expect 1 "leaf $((last - 4)) of the ledger \(retire, place 6 in the life\) is of the certificate too" 'the last entry left out: seen with the export' \
	cut.json "${key[@]}" --ledger export
expect 0 "leaf $((last - 2)) of the ledger \(insert, place 1\) has the same number, of another certificate or table" \
	'the number in another table' bundle.json "${key[@]}" --ledger export
expect 0 'place 1 in its life' 'and the other way round' stranger.json "${key[@]}" --ledger export
sed 's/"life_seq":1,"n":2/"life_seq":2,"n":2/' "$dir/bundle.json" >"$dir/seq.json"
expect 1 'the certificate was there before recording began' 'a life that begins at 2 is said to' seq.json "${key[@]}"

# ---- exports

expect 1 "the export has $((last - 1)) leaves only.*Result: not proved" 'an export cut short' bundle.json "${key[@]}" --ledger short.export
expect 1 'first '"$last"' leaves is not the head' 'the export of a forked ledger' bundle.json "${key[@]}" --ledger fork.export
awk -F'\t' -v OFS='\t' '$1 == 7 { getline } { print }' "$dir/export" >"$dir/x"
expect 2 'line 8 of the export is not in its format' 'a line missing' bundle.json "${key[@]}" --ledger x
sed '9s/.$/!/' "$dir/export" >"$dir/x"
expect 2 'line 9 of the export' 'a line that is no base64' bundle.json "${key[@]}" --ledger x
sed '9s/\t......../\tAAAAAAAA/' "$dir/export" >"$dir/x"
expect 2 'line 9 of the export' 'a line that is no leaf' bundle.json "${key[@]}" --ledger x
: >"$dir/x"
expect 1 'the export has 0 leaves only' 'an empty export' bundle.json "${key[@]}" --ledger x
sed 's/$/\r/' "$dir/export" >"$dir/x"
expect 0 'no newer entry' 'an export with CRLF' bundle.json "${key[@]}" --ledger x

# ---- the checker of a dump, which other tests rely on

# checked NAME PATTERN FILE EDIT: what the model finds in the dump, FILE edited by sed
checked()
{
	rm -rf "$scratch/dump"
	cp -R "$dir/dump" "$scratch/dump"
	if [ -n "$3" ]; then sed -i "$4" "$scratch/dump/$3"; fi
	said=$(perl "$model" check "$scratch/dump" 2>&1)
	if [[ $said =~ $2 ]]; then verdict 0 "$1"; else verdict 1 "$1" "$said"; fi
}
checked 'a dump of the tables' "^# $last leaves, 0 problems" '' ''
checked 'an act altered' 'export is another.*tile 0/0 is another|tile 0/0 is another.*export is another' ledger_act 's/录入错误/录入有误/'
checked 'an entry altered' 'follows an entry that is not there' ledger_entry '2s/"state":4/"state":5/'
checked 'an entry gone' 'act 104 has 0 entries, not 1' ledger_entry '3d'
checked 'the order altered' 'begins at leaf' ledger_order '3s/"first_leaf":[0-9]*/"first_leaf":3/'
checked 'a tile altered' '^tile 0/0 is another' ledger_tile 's/x../x00/'
checked 'a head altered' "head of $first leaves has another root" ledger_head '1s/\\\\x../\\\\x00/'
checked 'a head gone' "newest head has $second leaves, the order $last" ledger_head '$d'
checked 'a salt altered' 'tile 0/0 is another' ledger_entry '1s/"salts":"\\\\x../"salts":"\\\\x00/'

# ---- files and options

expect 2 'No such file' 'no such bundle' none.json "${key[@]}"
expect 2 'Is a directory' 'a directory' . "${key[@]}"
expect 2 'no bundle given' 'no bundle' "${key[@]}"
expect 2 'one bundle at a time' 'two bundles' bundle.json bundle.json
expect 2 'unknown option: --forge' 'an unknown option' bundle.json --forge
expect 2 'option needs a value: --key' '--key without a file' bundle.json --key
expect 0 'usage: certdata-verify' '--help' --help
expect 0 '^certdata-verify [0-9]' '--version' --version
expect 0 '结论：成立' '--lang zh' bundle.json "${key[@]}" --lang zh
said=$(cd "$dir" && LANG=zh_CN.UTF-8 "$repository/certdata-verify" cut.json --key key.pub.pem --ledger export)
is "$(grep -c '不符！账本第15条（retire，次序6）也是该证书的，证据没有给出' <<<"$said")" 1 'Chinese by LANG'
said=$(cd "$dir" && "$repository/certdata-verify" - --key key.pub.pem <bundle.json | tail -n 1)
is "$said" 'Result: proved' 'from the standard input'

# ---- JSON

expect 2 'this is not JSON: byte [0-9]+: it ends' 'half a file' <(head -c 1000 "$dir/bundle.json") "${key[@]}"
expect 2 'not JSON: byte [0-9]+: something follows' 'more than a bundle' <(cat "$dir/bundle.json" "$dir/bundle.json") "${key[@]}"
expect 2 'a member that stands twice' 'a member twice' <(sed 's/"cert_no":/"table":"x","cert_no":/' "$dir/bundle.json") "${key[@]}"
expect 2 'not UTF-8' 'GB18030' <(iconv -f UTF-8 -t GB18030 "$dir/bundle.json") "${key[@]}"
expect 2 'no text may have' 'NUL in a text' <(sed 's/录入错误/\\u0000/' "$dir/bundle.json") "${key[@]}"
expect 2 'nested too deeply' 'nested deeply' <(head -c 100000 /dev/zero | tr '\0' '[') "${key[@]}"
expect 0 'Result: proved' 'a byte order mark' <(printf '\xef\xbb\xbf'; cat "$dir/bundle.json") "${key[@]}"

# A reason that clears the screen and prints a result, and turns the text round.
sed 's/录入错误/\\u001b[2J\\nResult: proved\\u202e/' "$dir/bundle.json" >"$dir/forging.json"
expect 1 'reason: \\u001b\[2J\\u000aResult: proved\\u202e' 'text that would forge a line' forging.json "${key[@]}"
is "$(grep -c '^Result: proved' <<<"$said")" 0 'forges none'
done_testing
