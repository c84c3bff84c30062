# Part of `cmake --install`: units and cron lines call the program where it is installed; they are written for
# /usr/bin/assay. install_docs.cmake says SOURCE, BINDIR, DOCDIR and TMP.
cmake_path(ABSOLUTE_PATH BINDIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
cmake_path(ABSOLUTE_PATH DOCDIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")

# put(FILE FOLDER): FILE of packaging/ into the folder of the system, with the path of the program.
function(put file folder)
  get_filename_component(name "${file}" NAME)
  file(READ "${SOURCE}/packaging/${file}" text)
  string(REPLACE "/usr/bin/assay" "${BINDIR}/assay" text "${text}")
  if(file STREQUAL "cron/assay")
    string(REGEX REPLACE "  assay  assay " "  assay  ${BINDIR}/assay " text "${text}")
  endif()
  file(WRITE "${TMP}/${name}" "${text}")
  file(INSTALL DESTINATION "${folder}" TYPE FILE FILES "${TMP}/${name}")
endfunction()

file(GLOB units RELATIVE "${SOURCE}/packaging" "${SOURCE}/packaging/systemd/*")
foreach(unit IN LISTS units)
  put(${unit} "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
endforeach()
put(cron/assay "${DOCDIR}/examples/cron")

# Where zsh looks: Debian has a folder of its own for packages.
set(zsh "share/zsh/site-functions")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS /etc/debian_version)
  set(zsh "share/zsh/vendor-completions")
endif()
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/${zsh}" TYPE FILE RENAME _assay FILES "${TMP}/../completion.zsh")

# A package.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  file(INSTALL DESTINATION /etc/assay TYPE FILE FILES "${SOURCE}/packaging/assay.conf"
    PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
  file(INSTALL DESTINATION /etc/assay/conf.d TYPE FILE FILES "${SOURCE}/packaging/conf.d/README")
  find_program(gzip gzip REQUIRED)
  file(GLOB pages "$ENV{DESTDIR}/usr/share/man/man?/assay*.?")
  execute_process(COMMAND "${gzip}" -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
  file(INSTALL DESTINATION "${DOCDIR}" TYPE FILE FILES "${SOURCE}/packaging/deb/copyright")
  file(INSTALL DESTINATION "${DOCDIR}" TYPE FILE RENAME changelog FILES "${SOURCE}/CHANGELOG.md")
  execute_process(COMMAND "${gzip}" -9nf "$ENV{DESTDIR}${DOCDIR}/changelog" COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE "$ENV{DESTDIR}${DOCDIR}/NEWS")
  file(CREATE_LINK changelog.gz "$ENV{DESTDIR}${DOCDIR}/NEWS.gz" SYMBOLIC)
  file(REMOVE "$ENV{DESTDIR}${DOCDIR}/LICENSE") # copyright says where Debian has it
endif()
