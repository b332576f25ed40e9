#include "grsecurity/emit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "grsecurity/project.hpp"
#include "knowledge/names.hpp"

namespace polc::grsecurity {
namespace {

std::string upper(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::vector<std::string> capability_lines(const Printed& printed) {
  std::uint64_t kept = 0, denied = 0;
  for (const target::LegalRule& rule : printed.rules) {
    if (construct_of(rule.piece.form) != Construct::capability) continue;
    const std::uint64_t bits = std::get<ir::CapabilityBox>(rule.piece.wanted).capabilities;
    (rule.effect == ir::Effect::allow ? kept : denied) |= bits;
  }
  // The order counts: what stands before -CAP_ALL is lost, and without it all are kept.
  std::vector<std::string> lines{"-CAP_ALL"};
  std::vector<std::string> names;
  for (const knowledge::NamedNumber& capability : knowledge::capabilities())
    if (((kept & ~denied) >> capability.value) & 1u) names.push_back("+CAP_" + upper(capability.name));
  std::sort(names.begin(), names.end());
  std::move(names.begin(), names.end(), std::back_inserter(lines));
  return lines;
}

std::vector<std::string> transition_lines(const Printed& printed) {
  std::vector<std::string> lines;
  for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group}) {
    const Transitions plan = transitions_of(printed.policy, kind, printed.is_old);
    if (plan.kind == Transitions::Kind::none) continue;
    const std::string_view word = kind == ir::IdentityKind::user ? "user" : "group";
    std::string line =
        fmt::format("{}_transition_{}", word, plan.kind == Transitions::Kind::allowed ? "allow" : "deny");
    std::string last;
    for (const ir::Account& account : plan.accounts) {
      // gradm looks names up when it loads; the comment keeps the number that the policy gave.
      if (account.has_id) lines.push_back(fmt::format("# {} {} is {}", word, account.name, account.id));
      if (account.name != last) line += " " + account.name;
      last = account.name;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> limit_lines(const Printed& printed) {
  std::vector<std::string> lines;
  for (const ir::Limit& limit : printed.policy.limits) {
    for (const knowledge::NamedNumber& name : knowledge::limits_of(printed.policy.configuration.os)) {
      if (name.value != limit.resource) continue;
      const bool is_known = !printed.is_old || limit.resource <= 10;  // 2.1.8 ends with LOCKS
      if (is_known) lines.push_back(fmt::format("RES_{} {} {}", upper(name.name), limit.bound, limit.bound));
      else lines.push_back(fmt::format("# gradm 2.1 has no word for the limit {} <= {}", name.name, limit.bound));
    }
  }
  return lines;
}

std::vector<std::string> raw_lines(const Printed& printed) {
  std::vector<std::string> lines;
  for (const ir::Raw& raw : printed.policy.raws)
    if (raw.target == "grsecurity") lines.push_back(raw.text);
  return lines;
}

void print(std::string& text, const std::vector<std::string>& lines, std::string_view indent) {
  for (const std::string& line : lines) {
    text += indent;
    text += line;
    text += '\n';
  }
}

/// A subject without parents (`o`), so that no longer path of a parent beats an object of its own.
void print_subject(std::string& text, const Printed& printed, const std::string& subject) {
  const bool has_blank = subject.find(' ') != std::string::npos;
  text += has_blank ? fmt::format("subject \"{}\" o {{\n", subject) : fmt::format("subject {} o {{\n", subject);
  const std::string_view indent = printed.with_skeleton ? "\t" : "";
  print(text, object_lines(printed, subject), indent);
  print(text, capability_lines(printed), indent);
  print(text, transition_lines(printed), indent);
  print(text, limit_lines(printed), indent);
  print(text, network_lines(printed), indent);
  print(text, raw_lines(printed), indent);
  text += "}\n";
}

}  // namespace

std::string text_of(const Printed& printed) {
  std::string text = fmt::format("# policy {}, made by polc\n", printed.policy.name);
  for (const std::string& note : printed.notes) text += fmt::format("# {}\n", note);
  const std::vector<std::string> subjects = subjects_of(printed.policy);
  if (printed.policy.programs.empty()) text += "# the policy names no program: put its path into the subject line\n";
  // Everything but this subject is hidden from everybody: to be merged into the policy of a real system.
  if (printed.with_skeleton)
    text += "role default\nsubject /\n\t/ h\n\t-CAP_ALL\n\tconnect disabled\n\tbind disabled\n\n";
  for (const std::string& subject : subjects) print_subject(text, printed, subject);
  return text;
}

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap&) {
  return {text_of({policy.policy(), policy.rules(), policy.notes(), is_old(policy.settings()),
                   policy.settings().format == "policy"})};
}

}  // namespace polc::grsecurity
