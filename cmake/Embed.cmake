# polc_embed(target NAME function HEADER header FILES f...): compiles files into the program, read back by `function()`.
function(polc_embed target)
  cmake_parse_arguments(ARG "" "NAME;HEADER" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME}.cpp)
  list(JOIN ARG_FILES "\n" lines)
  file(CONFIGURE OUTPUT ${out}.files CONTENT "${lines}\n" @ONLY)  # a list would not survive the command line
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${ARG_NAME} -DHEADER=${ARG_HEADER} -DFILES=${out}.files
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedScript.cmake
    DEPENDS ${ARG_FILES} ${out}.files ${PROJECT_SOURCE_DIR}/cmake/EmbedScript.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
