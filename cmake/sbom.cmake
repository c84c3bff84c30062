# What both programs were linked with, as CycloneDX JSON: assay.cdx.json in the build folder and beside the documents.
# A row is name|beginning of the soname|version|licence|kind:path of its purl; what is linked and stands in no row is
# listed by its soname alone.
file(STRINGS "${HARU_INCLUDE}/hpdf_version.h" haru REGEX "HPDF_(MAJOR|MINOR|BUGFIX)_VERSION +[0-9]")
string(REGEX REPLACE "[^0-9;]" "" haru "${haru}")
list(JOIN haru "." HARU_VERSION)
pkg_check_modules(UNIBREAK_PC QUIET libunibreak)
execute_process(COMMAND getconf GNU_LIBC_VERSION OUTPUT_VARIABLE libc OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
string(REGEX REPLACE "^glibc " "" LIBC_VERSION "${libc}")
set(sbom_rows
  "libxml2|libxml2.so|${XML2_VERSION}|MIT"
  "jansson|libjansson.so|${JANSSON_VERSION}|MIT"
  "mariadb-connector-c|libmariadb.so|${MYSQL_VERSION}|LGPL-2.1-or-later"
  "cairo|libcairo.so|${CAIRO_VERSION}|LGPL-2.1-only OR MPL-1.1"
  "harfbuzz|libharfbuzz.so|${HARFBUZZ_harfbuzz_VERSION}|MIT"
  "harfbuzz-subset|libharfbuzz-subset.so|${HARFBUZZ_harfbuzz-subset_VERSION}|MIT"
  "fribidi|libfribidi.so|${FRIBIDI_VERSION}|LGPL-2.1-or-later"
  "curl|libcurl.so|${CURL_VERSION}|curl"
  "libseccomp|libseccomp.so|${SECCOMP_VERSION}|LGPL-2.1-only"
  "openssl|libcrypto.so|${OPENSSL_VERSION}|Apache-2.0"
  "openssl|libssl.so|${OPENSSL_VERSION}|Apache-2.0"
  "zlib|libz.so|${ZLIB_VERSION_STRING}|Zlib"
  "bzip2|libbz2.so|${BZIP2_VERSION_STRING}|bzip2-1.0.6"
  "xz|liblzma.so|${LIBLZMA_VERSION_STRING}|0BSD"
  "libharu|libhpdf|${HARU_VERSION}|Zlib"
  "libunibreak|libunibreak.so|${UNIBREAK_PC_VERSION}|Zlib"
  "glibc|libc.so|${LIBC_VERSION}|LGPL-2.1-or-later"
  "glibc|libm.so|${LIBC_VERSION}|LGPL-2.1-or-later")
list(JOIN sbom_rows "\n" sbom_rows)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/gen/sbom-rows.txt" CONTENT "${sbom_rows}\n" @ONLY)
set(sbom "${PROJECT_BINARY_DIR}/assay.cdx.json")
add_custom_command(OUTPUT ${sbom} DEPENDS assay assay-parser "${PROJECT_SOURCE_DIR}/cmake/sbom_write.cmake"
    "${PROJECT_BINARY_DIR}/gen/sbom-rows.txt"
  COMMAND ${CMAKE_COMMAND} "-DROWS=${PROJECT_BINARY_DIR}/gen/sbom-rows.txt" "-DREADELF=${CMAKE_READELF}"
    "-DVERSION=${PROJECT_VERSION}" "-DCOMMIT=${PROJECT_BINARY_DIR}/gen/commit.c" "-DOUT=${sbom}"
    "-DPROGRAMS=$<TARGET_FILE:assay>|$<TARGET_FILE:assay-parser>" -P "${PROJECT_SOURCE_DIR}/cmake/sbom_write.cmake" VERBATIM)
add_custom_target(sbom ALL DEPENDS ${sbom})
install(FILES ${sbom} DESTINATION ${CMAKE_INSTALL_DOCDIR})
