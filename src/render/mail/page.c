/* The HTML of a mail: tables and inline styles, for mail programs know little else; 600 pixels wide, and
 * narrower where the screen is. Nothing in it is fetched, and without its picture it says the same. */
#include "render/escape.h"
#include "render/mail/parts.h"
#include "render/renderers.h"

#define CELL "<tr><td style=\"padding:%s 28px;%s\">"
#define SOFT "color:#5a6570"

static const char head[] =
    "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<meta name=\"color-scheme\" content=\"light\">";
static const char body[] =
    "</head>\n<body style=\"margin:0;padding:0;background:#f3f5f6\">\n"
    "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
    "style=\"background:#f3f5f6\"><tr><td align=\"center\" style=\"padding:16px 0\">\n"
    "<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
    "style=\"width:100%;max-width:600px;background:#ffffff;text-align:left;"
    "font-family:'Noto Sans','Noto Sans CJK JP','Hiragino Sans',Meiryo,Arial,sans-serif;"
    "font-size:15px;line-height:1.5;color:#1b2127;word-break:break-word\">\n";
static const char end[] = "</table>\n</td></tr></table>\n</body></html>\n";

static void
mail_put_element(struct buf *out, const char *tag, const char *style, struct str text)
{
    buf_fmt(out, "<%s style=\"%s\">", tag, style);
    html_escape_put(out, text);
    buf_fmt(out, "</%s>\n", tag);
}

static void
mail_put_band(const struct mail_job *j, struct buf *out)
{
    const struct report *r = j->report;
    struct str owner = mail_owner(j);
    buf_fmt(out, CELL, "22px", "background:#0b4f6c;color:#ffffff");
    if (owner.len)
        mail_put_element(out, "div", "font-size:13px", owner);
    mail_put_element(out, "h1", "margin:0;font-size:22px;line-height:1.3;font-weight:700", r->title);
    mail_put_element(out, "div", "font-size:13px", mail_reference(j));
    if (r->is_provisional)
        mail_put_element(out, "div", "font-size:13px;font-weight:700",
                         lang_get(r->lang, "mail.provisional"));
    buf_puts(out, "</td></tr>\n");
}

/* The sign and number before the words carry the colour; they are bold, too. */
static void
mail_put_detail(struct buf *out, const struct report_figure *f)
{
    size_t n = f->direction ? render_sign_length(f->detail) : 0;
    buf_puts(out, "<div style=\"font-size:13px;" SOFT "\">");
    if (n) {
        buf_fmt(out, "<b style=\"color:%s\">", f->direction > 0 ? "#006b4f" : "#a84300");
        html_escape_put(out, str_n(f->detail.s, n));
        buf_puts(out, "</b>");
    }
    html_escape_put(out, str_n(f->detail.s + n, f->detail.len - n));
    buf_puts(out, "</div>\n");
}

/* Side by side where there is room, one below the other on a phone. */
static void
mail_put_figures(const struct mail_job *j, struct buf *out)
{
    if (!j->figures)
        return;
    buf_fmt(out, CELL, "6px", "font-size:14px");
    for (size_t i = 0; i < j->figures->figures.n; i++) {
        const struct report_figure *f = &j->figures->figures.v[i];
        buf_puts(out, "<div style=\"display:inline-block;vertical-align:top;width:47%;min-width:140px;"
                      "margin:4px 2% 8px 0;padding-top:6px;border-top:2px solid #0b4f6c\">");
        mail_put_element(out, "div", "font-size:20px;font-weight:700;line-height:1.3", f->value);
        mail_put_element(out, "div", "font-size:14px", f->label);
        if (f->detail.len)
            mail_put_detail(out, f);
        buf_puts(out, "</div>");
    }
    buf_puts(out, "</td></tr>\n");
}

static void
mail_put_chart(const struct mail_job *j, struct buf *out)
{
    if (!j->chart)
        return;
    buf_fmt(out, CELL, "10px", "");
    mail_put_element(out, "h2", "margin:0 0 6px;font-size:15px;font-weight:700", j->chart->title);
    buf_puts(out, "<img src=\"cid:" MAIL_CHART_ID "\" width=\"544\" style=\"display:block;width:100%;"
                  "max-width:544px;height:auto;border:0;font-size:13px;" SOFT "\" alt=\"");
    html_escape_put(out, j->chart->alt);
    buf_puts(out, "\"></td></tr>\n");
}

static void
mail_put_sentences(const struct mail_job *j, struct buf *out, const char *key, const struct str *v,
                   size_t n)
{
    if (n == 0)
        return;
    buf_fmt(out, CELL, "8px", "font-size:14px");
    mail_put_element(out, "h2", "margin:0;font-size:14px;font-weight:700",
                     lang_get(j->report->lang, key));
    for (size_t i = 0; i < n; i++)
        mail_put_element(out, "div", "margin:0 0 4px", v[i]);
    buf_puts(out, "</td></tr>\n");
}

static void
mail_put_papers(const struct mail_job *j, struct buf *out)
{
    buf_puts(out, "<tr><td style=\"padding:14px 28px;border-top:1px solid #d9dee3;font-size:13px;" SOFT
                  "\">");
    for (size_t i = 0; i < j->options->n_papers; i++) {
        struct str rest = j->papers[i];
        while (rest.len)
            mail_put_element(out, "div", "word-break:break-all;word-break:break-word",
                             str_cut(&rest, '\n'));
    }
    buf_puts(out, "</td></tr>\n");
}

void
mail_put_page(const struct mail_job *j, struct buf *out)
{
    const struct report *r = j->report;
    buf_fmt(out, "<!doctype html>\n<html lang=\"%.*s\"><head>%s<title>", STR_ARG(r->lang->code), head);
    html_escape_put(out, r->title);
    buf_puts(out, "</title>");
    buf_puts(out, body);
    mail_put_band(j, out);
    buf_fmt(out, CELL, "18px", "font-size:17px");
    html_escape_put(out, r->lead);
    buf_puts(out, "</td></tr>\n");
    mail_put_figures(j, out);
    mail_put_chart(j, out);
    mail_put_sentences(j, out, "mail.worse", r->brief.worse.v, r->brief.worse.n);
    mail_put_sentences(j, out, "mail.missing", r->brief.missing.v, r->brief.missing.n);
    mail_put_papers(j, out);
    buf_puts(out, end);
}
