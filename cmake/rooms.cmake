# room(NAME USES room… LIBS lib…): the static library room_NAME of all src/NAME/*.c.
# Libraries are private: another room that wants one has to say so itself.
function(room name)
  cmake_parse_arguments(R "" "" "USES;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.c")
  list(FILTER sources EXCLUDE REGEX "/((cli|confine)/main|cli/version)\\.c$")
  if(NOT sources)
    file(WRITE "${PROJECT_BINARY_DIR}/gen/${name}_empty.c" "typedef int ${name}_is_empty;\n")
    set(sources "${PROJECT_BINARY_DIR}/gen/${name}_empty.c")
  endif()
  add_library(room_${name} STATIC ${sources})
  target_include_directories(room_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  foreach(other IN LISTS R_USES)
    target_link_libraries(room_${name} PUBLIC room_${other})
  endforeach()
  target_link_libraries(room_${name} PRIVATE ${R_LIBS})
endfunction()

# embed_files(OUTVAR glob…): one generated C file with the bytes of all matching files.
function(embed_files outvar)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" ${ARGN})
  list(JOIN files "|" joined)
  set(out "${PROJECT_BINARY_DIR}/gen/embed_files.c")
  list(TRANSFORM files PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE depends)
  add_custom_command(OUTPUT "${out}"
    COMMAND ${CMAKE_COMMAND} "-DROOT=${PROJECT_SOURCE_DIR}" "-DFILES=${joined}" "-DOUT=${out}"
      -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${depends} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake" VERBATIM)
  set(${outvar} "${out}" PARENT_SCOPE)
endfunction()
