/*
 * check_in.c
 *	  What certdata-check reads: whole files, and GB18030 by iconv(3).
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A cd_decode_fn whose argument is the file's path.  The converter is opened
 * when the first file needs it, and stays.
 */
size_t
decode_gb18030(void *arg, const char *src, size_t srclen, char *dst,
			   size_t dstsize, bool *bad)
{
	static iconv_t converter = (iconv_t) -1;
	char	   *in = (char *) src;
	char	   *out = dst;

	if (converter == (iconv_t) -1)
		converter = iconv_open("UTF-8", "GB18030");
	if (converter == (iconv_t) -1)
		check_fail(arg, TEXT("本系统不能转换GB18030编码，请将文件另存为UTF-8",
							 "this system cannot convert GB18030, save the file as UTF-8"));
	iconv(converter, NULL, NULL, NULL, NULL);
	while (srclen > 0 &&
		   iconv(converter, &in, &srclen, &out, &dstsize) == (size_t) -1 &&
		   srclen > 0 && dstsize >= 3)
	{
		memcpy(out, "\xEF\xBF\xBD", 3);
		out += 3;
		dstsize -= 3;
		in++;
		srclen--;
		*bad = true;
	}
	return (size_t) (out - dst);
}

char *
read_file(const char *path, size_t *len, mode_t *mode)
{
	struct stat st;
	size_t		room;
	char	   *data;
	int			fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		check_fail(path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		check_fail(path, strerror(EISDIR));
	*mode = st.st_mode;
	*len = 0;
	room = S_ISREG(st.st_mode) ? (size_t) st.st_size + 1 : 65536;
	data = check_alloc(NULL, room);
	for (;;)
	{
		ssize_t		n = read(fd, data + *len, room - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			check_fail(path, strerror(errno));
		if (n == 0)
			break;
		*len += (size_t) n;
		if (*len == room)
		{
			room += room / 2;
			data = check_alloc(data, room);
		}
	}
	close(fd);
	return data;
}
