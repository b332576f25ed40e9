#include "systrace/layers.hpp"

#include <algorithm>

namespace polc::systrace::syntax {
namespace {

// More pairs are not compared.
constexpr std::size_t most_pairs = 1'000'000;

bool are_disjoint(const Sum& a, const Sum& b, const Disjoint& disjoint) {
  if (a.empty() || b.empty()) return true;
  if (a.all || b.all || a.sets.size() * b.sets.size() > most_pairs) return false;
  for (const SetId x : a.sets)
    for (const SetId y : b.sets)
      if (x == y || !disjoint(x, y)) return false;
  return true;
}

Sum sorted(Sum sum) {
  std::sort(sum.sets.begin(), sum.sets.end());
  sum.sets.erase(std::unique(sum.sets.begin(), sum.sets.end()), sum.sets.end());
  return sum;
}

void append(const Sum& more, Sum& sum) {
  sum.all |= more.all;
  sum.sets.insert(sum.sets.end(), more.sets.begin(), more.sets.end());
}

}  // namespace

bool Sum::includes(const Sum& other) const {
  return all || (!other.all && std::includes(sets.begin(), sets.end(), other.sets.begin(), other.sets.end()));
}

void Sum::add(const Sum& other) {
  append(other, *this);
  *this = sorted(std::move(*this));
}

std::optional<Layer> first_match(const std::vector<Entry>& entries, const Disjoint& disjoint) {
  Layer layer;
  Sum waiting;  // denies behind a permit: they count when another permit follows
  for (const Entry& entry : entries) {
    if (!entry.permits) {
      append(entry.takes, layer.allow.empty() ? layer.deny : waiting);
      if (entry.takes.all) break;
      continue;
    }
    if (!waiting.empty()) {
      if (!are_disjoint(layer.allow, waiting, disjoint)) return std::nullopt;
      append(waiting, layer.deny);
      waiting = {};
    }
    append(entry.takes, layer.allow);
    if (entry.takes.all) break;
  }
  layer.allow = sorted(std::move(layer.allow));
  layer.deny = sorted(std::move(layer.deny));
  if (layer.deny.all) return Layer{};
  return layer;
}

std::optional<Layer> any_of(std::vector<Layer> layers) {
  std::erase_if(layers, [](const Layer& layer) { return layer.allow.empty(); });
  if (layers.empty()) return Layer{};
  // What permits most and denies least stands for the others.
  Layer whole = layers.front();
  for (const Layer& layer : layers)
    if (layer.allow.includes(whole.allow) && whole.deny.includes(layer.deny)) whole = layer;
  for (const Layer& layer : layers) {
    if (whole.allow.includes(layer.allow) && layer.deny.includes(whole.deny)) continue;
    if (layer.deny != whole.deny) return std::nullopt;
    whole.allow.add(layer.allow);
  }
  return whole;
}

}  // namespace polc::systrace::syntax
