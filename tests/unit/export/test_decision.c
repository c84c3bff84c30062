/* The table of decisions: every cell against the table of the document, which people check; and every
 * way through it, so that no message is passed over without what entitles to it. */
#include "export/decision.h"

#include "base/file.h"
#include "check.h"

#define DOCUMENT "doc/decisions/0009-delivery.md"

static struct arena *a;

/* ---- the document ---- */

static const int64_t numbers_of_messages[] = {1, 2, 128};

/* What the document calls a condition, decided here once more. */
static bool
condition_holds(struct str word, const struct decision_case *c)
{
    if (str_eqc(word, "one left"))
        return c->n == 1;
    if (str_eqc(word, "gone 4 times"))
        return c->deaths >= 4;
    if (str_eqc(word, "every 8th attempt"))
        return c->attempts % 8 == 0;
    CHECK_STR(word, "a condition");
    return false;
}

/* "STEP", "STEP +1", "STEP =0", and what goes instead of it: "STEP; CONDITION: STEP". */
static struct decision
read_cell(struct str cell, const struct decision_case *c)
{
    struct decision want = {.next = STEP__COUNT, .deaths = DEATHS_KEPT};
    struct str word = str_trim(str_cut(&cell, ';'));
    if (cell.len) {
        struct str condition = str_trim(str_cut(&cell, ':'));
        if (condition_holds(condition, c))
            word = str_trim(cell);
    }
    if (str_ends(word, " +1"))
        want.deaths = DEATHS_ONE_MORE;
    if (str_ends(word, " =0"))
        want.deaths = DEATHS_NONE;
    if (want.deaths != DEATHS_KEPT)
        word.len -= 3;
    for (int s = 0; s < STEP__COUNT; s++)
        if (str_eqc(word, decision_word((enum decision_step)s)))
            want.next = (enum decision_step)s;
    if (want.next == STEP__COUNT)
        CHECK_STR(word, "a step");
    return want;
}

static void
check_cell(enum decision_step sent, enum attempt_answer said, struct str cell)
{
    for (size_t i = 0; i < sizeof numbers_of_messages / sizeof *numbers_of_messages; i++)
        for (int64_t attempts = 0; attempts <= 17; attempts++)
            for (int64_t deaths = 0; deaths <= 5; deaths++) {
                struct decision_case c = {
                    .n = (size_t)numbers_of_messages[i], .attempts = attempts, .deaths = deaths};
                struct decision want = read_cell(cell, &c), got = decision_next(sent, said, &c);
                CHECK_STR(str_c(decision_word(got.next)), decision_word(want.next));
                CHECK(got.deaths == want.deaths);
            }
}

/* One line of the table: its head, or what follows when a step was sent. */
static void
check_line(struct str line, int n_seen[STEP__SENT])
{
    static enum attempt_answer columns[ATTEMPT__ANSWERS];
    struct str cut = line;
    str_cut(&cut, '|');
    struct str head = str_trim(str_cut(&cut, '|'));
    if (str_eqc(head, "sent"))
        for (int i = 0; i < ATTEMPT__ANSWERS; i++) {
            struct str word = str_trim(str_cut(&cut, '|'));
            columns[i] = ATTEMPT__ANSWERS;
            for (int s = 0; s < ATTEMPT__ANSWERS; s++)
                if (str_eqc(word, decision_answer_word((enum attempt_answer)s)))
                    columns[i] = (enum attempt_answer)s;
            CHECK(columns[i] != ATTEMPT__ANSWERS);
        }
    for (int s = 0; s < STEP__SENT; s++)
        if (str_eqc(head, decision_word((enum decision_step)s))) {
            for (int i = 0; i < ATTEMPT__ANSWERS; i++)
                check_cell((enum decision_step)s, columns[i], str_trim(str_cut(&cut, '|')));
            n_seen[s]++;
        }
}

static void
test_document(void)
{
    struct diag d = diag_init(a);
    struct str text;
    int n_seen[STEP__SENT] = {0};
    bool is_there = false;
    CHECK(file_slurp(DOCUMENT, 1 << 20, a, &text, &d) == 0);
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        is_there |= str_starts(line, "| sent |");
        if (is_there && str_starts(line, "|"))
            check_line(line, n_seen);
    }
    for (int s = 0; s < STEP__SENT; s++)
        CHECK(n_seen[s] == 1);
}

/* ---- the beginning ---- */

static void
test_begin(void)
{
    for (size_t n = 1; n <= 3; n++)
        for (int64_t attempts = 0; attempts <= 4; attempts++)
            for (int64_t deaths = 0; deaths <= 5; deaths++) {
                struct decision_case c = {.n = n, .attempts = attempts, .deaths = deaths};
                enum decision_step want = attempts < 2 ? n == 1 ? STEP_ALONE : STEP_SEVERAL
                                          : deaths > 0 ? STEP_OTHER
                                          : n == 1     ? STEP_SUSPECT
                                                       : STEP_SEVERAL;
                CHECK(decision_begin(&c) == want);
                CHECK(decision_is_careful(&c) == (attempts >= 2));
                c.is_plain = true;
                CHECK(decision_begin(&c) == STEP_PLAIN && !decision_is_careful(&c));
                c.is_unreadable = true;
                CHECK(decision_begin(&c) == STEP_UNREADABLE);
            }
}

/* ---- every way ---- */

struct way { /* what happened so far */
    enum decision_step sent;
    enum attempt_answer said;
    bool took_another, took_reduced; /* the target took that */
    int n_refused, n_gone;           /* the message itself, in any form; it was gone when it came */
    int length;
};

static int n_ways, longest;

static void
check_end(enum decision_step end, const struct way *w)
{
    bool took = w->said == ATTEMPT_TAKEN;
    n_ways++;
    longest = w->length > longest ? w->length : longest;
    CHECK(w->said != ATTEMPT_LATER || end == STEP_WAIT);
    CHECK(w->said != ATTEMPT_ABSENT || end == STEP_WAIT);
    CHECK((end == STEP_GO_ON) == (took && decision_form(w->sent) == FORM_WHOLE));
    if (end == STEP_SHORTENED)
        CHECK(w->took_reduced && (w->n_refused > 0 || w->n_gone > 0));
    if (end == STEP_DEAD_LETTER)
        CHECK(w->took_another && (w->n_refused > 0 || w->n_gone >= 4));
    if (end == STEP_HALVE)
        CHECK(w->sent == STEP_SEVERAL && w->said == ATTEMPT_REFUSED);
    if (end == STEP_TAKES_NOTHING)
        CHECK(decision_form(w->sent) == FORM_ANOTHER && !took);
    CHECK(end != STEP_UNREADABLE);
}

static void
walk(enum decision_step sent, struct decision_case c, struct way before)
{
    CHECK(before.length < 20);
    if (before.length >= 20)
        return;
    for (int said = 0; said < ATTEMPT__ANSWERS; said++) {
        struct way w = before;
        struct decision_case then = c;
        enum decision_form form = decision_form(sent);
        w.sent = sent;
        w.said = (enum attempt_answer)said;
        w.length++;
        w.took_another |= form == FORM_ANOTHER && said == ATTEMPT_TAKEN;
        w.took_reduced |= form == FORM_REDUCED && said == ATTEMPT_TAKEN;
        w.n_refused += form != FORM_ANOTHER && said == ATTEMPT_REFUSED;
        w.n_gone += form != FORM_ANOTHER && said == ATTEMPT_LOST;
        struct decision next = decision_next(sent, w.said, &c);
        then.deaths = next.deaths == DEATHS_NONE ? 0 : c.deaths + (next.deaths == DEATHS_ONE_MORE);
        if (next.next >= STEP__SENT)
            check_end(next.next, &w);
        else
            walk(next.next, then, w);
    }
}

/* Whatever the answers are, it ends, and nothing is passed over but what the target does not take
 * while it takes others. */
static void
test_ways(void)
{
    for (size_t n = 1; n <= 2; n++)
        for (int64_t attempts = 0; attempts <= 9; attempts++)
            for (int64_t deaths = 0; deaths <= 4; deaths++) {
                struct decision_case c = {.n = n, .attempts = attempts, .deaths = deaths};
                walk(decision_begin(&c), c, (struct way){.n_gone = (int)deaths});
            }
    CHECK(n_ways > 1000 && longest < 15);
    printf("%d ways, the longest of %d steps\n", n_ways, longest);
}

/* A file is never passed over, and neither is what is sent once more by hand. */
static void
test_plain(void)
{
    for (int said = 0; said < ATTEMPT__ANSWERS; said++) {
        struct decision_case c = {.is_plain = true, .n = 1, .attempts = 9, .deaths = 9};
        struct decision got = decision_next(STEP_PLAIN, (enum attempt_answer)said, &c);
        CHECK(got.next == (said == ATTEMPT_TAKEN ? STEP_GO_ON : STEP_WAIT));
    }
}

int
main(void)
{
    a = arena_new();
    test_document();
    test_begin();
    test_ways();
    test_plain();
    arena_free(a);
    return CHECK_DONE();
}
