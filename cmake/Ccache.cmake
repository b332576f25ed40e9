# Builds through ccache where there is one; the presets include this right after project(). POLC_CCACHE=OFF does without.
option(POLC_CCACHE "Compile through ccache if it is installed" ON)
if(POLC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(POLC_CCACHE_PROGRAM ccache)
  mark_as_advanced(POLC_CCACHE_PROGRAM)
  if(POLC_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${POLC_CCACHE_PROGRAM})
  endif()
endif()
