# Manual pages, examples and units.
file(GLOB man1 "${PROJECT_SOURCE_DIR}/doc/man/*.1")
file(GLOB man5 "${PROJECT_SOURCE_DIR}/doc/man/*.5")
install(FILES ${man1} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${man5} DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES README.md CHANGELOG.md packaging/assay.conf packaging/cron/assay sql/grants.sql
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY packaging/systemd DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Parsers, mappings, dashboards and detections for log managers (doc/siem/content.md).
install(DIRECTORY packaging/siem DESTINATION ${CMAKE_INSTALL_DATADIR}/assay)
