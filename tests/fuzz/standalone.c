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

static int
run_folder(const char *path, DIR *dir, int *n)
{
    int bad = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        char full[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(full, sizeof full, "%s/%s", path, e->d_name);
        bad |= run_file(full);
        ++*n;
    }
    return bad;
}

int
main(int argc, char **argv)
{
    int bad = 0, n = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        bad |= dir ? run_folder(argv[i], dir, &n) : (n++, run_file(argv[i]));
        if (dir)
            closedir(dir);
    }
    printf("%d inputs\n", n);
    return bad || n == 0;
}
