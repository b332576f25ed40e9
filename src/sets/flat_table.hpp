// A hash table of small numbers, eight bytes a place, without an allocation for each: keys are below 2^44, values below
// 2^20, nothing is taken out but all at once. Internal to sets.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace polc::sets {

/// Spreads the bits of a key over all of the result.
constexpr std::uint64_t mixed(std::uint64_t key) {
  key *= 0x9E37'79B9'7F4A'7C15u;
  key ^= key >> 32;
  return key * 0xD6E8'FEB8'6659'FD93u >> 16;
}

class FlatTable {
 public:
  static constexpr unsigned value_bits = 20;

  std::optional<std::uint32_t> find(std::uint64_t key) const {
    if (places_.empty()) return std::nullopt;
    for (std::size_t at = mixed(key) & mask(); places_[at] != 0; at = (at + 1) & mask())
      if (key_of(places_[at]) == key) return static_cast<std::uint32_t>(places_[at] & low_bits);
    return std::nullopt;
  }
  /// The key is not there yet.
  void insert(std::uint64_t key, std::uint32_t value) {
    if (3 * (size_ + 1) > 2 * places_.size()) grow();
    place((key + 1) << value_bits | value);
    ++size_;
  }
  void clear() {
    places_.assign(places_.size(), 0);
    size_ = 0;
  }

 private:
  static constexpr std::uint64_t low_bits = (std::uint64_t{1} << value_bits) - 1;
  static std::uint64_t key_of(std::uint64_t place) { return (place >> value_bits) - 1; }
  std::size_t mask() const { return places_.size() - 1; }
  void place(std::uint64_t entry) {
    std::size_t at = mixed(key_of(entry)) & mask();
    while (places_[at] != 0) at = (at + 1) & mask();
    places_[at] = entry;
  }
  void grow() {
    std::vector<std::uint64_t> old(places_.empty() ? 64 : 2 * places_.size());
    old.swap(places_);
    for (const std::uint64_t entry : old)
      if (entry != 0) place(entry);
  }

  std::vector<std::uint64_t> places_;  // a power of two of them, a third of them free; key + 1 and value, or 0
  std::size_t size_ = 0;
};

}  // namespace polc::sets
