#include "sets/name_choices.hpp"

#include <algorithm>

namespace polc::sets {
namespace {

// Positions stay below this; the two numbers behind them in a key lie above, so a key is one sorted set.
constexpr std::uint32_t forbidden_mark = 0x80000000u;

std::array<std::uint8_t, 256> make_ranks() {
  std::string order;
  for (char c = 'a'; c <= 'z'; ++c) order += c;
  for (char c = '0'; c <= '9'; ++c) order += c;
  for (char c = 'A'; c <= 'Z'; ++c) order += c;
  order += "_-.";
  const auto append_rest = [&](int low, int high) {
    for (int byte = low; byte <= high; ++byte)
      if (order.find(static_cast<char>(byte)) == std::string::npos) order += static_cast<char>(byte);
  };
  append_rest(' ', '~');
  append_rest(0x80, 0xFF);
  append_rest(0, 0x7F);
  std::array<std::uint8_t, 256> ranks{};
  for (std::size_t i = 0; i < order.size(); ++i)
    ranks[static_cast<unsigned char>(order[i])] = static_cast<std::uint8_t>(i);
  return ranks;
}

}  // namespace

const std::array<std::uint8_t, 256>& byte_ranks() {
  static const auto ranks = make_ranks();
  return ranks;
}

NameChoices::NameChoices(std::vector<const GlobAutomaton*> globs, NameRules rules)
    : globs_(std::move(globs)), rules_(std::move(rules)) {
  for (std::uint32_t i = 0; i < globs_.size(); ++i) {
    first_position_.push_back(static_cast<std::uint32_t>(glob_of_.size()));
    glob_of_.resize(glob_of_.size() + globs_[i]->size(), i);
  }
}

bool NameChoices::run(Budget& budget, const MayMatter& may_matter) {
  std::vector<std::uint32_t> starts;
  for (std::uint32_t i = 0; i < globs_.size(); ++i) starts.push_back(first_position_[i] + GlobAutomaton::start);
  add_state(starts, 0, static_cast<std::uint32_t>(rules_.forbidden.size()), {0, 0, 0});
  for (std::uint32_t id = 0; id < states_.size(); ++id) {
    const Unpacked state = unpacked(id);
    if (!budget.spend(1 + state.positions.size())) return false;
    if (may_matter && !is_wanted(state, budget, may_matter)) {
      if (budget.exhausted) return false;
      continue;
    }
    if (!accept(id, state, budget)) return false;
    // Without a living glob every longer name is like the first one that was allowed.
    if (state.positions.empty() && outcomes_.find({}).has_value()) continue;
    if (!expand(id, state, budget)) return false;
  }
  return true;
}

void NameChoices::add_state(const std::vector<std::uint32_t>& positions, std::uint32_t begin, std::uint32_t end,
                            State state) {
  std::vector<std::uint32_t> key = positions;
  if (begin < end) {
    key.push_back(forbidden_mark | begin);
    key.push_back(forbidden_mark | end);
  }
  if (keys_.intern(key).second) states_.push_back(state);
}

NameChoices::Unpacked NameChoices::unpacked(std::uint32_t id) const {
  const auto key = keys_[id];
  Unpacked state;
  state.positions.assign(key.begin(), key.end());
  if (!key.empty() && key.back() >= forbidden_mark) {
    state.forbidden_end = key[key.size() - 1] & ~forbidden_mark;
    state.forbidden_begin = key[key.size() - 2] & ~forbidden_mark;
    state.positions.resize(key.size() - 2);
  }
  return state;
}

bool NameChoices::accept(std::uint32_t id, const Unpacked& state, Budget& budget) {
  const std::uint32_t depth = states_[id].depth;
  if (depth == 0 && !rules_.crosses_slash) return true;
  // Sorted: of all forbidden names that begin so, the one that ends here comes first.
  if (state.forbidden_begin < state.forbidden_end && rules_.forbidden[state.forbidden_begin].size() == depth)
    return true;
  std::vector<std::uint32_t> matched;
  for (const auto position : state.positions) {
    const auto glob = glob_of_[position];
    if (globs_[glob]->accepts(position - first_position_[glob]) && (matched.empty() || matched.back() != glob)) matched.push_back(glob);
  }
  if (!outcomes_.intern(matched).second) return true;
  found_.push_back({name_of(id), std::move(matched)});
  return budget.spend(depth + found_.back().matched.size());
}

bool NameChoices::is_wanted(const Unpacked& state, Budget& budget, const MayMatter& may_matter) const {
  std::vector<std::uint32_t> sure, alive;
  for (const auto position : state.positions) {
    const auto glob = glob_of_[position];
    if (alive.empty() || alive.back() != glob) alive.push_back(glob);
    if (globs_[glob]->accepts_all_from(position - first_position_[glob]) && (sure.empty() || sure.back() != glob)) sure.push_back(glob);
  }
  return budget.spend(alive.size() + sure.size() + 1) && may_matter(sure, alive);
}

bool NameChoices::expand(std::uint32_t id, const Unpacked& state, Budget& budget) {
  std::uint64_t work = 0;
  const std::uint32_t depth = states_[id].depth;
  auto classes = byte_classes(depth, state, work);
  if (!budget.spend(work)) return false;
  for (auto& [shown, targets] : classes) {
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    const auto [begin, end] = narrowed(state, depth, shown);
    add_state(targets, begin, end, {id, depth + 1, shown});
  }
  return true;
}

/// Where the bytes begin that some edge, or some forbidden name, treats differently from the byte before.
NameChoices::Cuts NameChoices::cuts_of(std::uint32_t depth, const Unpacked& state) const {
  Cuts cuts;
  const auto cut = [&](unsigned low, unsigned high) {
    cuts.set(low);
    cuts.set(high + 1);
  };
  cut(0, 0);
  if (!rules_.crosses_slash) cut('/', '/');
  for (const auto position : state.positions)
    for (const auto& edge : edges_from(position)) cut(edge.low, edge.high);
  for (auto i = state.forbidden_begin; i < state.forbidden_end; ++i) {
    if (rules_.forbidden[i].size() == depth) continue;
    const auto byte = static_cast<unsigned char>(rules_.forbidden[i][depth]);
    cut(byte, byte);
  }
  return cuts;
}

std::vector<NameChoices::ByteClass> NameChoices::byte_classes(std::uint32_t depth, const Unpacked& state,
                                                              std::uint64_t& work) const {
  const Cuts cuts = cuts_of(depth, state);
  const auto& ranks = byte_ranks();
  std::vector<ByteClass> classes;
  std::array<std::uint32_t, 256> class_of{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto shown = static_cast<std::uint8_t>(byte);
    if (cuts[byte]) classes.push_back({shown, {}});
    else if (ranks[shown] < ranks[classes.back().shown]) classes.back().shown = shown;
    class_of[byte] = static_cast<std::uint32_t>(classes.size() - 1);
  }
  for (const auto position : state.positions) {
    for (const auto& edge : edges_from(position)) {
      work += class_of[edge.high] - class_of[edge.low] + 1;
      for (auto c = class_of[edge.low]; c <= class_of[edge.high]; ++c)
        classes[c].targets.push_back(first_position_[glob_of_[position]] + edge.target);
    }
  }
  // Measured: the table of 256 costs as much as some forty edges.
  work += 40 + 3 * classes.size() + (state.forbidden_end - state.forbidden_begin);
  std::erase_if(classes, [&](const ByteClass& c) { return c.shown == 0 || (c.shown == '/' && !rules_.crosses_slash); });
  std::sort(classes.begin(), classes.end(),
            [&](const ByteClass& a, const ByteClass& b) { return ranks[a.shown] < ranks[b.shown]; });
  return classes;
}

std::pair<std::uint32_t, std::uint32_t> NameChoices::narrowed(const Unpacked& state, std::uint32_t depth,
                                                              std::uint8_t byte) const {
  const auto at = [&](std::uint32_t i) { return rules_.forbidden.begin() + i; };
  // Those that are longer than `depth` agree up to there and are sorted by the byte; the one that ends there comes
  // first.
  const auto order = [&](const std::string& name) {
    return name.size() > depth ? static_cast<int>(static_cast<unsigned char>(name[depth])) : -1;
  };
  const auto low = std::lower_bound(at(state.forbidden_begin), at(state.forbidden_end), byte,
                                    [&](const std::string& name, int b) { return order(name) < b; });
  const auto high = std::upper_bound(low, at(state.forbidden_end), byte,
                                     [&](int b, const std::string& name) { return b < order(name); });
  return {static_cast<std::uint32_t>(low - at(0)), static_cast<std::uint32_t>(high - at(0))};
}

std::string NameChoices::name_of(std::uint32_t id) const {
  std::string name;
  for (; states_[id].depth > 0; id = states_[id].parent) name += static_cast<char>(states_[id].byte);
  std::reverse(name.begin(), name.end());
  return name;
}

}  // namespace polc::sets
