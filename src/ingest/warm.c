/* What the room's libraries load lazily, loaded at once; confine/parser.c calls it before it forks
 * parsers. */
#include "ingest/warm.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

#include "base/sha256.h"
#include "ingest/encoding.h"
#include "ingest/frameworks.h"

static int
by_byte(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

void
ingest_warm(void)
{
    static bool is_warm;
    if (is_warm)
        return;
    is_warm = true;
    xmlInitParser();
    json_object_seed(0);
    sha256_drop(sha256_new());
    frameworks_warm();
    /* glibc asks once how much memory there is, when it first sorts more than a kilobyte */
    char bytes[4096] = {0};
    qsort(bytes, sizeof bytes, 1, by_byte);
    tzset();
}

void
ingest_warm_encodings(void)
{
    encoding_warm();
}

void
ingest_close_files(void)
{
    encoding_stay_cold();
}
