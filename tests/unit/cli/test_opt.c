/* cli/opt: the one option parser. */
#include "check.h"
#include "cli/opt.h"

static bool on, other;
static const char *value;
static struct opt_list list;

static const char *
word_at(size_t i)
{
    static const char *const words[] = {"red", "green", NULL};
    return words[i];
}

static struct opt_words words = {.word_at = word_at};

static const struct opt common[] = {{OPT_SWITCH, "quiet", 'q', &on, NULL, ""}, {0}};
static const struct opt own[] = {{OPT_VALUE, "format", 'f', &value, "NAME", ""},
                                 {OPT_WORDS, "colours", 'c', &words, "LIST", ""},
                                 {OPT_LIST, "group", 'g', &list, "NAME", ""},
                                 {OPT_SWITCH, "all", 'a', &other, NULL, ""},
                                 {0}};

static int
parse(int argc, const char *const *argv, size_t *ret_n, struct str *ret_why)
{
    static const char *rest[20];
    static struct arena *a;
    arena_free(a);
    a = arena_new();
    struct diag d = diag_init(a);
    on = other = false;
    value = words.value = NULL;
    list.n = 0;
    int rc = opt_parse(common, own, argc, (char **)(uintptr_t)argv, rest, ret_n, &d);
    *ret_why = d.first.text;
    return rc;
}

#define PARSE(...)                                                                                 \
    parse((int)(sizeof((const char *[]){"x", __VA_ARGS__}) / sizeof(char *)),                      \
          (const char *[]){"x", __VA_ARGS__}, &n, &why)

int
main(void)
{
    size_t n;
    struct str why;
    CHECK(PARSE("-qa", "--format=cef", "p1", "-g", "A", "-gB", "--", "-x") == 0);
    CHECK(on && other && n == 2 && list.n == 2);
    CHECK_STR(str_c(value), "cef");
    CHECK_STR(str_c(list.v[1]), "B");
    CHECK(PARSE("--format", "json", "-") == 0 && n == 1);
    CHECK(PARSE("--format") == -1);
    CHECK_STR(why, "--format wants NAME");
    CHECK(PARSE("--formats", "x") == -1);
    CHECK_STR(why, "unknown option --formats");
    CHECK(PARSE("--quiet=1") == -1);
    CHECK_STR(why, "--quiet takes no value");
    CHECK(PARSE("-z") == -1);
    CHECK(PARSE("--colours", "red,green", "-f", "x") == 0 && words.word_at == word_at);
    CHECK_STR(str_c(words.value), "red,green");
    CHECK_STR(str_c(value), "x");
    CHECK(PARSE("-c") == -1);
    CHECK_STR(why, "--colours wants LIST");
    return CHECK_DONE();
}
