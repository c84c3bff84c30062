/* What the log says of files: the newest record of one that was stored, and of no other. */
#include "act/ingested.h"

#include "session.h"

static struct session s;

static void
note(const char *hex, const char *name, const char *verdict, enum event_outcome outcome)
{
    struct event_change v = {
        .field = STR("verdict"), .old_value = STR(""), .new_value = str_c(verdict)};
    struct event e = {.name = "ingest.file",
                      .outcome = outcome,
                      .severity = 1,
                      .object_type = STR("file"),
                      .object_id = str_c(hex),
                      .object_name = str_c(name),
                      .reason = STR(""),
                      .changes = &v,
                      .n_changes = 1};
    CHECK(db_ok(&s.db, act_record(s.act, &e, 1, &s.db.d)));
}

int
main(void)
{
    struct str files[50];
    struct ingested found[50];
    session_start(&s, "");
    int64_t from = session_log_size(&s);
    note("aa", "first", "stored", EVENT_SUCCESS);
    note("aa", "again", "duplicate", EVENT_SUCCESS);
    note("bb", "stored", "rejected", EVENT_FAILURE);
    note("cc", "\"stored\"", "duplicate", EVENT_SUCCESS);
    note("aa", "anew", "stored", EVENT_SUCCESS);
    for (int i = 0; i < 50; i++)
        files[i] = arena_fmt(s.db.a, "%d", i);
    files[0] = STR("bb");
    files[1] = STR("cc");
    files[49] = STR("aa");
    CHECK(db_ok(&s.db, ingested_find(s.act, files, 50, s.db.a, found, &s.db.d)));
    for (int i = 0; i < 49; i++)
        CHECK(found[i].seq == -1);
    CHECK(found[49].seq == from + 4 && found[49].at > 1790000000);
    CHECK_STR(found[49].name, "anew");
    CHECK(db_ok(&s.db, ingested_find(s.act, files, 0, s.db.a, found, &s.db.d)));
    session_stop(&s);
    return CHECK_DONE();
}
