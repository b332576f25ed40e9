#include "apparmor/read_meaning.hpp"

#include <algorithm>

#include "apparmor/meet.hpp"
#include "apparmor/read_places.hpp"
#include "knowledge/calls.hpp"

namespace polc::apparmor {
namespace {

using sets::PathPattern;

const std::vector<PathPattern>& every_name() {
  static const std::vector<PathPattern> all{{}, PathPattern{}.with_below()};
  return all;
}

ir::Condition equals(std::uint8_t argument, std::uint64_t mask, std::uint64_t value, bool equal = true) {
  ir::Condition condition;
  condition.kind = ir::Condition::Kind::test;
  condition.test = {argument, mask, equal ? sets::Compare::equal : sets::Compare::not_equal, value, 64, false};
  return condition;
}

FileVerbs verbs_for(std::uint8_t permissions) {
  FileVerbs verbs;
  const auto add = [&](std::uint8_t permission, FileVerbs more) {
    if ((permissions & permission) != 0) verbs = verbs | more;
  };
  add(may_read, {FileVerb::read});
  add(may_write,
      {FileVerb::write, FileVerb::create, FileVerb::remove, FileVerb::truncate, FileVerb::chmod, FileVerb::chown});
  add(may_append, {FileVerb::append});
  add(may_lock, {FileVerb::lock});
  add(may_map, {FileVerb::map});
  return verbs;
}

class Builder {
 public:
  explicit Builder(const ReadProfile& profile) : profile_(profile) {}

  std::optional<eval::Meaning> run() {
    if (!paths() || !links() || !networks() || !peers() || !renames()) return std::nullopt;
    words();
    for (const ReadCapability& rule : profile_.capabilities) add(rule.deny, ir::CapabilityBox{rule.bits});
    unseen();
    if (!profile_.abstractions.empty()) everything();
    return eval::make_meaning(std::move(parts_), Os::linux_os, false);
  }

 private:
  struct Name {
    Place place;
    std::uint8_t permissions;
    bool owner;
  };

  void add(bool deny, ir::Box box) {
    parts_.push_back({deny ? ir::Effect::deny : ir::Effect::allow, std::move(box), {}, false});
  }

  static ir::OwnerSet owners(bool owner) { return {!owner, owner, {}}; }

  static ir::PairBox pair(FileVerb verb, std::vector<PathPattern> from, std::vector<PathPattern> to, FileTypes types,
                          bool owner) {
    return {{verb}, std::move(from), std::move(to), types, owners(owner)};
  }

  // ---- files

  bool paths() {
    for (const ReadPath& rule : profile_.paths) {
      const auto places = places_of(rule.text);
      if (!places || (rule.permissions & may_link) != 0 || is_beaten(rule)) return false;
      for (const Place& place : *places) path(rule, place);
    }
    return true;
  }

  void path(const ReadPath& rule, const Place& place) {
    ir::FileBox box;
    box.places = {place.pattern};
    box.types = place.types;
    box.owners = owners(rule.owner);
    box.verbs = verbs_for(rule.permissions);
    if (rule.deny && box.verbs.contains(FileVerb::read) && !place.pattern.components.empty()) {
      ir::FileBox read = box;
      read.verbs = {FileVerb::read};
      read.types.remove(FileType::symlink);  // nobody looks at readlink
      if (!read.types.empty()) add(true, std::move(read));
      box.verbs.remove(FileVerb::read);
    }
    if (!box.verbs.empty()) add(rule.deny, box);
    if ((rule.permissions & may_exec) != 0) {
      box.verbs = {FileVerb::exec};
      box.successors.clear();
      if (rule.successor) box.successors = {*rule.successor};
      add(rule.deny, box);
    }
    if (!rule.deny) return names_.push_back({place, rule.permissions, rule.owner});
    const std::uint8_t moving = may_read | may_write;
    if ((rule.permissions & moving) != 0)
      add(true, pair(FileVerb::rename, {place.pattern}, every_name(), place.types, rule.owner));
    if ((rule.permissions & may_write) != 0)
      add(true, pair(FileVerb::rename, every_name(), {place.pattern}, place.types, rule.owner));
  }

  /// Does an exec rule for one exact name lie in another one that leads elsewhere?
  bool is_beaten(const ReadPath& rule) const {
    if (!rule.successor || rule.deny || !rule.pattern.is_exact()) return false;
    return std::any_of(profile_.paths.begin(), profile_.paths.end(), [&](const ReadPath& other) {
      return other.successor && !other.deny && other.successor != rule.successor &&
             other.pattern.matches(rule.pattern.prefix());
    });
  }

  /// False: too many names to spell out.
  bool renames() {
    if (profile_.every_rename) {
      add(false, pair(FileVerb::rename, every_name(), every_name(), FileTypes::all(), false));
      return true;
    }
    for (const FileTypes types : {dir_type, other_types})
      for (const bool owner : {false, true}) {
        std::vector<PathPattern> read, write;
        for (const Name& name : names_) {
          if ((name.place.types & types).empty() || (name.owner && !owner)) continue;
          if ((name.permissions & may_read) != 0) read.push_back(name.place.pattern);
          if ((name.permissions & may_write) != 0) write.push_back(name.place.pattern);
        }
        auto from = meet(write, read);
        if (!from) return false;
        if (!from->empty()) add(false, pair(FileVerb::rename, *std::move(from), std::move(write), types, owner));
      }
    return true;
  }

  static std::optional<std::vector<PathPattern>> names_of(const std::string& text) {
    const auto places = places_of(text);
    if (!places) return std::nullopt;
    std::vector<PathPattern> names;
    for (const Place& place : *places)
      if (!(place.types & other_types).empty()) names.push_back(place.pattern);  // no name here ends in a slash
    return names;
  }

  bool links() {
    for (const ReadLink& rule : profile_.links) {
      auto from = names_of(rule.target_text), to = names_of(rule.name_text);
      if (!from || !to) return false;
      add(rule.deny, pair(FileVerb::link, *std::move(from), *std::move(to), FileTypes::all(), rule.owner));
    }
    return true;
  }

  // ---- sockets and calls

  bool networks() {
    constexpr std::pair<int, Family> families[] = {{2, Family::inet},        {10, Family::inet6},
                                                   {1, Family::unix_family}, {16, Family::netlink},
                                                   {17, Family::packet},     {-1, Family::other}};
    constexpr std::pair<int, SocketType> types[] = {
        {1, SocketType::stream}, {2, SocketType::dgram}, {5, SocketType::seqpacket}, {3, SocketType::raw}};
    for (const ReadNetwork& rule : profile_.networks) {
      if (rule.deny) return false;  // of the families without a name it would take some
      ir::CallBox call{{*knowledge::find_call(Os::linux_os, "socket"), *knowledge::find_call(Os::linux_os, "socketpair")}, {}};
      std::sort(call.calls.begin(), call.calls.end());
      if (rule.domain >= 0)
        call.where.terms.push_back(equals(0, 0xFFFF'FFFFu, static_cast<std::uint64_t>(rule.domain)));
      if (rule.type >= 0)
        call.where.terms.push_back(
            equals(1, 0xFFFF'FFFFu & ~std::uint64_t{0x80800}, static_cast<std::uint64_t>(rule.type)));
      add(false, std::move(call));
      const bool named =
          std::any_of(std::begin(families), std::end(families), [&](const auto& f) { return f.first == rule.domain; });
      for (const auto& [number, family] : families) {
        if (rule.domain >= 0 && (named ? number != rule.domain : number != -1)) continue;
        ir::NetBox box;
        box.verbs = NetVerbs::all();
        box.family = family;
        if (rule.type >= 0) {
          box.types = {};
          for (const auto& [type_number, type] : types)
            if (type_number == rule.type) box.types.insert(type);
        }
        if (!box.types.empty()) add(false, std::move(box));
      }
    }
    return true;
  }

  bool has_userns() const { return !profile_.abi.empty() && profile_.abi != "<abi/3.0>"; }

  static std::string_view word_for(std::string_view call) {
    if (call == "mount" || call == "pivot_root" || call == "socket" || call == "socketpair") return call;
    if (call == "umount" || call == "umount2") return "umount";
    return call == "clone" || call == "unshare" ? "userns" : "";
  }

  void words() {
    const auto calls = knowledge::calls_of(Os::linux_os);
    ir::CallBox others;
    for (std::uint16_t id = 0; id < calls.size(); ++id) {
      const std::string_view word = word_for(calls[id].name);
      const bool userns = word == "userns";
      if (word.empty() || (userns && !has_userns())) {
        others.calls.push_back(CallId{id});
        continue;
      }
      ir::CallBox box{{CallId{id}}, {}};
      if (word == "socketpair") {  // other families than unix and TIPC have none: nothing to refuse
        box.where.terms = {equals(0, 0xFFFF'FFFF, 1, false), equals(0, 0xFFFF'FFFF, 30, false)};
        add(false, std::move(box));
        continue;
      }
      if (userns) {
        box.where.terms = {equals(0, 0x1000'0000, 0x1000'0000, false)};
        add(false, box);
        box.where.terms = {equals(0, 0x1000'0000, 0x1000'0000)};
      }
      for (const ReadWord& rule : profile_.words)
        if (rule.word == word) add(rule.deny, box);
    }
    add(false, std::move(others));
  }

  // ---- the rest

  bool peers() {
    for (const ReadPeer& rule : profile_.peers) {
      ir::PeerBox box;
      box.kind = rule.kind;
      box.what = rule.what;
      box.any_peer = !rule.peer;
      if (rule.peer && !rule.peer->is_exact()) return false;
      if (rule.peer && rule.peer->prefix() == profile_.name)
        box.peers = {
            {ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}, {ir::Peer::Kind::policy, profile_.policy}};
      else if (rule.peer) box.peers = {{ir::Peer::Kind::policy, policy_named(profile_, rule.peer->prefix())}};
      add(rule.deny, std::move(box));
    }
    return true;
  }

  void unseen() {
    ir::FileBox box;
    box.verbs = {FileVerb::utime,  FileVerb::xattr, FileVerb::stat, FileVerb::chdir,
                 FileVerb::chroot, FileVerb::ioctl, FileVerb::watch};
    box.places = every_name();
    add(false, box);
    box.verbs = {FileVerb::read};
    box.places = {PathPattern{}.with_below()};
    box.types = {FileType::symlink};
    add(false, box);
    for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group}) {
      ir::IdentityBox any;
      any.kind = kind;
      any.ids = sets::NumberSet::all();
      add(false, any);
    }
  }

  // What an abstraction may permit. Calls need their arguments' part only, for the rest of them is not looked at.
  void everything() {
    ir::FileBox box;
    box.verbs = verbs_for(may_read | may_write | may_append | may_lock | may_map);
    box.verbs.insert(FileVerb::exec);
    box.places = every_name();
    box.successors.clear();
    add(false, std::move(box));
    for (const FileVerb verb : {FileVerb::rename, FileVerb::link})
      add(false, pair(verb, every_name(), every_name(), FileTypes::all(), false));
    for (unsigned family = 0; family < count_of(Family{}); ++family) {
      ir::NetBox net;
      net.verbs = NetVerbs::all();
      net.family = static_cast<Family>(family);
      add(false, std::move(net));
    }
    ir::CallBox looked_at;
    const auto calls = knowledge::calls_of(Os::linux_os);
    for (std::uint16_t id = 0; id < calls.size(); ++id)
      if (!word_for(calls[id].name).empty()) looked_at.calls.push_back(CallId{id});
    add(false, std::move(looked_at));
    add(false, ir::CapabilityBox{~std::uint64_t{0}});
    for (const ir::PeerKind kind : {ir::PeerKind::signal, ir::PeerKind::ptrace}) {
      ir::PeerBox peers;
      peers.kind = kind;
      peers.what = kind == ir::PeerKind::signal ? ~std::uint64_t{0} : ir::ptrace_read | ir::ptrace_trace;
      peers.any_peer = true;
      add(false, std::move(peers));
    }
  }

  const ReadProfile& profile_;
  std::vector<Name> names_;
  std::vector<eval::Part> parts_;
};

}  // namespace

std::optional<eval::Meaning> meaning_of(const ReadProfile& profile) { return Builder(profile).run(); }

}  // namespace polc::apparmor
