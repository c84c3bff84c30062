/* The hold of this process on the cursor of a target, and the books that are kept of it.
 * What:   a cursor is leased: another exporter finds it taken, and takes it over when we died. Every
 *         move checks a number that only the holder knows, so that who was taken for dead moves
 *         nothing. What the auditor wants to know stands in the transaction that moves it: that the
 *         target failed, works again, and which records were exported: one record for a session, or
 *         an hour of it, however many moves that takes. A target that fails and works by turns is
 *         told of once when that begins, and once when it is over. What the records that arrived
 *         were is remembered outside of the database, too (act/sent.h), and the log held against it.
 * Owner:  texts live in the given arena. cursor_release gives it up.
 * Units:  records; seconds.
 * Errors: DIAG_BUSY (somebody else holds it, or took over), DIAG_VERIFY (the log contradicts what was
 *         sent), and those of store.h.
 * See:    doc/decisions/0009-delivery.md; doc/audit-events.md */
#ifndef EXPORT_CURSOR_H
#define EXPORT_CURSOR_H

#include "act/sent.h"
#include "export/messages.h"
#include "export/target.h"

struct cursor {
    struct act *act;
    const struct target *target;
    struct arena *a;
    struct store_cursor at;
    uint64_t fence; /* 0 = not held: a repeat, which moves nothing but this */
    bool has_news;  /* since told_seq: more than bookkeeping was exported */
    bool is_own;    /* only records about exporting are being sent: that this fails is not told */
    char *piece;    /* where at.piece is once the cursor has moved */
    size_t piece_room;
    struct sent sent;      /* what is remembered of the target; of one that is held */
    bool is_unsynced;      /* more than the disk has */
    bool is_contradicted;  /* the log is another one than that which was sent */
    struct act_mark found; /* what it has in that place */
};

/* Takes the cursor of a target. */
int cursor_take(struct act *act, const struct target *t, struct arena *a, struct cursor *ret,
                struct diag *d);
/* A cursor that is nobody's, at a record: for what is sent once more. */
struct cursor cursor_loose(struct act *act, const struct target *t, int64_t seq, struct arena *a);
struct cursor_step {
    struct message_place to;
    bool is_news;         /* records behind the cursor now are more than bookkeeping */
    bool arrived;         /* messages were confirmed, which a target that failed recovers by */
    bool is_over;         /* it is well, however short a time ago it failed */
    struct act_mark last; /* the record of the last message that arrived */
    const struct store_letter *letter; /* what was not taken; NULL = none */
    const struct event *event;         /* becomes a record with it; NULL = none */
};

/* Moves it. */
int cursor_move(struct cursor *c, const struct cursor_step *s, struct diag *d);
/* Holds the log against what was sent: as sent_compare(). A log that is only shorter is looked at again after
 * two seconds: another node of a cluster may have less for a moment. */
int cursor_compare(struct cursor *c, struct diag *d);
/* Takes the log as it is from now on, although it contradicts what was sent: the cursor goes back to its end
 * when it is shorter, and a record says who wanted that, why, and which record it is about. DIAG_USAGE when
 * there is no contradiction. */
int cursor_accept(struct cursor *c, struct str reason, struct diag *d);
/* Notes that a target is well which failed and takes messages again: when it did not fail for as long as it
 * wants (option steady), or at once. Nothing to note is a success. */
int cursor_recover(struct cursor *c, bool at_once, struct diag *d);
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
