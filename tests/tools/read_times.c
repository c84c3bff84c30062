/* Reads lines "offset TAB text" and prints the seconds that ingest/times makes of each, or "none"; and 'z'
 * when no zone was named. For tests/e2e/ingest/times.sh, which compares them with another language. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/times.h"

int
main(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        char *tab = strchr(line, '\t');
        struct times_reading r;
        line[strcspn(line, "\n")] = 0;
        if (!tab)
            return 1;
        if (times_parse(str_c(tab + 1), atoi(line), &r))
            printf("%lld%s\n", (long long)r.t, r.zone_assumed ? " z" : "");
        else
            puts("none");
    }
    return 0;
}
