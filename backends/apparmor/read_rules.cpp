// Rules that are not of files, and what may stand before any.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "apparmor/read_conditions.hpp"
#include "apparmor/read_parser.hpp"
#include "apparmor/read_words.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

std::string modifiers(const ReadRule& with) {
  return fmt::format("{}{}{}", with.audit ? "audit " : "", with.deny ? "deny " : "", with.owner ? "owner " : "");
}

// Letters may stand together, in any order.
template <class Accesses>
bool add_letters(const std::string& word, Accesses& accesses) {
  for (const char c : word) {
    if (c != 'r' && c != 'w') return false;
    (c == 'r' ? accesses.read : accesses.write) = true;
  }
  return !word.empty();
}

}  // namespace

void ProfileParser::rule() {
  if (in_.next_is("include")) return include();
  if (in_.take("abi")) return abi();
  for (const char* inner : {"profile", "hat", "^"})
    if (in_.next_is(inner) || in_.next_begins('^'))
      return in_.fail("a profile or hat within this one is a profile of its own; only one can be read");
  if (in_.next_is("if")) return in_.fail("`if` is not read: what holds depends on a variable");
  if (in_.next_is_assigned()) return in_.fail("variables are set before a profile");
  const std::size_t begin = in_.place();
  ReadRule with;
  prefix(with);
  if (in_.next_is("{")) return block(with);
  ReadStatement statement{with.line, file_, {}, profile_.paths.size(), profile_.links.size(), profile_.networks.size(),
                          profile_.capabilities.size(), profile_.peers.size(), profile_.words.size()};
  kind(with);
  statement.text = in_.since(begin);
  profile_.statements.push_back(std::move(statement));
  if (with.audit && !with.deny) say(with.line, in_.since(begin));  // it is logged, and permitted all the same
  in_.expect(",");
}

void ProfileParser::prefix(ReadRule& with) {
  with.audit = in_.take("audit");
  with.deny = in_.take("deny");
  if (!with.deny) in_.take("allow");
  with.owner = in_.take("owner");
  with.other = !with.owner && in_.take("other");
  with.line = line();
  if (in_block_ == nullptr) return;
  if (with.deny) return in_.fail("a deny in a block: parser 4.1 makes an allow of it; it must stand outside");
  with.audit |= in_block_->audit;
  with.owner |= in_block_->owner;
  with.other |= in_block_->other;
  if (with.owner && with.other) in_.fail("a rule for the owner's files and all others at once");
}

void ProfileParser::block(const ReadRule& with) {
  if (with.deny) return in_.fail("a block cannot be denied");
  const ReadRule* const outer = std::exchange(in_block_, &with);
  if (++nesting_ > 64) in_.fail("blocks are nested too deeply");
  in_.expect("{");
  while (in_.more() && !in_.next_is("}")) rule();
  in_.expect("}");
  --nesting_;
  in_block_ = outer;
}

void ProfileParser::kind(const ReadRule& with) {
  static constexpr std::array words{"mount", "remount", "umount", "pivot_root", "userns", "unix", "change_profile"};
  static constexpr std::array unseen{"mqueue", "io_uring", "dbus"};  // policies have no word for them
  const auto is_next = [&](std::string_view name) { return in_.next_is(name); };
  const auto is_of_files = [&] {
    return in_.take("file") ? file(with), true : in_.take("link") ? link(with), true : false;
  };
  if (is_of_files()) return;
  if (in_.next_is_path() || is_next("safe") || is_next("unsafe") || mode_of(in_.peek())) return path(with);
  if (in_block_ != nullptr) return in_.fail("only rules of files have an effect in a block");
  if (with.owner || with.other) return in_.fail(fmt::format("`{}` has no owner", in_.peek()));
  if (in_.take("capability")) capability(with);
  else if (in_.take("network")) network(with);
  else if (in_.take("signal")) signal(with);
  else if (in_.take("ptrace")) ptrace(with);
  else if (in_.take("set")) limit(with);
  else if (std::any_of(words.begin(), words.end(), is_next)) word(with);
  else if (std::any_of(unseen.begin(), unseen.end(), is_next)) {
    const std::string name = in_.word("a rule");
    const std::string rest = conditions(name);
    say(with.line, modifiers(with) + name + (rest.empty() ? "" : " ") + rest);
  }
  else in_.fail(fmt::format("`{}` is no rule that can be read", in_.peek()));
}

std::string ProfileParser::conditions(const std::string& rule) {
  const std::size_t begin = in_.place();
  std::string rest = in_.rest_of_rule();
  if (std::string wrong = wrong_conditions(rule, in_.tokens_since(begin)); !wrong.empty()) in_.fail(std::move(wrong));
  return rest;
}

void ProfileParser::word(const ReadRule& with) {
  ReadWord rule{with, in_.word("a rule")};
  const std::string rest = conditions(rule.word);
  if (rule.word == "userns" && rest == "create") return profile_.words.push_back(rule);
  if (rule.word == "remount") rule.word = "mount", rule.has_conditions = true;
  rule.has_conditions |= !rest.empty();
  if (rule.is_uncertain()) say(with.line, modifiers(with) + rule.word + (rest.empty() ? "" : " ") + rest);
  if (const auto arrow = rest.rfind("-> "); rule.word == "change_profile" && arrow != std::string::npos)
    rule.profile = rest.substr(arrow + 3);
  if (rule.profile.find_first_of("*?[]{}&:@\\\"") != std::string::npos) rule.profile.clear();  // it may be any
  profile_.words.push_back(std::move(rule));
}

void ProfileParser::limit(const ReadRule& with) {
  in_.expect("rlimit");
  const std::string what = in_.peek();
  const std::size_t begin = in_.place();
  const std::string text = in_.rest_of_rule();  // when the profile is entered; it permits nothing
  if (std::string wrong = wrong_limit(in_.tokens_since(begin)); !wrong.empty()) in_.fail(std::move(wrong));
  say(with.line, "set rlimit " + text, "rlimit " + what);
}

void ProfileParser::capability(const ReadRule& with) {
  ReadCapability rule{with};
  while (in_.more() && !in_.next_is(",")) {
    const std::string name = in_.word("a capability");
    auto number = knowledge::find_capability(name);
    if (number && *number == 40 && profile_.is_old()) number = 21;  // see README.md, "Traps"
    if (number) rule.bits |= std::uint64_t{1} << *number;
    else in_.fail(fmt::format("`{}` is no capability", name));
  }
  if (rule.bits == 0) rule.bits = ~std::uint64_t{0};
  profile_.capabilities.push_back(rule);
}

// A family and a type, or a protocol in the place of the type: `tcp` alone is the streams of both internet families.
void ProfileParser::network(const ReadRule& with) {
  ReadNetwork rule{with};
  if (in_.next_is(",")) return profile_.networks.push_back(rule);
  std::string name = in_.word("a family or a type");
  const auto domain = domain_number(name);
  if (domain) {
    rule.domain = *domain;
    if (in_.next_is(",")) return profile_.networks.push_back(rule);
    name = in_.word("a type");
  }
  if (const auto type = type_number(name)) {
    rule.type = *type;
    return profile_.networks.push_back(rule);
  }
  bool is_known = false;
  for (const auto& [family, type] : sockets_of_protocol(name)) {
    if (domain && *domain != family) continue;
    rule.domain = family;
    rule.type = type;
    profile_.networks.push_back(rule);
    is_known = true;
  }
  if (!is_known) in_.fail(fmt::format("`{}` is neither a family nor a type of socket", name));
}

// ---- other processes

ProfileParser::Accesses ProfileParser::accesses(ir::PeerKind kind) {
  Accesses all;
  const bool is_signal = kind == ir::PeerKind::signal;
  if (in_.next_is(",") || in_.next_is("set") || in_.next_is("peer")) return {true, true, !is_signal, !is_signal};
  for (const std::string& word : in_.words()) {
    if (word == "read" || (is_signal && word == "receive")) all.read = true;
    else if (word == "write" || word == (is_signal ? "send" : "trace")) all.write = true;
    else if (!is_signal && word == "readby") all.read_by = true;
    else if (!is_signal && word == "tracedby") all.traced_by = true;
    else if (!add_letters(word, all)) in_.fail(fmt::format("`{}` is none of the accesses", word));
  }
  return all;
}

void ProfileParser::signal(const ReadRule& with) {
  const Accesses all = accesses(ir::PeerKind::signal);
  peer({with, ir::PeerKind::signal, ~std::uint64_t{0}, {}}, all.write,
       all.read ? std::vector{"signal (receive)"} : std::vector<const char*>());
}

void ProfileParser::ptrace(const ReadRule& with) {
  const Accesses all = accesses(ir::PeerKind::ptrace);
  std::vector<const char*> by_others;
  if (all.read_by) by_others.push_back("ptrace (readby)");
  if (all.traced_by) by_others.push_back("ptrace (tracedby)");
  const std::uint64_t what = (all.read ? ir::ptrace_read : 0u) | (all.write ? ir::ptrace_trace : 0u);
  peer({with, ir::PeerKind::ptrace, what, {}}, what != 0, by_others);
}

// What others do to the program is none of its accesses.
void ProfileParser::peer(ReadPeer rule, bool is_ours, const std::vector<const char*>& by_others) {
  const std::size_t begin = in_.place();
  std::uint64_t set = 0;
  std::optional<ProfileName> label;
  while (in_.more() && !in_.next_is(",")) {
    if (rule.kind == ir::PeerKind::signal && in_.take("set")) in_.expect("="), set |= signals(in_.some_words("a signal"));
    else if (!label && in_.take("peer")) in_.expect("="), label = name(in_.word("a profile"), false);
    else in_.fail(fmt::format("`{}` cannot be read here", in_.peek()));
  }
  if (set != 0) rule.what = set;
  const std::string rest = in_.since(begin);
  for (const char* what : by_others) say(rule.line, modifiers(rule) + what + (rest.empty() ? "" : " ") + rest);
  if (!is_ours) return;
  rule.is_unknown = label && !label->is_known;
  if (label && label->is_known) rule.peer = std::move(label->pattern);
  profile_.peers.push_back(std::move(rule));
}

std::uint64_t ProfileParser::signals(const std::vector<std::string>& names) {
  std::uint64_t bits = 0;
  for (const std::string& name : names)
    if (const auto number = signal_number(name)) bits |= std::uint64_t{1} << *number;
    else in_.fail(fmt::format("`{}` is no signal", name));
  return bits;
}

tl::expected<ReadProfile, target::ReadError> profile_from(std::string_view text, const KnownNames& known,
                                                          const target::Includes& includes) {
  auto tokens = tokens_of(text);
  if (!tokens) return tl::unexpected(tokens.error());
  auto profile = ProfileParser(*std::move(tokens), known, includes).run();
  // polc names the policy in its first line; the profile's own name may be another.
  constexpr std::string_view begin = "# AppArmor profile of policy ", end = ", written by polc.";
  const std::string_view first = text.substr(0, text.find('\n'));
  if (profile && first.starts_with(begin) && first.ends_with(end) && first.size() >= begin.size() + end.size())
    profile->policy = first.substr(begin.size(), first.size() - begin.size() - end.size());
  return profile;
}

}  // namespace polc::apparmor
