/* assay --version. Called by main.c. */
#include "cli/version.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "act/act.h"

/* What says its version when it is asked without an argument. No header says who has them all: this is looked up by
 * name in what is loaded, and what is not loaded, or not dynamic, says nothing. */
static const struct {
    const char *library, *function;
} askable[] = {
    {"OpenSSL", NULL},
    {"libcurl", NULL},
    {"libxml2", NULL},
    {"jansson", "jansson_version_str"},
    {"libharu", "HPDF_GetVersion"},
    {"cairo", "cairo_version_string"},
    {"HarfBuzz", "hb_version_string"},
    {"zlib", "zlibVersion"},
    {"bzip2", "BZ2_bzlibVersion"},
    {"liblzma", "lzma_version_string"},
};

/* How the result of curl_version_info(3) begins. */
struct curl_says {
    int age;
    const char *version;
};

/* Those that are asked otherwise: OpenSSL_version(3) takes a number, 6 (OPENSSL_VERSION_STRING) being the number alone;
 * libcurl's curl_version(3) wakes LDAP and SASL to ask for theirs, which takes a third of the time; libxml2 has a variable,
 * "20914" or longer. */
static const char *
ask_otherwise(const char *library)
{
    static char text[32];
    const char *(*openssl)(int) = NULL;
    const struct curl_says *(*curl)(int) = NULL;
    if (strcmp(library, "OpenSSL") == 0) {
        *(void **)&openssl = dlsym(RTLD_DEFAULT, "OpenSSL_version");
        return openssl ? openssl(6) : NULL;
    }
    if (strcmp(library, "libcurl") == 0) {
        *(void **)&curl = dlsym(RTLD_DEFAULT, "curl_version_info");
        return curl ? curl(0)->version : NULL;
    }
    const char *const *xml = dlsym(RTLD_DEFAULT, "xmlParserVersion");
    int n = 0;
    if (!xml || sscanf(*xml, "%d", &n) != 1)
        return NULL;
    snprintf(text, sizeof text, "%d.%d.%d", n / 10000, n / 100 % 100, n % 100);
    return text;
}

static const char *
ask(const char *library, const char *function)
{
    const char *(*version)(void) = NULL;
    if (!function)
        return ask_otherwise(library);
    *(void **)&version = dlsym(RTLD_DEFAULT, function);
    return version ? version() : NULL;
}

void
version_print(void)
{
    printf("assay %s\n", ASSAY_VERSION);
    if (version_commit[0])
        printf("commit %s\n", version_commit);
    printf("database client %s\n", act_client());
    for (size_t i = 0; i < sizeof askable / sizeof *askable; i++) {
        const char *said = ask(askable[i].library, askable[i].function);
        if (!said)
            continue;
        printf("%s %.*s\n", askable[i].library, (int)strcspn(said, " ,"), said);
    }
}
