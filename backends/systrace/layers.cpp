#include "systrace/layers.hpp"

#include <algorithm>

namespace polc::systrace::syntax {
namespace {

using All = std::vector<Taken>;

bool before(const Taken& a, const Taken& b) { return a.product < b.product; }
bool same(const Taken& a, const Taken& b) { return a.product == b.product; }

/// Of equal ones the first stays.
All sorted(All all) {
  std::stable_sort(all.begin(), all.end(), before);
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

bool are_same(const All& a, const All& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end(), same); }

bool includes(const All& a, const All& b) {
  const bool is_all = std::any_of(a.begin(), a.end(), [](const Taken& one) { return one.product.is_all(); });
  return is_all || std::includes(a.begin(), a.end(), b.begin(), b.end(), before);
}

/// Does `a` plainly permit all that `b` does?
bool covers(const Layer& a, const Layer& b) {
  if (a.groups.size() != 1 || b.groups.size() != 1) return false;
  return includes(a.groups[0].permits, b.groups[0].permits) && includes(b.groups[0].denies, a.groups[0].denies);
}

/// Adds what `more` permits under the same denies.
bool unite(Layer& whole, const Layer& more) {
  if (whole.groups.size() != 1 || more.groups.size() != 1 || !are_same(whole.groups[0].denies, more.groups[0].denies)) return false;
  All& permits = whole.groups[0].permits;
  permits.insert(permits.end(), more.groups[0].permits.begin(), more.groups[0].permits.end());
  permits = sorted(std::move(permits));
  return true;
}

}  // namespace

bool say_the_same(const Layer& a, const Layer& b) {
  return std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(), b.groups.end(), [](const Layer::Group& x, const Layer::Group& y) {
    return are_same(x.denies, y.denies) && are_same(x.permits, y.permits);
  });
}

bool are_one(const Layer& a, const Layer& b) {
  const auto same_lines = [](const All& x, const All& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const Taken& one, const Taken& other) { return one.line == other.line; });
  };
  return say_the_same(a, b) && std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(), [&](const Layer::Group& x, const Layer::Group& y) {
    return same_lines(x.denies, y.denies) && same_lines(x.permits, y.permits);
  });
}

Layer first_match(const std::vector<Entry>& entries) {
  Layer layer;
  for (const Entry& entry : entries) {
    if (entry.takes.empty()) continue;
    const bool begins = layer.empty() || (!entry.permits && !layer.groups.back().permits.empty());
    if (begins) layer.groups.emplace_back();
    All& into = entry.permits ? layer.groups.back().permits : layer.groups.back().denies;
    for (const Product& product : entry.takes) into.push_back({product, entry.line});
    const auto is_all = [](const Product& product) { return product.is_all(); };
    if (std::any_of(entry.takes.begin(), entry.takes.end(), is_all)) break;  // what follows is never met
  }
  // A refusal at the end takes nothing from anybody.
  if (!layer.empty() && layer.groups.back().permits.empty()) layer.groups.pop_back();
  for (Layer::Group& group : layer.groups) {
    group.denies = sorted(std::move(group.denies));
    group.permits = sorted(std::move(group.permits));
  }
  return layer;
}

std::vector<Layer> sum_of(std::vector<Layer> layers) {
  std::vector<Layer> result;
  for (Layer& layer : layers) {
    if (layer.empty()) continue;
    const auto is_enough = [&](const Layer& one) { return say_the_same(one, layer) || covers(one, layer); };
    if (std::any_of(result.begin(), result.end(), is_enough)) continue;
    std::erase_if(result, [&](const Layer& one) { return covers(layer, one); });
    if (std::none_of(result.begin(), result.end(), [&](Layer& one) { return unite(one, layer); })) result.push_back(std::move(layer));
  }
  return result;
}

}  // namespace polc::systrace::syntax
