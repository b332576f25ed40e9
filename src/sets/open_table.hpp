// The hash table beneath all others: an array of a power of two of slots, at least a third of them free, and one that is taken is
// followed by the next. A Slot says `is_free()` and `hash()`, and is free when it is made. Nothing is taken out but all at once.
// Without an allocation for each thing that is kept, and with the key in the slot: a look elsewhere would be one more at memory
// that no cache holds. Internal to sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace polc::sets {

/// Spreads the bits of a key over all of the result.
constexpr std::uint64_t mixed(std::uint64_t key) {
  key *= 0x9E37'79B9'7F4A'7C15u;
  key ^= key >> 32;
  return key * 0xD6E8'FEB8'6659'FD93u >> 16;
}

template <class Slot>
class OpenTable {
 public:
  /// The slot of which `is` is true, among those that begin at this hash; else nullptr.
  template <class Is>
  const Slot* find(std::uint64_t hash, const Is& is) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = hash & mask(); !slots_[at].is_free(); at = (at + 1) & mask())
      if (is(slots_[at])) return &slots_[at];
    return nullptr;
  }
  /// It is not there yet.
  void insert(const Slot& slot) {
    if (3 * (size_ + 1) > 2 * slots_.size()) grow();
    place(slot);
    ++size_;
  }
  void clear() {
    slots_.assign(slots_.size(), Slot{});
    size_ = 0;
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }
  void place(const Slot& slot) {
    std::size_t at = slot.hash() & mask();
    while (!slots_[at].is_free()) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (!slot.is_free()) place(slot);
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace polc::sets
