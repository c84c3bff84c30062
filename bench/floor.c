/* The floor of parsing: the bytes of the files named on standard input through the bare library and
 * nothing more. floor xml = libxml2's push parser with empty SAX2 callbacks; floor json = jansson,
 * one document a line. Prints the number of elements or documents. */
#include <jansson.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 16 };

static long n_seen;

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
         const xmlChar **ns, int n_attrs, int n_defaulted, const xmlChar **attrs)
{
    (void)ctx, (void)name, (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_attrs;
    (void)n_defaulted, (void)attrs;
    n_seen++;
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
    (void)ctx, (void)text, (void)len;
}

static int
parse_xml(FILE *f)
{
    static char chunk[CHUNK];
    xmlSAXHandler h = {
        .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .characters = on_text};
    xmlParserCtxtPtr p = xmlCreatePushParserCtxt(&h, NULL, NULL, 0, NULL);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        xmlParseChunk(p, chunk, (int)n, 0);
    int rc = xmlParseChunk(p, NULL, 0, 1);
    xmlFreeParserCtxt(p);
    return rc;
}

static int
parse_json(FILE *f)
{
    static char *line;
    static size_t room;
    for (ssize_t n; (n = getline(&line, &room, f)) > 0; n_seen++) {
        json_t *v = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, NULL);
        if (!v)
            return -1;
        json_decref(v);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    char path[4096];
    int (*parse)(FILE *) = argc > 1 && strcmp(argv[1], "json") == 0 ? parse_json : parse_xml;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        FILE *f = fopen(path, "rb");
        if (!f || parse(f) != 0) {
            fprintf(stderr, "%s: not parsed\n", path);
            return 1;
        }
        fclose(f);
    }
    printf("%ld\n", n_seen);
    return 0;
}
