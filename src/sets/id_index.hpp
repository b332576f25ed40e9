// A hash index of things that are kept elsewhere and go by small numbers: eight bytes each, no allocation of its own.
//   const auto is = [&](std::uint32_t id) { return names[id] == name; };
//   if (index.find(hash, is) == IdIndex::none) index.insert(hash, id);
// Nothing is taken out but all at once.
#pragma once

#include <cstdint>
#include <vector>

namespace polc::sets {

class IdIndex {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// The id of which `is` is true, among those inserted under this hash; or none. Mostly `is` is asked of that one alone:
  /// in a large index each of the others would be a look at memory that no cache holds.
  template <class Is>
  std::uint32_t find(std::uint64_t hash, const Is& is) const {
    if (slots_.empty()) return none;
    const auto half = static_cast<std::uint32_t>(hash);
    for (std::size_t at = half & mask(); slots_[at].id != none; at = (at + 1) & mask())
      if (slots_[at].hash == half && is(slots_[at].id)) return slots_[at].id;
    return none;
  }
  /// It is not there yet.
  void insert(std::uint64_t hash, std::uint32_t id) {
    if (3 * (size_ + 1) > 2 * slots_.size()) grow();
    place({static_cast<std::uint32_t>(hash), id});
    ++size_;
  }
  void clear() {
    slots_.assign(slots_.size(), {});
    size_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;  // its low half
    std::uint32_t id = none;
  };

  std::size_t mask() const { return slots_.size() - 1; }
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

  std::vector<Slot> slots_;  // a power of two of them, at least a third of them free
  std::size_t size_ = 0;
};

}  // namespace polc::sets
