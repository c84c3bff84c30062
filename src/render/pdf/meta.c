/* What makes the file PDF/A-3a and PDF/UA-1 beside its pages: XMP, output intent, preferences. */
#include <math.h>
#include <string.h>

#include "base/clock.h"

#include "render/escape.h"
#include "render/pdf/parts.h"
#include <assert.h>

/* ---- XMP ---- */

static void
put_element(struct buf *b, const char *open, struct str text, const char *close)
{
    buf_puts(b, open);
    html_escape_put(b, text);
    buf_puts(b, close);
}

/* PDF/A wants every property described that its own schemas do not have: PDF/UA's part. */
static const char extension[] =
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>part</pdfaProperty:name>"
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 the file follows</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    "</rdf:Description>\n";

/* What the information dictionary says must be said here in the same words: PDF/A compares them. */
static void
put_xmp(struct pdf_doc *doc)
{
    const struct pdf_doc_facts *f = doc->facts;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    struct str date = clock_iso(doc->arena, f->created);
    uint32_t id = pdf_file_reserve(doc->file);
    buf_puts(&b, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                 "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                 "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                 "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                 "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                 "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
                 "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" "
                 "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
                 "<dc:format>application/pdf</dc:format>\n");
    put_element(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", f->title,
                "</rdf:li></rdf:Alt></dc:title>\n");
    put_element(&b, "<dc:language><rdf:Bag><rdf:li>", f->lang,
                "</rdf:li></rdf:Bag></dc:language>\n");
    put_element(&b, "<dc:creator><rdf:Seq><rdf:li>", f->author,
                "</rdf:li></rdf:Seq></dc:creator>\n");
    put_element(&b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", f->subject,
                "</rdf:li></rdf:Alt></dc:description>\n");
    put_element(&b, "<xmp:CreatorTool>", f->tool, "</xmp:CreatorTool>\n");
    put_element(&b, "<pdf:Producer>", f->tool, "</pdf:Producer>\n");
    buf_fmt(&b,
            "<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>\n"
            "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"
            "<pdfuaid:part>1</pdfuaid:part></rdf:Description>\n",
            date.s, date.s);
    buf_puts(&b, extension);
    buf_puts(&b, "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>");
    pdf_file_open_stream(doc->file, id, "/Type/Metadata/Subtype/XML", buf_view(&b));
    pdf_haru_catalog_ref(doc->haru, "Metadata", id);
}

/* ---- output intent ---- */

static void
put_u32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_putc(b, (char)(v >> shift & 255));
}

/* s15Fixed16Number. */
static void
put_fixed(struct buf *b, double v)
{
    put_u32(b, (uint32_t)(int32_t)lround(v * 65536));
}

/* A multiLocalizedUnicodeType with one record: UTF-16, big-endian. */
static void
put_words(struct buf *b, const char *ascii)
{
    size_t n = strlen(ascii);
    buf_puts(b, "mluc");
    put_u32(b, 0);
    put_u32(b, 1);
    put_u32(b, 12);
    buf_puts(b, "enUS");
    put_u32(b, (uint32_t)(2 * n));
    put_u32(b, 28);
    for (size_t i = 0; i < n; i++) {
        buf_putc(b, 0);
        buf_putc(b, ascii[i]);
    }
    while (b->len % 4)
        buf_putc(b, 0);
}

static void
put_point(struct buf *b, const double xyz[3])
{
    for (int i = 0; i < 3; i++)
        put_fixed(b, xyz[i]);
}

static void
put_xyz(struct buf *b, const double xyz[3])
{
    buf_puts(b, "XYZ ");
    put_u32(b, 0);
    put_point(b, xyz);
}

/* The curve of IEC 61966-2-1 as the parametric curve of type 3. */
static void
put_curve(struct buf *b)
{
    buf_puts(b, "para");
    put_u32(b, 0);
    put_u32(b, 3u << 16);
    put_fixed(b, 2.4);
    put_fixed(b, 1 / 1.055);
    put_fixed(b, 0.055 / 1.055);
    put_fixed(b, 1 / 12.92);
    put_fixed(b, 0.04045);
}

/* Bradford adaptation from D65 to D50. */
static void
put_adaptation(struct buf *b)
{
    static const double m[] = {1.04788,  0.02292,  -0.05022, 0.02959, 0.99048,
                               -0.01707, -0.00925, 0.01508,  0.75168};
    buf_puts(b, "sf32");
    put_u32(b, 0);
    for (size_t i = 0; i < sizeof m / sizeof *m; i++)
        put_fixed(b, m[i]);
}

enum { ICC_HEADER = 128, ICC_TAGS = 10 };
static const double white[3] = {0.9642, 1, 0.8249}; /* D50 */

static void
put_icc_header(struct buf *b, uint32_t size)
{
    size_t start = b->len;
    put_u32(b, size);
    put_u32(b, 0);
    put_u32(b, 0x04200000); /* version 4.2, the newest PDF 1.7 knows */
    buf_puts(b, "mntrRGB XYZ ");
    const unsigned char made[] = {7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}; /* 2000-01-01 */
    buf_add(b, made, sizeof made);
    buf_puts(b, "acsp");
    for (int i = 0; i < 7; i++)
        put_u32(b, 0);
    put_point(b, white);
    assert(b->len <= start + ICC_HEADER);
    while (b->len < start + ICC_HEADER)
        buf_putc(b, 0);
}

/* The data of the tags in the order of `names` in make_icc. */
static void
put_icc_tag(struct buf *b, int i)
{
    assert(i >= 0 && i < ICC_TAGS);
    /* red, green and blue of sRGB, adapted to D50 */
    static const double primaries[3][3] = {
        {0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}};
    if (i == 0)
        put_words(b, "sRGB IEC61966-2.1");
    else if (i == 1)
        put_words(b, "No copyright, use freely");
    else if (i == 2)
        put_xyz(b, white);
    else if (i < 6)
        put_xyz(b, primaries[i - 3]);
    else if (i < 9)
        put_curve(b);
    else
        put_adaptation(b);
}

/* sRGB as a profile of our own: 600 bytes, and no file to be installed. */
static void
make_icc(struct buf *out)
{
    static const char names[ICC_TAGS][5] = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ",
                                            "bXYZ", "rTRC", "gTRC", "bTRC", "chad"};
    uint32_t offsets[ICC_TAGS + 1];
    AUTO_BUF data = buf_init(BUF_MAX_DEFAULT);
    const uint32_t base = ICC_HEADER + 4 + 12 * ICC_TAGS;
    for (int i = 0; i < ICC_TAGS; i++) {
        assert(data.len % 4 == 0); /* ICC.1:2004, 7.2 */
        offsets[i] = base + (uint32_t)data.len;
        put_icc_tag(&data, i);
    }
    offsets[ICC_TAGS] = base + (uint32_t)data.len;
    put_icc_header(out, offsets[ICC_TAGS]);
    put_u32(out, ICC_TAGS);
    for (int i = 0; i < ICC_TAGS; i++) {
        buf_puts(out, names[i]);
        put_u32(out, offsets[i]);
        put_u32(out, offsets[i + 1] - offsets[i]);
    }
    buf_str(out, buf_view(&data));
}

static void
put_intent(struct pdf_doc *doc)
{
    AUTO_BUF icc = buf_init(BUF_MAX_DEFAULT);
    make_icc(&icc);
    uint32_t profile = pdf_file_reserve(doc->file), id = pdf_file_reserve(doc->file);
    pdf_file_stream(doc->file, profile, "/N 3", buf_view(&icc));
    struct str intent = arena_fmt(doc->arena,
                                  "[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier"
                                  "(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %u 0 R>>]",
                                  (unsigned)profile);
    pdf_file_object(doc->file, id, intent);
    pdf_haru_catalog_ref(doc->haru, "OutputIntents", id);
}

/* ---- all ---- */

static void
put_entry(struct pdf_doc *doc, const char *key, struct str value)
{
    uint32_t id = pdf_file_reserve(doc->file);
    pdf_file_object(doc->file, id, value);
    pdf_haru_catalog_ref(doc->haru, key, id);
}

struct str
pdf_meta_date(struct arena *a, int64_t t)
{
    struct clock_civil c = clock_civil(t);
    return arena_fmt(a, "D:%04d%02d%02d%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

void
pdf_meta_put(struct pdf_doc *doc)
{
    const struct pdf_doc_facts *f = doc->facts;
    struct str date = pdf_meta_date(doc->arena, f->created);
    put_xmp(doc);
    put_intent(doc);
    put_entry(doc, "MarkInfo", STR("<</Marked true>>"));
    put_entry(doc, "ViewerPreferences", STR("<</DisplayDocTitle true>>"));
    pdf_haru_catalog_ref(doc->haru, "StructTreeRoot", doc->tree_id);
    pdf_haru_catalog_text(doc->haru, "Lang", f->lang);
    pdf_haru_info(doc->haru, "Title", f->title);
    pdf_haru_info(doc->haru, "Author", f->author);
    pdf_haru_info(doc->haru, "Subject", f->subject);
    pdf_haru_info(doc->haru, "Creator", f->tool);
    pdf_haru_info(doc->haru, "Producer", f->tool);
    pdf_haru_info(doc->haru, "CreationDate", date);
    pdf_haru_info(doc->haru, "ModDate", date);
}
