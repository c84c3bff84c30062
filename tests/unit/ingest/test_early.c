/* A file that is cut off says so: every beginning of every sample of ours is read, as far as its format has
 * no end of its own, or is refused as one that ends too early. The spool waits for the rest of such a
 * file, and of no other. */
#include <ftw.h>

#include "base/file.h"
#include "check.h"
#include "ingest/ingest.h"

enum { CUTS = 60, KNOWN_BY = 100 }; /* bytes; before that a format may not be known yet */

static size_t n_files, n_early;

static enum diag_code
read_beginning(const char *path, struct str bytes)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f;
    struct ingest_context x = {.path = path,
                               .mtime = 1790000000,
                               .asset_name = STR("web01"),
                               .fallback_encoding = STR("")};
    ingest_bytes(&x, bytes, a, &f, &d);
    enum diag_code code = d.first.code;
    if (code != DIAG_OK && code != DIAG_TRUNCATED && bytes.len >= KNOWN_BY)
        fprintf(stderr, "  %s, %zu bytes: %s\n", path, bytes.len, diag_text(&d).s);
    arena_free(a);
    return code;
}

static int
cut_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str bytes;
    (void)at;
    if (type == FTW_F && st->st_size < 1 << 20 && !strstr(path, "/reports/") &&
        !strstr(path, ".md") && file_slurp(path, 1 << 20, a, &bytes, &d) == 0 &&
        read_beginning(path, bytes) == DIAG_OK) {
        n_files++;
        for (size_t i = 1; i < CUTS; i++) {
            struct str head = str_n(bytes.s, bytes.len * i / CUTS);
            if (head.len < KNOWN_BY)
                continue;
            enum diag_code code = read_beginning(path, head);
            CHECK(code == DIAG_OK || code == DIAG_TRUNCATED);
            n_early += code == DIAG_TRUNCATED;
        }
    }
    arena_free(a);
    return 0;
}

int
main(void)
{
    CHECK(nftw("samples", cut_file, 16, FTW_PHYS) == 0);
    CHECK(n_files > 15 && n_early > 10 * n_files);
    return CHECK_DONE();
}
