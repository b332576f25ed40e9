// Names, each kept once: equal names have equal ids. Ids count up from 0. Internal to sets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sets/flat_table.hpp"
#include "sets/id_index.hpp"

namespace polc::sets {

class NameTable {
 public:
  using Id = std::uint32_t;
  static constexpr Id none = IdIndex::none;

  /// Second: it was not known before.
  std::pair<Id, bool> intern(std::string_view name) {
    if (const Id known = find(name); known != none) return {known, false};
    const Id id = static_cast<Id>(ends_.size());
    text_ += name;
    ends_.push_back(text_.size());
    index_.insert(hash_of(name), id);
    return {id, true};
  }
  Id find(std::string_view name) const {
    return index_.find(hash_of(name), [&](Id id) { return (*this)[id] == name; });
  }
  /// Valid until the next intern().
  std::string_view operator[](Id id) const {
    const std::size_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::string_view(text_).substr(begin, ends_[id] - begin);
  }

 private:
  static std::uint64_t hash_of(std::string_view name) { return mixed(std::hash<std::string_view>()(name)); }

  std::string text_;  // of all names, one after the other
  std::vector<std::size_t> ends_;
  IdIndex index_;
};

}  // namespace polc::sets
