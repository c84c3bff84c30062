/* A folder held against its manifest, where it holds what is no ordinary file: nothing is passed
 * over, and nothing makes the check wait. */
#include <sys/stat.h>

#include "pdf_make.h"
#include "sign/manifest.h"

static size_t
find(struct arena *a, const char *dir, const char *name, const char *text)
{
    struct manifest m = {.report_id = STR("r")};
    struct manifest_finding *f;
    size_t n = 0, hits = 0;
    struct diag d = diag_init(a);
    *VEC_PUSH(a, &m.outputs) = (struct manifest_output){
        .name = STR("a.csv"), .size = 5, .sha256 = sha256_of(STR("hello"))};
    CHECK(manifest_check(&m, dir, a, &f, &n, &d) == 0);
    for (size_t i = 0; i < n; i++)
        hits += str_eqc(f[i].name, name) && !f[i].ok && make_has(f[i].text, text);
    return hits;
}

int
main(void)
{
    char dir[64];
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    make_dir(dir);
    const char *path = file_join(a, dir, "a.csv").s;
    CHECK(mkfifo(path, 0600) == 0);
    CHECK(find(a, dir, "a.csv", "cannot be read") == 1);
    CHECK(unlink(path) == 0 && symlink("nowhere", path) == 0);
    CHECK(find(a, dir, "a.csv", "cannot be read") == 1);
    CHECK(unlink(path) == 0 && symlink("/dev/zero", path) == 0);
    CHECK(find(a, dir, "a.csv", "cannot be read") == 1);
    CHECK(file_write_atomic(file_join(a, dir, ".hidden").s, STR("x"), 0600, &d) == 0);
    CHECK(mkdir(file_join(a, dir, "folder").s, 0700) == 0);
    CHECK(find(a, dir, ".hidden", "not named") == 1);
    CHECK(find(a, dir, "folder", "not named") == 1);
    make_run(a, "rm -rf '%s'", dir);
    arena_free(a);
    return CHECK_DONE();
}
