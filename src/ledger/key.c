/*
 * key.c
 *	  The key that heads are signed with: certdata.signing_key_file.
 */
#include "certdata.h"

#include <sys/stat.h>
#include <unistd.h>

#include "storage/fd.h"
#include "utils/guc.h"

#include "errors.h"
#include "ledger/seal.h"

#define KEY_FILE_MAX 16384		/* bytes; keys in PEM have some hundred */

static char *signing_key_file = NULL;

/* Where the file is concerns the log only: certdata.head() is for everybody. */
void
signing_key_refused(const char *reason)
{
	bool		zh = certdata_lang_zh();

	ereport(ERROR,
			(errcode(ERRCODE_CERTDATA_KEY),
			 errmsg_internal("%s", zh ? "签名密钥不能使用" : "the signing key cannot be used"),
			 errdetail_internal("%s", reason),
			 errdetail_log("%s (certdata.signing_key_file = \"%s\")", reason, signing_key_file),
			 errhint("%s", zh ? "certdata.signing_key_file 应指向只有服务器用户可读的 PEM 私钥（Ed25519 或 SM2，不设口令）；置空则树头不签名。" :
					 "certdata.signing_key_file names a private key in PEM, Ed25519 or SM2, without a password, that only the server's user can read; leave it empty to have heads unsigned.")));
}

/* As the server does with the key of its TLS certificate; NULL: it may be used. */
static const char *
fault_of(const struct stat *st)
{
	bool		zh = certdata_lang_zh();

	if (!S_ISREG(st->st_mode))
		return zh ? "不是普通文件。" : "It is not a regular file.";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return zh ? "文件不属于服务器用户或 root。" :
			"The file belongs neither to the server's user nor to root.";
	if (st->st_mode & (st->st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO))
		return zh ? "文件允许他人访问：权限应为 u=rw (0600) 或更少，属于 root 时为 u=rw,g=r (0640) 或更少。" :
			"Others have access to the file: let its permissions be u=rw (0600) or less, or u=rw,g=r (0640) or less if it belongs to root.";
	if (st->st_size > KEY_FILE_MAX)
		return zh ? "文件太大。" : "The file is too large.";
	return NULL;
}

static cd_key *
read_key(int fd)
{
	char		pem[KEY_FILE_MAX];
	struct stat st;
	const char *fault;
	cd_key	   *key;
	int			len;

	if (fstat(fd, &st) < 0)
		signing_key_refused(strerror(errno));
	fault = fault_of(&st);
	if (fault != NULL)
		signing_key_refused(fault);
	len = read(fd, pem, sizeof(pem));
	if (len < 0)
		signing_key_refused(strerror(errno));
	key = cd_key_private(pem, len);
	explicit_bzero(pem, sizeof(pem));
	if (key == NULL)
		signing_key_refused(cd_digest_error());
	return key;
}

cd_key *
signing_key(void)
{
	cd_key	   *key;
	int			fd;

	if (signing_key_file == NULL || signing_key_file[0] == '\0')
		return NULL;
	/* of a pipe nobody writes to, opening it would never end */
	fd = OpenTransientFile(signing_key_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (fd < 0)
		signing_key_refused(strerror(errno));
	key = read_key(fd);
	CloseTransientFile(fd);
	return key;
}

void
key_define_settings(void)
{
	DefineCustomStringVariable("certdata.signing_key_file",
							   "Private key in PEM that certdata.head() signs with.",
							   "Empty: heads are not signed.",
							   &signing_key_file, "", PGC_SUSET, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
}
