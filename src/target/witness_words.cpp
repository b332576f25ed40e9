#include "target/witness_words.hpp"

#include <algorithm>
#include <optional>

#include "eval/assertions.hpp"
#include "eval/compare.hpp"
#include "format/condition.hpp"
#include "format/raise.hpp"
#include "support/overloaded.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

using format::Spelled;

// The parts that can speak of such an access: a whole set is searched for a millisecond, a call's parts for nothing.
eval::Meaning around(const eval::Meaning& set, const ir::Point& point) {
  std::vector<eval::Part> parts;
  const auto* call = std::get_if<ir::CallPoint>(&point);
  for (const eval::Part& part : set.parts()) {
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    const bool names_call =
        box != nullptr && call != nullptr && std::binary_search(box->calls.begin(), box->calls.end(), call->call);
    if (names_call || (call == nullptr && same_kind(part.box, point))) parts.push_back(part);
  }
  return eval::make_meaning(std::move(parts), set.os(), false, set.order().formulas());
}

// ---- files: one object, whose type, owner and mode the words may leave out

// The types that a word means which names none, as `query` has it.
FileTypes unnamed_types(FileVerb verb) {
  using enum FileVerb;
  switch (verb) {
    case read:
    case write:
    case append:
    case truncate:
    case map:
    case exec:
    case lock: return {FileType::file};
    case chdir:
    case chroot: return {FileType::dir};
    default: return FileTypes::all();
  }
}

template <class Point>
std::vector<ir::Point> denoted_objects(const Point& point, Spelled spelled, FileTypes unnamed) {
  std::vector<ir::Point> all;
  const FileTypes types = spelled.type || point.type != FileType::file ? FileTypes{point.type} : unnamed;
  const bool names_owner = point.owner.self || !point.owner.name.empty();
  const std::vector<ir::Owner> owners =
      names_owner ? std::vector{point.owner} : std::vector{point.owner, ir::Owner{true, ""}, ir::Owner{false, "root"}};
  types.for_each([&](FileType type) {
    for (const ir::Owner& owner : owners) {
      Point one = point;
      one.type = type;
      one.owner = owner;
      all.emplace_back(std::move(one));
    }
  });
  return all;
}

bool any_allowed(const eval::Meaning& set, const std::vector<ir::Point>& points) {
  return std::ranges::any_of(points, [&](const ir::Point& point) { return eval::decide(set, point).allowed; });
}

// ---- sockets and calls: sets

ir::NetBox box_of(const ir::NetPoint& point, SocketTypes types, sets::NumberSet protocols) {
  ir::NetBox box;
  box.verbs = {point.verb};
  box.family = point.family;
  box.types = types;
  box.protocols = std::move(protocols);
  if (point.family == Family::inet) box.ip4 = sets::Ip4Set::of(point.ip4);
  if (point.family == Family::inet6) box.ip6 = sets::Ip6Set::of(point.ip6);
  if (point.protocol != 1 && point.protocol != 58) box.ports = sets::PortSet::of(point.port);  // icmp has none
  return box;
}

ir::CallBox box_of(Os os, const ir::CallPoint& point, Spelled spelled) {
  ir::CallBox box{{point.call}, {}};
  for (const ir::ArgumentTest& test : format::argument_tests(os, point, spelled.zeros)) {
    ir::Condition& term = box.where.terms.emplace_back();
    term.kind = ir::Condition::Kind::test;
    term.test = test;
  }
  return box;
}

class Words {
 public:
  Words(const Sides& sides, const ir::Point& witness, bool is_refused)
      : sides_(sides), witness_(witness), is_refused_(is_refused), os_(sides.policy.os()) {}

  std::string run() {
    return std::visit(
        Overloaded{[&](const ir::FilePoint& file) { return of_object(file, unnamed_types(file.verb)); },
                   [&](const ir::PairPoint& pair) { return of_object(pair, FileTypes::all()); },
                   [&](const ir::NetPoint& net) { return of_socket(net); },
                   [&](const ir::CallPoint& call) { return of_call(call); },
                   [&](const auto&) { return format::text_of(os_, witness_); }},  // all of the others is said
        witness_);
  }

 private:
  // The first that names no access on which the sides agree. An owner who is anybody else has no word; these two are somebody.
  template <class Point>
  std::string of_object(const Point& point, FileTypes unnamed) const {
    std::vector<Point> alike{point};
    if (!point.owner.self && point.owner.name.empty())
      for (const char* const name : {"root", "nobody"}) {
        alike.push_back(point);
        alike.back().owner = ir::Owner{false, name};
        if (!shows(alike.back())) alike.pop_back();
      }
    for (const Spelled spelled : {Spelled{}, Spelled{.type = true}, Spelled{.type = true, .mode = true}})
      for (const Point& one : alike)
        if (is_told_apart(denoted_objects(one, spelled, unnamed))) return format::text_of(os_, one, spelled);
    return format::full_text_of(os_, point);
  }

  bool shows(const ir::Point& point) const {
    const bool is_allowed = eval::decide(sides_.policy, point).allowed;
    return is_allowed == is_refused_ && (is_refused_ || std::ranges::all_of(sides_.targets, [&](const auto* set) {
                                           return eval::decide(*set, point).allowed;
                                         }));
  }

  // Nothing of a widening is allowed by the policy; nothing of what is refused is surely permitted by a target that
  // refuses it.
  bool is_told_apart(const std::vector<ir::Point>& points) const {
    if (!is_refused_) return !any_allowed(sides_.policy, points);
    return std::ranges::any_of(sides_.targets, [&](const auto* set) {
      return std::ranges::none_of(points, [&](const ir::Point& point) { return eval::surely_allows(*set, point); });
    });
  }

  std::string of_socket(const ir::NetPoint& net) const {
    const bool has_numbers = net.family == Family::inet || net.family == Family::inet6 || net.family == Family::netlink;
    if (!has_numbers) return format::text_of(os_, net);
    // The words of the language name both types of netlink, and two protocols: numbers name one.
    const bool is_plain = format::has_words(net) && !holds_another(net);
    return format::text_of(os_, net, {.numbers = !is_plain});
  }

  bool holds_another(const ir::NetPoint& net) const {
    if (net.family == Family::netlink)
      return agree(
          eval::set_of({box_of(net, {SocketType::dgram, SocketType::raw}, sets::NumberSet::of(net.protocol))}, os_),
          {net});
    return agree(eval::set_of({box_of(net, {net.type}, protocols_of(net))}, os_), net);
  }

  // `tcp` and `udp` stand for their number and for 0, by which the kernel chooses it.
  static sets::NumberSet protocols_of(const ir::NetPoint& net) {
    const std::uint32_t usual = net.type == SocketType::stream ? 6 : 17;
    const bool is_usual = (net.type == SocketType::stream || net.type == SocketType::dgram) &&
                          (net.protocol == 0 || net.protocol == usual);
    return is_usual ? sets::NumberSet::of(0) | sets::NumberSet::of(usual) : sets::NumberSet::of(net.protocol);
  }

  // Do the sides agree on some of these, which are of the point's kind?
  bool agree(const eval::Meaning& named, const ir::Point& kind) const {
    sets::Budget budget;
    const eval::Meaning policy = around(sides_.policy, kind);
    const eval::Meaning* const both[] = {&named, &policy};
    if (is_refused_) return eval::find_access(both, {.in = eval::side(0), .out = eval::side(1)}, budget).has_value();
    return eval::find_common(both, budget).has_value();
  }

  // From all arguments those that are zero are left out as long as the sides differ on whatever they are.
  std::string of_call(const ir::CallPoint& call) {
    const eval::Meaning policy = around(sides_.policy, witness_);
    std::vector<eval::Meaning> targets;
    for (const eval::Meaning* set : sides_.targets) targets.push_back(around(*set, witness_));
    if (differ_on_all(policy, targets, call, {})) return format::text_of(os_, call);
    Spelled spelled{.zeros = 0x3F};
    for (int argument = 5; argument >= 0; --argument) {
      Spelled fewer = spelled;
      fewer.zeros = static_cast<std::uint8_t>(fewer.zeros & ~(1u << argument));
      if (differ_on_all(policy, targets, call, fewer)) spelled = fewer;
    }
    return format::text_of(os_, call, spelled);
  }

  bool differ_on_all(const eval::Meaning& policy, const std::vector<eval::Meaning>& targets, const ir::CallPoint& call,
                     Spelled spelled) const {
    const ir::Box box = box_of(os_, call, spelled);
    if (!answers(policy, box, is_refused_)) return false;
    const auto is_other = [&](const eval::Meaning& set) { return answers(set, box, !is_refused_); };
    return is_refused_ ? std::ranges::any_of(targets, is_other) : std::ranges::all_of(targets, is_other);
  }

  // All of the box is allowed, or nothing.
  bool answers(const eval::Meaning& set, const ir::Box& box, bool allowed) const {
    ir::Expectation asked;
    asked.effect = allowed ? ir::Effect::allow : ir::Effect::deny;
    asked.boxes.emplace_back(box, ir::LeftOut{});
    sets::Budget budget;
    return eval::judge(set, asked, budget).holds;
  }

  const Sides& sides_;
  const ir::Point& witness_;
  bool is_refused_;
  Os os_;
};

}  // namespace

std::string_view reason_words(const Backend& backend, const Finding& finding) {
  return finding.words.empty() ? capability_of(backend, finding.because).why : std::string_view(finding.words);
}

std::string witness_words(const Sides& sides, const ir::Point& witness, bool is_refused) {
  // A way by which an access may be done is allowed on both sides: it shows no difference, and its words are the few.
  if (eval::decide(sides.policy, witness).allowed != is_refused) return format::text_of(sides.policy.os(), witness);
  return Words(sides, witness, is_refused).run();
}

std::string witness_words(const Sides& sides, const Finding& finding) {
  return witness_words(sides, *finding.witness, finding.verdict == ir::Verdict::narrower);
}

}  // namespace polc::target
