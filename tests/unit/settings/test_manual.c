/* assay.conf(5) against the rows, both ways: every setting and every option of a target stands in the
 * manual with its standard, and the manual tells of none that there is not. */
#include <ctype.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "settings/recipients.h"
#include "settings/target_options.h"

static struct arena *a;

/* The rows of a table, and which of them the manual has. */
struct table {
    const struct setting *rows;
    size_t n;
    bool seen[128];
};

/* Roff's "\-" is a dash. */
static struct str
plain(struct str s)
{
    AUTO_BUF out = buf_init(1 << 20);
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] != '\\' || i + 1 == s.len || s.s[i + 1] != '-')
            buf_putc(&out, s.s[i]);
    return arena_str(a, buf_view(&out));
}

static bool
has_word(struct str text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.s + i, word, n) == 0 &&
            (i == 0 || !isalnum((unsigned char)text.s[i - 1])) &&
            (i + n == text.len || !isalnum((unsigned char)text.s[i + n])))
            return true;
    return false;
}

/* A paragraph is about one key or some: 'rotate ", " keep', with the markup of .BR. */
static void
check_paragraph(struct table *t, struct str keys, struct str text)
{
    while (keys.len) {
        struct str key = str_cut(&keys, ' ');
        if (str_eqc(key, "\",") || str_eqc(key, "\"") || !key.len)
            continue;
        const struct setting *s = settings_find(t->rows, t->n, key);
        if (!s)
            fprintf(stderr, "  the manual tells of %.*s\n", STR_ARG(key));
        CHECK(s != NULL);
        if (!s)
            continue;
        t->seen[s - t->rows] = true;
        bool says = s->kind == SETTING_IS_LIST ? str_find(text, "be repeated") >= 0
                                               : !*s->standard || has_word(text, s->standard);
        if (!says)
            fprintf(stderr, "  the manual does not say of %s: %s\n", s->key,
                    s->kind == SETTING_IS_LIST ? "can be repeated" : s->standard);
        CHECK(says);
    }
}

static void
check_all_seen(const struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (!t->seen[i])
            fprintf(stderr, "  the manual lacks %s\n", t->rows[i].key);
        CHECK(t->seen[i]);
    }
}

/* The paragraphs of a text begin with .TP; the line behind it has the keys. */
static void
check_section(struct table *t, struct str text)
{
    struct str keys = STR("");
    AUTO_BUF about = buf_init(1 << 20);
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        if (!str_eqc(line, ".TP") && !str_eqc(line, ".PP")) {
            buf_fmt(&about, "%.*s\n", STR_ARG(line));
            continue;
        }
        check_paragraph(t, keys, buf_view(&about));
        buf_cut(&about, 0);
        keys = STR("");
        if (str_eqc(line, ".TP")) {
            keys = str_cut(&text, '\n');
            str_cut(&keys, ' '); /* .B or .BR */
        }
    }
    check_paragraph(t, keys, buf_view(&about));
}

int
main(void)
{
    struct diag d = {0};
    struct str manual;
    struct table settings = {0}, options = {0}, recipients = {0};
    a = arena_new();
    d = diag_init(a);
    settings.rows = config_rows(&settings.n);
    options.rows = target_rows(&options.n);
    recipients.rows = recipient_rows(&recipients.n);
    CHECK(settings.n < 128 && options.n < 128);
    if (file_slurp("doc/man/assay.conf.5", 1 << 20, a, &manual, &d) != 0)
        return 1;
    struct str rest = plain(manual), section;
    int n_sections = 0;
    while (rest.len) {
        long next = str_find(rest, "\n.SH ");
        section = next < 0 ? rest : str_n(rest.s, (size_t)next + 1);
        rest = str_n(rest.s + section.len, rest.len - section.len);
        struct str title = str_cut(&section, '\n');
        struct table *t = str_eqc(title, ".SH OPTIONS OF EXPORT TARGETS") ? &options
                          : str_eqc(title, ".SH OPTIONS OF RECIPIENTS")   ? &recipients
                                                                          : &settings;
        if (t != &settings || str_eqc(title, ".SH SETTINGS") || str_eqc(title, ".SH WHO MAY REPORT"))
            n_sections++, check_section(t, section);
    }
    CHECK(n_sections == 4);
    check_all_seen(&settings);
    check_all_seen(&options);
    check_all_seen(&recipients);
    arena_free(a);
    return CHECK_DONE();
}
