// Policies with the hints of `polc lint` followed, as texts: nothing is written here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "lint/suppress.hpp"

namespace polc::driver {

/// What is fixed: files of one program, and how lint looks at them.
struct Mending {
  std::vector<std::string> paths;
  std::vector<std::string> directories;
  CompileRequest request;
  lint::Chosen chosen;
  bool guesses = false;  // the unsafe hints, too
};

struct Mended {
  std::string name, before, after;
};

/// The files whose text changes, in the order of their names; a second run on the result changes nothing. Safe hints are held to
/// their promise: one after which any configuration of the program means something else is not followed.
std::vector<Mended> mend(const Mending& mending);

}  // namespace polc::driver
