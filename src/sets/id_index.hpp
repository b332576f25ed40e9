// A hash index of things that are kept elsewhere and go by small numbers: eight bytes each, no allocation of its own.
//   const auto is = [&](std::uint32_t id) { return names[id] == name; };
//   if (index.find(hash, is) == IdIndex::none) index.insert(hash, id);
#pragma once

#include "sets/open_table.hpp"

namespace polc::sets {

class IdIndex {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// The id of which `is` is true, among those inserted under this hash; or none. Mostly `is` is asked of that one alone.
  template <class Is>
  std::uint32_t find(std::uint64_t hash, const Is& is) const {
    const auto half = static_cast<std::uint32_t>(hash);
    const Slot* slot = table_.find(half, [&](const Slot& one) { return one.half == half && is(one.id); });
    return slot == nullptr ? none : slot->id;
  }
  /// It is not there yet.
  void insert(std::uint64_t hash, std::uint32_t id) { table_.insert({static_cast<std::uint32_t>(hash), id}); }
  void clear() { table_.clear(); }

 private:
  struct Slot {
    std::uint32_t half = 0;  // of the hash
    std::uint32_t id = none;

    bool is_free() const { return id == none; }
    std::uint64_t hash() const { return half; }
  };

  OpenTable<Slot> table_;
};

}  // namespace polc::sets
