/* Recipients: lines that are taken and printed again, lines that are not, and which definitions they want. */
#include "settings/recipients.h"

#include <stddef.h>

#include "check.h"

static struct arena *a;

static const struct setting row = {.key = "recipient",
                                   .kind = SETTING_IS_LIST,
                                   .size = sizeof(struct config_recipient),
                                   .list = &list_recipients};

/* The line as it is printed, or what is wrong with it. */
static struct str
again(const char *line, const struct config_recipient *before, size_t n, struct config_recipient *ret)
{
    struct diag d = diag_init(a);
    struct config_recipient r = {0};
    AUTO_BUF out = buf_init(1 << 16);
    if (list_recipients.read(&row, str_c(line), before, n, &r, a, &d) != 0)
        return d.first.text;
    list_recipients.print(&r, &out);
    if (ret)
        *ret = r;
    return arena_str(a, buf_view(&out));
}

static void
test_lines(void)
{
    struct config_recipient first;
    CHECK_STR(again("mail:a@b.test,c@d.test  name=x reports=a*,b cert=/c.pem", NULL, 0, &first),
              "mail:a@b.test,c@d.test name=x reports=a*,b cert=/c.pem");
    CHECK_STR(again("mail:e@f.test name=x", &first, 1, NULL), "recipient: there is one called x already");
    CHECK_STR(again("mail:a@b.test", NULL, 0, NULL), "recipient: want name=NAME behind the target");
    CHECK(str_find(again("pigeon:home name=x", NULL, 0, NULL), "no kind of recipient \"pigeon\"") >= 0);
    CHECK(str_find(again("mail:a@b.test nmae=x", NULL, 0, NULL), "no option of a recipient is called \"nmae\"") >= 0);
    CHECK(str_find(again("mail:a@b.test name=x cert=c.pem", NULL, 0, NULL), "cert") >= 0);
    CHECK(str_find(again("mail:a@b.test,, name=x", NULL, 0, NULL), "want an address") >= 0);
    CHECK_STR(again("folder:/srv/my reports keep=12 name=x", NULL, 0, NULL), "folder:/srv/my reports name=x keep=12");
    CHECK_STR(again("folder:/srv keep=1 name=x cert=/c", NULL, 0, NULL),
              "recipient: a recipient of the kind folder has no option \"cert\"");
    CHECK(str_find(again("folder:srv name=x", NULL, 0, NULL), "recipient: ") == 0);
    CHECK_STR(again("sftp://h:2/d name=x user=u key-file=/k host-key=SHA256:x", NULL, 0, NULL),
              "sftp://h:2/d name=x user=u key-file=/k host-key=SHA256:x");
    CHECK_STR(again("sftp://h/d name=x user=u key-file=/k", NULL, 0, NULL),
              "recipient: a recipient of the kind sftp wants host-key=…");
    CHECK(str_find(again("sftp://u@h/d name=x", NULL, 0, NULL), "without a login") > 0);
    CHECK(str_find(again("put:http://h/d name=x", NULL, 0, NULL), "want put:https://") > 0);
    CHECK_STR(again("put:https://h/d name=x user=u password-file=secret:s3 sigv4=aws:amz:r:s3", NULL, 0, NULL),
              "put:https://h/d name=x user=u password-file=secret:s3 sigv4=aws:amz:r:s3");
    CHECK(str_find(again("put:https://h/d name=x password-file=secret:../x", NULL, 0, NULL), "want letters") > 0);
    CHECK(str_find(again("mail: name=x", NULL, 0, NULL), "want a target") >= 0);
    CHECK(str_find(again("mail:a@b.test name=\"x y\"", NULL, 0, NULL), "want letters") >= 0);
}

static void
test_wants(void)
{
    struct config_recipient r, other;
    struct definition def = {.name = STR("hardening-monthly")};
    struct config c = {0};
    struct diag d = diag_init(a);
    again("mail:a@b.test name=x reports=executive,hardening-*", NULL, 0, &r);
    again("mail:a@b.test name=y", NULL, 0, &other);
    CHECK(recipient_wants(&r, &def) && !recipient_wants(&other, &def));
    *VEC_PUSH(a, &def.recipients) = STR("y");
    CHECK(recipient_wants(&other, &def));
    *VEC_PUSH(a, &c.recipients) = r;
    CHECK(recipient_check(&c, &def, &d) == -1 && d.first.code == DIAG_CONFIG);
    *VEC_PUSH(a, &c.recipients) = other;
    d = diag_init(a);
    CHECK(recipient_check(&c, &def, &d) == 0 && recipient_find(&c, STR("y")) == &c.recipients.v[1]);
}

static void
test_mail(void)
{
    static const char *const servers[] = {"", "smtp://mx", "smtp://mx.test:587", "smtps://127.0.0.1:465",
                                          "smtp://[::1]:25"};
    static const char *const no_servers[] = {"mx.test", "smtp://", "http://mx", "smtp://u@mx", "smtp://mx/x",
                                             "smtp://mx:0", "smtp://mx:99999", "smtp://m x", "smtp://mx:"};
    struct str name, address;
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct diag d = diag_init(a);
        CHECK(recipient_check_server(str_c(servers[i]), &d) == 0);
    }
    for (size_t i = 0; i < sizeof no_servers / sizeof *no_servers; i++) {
        struct diag d = diag_init(a);
        CHECK(recipient_check_server(str_c(no_servers[i]), &d) == -1 && d.first.code == DIAG_CONFIG);
    }
    CHECK(recipient_part_mailbox(STR("Reports, all <r@x.test>"), &name, &address));
    CHECK_STR(name, "Reports, all");
    CHECK_STR(address, "r@x.test");
    CHECK(recipient_part_mailbox(STR("r@x.test"), &name, &address) && !name.len);
    CHECK(!recipient_part_mailbox(STR("R <r@x.test"), &name, &address));
    CHECK(!recipient_part_mailbox(STR("R <r@x.test>>"), &name, &address));
    struct diag d = diag_init(a);
    CHECK(recipient_check_link(STR("https://x.test/reports"), &d) == 0);
    CHECK(recipient_check_link(STR("http://x.test/"), &d) == -1);
    d = diag_init(a);
    CHECK(recipient_check_link(STR("https://u:p@x.test/"), &d) == -1);
}

int
main(void)
{
    a = arena_new();
    test_lines();
    test_wants();
    test_mail();
    arena_free(a);
    return CHECK_DONE();
}
