# `cpack -G DEB` in the build folder. The programs go below /usr, settings to /etc; packaging/deb has the scripts.
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_VENDOR "assay")
set(CPACK_PACKAGE_CONTACT "assay <assay@localhost>" CACHE STRING "maintainer of the package: Name <address>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "signed hardening-compliance reports and an audit log of a fleet")
set(CPACK_PACKAGE_DESCRIPTION
"Takes the hardening-scan results of a whole fleet, keeps them in MySQL or
 MariaDB, and makes signed PDF and HTML reports that anyone can verify
 offline, and an audit log that a SIEM can import without losing a record.
 It is one program without a daemon, made for cron and systemd timers.")
set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "mariadb-server-core, mariadb-client-core, fonts-noto-core, fonts-noto-cjk, fonts-noto-mono, icc-profiles-free, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "poppler-utils, openssl")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(deb "${PROJECT_SOURCE_DIR}/packaging/deb")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${deb}/postinst;${deb}/prerm;${deb}/postrm;${deb}/conffiles")
include(CPack)
