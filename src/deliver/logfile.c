/* A log file that messages are appended to, one a line.
 * With rotation; export/ sends to it as to any other.
 * What:   a batch counts as delivered when it is synced. A line that a crash cut in half goes
 *         first: it was never confirmed, and comes again whole. One writer a file (flock). A file
 *         that grew over options.rotate_bytes is renamed to FILE-YYYYMMDDTHHMMSSZ before the next
 *         batch, and only the newest options.rotate_keep of those stay; one that somebody else
 *         renamed or removed (logrotate) is begun anew. "-" is standard output.
 * Owner, Units: those of deliver/outlet.h.
 * Errors: DIAG_CANNOT_WRITE, DIAG_BUSY (another export writes this file); the place is the file.
 * See:    doc/man/assay.conf.5, export */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/file.h"
#include "deliver/outlet.h"

struct logfile {
    struct arena *a;
    struct str path;
    const struct outlet_options *options;
    int fd;
    bool is_regular;
};

static int
logfile_fail(const struct logfile *f, const char *what, struct diag *d)
{
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot %s: %s", what, strerror(errno));
    return diag_at(d, "%.*s", STR_ARG(f->path));
}

/* ---- opening ---- */

/* A line that a crash cut in half was never confirmed: it goes, and comes again whole. */
static int
logfile_drop_half_line(struct logfile *f, struct diag *d)
{
    char tail[65536];
    off_t size = lseek(f->fd, 0, SEEK_END), cut = size;
    while (cut > 0) {
        size_t n = cut < (off_t)sizeof tail ? (size_t)cut : sizeof tail;
        if (pread(f->fd, tail, n, cut - (off_t)n) != (ssize_t)n)
            return logfile_fail(f, "read the end", d);
        const char *nl = memrchr(tail, '\n', n);
        cut = cut - (off_t)n + (nl ? nl + 1 - tail : 0);
        if (nl)
            break;
    }
    if (cut != size && ftruncate(f->fd, cut) != 0)
        return logfile_fail(f, "cut a half line", d);
    return 0;
}

static int
logfile_open_fd(struct logfile *f, struct diag *d)
{
    struct stat st;
    f->fd = str_eqc(f->path, "-")
                ? dup(STDOUT_FILENO)
                : open(f->path.s, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
    if (f->fd < 0 || fstat(f->fd, &st) != 0)
        return logfile_fail(f, "open", d);
    f->is_regular = S_ISREG(st.st_mode) && !str_eqc(f->path, "-");
    if (!f->is_regular)
        return 0;
    if (flock(f->fd, LOCK_EX | LOCK_NB) != 0) {
        diag_fail(d, DIAG_BUSY, "another export writes this file");
        return diag_at(d, "%.*s", STR_ARG(f->path));
    }
    return logfile_drop_half_line(f, d);
}

static void
logfile_close_fd(struct logfile *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

static void
logfile_close(void *self)
{
    struct logfile *f = self;
    if (!f)
        return;
    logfile_close_fd(f);
    arena_free(f->a);
}

static int
logfile_open(struct str path, const struct outlet_options *o, void **ret, struct diag *d)
{
    struct arena *a = arena_new();
    struct logfile *f = ARENA_NEW(a, struct logfile);
    *f = (struct logfile){.a = a, .path = arena_str(a, path), .options = o, .fd = -1};
    if (logfile_open_fd(f, d) != 0) {
        logfile_close(f);
        return -1;
    }
    *ret = f;
    return 0;
}

/* ---- rotation ---- */

/* The name that the file gets: the time in it sorts, and no earlier file is replaced. */
static struct str
logfile_rotated_name(const struct logfile *f, struct arena *a)
{
    char time[20];
    struct str iso = clock_iso_us(a, env_wall_us()); /* 2026-11-25T18:46:35.123456Z */
    size_t n = 0;
    for (size_t i = 0; i < 19; i++)
        if (iso.s[i] != '-' && iso.s[i] != ':')
            time[n++] = iso.s[i];
    struct str name = arena_fmt(a, "%.*s-%.*sZ", STR_ARG(f->path), (int)n, time);
    for (int i = 1; file_exists(name.s); i++)
        name = arena_fmt(a, "%.*s-%.*sZ.%d", STR_ARG(f->path), (int)n, time, i);
    return name;
}

/* The oldest go; what cannot be removed is in nobody's way. */
static void
logfile_forget_old(const struct logfile *f, struct arena *a)
{
    glob_t g;
    size_t keep = (size_t)f->options->rotate_keep;
    if (keep == 0)
        return;
    AUTO_BUF pattern = buf_init(2 * f->path.len + 32);
    for (size_t i = 0; i < f->path.len; i++) {
        if (strchr("*?[]\\", f->path.s[i])) /* in the path, these stand for themselves */
            buf_putc(&pattern, '\\');
        buf_putc(&pattern, f->path.s[i]);
    }
    buf_puts(&pattern, "-[0-9]*T[0-9]*Z*");
    if (glob(arena_str(a, buf_view(&pattern)).s, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i + keep < g.gl_pathc; i++)
        unlink(g.gl_pathv[i]);
    globfree(&g);
}

/* Before a batch: the file at the path, not one that was renamed meanwhile, and not too big. */
static int
logfile_make_ready(struct logfile *f, struct diag *d)
{
    struct stat is, open;
    if (!f->is_regular)
        return 0;
    if (f->fd < 0 || stat(f->path.s, &is) != 0 || fstat(f->fd, &open) != 0 ||
        is.st_ino != open.st_ino || is.st_dev != open.st_dev) {
        logfile_close_fd(f);
        return logfile_open_fd(f, d);
    }
    int64_t most = f->options->rotate_bytes;
    if (!most || open.st_size < most)
        return 0;
    if (rename(f->path.s, logfile_rotated_name(f, d->arena).s) != 0)
        return logfile_fail(f, "rename", d);
    logfile_forget_old(f, d->arena);
    logfile_close_fd(f);
    return logfile_open_fd(f, d);
}

/* ---- sending ---- */

/* All of it or nothing: what was written of a batch that failed is taken back. */
static int
logfile_append(const struct logfile *f, struct str s, struct diag *d)
{
    off_t before = f->is_regular ? lseek(f->fd, 0, SEEK_END) : -1;
    while (s.len) {
        ssize_t n = write(f->fd, s.s, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            logfile_fail(f, "write", d);
            if (before >= 0 && ftruncate(f->fd, before) != 0)
                diag_context(d, "a part was written");
            return -1;
        }
        s = str_n(s.s + n, s.len - (size_t)n);
    }
    fault_point("after_send");
    if (fdatasync(f->fd) != 0 && errno != EINVAL && errno != EROFS)
        return logfile_fail(f, "sync", d);
    return 0;
}

static int
logfile_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    struct logfile *f = self;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        buf_str(&out, m[i].text);
        buf_putc(&out, '\n');
    }
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "%zu messages are too much for one batch", n);
    if (logfile_make_ready(f, d) != 0 || logfile_append(f, buf_view(&out), d) != 0)
        return -1;
    *ret_n = n;
    return 0;
}

const struct outlet logfile_outlet = {
    .open = logfile_open,
    .send = logfile_send,
    .close = logfile_close,
};
