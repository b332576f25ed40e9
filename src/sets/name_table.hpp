// Names, each kept once: equal names have equal ids. Ids count up from 0. Internal to sets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sets/open_table.hpp"

namespace polc::sets {

class NameTable {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = ~Id{0};

  /// Second: it was not known before.
  std::pair<Id, bool> intern(std::string_view name) {
    const std::uint32_t half = hash_of(name);
    if (const Id known = find(name, half); known != none) return {known, false};
    const Id id = static_cast<Id>(ends_.size());
    table_.insert({half, id, text_.size(), name.size()});
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
  // It knows where its name lies: `ends_` would be one more look at memory.
  struct Slot {
    std::uint32_t half = 0;  // of the hash
    Id id = none;
    std::size_t begin = 0, size = 0;

    bool is_free() const { return id == none; }
    std::uint64_t hash() const { return half; }
  };

  static std::uint32_t hash_of(std::string_view name) {
    return static_cast<std::uint32_t>(mixed(std::hash<std::string_view>()(name)));
  }
  Id find(std::string_view name, std::uint32_t half) const {
    const auto is_it = [&](const Slot& slot) {
      return slot.half == half && std::string_view(text_).substr(slot.begin, slot.size) == name;
    };
    const Slot* slot = table_.find(half, is_it);
    return slot == nullptr ? none : slot->id;
  }

  std::string text_;  // of all names, one after the other
  std::vector<std::size_t> ends_;
  OpenTable<Slot> table_;
};

}  // namespace polc::sets
