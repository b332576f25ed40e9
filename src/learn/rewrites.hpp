// Ordered rewrites of what was seen into what is meant, each named (docs/learn.md). One replaces a set by a larger one; what it adds
// is decided by the algebra, and a rewrite whose addition meets a border is not done.
//   rewrite_files(entries, context);      context.log says what was done, and what that added
#pragma once

#include <set>
#include <string>
#include <vector>

#include "learn/entries.hpp"
#include "learn/prove.hpp"

namespace polc::learn {

/// One that was done.
struct Rewrite {
  std::string id;                      // "G4"
  std::string text;                    // what was written for it
  std::size_t names = 0;               // of how many
  std::vector<ir::Box> wide, narrow;   // the set, and what it stands for
  std::optional<ir::Point> example;    // a shortest access that it adds; none: it adds nothing
};

struct RewriteContext {
  Os os = Os::linux_os;
  const Facts& facts;
  const Prover& prover;
  const std::set<std::string>& off;    // --no=G4
  std::vector<Rewrite>& log;
  bool is_on(const std::string& id) const { return !off.contains(id); }
};

/// G3 to G6 and G10 on rows of files. The rows that are left are in the order of their paths.
void rewrite_files(std::vector<FileEntry>& entries, RewriteContext& context);

/// May a rewrite speak of all that lies in this directory? Not of the root and its children, of the system's own directories, nor
/// of those that everybody shares.
bool is_within_borders(const std::string& directory);

}  // namespace polc::learn
