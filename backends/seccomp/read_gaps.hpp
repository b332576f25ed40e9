// What a filter says of numbers that no call has, and of architectures that it is not read for: no access of a policy, but two
// filters that differ there are not the same.
#pragma once

#include <set>

#include "seccomp/read.hpp"
#include "seccomp/symbolic.hpp"

namespace polc::seccomp {

class Gaps {
 public:
  /// `served`: those that the filter is read for, one by one.
  Gaps(const Listing& listing, Arch arch, std::vector<Arch> served) : listing_(listing), arch_(arch), served_(std::move(served)) {}

  /// False: it cannot be told; failure() says of what.
  bool add_all(const std::vector<Cell>& cells);
  std::string failure() const { return failure_; }
  std::set<target::Directive> take() { return std::move(directives_); }

 private:
  struct Interval {
    std::uint64_t low = 0, high = 0;
    std::string answer;
    unsigned line = 0;
  };
  using Intervals = std::vector<Interval>;

  bool add_numbers(const std::vector<Cell>& cells);
  bool add_architectures(const std::vector<Cell>& cells);
  std::optional<std::string> answer_of(Symbolic& symbolic, const Cell& cell);

  const Listing& listing_;
  Arch arch_;
  std::vector<Arch> served_;
  std::set<target::Directive> directives_;
  std::string failure_;
};

}  // namespace polc::seccomp
