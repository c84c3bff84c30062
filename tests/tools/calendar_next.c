/* The next moments of a calendar expression: calendar_next EXPRESSION AFTER N prints N lines, seconds since 1970; exit 1 and why
 * for what is none. TZ is the zone of an expression that names none. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "model/calendar.h"

int
main(int argc, char **argv)
{
    struct calendar c;
    struct str zone;
    const char *why;
    if (argc != 4)
        return 2;
    if (!calendar_parse(str_c(argv[1]), &c, &zone, &why)) {
        printf("%s\n", why);
        return 1;
    }
    if (zone.len)
        setenv("TZ", zone.s, 1);
    tzset();
    int64_t t = atoll(argv[2]);
    for (int i = 0; i < atoi(argv[3]) && (t = calendar_next(&c, t)) != CLOCK_NONE; i++)
        printf("%lld\n", (long long)t);
    return 0;
}
