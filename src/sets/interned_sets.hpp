// Sets of small numbers, each kept once: equal sets have equal ids. Ids count up from 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sets/id_index.hpp"

namespace polc::sets {

class InternedSets {
 public:
  using Id = std::uint32_t;

  /// The members must be sorted and unique. Second: it was not known before.
  std::pair<Id, bool> intern(std::span<const std::uint32_t> members) {
    if (const auto known = find(members)) return {*known, false};
    const Id id = size();
    sets_.push_back({members_.size(), static_cast<std::uint32_t>(members.size())});
    members_.insert(members_.end(), members.begin(), members.end());
    index_.insert(hash_of(members), id);
    return {id, true};
  }

  std::optional<Id> find(std::span<const std::uint32_t> members) const {
    const Id id = index_.find(hash_of(members), [&](Id other) { return equals(other, members); });
    return id == IdIndex::none ? std::nullopt : std::optional(id);
  }

  /// Valid until the next intern().
  std::span<const std::uint32_t> operator[](Id id) const { return {members_.data() + sets_[id].begin, sets_[id].size}; }
  Id size() const { return static_cast<Id>(sets_.size()); }

 private:
  struct Set {
    std::size_t begin;
    std::uint32_t size;
  };

  static std::uint64_t hash_of(std::span<const std::uint32_t> members) {
    std::uint64_t hash = members.size();
    for (const auto member : members) {
      hash = (hash ^ member) * 0x9E3779B97F4A7C15ull;
      hash ^= hash >> 29;
    }
    return hash;
  }
  bool equals(Id id, std::span<const std::uint32_t> members) const {
    const auto known = (*this)[id];
    return std::equal(members.begin(), members.end(), known.begin(), known.end());
  }

  std::vector<std::uint32_t> members_;  // of all sets, one after the other
  std::vector<Set> sets_;
  IdIndex index_;
};

}  // namespace polc::sets
