#include "target/permitted.hpp"

#include <algorithm>

namespace polc::target {
namespace {

// A box is looked for among so many that came before it.
constexpr std::size_t remembered_boxes = 256;

/// Does the box name no path of its own? Then other rules may well bring the same.
bool is_common(const ir::Box& box) {
  const auto everywhere = [](const std::vector<sets::PathPattern>& places) { return places.size() == 2 && places[0].components.empty(); };
  if (const auto* file = std::get_if<ir::FileBox>(&box)) return everywhere(file->places);
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) return everywhere(pair->from) && everywhere(pair->to);
  if (const auto* net = std::get_if<ir::NetBox>(&box)) return net->any_unix_address && net->ip4.is_all() && net->ip6.is_all();
  return true;
}

class Uniter {
 public:
  void add(ir::Effect effect, const ir::Box& box, const std::vector<ir::RuleId>& rules, std::uint32_t piece) {
    if (is_common(box)) {
      for (const std::uint32_t place : common_)
        if (parts_[place].effect == effect && parts_[place].box == box) return join(place, rules, piece);
      if (common_.size() < remembered_boxes) common_.push_back(static_cast<std::uint32_t>(parts_.size()));
    }
    parts_.push_back({effect, box, rules, false});
    result_.pieces.push_back({piece});
  }

  void add_free(const ir::Box& box) {
    parts_.push_back({ir::Effect::allow, box, {}, false});
    result_.pieces.emplace_back();
  }

  Permitted take(Os os) {
    for (const std::uint32_t place : common_) {
      auto& rules = parts_[place].rules;
      std::sort(rules.begin(), rules.end());
      rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    }
    result_.set = eval::make_meaning(std::move(parts_), os, false);
    return std::move(result_);
  }

 private:
  void join(std::uint32_t place, const std::vector<ir::RuleId>& rules, std::uint32_t piece) {
    auto& all = parts_[place].rules;
    all.insert(all.end(), rules.begin(), rules.end());
    if (result_.pieces[place].back() != piece) result_.pieces[place].push_back(piece);
  }

  std::vector<eval::Part> parts_;
  std::vector<std::uint32_t> common_;  // places of the common boxes
  Permitted result_;
};

}  // namespace

Permitted permitted_by(const LegalPolicy& policy, const std::vector<std::vector<ir::RuleId>>& rules) {
  Uniter uniter;
  for (std::uint32_t piece = 0; piece < policy.rules().size(); ++piece)
    for (const ir::Box& box : policy.rules()[piece].piece.meaning)
      uniter.add(policy.rules()[piece].effect, box, rules[piece], piece);
  for (const ir::Box& box : policy.unmediated()) uniter.add_free(box);
  return uniter.take(policy.policy().configuration.os);
}

}  // namespace polc::target
