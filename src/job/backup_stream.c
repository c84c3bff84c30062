/* Files of backups. Below backup.c and unpack.c; above sign/sealed.c. */
#include "job/backup_stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sign/sealed.h"

#define SEALED "assay-backup-cms 1\n"

enum { COPY = 1 << 16 };

struct backup_stream {
    int fd;
    bool is_nowhere;
    struct str dir, temporary, path; /* empty = standard output */
    const char *name, *key;          /* of what is read */
    struct sealed *sealed;           /* NULL = not encrypted */
};

void
backup_stream_free(struct backup_stream *s)
{
    if (!s)
        return;
    sealed_free(s->sealed);
    if (s->fd > STDERR_FILENO)
        close(s->fd);
    if (s->temporary.len)
        unlink(s->temporary.s);
    s->sealed = NULL;
    s->fd = -1;
    s->temporary = STR("");
}

/* ---- writing ---- */

static int
create_file(struct backup_stream *s, const char *dir, struct str name, struct arena *a,
            struct diag *d)
{
    s->dir = str_c(arena_strdup(a, dir));
    s->path = file_join(a, dir, name.s);
    s->temporary = file_join(a, dir, arena_fmt(a, ".%.*s.part", STR_ARG(name)).s);
    if (file_exists(s->path.s)) {
        s->temporary = STR("");
        diag_fail(d, DIAG_CANNOT_WRITE, "there is a backup of that name already");
        return diag_at(d, "%s", s->path.s);
    }
    s->fd = open(s->temporary.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->fd >= 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
    diag_at(d, "%s", s->temporary.s);
    s->temporary = STR("");
    return -1;
}

int
backup_stream_create(const char *dir, struct str name, const char *recipients, struct arena *a,
                     struct backup_stream **ret, struct diag *d)
{
    struct backup_stream *s = ARENA_NEW(a, struct backup_stream);
    *s = (struct backup_stream){.fd = -1, .is_nowhere = !dir};
    s->dir = s->temporary = s->path = STR("");
    if (dir && strcmp(dir, "-") == 0)
        s->fd = STDOUT_FILENO;
    else if (dir && create_file(s, dir, name, a, d) != 0)
        return -1;
    if (dir && recipients &&
        (backup_stream_put(s, STR(SEALED), d) != 0 ||
         sealed_begin(recipients, s->fd, &s->sealed, d) != 0)) {
        backup_stream_free(s);
        return -1;
    }
    *ret = s;
    return 0;
}

int
backup_stream_put(void *stream, struct str bytes, struct diag *d)
{
    struct backup_stream *s = stream;
    if (s->is_nowhere)
        return 0;
    if (s->sealed)
        return sealed_write(s->sealed, bytes, d);
    if (file_write_all(s->fd, bytes) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
    return diag_at(d, "%s", s->path.len ? s->path.s : "standard output");
}

int
backup_stream_finish(struct backup_stream *s, struct str *ret, struct diag *d)
{
    *ret = s->path;
    if (s->sealed && sealed_end(s->sealed, d) != 0)
        return -1;
    if (!s->path.len)
        return 0;
    if (fsync(s->fd) != 0 || rename(s->temporary.s, s->path.s) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
        return diag_at(d, "%s", s->path.s);
    }
    s->temporary = STR("");
    return file_sync_dir(s->dir.s, d);
}

/* ---- reading ---- */

/* A file without a name in a folder that is on a disk: what comes in is as large as the database. */
static int
keep_input(struct backup_stream *s, struct arena *a, struct diag *d)
{
    const char *tmp = getenv("TMPDIR");
    char *path =
        arena_strdup(a, file_join(a, tmp && *tmp ? tmp : "/var/tmp", "assay-restore-XXXXXX").s);
    char *piece = arena_alloc(a, COPY);
    s->fd = mkostemp(path, O_CLOEXEC);
    if (s->fd < 0) {
        diag_fail(d, DIAG_CANNOT_WRITE,
                  "cannot keep what comes from standard input (TMPDIR names another folder): %s",
                  strerror(errno));
        return diag_at(d, "%s", path);
    }
    unlink(path);
    for (ssize_t n; (n = read(STDIN_FILENO, piece, COPY)) != 0;) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return diag_fail(d, DIAG_IO, "standard input: %s", strerror(errno));
        if (file_write_all(s->fd, str_n(piece, (size_t)n)) != 0) {
            diag_fail(
                d, DIAG_CANNOT_WRITE,
                "cannot keep what comes from standard input (TMPDIR names another folder): %s",
                strerror(errno));
            return diag_at(d, "%s", path);
        }
    }
    return 0;
}

static int
open_file(struct backup_stream *s, struct diag *d)
{
    struct stat st;
    s->fd = open(s->name, O_RDONLY | O_CLOEXEC);
    if (s->fd >= 0 && fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode))
        return 0;
    diag_fail(d, DIAG_IO, "%s",
              s->fd < 0 ? strerror(errno) : "want a file, or - for standard input");
    return diag_at(d, "%s", s->name);
}

int
backup_stream_open(const char *from, const char *key, struct arena *a, struct backup_stream **ret,
                   struct diag *d)
{
    struct backup_stream *s = ARENA_NEW(a, struct backup_stream);
    *s = (struct backup_stream){.fd = -1, .name = from, .key = key};
    s->dir = s->temporary = s->path = STR("");
    int rc = strcmp(from, "-") == 0 ? keep_input(s, a, d) : open_file(s, d);
    if (rc != 0 || backup_stream_rewind(s, d) != 0) {
        backup_stream_free(s);
        return -1;
    }
    *ret = s;
    return 0;
}

int
backup_stream_rewind(struct backup_stream *s, struct diag *d)
{
    char magic[sizeof SEALED - 1];
    sealed_free(s->sealed);
    s->sealed = NULL;
    ssize_t n = pread(s->fd, magic, sizeof magic, 0);
    bool is_sealed = n == (ssize_t)sizeof magic && memcmp(magic, SEALED, sizeof magic) == 0;
    if (n < 0 || lseek(s->fd, is_sealed ? (off_t)sizeof magic : 0, SEEK_SET) < 0) {
        diag_fail(d, DIAG_IO, "%s", strerror(errno));
        return diag_at(d, "%s", s->name);
    }
    if (!is_sealed)
        return 0;
    if (!s->key) {
        diag_fail(d, DIAG_USAGE,
                  "the backup is encrypted: --key names the private key of its recipient");
        return diag_at(d, "%s", s->name);
    }
    return sealed_open(s->key, s->fd, &s->sealed, d) == 0 ? 0 : diag_at(d, "%s", s->name);
}

int
backup_stream_get(void *stream, char *to, size_t n, size_t *ret_n, struct diag *d)
{
    struct backup_stream *s = stream;
    if (s->sealed)
        return sealed_read(s->sealed, to, n, ret_n, d);
    ssize_t got;
    do
        got = read(s->fd, to, n);
    while (got < 0 && errno == EINTR);
    *ret_n = got < 0 ? 0 : (size_t)got;
    if (got >= 0)
        return 0;
    diag_fail(d, DIAG_IO, "%s", strerror(errno));
    return diag_at(d, "%s", s->name);
}
