/* The index of a report in several files: what the filter over all of them looks through. Pages that are
 * opened from a disk may not read each other, so the first file carries the rows of all lists itself,
 * each text once. html.c puts it behind the table of contents; templates/html/report.js reads it. */
#include <assert.h>

#include "base/json_put.h"
#include "render/html/parts.h"
#include "render/renderers.h"

enum { MOST_ROWS = 2000000 /* some 12 MB */ };

/* The texts of a row in one line: what it is found by, and what is shown of it. */
static struct str
row_text(const struct html_job *j, const struct report_table *t, const struct report_row *row)
{
    struct str text = STR("");
    for (size_t i = 0; i < t->columns.n; i++)
        if (row->cells[i].type == CELL_TEXT && row->cells[i].text.len)
            text = arena_fmt(j->a, "%.*s%s%.*s", STR_ARG(text), text.len ? " · " : "",
                             STR_ARG(row->cells[i].text));
    return text;
}

static enum status
row_status(const struct report_table *t, const struct report_row *row)
{
    for (size_t i = 0; i < t->columns.n; i++)
        if (row->cells[i].type == CELL_STATUS)
            return row->cells[i].status;
    return STATUS_NONE;
}

/* Of each row one number: which text it has, times the number of statuses, and its status. */
static void
put_rows(const struct html_job *j, const struct html_list *l, struct map *seen, html_texts *texts,
         struct json_put *out)
{
    const struct report_table *t = l->table;
    json_put_open(out, '[');
    for (size_t i = l->rows.from; i < t->rows.n && i < l->rows.to; i++) {
        if (t->rows.v[i].is_total)
            continue;
        struct str text = row_text(j, t, &t->rows.v[i]);
        int64_t at = map_get_index(seen, text);
        if (at < 0) {
            at = (int64_t)texts->n;
            map_put_index(seen, text, texts->n);
            *VEC_PUSH(j->a, texts) = text;
        }
        json_put_int(out, at * STATUS__COUNT + (int64_t)row_status(t, &t->rows.v[i]));
    }
    json_put_close(out, ']');
}

static void
put_lists(const struct html_job *j, const size_t *file_of, html_texts *texts, struct json_put *out)
{
    struct map *seen = map_new(j->a);
    json_put_key(out, "lists");
    json_put_open(out, '[');
    for (size_t i = 0; i < j->lists->n; i++) {
        const struct html_list *l = &j->lists->v[i];
        json_put_open(out, '{');
        json_put_member(out, "agent", l->table->subject->agent);
        json_put_member(out, "group", l->table->subject->group);
        json_put_member_int(out, "file", (int64_t)file_of[l->unit]);
        json_put_member(out, "id", l->id);
        json_put_key(out, "rows");
        put_rows(j, l, seen, texts, out);
        json_put_close(out, '}');
    }
    json_put_close(out, ']');
}

static void
put_texts(const char *key, const struct str *v, size_t n, struct json_put *out)
{
    json_put_key(out, key);
    json_put_open(out, '[');
    for (size_t i = 0; i < n; i++)
        json_put_str(out, v[i]);
    json_put_close(out, ']');
}

void
html_find_put(struct html_job *j, const size_t *file_of, const struct str *files, size_t n_files)
{
    size_t n_rows = 0;
    AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
    struct json_put out = json_put_init(&text);
    html_texts texts = {0};
    struct str words[STATUS__COUNT];
    assert(j->lists && file_of && files);
    for (size_t i = 0; i < j->lists->n; i++)
        n_rows += j->lists->v[i].table->rows.n;
    if (n_rows == 0 || n_rows > MOST_ROWS)
        return;
    for (int s = 0; s < STATUS__COUNT; s++)
        words[s] = s == STATUS_NONE ? STR("") : render_status_word(j->r, (enum status)s);
    json_put_open(&out, '{');
    put_texts("files", files, n_files, &out);
    put_texts("status", words, STATUS__COUNT, &out);
    put_lists(j, file_of, &texts, &out);
    put_texts("texts", texts.v, texts.n, &out);
    json_put_close(&out, '}');
    if (buf_bad(&text))
        j->out->bad = true;
    html_parts_raw(j, "<script type=\"application/json\" id=\"find\">");
    for (struct str rest = buf_view(&text); rest.len;) { /* no text may end the element */
        struct str piece = str_cut(&rest, '<');
        buf_str(j->out, piece);
        html_parts_raw(j, rest.s > piece.s + piece.len ? "\\u003c" : "");
    }
    html_parts_raw(j, "</script>\n");
}
