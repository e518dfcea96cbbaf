#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"

enum { SOCKET_PATH = sizeof(((struct sockaddr_un *)0)->sun_path) - 1 };

static char *refuse(const char *, const char *, const char *);
static int enter(const char *);
static int remove_tree(int, const char *);

int
folder_make(char **folder, const char *socket, char **error)
{
	const char *given = getenv("TMPDIR");
	char *base, *path;

	*folder = NULL;
	if (given == NULL || *given == '\0')
		given = "/tmp";
	if ((base = realpath(given, NULL)) == NULL) {
		*error = mem_printf("TMPDIR: %s: %s", given, strerror(errno));
		return CLI_INPUT;
	}
	path = mem_printf(
	    "%s/mg-scratch.XXXXXX", strcmp(base, "/") == 0 ? "" : base);
	free(base);
	if ((*error = refuse(given, path, socket)) != NULL) {
		free(path);
		return CLI_INPUT;
	}
	if (mkdtemp(path) == NULL) {
		*error = mem_printf("%s: %s", given, strerror(errno));
		free(path);
		return CLI_SYSTEM;
	}
	*folder = path;
	if (enter(path) == 0)
		return CLI_OK;
	*error = mem_printf("%s: %s", path, strerror(errno));
	return CLI_SYSTEM;
}

int
folder_remove(const char *folder)
{
	return remove_tree(AT_FDCWD, folder);
}

/* Why a folder of that path would not do, or NULL; the caller's to free. */
static char *
refuse(const char *given, const char *path, const char *socket)
{
	if (strlen(path) + strlen("/") + strlen(socket) > SOCKET_PATH)
		return mem_printf(
		    "TMPDIR: %s: too long for the path of a socket, which has "
		    "at most %d bytes; set a shorter one",
		    given, SOCKET_PATH);
	if (strchr(path, ',') != NULL)
		return mem_printf(
		    "TMPDIR: %s: a comma, which parts the hosts in PGHOST; set "
		    "another one",
		    given);
	return NULL;
}

/* Not chdir: what its name leads to now need not be what we made. */
static int
enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int result, error;

	if (fd == -1)
		return -1;
	result = fchdir(fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* By descriptors, so that nobody can lead root elsewhere half way. */
static int
remove_tree(int at, const char *name)
{
	int fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd == -1 || (dir = fdopendir(fd)) == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    unlinkat(fd, entry->d_name, 0) == -1 && errno == EISDIR)
			(void)remove_tree(fd, entry->d_name);
	closedir(dir);
	/* What could not be removed makes this fail. */
	return unlinkat(at, name, AT_REMOVEDIR);
}
