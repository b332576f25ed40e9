// What the rules that an event meets make of it together: the first that takes it decides, and nothing that does is a refusal.
#pragma once

#include <cstdint>
#include <vector>

namespace polc::systrace::syntax {

/// A place in a table of tests.
using TestId = std::uint32_t;

/// Every text, or those that some tests take.
struct Sum {
  bool all = false;
  std::vector<TestId> tests;  // sorted, unique
  bool empty() const { return !all && tests.empty(); }
  auto operator<=>(const Sum&) const = default;
};

/// Of both names (rename, link) or of number and name (setuid); `second` takes all where there is one.
struct Product {
  Sum first, second;
  bool is_all() const { return first.all && second.all; }
  auto operator<=>(const Product&) const = default;
};

/// What one rule takes, and its line.
struct Taken {
  Product product;
  unsigned line = 0;
};

/// Rules in order as groups of ranks: in each group the denies stand before the permits, so that there a deny wins.
struct Layer {
  struct Group {
    std::vector<Taken> denies, permits;  // sorted, unique by product
  };
  std::vector<Group> groups;  // the first decides first; none: nothing is permitted
  bool empty() const { return groups.empty(); }
};
/// Lines do not count.
bool say_the_same(const Layer& a, const Layer& b);
/// They do.
bool are_one(const Layer& a, const Layer& b);

/// One rule of a call, as the first match sees it.
struct Entry {
  bool permits = false;
  std::vector<Product> takes;
  unsigned line = 0;
};
Layer first_match(const std::vector<Entry>& entries);

/// Layers that permit together what all of them do, as few as are plainly enough.
std::vector<Layer> sum_of(std::vector<Layer> layers);

}  // namespace polc::systrace::syntax
