# Manual pages, completions, units, accounts and examples. What names the program is written for the prefix that
# `cmake --install` is given; below the prefix /usr (a package) settings go to /etc.
file(GLOB man1 "${PROJECT_SOURCE_DIR}/doc/man/*.1")
file(GLOB man5 "${PROJECT_SOURCE_DIR}/doc/man/*.5")
file(GLOB man7 "${PROJECT_SOURCE_DIR}/doc/man/*.7")
install(FILES ${man1} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${man5} DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${man7} DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)

# A page for each command of two words, too: it is the one of its family.
file(STRINGS src/cli/commands.c verbs REGEX "&cmd_[a-z]+_[a-z_]+,")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/cli/commands.c)
foreach(verb IN LISTS verbs)
  string(REGEX REPLACE ".*&cmd_([a-z]+)_([a-z_]+),.*" "\\1" family "${verb}")
  string(REGEX REPLACE ".*&cmd_([a-z_]+),.*" "\\1" name "${verb}")
  string(REPLACE "_" "-" name "${name}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/gen/man/assay-${name}.1" CONTENT ".so man1/assay-${family}.1\n" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/gen/man/assay-${name}.1" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endforeach()

# Completions, by the program itself.
set(completions "${PROJECT_BINARY_DIR}/gen/completion")
set(made "")
foreach(shell IN ITEMS bash zsh fish)
  list(APPEND made COMMAND assay completion ${shell} >${completions}.${shell})
endforeach()
add_custom_command(OUTPUT ${completions}.bash ${completions}.zsh ${completions}.fish ${made} DEPENDS assay)
add_custom_target(completions ALL DEPENDS ${completions}.bash ${completions}.zsh ${completions}.fish)
install(FILES ${completions}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME assay)
install(FILES ${completions}.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME assay.fish)

# What both programs were linked with: CycloneDX, beside the documents.
include(cmake/sbom.cmake)

install(FILES README.md LICENSE packaging/assay.conf sql/grants.sql DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME NEWS)
install(DIRECTORY packaging/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES packaging/sysusers.d/assay.conf DESTINATION lib/sysusers.d)
install(FILES packaging/tmpfiles.d/assay.conf DESTINATION lib/tmpfiles.d)
install(CODE "set(SOURCE \"${PROJECT_SOURCE_DIR}\")\nset(BINDIR \"${CMAKE_INSTALL_BINDIR}\")\nset(DOCDIR \"${CMAKE_INSTALL_DOCDIR}\")\nset(TMP \"${PROJECT_BINARY_DIR}/gen/install\")")
install(SCRIPT cmake/install_paths.cmake)
# Parsers, mappings, dashboards and detections for log managers (doc/siem/content.md).
install(DIRECTORY packaging/siem DESTINATION ${CMAKE_INSTALL_DATADIR}/assay USE_SOURCE_PERMISSIONS)
