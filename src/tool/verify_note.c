/*
 * verify_note.c
 *	  Heads of the ledger: C2SP tlog-checkpoint, a C2SP signed-note.
 *
 * A line of signature is "— name base64(key id || signature)".  Lines of other
 * names and keys (witnesses) are none of ours.
 */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#define ORIGIN "certdata/"
#define DASH "\xE2\x80\x94 "	/* U+2014 and a space */
#define KEY_ID_LEN 4
#define PRIVATE_TYPE 0xff

/* Take the next line off, without its end; false: there is none. */
static bool
next_line(cd_text *rest, cd_text *line)
{
	const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;

	if (end == NULL)
		return false;
	line->ptr = rest->ptr;
	line->len = (size_t) (end - rest->ptr);
	rest->ptr += line->len + 1;
	rest->len -= line->len + 1;
	return true;
}

/* A signature line's name and bytes; false: it is malformed. */
static bool
read_signature(cd_text line, cd_text *name, unsigned char *out, size_t room, size_t *len)
{
	const size_t dash = strlen(DASH);
	const char *space;
	cd_text		bytes;

	if (line.len < dash || memcmp(line.ptr, DASH, dash) != 0)
		return false;
	name->ptr = line.ptr + dash;
	space = memchr(name->ptr, ' ', line.len - dash);
	if (space == NULL || space == name->ptr)
		return false;
	name->len = (size_t) (space - name->ptr);
	bytes.ptr = space + 1;
	bytes.len = line.len - dash - name->len - 1;
	return decode_base64(bytes, out, room, len) && *len > KEY_ID_LEN;
}

/*
 * After the body: nothing, or an empty line and lines of signature.  psql, and
 * so the file that a reader keeps, has one more line end.
 */
static bool
read_signatures(cd_text rest, verify_note *note)
{
	unsigned char *bytes;
	size_t		len;
	cd_text		line;
	cd_text		name;
	bool		good = true;

	note->signatures.len = 0;
	if (rest.len == 0)
		return true;
	if (!next_line(&rest, &line) || line.len > 0)
		return false;
	while (rest.len > 0 && rest.ptr[rest.len - 1] == '\n' && (rest.len == 1 || rest.ptr[rest.len - 2] == '\n'))
		rest.len--;
	note->signatures = rest;
	bytes = malloc(rest.len + 1);
	while (good && bytes != NULL && rest.len > 0)
		good = next_line(&rest, &line) && read_signature(line, &name, bytes, note->signatures.len, &len);
	free(bytes);
	return good && bytes != NULL;
}

bool
note_read(cd_text text, verify_note *note)
{
	cd_text		rest = text;
	cd_text		line;
	size_t		len;

	memset(note, 0, sizeof(*note));
	if (!next_line(&rest, &note->origin) || note->origin.len <= strlen(ORIGIN) ||
		memcmp(note->origin.ptr, ORIGIN, strlen(ORIGIN)) != 0)
		return false;
	if (!next_line(&rest, &line) || !decode_decimal(line, &note->size) || note->size > CD_TREE_MAX)
		return false;
	if (!next_line(&rest, &line) || !decode_base64(line, note->root.b, CD_NODE_LEN, &len) || len != CD_NODE_LEN)
		return false;
	note->algorithm = CD_SHA256;
	if (rest.len > 0 && *rest.ptr != '\n')
	{
		if (!next_line(&rest, &line) || !verify_text_is(line, "hash sm3"))
			return false;
		note->algorithm = CD_SM3;
	}
	note->body.ptr = text.ptr;
	note->body.len = text.len - rest.len;
	return read_signatures(rest, note);
}

/* First bytes of SHA-256(name || 0a || type || public key), whatever the ledger's digest. */
static bool
key_id(const verify_note *note, const cd_key *key, unsigned char id[KEY_ID_LEN])
{
	static const unsigned char ed25519[] = {'\n', 1};
	static const unsigned char other[] = {'\n', PRIVATE_TYPE};
	const bool	sm2 = cd_key_type_of(key) == CD_SM2;
	const bool	standard = !sm2 && note->algorithm == CD_SHA256;
	const char *type = standard ? "" : sm2 ? "certdata-sm2-sm3" : "certdata-ed25519";
	unsigned char raw[CD_PUBLIC_KEY_MAX];
	unsigned char hash[CD_HASH_LEN];
	cd_piece	piece[4] = {
		{note->origin.ptr, note->origin.len},
		{standard ? ed25519 : other, 2},
		{type, strlen(type)},
		{raw, cd_key_raw(key, raw)}
	};
	cd_digest  *digest = cd_digest_new(CD_SHA256);
	bool		good = digest != NULL && piece[3].len > 0 && cd_digest_pieces(digest, piece, 4, hash);

	if (good)
		memcpy(id, hash, KEY_ID_LEN);
	cd_digest_free(digest);
	return good;
}

void
note_key_id(const verify_note *note, const cd_key *key, char out[9])
{
	unsigned char id[KEY_ID_LEN] = {0};

	key_id(note, key, id);
	snprintf(out, 9, "%02x%02x%02x%02x", id[0], id[1], id[2], id[3]);
}

note_verdict
note_verify(const verify_note *note, const cd_key *key)
{
	unsigned char id[KEY_ID_LEN];
	unsigned char bytes[KEY_ID_LEN + CD_SIGNATURE_MAX];
	cd_text		rest = note->signatures;
	note_verdict verdict = NOTE_OTHER_KEY;
	cd_text		line;
	cd_text		name;
	size_t		len;

	if (rest.len == 0)
		return NOTE_UNSIGNED;
	if (!key_id(note, key, id))
		return NOTE_FORGED;
	while (next_line(&rest, &line))
	{
		if (!read_signature(line, &name, bytes, sizeof(bytes), &len) ||
			name.len != note->origin.len || memcmp(name.ptr, note->origin.ptr, name.len) != 0 ||
			memcmp(bytes, id, KEY_ID_LEN) != 0)
			continue;
		if (!cd_verify(key, note->body.ptr, note->body.len, bytes + KEY_ID_LEN, len - KEY_ID_LEN))
			return NOTE_FORGED;
		verdict = NOTE_SIGNED;
	}
	return verdict;
}
