/* Letters sent again: what arrives is forgotten with a record, what does not stays, and one target's
 * trouble is not another's. The targets are files. */
#include "export/deadletter.h"

#include <sys/stat.h>

#include "base/file.h"
#include "bench.h"
#include "export/letter.h"

/* A target of the settings that writes to that file. */
static void
add_target(const char *name, const char *path)
{
    struct config_export e = target_plain(STR("json"), str_c(path));
    e.name = str_c(name);
    *VEC_PUSH(bench_session->arena, &bench_session->config.exports) = e;
}

static void
put_letter(const char *name, int64_t seq, const char *piece)
{
    struct bench b;
    struct diag d = diag_init(a);
    struct store_record r = bench_record(seq);
    struct message_mark m = {.behind = {seq + 1, STR("")}, .stored = &r, .piece = str_c(piece)};
    bench_prepare(&b, name);
    CHECK(letter_put(&b.c, &m, LETTER_REFUSED, STR("no"), &d) == 0);
    cursor_release(&b.c);
}

static int
resend(const char *key, int64_t *ret_n, int64_t *ret_left, struct diag *d)
{
    diag_clear(d);
    return deadletter_resend(bench_session, str_c(key), ret_n, ret_left, d);
}

static int
lines_of(const char *path)
{
    struct diag d = diag_init(a);
    struct str text;
    int n = 0;
    if (!file_exists(path))
        return 0;
    CHECK(file_slurp(path, 1 << 20, a, &text, &d) == 0);
    while (text.len) {
        str_cut(&text, '\n');
        n++;
    }
    return n;
}

int
main(void)
{
    int64_t n, left;
    int status = bench_start();
    if (status)
        return status;
    struct diag d = diag_init(a);
    const char *good = arena_fmt(a, "%s/good.json", bench_dir).s;
    const char *bad = arena_fmt(a, "%s/nowhere/bad.json", bench_dir).s;
    bench_append(9, "test.event");
    int64_t scan = bench_put_scan("one", 2);
    CHECK(resend("", &n, &left, &d) == 0 && n == 0 && left == 0);
    put_letter("good", 2, MESSAGES_RECORD);
    put_letter("good", 4, MESSAGES_RECORD);
    put_letter("bad", 3, MESSAGES_RECORD);
    put_letter("bad", 5, MESSAGES_RECORD);
    put_letter("good", scan, "no such piece");
    put_letter("gone", 6, MESSAGES_RECORD); /* no target of the settings has that name any more */
    add_target("bad", bad);
    add_target("good", good);

    /* A target whose file cannot be opened keeps the other from nothing; its failure is told. */
    CHECK(resend("", &n, &left, &d) != 0 && n == 2 && left == 4);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && str_find(d.first.place, "nowhere") >= 0);
    CHECK(lines_of(good) == 2);
    CHECK(bench_count_letters("good", "refused") == 1); /* of what is not there any more */
    CHECK(bench_count_letters("bad", "refused") == 2 &&
          bench_count_letters("gone", "refused") == 1);
    CHECK(bench_count_events("export.resend", 0) == 2);

    /* Once more: nothing is sent twice. One target alone. */
    CHECK(resend("good", &n, &left, &d) == 0 && n == 0 && left == 4 && lines_of(good) == 2);
    CHECK(mkdir(arena_fmt(a, "%s/nowhere", bench_dir).s, 0700) == 0);
    CHECK(resend("good", &n, &left, &d) == 0 && n == 0 && lines_of(bad) == 0);
    CHECK(resend("bad", &n, &left, &d) == 0 && n == 2 && left == 2 && lines_of(bad) == 2);
    CHECK(bench_count_events("export.resend", 0) == 4);
    return bench_stop();
}
