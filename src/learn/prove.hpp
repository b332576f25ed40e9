// What a rewrite adds, decided by the algebra: the wide set less what was seen and what the rest allows already.
//   const Added added = prover.added({wide}, narrow);     added.is_dangerous: lint would ask about it, so it is not done
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/meaning.hpp"
#include "lint/dangers.hpp"
#include "sets/path_space.hpp"

namespace polc::learn {

/// A row of lint's dangers, lowered.
struct Danger {
  std::vector<eval::Part> parts;
  lint::Extent extent = lint::Extent::some;
};

struct Added {
  bool is_dangerous = false;         // or nobody could say: too hard a question
  std::optional<ir::Point> example;  // a shortest access that is new; none: nothing is
};

class Prover {
 public:
  /// `rest`: what the policy allows without the rewrite.
  Prover(Os os, eval::Meaning rest, const std::vector<Danger>& dangers);

  Added added(const std::vector<ir::Box>& wide, const std::vector<ir::Box>& narrow) const;
  /// The same of a set that is a meaning.
  Added added(const eval::Meaning& wide, const std::vector<ir::Box>& narrow) const;

 private:
  struct Row {
    eval::Meaning meaning;
    lint::Extent extent;
  };
  bool meets(const Row& danger, const eval::Meaning& wide, const eval::Meaning& narrow, sets::Budget& budget) const;

  Os os_;
  eval::Meaning rest_;
  std::vector<Row> dangers_;
};

/// Every access of `rest` and of `boxes`, with what they bring.
eval::Meaning united(const eval::Meaning& rest, const std::vector<ir::Box>& boxes, Os os);

}  // namespace polc::learn
