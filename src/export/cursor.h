/* The hold of this process on the cursor of a target, and the books that are kept of it.
 * What:   a cursor is leased: another exporter finds it taken, and takes it over when we died. Every
 *         move checks a number that only the holder knows, so that who was taken for dead moves
 *         nothing. What the auditor wants to know stands in the transaction that moves it: that the
 *         target failed, works again, and which records were exported: one record for a session, or
 *         an hour of it, however many moves that takes.
 * Owner:  texts live in the given arena. cursor_release gives it up.
 * Units:  records; seconds.
 * Errors: DIAG_BUSY (somebody else holds it, or took over), and those of store.h.
 * See:    doc/decisions/0009-delivery.md; doc/audit-events.md */
#ifndef EXPORT_CURSOR_H
#define EXPORT_CURSOR_H

#include "act/act.h"
#include "export/messages.h"
#include "export/target.h"

struct cursor {
    struct act *act;
    const struct target *target;
    struct arena *a;
    struct store_cursor at;
    uint64_t fence; /* 0 = not held: a repeat, which moves nothing but this */
    bool has_news;  /* since told_seq: more than bookkeeping was exported */
    char *piece;    /* where at.piece is once the cursor has moved */
    size_t piece_room;
};

/* Takes the cursor of a target. */
int cursor_take(struct act *act, const struct target *t, struct arena *a, struct cursor *ret,
                struct diag *d);
/* A cursor that is nobody's, at a record: for what is sent once more. */
struct cursor cursor_loose(struct act *act, const struct target *t, int64_t seq, struct arena *a);
struct cursor_step {
    struct message_place to;
    bool is_news; /* records behind the cursor now are more than bookkeeping */
    bool arrived; /* messages were confirmed, which a target that failed recovers by */
    const struct store_letter *letter; /* what was not taken; NULL = none */
    const struct event *event;         /* becomes a record with it; NULL = none */
};

/* Moves it. */
int cursor_move(struct cursor *c, const struct cursor_step *s, struct diag *d);
/* An event about the target. */
struct event cursor_event(const struct cursor *c, const char *name, int severity);
/* A detail of such an event. */
struct event_change cursor_detail(const char *field, int64_t n, struct arena *a);
/* Notes how often the receiver was gone when the next message came alone. It is written with the
 * next failure, and forgotten when the cursor moves. */
void cursor_note_deaths(struct cursor *c, int64_t n);
/* Keeps the lease of an idle session. */
int cursor_keep(struct cursor *c, struct diag *d);
/* Notes that an attempt failed; the next one is due in *ret_wait_s, or later when the peer asked
 * for that. */
int cursor_fail(struct cursor *c, const struct diag *why, int64_t peer_wait_s, int64_t *ret_wait_s,
                struct diag *d);
/* Puts the exported records since the last time into one audit.export record, if that is worth one. */
int cursor_tell(struct cursor *c, struct diag *d);
/* Tells, and gives it up; what fails here runs out by itself. */
void cursor_release(struct cursor *c);

#endif
