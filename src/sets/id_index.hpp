// A hash index of things that are kept elsewhere and go by small numbers: four bytes each, no allocation of its own.
//   const auto is = [&](std::uint32_t id) { return names[id] == name; };
//   if (index.find(hash, is) == IdIndex::none) index.insert(hash, id, [&](std::uint32_t id) { return hash_of(names[id]); });
// Nothing is taken out but all at once.
#pragma once

#include <cstdint>
#include <vector>

namespace polc::sets {

class IdIndex {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// The id of which `is` is true, among those inserted under this hash; or none.
  template <class Is>
  std::uint32_t find(std::uint64_t hash, const Is& is) const {
    if (slots_.empty()) return none;
    for (std::size_t at = hash & mask(); slots_[at] != none; at = (at + 1) & mask())
      if (is(slots_[at])) return slots_[at];
    return none;
  }
  /// It is not there yet. `hash_of`: of any id that is.
  template <class HashOf>
  void insert(std::uint64_t hash, std::uint32_t id, const HashOf& hash_of) {
    if (3 * (size_ + 1) > 2 * slots_.size()) grow(hash_of);
    place(hash, id);
    ++size_;
  }
  void clear() {
    slots_.assign(slots_.size(), none);
    size_ = 0;
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }
  void place(std::uint64_t hash, std::uint32_t id) {
    std::size_t at = hash & mask();
    while (slots_[at] != none) at = (at + 1) & mask();
    slots_[at] = id;
  }
  template <class HashOf>
  void grow(const HashOf& hash_of) {
    std::vector<std::uint32_t> old(slots_.empty() ? 16 : 2 * slots_.size(), none);
    old.swap(slots_);
    for (const std::uint32_t id : old)
      if (id != none) place(hash_of(id), id);
  }

  std::vector<std::uint32_t> slots_;  // a power of two of them, at least a third of them free
  std::size_t size_ = 0;
};

}  // namespace polc::sets
