// The glob edges of one trie node, found by what a name begins or ends with: a thousand `app1*` ... `app1000*` in one
// directory cost a few look-ups a name, not a thousand matches.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace polc::sets {

class GlobEdges {
 public:
  struct Edge {
    std::uint32_t glob;
    std::uint32_t child;
  };

  /// `prefix` and `suffix`: the letters that every match begins and ends with.
  void add(Edge edge, std::string_view prefix, std::string_view suffix) {
    all_.push_back(edge);
    if (!prefix.empty()) prefixes_.add(edge, prefix.substr(0, longest_key));
    else if (!suffix.empty()) suffixes_.add(edge, suffix.substr(suffix.size() - std::min(suffix.size(), longest_key)));
    else others_.push_back(edge);
  }

  const std::vector<Edge>& all() const { return all_; }

  /// Calls `use(edge)` for a superset of the edges whose glob matches; returns the number of look-ups.
  template <class Use>
  std::uint64_t for_each_candidate(std::string_view name, Use use) const {
    for (const Edge edge : others_) use(edge);
    return prefixes_.for_each(
               name, [&](std::size_t n) { return name.substr(0, n); }, use) +
           suffixes_.for_each(
               name, [&](std::size_t n) { return name.substr(name.size() - n); }, use);
  }

 private:
  static constexpr std::size_t longest_key = 63;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  struct Index {
    std::unordered_map<std::string, std::vector<Edge>, Hash, std::equal_to<>> by_key;
    std::uint64_t lengths = 0;  // bit n: some key has n letters

    void add(Edge edge, std::string_view key) {
      by_key[std::string(key)].push_back(edge);
      lengths |= std::uint64_t{1} << key.size();
    }
    template <class KeyOf, class Use>
    std::uint64_t for_each(std::string_view name, KeyOf key_of, Use use) const {
      std::uint64_t lookups = 0;
      for (std::uint64_t left = lengths; left != 0; left &= left - 1) {
        const auto length = static_cast<std::size_t>(std::countr_zero(left));
        if (length > name.size()) break;
        ++lookups;
        const auto found = by_key.find(key_of(length));
        if (found == by_key.end()) continue;
        for (const Edge edge : found->second) use(edge);
      }
      return lookups;
    }
  };

  std::vector<Edge> all_;
  std::vector<Edge> others_;
  Index prefixes_, suffixes_;
};

}  // namespace polc::sets
