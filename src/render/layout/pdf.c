/* The PDF edition: fonts, document, layout. render.c lists it; layout.c and pdf/doc.c do the work.
 */
#include <assert.h>

#include "base/auto.h"
#include "render/font/font.h"
#include "render/layout/layout.h"
#include "render/pdf/doc.h"
#include "render/pages.h"
#include "render/renderers.h"

AUTO_DEFINE(struct pdf_doc *, pdf_doc_free)

struct paper {
    double width, height;
};

static int
find_paper(struct str name, struct paper *ret, struct diag *d)
{
    if (name.len == 0 || str_ieqc(name, "a4"))
        *ret = (struct paper){595.276, 841.89};
    else if (str_ieqc(name, "letter"))
        *ret = (struct paper){612, 792};
    else
        return diag_fail(d, DIAG_CONFIG, "paper \"%.*s\" is neither a4 nor letter", STR_ARG(name));
    return 0;
}

static int
write_pdf(const struct report *r, const struct render_options *o, struct arena *a,
          struct render_files *ret, struct diag *d)
{
    struct paper paper = {0};
    struct render_pages pages;
    struct str bytes;
    if (find_paper(o->paper, &paper, d) != 0 ||
        font_init(o->font_dirs, render_n_font_dirs(o), d) != 0 ||
        render_pages_make(r, o, true, a, &pages, ret, d) != 0)
        return -1;
    struct str title = render_text(r->title, a), subtitle = render_text(r->subtitle, a);
    const struct pdf_doc_facts facts = {
        .title =
            subtitle.len ? arena_fmt(a, "%.*s – %.*s", STR_ARG(title), STR_ARG(subtitle)) : title,
        .subject = render_text(r->lead, a),
        .author = render_text(r->organisation, a),
        .tool = r->tool,
        .lang = r->lang->code,
        .created = r->generated_at,
        .width = paper.width,
        .height = paper.height,
    };
    AUTO(pdf_doc_free_auto) struct pdf_doc *doc = pdf_doc_new(&facts, d);
    if (!doc)
        return -1;
    layout_report(&pages.report, doc, paper.width, paper.height, a);
    if (r->checkpoint.note.len)
        pdf_doc_attach(doc, REPORT_CHECKPOINT_FILE, lang_get(r->lang, "html.checkpoint"),
                       r->checkpoint.note);
    for (size_t i = 0; i < pages.data.n; i++)
        pdf_doc_attach_data(doc, pages.data.v[i].name.s, render_text(pages.data.v[i].title, a),
                            pages.data.v[i].bytes);
    if (pdf_doc_end(doc, a, &bytes, d) != 0)
        return -1;
    assert(bytes.len > 0);
    render_add_file(ret, &pdf_renderer, o, STR(""), bytes, a);
    return 0;
}

const struct renderer pdf_renderer = {
    .name = "pdf",
    .suffix = "pdf",
    .media_type = "application/pdf",
    .write = write_pdf,
};
