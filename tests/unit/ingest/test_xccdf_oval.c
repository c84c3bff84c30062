/* Evidence from OVAL results: why rules failed, and what hostile or odd files can make of it. */
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "check.h"
#include "drive.h"
#include "ingest/limits.h"

#define ARF "<arf:asset-report-collection xmlns:arf='x/asset-reporting-format/1.1'>"
#define RESULT                                                                                     \
    "<arf:report id='x'><arf:content><TestResult xmlns='http://checklists.nist.gov/xccdf/1.2' "    \
    "id='t' end-time='2026-11-20T03:02:30Z'><benchmark id='b'/><target>h</target>"
#define RESULT_END  "</TestResult></arf:content></arf:report>"
#define OVAL        "<arf:report id='o'><arf:content><oval_results>"
#define OVAL_END    "</oval_results></arf:content></arf:report>"
#define SYSTEM      "<results><system>"
#define SYSTEM_END  "</system></results>"
#define ITEMS       "<oval_system_characteristics><system_data>"
#define ITEMS_END   "</system_data></oval_system_characteristics>"
#define ARF_END     "</arf:asset-report-collection>"
#define FAILED(ref) RULE("fail", "", ref)
#define RULE(word, negate, ref)                                                                    \
    "<rule-result idref='r'><result>" word "</result><check " negate ">" ref                       \
    "</check></rule-result>"
#define REF(name)    "<check-content-ref name='" name "' href='#o'/>"
#define DEF(id, is)  "<definition definition_id='" id "' result='" is "'>"
#define LEAF(id, is) "<criterion test_ref='" id "' result='" is "'/>"

static void
drive_arf(struct drive *v, const char *text)
{
    drive_text(v, &xccdf_format, text);
    if (v->rc != 0)
        fprintf(stderr, "%s\n", diag_text(&v->d).s);
    CHECK(v->rc == 0 && v->file.scans.n >= 1);
}

/* The evidence of the only result, for what stands between <definitions> and the end of OVAL. */
static void
check_evidence(const char *rule, const char *oval, const char *want)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&b, "%s%s%s%s%s%s%s", ARF RESULT, rule, RESULT_END OVAL, SYSTEM, oval, SYSTEM_END,
            OVAL_END ARF_END);
    drive_arf(&v, b.data);
    if (v.rc == 0 && !str_eqc(v.file.scans.v[0].results.v[0].evidence, want))
        fprintf(stderr, "got: %s\n", v.file.scans.v[0].results.v[0].evidence.s);
    CHECK(v.rc == 0 && str_eqc(v.file.scans.v[0].results.v[0].evidence, want));
    drive_free(&v);
}

static void
test_sample(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str text;
    CHECK(file_slurp("samples/xccdf/arf-oval.xml", 1 << 20, a, &text, &d) == 0);
    for (size_t step = 1; step < 1 << 17; step = step * 3 + 4) {
        struct drive v;
        drive_setup(&v);
        drive_bytes(&v, &xccdf_format, text, step);
        CHECK(v.rc == 0 && v.file.scans.v[0].results.n == 4 && v.d.warnings.n == 0);
        const struct scan_result *r = v.file.scans.v[0].results.v;
        CHECK_STR(r[0].evidence, "checked twice\n"
                                 "not true: configuration files belong to user 7\n"
                                 "  file_item: filepath=/etc/hosts, group_id=(error), user_id=0\n"
                                 "  file_item: filepath=/etc/motd, user_id=1000\n"
                                 "true but must not be: root has a password\n"
                                 "  textfilecontent_item: filepath=/etc/shadow, text=(not kept)");
        CHECK_STR(r[1].evidence, "true but must not be: root has a password\n"
                                 "  textfilecontent_item: filepath=/etc/shadow, text=(not kept)");
        CHECK_STR(r[2].evidence,
                  "not true: package auditd is installed\n"
                  "  nothing of the kind was found\n"
                  "not true: oval:x:tst:4\n"
                  "  process58_item: command_line=auditd -n, pid=312, exec_shield=(does not "
                  "exist), extra=a=1 b=2");
        CHECK_STR(r[3].evidence, "");
        drive_free(&v);
    }
    arena_free(a);
}

static void
test_criteria(void)
{
    /* a negated group: what is true in it made it fail */
    check_evidence(FAILED(REF("d")),
                   "<definitions>" DEF("d", "false") "<criteria result='false' negate='true'>" LEAF(
                       "a", "true") LEAF("b", "false") "</criteria></definition></definitions>",
                   "true but must not be: a");
    /* one of several: every part has its share */
    check_evidence(FAILED(REF("d")),
                   "<definitions>" DEF(
                       "d", "false") "<criteria result='false' operator='ONE'>" LEAF("a", "true")
                       LEAF("b", "false") LEAF("c", "error") "</criteria>"
                                                             "</definition></definitions>",
                   "true but must not be: a\nnot true: b");
    /* the check passes when the definition is false */
    check_evidence(RULE("fail", "negate='true'", REF("d")),
                   "<definitions>" DEF("d", "true") "<criteria result='true'>" LEAF("a", "true")
                       LEAF("b", "false") "</criteria></definition></definitions>",
                   "true but must not be: a");
    /* the definition did not fail: another part of the rule did */
    check_evidence(FAILED(REF("d")),
                   "<definitions>" DEF("d", "true") "<criteria result='true'>" LEAF("a", "true")
                       LEAF("b", "false") "</criteria></definition></definitions>",
                   "");
    check_evidence(FAILED(REF("d")),
                   "<definitions>" DEF("d", "false") "</definition></definitions>", "");
    check_evidence(RULE("pass", "", REF("d")),
                   "<definitions>" DEF("d", "false") "<criteria result='false'>" LEAF(
                       "a", "false") "</criteria></definition></definitions>",
                   "");
    /* two definitions, one of them twice */
    check_evidence(FAILED(REF("d") REF("e") REF("missing")),
                   "<definitions>" DEF("d", "false") "<criteria result='false'>" LEAF(
                       "a", "false") "</criteria></definition>" DEF("e", "false") "<criteria "
                                                                                  "result='false'"
                                                                                  ">" LEAF("b",
                                                                                           "fals"
                                                                                           "e") "</"
                                                                                                "cr"
                                                                                                "it"
                                                                                                "er"
                                                                                                "ia"
                                                                                                "><"
                                                                                                "/d"
                                                                                                "ef"
                                                                                                "in"
                                                                                                "it"
                                                                                                "io"
                                                                                                "n>"
                                                                                                "</"
                                                                                                "de"
                                                                                                "fi"
                                                                                                "ni"
                                                                                                "ti"
                                                                                                "on"
                                                                                                "s"
                                                                                                ">",
                   "not true: a\nnot true: b");
}

static void
test_many_tests(void)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "<definitions>" DEF("d", "false") "<criteria result='false'>");
    for (int i = 0; i < 20; i++)
        buf_fmt(&b, "<criterion test_ref='t%d' result='false'/>", i);
    buf_puts(&b, "</criteria></definition></definitions>");
    check_evidence(FAILED(REF("d")), b.data,
                   "not true: t0\nnot true: t1\nnot true: t2\nnot true: t3\nnot true: t4\n"
                   "not true: t5\nnot true: t6\nnot true: t7\nand 12 more tests");
}

#define ONE_TEST                                                                                   \
    "<definitions>" DEF("d", "false") "<criteria result='false'>" LEAF(                            \
        "a", "false") "</criteria></definition></definitions>"

static void
test_items(void)
{
    check_evidence(FAILED(REF("d")),
                   ONE_TEST "<tests><test test_id='a' result='false'>"
                            "<tested_item item_id='missing' result='false'/>"
                            "<tested_item item_id='1' result='false'/>"
                            "<tested_item item_id='1' result='false'/><tested_item/></test>"
                            "<test test_id='a'><tested_item item_id='2' result='false'/></test>"
                            "</tests>" ITEMS "<x id='2'><a>2</a></x><x id='1'><a>1</a></x>"
                            "<x id='1'><a>again</a></x><x><a>no id</a></x>" ITEMS_END,
                   "not true: a\n  x: a=1\n  x: a=1\n  and 1 more items");
    /* an existence test: what exists was not evaluated */
    check_evidence(FAILED(REF("d")),
                   ONE_TEST "<tests><test test_id='a'><tested_item item_id='1' "
                            "result='not evaluated'/></test></tests>" ITEMS
                            "<x id='1'><a/><b> \n</b><c>&lt;3\n \n4</c></x>" ITEMS_END,
                   "not true: a\n  x: c=<3 4");
    check_evidence(FAILED(REF("d")),
                   ONE_TEST "<tests><test test_id='a'><tested_item item_id='1' result='false'/>"
                            "</test></tests>",
                   "not true: a\n  1 items that the file does not tell of");
}

static void
test_secrets(void)
{
    check_evidence(
        FAILED(REF("d")),
        ONE_TEST
        "<tests><test test_id='a'><tested_item item_id='1' result='false'/>"
        "<tested_item item_id='2' result='false'/><tested_item item_id='3' "
        "result='false'/></test></tests>" ITEMS
        "<shadow_item id='1'><username>root</username><password>x9</password></shadow_item>"
        "<sql id='2'><result><field name='user'>u</field><field name='password'>pw</field>"
        "</result><n>1</n></sql><textfilecontent_item id='3'><filepath>/boot/grub.cfg"
        "</filepath><text>password_pbkdf2 root grub.pbkdf2.sha512.1</text>"
        "</textfilecontent_item>" ITEMS_END,
        "not true: a\n  shadow_item: username=root, password=(not kept)\n"
        "  sql: result=(not kept), n=1\n"
        "  textfilecontent_item: filepath=/boot/grub.cfg, text=(not kept)");
}

static void
test_circle(void)
{
    check_evidence(
        FAILED(REF("d")),
        "<definitions>" DEF("d", "false") "<criteria result='false'><extend_definition "
                                          "definition_ref='e' result='false'/>" LEAF("a", "false") "</criteria></definition>" DEF(
                                              "e", "false") "<criteria result='false'>"
                                                            "<extend_definition definition_ref='d' "
                                                            "result='false'/><extend_definition "
                                                            "definition_ref='e' "
                                                            "result='false'/>" LEAF("b", "false") "</criteria></definition>" DEF(
                                                                "e", "false") "<criteria "
                                                                              "result='false'"
                                                                              ">" LEAF("second",
                                                                                       "false") "</"
                                                                                                "cr"
                                                                                                "it"
                                                                                                "er"
                                                                                                "ia"
                                                                                                "><"
                                                                                                "/d"
                                                                                                "ef"
                                                                                                "in"
                                                                                                "it"
                                                                                                "io"
                                                                                                "n>"
                                                                                                "</"
                                                                                                "de"
                                                                                                "fi"
                                                                                                "ni"
                                                                                                "ti"
                                                                                                "on"
                                                                                                "s"
                                                                                                ">",
        "not true: b\nnot true: a");
}

static int
milliseconds(void)
{
    return (int)(clock() * 1000 / CLOCKS_PER_SEC);
}

/* A disk full of items: some are told, the others counted, in little memory. */
static void
test_100000_items(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, ARF RESULT FAILED(REF("d")) RESULT_END OVAL SYSTEM ONE_TEST
             "<tests><test test_id='a' result='false'>");
    for (int i = 0; i < 100000; i++)
        buf_fmt(&b, "<tested_item item_id='%d' result='false'/>", i);
    buf_puts(&b, "</test></tests>" ITEMS);
    for (int i = 0; i < 100000; i++)
        buf_fmt(&b, "<file_item id='%d'><filepath>/%d</filepath></file_item>", i, i);
    buf_puts(&b, ITEMS_END SYSTEM_END OVAL_END ARF_END);
    int from = milliseconds();
    drive_setup(&v);
    drive_bytes(&v, &xccdf_format, buf_view(&b), 1 << 16);
    CHECK(v.rc == 0 && milliseconds() - from < 5000);
    CHECK(arena_used(v.a) < 1 << 18);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence,
              "not true: a\n  file_item: filepath=/0\n  file_item: filepath=/1\n"
              "  file_item: filepath=/2\n  file_item: filepath=/3\n  file_item: filepath=/4\n"
              "  and 99995 more items");
    drive_free(&v);
}

/* Long values, comments and items are cut visibly, characters stay whole. */
static void
test_long(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(
        &b, ARF RESULT FAILED(REF("d")) RESULT_END OVAL SYSTEM ONE_TEST
        "<tests><test test_id='a'><tested_item item_id='1' result='false'/></test></tests>" ITEMS
        "<x id='1'>");
    for (int i = 0; i < 5; i++) {
        buf_puts(&b, "<value_of_it>y");
        for (int k = 0; k < 1000; k++)
            buf_puts(&b, "\xc3\xbc");
        buf_puts(&b, "</value_of_it>");
    }
    buf_puts(&b, "</x>" ITEMS_END SYSTEM_END OVAL_END ARF_END);
    drive_arf(&v, b.data);
    struct str got = v.file.scans.v[0].results.v[0].evidence;
    CHECK(got.len > 400 && got.len < 600 && utf8_valid(got));
    CHECK(str_find(got, "\xc3\xbc\xe2\x80\xa6, value_of_it=y") > 0 &&
          str_ends(got, " \xe2\x80\xa6"));
    drive_free(&v);
}

/* Many results that name one definition, each of whose searches is long: work and memory end. */
static void
test_work(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, ARF RESULT);
    for (int i = 0; i < 20000; i++)
        buf_puts(&b, FAILED(REF("d")));
    buf_puts(&b,
             RESULT_END OVAL SYSTEM "<definitions>" DEF("d", "false") "<criteria result='false'>");
    for (int i = 0; i < 20000; i++)
        buf_puts(&b, LEAF("a", "false"));
    buf_puts(&b, "</criteria></definition></definitions>" SYSTEM_END OVAL_END ARF_END);
    int from = milliseconds();
    drive_arf(&v, b.data);
    CHECK(milliseconds() - from < 8000 && drive_warned(&v, "took too long"));
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "not true: a");
    drive_free(&v);
}

static void
test_memory(void)
{
    struct drive v;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, ARF RESULT FAILED(REF("d")) RESULT_END OVAL "<oval_definitions><tests>");
    for (int i = 0; i < 200000; i++)
        buf_fmt(&b, "<t id='%d' comment='%0200d'/>", i, i);
    buf_puts(&b, "</tests></oval_definitions>" SYSTEM ONE_TEST SYSTEM_END OVAL_END ARF_END);
    drive_setup(&v);
    drive_bytes(&v, &xccdf_format, buf_view(&b), 1 << 16);
    CHECK(v.rc == 0 && drive_warned(&v, "some evidence is missing"));
    CHECK(arena_used(v.a) < 1 << 20);
    drive_free(&v);
}

/* OVAL results before the TestResult, of another report, or without a name. */
static void
test_place(void)
{
    struct drive v;
    drive_arf(&v, ARF OVAL SYSTEM ONE_TEST SYSTEM_END OVAL_END RESULT FAILED(REF("d"))
                      RESULT_END ARF_END);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "");
    CHECK(drive_warned(&v, "they stand before the TestResult"));
    drive_free(&v);
    drive_arf(&v, ARF RESULT FAILED("<check-content-ref name='d' href='#other'/>")
                      RESULT_END OVAL SYSTEM ONE_TEST SYSTEM_END OVAL_END ARF_END);
    CHECK(!v.file.scans.v[0].results.v[0].evidence.len && v.d.warnings.n == 0);
    drive_free(&v);
    drive_arf(&v, ARF RESULT FAILED("<check-content-ref name='d' href='a.xml'/><check-content-ref "
                                    "href='#o'/>")
                      RESULT_END OVAL SYSTEM ONE_TEST SYSTEM_END OVAL_END ARF_END);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "not true: a");
    drive_free(&v);
    /* two TestResults, each with its own report */
    drive_arf(&v, ARF RESULT FAILED(REF("d"))
                      RESULT_END OVAL SYSTEM ONE_TEST SYSTEM_END OVAL_END RESULT FAILED(
                          "<check-content-ref name='d' href='#p'/>") RESULT_END
              "<arf:report id='p'><arf:content><oval_results>" SYSTEM
              "<definitions>" DEF("d", "false")
                  LEAF("z", "false") "</definition></definitions>" SYSTEM_END OVAL_END ARF_END);
    CHECK(v.file.scans.n == 2);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "not true: a");
    CHECK_STR(v.file.scans.v[1].results.v[0].evidence, "not true: z");
    drive_free(&v);
}

/* Elements where none belong, twice, or nested into each other. */
static void
test_odd_nesting(void)
{
    struct drive v;
    drive_arf(
        &v, ARF RESULT FAILED(REF("d")) RESULT_END OVAL SYSTEM SYSTEM
        "<results><tests><test test_id='a'><tested_item item_id='1'/></test></tests>"
        "<definitions><definition/><criteria/>" DEF(
            "d", "false") "<definition definition_id='e' result='false'/><criteria "
                          "result='false'><criteria/>"
                          "<criteria result='false'>" LEAF("a", "false") LEAF(
                              "", "false") "<x/></criteria>"
                                           "</criteria></definition></definitions><definitions/"
                                           "><system_data><x id='1'><y><z>"
                                           "<w>1</w></z></y></x></system_data></results>" SYSTEM_END
                                               SYSTEM_END OVAL_END ARF_END);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "not true: a");
    drive_free(&v);
    drive_text(&v, &xccdf_format, ARF RESULT FAILED(REF("d")) RESULT_END OVAL SYSTEM ONE_TEST);
    CHECK(v.rc == -1); /* cut off: freed all the same */
    drive_free(&v);
}

int
main(void)
{
    test_sample();
    test_criteria();
    test_many_tests();
    test_items();
    test_secrets();
    test_circle();
    test_100000_items();
    test_long();
    test_work();
    test_memory();
    test_place();
    test_odd_nesting();
    return CHECK_DONE();
}
