// Files to a program: reads, parses and follows imports. The only step of compiling that reads anything.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "sema/lower.hpp"

namespace polc::driver {

struct Loaded {
  sema::Program program;
  std::vector<std::string> files;  // every file read from disk, for a depfile; in the order of reading
  bool unreadable = false;         // a file named by the user could not be read: the world failed, not the policy
};

/// What stands in files by another text than the disk's, by the names that messages call them.
using Texts = std::map<std::string, std::string>;

/// `import` looks beside the importing file, then in each of `directories`; for a name that begins with `std/` in each of
/// `directories`, then in the built-in library.
/// Reports into `sink`; `program` is complete only when the sink has no errors.
Loaded load(const std::vector<std::string>& paths, const std::vector<std::string>& directories, diag::SourceMap& sources,
            diag::Sink& sink, const Texts& instead = {});

}  // namespace polc::driver
