/* Revisions by value; verify_pdf.c asks for every signature that does not cover the whole file.
 * References are followed in a list of work and not by recursion: outlines and page trees of honest
 * files are longer than a stack. */
#include "sign/pdf_changes.h"

#include <assert.h>
#include <string.h>

#include "base/map.h"

enum { MAX_PAIRS = 4000000 };

/* What kind of thing a value is, as far as some of them may change more than others. */
enum role { ROLE_ANY, ROLE_ROOT, ROLE_FORM };

struct pair { /* of values that stand at one place of both revisions */
    struct str was, is;
    enum role role;
    size_t from;    /* the pair that led here */
    struct str key; /* and by which key */
};

struct work {
    struct pdf_file *was, *is;
    struct arena *arena;
    struct map *seen;
    VEC(struct pair) list;
    size_t at;
    const char *found;
};

/* ---- telling ---- */

static bool
tell(struct work *w, struct str key, const char *what)
{
    VEC(struct str) way = {0};
    struct str path = STR("");
    *VEC_PUSH(w->arena, &way) = key;
    for (size_t i = w->at; i && way.n < 12; i = w->list.v[i].from)
        *VEC_PUSH(w->arena, &way) = w->list.v[i].key;
    for (size_t i = way.n; i-- > 0;)
        path = arena_fmt(w->arena, "%.*s%.*s", STR_ARG(path),
                         (int)(way.v[i].len > 60 ? 60 : way.v[i].len), way.v[i].s);
    w->found = arena_fmt(w->arena, "%.*s %s", STR_ARG(path), what).s;
    return false;
}

/* ---- values ---- */

static bool
is_null(struct str v)
{
    return !v.len || str_eqc(v, "null");
}

/* The number of an object, 0 = the value stands here. */
static int64_t
number_of(struct str value)
{
    int64_t number, generation;
    return pdf_is_ref(value, &number, &generation) ? number : 0;
}

/* What is missing is null (ISO 32000-1 §7.3.10). */
static bool
resolve(struct pdf_file *f, struct str value, struct pdf_object *ret, bool *ret_missing)
{
    struct diag d = diag_init(f->arena);
    if (pdf_resolve(f, value, ret, &d) == 0)
        return true;
    *ret_missing = str_starts(d.first.text, "PDF: there is no object");
    return false;
}

static struct str
resolved(struct pdf_file *f, struct str value)
{
    struct pdf_object o;
    bool missing;
    return value.len && resolve(f, value, &o, &missing) ? o.value : STR("");
}

/* By the raw key, which no writer spells in two ways; of a key that is there twice readers take
 * different ones. */
static bool
find_member(struct str dict, struct str key, struct str *ret)
{
    struct str k, v;
    size_t n = 0;
    struct pdf_members m = pdf_walk(dict);
    *ret = STR("");
    while (pdf_next_member(&m, &k, &v))
        if (str_eq(k, key)) {
            *ret = v;
            n++;
        }
    return n <= 1;
}

static bool
is_zero_rect(struct pdf_file *f, struct str value)
{
    struct str v;
    int n = 0;
    struct pdf_members m = pdf_walk(resolved(f, value));
    for (; pdf_next_element(&m, &v); n++)
        if (!str_eqc(v, "0") && !str_eqc(v, "0.0"))
            return false;
    return n == 4;
}

/* An entry that was not there: only a signature field that shows nothing and does nothing. */
static bool
is_new_field(struct pdf_file *f, struct str value)
{
    static const char *const forbidden[] = {"A", "AA", "Kids", "AP", "Parent"};
    struct str o = resolved(f, value), v = resolved(f, pdf_get(o, "V"));
    struct str type = pdf_get(v, "Type");
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (pdf_get(o, forbidden[i]).len &&
            !(strcmp(forbidden[i], "AP") == 0 && is_zero_rect(f, pdf_get(o, "Rect"))))
            return false;
    return number_of(value) && pdf_is_name(pdf_get(o, "FT"), "Sig") &&
           pdf_is_name(pdf_get(o, "Subtype"), "Widget") && is_zero_rect(f, pdf_get(o, "Rect")) &&
           pdf_is_dict(v) && (pdf_is_name(type, "Sig") || pdf_is_name(type, "DocTimeStamp"));
}

/* ---- work ---- */

/* A pair of references is compared once, wherever it is met. */
static bool
push(struct work *w, struct str was, struct str is, enum role role, struct str key)
{
    const int64_t numbers[2] = {number_of(was), number_of(is)};
    if (numbers[0] || numbers[1]) {
        struct str mark = str_n((const char *)numbers, sizeof numbers);
        if (numbers[0] && numbers[1] && map_get_index(w->seen, mark) >= 0)
            return true;
        if (w->list.n >= MAX_PAIRS)
            return tell(w, key, "leads to too much to be compared");
        map_put_index(w->seen, arena_str(w->arena, mark), 1);
    } else if (was.s == is.s && was.len == is.len && was.len && was.s[0] != '<' &&
               was.s[0] != '[') {
        return true;
    }
    *VEC_PUSH(w->arena, &w->list) =
        (struct pair){.was = was, .is = is, .role = role, .from = w->at, .key = key};
    return true;
}

/* Lists of fields and of what stands on a page: what was there stays, in its order; what is new is a
 * field of a signature. */
static bool
compare_list(struct work *w, struct str was_list, struct str is_list, struct str key)
{
    struct str a = STR(""), b;
    struct pdf_members was = pdf_walk(resolved(w->was, was_list));
    struct pdf_members is = pdf_walk(resolved(w->is, is_list));
    bool more = pdf_next_element(&was, &a);
    while (pdf_next_element(&is, &b)) {
        if (more && str_eq(a, b)) {
            if (!push(w, a, b, ROLE_ANY, key))
                return false;
            more = pdf_next_element(&was, &a);
        } else if (!is_new_field(w->is, b)) {
            return tell(w, key, "has a new entry that is no signature without appearance");
        }
    }
    return !more || tell(w, key, "lost an entry, or has them in another order");
}

/* What may differ at this key of this dictionary. */
static bool
may_differ(struct work *w, const struct pair *p, struct str dict, struct str key, struct str was,
           struct str is)
{
    static const char *const filling[] = {"/V", "/AP", "/AS", "/M", "/MK", "/DA"};
    bool is_field = pdf_is_name(pdf_get(dict, "FT"), "Sig");
    if (p->role == ROLE_ROOT && (str_eqc(key, "/DSS") || str_eqc(key, "/Extensions")))
        return is_null(was) || !is_null(is);
    if (p->role == ROLE_FORM &&
        (str_eqc(key, "/DR") || str_eqc(key, "/DA") || str_eqc(key, "/SigFlags")))
        return is_null(was);
    if (is_field && str_eqc(key, "/Ff"))
        return (is_null(was) || str_eqc(was, "0")) && str_eqc(is, "1");
    if (!is_field || pdf_get(dict, "V").len)
        return false;
    for (size_t i = 0; i < sizeof filling / sizeof *filling; i++)
        if (str_eqc(key, filling[i]))
            return true;
    return str_eqc(key, "/Rect") && is_zero_rect(w->is, is);
}

static bool
compare_member(struct work *w, const struct pair *p, struct str dict, struct str key,
               struct str was, struct str is)
{
    bool is_list = (p->role == ROLE_FORM && str_eqc(key, "/Fields")) ||
                   (str_eqc(key, "/Annots") && pdf_is_name(pdf_get(dict, "Type"), "Page"));
    enum role role = p->role == ROLE_ROOT && str_eqc(key, "/AcroForm") ? ROLE_FORM : ROLE_ANY;
    if (is_null(was) && is_null(is))
        return true;
    if (is_list)
        return compare_list(w, was, is, key);
    if (may_differ(w, p, dict, key, was, is))
        return true;
    if (is_null(was) || is_null(is))
        return tell(w, key, is_null(was) ? "is new" : "is gone");
    return push(w, was, is, role, key);
}

static bool
compare_dicts(struct work *w, const struct pair *p, struct str was, struct str is)
{
    struct str k, v, other;
    bool is_equal = str_eq(was, is);
    struct pdf_members m = pdf_walk(was);
    if (!pdf_is_dict(was) || !pdf_is_dict(is))
        return str_eq(was, is) || tell(w, STR(""), "cannot be read");
    while (pdf_next_member(&m, &k, &v)) {
        other = v;
        if (!is_equal && (!find_member(is, k, &other) || !find_member(was, k, &v)))
            return tell(w, k, "is there twice");
        if (!compare_member(w, p, was, k, v, other))
            return false;
    }
    m = pdf_walk(is);
    while (!is_equal && pdf_next_member(&m, &k, &v))
        if (!find_member(was, k, &other) || (!other.len && !compare_member(w, p, was, k, other, v)))
            return w->found ? false : tell(w, k, "is there twice");
    return true;
}

static bool
compare_arrays(struct work *w, struct str was, struct str is)
{
    struct str a, b;
    struct pdf_members m = pdf_walk(was), n = pdf_walk(is);
    for (;;) {
        bool has_a = pdf_next_element(&m, &a), has_b = pdf_next_element(&n, &b);
        if (has_a != has_b)
            return tell(w, STR(""), "has another length");
        if (!has_a)
            return true;
        if (!push(w, a, b, ROLE_ANY, STR("[]")))
            return false;
    }
}

static bool
is_stream(const struct pdf_file *f, const struct pdf_object *o)
{
    return o->number && !o->is_packed &&
           pdf_stands(f->bytes,
                      pdf_skip(f->bytes, (size_t)(o->value.s - f->bytes.s) + o->value.len),
                      "stream");
}

static bool
compare_streams(struct work *w, const struct pdf_object *was, const struct pdf_object *is)
{
    struct str a, b;
    struct diag ignored = diag_init(w->arena);
    if (pdf_raw_stream(w->was, was, &a, &ignored) != 0 ||
        pdf_raw_stream(w->is, is, &b, &ignored) != 0)
        return (was->value.s == is->value.s) || tell(w, STR(""), "is a stream that cannot be read");
    return (a.s == b.s && a.len == b.len) || str_eq(a, b) ||
           tell(w, STR(""), "is a stream with another content");
}

static bool
compare(struct work *w, const struct pair *p)
{
    struct pdf_object was, is;
    bool had = true, has = true; /* what is missing, and not only unreadable here */
    bool has_was = resolve(w->was, p->was, &was, &had), has_is = resolve(w->is, p->is, &is, &has);
    if (!has_was && !has_is)
        return (had && has) || tell(w, STR(""), "cannot be read");
    if (has_was != has_is)
        return tell(w, STR(""), has_is ? "is new" : "is gone");
    char kind = was.value.len ? was.value.s[0] : 0;
    bool is_dict = pdf_stands(was.value, 0, "<<");
    if (is_dict != pdf_stands(is.value, 0, "<<") ||
        is_stream(w->was, &was) != is_stream(w->is, &is))
        return tell(w, STR(""), "is of another kind");
    if (is_dict)
        return compare_dicts(w, p, was.value, is.value) &&
               (!is_stream(w->was, &was) || compare_streams(w, &was, &is));
    if (kind == '[' && is.value.len && is.value.s[0] == '[')
        return compare_arrays(w, was.value, is.value);
    return str_eq(was.value, is.value) || tell(w, STR(""), "has another value");
}

const char *
pdf_changes(struct pdf_file *was, struct pdf_file *is)
{
    struct work w = {.was = was, .is = is, .arena = is->arena, .seen = map_new(is->arena)};
    assert(was->bytes.s == is->bytes.s && was->bytes.len <= is->bytes.len);
    struct str a = pdf_get(was->trailer, "Root"), b = pdf_get(is->trailer, "Root");
    if (number_of(a) == 0 || number_of(a) != number_of(b))
        return "/Root is another one";
    push(&w, a, b, ROLE_ROOT, STR("/Root"));
    a = pdf_get(was->trailer, "Info");
    b = pdf_get(is->trailer, "Info");
    if (!a.len != !b.len)
        return "/Info is new or gone";
    if (a.len)
        push(&w, a, b, ROLE_ANY, STR("/Info"));
    for (w.at = 0; w.at < w.list.n; w.at++) {
        struct pair p = w.list.v[w.at]; /* the list moves as it grows */
        if (!compare(&w, &p))
            return w.found;
    }
    return NULL;
}
