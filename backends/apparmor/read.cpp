// Decides by AppArmor's rules: their order does not matter, permissions of all rules for a name add up, a deny takes
// away whatever else says, and for exec the rule for one exact name beats patterns.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "apparmor/model.hpp"
#include "apparmor/read_meaning.hpp"
#include "apparmor/read_rules.hpp"
#include "knowledge/calls.hpp"

namespace polc::apparmor {
namespace {

/// The rules that may hold for a name, found by the letters it begins with.
class PathIndex {
 public:
  void add(std::uint32_t rule, const Pattern& pattern) {
    auto& list = pattern.is_exact() ? exact_[pattern.prefix()] : by_prefix_[pattern.prefix()];
    list.push_back(rule);
    if (pattern.is_exact()) return;
    const auto at = std::lower_bound(lengths_.begin(), lengths_.end(), pattern.prefix().size());
    if (at == lengths_.end() || *at != pattern.prefix().size()) lengths_.insert(at, pattern.prefix().size());
  }
  template <class Visitor>
  void for_each(const std::string& name, Visitor&& visit) const {
    if (const auto at = exact_.find(name); at != exact_.end())
      for (const std::uint32_t rule : at->second) visit(rule);
    for (const std::size_t length : lengths_) {
      if (length > name.size()) break;
      const auto at = by_prefix_.find(name.substr(0, length));
      if (at == by_prefix_.end()) continue;
      for (const std::uint32_t rule : at->second) visit(rule);
    }
  }

 private:
  std::unordered_map<std::string, std::vector<std::uint32_t>> exact_, by_prefix_;
  std::vector<std::size_t> lengths_;
};

struct Found {
  std::uint8_t allowed = 0, denied = 0;
  std::optional<ir::Successor> successor;
  bool successor_is_exact = false;
  unsigned line = 0;  // of the first rule that has a say on `asked`; a deny's if there is one
  bool line_is_deny = false;
  std::uint8_t left() const { return allowed & static_cast<std::uint8_t>(~denied); }
};

// The kernel's name of an object: directories end in a slash.
std::string name_of(const std::string& path, FileType type) {
  return type == FileType::dir && path != "/" ? path + '/' : path;
}

std::uint8_t permission_for(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return may_read;
    case FileVerb::write:
    case FileVerb::create:
    case FileVerb::remove:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown: return may_write;
    case FileVerb::append: return may_append;
    case FileVerb::exec: return may_exec;
    case FileVerb::map: return may_map;
    case FileVerb::lock: return may_lock;
    case FileVerb::rename:
    case FileVerb::link:
    case FileVerb::utime:
    case FileVerb::xattr:
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::ioctl:
    case FileVerb::watch: return 0;
  }
  return 0;
}

class ProfileReader final : public target::Reader {
 public:
  explicit ProfileReader(ReadProfile profile) : profile_(std::move(profile)) {
    for (std::uint32_t i = 0; i < profile_.paths.size(); ++i) index_.add(i, profile_.paths[i].pattern);
    meaning_ = meaning_of(profile_);
  }

  bool permits(const ir::Point& point) const override {
    return std::visit([&](const auto& p) { return decide(p).first; }, point);
  }
  std::optional<unsigned> line_for(const ir::Point& point) const override {
    const unsigned line = std::visit([&](const auto& p) { return decide(p).second; }, point);
    return line == 0 ? std::nullopt : std::optional(line);
  }
  std::vector<ir::Point> mentioned() const override;
  const eval::Meaning* meaning() const override { return meaning_ ? &*meaning_ : nullptr; }
  std::set<std::string> further() const override { return profile_.further; }

 private:
  using Decision = std::pair<bool, unsigned>;  // and the line that decides

  /// The line of an abstraction that may permit anything; 0: there is none.
  unsigned unknown() const { return profile_.abstractions.empty() ? 0 : profile_.abstractions.front().first; }
  /// What holds where no rule has a say.
  Decision undecided() const { return {unknown() != 0, unknown()}; }

  Found at(const std::string& name, bool as_owner, std::uint8_t asked) const {
    Found found;
    index_.for_each(name, [&](std::uint32_t i) {
      const ReadPath& rule = profile_.paths[i];
      if ((rule.owner && !as_owner) || !rule.pattern.matches(name)) return;
      (rule.deny ? found.denied : found.allowed) |= rule.permissions;
      if ((rule.permissions & asked) != 0 && (found.line == 0 || (rule.deny && !found.line_is_deny)))
        found.line = rule.line, found.line_is_deny = rule.deny;
      if (!rule.successor || rule.deny) return;
      const bool exact = rule.pattern.is_exact();
      if (found.successor && (found.successor_is_exact || !exact)) return;
      if (asked == may_exec && !found.line_is_deny) found.line = rule.line;
      found.successor = rule.successor;
      found.successor_is_exact = exact;
    });
    return found;
  }

  Decision decide(const ir::FilePoint& p) const {
    const std::uint8_t asked = permission_for(p.verb);
    const bool is_readlink = p.verb == FileVerb::read && p.type == FileType::symlink && p.path != "/";
    if (asked == 0 || is_readlink) return {true, 0};
    const Found found = at(name_of(p.path, p.type), p.owner.self, asked);
    if (unknown() != 0) return {(found.denied & asked) == 0, found.line != 0 ? found.line : unknown()};
    const bool good = (found.left() & asked) != 0 && (p.verb != FileVerb::exec || found.successor == p.successor);
    return {good, found.line};
  }

  Decision decide(const ir::PairPoint& p) const {
    if (p.verb == FileVerb::link) return decide_link(p);
    const Found from = at(name_of(p.from, p.type), p.owner.self, may_write);
    const Found to = at(name_of(p.to, p.type), p.owner.self, may_write);
    const std::uint8_t moving = may_read | may_write;
    if (profile_.every_rename || unknown() != 0)
      return {(from.denied & moving) == 0 && (to.denied & may_write) == 0, to.line};
    return {(from.left() & moving) == moving && (to.left() & may_write) != 0, to.line};
  }

  // The pair must be named by a rule, or the new name have `l` and no permission that the old one lacks.
  Decision decide_link(const ir::PairPoint& p) const {
    Decision decision = undecided();
    for (const ReadLink& rule : profile_.links) {
      if ((rule.owner && !p.owner.self) || !rule.name.matches(p.to) || !rule.target.matches(p.from)) continue;
      if (rule.deny) return {false, rule.line};
      decision = {true, rule.line};
    }
    if (decision.first) return decision;
    const Found name = at(p.to, p.owner.self, may_link), target = at(p.from, p.owner.self, may_link);
    const std::uint8_t others = name.left() & static_cast<std::uint8_t>(~may_link);
    return {(name.left() & may_link) != 0 && (others & ~target.left()) == 0, name.line};
  }

  // ---- sockets

  /// Is there a family of the list for which the rules allow it?
  Decision decide_socket(const std::vector<int>& domains, int type) const {
    Decision decision{false, 0};
    for (const int domain : domains) {
      bool allowed = unknown() != 0, denied = false;
      for (const ReadNetwork& rule : profile_.networks) {
        if ((rule.domain != -1 && rule.domain != domain) || (rule.type != -1 && rule.type != type)) continue;
        (rule.deny ? denied : allowed) = true;
        if (decision.second == 0 || rule.deny) decision.second = rule.line;
      }
      decision.first |= allowed && !denied;
    }
    return decision;
  }

  Decision decide(const ir::NetPoint& p) const {
    constexpr int types[] = {1, 2, 5, 3};  // stream, dgram, seqpacket, raw
    const int type = types[static_cast<std::size_t>(p.type)];
    switch (p.family) {
      case Family::inet: return decide_socket({2}, type);
      case Family::inet6: return decide_socket({10}, type);
      case Family::unix_family: return decide_socket({1}, type);
      case Family::netlink: return decide_socket({16}, type);
      case Family::packet: return decide_socket({17}, type);
      case Family::other: break;
    }
    std::vector<int> others;
    for (int domain = 0; domain <= 45; ++domain)
      if (domain != 1 && domain != 2 && domain != 10 && domain != 16 && domain != 17) others.push_back(domain);
    return decide_socket(others, type);
  }

  // ---- calls

  Decision decide_word(std::string_view word) const {
    Decision decision = undecided();
    for (const ReadWord& rule : profile_.words) {
      if (rule.word != word) continue;
      if (rule.deny) return {false, rule.line};
      decision = {true, rule.line};
    }
    return decision;
  }

  // socket() takes the type's low four bits and two flags besides.
  Decision decide(const ir::CallPoint& p) const {
    const std::string_view name = knowledge::call_of(Os::linux_os, p.call).name;
    if (name == "mount" || name == "pivot_root") return decide_word(name);
    if (name == "umount" || name == "umount2") return decide_word("umount");
    const bool has_userns = !profile_.abi.empty() && profile_.abi != "<abi/3.0>";
    if ((name == "clone" || name == "unshare") && has_userns && (p.arguments[0] & 0x10000000u) != 0)
      return decide_word("userns");
    if (name != "socket" && name != "socketpair") return {true, 0};
    const auto domain = static_cast<std::uint32_t>(p.arguments[0]), type = static_cast<std::uint32_t>(p.arguments[1]);
    if (name == "socketpair" && domain != 1 && domain != 30) return {true, 0};  // it fails anyway: only unix and TIPC have pairs
    const std::uint32_t bare = type & ~0x80800u;
    return decide_socket({domain < 46 ? static_cast<int>(domain) : 1000}, bare < 16 ? static_cast<int>(bare) : 1000);
  }

  // ---- the process

  Decision decide(const ir::IdentityPoint&) const { return {true, 0}; }

  Decision decide(const ir::CapabilityPoint& p) const {
    Decision decision = undecided();
    for (const ReadCapability& rule : profile_.capabilities) {
      if (((rule.bits >> p.capability) & 1u) == 0) continue;
      if (rule.deny) return {false, rule.line};
      decision = {true, rule.line};
    }
    return decision;
  }

  std::optional<std::string> label_of(const ir::Peer& peer) const {
    switch (peer.kind) {
      case ir::Peer::Kind::self:
      case ir::Peer::Kind::children: return profile_.name;
      case ir::Peer::Kind::policy: return profile_named(profile_, peer.policy);
      case ir::Peer::Kind::other: break;
    }
    return std::nullopt;
  }

  Decision decide(const ir::PeerPoint& p) const {
    const auto label = label_of(p.peer);
    Decision decision = undecided();
    for (const ReadPeer& rule : profile_.peers) {
      if (rule.kind != p.kind || ((rule.what >> p.what) & 1u) == 0) continue;
      if (rule.peer && (!label || !rule.peer->matches(*label))) continue;
      if (rule.deny) return {false, rule.line};
      decision = {true, rule.line};
    }
    return decision;
  }

  ReadProfile profile_;
  PathIndex index_;
  std::optional<eval::Meaning> meaning_;
};

// A sample: one name a rule with every verb, and the ends of the other classes.
std::vector<ir::Point> ProfileReader::mentioned() const {
  std::vector<ir::Point> points;
  for (const ReadPath& rule : profile_.paths) {
    ir::FilePoint point;
    point.path = rule.pattern.sample();
    point.owner.self = rule.owner;
    const bool is_dir = point.path.size() > 1 && point.path.back() == '/';
    if (is_dir) point.path.pop_back();
    point.type = is_dir ? FileType::dir : FileType::file;
    if (rule.successor) point.successor = *rule.successor;
    for (unsigned verb = 0; verb < file_verb_names.size(); ++verb)
      if ((permission_for(static_cast<FileVerb>(verb)) & rule.permissions) != 0) {
        point.verb = static_cast<FileVerb>(verb);
        points.emplace_back(point);
      }
  }
  for (const ReadLink& rule : profile_.links)
    points.emplace_back(
        ir::PairPoint{FileVerb::link, rule.target.sample(), rule.name.sample(), FileType::file, {rule.owner, ""}});
  for (const ReadCapability& rule : profile_.capabilities)
    for (std::uint8_t i = 0; i < 64; ++i)
      if (((rule.bits >> i) & 1u) != 0) points.emplace_back(ir::CapabilityPoint{i});
  return points;
}

}  // namespace

target::ReadResult read(std::string_view text, const ir::Configuration&, const target::Settings& settings) {
  auto profile = profile_from(text);
  if (!profile) return tl::unexpected(profile.error());
  const auto named = settings.options.find("abstractions");
  for (const auto& [line, name] : profile->abstractions)
    if (named == settings.options.end() || (',' + named->second + ',').find(',' + name + ',') == std::string::npos)
      return tl::unexpected(target::ReadError{line, "what `<abstractions/" + name + ">` holds is not known"});
  for (const auto& [policy, options] : settings.siblings)
    profile->policy_of_profile.emplace(sibling_name(policy, settings), policy);
  for (ReadPath& rule : profile->paths)
    if (rule.successor && rule.successor->kind == ir::Successor::Kind::policy)
      rule.successor->policy = policy_named(*profile, rule.successor->policy);
  return std::make_unique<ProfileReader>(*std::move(profile));
}

}  // namespace polc::apparmor
