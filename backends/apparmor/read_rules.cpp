#include "apparmor/read_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apparmor/read_tokens.hpp"
#include "apparmor/read_words.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

struct Modifiers {
  bool deny = false, owner = false;
};

class ProfileParser {
 public:
  explicit ProfileParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  tl::expected<ReadProfile, target::ReadError> run() {
    while (more() && error_.message.empty()) {
      if (take("abi")) profile_.abi = word("a feature set"), expect(",");
      else if (take("include")) include();
      else if (take("profile")) profile();
      else fail("`" + peek() + "` is not expected outside a profile");
    }
    if (error_.message.empty() && !seen_profile_) fail("there is no profile");
    if (!error_.message.empty()) return tl::unexpected(error_);
    return std::move(profile_);
  }

 private:
  // ---- words

  bool more() const { return at_ < tokens_.size(); }
  std::string peek() const { return more() ? tokens_[at_].text : std::string("the end"); }
  bool next_is(std::string_view mark) const { return more() && tokens_[at_].is(mark); }
  bool take(std::string_view mark) {
    if (!next_is(mark)) return false;
    ++at_;
    return true;
  }
  void fail(std::string message) {
    const unsigned line = more() ? tokens_[at_].line : tokens_.empty() ? 1 : tokens_.back().line;
    fail(line, std::move(message));
  }
  void fail(unsigned line, std::string message) {
    if (error_.message.empty()) error_ = {line, std::move(message)};
  }
  void expect(std::string_view mark) {
    if (!take(mark)) fail(fmt::format("`{}` stands where `{}` is expected", peek(), mark));
  }
  std::string word(std::string_view what) {
    if (!more() || tokens_[at_].kind == Token::Kind::mark) {
      fail(fmt::format("`{}` stands where {} is expected", peek(), what));
      return "";
    }
    return tokens_[at_++].text;
  }
  std::vector<std::string> words_in_parentheses() {
    std::vector<std::string> words;
    if (!take("(")) return {word("a word")};
    while (more() && !next_is(")") && error_.message.empty())
      if (!take(",")) words.push_back(word("a word"));
    expect(")");
    return words;
  }
  Pattern pattern(const std::string& text, bool is_path = true) {
    auto parsed = Pattern::parse(text, is_path);
    if (parsed) return *std::move(parsed);
    fail(fmt::format("`{}`: {}", text, parsed.error()));
    return {};
  }
  unsigned line() const { return tokens_[std::min(at_, tokens_.size() - 1)].line; }

  // ---- the profile

  // What the administrator adds is not polc's; tunables only define names. An abstraction may hold any rule.
  void include() {
    if (take("if")) expect("exists");
    const unsigned here = more() ? line() : 0;
    const std::string what = word("a file");
    constexpr std::string_view abstractions = "<abstractions/";
    if (what.starts_with(abstractions) && what.ends_with('>') && seen_profile_)
      profile_.abstractions.emplace_back(here, what.substr(abstractions.size(), what.size() - abstractions.size() - 1));
    else if (!what.starts_with("<local/") && !what.starts_with("<tunables/"))
      fail(here, fmt::format("what `{}` holds is not known", what));
    take(",");
  }

  void profile() {
    if (seen_profile_) return fail("there is more than one profile");
    seen_profile_ = true;
    profile_.name = word("a name");
    while (more() && !next_is("{") && error_.message.empty()) {
      if (take("flags")) flags();
      else attachment();
    }
    expect("{");
    while (more() && !next_is("}") && error_.message.empty()) rule();
    expect("}");
  }

  void flags() {
    expect("=");
    for (const std::string& flag : words_in_parentheses()) profile_.further.insert("flags=(" + flag + ")");
  }

  void attachment() {
    const std::string text = word("the programs");
    pattern(text);
    profile_.further.insert("attachment " + text);
  }

  void rule() {
    if (take("include")) return include();
    Modifiers with;
    for (bool again = true; again;) {
      again = true;
      if (take("deny")) with.deny = true;
      else if (take("owner")) with.owner = true;
      else if (!take("allow") && !take("audit") && !take("quiet")) again = false;
    }
    const unsigned here = more() ? line() : 0;
    if (take("capability")) capability(with, here);
    else if (take("network")) network(with, here);
    else if (take("signal")) peer(with, here, ir::PeerKind::signal);
    else if (take("ptrace")) peer(with, here, ir::PeerKind::ptrace);
    else if (take("set")) limit();
    else if (take("link")) link(with, here);
    else if (take("file")) file(with, here);
    else if (next_is("mount") || next_is("umount") || next_is("pivot_root") || next_is("userns") || next_is("mqueue") ||
             next_is("io_uring"))
      plain_word(with, here);
    else if (more() && (tokens_[at_].kind == Token::Kind::quoted || peek().front() == '/')) path(with, here);
    else fail(fmt::format("`{}` is no rule that can be read", peek()));
    expect(",");
  }

  void plain_word(Modifiers with, unsigned here) {
    profile_.words.push_back({here, with.deny, word("a rule")});
    if (!next_is(",")) fail(fmt::format("conditions of `{}` cannot be read", profile_.words.back().word));
  }

  void limit() {
    expect("rlimit");
    std::string text = "set rlimit";  // when the profile is entered; it permits nothing
    for (; more() && !next_is(",") && !next_is("}"); ++at_) text += (next_is("=") ? "" : " ") + std::string(peek());
    profile_.further.insert(std::move(text));
  }

  void capability(Modifiers with, unsigned here) {
    ReadCapability rule{here, with.deny, 0};
    while (more() && !next_is(",") && error_.message.empty()) {
      const std::string name = word("a capability");
      auto number = knowledge::find_capability(name);
      if (number && *number == 40 && (profile_.abi.empty() || profile_.abi == "<abi/3.0>"))
        number = 21;  // see README.md, "Traps"
      if (number) rule.bits |= std::uint64_t{1} << *number;
      else fail(fmt::format("`{}` is no capability", name));
    }
    if (rule.bits == 0) rule.bits = ~std::uint64_t{0};
    profile_.capabilities.push_back(rule);
  }

  void network(Modifiers with, unsigned here) {
    ReadNetwork rule{here, with.deny};
    while (more() && !next_is(",") && error_.message.empty()) {
      const std::string name = word("a family or a type");
      if (const auto domain = domain_number(name)) rule.domain = *domain;
      else if (const auto type = type_number(name)) rule.type = *type;
      else fail(fmt::format("`{}` is neither a family nor a type of socket", name));
    }
    profile_.networks.push_back(rule);
  }

  void peer(Modifiers with, unsigned here, ir::PeerKind kind) {
    ReadPeer rule{here, with.deny, kind, 0, {}};
    bool ours = true;  // sending, reading, tracing; not what others do to us
    if (next_is("(")) {
      const auto accesses = words_in_parentheses();
      const auto has = [&](std::string_view a) {
        return std::find(accesses.begin(), accesses.end(), a) != accesses.end();
      };
      if (kind == ir::PeerKind::signal) ours = has("send") || has("w") || has("rw");
      if (kind == ir::PeerKind::ptrace)
        rule.what = (has("read") ? ir::ptrace_read : 0u) | (has("trace") ? ir::ptrace_trace : 0u);
      if (kind == ir::PeerKind::ptrace) ours = rule.what != 0;
    } else if (kind == ir::PeerKind::ptrace) {
      rule.what = ir::ptrace_read | ir::ptrace_trace;
    }
    if (kind == ir::PeerKind::signal) rule.what = ~std::uint64_t{0};
    while (more() && !next_is(",") && error_.message.empty()) {
      if (take("set")) expect("="), rule.what = signals(words_in_parentheses());
      else if (take("peer")) expect("="), rule.peer = pattern(word("a profile"), false);
      else fail(fmt::format("`{}` cannot be read here", peek()));
    }
    if (ours) profile_.peers.push_back(std::move(rule));
  }

  std::uint64_t signals(const std::vector<std::string>& names) {
    std::uint64_t bits = 0;
    for (const std::string& name : names)
      if (const auto number = signal_number(name)) bits |= std::uint64_t{1} << *number;
      else fail(fmt::format("`{}` is no signal", name));
    return bits;
  }

  // ---- files

  void link(Modifiers with, unsigned here) {
    ReadLink rule{here, with.deny, with.owner, {}, {}, {}, {}};
    rule.name = pattern(rule.name_text = word("a path"));
    expect("->");
    rule.target = pattern(rule.target_text = word("a path"));
    profile_.links.push_back(std::move(rule));
  }

  void file(Modifiers with, unsigned here) {
    if (!next_is(",")) return path(with, here);
    ReadPath rule{here, with.deny, with.owner, 127, "/{,**}", pattern("/{,**}"), ir::Successor{}};
    profile_.paths.push_back(std::move(rule));
  }

  void path(Modifiers with, unsigned here) {
    ReadPath rule{here, with.deny, with.owner, 0, word("a path"), {}, {}};
    rule.pattern = pattern(rule.text);
    letters(rule, word("permissions"));
    if (take("->")) {
      const std::string name = word("a profile");
      if (rule.successor && rule.successor->kind == ir::Successor::Kind::policy)
        rule.successor->policy = rule.successor->policy.empty() ? name : profile_.name + "//" + name;
      else fail("only p and c take a profile");
    } else if (rule.successor && rule.successor->kind == ir::Successor::Kind::policy) {
      fail("which profile `p` or `c` leads to cannot be told without a name");
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
    else fail(fmt::format("`{}` are no permissions that can be read", text));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool seen_profile_ = false;
  target::ReadError error_;
  ReadProfile profile_;
};

}  // namespace

tl::expected<ReadProfile, target::ReadError> profile_from(std::string_view text) {
  auto tokens = tokens_of(text);
  if (!tokens) return tl::unexpected(tokens.error());
  auto profile = ProfileParser(*std::move(tokens)).run();
  // polc names the policy in its first line; the profile's own name may be another.
  constexpr std::string_view begin = "# AppArmor profile of policy ", end = ", written by polc.";
  const std::string_view first = text.substr(0, text.find('\n'));
  if (profile && first.starts_with(begin) && first.ends_with(end) && first.size() >= begin.size() + end.size())
    profile->policy = first.substr(begin.size(), first.size() - begin.size() - end.size());
  if (profile)
    profile->every_rename =
        text.substr(0, text.find("\nprofile ")).find("\n# It counts as permitting every rename.\n") !=
        std::string_view::npos;
  return profile;
}

std::string policy_named(const ReadProfile& profile, const std::string& name) {
  if (!profile.policy.empty() && name == profile.name) return profile.policy;
  const auto known = profile.policy_of_profile.find(name);
  return known == profile.policy_of_profile.end() ? name : known->second;
}

std::string profile_named(const ReadProfile& profile, const std::string& policy) {
  if (policy == profile.policy) return profile.name;
  for (const auto& [name, known] : profile.policy_of_profile)
    if (known == policy) return name;
  return policy;
}

}  // namespace polc::apparmor
