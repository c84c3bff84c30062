/* Runs a fuzz target without libFuzzer over files, or over all files of folders: the corpus as an
 * ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0) {
        perror(path);
        return 1;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size + 1);
    int bad = !data || fread(data, 1, size, f) != size;
    if (!bad)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    fclose(f);
    return bad;
}

static void
count(int bad, int *n_passed, int *n_failed)
{
    ++*(bad ? n_failed : n_passed);
}

static void
run_folder(const char *path, DIR *dir, int *n_passed, int *n_failed)
{
    for (struct dirent *e; (e = readdir(dir));) {
        char full[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(full, sizeof full, "%s/%s", path, e->d_name);
        count(run_file(full), n_passed, n_failed);
    }
}

/* A target that finds something ends the program: what is printed is what could be read. */
int
main(int argc, char **argv)
{
    int n_passed = 0, n_failed = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (dir) {
            run_folder(argv[i], dir, &n_passed, &n_failed);
            closedir(dir);
        } else {
            count(run_file(argv[i]), &n_passed, &n_failed);
        }
    }
    printf("%d passed, %d failed\n", n_passed, n_failed);
    return n_failed || n_passed == 0;
}
