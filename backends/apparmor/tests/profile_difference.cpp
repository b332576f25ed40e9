#include "profile_difference.hpp"

#include <fmt/format.h>

#include <unordered_set>
#include <vector>

namespace polc::apparmor {
namespace {

using Permits = std::uint32_t;

// An automaton that permits nothing stands for one that a profile lacks.
class Walk {
 public:
  explicit Walk(const std::optional<Automaton>& automaton) : automaton_(automaton ? &*automaton : nullptr) {}
  std::uint32_t start() const { return automaton_ == nullptr ? 0 : 1; }
  std::uint32_t step(std::uint32_t state, std::uint8_t byte) const {
    return state == 0 ? 0 : automaton_->step(state, byte);
  }
  Permits accept(std::uint32_t state) const { return state == 0 ? 0 : automaton_->accept(state); }

 private:
  const Automaton* automaton_;
};

std::string shown(const std::string& bytes) {
  std::string out;
  for (const char c : bytes)
    out += c > 0x20 && c < 0x7F ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return out;
}

/// Breadth first over pairs of states. `more(a, b, after_nul)`: which of the permissions a are missing from b. What
/// comes after the first NUL is a name of another kind. No path has `//` in it: `are_paths` leaves those out.
template <class More>
std::optional<std::string> difference(const Walk& left, const Walk& right, bool are_paths, More more) {
  struct Step {
    std::uint32_t left, right;
    std::size_t before;
    std::uint8_t byte;  // that led here
    bool after_nul;
  };
  std::vector<Step> steps{{left.start(), right.start(), 0, 0, false}};
  std::unordered_set<std::uint64_t> seen;
  const auto is_new = [&](const Step& s) {
    const unsigned flags = (s.after_nul ? 1u : 0u) | (are_paths && s.byte == '/' ? 2u : 0u);
    return s.left != 0 && seen.insert(std::uint64_t{s.left} << 34 | std::uint64_t{s.right} << 2 | flags).second;
  };
  if (!is_new(steps.front())) return std::nullopt;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Step here = steps[at];
    if (const Permits extra = more(left.accept(here.left), right.accept(here.right), here.after_nul); extra != 0) {
      std::string bytes;
      for (std::size_t i = at; i != 0; i = steps[i].before)
        bytes.insert(bytes.begin(), static_cast<char>(steps[i].byte));
      return fmt::format("{} ({:x})", shown(bytes), extra);
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (are_paths && byte == '/' && here.byte == '/') continue;
      const auto symbol = static_cast<std::uint8_t>(byte);
      const Step next{left.step(here.left, symbol), right.step(here.right, symbol), at, symbol,
                      here.after_nul || byte == 0};
      if (is_new(next)) steps.push_back(next);
    }
  }
  return std::nullopt;
}

constexpr Permits letters = 0x7F;  // x w r a l k m, see binary_policy.cpp
constexpr Permits link = 0x10, subset = 0x20;
constexpr unsigned half = 14;

/// How a program is run, and as what.
std::string exec_mode(const BinaryPolicy& policy, Permits permits) {
  const unsigned index = permits >> 10 & 15u;
  const std::string target = index >= 4 && index - 4 < policy.targets().size() ? policy.targets()[index - 4] : "";
  return fmt::format("{:x} {} {}", permits & 0x380, index < 4 ? index : 4, target);
}

Permits half_more(const BinaryPolicy& left, const BinaryPolicy& right, Permits a, Permits b, bool is_pair) {
  // The two names of a link: nothing is asked but whether they may be linked, and whether the subset test is spared.
  if (is_pair) return (a & link) == 0 || ((b & link) != 0 && (a & subset) >= (b & subset)) ? 0 : link;
  const Permits extra = a & ~b & letters;
  const bool both_run = (a & b & 1u) != 0;
  return both_run && exec_mode(left, a) != exec_mode(right, b) ? extra | 1u : extra;
}

}  // namespace

std::optional<std::string> first_difference(const BinaryPolicy& left, const BinaryPolicy& right) {
  if (const auto more = left.capabilities() & ~right.capabilities(); more != 0)
    return fmt::format("capabilities {:#x}", more);
  const auto files = [&](Permits a, Permits b, bool is_pair) {
    return half_more(left, right, a, b, is_pair) | half_more(left, right, a >> half, b >> half, is_pair) << half;
  };
  if (auto found = difference(Walk(left.files()), Walk(right.files()), true, files)) return "file " + *found;
  const auto rest = [](Permits a, Permits b, bool) { return a & ~b; };
  if (auto found = difference(Walk(left.rest()), Walk(right.rest()), false, rest)) return "rule of class " + *found;
  return std::nullopt;
}

}  // namespace polc::apparmor
