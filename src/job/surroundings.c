/* Called by cmd_doctor.c. */
#include "job/surroundings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "intake/walk.h"
#include "job/health.h"

enum {
    LEAST_MB = 64,      /* a run can fail with less */
    LEAST_FILES = 1000, /* names that the file system still has */
    LOW_PERCENT = 5,
    CLOCKS_S = 60, /* by which clocks may differ */
    DAY_S = 86400
};

static void
find(surroundings_findings *ret, struct arena *a, const char *what, bool is_wrong, struct str text)
{
    *VEC_PUSH(a, ret) = (struct surroundings_finding){what, is_wrong, text};
}

/* ---- disks ---- */

typedef VEC(uint64_t) device_list;

/* Folders of one file system are told once. */
static void
look_at_disk(const char *dir, device_list *seen, struct arena *a, surroundings_findings *ret)
{
    struct statvfs s;
    struct stat st;
    if (statvfs(dir, &s) != 0 || stat(dir, &st) != 0)
        return;
    for (size_t i = 0; i < seen->n; i++)
        if (seen->v[i] == (uint64_t)st.st_dev)
            return;
    *VEC_PUSH(a, seen) = (uint64_t)st.st_dev;
    uint64_t free_mb = (uint64_t)s.f_bavail * s.f_frsize >> 20;
    bool is_low = s.f_blocks && s.f_bavail * 100 / s.f_blocks < LOW_PERCENT;
    if (free_mb < LEAST_MB || is_low)
        find(ret, a, "disk", free_mb < LEAST_MB,
             arena_fmt(a, "%s: %llu MB are free: make room, or move it (doc/operations.md)", dir,
                       (unsigned long long)free_mb));
    /* some file systems make names as they go, and say 0 */
    if (s.f_files && (s.f_favail < LEAST_FILES || s.f_favail * 100 / s.f_files < LOW_PERCENT))
        find(ret, a, "disk", s.f_favail < LEAST_FILES,
             arena_fmt(a,
                       "%s: the file system has room for %llu more files (inodes): remove some; "
                       "spool-delete = yes keeps none in done/",
                       dir, (unsigned long long)s.f_favail));
}

/* ---- rights ---- */

static void
look_at_rights(const char *path, int mode, const char *what_for, struct arena *a,
               surroundings_findings *ret)
{
    if (access(path, mode) == 0 || errno == ENOENT)
        return;
    find(ret, a, "rights", true,
         arena_fmt(a,
                   "%s: %s cannot %s it (%s): run assay as the account it belongs to, or give it "
                   "to this one",
                   path, env_user(), what_for, strerror(errno)));
}

/* ---- the spool ---- */

static void
look_at_spool(const struct config *c, struct arena *a, surroundings_findings *ret)
{
    struct walk_waiting w;
    struct diag d = diag_init(a), unread = diag_init(a);
    int64_t n_rejected = 0, now = env_wall_us() / 1000000;
    walk_look_at_spool(c->spool_dir.s, a, &w,
                       &unread); /* that it cannot be read, look_at_rights() tells */
    if (w.n_unreadable)
        find(ret, a, "rights", true,
             arena_fmt(a,
                       "%s: %s cannot read %lld of the files that wait, such as %.*s: the account "
                       "that brings them has to let it (chmod g+r and a group of both)",
                       c->spool_dir.s, env_user(), (long long)w.n_unreadable,
                       STR_ARG(w.unreadable)));
    if (w.n && now - w.oldest > DAY_S)
        find(ret, a, "waiting", false,
             arena_fmt(a,
                       "%lld files wait in %s, the oldest for %lld days: is assay run by a timer "
                       "or cron, or assay ingest --watch running?",
                       (long long)w.n, c->spool_dir.s, (long long)((now - w.oldest) / DAY_S)));
    if (health_count_rejected(c, &n_rejected, &d) != 0)
        find(ret, a, "rejected", true, diag_text(&d));
    if (n_rejected)
        find(ret, a, "rejected", false,
             arena_fmt(a,
                       "%lld files lie in %s/rejected: why stands beside each in NAME.reason; what "
                       "is mended goes back into the spool, what is looked at can be removed",
                       (long long)n_rejected, c->spool_dir.s));
}

void
surroundings_look(const struct config *c, struct arena *a, surroundings_findings *ret)
{
    const struct str folders[] = {c->state_dir, c->spool_dir, c->reports_dir};
    const struct str keys[] = {c->sign ? c->sign_p12 : STR(""), c->sign ? c->sign_key : STR(""),
                               file_join(a, c->state_dir.s, "audit.key")};
    device_list seen = {0};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        look_at_disk(folders[i].s, &seen, a, ret);
        look_at_rights(folders[i].s, W_OK | X_OK, "write to", a, ret);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].len)
            look_at_rights(keys[i].s, R_OK, "read", a, ret);
    look_at_spool(c, a, ret);
}

/* ---- the clock ---- */

void
surroundings_clock(struct act *act, struct arena *a, surroundings_findings *ret)
{
    struct diag d = diag_init(a);
    struct sha256_digest last;
    struct store_record *r;
    size_t n = 0;
    int64_t size, there, now = env_wall_us() / 1000000;
    if (store_audit_size(act->store, &size, &last, &d) != 0 ||
        (size && store_load_records(act->store, size - 1, 1, a, &r, &n, &d) != 0) ||
        store_clock(act->store, &there, &d) != 0) {
        find(ret, a, "clock", true, diag_text(&d));
        return;
    }
    int64_t ahead = n ? r->ts_us / 1000000 - now : 0;
    int64_t apart = there > now ? there - now : now - there;
    if (ahead > CLOCKS_S)
        find(ret, a, "clock", true,
             arena_fmt(a,
                       "the newest record of the log was written %lld seconds from now: the clock "
                       "was set back, or ran ahead; set it by NTP, and look at what was "
                       "recorded meanwhile",
                       (long long)ahead));
    if (apart > CLOCKS_S)
        find(ret, a, "clock", false,
             arena_fmt(a,
                       "the clocks of this host and of the database differ by %lld seconds: set "
                       "both by NTP",
                       (long long)apart));
}
