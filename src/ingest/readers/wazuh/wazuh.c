/* Reader of Wazuh SCA results: JSON lines or one JSON document, in four shapes. Called by ingest.c
 * with chunks; hands each document to event.c, alert.c, api.c or state.c;
 * scans.c makes the scans. See doc/formats/wazuh-sca.md.
 *
 * One document a line is parsed by itself, so that a day of alerts needs little memory. When the
 * first line is only the beginning of a document, all of the input is taken as one document. */
#include "ingest/readers/wazuh/wazuh.h"

#include <assert.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "ingest/detect.h"
#include "ingest/json_doc.h"
#include "ingest/limits.h"
#include "ingest/lines.h"
#include "ingest/readers.h"

AUTO_DEFINE(json_t *, json_decref)

enum mode { MODE_START, MODE_LINES, MODE_DOCUMENT };

struct ingest_reader {
    struct wazuh w;
    struct lines lines;
    enum mode mode;
    struct buf document; /* MODE_DOCUMENT: everything so far */
    json_error_t error;  /* of the last document that did not parse */
};

static int
wazuh_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    if (detect_has_key(k, "1:data") && detect_has_key(k, "2:affected_items"))
        return 95;
    if (detect_has_key(k, "1:type") &&
        (detect_has_key(k, "1:policy_id") || detect_has_key(k, "1:policies")))
        return 90;
    if (detect_has_key(k, "1:check") && detect_has_key(k, "1:policy"))
        return 90;
    if (detect_has_key(k, "1:decoder") &&
        (detect_has_key(k, "1:agent") || detect_has_key(k, "1:location")))
        return 85;
    if (detect_has_key(k, "1:collector") && detect_has_key(k, "1:module") &&
        detect_has_key(k, "2:check"))
        return 80;
    if (detect_has_key(k, "2:check") && detect_has_key(k, "2:policy"))
        return 60;
    if (detect_has_key(k, "1:_source") && detect_has_key(k, "2:decoder"))
        return 60;
    return detect_has_key(k, "2:type") && detect_has_key(k, "2:policy_id") ? 60 : 0;
}

static struct ingest_reader *
wazuh_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
           struct diag *d)
{
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    r->w = (struct wazuh){.ctx = ctx, .file = file, .a = a, .d = d, .place = STR("")};
    r->w.by_key = map_new(a);
    r->w.texts = map_new(a);
    r->w.mappings = map_new(a);
    r->lines = lines_init(LIMIT_DOCUMENT);
    r->document = buf_init(LIMIT_DOCUMENT);
    return r;
}

/* The document inside an envelope: an export of the index, or a message of a 5.x agent. */
static const json_t *
unwrap(const json_t *doc)
{
    const json_t *source = json_object_get(doc, "_source");
    const json_t *data = json_object_get(doc, "data");
    if (json_is_object(source))
        return source;
    return json_object_get(doc, "collector") && json_is_object(data) ? data : doc;
}

static bool
has_type(const json_t *doc, const char *type)
{
    const json_t *v = json_object_get(doc, "type");
    return json_is_string(v) && str_eqc(str_c(json_string_value(v)), type);
}

static int
take_object(struct wazuh *w, const json_t *doc)
{
    doc = unwrap(doc);
    const json_t *data = json_object_get(doc, "data");
    const json_t *check = json_object_get(doc, "check");
    if (json_is_array(json_object_get(data, "affected_items")))
        return wazuh_api_take(w, doc);
    if (json_is_object(json_object_get(data, "sca")))
        return wazuh_alert_take(w, doc);
    if (json_is_object(check) && json_is_object(json_object_get(doc, "policy")))
        return wazuh_state_take(w, doc);
    if (has_type(doc, "summary") || (has_type(doc, "check") && json_is_object(check)))
        return wazuh_event_take(w, doc);
    bool known = has_type(doc, "policies") || has_type(doc, "dump_end") ||
                 json_object_get(doc, "decoder"); /* an alert that is not of SCA */
    w->n_other++;
    w->n_alien += !known;
    if (!known)
        diag_warn(w->d, DIAG_WARN_DATA, w->place, "not a Wazuh SCA document: left out");
    return 0;
}

/* An object, an array of them, or the answer of a search (hits.hits). */
static int
take_document(struct wazuh *w, const json_t *doc)
{
    const json_t *list = doc;
    assert(json_is_object(doc) || json_is_array(doc));
    if (json_is_object(doc)) {
        list = json_object_get(json_object_get(doc, "hits"), "hits");
        if (!json_is_array(list))
            return take_object(w, doc);
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        if (take_object(w, json_array_get(list, i)) < 0)
            return -1;
    return 0;
}

/* All documents of the text, one behind the other, as a list; NULL when one of them is none. */
static json_t *
parse_all(struct ingest_reader *r, struct str text)
{
    json_t *all = json_array();
    text = str_trim(text);
    do {
        json_t *doc =
            json_loadb(text.s, text.len, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, &r->error);
        if (!doc || json_array_append_new(all, doc) != 0) {
            json_decref(all);
            return NULL;
        }
        assert(r->error.position > 0 && (size_t)r->error.position <= text.len);
        size_t n = (size_t)r->error.position;
        text = str_trim(str_n(text.s + n, text.len - n));
    } while (text.len);
    return all;
}

static json_t *
parse(struct ingest_reader *r, struct str text)
{
    json_t *docs = parse_all(r, text);
    if (docs || json_error_code(&r->error) != json_error_invalid_utf8)
        return docs;
    struct arena *scratch = arena_new();
    docs = parse_all(r, utf8_repair(scratch, text));
    if (docs)
        diag_warn(r->w.d, DIAG_WARN_TEXT, r->w.place, "invalid UTF-8 was replaced");
    arena_free(scratch);
    return docs;
}

static int
take_documents(struct wazuh *w, const json_t *docs)
{
    for (size_t i = 0; i < json_array_size(docs); i++)
        if (take_document(w, json_array_get(docs, i)) < 0)
            return -1;
    return 0;
}

static bool
is_cut_off(const struct ingest_reader *r)
{
    return json_error_code(&r->error) == json_error_premature_end_of_input;
}

/* A line that is no document: the file goes on without it. */
static int
bad_line(struct ingest_reader *r)
{
    struct str why = json_doc_error(&r->error);
    if (r->lines.unfinished && is_cut_off(r)) {
        r->w.truncated = true;
        diag_warn(r->w.d, DIAG_WARN_PARTIAL, r->w.place, "the file ends inside this line");
        return 0;
    }
    assert(r->mode == MODE_LINES);
    r->w.n_bad++;
    diag_warn(r->w.d, DIAG_WARN_DATA, r->w.place, "not JSON, left out: %.*s", STR_ARG(why));
    return 0;
}

static int
take_line(void *self, struct str line)
{
    struct ingest_reader *r = self;
    if (r->mode == MODE_DOCUMENT) {
        buf_putc(&r->document, '\n');
        buf_str(&r->document, line);
        return buf_bad(&r->document)
                   ? diag_fail(r->w.d, DIAG_TOO_BIG, "a JSON document of more than %zu bytes",
                               LIMIT_DOCUMENT)
                   : 0;
    }
    if (str_trim(line).len == 0)
        return 0;
    int n = snprintf(r->w.place_text, sizeof r->w.place_text, "line %zu", r->lines.number);
    assert(n > 0 && (size_t)n < sizeof r->w.place_text);
    r->w.place = str_n(r->w.place_text, (size_t)n);
    AUTO(json_decref_auto) json_t *docs = parse(r, line);
    if (docs) {
        r->mode = MODE_LINES;
        return take_documents(&r->w, docs);
    }
    if (r->mode == MODE_START && is_cut_off(r)) {
        r->mode = MODE_DOCUMENT;
        buf_str(&r->document, line);
        return 0;
    }
    r->mode = MODE_LINES;
    return bad_line(r);
}

static int
wazuh_push(struct ingest_reader *r, struct str chunk)
{
    int rc = lines_push(&r->lines, chunk, take_line, r, r->w.d);
    return rc == 0 ? 0 : diag_at(r->w.d, "%s:%zu", r->w.ctx->path, r->lines.number);
}

/* The input began with a piece of a document: it is documents, or lines of which the first is
 * damaged. */
static int
end_document(struct ingest_reader *r)
{
    assert(r->mode == MODE_DOCUMENT && r->document.len);
    r->w.place = STR("document");
    AUTO(json_decref_auto) json_t *docs = parse(r, buf_view(&r->document));
    if (docs)
        return take_documents(&r->w, docs);
    json_error_t whole = r->error;
    lines_done(&r->lines);
    r->lines = lines_init(LIMIT_DOCUMENT);
    r->mode = MODE_LINES;
    if (lines_push(&r->lines, buf_view(&r->document), take_line, r, r->w.d) < 0 ||
        lines_end(&r->lines, take_line, r) < 0)
        return -1;
    r->error = whole;
    return 0;
}

/* Nothing came out: says why. */
static int
nothing(struct ingest_reader *r)
{
    struct wazuh *w = &r->w;
    if (r->error.text[0] && !w->n_other) {
        struct str why = json_doc_error(&r->error);
        bool cut = is_cut_off(r);
        diag_fail(w->d, cut ? DIAG_TRUNCATED : DIAG_BAD_DATA,
                  cut ? "the JSON ends too early (%.*s): was the transfer complete?"
                      : "not JSON: %.*s",
                  STR_ARG(why));
        return diag_at(w->d, "%s:%zu", w->ctx->path, r->lines.number);
    }
    w->file->holds_nothing =
        w->n_other > 0 && w->n_alien == 0 && w->n_bad == 0 && !w->truncated; /* other alerts */
    if (w->file->holds_nothing)
        return 0;
    return diag_fail(w->d, DIAG_BAD_DATA,
                     "no Wazuh SCA result in this file: neither checks nor a summary");
}

static int
wazuh_end(struct ingest_reader *r)
{
    int rc = lines_end(&r->lines, take_line, r);
    if (rc == 0 && r->mode == MODE_DOCUMENT)
        rc = end_document(r);
    if (rc < 0)
        diag_at(r->w.d, "%s:%zu", r->w.ctx->path, r->lines.number);
    else
        rc = wazuh_scans_finish(&r->w);
    return rc == 0 && r->w.file->scans.n == 0 ? nothing(r) : rc;
}

static void
wazuh_close(struct ingest_reader *r)
{
    lines_done(&r->lines);
    buf_done(&r->document);
}

const struct ingest_format wazuh_format = {
    .name = "wazuh-sca",
    .title = "Wazuh SCA (events, alerts, API pages, 5.x states)",
    .bid = wazuh_bid,
    .open = wazuh_open,
    .push = wazuh_push,
    .join = JOIN_LINES,
    .end = wazuh_end,
    .close = wazuh_close,
};
