/* From the catalogue to an attached file; pdf_file.c finds the objects. Called for reports that carry
 * a checkpoint of the audit log. */
#include "sign/pdf_attachment.h"

#include "sign/pdf_file.h"

enum { MAX_NODES = 1000 };

static int
no_file(struct diag *d, const char *name)
{
    return diag_fail(d, DIAG_BAD_DATA, "PDF: there is no attached file %s", name);
}

/* The value behind a name in [name value name value …]; empty = not there. */
static struct str
find_pair(struct pdf_file *f, struct str names, const char *name)
{
    struct str key, value;
    struct pdf_members m = pdf_walk(names);
    while (pdf_next_element(&m, &key) && pdf_next_element(&m, &value))
        if (str_eqc(pdf_text(key, f->arena), name))
            return value;
    return STR("");
}

/* A node of the name tree: /Names, or /Kids that have them. Deeper trees are of others. */
static int
find_name(struct pdf_file *f, struct str node, const char *name, int depth, struct str *ret,
          struct diag *d)
{
    struct pdf_object o, list;
    struct str kid;
    if (pdf_resolve(f, node, &o, d) != 0)
        return -1;
    struct str names = pdf_get(o.value, "Names"), kids = pdf_get(o.value, "Kids");
    if (names.len && pdf_resolve(f, names, &list, d) != 0)
        return -1;
    *ret = names.len ? find_pair(f, list.value, name) : STR("");
    if (ret->len || !kids.len || depth == 0)
        return 0;
    if (pdf_resolve(f, kids, &list, d) != 0)
        return -1;
    struct pdf_members m = pdf_walk(list.value);
    for (int n = 0; !ret->len && n < MAX_NODES && pdf_next_element(&m, &kid); n++)
        if (find_name(f, kid, name, depth - 1, ret, d) != 0)
            return -1;
    return 0;
}

/* The member of a dictionary that may stand elsewhere; empty = not there. */
static int
follow(struct pdf_file *f, struct str *value, const char *key, struct diag *d)
{
    struct pdf_object o;
    if (value->len && pdf_resolve(f, *value, &o, d) != 0)
        return -1;
    *value = value->len ? pdf_get(o.value, key) : STR("");
    return 0;
}

int
sign_pdf_attachment(struct str pdf, const char *name, struct arena *a, struct str *ret,
                    struct diag *d)
{
    struct pdf_file f;
    struct pdf_object o;
    struct str at, file;
    if (pdf_open(pdf, a, &f, d) != 0)
        return -1;
    at = pdf_get(f.trailer, "Root");
    if (follow(&f, &at, "Names", d) != 0 || follow(&f, &at, "EmbeddedFiles", d) != 0)
        return -1;
    if (!at.len)
        return no_file(d, name);
    if (find_name(&f, at, name, 1, &file, d) != 0 || follow(&f, &file, "EF", d) != 0 ||
        follow(&f, &file, "F", d) != 0)
        return -1;
    if (!file.len)
        return no_file(d, name);
    if (pdf_resolve(&f, file, &o, d) != 0)
        return -1;
    return o.is_packed ? no_file(d, name) : pdf_stream(&f, &o, ret, d);
}
