/* texts.c: built-in languages, fallback, the site's folder, and what it refuses. */
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "settings/texts.h"

static char dir[64];

static void
write_file(struct arena *a, const char *name, const char *text)
{
    struct diag d = diag_init(a);
    CHECK(file_write_atomic(file_join(a, dir, name).s, str_c(text), 0600, &d) == 0);
}

static void
test_built_in(struct arena *a)
{
    struct lang *en, *ja, *none;
    struct diag d = diag_init(a);
    CHECK(texts_load(STR("en"), NULL, a, &en, &d) == 0);
    CHECK(texts_load(STR("ja"), NULL, a, &ja, &d) == 0);
    CHECK(texts_load(STR(""), NULL, a, &none, &d) == 0);
    CHECK_STR(lang_get(en, "section.method"), "Method");
    CHECK_STR(lang_get(ja, "section.method"), "評価方法");
    CHECK_STR(lang_get(ja, "category.8"), "監査ログ管理");
    CHECK_STR(lang_get(none, "section.method"), "Method");
    CHECK_STR(none->code, "en");
    CHECK_STR(lang_get(en, "no.such.key"), "[no.such.key]");
}

static void
test_refused(struct arena *a)
{
    static const char *const codes[] = {"../en", "en/../ja", "e n", "averyveryverylongcode"};
    struct lang *l = NULL;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct diag d = diag_init(a);
        CHECK(texts_load(str_c(codes[i]), NULL, a, &l, &d) == -1);
        CHECK(d.first.code == DIAG_CONFIG && !l);
    }
    struct diag d = diag_init(a);
    CHECK(texts_load(STR("xx"), NULL, a, &l, &d) == -1);
    CHECK_STR(d.first.text, "no language \"xx\"; there is: en, ja");
}

static void
test_overlay(struct arena *a)
{
    struct lang *l;
    struct diag d = diag_init(a);
    CHECK(file_mkdirs(file_join(a, dir, "lang/ja").s, 0700, &d) == 0);
    CHECK(file_mkdirs(file_join(a, dir, "lang/es").s, 0700, &d) == 0);
    write_file(a, "lang/ja/site.json", "{\"section.method\": \"方法\"}");
    write_file(a, "lang/es/compose.json", "{\"section.method\": \"Método\"}");
    CHECK(texts_load(STR("ja"), dir, a, &l, &d) == 0);
    CHECK_STR(lang_get(l, "section.method"), "方法");
    CHECK_STR(lang_get(l, "section.scope"), "対象範囲と網羅性");
    CHECK(texts_load(STR("es"), dir, a, &l, &d) == 0);
    CHECK_STR(lang_get(l, "section.method"), "Método");
    CHECK_STR(lang_get(l, "section.scope"), "Scope and completeness");
    write_file(a, "lang/es/compose.json", "{\"section.method\": [1]}");
    CHECK(texts_load(STR("es"), dir, a, &l, &d) == -1);
    CHECK_STR(d.first.text, "section.method: want a text");
    CHECK(str_ends(d.first.place, "lang/es/compose.json"));
    d = diag_init(a);
    write_file(a, "lang/es/compose.json", "{\n\"a\": \"b\",\n}");
    CHECK(texts_load(STR("es"), dir, a, &l, &d) == -1);
    CHECK(str_find(d.first.place, "compose.json:3:") >= 0);
    static const char *const files[] = {"lang/ja/site.json", "lang/es/compose.json", "lang/ja",
                                        "lang/es", "lang"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(remove(file_join(a, dir, files[i]).s) == 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    snprintf(dir, sizeof dir, "/tmp/assay-test-texts-%ld", (long)getpid());
    CHECK(file_mkdirs(dir, 0700, &d) == 0);
    test_built_in(a);
    test_refused(a);
    test_overlay(a);
    CHECK(rmdir(dir) == 0);
    arena_free(a);
    return CHECK_DONE();
}
