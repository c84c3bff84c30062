/* Words about checks, out of the observations and findings of OSCAL. Called by oscal.c, which makes
 * scans of them. */
#include <assert.h>
#include <ctype.h>

#include "ingest/limits.h"
#include "ingest/readers/oscal/oscal.h"
#include "ingest/take.h"

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("results"));
}

/* Whether two names of props are one: tools write "host-name", "host_name" and "HostName". */
static bool
is_prop(struct str name, const char *wanted)
{
    size_t k = 0;
    for (size_t i = 0; i < name.len; i++) {
        while (wanted[k] == '-' || wanted[k] == '_')
            k++;
        if (name.s[i] == '-' || name.s[i] == '_' || name.s[i] == ' ')
            continue;
        if (!wanted[k] || tolower((unsigned char)name.s[i]) != tolower((unsigned char)wanted[k++]))
            return false;
    }
    return name.len && !wanted[k];
}

struct str
oscal_row_prop(struct ingest_reader *r, const json_t *v, const char *name, size_t max)
{
    const json_t *props = json_object_get(v, "props");
    for (size_t i = 0; i < json_array_size(props); i++)
        if (is_prop(get(r, json_array_get(props, i), "name", LIMIT_ID), name))
            return get(r, json_array_get(props, i), "value", max);
    return STR("");
}

/* ---- rows ---- */

static int
add_row(struct ingest_reader *r, struct oscal_row row, struct str id)
{
    struct oscal *o = r->own;
    assert(o && row.found.native.s);
    if (!id.len) {
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("results"), "%s: left out",
                  row.is_finding ? "a finding without target-id"
                                 : "an observation with a result that names no check");
        o->n_left_out++;
        return 0;
    }
    if (o->rows.n >= LIMIT_FILE_CHECKS)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d results in the file", LIMIT_FILE_CHECKS);
    row.id = take_id(r->a, id, r->d);
    *VEC_PUSH(r->a, &o->rows) = row;
    return 0;
}

/* ---- observations ---- */

static struct str
result_word(struct ingest_reader *r, const json_t *v)
{
    struct str word = oscal_row_prop(r, v, "result", LIMIT_ID);
    return word.len ? word : oscal_row_prop(r, v, "State", LIMIT_ID);
}

static bool
is_item(struct ingest_reader *r, const json_t *subject)
{
    return str_ieqc(get(r, subject, "type", LIMIT_ID), "inventory-item");
}

static int
take_word(struct ingest_reader *r, struct oscal_row row, const json_t *v, const json_t *subject,
          struct str word)
{
    struct str id = oscal_row_prop(r, v, "idref", LIMIT_TEXT),
               time = oscal_row_prop(r, v, "time", LIMIT_ID);
    struct str description = get(r, v, "description", LIMIT_TEXT);
    id = id.len ? id : description.len ? description : get(r, v, "uuid", LIMIT_ID);
    time = time.len ? time : get(r, v, "collected", LIMIT_ID);
    row.subject = get(r, subject, "subject-uuid", LIMIT_ID);
    row.subject_title = get(r, subject, "title", LIMIT_TEXT);
    row.is_item = is_item(r, subject);
    row.title = get(r, v, "title", LIMIT_TITLE);
    row.description = str_eq(description, id) ? STR("") : description;
    row.severity = severity_from_word(oscal_row_prop(r, v, "severity", LIMIT_ID));
    row.found = (struct scan_result){.native = word, .evidence = get(r, v, "remarks", LIMIT_TEXT)};
    row.found.time = take_time(r->ctx, time, &row.zone_assumed, STR("time"), r->d);
    return add_row(r, row, id);
}

/* A word of the observation is one about each of the hosts that it speaks of; other subjects, such
 * as a component or a person, have no results of their own. */
static int
take_for_all(struct ingest_reader *r, struct oscal_row row, const json_t *v, struct str word)
{
    const json_t *subjects = json_object_get(v, "subjects");
    bool any = false;
    assert(word.len && !row.is_finding);
    for (size_t i = 0; i < json_array_size(subjects); i++) {
        const json_t *one = json_array_get(subjects, i);
        if (!is_item(r, one) && json_object_get(one, "type"))
            continue;
        any = true;
        if (take_word(r, row, v, one, word) != 0)
            return -1;
    }
    return any ? 0 : take_word(r, row, v, json_array_get(subjects, 0), word);
}

/* The word is a prop of the observation, or of each of its subjects. */
int
oscal_row_observation(struct ingest_reader *r, struct oscal_row row, const json_t *v)
{
    const json_t *subjects = json_object_get(v, "subjects");
    struct str word = result_word(r, v);
    if (word.len)
        return take_for_all(r, row, v, word);
    for (size_t i = 0; i < json_array_size(subjects); i++) {
        word = result_word(r, json_array_get(subjects, i));
        if (word.len && take_word(r, row, v, json_array_get(subjects, i), word) != 0)
            return -1;
    }
    return 0;
}

/* ---- findings ---- */

int
oscal_row_finding(struct ingest_reader *r, struct oscal_row row, const json_t *v)
{
    const json_t *target = json_object_get(v, "target");
    struct str reason = get(r, json_object_get(target, "status"), "reason", LIMIT_TITLE);
    struct str text = get(r, v, "description", LIMIT_TEXT - LIMIT_TITLE - 8);
    row.subject = row.subject_title = row.description = STR("");
    row.title = get(r, v, "title", LIMIT_TITLE);
    /* The state, which older versions wrote as a plain text. */
    const json_t *status = json_object_get(target, "status");
    struct str state = json_is_object(status) ? get(r, status, "state", LIMIT_ID)
                                              : get(r, target, "status", LIMIT_ID);
    row.found = (struct scan_result){.native = state, .time = CLOCK_NONE};
    row.found.evidence =
        reason.len ? arena_fmt(r->a, "%.*s\n%.*s", STR_ARG(reason), STR_ARG(text)) : text;
    return add_row(r, row, get(r, target, "target-id", LIMIT_TEXT));
}
