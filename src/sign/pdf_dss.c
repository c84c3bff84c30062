/* From the catalogue to lists and responses. verify_pdf.c asks once a file; revoked.c judges them. */
#include "sign/pdf_dss.h"

enum { MOST = 200 /* lists and responses: an archive of many signatures has some dozens */ };

typedef void add_fn(struct revoked_sources *s, struct str der);

struct walk {
    struct pdf_file *file;
    struct revoked_sources *to;
    VEC(int64_t) seen; /* entries of /VRI name what stands in the lists above */
};

static struct str
value_of(struct pdf_file *f, struct str value)
{
    struct pdf_object o;
    struct diag d = diag_init(f->arena);
    return value.len && pdf_resolve(f, value, &o, &d) == 0 ? o.value : STR("");
}

static void
take_stream(struct walk *w, struct str ref, add_fn *add)
{
    struct str der;
    struct pdf_object o;
    struct diag d = diag_init(w->file->arena);
    if (pdf_resolve(w->file, ref, &o, &d) != 0 || !o.number || o.is_packed)
        return;
    for (size_t i = 0; i < w->seen.n; i++)
        if (w->seen.v[i] == o.number)
            return;
    *VEC_PUSH(w->file->arena, &w->seen) = o.number;
    if (pdf_stream(w->file, &o, &der, &d) == 0)
        add(w->to, der);
}

static void
take_list(struct walk *w, struct str list, add_fn *add)
{
    struct str ref;
    struct pdf_members m = pdf_walk(value_of(w->file, list));
    while (w->seen.n < MOST && pdf_next_element(&m, &ref))
        take_stream(w, ref, add);
}

void
pdf_dss_read(struct pdf_file *f, struct revoked_sources *to)
{
    struct walk w = {.file = f, .to = to};
    struct str root = value_of(f, pdf_get(f->trailer, "Root"));
    struct str dss = value_of(f, pdf_get(root, "DSS")), vri = value_of(f, pdf_get(dss, "VRI"));
    struct str key, value;
    take_list(&w, pdf_get(dss, "CRLs"), revoked_add_list);
    take_list(&w, pdf_get(dss, "OCSPs"), revoked_add_answer);
    struct pdf_members m = pdf_walk(vri);
    while (w.seen.n < MOST && pdf_next_member(&m, &key, &value)) {
        struct str entry = value_of(f, value);
        take_list(&w, pdf_get(entry, "CRL"), revoked_add_list);
        take_list(&w, pdf_get(entry, "OCSP"), revoked_add_answer);
    }
}
