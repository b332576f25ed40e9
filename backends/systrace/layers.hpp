// Sets as sums of interned ones: what each of a call's rules takes, and what the rules make of it together.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace polc::systrace::syntax {

/// A place in a table of sets.
using SetId = std::uint32_t;

/// Everything, or the sum of some sets.
struct Sum {
  bool all = false;
  std::vector<SetId> sets;  // sorted, unique
  bool empty() const { return !all && sets.empty(); }
  bool includes(const Sum& other) const;
  void add(const Sum& other);
  bool operator==(const Sum&) const = default;
};

/// allow less deny.
struct Layer {
  Sum allow, deny;
  bool operator==(const Layer&) const = default;
};

/// One rule of a call, as the first match sees it.
struct Entry {
  bool permits = false;
  Sum takes;
};

/// Have two sets nothing in common? false when that is not known.
using Disjoint = std::function<bool(SetId, SetId)>;

/// The first entry that takes an access decides; what none takes is refused. nullopt: a deny behind a permit that may take
/// the same, before another permit.
std::optional<Layer> first_match(const std::vector<Entry>& entries, const Disjoint& disjoint);

/// What at least one of them permits; nullopt when their denies differ.
std::optional<Layer> any_of(std::vector<Layer> layers);

}  // namespace polc::systrace::syntax
