#include "grsecurity/print.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "grsecurity/ruleset.hpp"
#include "knowledge/names.hpp"

namespace polc::grsecurity {
namespace {

using Kind = target::Origin::Kind;

std::string upper(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string quoted(const std::string& path) { return path.find(' ') == std::string::npos ? path : '"' + path + '"'; }

class Printer {
 public:
  Printer(const Ruleset& ruleset, const ir::Policy& policy, bool is_old, bool with_skeleton)
      : ruleset_(ruleset), policy_(policy), is_old_(is_old), with_skeleton_(with_skeleton) {}

  target::Printed run() {
    out_.comment(fmt::format("# policy {}, made by polc", policy_.name));
    out_.mark_head();
    if (policy_.programs.empty()) out_.comment("# the policy names no program: put its path into the subject line");
    if (with_skeleton_) skeleton();
    for (const Subject& one : ruleset_.subjects) subject(one);
    return std::move(out_);
  }

 private:
  void fixed(std::string_view text, std::string_view why) { out_.add(text, {Kind::fixed, {}, why}); }
  void line(const std::string& text, const Behind& from, std::string_view otherwise) {
    target::Origin origin{Kind::fixed, {}, otherwise};
    if (!from.parts.empty()) origin = {Kind::rules, from.parts, {}, from.rules};
    out_.add(indent() + text, std::move(origin));
  }
  std::string indent() const { return with_skeleton_ ? "\t" : ""; }

  // Everything but our subject is hidden from everybody: to be merged into the policy of a real system.
  void skeleton() {
    fixed("role default\nsubject /\n\t/ h\n\t-CAP_ALL\n\tconnect disabled\n\tbind disabled", "what every policy must have");
    out_.comment("");
  }

  /// A subject without parents (`o`), so that no longer path of a parent beats an object of its own.
  void subject(const Subject& one) {
    // gradm opens the program's own file for it: this line's doing, though mostly no rule's.
    out_.add(fmt::format("subject {} o {{", quoted(one.path)), {Kind::rules, one.from.parts, {}, one.from.rules});
    for (const ObjectLine& object : one.objects)
      line(quoted(object.path) + (object.mode.empty() ? "" : " ") + object.mode, object.from, "what no rule allows is hidden");
    capabilities();
    for (const Transitions& plan : ruleset_.transitions) transitions(plan);
    limits();
    networks();
    raw();
    fixed("}", "the program");
  }

  // The order counts: what stands before -CAP_ALL is lost, and without it all are kept.
  void capabilities() {
    line("-CAP_ALL", {}, "what no rule allows is dropped");
    std::vector<std::pair<std::string, const Behind*>> kept;
    for (const CapabilityLine& one : ruleset_.capabilities)
      if (const auto name = knowledge::find_name(knowledge::capabilities(), one.capability)) kept.emplace_back("+CAP_" + upper(*name), &one.from);
    std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [text, from] : kept) line(text, *from, "");
  }

  void transitions(const Transitions& plan) {
    if (plan.list == Transitions::List::none) return;
    const std::string_view word = plan.kind == ir::IdentityKind::user ? "user" : "group";
    std::string text = fmt::format("{}_transition_{}", word, plan.list == Transitions::List::allowed ? "allow" : "deny");
    std::string last;
    for (const ir::Account& account : plan.accounts) {
      // gradm looks names up when it loads; the comment keeps the number that the policy gave.
      if (account.has_id) out_.comment(fmt::format("{}# {} {} is {}", indent(), word, account.name, account.id));
      if (account.name != last) text += " " + account.name;
      last = account.name;
    }
    line(text, plan.from, "accounts");
  }

  void limits() {
    constexpr std::uint64_t last_of_old = 10;  // 2.1.8 ends with LOCKS
    for (const ir::Limit& limit : policy_.limits)
      for (const knowledge::NamedNumber& name : knowledge::limits_of(policy_.configuration.os)) {
        if (name.value != limit.resource) continue;
        if (!is_old_ || limit.resource <= last_of_old) line(fmt::format("RES_{} {} {}", upper(name.name), limit.bound, limit.bound), {}, "a limit");
        else out_.comment(fmt::format("{}# gradm 2.1 has no word for the limit {} <= {}", indent(), name.name, limit.bound));
      }
  }

  void networks() {
    addresses("connect !", ruleset_.connects.refused);
    addresses("connect", ruleset_.connects.allowed);
    if (ruleset_.sockets) line("connect ! 0.0.0.0/0 " + ruleset_.sockets->words, ruleset_.sockets->from, "what sockets need");
    constexpr std::string_view closes = "without any line the network would be open";
    if (ruleset_.connects.refused.empty() && ruleset_.connects.allowed.empty() && !ruleset_.sockets) line("connect disabled", {}, closes);
    addresses("bind !", ruleset_.binds.refused);
    addresses("bind", ruleset_.binds.allowed);
    if (ruleset_.binds.allowed.empty()) line("bind disabled", {}, closes);
    if (ruleset_.families) line(fmt::format("sock_allow_family {}", fmt::join(ruleset_.families->families, " ")), ruleset_.families->from, "");
  }

  void addresses(std::string_view start, const std::vector<AddressLine>& lines) {
    for (const AddressLine& one : lines) {
      std::string ports;
      if (one.ports.low == one.ports.high) ports = fmt::format(":{}", one.ports.low);
      else if (one.ports.low != 0 || one.ports.high != sets::PortSet::maximum) ports = fmt::format(":{}-{}", one.ports.low, one.ports.high);
      line(fmt::format("{} {}{} {}", start, text_of(one.address), ports, one.words), one.from, "");
    }
  }

  void raw() {
    for (std::uint32_t i = 0; i < policy_.raws.size(); ++i)
      if (policy_.raws[i].target == "grsecurity") out_.add(indent() + policy_.raws[i].text + "\n", {Kind::raw, {i}});
  }

  const Ruleset& ruleset_;
  const ir::Policy& policy_;
  bool is_old_, with_skeleton_;
  target::Printed out_;
};

}  // namespace

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  return Printer(*static_cast<const Ruleset*>(chosen.ruleset.get()), source.policy, is_old(settings), settings.format == "policy").run();
}

}  // namespace polc::grsecurity
