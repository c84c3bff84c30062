/* Zones are looked up where libc looks: config.c asks for the setting, cli.c for the variable. */
#include "settings/zone.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"

enum { MAX_LIST = 1 << 20, MAX_ZONE = 1 << 20 };

static const char *
zone_dir(void)
{
    const char *dir = getenv("TZDIR");
    return dir && dir[0] == '/' ? dir : "/usr/share/zoneinfo";
}

/* The names of tzdata.zi: "Z Europe/Madrid …", and "L Europe/Madrid Other/Name" for another name of one. */
static void
list_zones(struct arena *a, struct str **ret, size_t *ret_n)
{
    struct diag d = diag_init(a); /* without the list no nearest name is told */
    VEC(struct str) names = {0};
    struct str text = STR("");
    if (file_slurp(file_join(a, zone_dir(), "tzdata.zi").s, MAX_LIST, a, &text, &d) != 0)
        text = STR("");
    while (text.len) {
        struct str line = str_cut(&text, '\n'), kind = str_cut(&line, ' ');
        if (str_eqc(kind, "L"))
            str_cut(&line, ' ');
        else if (!str_eqc(kind, "Z"))
            continue;
        *VEC_PUSH(a, &names) = str_cut(&line, ' ');
    }
    *ret = names.v;
    *ret_n = names.n;
}

/* A name below the folder, and a file that begins as tzfile(5) says. */
static bool
is_there(struct str name, struct arena *a)
{
    struct diag d = diag_init(a);
    struct str bytes;
    if (!name.len || name.s[0] == '/' || str_find(name, "..") >= 0)
        return false;
    if (str_eqc(name, "UTC"))
        return true;
    struct str path = file_join(a, zone_dir(), arena_str(a, name).s);
    return file_slurp(path.s, MAX_ZONE, a, &bytes, &d) == 0 && str_starts(bytes, "TZif");
}

int
zone_check(struct str name, struct diag *d)
{
    struct str *known;
    size_t n;
    assert(name.len);
    if (is_there(name, d->arena))
        return 0;
    list_zones(d->arena, &known, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(known[i], name))
            return diag_fail(d, DIAG_CONFIG, "no data for zone \"%.*s\" in %s (package tzdata)",
                             STR_ARG(name), zone_dir());
    if (n == 0)
        return diag_fail(d, DIAG_CONFIG, "no zone \"%.*s\" in %s (package tzdata)", STR_ARG(name),
                         zone_dir());
    return diag_unknown(d, DIAG_CONFIG, "zone", name, known, n);
}

/* A rule has the hours from UTC in it, a name seldom a digit: those that have are files, or rules, too. */
int
zone_check_variable(struct str value, struct diag *d)
{
    if (value.len && value.s[0] == ':')
        value = str_n(value.s + 1, value.len - 1);
    for (size_t i = 0; i < value.len; i++)
        if (strchr("0123456789<,", value.s[i]))
            return 0;
    if (!value.len || value.s[0] == '/')
        return 0;
    return zone_check(value, d) == 0 ? 0 : diag_context(d, "variable TZ");
}

struct zone_before
zone_enter(struct str name, struct arena *a)
{
    const char *was = getenv("TZ");
    struct zone_before before = {.value = was ? arena_str(a, str_c(was)) : (struct str){0},
                                 .is_other = name.len > 0};
    if (name.len) {
        setenv("TZ", arena_str(a, name).s, 1);
        tzset();
    }
    return before;
}

void
zone_leave(struct zone_before *before)
{
    if (!before->is_other)
        return;
    if (before->value.s)
        setenv("TZ", before->value.s, 1);
    else
        unsetenv("TZ");
    tzset();
}
