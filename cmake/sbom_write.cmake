# Writes OUT, a CycloneDX 1.5 document: PROGRAMS (paths with | between them) and the libraries that READELF says they
# need. ROWS: see sbom.cmake. The same input gives the same bytes: the serial number is a hash, the time is that of
# SOURCE_DATE_EPOCH and left out where that is not set.
cmake_policy(SET CMP0007 NEW) # a library whose version nobody knows has an empty cell
file(STRINGS "${ROWS}" rows)
file(READ "${COMMIT}" commit)
string(REGEX REPLACE ".*= \"([^\"]*)\".*" "\\1" commit "${commit}")
string(REPLACE "|" ";" PROGRAMS "${PROGRAMS}")

# The row of a soname, in ROW_name, ROW_version and ROW_licence.
function(find_row soname)
  foreach(row IN LISTS rows)
    string(REPLACE "|" ";" cells "${row}")
    list(GET cells 1 prefix)
    string(LENGTH "${prefix}" n)
    string(SUBSTRING "${soname}" 0 ${n} head)
    if(head STREQUAL prefix)
      list(GET cells 0 name)
      list(GET cells 2 version)
      list(GET cells 3 licence)
      set(ROW_name "${name}" PARENT_SCOPE)
      set(ROW_version "${version}" PARENT_SCOPE)
      set(ROW_licence "${licence}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(ROW_name "${soname}" PARENT_SCOPE)
  set(ROW_version "" PARENT_SCOPE)
  set(ROW_licence "" PARENT_SCOPE)
endfunction()

set(all "")
set(programs "")
set(uses "")
foreach(program IN LISTS PROGRAMS)
  get_filename_component(name "${program}" NAME)
  execute_process(COMMAND "${READELF}" -d "${program}" OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "NEEDED[^\n]*" said "${said}")
  set(refs "")
  foreach(line IN LISTS said)
    string(REGEX REPLACE ".*\\[(.*)\\].*" "\\1" soname "${line}")
    if(soname MATCHES "^(ld-linux|libgcc_s|libasan|libubsan)")
      continue()
    endif()
    list(APPEND all "${soname}")
    list(APPEND refs "\"${soname}\"")
  endforeach()
  list(SORT refs)
  list(JOIN refs ", " refs)
  list(APPEND programs "    {\"type\": \"application\", \"bom-ref\": \"${name}\", \"name\": \"${name}\", \"version\": \"${VERSION}\"}")
  list(APPEND uses "    {\"ref\": \"${name}\", \"dependsOn\": [${refs}]}")
endforeach()
list(SORT all)
list(REMOVE_DUPLICATES all)
foreach(soname IN LISTS all)
  find_row("${soname}")
  set(more "")
  if(ROW_version)
    string(APPEND more ", \"version\": \"${ROW_version}\", \"purl\": \"pkg:generic/${ROW_name}@${ROW_version}\"")
  endif()
  if(ROW_licence)
    string(APPEND more ", \"licenses\": [{\"expression\": \"${ROW_licence}\"}]")
  endif()
  list(APPEND programs "    {\"type\": \"library\", \"bom-ref\": \"${soname}\", \"name\": \"${ROW_name}\"${more}}")
endforeach()
list(JOIN programs ",\n" programs)
list(JOIN uses ",\n" uses)

set(time "")
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP time "\"timestamp\": \"%Y-%m-%dT%H:%M:%SZ\", " UTC)
endif()
set(about "{\"type\": \"application\", \"bom-ref\": \"package\", \"name\": \"assay\", \"version\": \"${VERSION}\", \"licenses\": [{\"license\": {\"id\": \"Apache-2.0\"}}], \"properties\": [{\"name\": \"commit\", \"value\": \"${commit}\"}]}")
string(UUID serial NAMESPACE 6ba7b811-9dad-11d1-80b4-00c04fd430c8 NAME "${about}${programs}${uses}" TYPE SHA1)
file(WRITE "${OUT}" "{
  \"bomFormat\": \"CycloneDX\",
  \"specVersion\": \"1.5\",
  \"serialNumber\": \"urn:uuid:${serial}\",
  \"version\": 1,
  \"metadata\": {${time}\"component\": ${about}},
  \"components\": [\n${programs}\n  ],
  \"dependencies\": [\n    {\"ref\": \"package\", \"dependsOn\": [\"assay\", \"assay-parser\"]},\n${uses}\n  ]
}
")
