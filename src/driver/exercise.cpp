#include "driver/exercise.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "eval/assertions.hpp"
#include "eval/compare.hpp"

namespace polc::driver {
namespace {

// ---- opening one dimension of a box; what has not got it stays as it is

// Everything below the directory that a path lies in.
void open_places(std::vector<sets::PathPattern>& places) {
  for (sets::PathPattern& place : places) {
    if (!place.components.empty() && !place.ends_in_below()) place.components.pop_back();
    place = place.with_below();
  }
}

void every_neighbour(ir::Box& box) {
  if (auto* file = std::get_if<ir::FileBox>(&box)) open_places(file->places);
  if (auto* pair = std::get_if<ir::PairBox>(&box)) open_places(pair->from), open_places(pair->to);
  if (auto* net = std::get_if<ir::NetBox>(&box)) open_places(net->paths);
}
void every_type(ir::Box& box) {
  if (auto* file = std::get_if<ir::FileBox>(&box)) file->types = FileTypes::all();
  if (auto* pair = std::get_if<ir::PairBox>(&box)) pair->types = FileTypes::all();
}
void every_owner(ir::Box& box) {
  if (auto* file = std::get_if<ir::FileBox>(&box)) file->owners = {};
  if (auto* pair = std::get_if<ir::PairBox>(&box)) pair->owners = {};
}
void every_mode(ir::Box& box) {
  if (auto* file = std::get_if<ir::FileBox>(&box)) file->mode = ir::all_mode_bits;
}
void every_request(ir::Box& box) {
  if (auto* file = std::get_if<ir::FileBox>(&box)) file->requests = sets::NumberSet::all();
}
void every_port(ir::Box& box) {
  if (auto* net = std::get_if<ir::NetBox>(&box)) net->ports = sets::PortSet::all();
}
void every_address(ir::Box& box) {
  auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr) return;
  net->ip4 = sets::Ip4Set::all();
  net->ip6 = sets::Ip6Set::all();
}
void every_argument(ir::Box& box) {
  if (auto* call = std::get_if<ir::CallBox>(&box)) call->where = {};
}
void every_account(ir::Box& box) {
  if (auto* identity = std::get_if<ir::IdentityBox>(&box)) identity->ids = sets::NumberSet::all();
}
void every_capability(ir::Box& box) {
  if (auto* capability = std::get_if<ir::CapabilityBox>(&box)) capability->capabilities = ~std::uint64_t{0};
}
void every_peer(ir::Box& box) {
  if (auto* peer = std::get_if<ir::PeerBox>(&box)) peer->any_peer = true;
}

struct Opening {
  std::string_view what;
  void (*open)(ir::Box&);
};
constexpr std::array openings{
    Opening{"with every neighbour of its paths", every_neighbour}, Opening{"with every type", every_type},
    Opening{"with every owner", every_owner},                      Opening{"with every mode", every_mode},
    Opening{"with every request", every_request},                  Opening{"with every port", every_port},
    Opening{"with every address", every_address},                  Opening{"whatever the arguments", every_argument},
    Opening{"with every account", every_account},                  Opening{"with every capability", every_capability},
    Opening{"with every peer", every_peer}};

// ---- what the expectations make of it

std::vector<ir::Box> named_boxes(const ir::Policy& policy) {
  std::vector<ir::Box> boxes;
  for (const ir::Expectation& expectation : policy.expectations)
    for (const auto& [box, left_out] : expectation.boxes) {
      boxes.push_back(box);
      if (auto* file = std::get_if<ir::FileBox>(&boxes.back()); file != nullptr && left_out.successor) file->successors.clear();
    }
  return boxes;
}

bool holds(const eval::Meaning& meaning, const ir::Expectation& expectation) {
  sets::Budget budget;
  return eval::judge(meaning, expectation, budget).holds;
}

// Certain only when the steps sufficed; else they may differ.
bool are_equal(const eval::Meaning& a, const eval::Meaning& b) {
  const eval::Meaning* const sides[] = {&a, &b};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool differ = false;
  return eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return !(differ = true); }) && !differ;
}

class Mutator {
 public:
  Mutator(const ir::Policy& policy, const eval::Meaning& meaning) : policy_(policy), meaning_(meaning) {
    for (const ir::Expectation& expectation : policy.expectations)
      if (holds(meaning, expectation)) holding_.push_back(&expectation);
  }

  MutationScore run() {
    for (std::uint32_t i = 0; i < policy_.rules.size(); ++i) {
      const ir::RuleId rule{i};
      try_one(rule, {}, "left out");
      for (const Opening& opening : openings) {
        std::vector<ir::Box> boxes = policy_.rules[i].boxes;
        for (ir::Box& box : boxes) opening.open(box);
        if (boxes != policy_.rules[i].boxes) try_one(rule, std::move(boxes), std::string(opening.what));
      }
    }
    return std::move(score_);
  }

 private:
  void try_one(ir::RuleId rule, std::vector<ir::Box> boxes, std::string what) {
    ir::Policy mutant = policy_;
    mutant.rules[rule.value].boxes = std::move(boxes);
    const eval::Meaning now = eval::meaning_of(mutant);
    const auto fails = [&](const ir::Expectation* expectation) { return !holds(now, *expectation); };
    if (std::any_of(holding_.begin(), holding_.end(), fails)) ++score_.noticed;
    else if (are_equal(now, meaning_)) ++score_.equal;
    else score_.unnoticed.push_back({rule, std::move(what)});
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  std::vector<const ir::Expectation*> holding_;
  MutationScore score_;
};

}  // namespace

std::vector<ir::RuleId> unnamed_rules(const ir::Policy& policy) {
  const eval::Meaning named = eval::set_of(named_boxes(policy), policy.configuration.os);
  std::vector<ir::RuleId> result;
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    const eval::Meaning rule = eval::set_of(policy.rules[i].boxes, policy.configuration.os, true);
    const eval::Meaning* const sides[] = {&rule, &named};
    sets::Budget budget;
    if (!eval::find_common(sides, budget)) result.push_back(ir::RuleId{i});
  }
  return result;
}

MutationScore mutate_rules(const ir::Policy& policy, const eval::Meaning& meaning) { return Mutator(policy, meaning).run(); }

}  // namespace polc::driver
