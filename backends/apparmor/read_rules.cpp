#include "apparmor/read_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apparmor/read_tokens.hpp"
#include "apparmor/read_words.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

using KnownNames = std::set<std::string, std::less<>>;

class ProfileParser {
 public:
  ProfileParser(std::vector<Token> tokens, const KnownNames& known) : in_(std::move(tokens)), known_(known) {}

  tl::expected<ReadProfile, target::ReadError> run() {
    while (in_.more()) {
      if (in_.take("abi")) abi();
      else if (in_.next_is("include")) include();
      else if (in_.take("profile")) profile();
      else in_.fail("`" + in_.peek() + "` is not expected outside a profile");
    }
    if (!seen_profile_) in_.fail("there is no profile");
    if (!in_.good()) return tl::unexpected(in_.error());
    return std::move(profile_);
  }

 private:
  Pattern pattern(const std::string& text, bool is_path = true) {
    auto parsed = Pattern::parse(text, is_path);
    if (parsed) return *std::move(parsed);
    in_.fail(fmt::format("`{}`: {}", text, parsed.error()));
    return {};
  }

  std::optional<std::vector<Place>> places(const std::string& text) {
    pattern(text);
    return places_of(text);
  }

  void say(unsigned line, std::string text, std::string key = {}) { profile_.directives.insert({std::move(text), std::move(key), line}); }

  // ---- the profile

  void abi() {
    const unsigned line = in_.line();
    profile_.abi = in_.word("a feature set");
    say(line, "abi " + profile_.abi, "abi");
    in_.expect(",");
  }

  // What the administrator adds is not the profile's, and tunables only define names. An abstraction may hold any rule.
  void include() {
    const unsigned line = in_.line();
    const std::size_t begin = in_.place();
    in_.take("include");
    const bool if_exists = in_.take("if");
    if (if_exists) in_.expect("exists");
    const std::string what = in_.word("a file");
    const std::string text = in_.since(begin);
    in_.take(",");
    const auto inside = [&](std::string_view folder) {
      const bool is_inside = what.starts_with(folder) && what.ends_with('>');
      return is_inside ? what.substr(folder.size(), what.size() - folder.size() - 1) : std::string();
    };
    const auto is_plain = [](const std::string& file) { return !file.empty() && file.find('/') == std::string::npos; };
    const std::string abstraction = inside("<abstractions/");
    if (seen_profile_ && known_.contains(abstraction)) profile_.abstractions.push_back({line, abstraction});
    else if (seen_profile_ ? if_exists && is_plain(inside("<local/")) : is_plain(inside("<tunables/"))) say(line, text);
    else in_.fail(line, fmt::format("what `{}` holds is not known", what));
  }

  void profile() {
    const unsigned line = in_.line();
    if (seen_profile_) return in_.fail("there is more than one profile");
    seen_profile_ = true;
    profile_.name = in_.word("a name");
    say(line, "profile " + profile_.name);
    while (in_.more() && !in_.next_is("{")) in_.take("flags") ? flags() : attachment();
    in_.expect("{");
    while (in_.more() && !in_.next_is("}")) rule();
    in_.expect("}");
  }

  void flags() {
    const unsigned line = in_.line();
    in_.expect("=");
    for (const std::string& flag : in_.words()) say(line, "flags=(" + flag + ")");
  }

  void attachment() {
    const unsigned line = in_.line();
    const std::string text = in_.word("the programs");
    pattern(text);
    say(line, "attachment " + text);
  }

  // ---- rules

  void rule() {
    if (in_.next_is("include")) return include();
    const std::size_t begin = in_.place();
    ReadRule with;
    with.audit = in_.take("audit");
    with.deny = in_.take("deny");
    if (!with.deny) in_.take("allow");
    with.owner = in_.take("owner");
    with.line = in_.line();
    kind(with);
    if (with.audit && !with.deny) say(with.line, in_.since(begin));  // it is logged, and permitted all the same
    in_.expect(",");
  }

  void kind(const ReadRule& with) {
    static constexpr std::array words{"mount", "remount", "umount", "pivot_root", "userns", "unix", "change_profile"};
    static constexpr std::array unseen{"mqueue", "io_uring", "dbus"};  // policies have no word for them
    const auto is_next = [&](std::string_view name) { return in_.next_is(name); };
    if (in_.take("capability")) capability(with);
    else if (in_.take("network")) network(with);
    else if (in_.take("signal")) signal(with);
    else if (in_.take("ptrace")) ptrace(with);
    else if (in_.take("set")) limit(with);
    else if (in_.take("link")) link(with);
    else if (in_.take("file")) file(with);
    else if (std::any_of(words.begin(), words.end(), is_next)) word(with);
    else if (std::any_of(unseen.begin(), unseen.end(), is_next)) say(with.line, modifiers(with) + in_.rest_of_rule());
    else if (in_.next_is_path()) path(with);
    else in_.fail(fmt::format("`{}` is no rule that can be read", in_.peek()));
  }

  static std::string modifiers(const ReadRule& with) {
    return fmt::format("{}{}{}", with.audit ? "audit " : "", with.deny ? "deny " : "", with.owner ? "owner " : "");
  }

  void word(const ReadRule& with) {
    ReadWord rule{with, in_.word("a rule")};
    const std::string rest = in_.rest_of_rule();
    if (rule.word == "userns" && rest == "create") return profile_.words.push_back(rule);
    if (rule.word == "remount") rule.word = "mount", rule.has_conditions = true;
    rule.has_conditions |= !rest.empty();
    if (rule.is_uncertain()) say(with.line, modifiers(with) + rule.word + (rest.empty() ? "" : " ") + rest);
    if (const auto arrow = rest.rfind("-> "); rule.word == "change_profile" && arrow != std::string::npos) rule.profile = rest.substr(arrow + 3);
    profile_.words.push_back(std::move(rule));
  }

  void limit(const ReadRule& with) {
    in_.expect("rlimit");
    const std::string what = in_.peek();
    const std::string text = in_.rest_of_rule();  // when the profile is entered; it permits nothing
    say(with.line, "set rlimit " + text, "rlimit " + what);
  }

  void capability(const ReadRule& with) {
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
  void network(const ReadRule& with) {
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

  struct Accesses {
    bool read = false, write = false;              // ptrace: read, trace; signal: receive, send
    bool read_by = false, traced_by = false;
  };

  // Letters may stand together, in any order.
  bool add_letters(const std::string& word, Accesses& accesses) {
    for (const char c : word) {
      if (c != 'r' && c != 'w') return false;
      (c == 'r' ? accesses.read : accesses.write) = true;
    }
    return !word.empty();
  }

  Accesses accesses(ir::PeerKind kind) {
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

  void signal(const ReadRule& with) {
    const Accesses all = accesses(ir::PeerKind::signal);
    peer({with, ir::PeerKind::signal, ~std::uint64_t{0}, {}}, all.write, all.read ? std::vector{"signal (receive)"} : std::vector<const char*>());
  }

  void ptrace(const ReadRule& with) {
    const Accesses all = accesses(ir::PeerKind::ptrace);
    std::vector<const char*> by_others;
    if (all.read_by) by_others.push_back("ptrace (readby)");
    if (all.traced_by) by_others.push_back("ptrace (tracedby)");
    const std::uint64_t what = (all.read ? ir::ptrace_read : 0u) | (all.write ? ir::ptrace_trace : 0u);
    peer({with, ir::PeerKind::ptrace, what, {}}, what != 0, by_others);
  }

  // What others do to the program is none of its accesses.
  void peer(ReadPeer rule, bool is_ours, const std::vector<const char*>& by_others) {
    const std::size_t begin = in_.place();
    std::uint64_t set = 0;
    while (in_.more() && !in_.next_is(",")) {
      if (rule.kind == ir::PeerKind::signal && in_.take("set")) in_.expect("="), set |= signals(in_.words());
      else if (!rule.peer && in_.take("peer")) in_.expect("="), rule.peer = pattern(in_.word("a profile"), false);
      else in_.fail(fmt::format("`{}` cannot be read here", in_.peek()));
    }
    if (set != 0) rule.what = set;
    const std::string rest = in_.since(begin);
    for (const char* what : by_others) say(rule.line, modifiers(rule) + what + (rest.empty() ? "" : " ") + rest);
    if (is_ours) profile_.peers.push_back(std::move(rule));
  }

  std::uint64_t signals(const std::vector<std::string>& names) {
    std::uint64_t bits = 0;
    for (const std::string& name : names)
      if (const auto number = signal_number(name)) bits |= std::uint64_t{1} << *number;
      else in_.fail(fmt::format("`{}` is no signal", name));
    return bits;
  }

  // ---- files

  void link(const ReadRule& with) {
    ReadLink rule{with, {}, {}, in_.take("subset")};
    rule.name = places(in_.word("a path"));
    in_.expect("->");
    rule.target = places(in_.word("a path"));
    profile_.links.push_back(std::move(rule));
  }

  void file(const ReadRule& with) {
    if (!in_.next_is(",")) return path(with);
    constexpr std::string_view all = "/{,**}";
    profile_.paths.push_back({with, 127, *Pattern::parse(all), places_of(all), ir::Successor{}});
  }

  void path(const ReadRule& with) {
    const std::string text = in_.word("a path");
    ReadPath rule{with, 0, pattern(text), places_of(text), {}};
    letters(rule, in_.word("permissions"));
    const bool leads = rule.successor && rule.successor->kind == ir::Successor::Kind::policy;
    if (in_.take("->")) {
      const std::string name = in_.word("a profile");
      if (leads) rule.successor->policy = rule.successor->policy.empty() ? name : profile_.name + "//" + name;
      else in_.fail("only p and c take a profile");
    } else if (leads) {
      in_.fail("which profile `p` or `c` leads to cannot be told without a name");
    }
    profile_.paths.push_back(std::move(rule));
  }

  void letters(ReadPath& rule, const std::string& text) {
    std::string exec;
    for (const char c : text) {
      switch (c) {
        case 'r': rule.permissions |= may_read; break;
        case 'w': rule.permissions |= may_write | may_append; break;
        case 'a': rule.permissions |= may_append; break;
        case 'k': rule.permissions |= may_lock; break;
        case 'm': rule.permissions |= may_map; break;
        case 'l': rule.permissions |= may_link; break;
        default: exec += c;
      }
    }
    if (exec.empty()) return;
    rule.permissions |= may_exec;
    if (exec == "x" && rule.deny) return;
    using Kind = ir::Successor::Kind;
    if (exec == "ix") rule.permissions |= may_map, rule.successor = {Kind::same, ""};
    else if (exec == "ux" || exec == "Ux") rule.successor = {Kind::unconfined, ""};
    else if (exec == "px" || exec == "Px") rule.successor = {Kind::policy, ""};
    else if (exec == "cx" || exec == "Cx") rule.successor = {Kind::policy, "//"};  // below this profile
    else in_.fail(fmt::format("`{}` are no permissions that can be read", text));
  }

  Cursor in_;
  const KnownNames& known_;
  bool seen_profile_ = false;
  ReadProfile profile_;
};

}  // namespace

tl::expected<ReadProfile, target::ReadError> profile_from(std::string_view text, const KnownNames& known) {
  auto tokens = tokens_of(text);
  if (!tokens) return tl::unexpected(tokens.error());
  auto profile = ProfileParser(*std::move(tokens), known).run();
  // polc names the policy in its first line; the profile's own name may be another.
  constexpr std::string_view begin = "# AppArmor profile of policy ", end = ", written by polc.";
  const std::string_view first = text.substr(0, text.find('\n'));
  if (profile && first.starts_with(begin) && first.ends_with(end) && first.size() >= begin.size() + end.size())
    profile->policy = first.substr(begin.size(), first.size() - begin.size() - end.size());
  return profile;
}

}  // namespace polc::apparmor
