# polc_add_policy(NAME FILE tor.pol TARGETS seccomp apparmor ...
#                 [POLICY name] [ARCH arch] [VARIANT variant...] [OPTIONS target.key=value...] [IMPORT_DIRECTORIES dir...]
#                 [OUTPUT_DIRECTORY dir] [STRICT] [HEADER] [TEST])
#
# Compiles a policy while the project is built, and again when the policy or anything that it imports has changed.
#
#   NAME               a target that makes the artefacts, part of `all`. For install(FILES), its property POLC_ARTEFACT_seccomp is
#                      the file for seccomp, and so for each target; POLC_ARTEFACTS lists all of them
#   FILE               the policy
#   TARGETS            what to compile for (polc targets); judged as a set
#   POLICY             the policy in the file; by default the one called NAME. Artefacts bear its name: tor.bpf, tor.apparmor
#   ARCH               by default that of the machine that the project is built for (CMAKE_SYSTEM_PROCESSOR)
#   VARIANT            a platform and any features; like the other lists below, it may be empty
#   OPTIONS            apparmor.mode=complain ...
#   IMPORT_DIRECTORIES where imports are looked for
#   OUTPUT_DIRECTORY   by default the current binary directory
#   STRICT             what the whole set leaves open is an error
#   HEADER             makes NAME_header, a library to link with: #include "polc_POLICY.h", which has polc_POLICY_install()
#   TEST               registers polc test and polc lint with CTest, as polc.NAME.test and polc.NAME.lint
#
# It needs no compiler, and none of the languages of project(). polc runs on the machine that builds, in tests too:
# never through CMAKE_CROSSCOMPILING_EMULATOR.

include_guard()

# Debian's, the kernel's and other systems' names for what --arch calls them.
function(_polc_arch variable)
  set(processor ${CMAKE_SYSTEM_PROCESSOR})
  if(NOT processor)
    set(processor ${CMAKE_HOST_SYSTEM_PROCESSOR})  # project(x LANGUAGES NONE) in an old CMake
  endif()
  string(TOLOWER "${processor}" processor)
  if(processor MATCHES "^(x86_64|amd64|x64)$")
    set(arch x86_64)
  elseif(processor MATCHES "^(i[3-6]86|x86)$")
    set(arch x86)
  elseif(processor MATCHES "^(aarch64|arm64)$")
    set(arch aarch64)
  elseif(processor MATCHES "^arm")
    set(arch arm)
  elseif(processor MATCHES "^(riscv64|s390x|mips64)$")
    set(arch ${processor})
  elseif(processor MATCHES "^(ppc64le|powerpc64le|ppc64el)$")
    set(arch ppc64le)
  else()
    set(arch ${processor})  # polc says which it knows
  endif()
  set(${variable} ${arch} PARENT_SCOPE)
endfunction()

# What an artefact's file ends with: polc knows. Asked once.
function(_polc_suffix variable target)
  get_property(all GLOBAL PROPERTY _POLC_TARGETS)
  if(NOT all)
    get_target_property(polc polc::polc IMPORTED_LOCATION)
    execute_process(COMMAND ${polc} targets --format=json OUTPUT_VARIABLE all RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "polc_add_policy: `${polc} targets` failed: ${status}")
    endif()
    set_property(GLOBAL PROPERTY _POLC_TARGETS "${all}")
  endif()
  string(JSON count LENGTH "${all}" targets)
  math(EXPR last "${count} - 1")
  set(names)
  foreach(i RANGE ${last})
    string(JSON name GET "${all}" targets ${i} name)
    list(APPEND names ${name})
    if(name STREQUAL target)
      string(JSON suffix GET "${all}" targets ${i} suffix)
      set(${variable} ${suffix} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  list(JOIN names ", " names)
  message(FATAL_ERROR "polc_add_policy: there is no target `${target}`; polc has ${names}")
endfunction()

function(polc_add_policy NAME)
  set(several TARGETS VARIANT OPTIONS IMPORT_DIRECTORIES)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "STRICT;HEADER;TEST" "FILE;POLICY;ARCH;OUTPUT_DIRECTORY" "${several}")
  # Lists are often variables, and some of these are empty: `VARIANT ${FEATURES}`, `VARIANT debian "${FEATURE}"`.
  if(ARG_KEYWORDS_MISSING_VALUES)
    list(REMOVE_ITEM ARG_KEYWORDS_MISSING_VALUES ${several})
  endif()
  foreach(list IN LISTS several)
    if(DEFINED ARG_${list})
      list(FILTER ARG_${list} EXCLUDE REGEX "^$")
    endif()
  endforeach()
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    list(JOIN ARG_UNPARSED_ARGUMENTS " " wrong)
    message(FATAL_ERROR "polc_add_policy(${NAME}): not understood: ${wrong} ${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
  if("${ARG_FILE}" STREQUAL "" OR "${ARG_TARGETS}" STREQUAL "")
    message(FATAL_ERROR "polc_add_policy(${NAME}): FILE and TARGETS are needed")
  endif()
  if("${ARG_POLICY}" STREQUAL "")
    set(ARG_POLICY ${NAME})
  endif()
  if("${ARG_ARCH}" STREQUAL "")
    _polc_arch(ARG_ARCH)
  endif()
  cmake_path(ABSOLUTE_PATH ARG_FILE BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  if("${ARG_OUTPUT_DIRECTORY}" STREQUAL "")
    set(ARG_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  cmake_path(ABSOLUTE_PATH ARG_OUTPUT_DIRECTORY BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
  list(REMOVE_DUPLICATES ARG_TARGETS)

  # What every verb is told about the policy.
  set(about --policy=${ARG_POLICY} --arch=${ARG_ARCH})
  if(NOT "${ARG_VARIANT}" STREQUAL "")
    list(JOIN ARG_VARIANT "," variants)
    list(APPEND about --variant=${variants})
  endif()
  foreach(option IN LISTS ARG_OPTIONS)
    list(APPEND about --option=${option})
  endforeach()
  foreach(directory IN LISTS ARG_IMPORT_DIRECTORIES)
    cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    list(APPEND about -I ${directory})
  endforeach()
  list(JOIN ARG_TARGETS "," targets)
  set(strict)
  if(ARG_STRICT)
    set(strict --strict)
  endif()

  # Its file, for CTest would put the emulator before the name of a target.
  set(polc $<TARGET_FILE:polc::polc>)
  set(artefacts)
  set(properties)
  foreach(target IN LISTS ARG_TARGETS)
    _polc_suffix(suffix ${target})
    list(APPEND artefacts ${ARG_OUTPUT_DIRECTORY}/${ARG_POLICY}${suffix})
    list(APPEND properties POLC_ARTEFACT_${target} ${ARG_OUTPUT_DIRECTORY}/${ARG_POLICY}${suffix})
  endforeach()
  set(depfile ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.policy.d)
  add_custom_command(
    OUTPUT ${artefacts}
    COMMAND ${polc} ${ARG_FILE} --target=${targets} ${about} ${strict} -o ${ARG_OUTPUT_DIRECTORY}/ --depfile=${depfile}
    DEPENDS ${ARG_FILE} polc::polc
    DEPFILE ${depfile}
    COMMENT "Compiling the policy ${ARG_POLICY} for ${targets}"
    VERBATIM)
  set(all ${artefacts})

  if(ARG_HEADER)
    set(header ${ARG_OUTPUT_DIRECTORY}/polc_${ARG_POLICY}.h)
    set(depfile ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.header.d)
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${ARG_OUTPUT_DIRECTORY}
      COMMAND ${polc} ${ARG_FILE} --target=seccomp --format=h ${about} --fidelity=none -o ${header} --depfile=${depfile}
      DEPENDS ${ARG_FILE} polc::polc
      DEPFILE ${depfile}
      COMMENT "Compiling the policy ${ARG_POLICY} to a header"
      VERBATIM)
    list(APPEND all ${header})
    add_library(${NAME}_header INTERFACE)
    target_include_directories(${NAME}_header INTERFACE ${ARG_OUTPUT_DIRECTORY})
  endif()

  add_custom_target(${NAME} ALL DEPENDS ${all})
  set_target_properties(${NAME} PROPERTIES POLC_ARTEFACTS "${artefacts}" ${properties})
  if(ARG_HEADER)
    add_dependencies(${NAME}_header ${NAME})
  endif()

  if(ARG_TEST)
    add_test(NAME polc.${NAME}.test COMMAND ${polc} test ${ARG_FILE} --target=${targets} ${about})
    add_test(NAME polc.${NAME}.lint COMMAND ${polc} lint ${ARG_FILE} ${about})
  endif()
endfunction()
