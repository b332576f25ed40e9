// A hash table of numbers without an allocation for each: keys are not 0, nothing is taken out. Internal to sets.
#pragma once

#include <cstdint>
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
  /// The value of the key, or nullptr. Only valid until the next insert.
  const std::uint32_t* find(std::uint64_t key) const {
    if (entries_.empty()) return nullptr;
    for (std::size_t at = mixed(key) & mask();; at = (at + 1) & mask()) {
      if (entries_[at].key == key) return &entries_[at].value;
      if (entries_[at].key == 0) return nullptr;
    }
  }
  /// The key is not there yet.
  void insert(std::uint64_t key, std::uint32_t value) {
    if (2 * (size_ + 1) > entries_.size()) grow();
    place(key, value);
    ++size_;
  }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t value = 0;
  };
  std::size_t mask() const { return entries_.size() - 1; }
  void place(std::uint64_t key, std::uint32_t value) {
    std::size_t at = mixed(key) & mask();
    while (entries_[at].key != 0) at = (at + 1) & mask();
    entries_[at] = {key, value};
  }
  void grow() {
    std::vector<Entry> old(entries_.empty() ? 64 : 2 * entries_.size());
    old.swap(entries_);
    for (const Entry& entry : old)
      if (entry.key != 0) place(entry.key, entry.value);
  }

  std::vector<Entry> entries_;  // a power of two of them, at least half of them free
  std::size_t size_ = 0;
};

}  // namespace polc::sets
