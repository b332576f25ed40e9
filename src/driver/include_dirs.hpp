// The directories in which artefacts find what they include: `--include-dir`.
#pragma once

#include <string>
#include <vector>

#include "target/includes.hpp"

namespace polc::driver {

/// Files below these directories, the first that has one; of a directory its regular files. An absolute name is one of theirs, or
/// it is missing. No directories: nothing is known of any file.
target::Includes includes_from(std::vector<std::string> directories);

}  // namespace polc::driver
