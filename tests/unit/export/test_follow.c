/* The worker of a target: what is new while it runs arrives, and it ends when it is told to, with its
 * books in order. A thread beside it plays the rest of the world. */
#include "export/follow.h"

#include <pthread.h>

#include "base/file.h"
#include "bench.h"

static volatile sig_atomic_t stop;
static struct str path;

static void
test_waiting(void)
{
    volatile sig_atomic_t told = 1;
    int64_t last = env_wall_us(), before = env_mono_ms();
    follow_wait_ms(&told, 600000);
    CHECK(env_mono_ms() - before < 60000); /* it does not wait at all */
    CHECK(!follow_is_due(&last, 3600));
    int64_t long_ago = last - 3600 * 1000000LL;
    CHECK(follow_is_due(&long_ago, 3600) && long_ago >= last);
    CHECK(!follow_is_due(&long_ago, 3600));
    int64_t ahead = last + 60 * 1000000LL; /* the clock was set back since */
    CHECK(follow_is_due(&ahead, 3600) && ahead < last + 60 * 1000000LL);
}

static void
test_final(void)
{
    for (int code = 0; code < DIAG__COUNT; code++) {
        struct diag d = diag_init(a);
        if (code != DIAG_OK)
            diag_fail(&d, (enum diag_code)code, "x");
        CHECK(follow_is_final(&d) == (code == DIAG_CONFIG || code == DIAG_SCHEMA));
    }
}

/* The bytes of the file, 0 when there is none. */
static int64_t
file_size(void)
{
    FILE *f = fopen(path.s, "r");
    if (!f)
        return 0;
    fseek(f, 0, SEEK_END);
    int64_t n = ftell(f);
    fclose(f);
    return n;
}

/* Waits until the worker has written something and then no more for a while, and stops it. */
static void *
watch(void *unused)
{
    int64_t seen = 0;
    int quiet = 0;
    for (int i = 0; i < 6000 && quiet < 50; i++) {
        int64_t now = file_size();
        quiet = now > 0 && now == seen ? quiet + 1 : 0;
        seen = now;
        usleep(10000);
    }
    stop = 1;
    return unused;
}

static void
test_run(const struct config_export *e, int64_t n)
{
    struct diag d = diag_init(a);
    struct store_cursor c;
    pthread_t thread;
    stop = 0;
    int64_t from = bench_size();
    CHECK(pthread_create(&thread, NULL, watch, NULL) == 0);
    CHECK(follow_run(bench_session, e, &stop, &d) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(store_load_cursor(bench_session->store, target_key(e, a), a, &c, &d) == 0);
    CHECK(c.seq > n && !c.owner.len && c.told_seq == c.seq);
    CHECK(bench_count_events("export.start", from) == 1);
    CHECK(bench_count_events("export.stop", from) == 1);
    CHECK(bench_count_events("audit.export", from) == 1);
    struct str text;
    int64_t next = 0;
    CHECK(file_slurp(path.s, 1 << 20, a, &text, &d) == 0);
    while (text.len)
        CHECK(fake_seq_of(str_cut(&text, '\n')) == next++);
    CHECK(next == c.seq);
}

/* What no waiting mends ends it. */
static void
test_config(const struct config_export *e)
{
    struct config_export bad = *e;
    struct diag d = diag_init(a);
    stop = 0;
    bad.format = STR("nonsense");
    CHECK(follow_run(bench_session, &bad, &stop, &d) != 0 && d.first.code == DIAG_CONFIG);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    path = arena_fmt(a, "%s/out.json", bench_dir);
    struct config_export e = target_plain(STR("json"), path);
    bench_append(200, "test.event");
    test_waiting();
    test_final();
    test_run(&e, 200);
    test_config(&e);
    return bench_stop();
}
