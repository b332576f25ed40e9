#include "eval/closed_ways.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "eval/compare.hpp"
#include "eval/rule_parameters.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using knowledge::Parameter;
using knowledge::Relation;
using knowledge::Row;
using Rules = std::vector<ir::RuleId>;

/// What rows of ways are about: closed where the denies name all of it.
struct Subject {
  std::vector<ir::Box> boxes;
  std::vector<const Row*> rows;
  std::vector<Parameter> given;
  bool is_open = false;
};

void note(Rules& rules, const Rules& more) {
  rules.insert(rules.end(), more.begin(), more.end());
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

// ---- whole accesses of files and sockets, which take a comparison

/// Does it go on, whatever a path begins with? Else it cannot be a part of all paths.
bool may_be_all(const sets::PathPattern& place) {
  return !place.components.empty() && place.components.front().kind != sets::Component::Kind::literal;
}
bool may_be_all(const std::vector<sets::PathPattern>& places) {
  return std::any_of(places.begin(), places.end(), [](const sets::PathPattern& place) { return may_be_all(place); });
}

/// What the denies might name all of, told without comparing.
struct Broad {
  FileVerbs files;
  NetVerbs nets;
  std::set<std::uint16_t> modes;           // of chmod, but all
  std::vector<sets::NumberSet> requests;   // of ioctl, but all
};

Broad broad_of(const std::vector<Part>& parts) {
  Broad broad;
  for (const Part& part : parts) {
    if (part.effect != ir::Effect::deny) continue;
    if (const auto* pair = std::get_if<ir::PairBox>(&part.box); pair != nullptr && may_be_all(pair->from) && may_be_all(pair->to))
      broad.files = broad.files | pair->verbs;
    if (const auto* net = std::get_if<ir::NetBox>(&part.box);
        net != nullptr && (net->family == Family::other || (net->ip4.is_all() && net->ports.is_all())))
      broad.nets = broad.nets | net->verbs;
    const auto* file = std::get_if<ir::FileBox>(&part.box);
    if (file == nullptr || !may_be_all(file->places)) continue;
    broad.files = broad.files | file->verbs;
    if (file->verbs.contains(FileVerb::chmod) && file->mode != ir::all_mode_bits) broad.modes.insert(file->mode);
    if (file->verbs.contains(FileVerb::ioctl) && !file->requests.is_all() &&
        std::find(broad.requests.begin(), broad.requests.end(), file->requests) == broad.requests.end())
      broad.requests.push_back(file->requests);
  }
  return broad;
}

class Subjects {
 public:
  Subjects(Os os, const Broad& broad) : os_(os), broad_(broad) {}

  std::vector<Subject> all() {
    for (const Row& row : knowledge::rows_of(os_)) {
      if (row.relation != Relation::sure && row.relation != Relation::both) continue;
      if (!row.verbs.empty() && broad_.files.includes(row.verbs)) add_file(row);
      for (unsigned v = 0; v < net_verb_names.size(); ++v)
        if (row.access == net_verb_names[v] && broad_.nets.contains(static_cast<NetVerb>(v))) add_net(row, static_cast<NetVerb>(v));
    }
    return std::move(subjects_);
  }

 private:
  void add_file(const Row& row) {
    if (row.verbs == FileVerbs{FileVerb::rename} || row.verbs == FileVerbs{FileVerb::link}) {
      const std::vector<sets::PathPattern> below_root{sets::PathPattern{}.with_below()};
      return add({ir::PairBox{row.verbs, below_root, below_root, row.types, {}}}, row, {});
    }
    ir::FileBox box;
    box.verbs = row.verbs;
    box.successors.clear();
    const bool has_mode = row.condition.find("$mode") != std::string_view::npos;
    const bool has_request = row.condition.find("$request") != std::string_view::npos;
    add(places_of(box, row.types), row, {mode_parameter(ir::all_mode_bits), request_parameter(sets::NumberSet::all())});
    for (const std::uint16_t mode : broad_.modes) {
      if (!has_mode) break;
      box.mode = mode;
      add(places_of(box, row.types), row, {mode_parameter(mode)});
    }
    box.mode = ir::all_mode_bits;
    for (const sets::NumberSet& requests : broad_.requests) {
      if (!has_request) break;
      box.requests = requests;
      add(places_of(box, row.types), row, {request_parameter(requests)});
    }
  }

  /// Every path of these types; the root is a folder.
  static std::vector<ir::Box> places_of(ir::FileBox box, FileTypes types) {
    std::vector<ir::Box> boxes;
    types.for_each([&](FileType type) {
      box.types = {type};
      box.places = sets::every_path();
      if (type != FileType::dir) box.places.erase(box.places.begin());
      boxes.emplace_back(box);
    });
    return boxes;
  }

  void add_net(const Row& row, NetVerb verb) {
    std::vector<ir::Box> boxes;
    for (unsigned f = 0; f < count_of(Family{}); ++f) {
      ir::NetBox box;
      box.verbs = {verb};
      box.family = static_cast<Family>(f);
      const bool is_internet = box.family == Family::inet || box.family == Family::inet6;
      if (!row.of.empty() && !is_internet) continue;
      if (row.of == "tcp") box.types = {SocketType::stream}, box.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(6);
      if (row.of == "sctp") box.types = {SocketType::stream, SocketType::seqpacket}, box.protocols = sets::NumberSet::of(132);
      boxes.emplace_back(std::move(box));
    }
    add(std::move(boxes), row, {});
  }

  void add(std::vector<ir::Box> boxes, const Row& row, std::vector<Parameter> given) {
    for (Subject& known : subjects_)
      if (known.boxes == boxes) return known.rows.push_back(&row);
    subjects_.push_back({std::move(boxes), {&row}, std::move(given), false});
  }

  Os os_;
  const Broad& broad_;
  std::vector<Subject> subjects_;
};

/// Marks the subjects of which the denies leave something. Too complex to tell: all of them.
void find_open(std::vector<Subject>& subjects, const std::vector<Part>& parts, Os os) {
  std::vector<ir::Box> denied, wanted;
  for (const Part& part : parts)
    if (part.effect == ir::Effect::deny && !std::holds_alternative<ir::CallBox>(part.box))
      denied.push_back(part.box);
  for (const Subject& subject : subjects) wanted.insert(wanted.end(), subject.boxes.begin(), subject.boxes.end());
  const Meaning all = set_of(std::move(wanted), os), named = set_of(std::move(denied), os);
  const Meaning* const sides[] = {&all, &named};
  const Term left{.in = side(0), .out = side(1)};
  sets::Budget budget;
  const bool complete = compare(sides, std::span(&left, 1), budget, [&](const ir::Point& point, TermSet) {
    for (Subject& subject : subjects)
      subject.is_open |= std::any_of(subject.boxes.begin(), subject.boxes.end(), [&](const ir::Box& box) { return ir::contains(box, point); });
    return true;
  });
  if (!complete)
    for (Subject& subject : subjects) subject.is_open = true;
}

// ---- all of them as parts

class Closing {
 public:
  Closing(const ir::Policy& policy, const std::vector<Part>& parts)
      : os_(policy.configuration.os), arch_(policy.configuration.arch), parts_(parts) {}

  std::vector<Part> run() {
    add_whole();
    add_signals();
    add_traces();
    add_ids(ir::IdentityKind::user, "setuid");
    add_ids(ir::IdentityKind::group, "setgid");
    return std::move(closed_);
  }

 private:
  void add_whole() {
    const Broad broad = broad_of(parts_);
    if (broad.files.empty() && broad.nets.empty()) return;
    std::vector<Subject> subjects = Subjects(os_, broad).all();
    find_open(subjects, parts_, os_);
    for (const Subject& subject : subjects)
      if (!subject.is_open) add(subject.rows, subject.given, rules_for(subject));
  }

  /// Of the denies that name some of it.
  Rules rules_for(const Subject& subject) const {
    Rules rules;
    for (const Part& part : parts_)
      if (part.effect == ir::Effect::deny && part.box.index() == subject.boxes.front().index() && shares_verb(part.box, subject.boxes.front()))
        note(rules, part.rules);
    return rules;
  }
  static bool shares_verb(const ir::Box& a, const ir::Box& b) {
    return std::visit(Overloaded{[&](const ir::FileBox& f) { return !(f.verbs & std::get<ir::FileBox>(b).verbs).empty(); },
                                 [&](const ir::PairBox& p) { return !(p.verbs & std::get<ir::PairBox>(b).verbs).empty(); },
                                 [&](const ir::NetBox& n) { return !(n.verbs & std::get<ir::NetBox>(b).verbs).empty(); },
                                 [](const auto&) { return false; }},
                      a);
  }

  // To whom is in no register, so only a deny of all peers closes anything.
  struct Bits {
    std::uint64_t bits = 0;
    Rules rules;
  };
  Bits denied_to_all(ir::PeerKind kind) const {
    Bits denied;
    for (const Part& part : parts_) {
      const auto* box = std::get_if<ir::PeerBox>(&part.box);
      if (part.effect != ir::Effect::deny || box == nullptr || box->kind != kind || !box->any_peer) continue;
      denied.bits |= box->what;
      note(denied.rules, part.rules);
    }
    return denied;
  }

  void add_signals() {
    const Bits denied = denied_to_all(ir::PeerKind::signal);
    if (denied.bits == 0) return;
    std::vector<const Row*> rows = knowledge::find_rows(os_, Relation::sure, "signal", "any");
    std::erase_if(rows, [&](const Row* row) { return !sends_one_of(*row, denied.bits); });
    add(rows, {signal_parameter(denied.bits, arch_)}, denied.rules);
  }
  void add_traces() {
    const Bits denied = denied_to_all(ir::PeerKind::ptrace);
    if ((denied.bits & ir::ptrace_read) != 0) add(knowledge::find_rows(os_, Relation::sure, "ptrace", "read"), {}, denied.rules);
    if ((denied.bits & ir::ptrace_trace) != 0) add(knowledge::find_rows(os_, Relation::sure, "ptrace", "trace"), {}, denied.rules);
  }

  void add_ids(ir::IdentityKind kind, std::string_view access) {
    constexpr std::uint32_t keep = 0xFFFF'FFFF;  // changes nothing
    sets::NumberSet ids;
    Rules rules;
    for (const Part& part : parts_) {
      const auto* box = std::get_if<ir::IdentityBox>(&part.box);
      if (part.effect != ir::Effect::deny || box == nullptr || box->kind != kind) continue;
      ids = ids | ids_of(*box, false);
      note(rules, part.rules);
    }
    if (ids.empty()) return;
    const std::string_view of = ids.is_all() ? "all" : "";
    add(knowledge::find_rows(os_, Relation::sure, access, of), {id_parameter(ids - sets::NumberSet::of(keep))}, rules);
  }

  void add(const std::vector<const Row*>& rows, const std::vector<Parameter>& given, const Rules& rules) {
    for (const knowledge::CallPattern& pattern : knowledge::patterns_of(rows, os_, arch_, given))
      closed_.push_back({ir::Effect::deny, ir::CallBox{{pattern.call}, ir::condition_of(pattern.where)}, rules, true});
  }

  Os os_;
  Arch arch_;
  const std::vector<Part>& parts_;
  std::vector<Part> closed_;
};

}  // namespace

// Of other systems no ways are known yet beside what accesses bring; their targets decide a call together with what it does.
std::vector<Part> closed_ways(const ir::Policy& policy, const std::vector<Part>& parts) {
  if (policy.configuration.os != Os::linux_os) return {};
  const bool any_deny = std::any_of(parts.begin(), parts.end(), [](const Part& part) {
    return part.effect == ir::Effect::deny && !std::holds_alternative<ir::CallBox>(part.box);
  });
  return any_deny ? Closing(policy, parts).run() : std::vector<Part>{};
}

}  // namespace polc::eval
