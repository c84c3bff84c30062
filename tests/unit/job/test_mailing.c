/* The message around a report: what stands outside and what inside when it is encrypted. What a mail server and other programs make of it is
 * tried end to end (deliver/mail). */
#include "job/mailing.h"

#include <stdlib.h>

#include "base/file.h"
#include "check.h"
#include "render/mail/mail.h"

static struct arena *a;
static char dir[] = "/tmp/assay-unit-XXXXXX";

static struct str
at(const char *name)
{
    return file_join(a, dir, name);
}

/* The message of a report whose .eml has these headers, for an address with that certificate. */
static struct str
written(const char *headers, struct str cert)
{
    struct diag d = diag_init(a);
    struct config c = {.mail_from = STR("reports@example.test")};
    struct config_recipient to = {.cert = cert};
    struct parcel p = {0};
    struct str ret = STR("");
    *VEC_PUSH(a, &p.files) = (struct parcel_file){
        .name = STR("r.eml"),
        .media_type = STR(MAIL_MEDIA_TYPE),
        .bytes = arena_fmt(a, "%s" MAIL_HEAD_END "Content-Type: text/plain\r\n\r\nThe text.\r\n",
                           headers)};
    struct mailing m = {.config = &c,
                        .to = &to,
                        .address = STR("officer@officers.test"),
                        .id = STR("id@example.test"),
                        .parcel = &p};
    if (mailing_write(&m, a, &ret, &d) != 0)
        CHECK_STR(diag_text(&d), "");
    return ret;
}

/* What the officer reads. */
static struct str
decrypted(struct str message)
{
    struct diag d = diag_init(a);
    struct str ret = STR("");
    CHECK(file_write_atomic(at("m.eml").s, message, 0600, &d) == 0);
    CHECK(system(arena_fmt(
                     a, "cd %s && openssl cms -decrypt -in m.eml -inkey key -recip cert -out text",
                     dir)
                     .s) == 0);
    CHECK(file_slurp(at("text").s, 1 << 20, a, &ret, &d) == 0);
    return ret;
}

static bool
has(struct str text, const char *what)
{
    return str_find(text, what) >= 0;
}

static void
test_encrypted(void)
{
    struct str m =
        written("Subject: Title: DMZ\r\nX-Assay-Outer-Subject: Nothing\r\n told\r\n", at("cert"));
    CHECK(has(m, "\r\nSubject: Nothing\r\n told\r\n") && !has(m, "DMZ") && !has(m, "X-Assay"));
    struct str inside = decrypted(m);
    CHECK(has(inside, "\r\nSubject: Title: DMZ\r\n") &&
          has(inside, "\r\nMessage-ID: <id@example.test>\r\n"));
    CHECK(has(
        inside,
        "\r\nHP-Outer: Subject: Nothing\r\n told\r\nHP-Outer: Message-ID: <id@example.test>\r\n"));
    CHECK(has(inside, "Content-Type: text/plain;\r\n hp=\"cipher\";\r\n "
                      "protected-headers=\"v1\"\r\n\r\nThe text."));
    CHECK(!has(inside, "X-Assay"));
}

/* A report that was made before there was a subject for outside. */
static void
test_older(void)
{
    struct str m = written("Subject: Title: DMZ\r\n", at("cert"));
    CHECK(has(m, "\r\nSubject: [...]\r\n") && !has(m, "DMZ"));
    CHECK(has(decrypted(m), "\r\nSubject: Title: DMZ\r\n"));
}

static void
test_in_clear(void)
{
    struct str with =
        written("Subject: Title: DMZ\r\nX-Assay-Outer-Subject: Nothing told\r\n", STR(""));
    struct str without = written("Subject: Title: DMZ\r\n", STR(""));
    CHECK(str_ends(with, "\r\nSubject: Title: DMZ\r\nMessage-ID: <id@example.test>\r\n"
                         "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                         "Content-Type: text/plain\r\n\r\nThe text.\r\n"));
    CHECK(with.len == without.len);
}

int
main(void)
{
    a = arena_new();
    CHECK(mkdtemp(dir) != NULL);
    CHECK(
        system(
            arena_fmt(
                a,
                "cd %s && openssl req -x509 -newkey rsa:2048 -nodes -days 9 -keyout key -out cert "
                "-subj /CN=Officer -addext subjectAltName=email:officer@officers.test "
                "-addext keyUsage=keyEncipherment 2>/dev/null",
                dir)
                .s) == 0);
    test_encrypted();
    test_older();
    test_in_clear();
    CHECK(system(arena_fmt(a, "rm -rf %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
