/* The list of renderers and the words they share; compose comes before, the writers after. */
#include "render/render.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "render/number.h"
#include "render/palette.h"
#include "render/renderers.h"

#define RENDERER_ADDRESS(name) &name,
const struct renderer *const renderers[] = {RENDERERS(RENDERER_ADDRESS) NULL};
#undef RENDERER_ADDRESS

enum { N_RENDERERS = sizeof renderers / sizeof *renderers - 1 };

const struct renderer *
render_find(struct str name)
{
    for (size_t i = 0; i < N_RENDERERS; i++)
        if (str_eqc(name, renderers[i]->name))
            return renderers[i];
    return NULL;
}

const char *
render_name(size_t i)
{
    return i < N_RENDERERS ? renderers[i]->name : NULL;
}

size_t
render_n_font_dirs(const struct render_options *o)
{
    size_t n = 0, most = sizeof o->font_dirs / sizeof *o->font_dirs;
    while (n < most && o->font_dirs[n].len)
        n++;
    return n;
}

void
render_add_file(struct render_files *ret, const struct renderer *rn, const struct render_options *o,
                struct str part, struct str bytes, struct arena *a)
{
    assert(bytes.len > 0 && o->file_stem.len > 0);
    assert(str_find(part, "/") < 0);
    *VEC_PUSH(a, &ret->files) = (struct render_file){
        .name = arena_fmt(a, "%.*s%.*s.%s", STR_ARG(o->file_stem), STR_ARG(part), rn->suffix),
        .media_type = str_c(rn->media_type),
        .bytes = bytes};
}

struct str
render_text(struct str s, struct arena *a)
{
    return s.len ? utf8_visible(a, s) : STR("");
}

struct str
render_status_word(const struct report *r, enum status s)
{
    char key[40] = "status.";
    strncat(key, status_word(s), sizeof key - sizeof "status.");
    return lang_get(r->lang, key);
}

struct str
render_bar_text(const struct report *r, const struct report_cell *c, struct arena *a)
{
    assert(c->type == CELL_BAR);
    if (c->null)
        return STR("");
    return LANG(r->lang, a, "bar.text", {"passed", number_int(r->lang, a, c->n)},
                {"failed", number_int(r->lang, a, c->of)});
}

static struct str
name_text(const struct report *r, const struct report_cell *c, struct arena *a)
{
    struct str name = utf8_name(a, c->text);
    if (!c->alias.len)
        return name;
    return LANG(r->lang, a, "cell.alias", {"name", name}, {"alias", utf8_name(a, c->alias)});
}

struct str
render_cell_text(const struct report *r, const struct report_cell *c, struct arena *a)
{
    struct str word = STR("");
    if (c->null && c->type == CELL_SCORE) /* a score says why it is not there; the rest is a dash */
        return lang_get(r->lang, "score.none");
    if (c->null)
        return c->type == CELL_NONE || c->type == CELL_BAR ? word : STR("–");
    switch (c->type) {
    case CELL_NONE:
    case CELL_BAR:
        return word;
    case CELL_TEXT:
        return c->is_name ? name_text(r, c, a) : render_text(c->text, a);
    case CELL_HASH:
        return render_text(c->text, a);
    case CELL_INT:
        return number_int(r->lang, a, c->n);
    case CELL_NUMBER:
        return number_fixed(r->lang, a, &c->value);
    case CELL_SCORE:
        return number_percent(r->lang, a, &c->value);
    case CELL_STATUS: /* no-break space: the sign never stands alone at a line's end */
        word = render_status_word(r, c->status);
        return arena_fmt(a, "%s\xc2\xa0%.*s", palette_sign(c->status), STR_ARG(word));
    case CELL_TIME:
        return clock_minute(a, c->n + clock_local_offset(c->n));
    case CELL_DATE:
        return clock_date(a, c->n);
    case CELL_RATIO:
        return LANG(r->lang, a, "ratio", {"part", number_int(r->lang, a, c->n)},
                    {"of", number_int(r->lang, a, c->of)});
    }
    assert(!"a cell type without a text");
    return STR("");
}

/* ---- cover and foot ---- */

static struct report_pair
pair(const struct report *r, const char *key, struct str value, bool mono)
{
    return (struct report_pair){.label = lang_get(r->lang, key), .value = value, .mono = mono};
}

struct render_cover
render_cover_pairs(const struct report *r, struct arena *a)
{
    struct render_cover c = {0};
    *VEC_PUSH(a, &c.left) = pair(r, "cover.period", render_text(r->period_text, a), false);
    *VEC_PUSH(a, &c.left) = pair(r, "cover.scope", render_text(r->scope, a), false);
    if (r->classification.len)
        *VEC_PUSH(a, &c.left) =
            pair(r, "cover.classification", render_text(r->classification, a), false);
    struct str report = LANG(r->lang, a, "cover.report_value", {"id", render_text(r->id, a)},
                             {"version", render_text(r->version, a)});
    struct str generated =
        LANG(r->lang, a, "cover.generated_value", {"time", clock_minute(a, r->generated_at)},
             {"tool", render_text(r->tool, a)});
    struct str signer =
        r->signer.len ? render_text(r->signer, a) : lang_get(r->lang, "cover.unsigned");
    if (r->is_provisional)
        *VEC_PUSH(a, &c.left) =
            pair(r, "cover.provisional", lang_get(r->lang, "cover.provisional_value"), false);
    if (r->as_of)
        *VEC_PUSH(a, &c.left) = pair(
            r, "cover.as_of",
            LANG(r->lang, a, "cover.as_of_value", {"time", clock_minute(a, r->as_of)}), false);
    *VEC_PUSH(a, &c.right) = pair(r, "cover.report", report, false);
    *VEC_PUSH(a, &c.right) = pair(r, "cover.generated", generated, false);
    *VEC_PUSH(a, &c.right) = pair(r, "cover.signer", signer, false);
    *VEC_PUSH(a, &c.right) = pair(r, "cover.dataset", sha256_hex(a, &r->dataset), true);
    return c;
}

struct str
render_foot_id(const struct report *r, struct arena *a)
{
    struct str id = LANG(r->lang, a, "foot.id", {"id", render_text(r->id, a)},
                         {"version", render_text(r->version, a)});
    if (r->is_provisional)
        id = arena_fmt(a, "%.*s · %.*s", STR_ARG(id),
                       STR_ARG(lang_get(r->lang, "foot.provisional")));
    if (!r->classification.len)
        return id;
    struct str level = render_text(r->classification, a);
    return arena_fmt(a, "%.*s · %.*s", STR_ARG(id), STR_ARG(level));
}

struct str
render_foot_dataset(const struct report *r, struct arena *a)
{
    struct str hex = sha256_hex(a, &r->dataset);
    struct str head = arena_fmt(a, "%.4s %.4s %.4s", hex.s, hex.s + 4, hex.s + 8);
    return LANG(r->lang, a, "foot.dataset", {"hash", head});
}

size_t
render_sign_length(struct str detail)
{
    uint32_t cp = 0;
    int n = detail.len ? utf8_next(detail.s, detail.len, &cp) : 0;
    if (n == 0 || (cp != 0x25b2 && cp != 0x25bc && cp != '+' && cp != '-' && cp != 0x2212))
        return 0;
    size_t i = (size_t)n;
    if (i < detail.len && detail.s[i] == ' ')
        i++;
    while (i < detail.len && detail.s[i] != ' ')
        i++;
    return i;
}
