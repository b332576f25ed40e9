#include "apparmor/print_lines.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "apparmor/links.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

std::string exec_words(const FileLine& line, const Naming& naming) {
  if (line.effect == ir::Effect::deny || !line.exec) return "x";  // the parser takes no mode there
  const ir::Successor& successor = *line.exec;
  switch (successor.kind) {
    case ir::Successor::Kind::same: return "ix";
    case ir::Successor::Kind::unconfined: return "Ux";
    case ir::Successor::Kind::policy: break;
  }
  if (const auto child = child_name(successor.policy, naming.policy, naming.settings)) return "Cx -> " + quoted(*child);
  const bool is_own = successor.policy == naming.policy.name;
  return "Px -> " + quoted(is_own ? profile_name(naming.policy, naming.settings) : sibling_name(successor.policy, naming.settings));
}

// apparmor_parser's own names; stkflt and those from 32 on have no other.
std::string signal_name(unsigned number) {
  constexpr std::string_view names[] = {"exists", "hup",  "int",    "quit", "ill",   "trap", "abrt", "bus",
                                        "fpe",    "kill", "usr1",   "segv", "usr2",  "pipe", "alrm", "term",
                                        "stkflt", "chld", "cont",   "stop", "stp",   "ttin", "ttou", "urg",
                                        "xcpu",   "xfsz", "vtalrm", "prof", "winch", "io",   "pwr",  "sys"};
  return number < std::size(names) ? std::string(names[number]) : fmt::format("rtmin+{}", number - 32);
}

// Explicit denies are silent, and a policy may ask that what is refused be logged.
std::string modifiers(const RuleLine& line, const Naming& naming, ir::AccessClass klass) {
  if (line.effect != ir::Effect::deny) return "";
  const ir::Reaction reaction = ir::reaction_for(naming.policy, "apparmor", klass, std::nullopt);
  return reaction.log && reaction.kind != ir::Reaction::Kind::log ? "audit deny " : "deny ";
}

}  // namespace

std::string text_of(const CapabilityLine& line, const Naming& naming) {
  const std::string before = modifiers(line, naming, ir::AccessClass::process);
  return line.name.empty() ? before + "capability," : fmt::format("{}capability {},", before, line.name);
}

std::string text_of(const NetworkLine& line, const Naming& naming) {
  const std::string word = text_of(line.word);
  return modifiers(line, naming, ir::AccessClass::net) + (word.empty() ? "network," : "network " + word + ',');
}

std::string text_of(const PeerLine& line, const Naming& naming) {
  const std::string before = modifiers(line, naming, ir::AccessClass::process);
  const std::string peer = line.profile ? " peer=" + quoted(*line.profile) : "";
  if (line.kind == ir::PeerKind::ptrace) {
    std::vector<std::string_view> words;
    if ((line.what & ir::ptrace_read) != 0) words.push_back("read");
    if ((line.what & ir::ptrace_trace) != 0) words.push_back("trace");
    return fmt::format("{}ptrace ({}){},", before, fmt::join(words, ", "), peer);
  }
  if (line.what == ~std::uint64_t{0}) return before + "signal (send)" + peer + ',';
  std::vector<std::string> names;
  for (unsigned i = 0; i < 64; ++i)
    if (((line.what >> i) & 1u) != 0) names.push_back('"' + signal_name(i) + '"');
  return fmt::format("{}signal (send) set=({}){},", before, fmt::join(names, ", "), peer);
}

std::string text_of(const WordLine& line, const Naming& naming) {
  return fmt::format("{}{},", modifiers(line, naming, ir::AccessClass::syscall), line.word);
}

std::string text_of(const FileLine& line, const Naming& naming) {
  std::string out = modifiers(line, naming, ir::AccessClass::file);
  if (line.owner) out += "owner ";
  out += '"' + line.path + "\" ";
  if ((line.letters & letter_r) != 0) out += 'r';
  if ((line.letters & letter_w) != 0) out += 'w';
  else if ((line.letters & letter_a) != 0) out += 'a';  // `w` holds it; the parser takes no rule with both
  if ((line.letters & letter_m) != 0) out += 'm';
  if ((line.letters & letter_k) != 0) out += 'k';
  if ((line.letters & letter_x) != 0) out += exec_words(line, naming);
  return out + ',';
}

std::string text_of(const LinkLine& line, const Naming& naming) {
  const std::string before = modifiers(line, naming, ir::AccessClass::file);
  return fmt::format("{}{}link \"{}\" -> \"{}\",", before, line.owner ? "owner " : "", line.name, line.old_name);
}

std::string text_of(const ir::Limit& limit) {
  constexpr std::uint64_t infinity = ~std::uint64_t{0};
  std::string_view name;
  for (const auto& [known, number] : knowledge::limits_of(Os::linux_os))
    if (number == limit.resource) name = known;
  if (limit.bound == infinity) return fmt::format("set rlimit {} <= infinity,", name);
  // Limits of time want their unit, and the limit of nice is counted from 20 downwards.
  if (name == "cpu") return fmt::format("set rlimit cpu <= {}seconds,", limit.bound);
  if (name == "rttime") return fmt::format("set rlimit rttime <= {}us,", limit.bound);
  if (name == "nice") return fmt::format("set rlimit nice <= {},", 20 - static_cast<int>(std::min<std::uint64_t>(limit.bound, 40)));
  return fmt::format("set rlimit {} <= {},", name, limit.bound);
}

std::string attachment_text(const ir::Policy& policy) {
  std::vector<std::string> programs;
  for (const std::string& program : policy.programs)
    for (std::string& name : with_real_names(program, policy))
      if (std::find(programs.begin(), programs.end(), name) == programs.end()) programs.push_back(std::move(name));
  if (programs.empty()) return "";
  if (programs.size() == 1) return quoted(programs.front());
  std::vector<std::string> texts;
  for (const std::string& program : programs) texts.push_back(quoted_bytes(std::string_view(program).substr(1)));
  return fmt::format("\"/{{{}}}\"", fmt::join(texts, ","));
}

}  // namespace polc::apparmor
