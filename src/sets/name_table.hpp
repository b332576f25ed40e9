// Names, each kept once: equal names have equal ids. Ids count up from 0. Internal to sets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sets/flat_table.hpp"

namespace polc::sets {

class NameTable {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = ~Id{0};

  /// Second: it was not known before.
  std::pair<Id, bool> intern(std::string_view name) {
    const std::uint32_t hash = hash_of(name);
    if (const Id known = find(name, hash); known != none) return {known, false};
    const Id id = static_cast<Id>(ends_.size());
    if (3 * (ends_.size() + 1) > 2 * slots_.size()) grow();
    place({hash, id, text_.size(), name.size()});
    text_ += name;
    ends_.push_back(text_.size());
    return {id, true};
  }
  Id find(std::string_view name) const { return find(name, hash_of(name)); }
  /// Valid until the next intern().
  std::string_view operator[](Id id) const {
    const std::size_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::string_view(text_).substr(begin, ends_[id] - begin);
  }

 private:
  // It knows where its name lies: `ends_` would be one more look at memory that no cache holds.
  struct Slot {
    std::uint32_t hash = 0;
    Id id = none;
    std::size_t begin = 0, size = 0;
  };

  static std::uint32_t hash_of(std::string_view name) {
    return static_cast<std::uint32_t>(mixed(std::hash<std::string_view>()(name)));
  }
  std::size_t mask() const { return slots_.size() - 1; }
  Id find(std::string_view name, std::uint32_t hash) const {
    if (slots_.empty()) return none;
    for (std::size_t at = hash & mask(); slots_[at].id != none; at = (at + 1) & mask())
      if (slots_[at].hash == hash && std::string_view(text_).substr(slots_[at].begin, slots_[at].size) == name) return slots_[at].id;
    return none;
  }
  void place(Slot slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].id != none) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.id != none) place(slot);
  }

  std::string text_;  // of all names, one after the other
  std::vector<std::size_t> ends_;
  std::vector<Slot> slots_;  // a power of two of them, at least a third of them free
};

}  // namespace polc::sets
