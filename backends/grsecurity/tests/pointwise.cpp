// grsecurity/gracl.c, gracl_fs.c, gracl_ip.c and gracl_cap.c of the patch for Linux 4.9, as far as boxes can say it.
#include "pointwise.hpp"

#include <algorithm>

#include "knowledge/calls.hpp"
#include "support/overloaded.hpp"

namespace polc::grsecurity {
namespace {

constexpr std::uint32_t af_unix = 1, af_inet = 2, af_inet6 = 10, af_netlink = 16, af_packet = 17, af_max = 42;

std::uint32_t type_bit(SocketType type) {
  switch (type) {
    case SocketType::stream: return 1u << 1;
    case SocketType::dgram: return 1u << 2;
    case SocketType::raw: return 1u << 3;
    case SocketType::seqpacket: return 1u << 5;
  }
  return 0;
}

bool is_udp(const ir::NetPoint& point) {
  return point.type == SocketType::dgram && (point.protocol == 0 || point.protocol == 17);
}

bool matches(const AclRule& rule, const ir::NetPoint& point) {
  return !rule.is_disabled && (point.ip4 & rule.mask) == rule.address && rule.low_port <= point.port &&
         point.port <= rule.high_port && (rule.types & type_bit(point.type)) != 0 &&
         rule.protocols.contains(point.protocol);
}

/// The path itself, then each directory above it.
template <class Visitor>
void for_each_level(std::string path, Visitor&& visit) {
  for (;;) {
    if (visit(path) || path == "/") return;
    const std::size_t slash = path.rfind('/');
    path = slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  }
}

}  // namespace

Confined::Confined(const Document& document, std::size_t subject, Os os, bool is_old)
    : document_(document), index_(subject), os_(os), is_old_(is_old) {}

bool Confined::Found::has(char letter) const {
  if (is_own_file) return letter == 'r' || letter == 'x';
  if (!object || object->is_hidden()) return false;
  return object->has(letter) || (letter == 'a' && object->has('w'));
}

// At each level the subject itself, then its parents: a longer path of a parent beats a shorter one of its own. Where
// the subject's own file is named, gradm adds `rx` to what is there; polc prints the total, so this takes it at its
// word.
Confined::Found Confined::find_object(std::string_view path) const {
  Found found;
  for_each_level(std::string(path), [&](const std::string& level) {
    for (std::optional<std::size_t> i = index_; i; i = document_.subjects[*i].parent) {
      const AclSubject& at = document_.subjects[*i];
      found.object = at.find_object(level);
      if (found.object) return true;
      if (at.path == level && level != "/") {
        found.is_own_file = true;
        return true;
      }
    }
    return false;
  });
  return found;
}

Answer Confined::decide_file(const ir::FilePoint& point) const {
  const Found at = find_object(point.path);
  const auto needs = [&](std::string_view letters) {
    return Answer{at.is_seen() && std::all_of(letters.begin(), letters.end(), [&](char c) { return at.has(c); }),
                  at.line()};
  };
  switch (point.verb) {
    case FileVerb::read: return needs(point.type == FileType::dir ? "" : "r");
    case FileVerb::write:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown:
    case FileVerb::utime:
    case FileVerb::xattr: return needs("w");
    case FileVerb::append: return needs("a");
    case FileVerb::create: return needs("wc");
    case FileVerb::remove: return needs("wd");
    case FileVerb::exec:
    case FileVerb::map: return needs("x");
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::watch: return needs("");
    case FileVerb::lock:
    case FileVerb::ioctl: return {true, std::nullopt};  // on a descriptor: decided when it was opened
    case FileVerb::rename:
    case FileVerb::link: break;  // two paths: never a FilePoint
  }
  return {};
}

Answer Confined::decide_pair(const ir::PairPoint& point) const {
  const Found from = find_object(point.from);
  const Found to = find_object(point.to);
  if (point.verb == FileVerb::link) return {from.is_seen() && to.has('c') && to.has('l'), to.line()};
  // RENAME_CHECK_SUCCESS looks at read and write of both ends only.
  return {from.has('r') && from.has('w') && to.has('r') && to.has('w'), from.line()};
}

bool Confined::is_unrestricted() const {
  return subject().rules.empty() && subject().families.empty() && !subject().all_families;
}

bool Confined::allows_family(std::uint32_t number) const {
  if (is_old_ || is_unrestricted() || subject().all_families) return true;
  if (!subject().rules.empty() && (number == af_unix || number == af_inet)) return true;
  return std::any_of(subject().families.begin(), subject().families.end(), [&](const AclFamily& family) { return family.number == number; });
}

Answer Confined::decide_unix(const ir::NetPoint& point) const {
  if (!allows_family(af_unix)) return {};
  if (point.verb == NetVerb::listen || point.verb == NetVerb::accept || point.verb == NetVerb::receive)
    return {true, std::nullopt};
  if (point.unix_address.kind != ir::UnixAddress::Kind::path) return {true, std::nullopt};  // only names of files are looked up
  const Found at = find_object(point.unix_address.name);
  if (point.verb == NetVerb::bind) return {at.has('w') && at.has('c'), at.line()};
  return {at.has('r') && at.has('w'), at.line()};
}

Answer Confined::decide_inet(const ir::NetPoint& point) const {
  const bool is_message = point.verb == NetVerb::send || point.verb == NetVerb::receive;
  if (is_message && !is_udp(point)) return {true, std::nullopt};
  if (!allows_family(af_inet)) return {};
  if (subject().rules.empty()) return {true, std::nullopt};
  const bool is_local = point.verb == NetVerb::bind || point.verb == NetVerb::listen || point.verb == NetVerb::accept;
  for (const AclRule& rule : subject().rules)
    if (rule.is_bind == is_local && matches(rule, point)) return {!rule.is_deny, rule.line};
  return {};
}

Answer Confined::decide_net(const ir::NetPoint& point) const {
  switch (point.family) {
    case Family::unix_family: return decide_unix(point);
    case Family::inet: return decide_inet(point);
    case Family::inet6: return {allows_family(af_inet6), std::nullopt};
    case Family::netlink: return {allows_family(af_netlink), std::nullopt};
    case Family::packet: return {allows_family(af_packet), std::nullopt};
    case Family::other: break;
  }
  for (std::uint32_t number = 0; number < af_max; ++number) {
    const bool has_name =
        number == af_unix || number == af_inet || number == af_inet6 || number == af_netlink || number == af_packet;
    if (!has_name && allows_family(number)) return {true, std::nullopt};
  }
  return {};
}

Answer Confined::decide_call(const ir::CallPoint& point) const {
  if (knowledge::call_of(os_, point.call).name != "socket") return {true, std::nullopt};
  const auto domain = static_cast<std::uint32_t>(point.arguments[0]);
  const auto type = static_cast<std::uint32_t>(point.arguments[1]) & 0xF;  // SOCK_TYPE_MASK
  const auto protocol = static_cast<std::uint32_t>(point.arguments[2]);
  if (domain != af_inet) return {allows_family(domain), std::nullopt};
  if (!allows_family(af_inet)) return {};
  if (subject().rules.empty()) return {true, std::nullopt};
  std::uint32_t types = 0;
  bool has_protocol = false;
  for (const AclRule& rule : subject().rules) {
    types |= rule.types;
    has_protocol |= rule.protocols.contains(protocol);
  }
  return {((types >> type) & 1u) != 0 && has_protocol, std::nullopt};
}

// The nearest subject that speaks of the capability decides, in it the last line.
Answer Confined::decide_capability(unsigned capability) const {
  for (std::optional<std::size_t> i = index_; i; i = document_.subjects[*i].parent) {
    const auto& lines = document_.subjects[*i].capabilities;
    const auto speaks = [&](const AclCapability& line) { return ((line.bits >> capability) & 1u) != 0; };
    const auto last = std::find_if(lines.rbegin(), lines.rend(), speaks);
    if (last != lines.rend()) return {last->keeps, last->line};
  }
  return {true, std::nullopt};
}

Answer Confined::decide_identity(const ir::IdentityPoint& point) const {
  const bool is_user = point.kind == ir::IdentityKind::user;
  const auto& list = is_user ? subject().users : subject().groups;
  const bool keeps_capability = decide_capability(is_user ? 7 : 6).permits;
  if (!list) return {keeps_capability, std::nullopt};
  const bool is_named = std::any_of(list->names.begin(), list->names.end(), [&](const std::string& name) {
    const auto number = document_.accounts.find({point.kind, name});
    if (number != document_.accounts.end() && point.account.has_id) return number->second == point.account.id;
    return name == point.account.name;
  });
  return {list->is_deny ? keeps_capability && !is_named : is_named, list->line};
}

Answer Confined::decide(const ir::Point& point) const {
  return std::visit(Overloaded{[&](const ir::FilePoint& p) { return decide_file(p); },
                               [&](const ir::PairPoint& p) { return decide_pair(p); },
                               [&](const ir::NetPoint& p) { return decide_net(p); },
                               [&](const ir::CallPoint& p) { return decide_call(p); },
                               [&](const ir::IdentityPoint& p) { return decide_identity(p); },
                               [&](const ir::CapabilityPoint& p) { return decide_capability(p.capability); },
                               [](const ir::PeerPoint&) {
                                 return Answer{true, std::nullopt};
                               }},
                    point);
}

bool permits_pointwise(const Document& document, const ir::Point& point, Os os, bool is_old) {
  bool is_alone = true;
  for (std::size_t i = 0; i < document.subjects.size(); ++i) {
    if (document.subjects[i].path == "/") continue;
    is_alone = false;
    if (Confined(document, i, os, is_old).decide(point).permits) return true;
  }
  return is_alone && Confined(document, 0, os, is_old).decide(point).permits;
}

}  // namespace polc::grsecurity
