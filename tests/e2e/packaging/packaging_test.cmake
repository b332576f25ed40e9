# Installs polc below `scratch`, moves the result (a package may be unpacked anywhere) and lets `consumer` use it, as a
# project for this machine and as one for another.
file(REMOVE_RECURSE ${scratch})

function(run)  # COMMAND...
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${polc_build} --prefix ${scratch}/first)
file(RENAME ${scratch}/first ${scratch}/prefix)
set(prefix ${scratch}/prefix)

file(GLOB_RECURSE libraries ${prefix}/*.a ${prefix}/*.so* ${prefix}/*.hpp)
if(libraries)
  message(FATAL_ERROR "polc's libraries are no API, yet these are installed: ${libraries}")
endif()

function(use_polc name)  # CMAKE-OPTION...
  set(build ${scratch}/${name})
  run(${CMAKE_COMMAND} -S ${consumer} -B ${build} -G Ninja -D WANTED_VERSION=${polc_version} ${ARGN})
  run(${CMAKE_COMMAND} --build ${build})
  file(READ ${build}/version.txt printed)
  string(FIND "${printed}" "${polc_version}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${name}: polc --version printed `${printed}`, not ${polc_version}")
  endif()
endfunction()

use_polc(native -D CMAKE_PREFIX_PATH=${prefix})
use_polc(cross -D polc_DIR=${prefix}/share/cmake/polc -D CMAKE_TOOLCHAIN_FILE=${consumer}/other_machine.cmake)
