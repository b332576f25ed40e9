// From small numbers to smaller ones, eight bytes a place: keys are below 2^44, values below 2^20. Internal to sets.
#pragma once

#include <optional>

#include "sets/open_table.hpp"

namespace polc::sets {

class FlatTable {
 public:
  static constexpr unsigned value_bits = 20;

  std::optional<std::uint32_t> find(std::uint64_t key) const {
    const Slot* slot = table_.find(mixed(key), [&](const Slot& one) { return one.key() == key; });
    if (slot == nullptr) return std::nullopt;
    return slot->value();
  }
  /// The key is not there yet.
  void insert(std::uint64_t key, std::uint32_t value) { table_.insert({(key + 1) << value_bits | value}); }
  void clear() { table_.clear(); }

 private:
  struct Slot {
    std::uint64_t entry = 0;  // key + 1 and value, or 0

    bool is_free() const { return entry == 0; }
    std::uint64_t key() const { return (entry >> value_bits) - 1; }
    std::uint32_t value() const { return static_cast<std::uint32_t>(entry & ((std::uint64_t{1} << value_bits) - 1)); }
    std::uint64_t hash() const { return mixed(key()); }
  };

  OpenTable<Slot> table_;
};

}  // namespace polc::sets
