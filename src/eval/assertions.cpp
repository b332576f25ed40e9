#include "eval/assertions.hpp"

#include <algorithm>
#include <iterator>

#include "eval/compare.hpp"
#include "eval/implications.hpp"

namespace polc::eval {
namespace {

using Boxes = std::vector<ir::Box>;

Judgement answer(std::optional<ir::Point> counterexample, const sets::Budget& budget) {
  if (counterexample) return {false, 0, std::move(counterexample), {}};
  return {!budget.exhausted, budget.shortage(), std::nullopt, {}};
}

// Something that both allow.
std::optional<ir::Point> common(const Meaning& meaning, const Meaning& named, sets::Budget& budget) {
  const Meaning* const sides[] = {&meaning, &named};
  return find_common(sides, budget);
}

// Every value that the text left out: a box says one successor where it means any.
ir::Box widened(ir::Box box, const ir::LeftOut& left_out) {
  if (auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && left_out.successor) file->successors.clear();
  return box;
}

// A point of the box, for a message when nothing of it is allowed.
std::optional<ir::Point> any_point(const Meaning& named, sets::Budget& budget) {
  const Meaning* const sides[] = {&named};
  return find_access(sides, {.in = side(0)}, budget);
}

NetVerbs verb_of(const ir::Box& box) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  return net == nullptr ? NetVerbs{} : net->verbs;
}

void add_examples(Judgement& all, Judgement judgement) {
  std::move(judgement.examples.begin(), judgement.examples.end(), std::back_inserter(all.examples));
}

// One thing that `named` holds is allowed.
Judgement some_allowed(const Meaning& meaning, const Meaning& named, sets::Budget& budget) {
  if (auto example = common(meaning, named, budget)) return {true, false, std::nullopt, {*std::move(example)}};
  return answer(any_point(named, budget), budget);
}

// Addresses at which the meaning may change within the box, so that one stands for all up to the next.
template <class Number, class Numbers>
std::vector<Number> address_starts(const Meaning& meaning, const ir::NetBox& box, Numbers numbers) {
  std::vector<Number> starts;
  const auto add = [&](const ir::NetBox& from) {
    for (const auto& interval : numbers(from).intervals()) {
      starts.push_back(interval.low);
      if (interval.high != sets::IntervalSet<Number>::maximum) starts.push_back(interval.high + 1);
    }
  };
  add(box);
  for (const Part& part : meaning.parts())
    if (const auto* net = std::get_if<ir::NetBox>(&part.box); net != nullptr && net->family == box.family) add(*net);
  std::erase_if(starts, [&](Number start) { return !numbers(box).contains(start); });
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

// For each address of the box some port is allowed.
Judgement some_port_each(const Meaning& meaning, const ir::NetBox& box, sets::Budget& budget) {
  Judgement all;
  const auto ask = [&](ir::NetBox one) {
    Judgement judgement = some_allowed(meaning, set_of({std::move(one)}, meaning.os()), budget);
    if (judgement.holds) add_examples(all, std::move(judgement));
    else all = std::move(judgement);
    return all.holds;
  };
  if (box.family == Family::inet) {
    for (const auto start : address_starts<std::uint32_t>(meaning, box, [](const ir::NetBox& b) -> auto& { return b.ip4; })) {
      ir::NetBox one = box;
      one.ip4 = sets::Ip4Set::of(start);
      if (!ask(std::move(one))) break;
    }
  } else if (box.family == Family::inet6) {
    for (const auto start : address_starts<sets::Uint128>(meaning, box, [](const ir::NetBox& b) -> auto& { return b.ip6; })) {
      ir::NetBox one = box;
      one.ip6 = sets::Ip6Set::of(start);
      if (!ask(std::move(one))) break;
    }
  }
  return all;
}

// An account that is named is that one, not everybody who has its name or its number.
Judgement accounts_allowed(const Meaning& meaning, const ir::IdentityBox& box) {
  Judgement all;
  for (const ir::Account& account : box.accounts) {
    const ir::Point point = ir::IdentityPoint{box.kind, account};
    if (decide(meaning, point).allowed) continue;
    all.holds = false;
    all.counterexample = point;
    break;
  }
  return all;
}

// Everything the box names, with some value of what is left out.
Judgement all_allowed(const Meaning& meaning, const ir::Box& box, const ir::LeftOut& left_out, sets::Budget& budget) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  const bool internet = net != nullptr && (net->family == Family::inet || net->family == Family::inet6);
  if (internet && left_out.port) return some_port_each(meaning, *net, budget);
  const Meaning named = set_of({widened(box, left_out)}, meaning.os());
  if (std::holds_alternative<ir::CallBox>(box) && left_out.arguments) return some_allowed(meaning, named, budget);
  const Meaning* const sides[] = {&named, &meaning};
  return answer(find_access(sides, {.in = side(0), .out = side(1), .whatever = left_out}, budget), budget);
}

Family family_of(const ir::Box& box) { return std::get<ir::NetBox>(box).family; }

// Without an address any will do, in any family the text may mean. The boxes of one verb stand in the order of the
// protocols, each with its families in theirs: where the families begin anew, so does the next protocol.
Judgement some_address_each(const Meaning& meaning, const Boxes& boxes, sets::Budget& budget) {
  Judgement all;
  for (auto first = boxes.begin(); first != boxes.end();) {
    const auto behind = std::adjacent_find(
        first, boxes.end(), [](const ir::Box& a, const ir::Box& b) { return family_of(a) >= family_of(b); });
    const auto last = behind == boxes.end() ? behind : behind + 1;
    Judgement judgement = some_allowed(meaning, set_of({first, last}, meaning.os()), budget);
    if (!judgement.holds) return judgement;
    add_examples(all, std::move(judgement));
    first = last;
  }
  return all;
}

Judgement judge_allow(const Meaning& meaning, const ir::Expectation& expectation, sets::Budget& budget) {
  Judgement all;
  Boxes without_address;
  for (const auto& [box, left_out] : expectation.boxes)
    for (const ir::Box& one : single_verbs(box)) {
      if (left_out.address) {
        without_address.push_back(one);
        continue;
      }
      ir::Box asked = one;
      if (auto* identity = std::get_if<ir::IdentityBox>(&asked)) {
        if (Judgement judgement = accounts_allowed(meaning, *identity); !judgement.holds) return judgement;
        identity->accounts.clear();
      }
      Judgement judgement = all_allowed(meaning, asked, left_out, budget);
      if (!judgement.holds) return judgement;
      add_examples(all, std::move(judgement));
    }
  while (!without_address.empty()) {
    const NetVerbs verb = verb_of(without_address.front());
    const auto rest = std::stable_partition(without_address.begin(), without_address.end(),
                                            [&](const ir::Box& box) { return verb_of(box) == verb; });
    const Boxes boxes(without_address.begin(), rest);
    without_address.erase(without_address.begin(), rest);
    Judgement judgement = some_address_each(meaning, boxes, budget);
    if (!judgement.holds) return judgement;
    add_examples(all, std::move(judgement));
  }
  return all;
}

}  // namespace

Judgement judge(const Meaning& meaning, const ir::Expectation& expectation, sets::Budget& budget) {
  if (expectation.effect == ir::Effect::allow) return judge_allow(meaning, expectation, budget);
  Boxes boxes;
  for (const auto& [box, left_out] : expectation.boxes) boxes.push_back(widened(box, left_out));
  return answer(common(meaning, set_of(std::move(boxes), meaning.os()), budget), budget);
}

}  // namespace polc::eval
