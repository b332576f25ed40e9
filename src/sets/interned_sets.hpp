// Sets of small numbers, each kept once: equal sets have equal ids. Ids count up from 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace polc::sets {

class InternedSets {
 public:
  using Id = std::uint32_t;

  /// The members must be sorted and unique. Second: it was not known before.
  std::pair<Id, bool> intern(std::span<const std::uint32_t> members) {
    const auto [entry, is_new] = first_by_hash_.try_emplace(hash_of(members), size());
    for (Id id = is_new ? none : entry->second; id != none; id = sets_[id].next_same_hash)
      if (equals(id, members)) return {id, false};
    const Id id = size();
    sets_.push_back({members_.size(), static_cast<std::uint32_t>(members.size()), is_new ? none : entry->second});
    entry->second = id;
    members_.insert(members_.end(), members.begin(), members.end());
    return {id, true};
  }

  std::optional<Id> find(std::span<const std::uint32_t> members) const {
    const auto entry = first_by_hash_.find(hash_of(members));
    for (Id id = entry == first_by_hash_.end() ? none : entry->second; id != none; id = sets_[id].next_same_hash)
      if (equals(id, members)) return id;
    return std::nullopt;
  }

  /// Valid until the next intern().
  std::span<const std::uint32_t> operator[](Id id) const { return {members_.data() + sets_[id].begin, sets_[id].size}; }
  Id size() const { return static_cast<Id>(sets_.size()); }

 private:
  static constexpr Id none = ~Id{0};
  struct Set {
    std::size_t begin;
    std::uint32_t size;
    Id next_same_hash;
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
  std::unordered_map<std::uint64_t, Id> first_by_hash_;
};

}  // namespace polc::sets
