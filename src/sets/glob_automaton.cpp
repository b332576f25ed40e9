#include "sets/glob_automaton.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace polc::sets {
namespace {

struct ByteRange {
  std::uint8_t low;
  std::uint8_t high;
  auto operator<=>(const ByteRange&) const = default;
};
using ByteRanges = std::vector<ByteRange>;

/// Largest code points of 1, 2, 3 and 4 bytes.
constexpr std::uint32_t last_of_length[] = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

ByteRanges encoded(std::uint32_t low, std::uint32_t high, unsigned length) {
  constexpr std::uint32_t lead[] = {0, 0xC0, 0xE0, 0xF0};
  ByteRanges ranges;
  for (unsigned i = 0; i < length; ++i) {
    const unsigned shift = 6 * (length - 1 - i);
    const std::uint32_t mark = i == 0 ? lead[length - 1] : 0x80;
    const std::uint32_t mask = i == 0 ? ~std::uint32_t{0} : 0x3F;
    ranges.push_back({static_cast<std::uint8_t>(mark | (low >> shift & mask)),
                      static_cast<std::uint8_t>(mark | (high >> shift & mask))});
  }
  return ranges;
}

// A range of code points is cut until all its bytes vary independently: first at the lengths of UTF-8, then wherever
// the low end is not followed, or the high end not preceded, by every continuation.
void append_sequences(std::uint32_t low, std::uint32_t high, std::vector<ByteRanges>& out) {
  unsigned length = 1;
  while (low > last_of_length[length - 1]) ++length;
  if (high > last_of_length[length - 1]) {
    append_sequences(low, last_of_length[length - 1], out);
    return append_sequences(last_of_length[length - 1] + 1, high, out);
  }
  for (unsigned tail = 1; tail < length; ++tail) {
    const std::uint32_t mask = (std::uint32_t{1} << (6 * tail)) - 1;
    if ((low & ~mask) == (high & ~mask)) continue;
    if ((low & mask) != 0) {
      append_sequences(low, low | mask, out);
      return append_sequences((low | mask) + 1, high, out);
    }
    if ((high & mask) != mask) {
      append_sequences(low, (high & ~mask) - 1, out);
      return append_sequences(high & ~mask, high, out);
    }
  }
  out.push_back(encoded(low, high, length));
}

class Builder {
 public:
  std::vector<std::vector<GlobAutomaton::Edge>> edges{1};

  std::uint32_t add_state() {
    edges.emplace_back();
    return static_cast<std::uint32_t>(edges.size() - 1);
  }

  void add_characters(std::uint32_t from, std::uint32_t to, const NumberSet& characters) {
    std::vector<ByteRanges> sequences;
    for (const auto& range : characters.intervals()) append_sequences(range.low, range.high, sequences);
    std::map<ByteRanges, std::uint32_t> before{{{}, to}};  // the state from which these bytes lead to `to`
    for (const auto& sequence : sequences) {
      std::uint32_t target = to;
      for (std::size_t i = sequence.size() - 1; i > 0; --i) {
        const ByteRanges tail(sequence.begin() + static_cast<std::ptrdiff_t>(i), sequence.end());
        const auto known = before.find(tail);
        const std::uint32_t state = known != before.end() ? known->second : add_state();
        if (known == before.end()) {
          edges[state].push_back({sequence[i].low, sequence[i].high, target});
          before.emplace(tail, state);
        }
        target = state;
      }
      edges[from].push_back({sequence[0].low, sequence[0].high, target});
    }
  }
};

}  // namespace

GlobAutomaton::GlobAutomaton(const std::vector<GlobStep>& steps) {
  Builder builder;
  std::uint32_t state = start;
  for (const auto& step : steps) {
    if (step.kind == GlobStep::Kind::star) {
      builder.edges[state].push_back({0, 255, state});
      continue;
    }
    const std::uint32_t next = builder.add_state();
    const auto byte = static_cast<std::uint8_t>(step.byte);
    if (step.kind == GlobStep::Kind::byte) builder.edges[state].push_back({byte, byte, next});
    else builder.add_characters(state, next, step.kind == GlobStep::Kind::set ? step.characters : all_characters());
    state = next;
  }
  accepting_.assign(builder.edges.size(), false);
  accepting_[state] = true;
  fill(builder.edges);
}

GlobAutomaton::GlobAutomaton(const std::vector<std::vector<Edge>>& edges_by_state, std::vector<bool> accepting)
    : accepting_(std::move(accepting)) {
  fill(edges_by_state);
}

void GlobAutomaton::fill(const std::vector<std::vector<Edge>>& edges_by_state) {
  for (std::uint32_t state = 0; state < edges_by_state.size(); ++state) {
    const auto& edges = edges_by_state[state];
    first_edge_.push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_.insert(edges_.end(), edges.begin(), edges.end());
    takes_all_.push_back(std::any_of(edges.begin(), edges.end(), [&](const Edge& edge) {
      return edge.low == 0 && edge.high == 255 && edge.target == state;
    }));
  }
  first_edge_.push_back(static_cast<std::uint32_t>(edges_.size()));
}

bool GlobAutomaton::matches(std::string_view name, std::uint64_t& work) const {
  std::vector<std::uint32_t> here{start}, next;
  for (const char c : name) {
    const auto byte = static_cast<std::uint8_t>(c);
    next.clear();
    for (const std::uint32_t state : here)
      for (const Edge& edge : edges_from(state))
        if (edge.low <= byte && byte <= edge.high) next.push_back(edge.target);
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    here.swap(next);
    work += here.size() + 1;
  }
  return std::any_of(here.begin(), here.end(), [&](std::uint32_t state) { return accepts(state); });
}

}  // namespace polc::sets
