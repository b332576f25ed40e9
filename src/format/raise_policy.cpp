#include <fmt/format.h>

#include <set>

#include "format/accesses.hpp"
#include "format/raise.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::format {
namespace {

using Strings = std::vector<std::string>;

/// The text so far. A blank line goes between groups, never before the first or after the last.
class Writer {
 public:
  void line(const std::string& text) {
    if (gap_ && !first_) out_ += '\n';
    gap_ = first_ = false;
    out_ += std::string(indent_, ' ') + text + '\n';
  }
  void gap() { gap_ = true; }
  void open(const std::string& head) {
    line(head + " {");
    indent_ += 2;
    first_ = true;
  }
  void close() {
    indent_ -= 2;
    gap_ = false;
    line("}");
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t indent_ = 0;
  bool gap_ = false;
  bool first_ = false;
};

std::string reaction_text(const ir::Reaction& reaction) {
  const std::string log = reaction.log ? " log" : "";
  switch (reaction.kind) {
    case ir::Reaction::Kind::deny:
      return (reaction.error_name.empty() ? "deny" : "deny errno " + reaction.error_name) + log;
    case ir::Reaction::Kind::kill: return "kill" + log;
    case ir::Reaction::Kind::hidden: return "hidden" + log;
    case ir::Reaction::Kind::log: return "log";
  }
  return "deny";
}

// Memory limits read better in their unit; counts stay counts.
std::string limit_text(Os os, const ir::Limit& limit) {
  constexpr std::uint64_t mega = 1u << 20, giga = 1u << 30;
  std::string bound = fmt::format("{}", limit.bound);
  if (limit.bound != 0 && limit.bound % giga == 0) bound = fmt::format("{}G", limit.bound / giga);
  else if (limit.bound != 0 && limit.bound % mega == 0) bound = fmt::format("{}M", limit.bound / mega);
  const auto name = knowledge::find_name(knowledge::limits_of(os), limit.resource);
  return fmt::format("limit {} <= {};", name.value_or("unknown"), bound);
}

std::string program_text(const std::vector<std::string>& programs) {
  Strings paths;
  for (const std::string& program : programs) paths.push_back(quoted_path(program));
  return fmt::format("program {};", joined(paths));
}

std::string option_text(const ir::Option& option) {
  Strings words;
  for (const std::string& word : option.words) words.push_back(is_bare_word(word) ? word : quoted(word));
  return fmt::format("option {} = {};", option.key, joined(words));
}

void write_accepts(Writer& out, const ir::Policy& policy, const std::vector<std::uint32_t>& accepts) {
  for (const std::uint32_t place : accepts) {
    const ir::Accept& accept = policy.accepts[place];
    out.line(fmt::format("@accept({}: {}, {})", name_of(accept.verdict), accept.target, quoted(accept.reason)));
  }
}

void write_rule(Writer& out, const ir::Policy& policy, const ir::Rule& rule) {
  std::vector<const ir::Box*> boxes;
  for (const ir::Box& box : rule.boxes) boxes.push_back(&box);
  const bool has_notes = !rule.reason.empty() || !rule.accepts.empty();
  for (const std::string& access :
       accesses_of(policy.configuration.os, boxes, std::vector<Given>(boxes.size(), nothing_given))) {
    if (has_notes) out.gap();
    if (!rule.reason.empty()) out.line(fmt::format("@reason({})", quoted(rule.reason)));
    write_accepts(out, policy, rule.accepts);
    out.line(fmt::format("{} {};", name_of(rule.effect), access));
    if (has_notes) out.gap();
  }
}

void write_limit(Writer& out, const ir::Policy& policy, const ir::Limit& limit) {
  if (!limit.accepts.empty()) out.gap();
  write_accepts(out, policy, limit.accepts);
  out.line(limit_text(policy.configuration.os, limit));
}

// Raw text with an acceptance of its own stands alone: the annotation holds for the whole target block.
void write_target(Writer& out, const ir::Policy& policy, const std::string& target) {
  for (const ir::Raw& raw : policy.raws) {
    if (raw.target != target || raw.accepts.empty()) continue;
    out.gap();
    write_accepts(out, policy, raw.accepts);
    out.open("target " + target);
    out.line(fmt::format("raw {};", quoted(raw.text)));
    out.close();
  }
  Strings entries;
  for (const ir::Option& option : policy.options)
    if (option.target == target) entries.push_back(option_text(option));
  for (const ir::Default& d : policy.defaults)
    if (d.target == target) entries.push_back(text_of(policy.configuration.os, d) + ";");
  for (const ir::Raw& raw : policy.raws)
    if (raw.target == target && raw.accepts.empty()) entries.push_back(fmt::format("raw {};", quoted(raw.text)));
  if (entries.empty()) return;
  out.gap();
  out.open("target " + target);
  for (const std::string& entry : entries) out.line(entry);
  out.close();
}

void write_targets(Writer& out, const ir::Policy& policy) {
  std::set<std::string> targets;
  for (const ir::Raw& raw : policy.raws) targets.insert(raw.target);
  for (const ir::Option& option : policy.options) targets.insert(option.target);
  for (const ir::Default& d : policy.defaults)
    if (!d.target.empty()) targets.insert(d.target);
  for (const std::string& target : targets) write_target(out, policy, target);
}

void write_expectations(Writer& out, const ir::Policy& policy) {
  if (policy.expectations.empty()) return;
  out.gap();
  out.open("expect");
  for (const ir::Expectation& expectation : policy.expectations) {
    std::vector<const ir::Box*> boxes;
    std::vector<Given> given;
    for (const auto& [box, left_out] : expectation.boxes) {
      boxes.push_back(&box);
      given.push_back(given_by(left_out));
    }
    for (const std::string& access : accesses_of(policy.configuration.os, boxes, given))
      out.line(fmt::format("{} {};", name_of(expectation.effect), access));
  }
  out.close();
}

// Policies that `->` and `to` refer to must exist for the text to be a whole policy file.
std::set<std::string> named_policies(const ir::Policy& policy) {
  std::set<std::string> names;
  const auto collect = [&](const ir::Box& box) {
    if (const auto* file = std::get_if<ir::FileBox>(&box))
      for (const ir::Successor& successor : file->successors) names.insert(successor.policy);
    if (const auto* peers = std::get_if<ir::PeerBox>(&box))
      for (const ir::Peer& peer : peers->peers) names.insert(peer.policy);
  };
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) collect(box);
  for (const ir::Expectation& expectation : policy.expectations)
    for (const auto& [box, left_out] : expectation.boxes) collect(box);
  names.erase("");
  names.erase(policy.name);
  return names;
}

void write_policy(Writer& out, const ir::Policy& policy) {
  const Os os = policy.configuration.os;
  out.open("policy " + policy.name);
  if (!policy.programs.empty()) out.line(program_text(policy.programs));
  if (!policy.deploy.empty()) out.line(fmt::format("deploy {};", joined(policy.deploy)));
  for (const ir::Default& d : policy.defaults)
    if (d.target.empty()) out.line(text_of(os, d) + ";");
  out.gap();
  for (const ir::Rule& rule : policy.rules) write_rule(out, policy, rule);
  out.gap();
  for (const ir::Limit& limit : policy.limits) write_limit(out, policy, limit);
  write_targets(out, policy);
  write_expectations(out, policy);
  out.close();
}

}  // namespace

std::string text_of(Os os, const ir::Default& reaction) {
  std::string scope;
  if (reaction.call) scope = fmt::format(" for {}", knowledge::call_of(os, *reaction.call).name);
  else if (reaction.klass) scope = fmt::format(" for {}", name_of(*reaction.klass));
  return fmt::format("default {}{}", reaction_text(reaction.reaction), scope);
}

std::string dump(const ir::Policy& policy) {
  Writer out;
  out.line("language 1;");
  out.line(fmt::format("# {}, {}", name_of(policy.configuration.os), name_of(policy.configuration.arch)));
  out.gap();
  write_policy(out, policy);
  for (const std::string& name : named_policies(policy)) out.line(fmt::format("policy {} {{}}  # named above", name));
  return out.take();
}

}  // namespace polc::format
