# polc's own Debian package: cpack --config build/release/CPackConfig.cmake
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME polc)
set(CPACK_PACKAGE_CONTACT "The polc authors <polc@localhost>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # what the program is linked with: the C library alone
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "compiler for sandbox policies
 One declarative policy says what a program may do. polc checks it, and
 compiles it for several mechanisms: seccomp filters, AppArmor profiles,
 systemd drop-ins, grsecurity subjects and systrace policies. For each rule
 and target it tells what is enforced exactly and what is not.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/DebianFiles.cmake)
set(CPACK_polc_PACKAGING ${PROJECT_SOURCE_DIR}/packaging)
include(CPack)
