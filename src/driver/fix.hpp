// Policies with the hints of `polc lint` followed, as texts: nothing is written here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "lint/suppress.hpp"

namespace polc::driver {

/// What is fixed: files of one program, and how lint looks at them.
struct Mending {
  std::vector<std::string> paths;
  std::vector<std::string> directories;
  CompileRequest request;
  lint::Chosen chosen;
  bool guesses = false;  // the unsafe hints, too
  Backends backends = {};  // whose verdicts say which word of an `@accept` is right
  Texts given = {};      // what some of the files hold, instead of the disk (read_once)
};

struct Mended {
  std::string name, before, after;
};

/// The files whose text changes, in the order of their names; a second run on the result changes nothing. Safe hints are held to
/// their promise: one after which any configuration of the program means something else is not followed.
std::vector<Mended> mend(const Mending& mending);

/// What is handed over as an open descriptor among the files, by name: it can be read once, and a program is looked at again and again.
Texts read_once(const std::vector<std::string>& paths);

}  // namespace polc::driver
