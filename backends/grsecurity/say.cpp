// A subject's lines as rules: letters as verbs on a tree, what a more specific object takes away as denies.
#include "grsecurity/say.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "grsecurity/options.hpp"
#include "grsecurity/syntax.hpp"
#include "knowledge/names.hpp"
#include "support/lines.hpp"
#include "target/said.hpp"

namespace polc::grsecurity {
namespace {

using target::ReadError;

/// Which verbs an object permits (README.md, "What a letter permits"). All of `needs` must be there.
struct Permitted {
  std::string_view needs;
  FileVerbs verbs;
};
constexpr std::array permitted{
    Permitted{"r", {FileVerb::read}},
    Permitted{"w", {FileVerb::write, FileVerb::truncate, FileVerb::chmod, FileVerb::chown, FileVerb::utime, FileVerb::xattr}},
    Permitted{"a", {FileVerb::append}},
    Permitted{"x", {FileVerb::exec, FileVerb::map}},
    Permitted{"cw", {FileVerb::create}},
    Permitted{"dw", {FileVerb::remove}},
};
// An allow of rename prints these four: of an object that lacks one it would give more than it has.
constexpr std::string_view letters_of_rename = "rwcd", letters_of_link = "cl";
constexpr std::string_view known_letters = "rwaxcdlh";

bool has_all(const AclObject& object, std::string_view letters) {
  return !object.is_hidden() && std::all_of(letters.begin(), letters.end(), [&](char letter) { return object.has(letter); });
}

FileVerbs verbs_of(const AclObject& object) {
  FileVerbs verbs;
  if (object.is_hidden()) return verbs;
  verbs = verbs | FileVerbs{FileVerb::stat};
  for (const Permitted& row : permitted)
    if (has_all(object, row.needs)) verbs = verbs | row.verbs;
  return verbs;
}

std::vector<sets::PathPattern> tree_of(const std::string& path) {
  sets::PathPattern top;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    top.components.push_back({sets::Component::Kind::literal, path.substr(at, end - at)});
    at = end + 1;
  }
  return {top, top.with_below()};
}

ir::FileBox files(FileVerbs verbs, const std::string& path) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = tree_of(path);
  return box;
}

ir::PairBox pairs(FileVerb verb, const std::string& from, const std::string& to) {
  ir::PairBox box;
  box.verbs = {verb};
  box.from = tree_of(from);
  box.to = tree_of(to);
  return box;
}

class Sayer {
 public:
  Sayer(std::string_view text, const Document& document) : text_(text), document_(document), subject_(document.subjects.front()) {}

  tl::expected<target::SaidText, ReadError> run() {
    said_.programs = {subject_.path};
    said_.head = subject_.line;
    for (const AclObject& object : subject_.objects) this->object(object);
    capabilities();
    transitions(ir::IdentityKind::user, subject_.users);
    transitions(ir::IdentityKind::group, subject_.groups);
    rules();
    families();
    for (const target::Directive& directive : document_.directives) this->directive(directive);
    return std::move(said_);
  }

 private:
  void say(unsigned line, ir::Effect effect, ir::Box box) {
    if (!said_.rules.empty() && said_.rules.back().at.line == line && said_.rules.back().effect == effect) return said_.rules.back().boxes.push_back(std::move(box));
    said_.rules.push_back({{line}, effect, {std::move(box)}});
  }
  void keep(unsigned line, std::string why) { said_.raws.push_back({{line}, std::string(line_at(text_, line)), std::move(why)}); }
  void implied(unsigned line, std::string why) { said_.implied.push_back({{line}, std::move(why)}); }

  // ---- files

  /// The object that decides above this one.
  const AclObject* above(const AclObject& object) const {
    std::string path = object.path;
    while (path.size() > 1) {
      const std::size_t slash = path.rfind('/');
      path = slash == 0 ? "/" : path.substr(0, slash);
      if (const AclObject* found = subject_.find_object(path)) return found;
    }
    return nullptr;
  }

  void object(const AclObject& object) {
    if (object.mode.find_first_not_of(known_letters) != std::string::npos)
      return keep(object.line, fmt::format("the language has no words for all of the letters `{}`", object.mode));
    const AclObject* parent = above(object);
    if (parent == nullptr && object.is_hidden()) return hide(object);
    allow(object, parent);
    if (parent != nullptr) deny(object, *parent);
  }

  void hide(const AclObject& object) {
    said_.defaults.push_back({{ir::Reaction::Kind::hidden, {}, false}, ir::AccessClass::file, {}, {}, {}});
    implied(object.line, "what no rule allows is hidden");
  }

  void allow(const AclObject& object, const AclObject* parent) {
    FileVerbs verbs = verbs_of(object);
    // Reading brings it, and nothing can be written that is not seen.
    if (verbs != FileVerbs{FileVerb::stat}) verbs.remove(FileVerb::stat);
    if (parent != nullptr && verbs_of(*parent).includes(verbs) && !adds_pairs(object, *parent)) {
      if (verbs_of(*parent) == verbs_of(object)) implied(object.line, fmt::format("as `{}` above it", parent->path));
      return;
    }
    if (!verbs.empty()) say(object.line, ir::Effect::allow, files(verbs, object.path));
    if (has_all(object, letters_of_rename)) say(object.line, ir::Effect::allow, pairs(FileVerb::rename, object.path, object.path));
    if (has_all(object, letters_of_link)) say(object.line, ir::Effect::allow, pairs(FileVerb::link, object.path, object.path));
  }
  static bool adds_pairs(const AclObject& object, const AclObject& parent) {
    const auto adds = [&](std::string_view letters) { return has_all(object, letters) && !has_all(parent, letters); };
    return adds(letters_of_rename) || adds(letters_of_link);
  }

  // A more specific object replaces what stands above it.
  void deny(const AclObject& object, const AclObject& parent) {
    FileVerbs taken = verbs_of(parent) - verbs_of(object);
    // Writing brings it.
    if (taken.contains(FileVerb::write) && !object.has('a')) taken.insert(FileVerb::append);
    if (!object.is_hidden()) taken.remove(FileVerb::stat);
    if (!taken.empty()) say(object.line, ir::Effect::deny, files(taken, object.path));
    if (has_all(parent, letters_of_rename) && !has_all(object, "rw")) {
      say(object.line, ir::Effect::deny, pairs(FileVerb::rename, object.path, "/"));
      say(object.line, ir::Effect::deny, pairs(FileVerb::rename, "/", object.path));
    }
    if (has_all(parent, letters_of_link) && !has_all(object, letters_of_link)) say(object.line, ir::Effect::deny, pairs(FileVerb::link, "/", object.path));
  }

  // ---- processes

  // In order, the last line wins; what no line speaks of is kept.
  void capabilities() {
    std::uint64_t known = 0, kept = ~std::uint64_t{0};
    for (const knowledge::NamedNumber& capability : knowledge::capabilities()) known |= std::uint64_t{1} << capability.value;
    for (const AclCapability& line : subject_.capabilities) kept = line.keeps ? kept | line.bits : kept & ~line.bits;
    std::uint64_t unsaid = kept & known;
    for (const AclCapability& line : subject_.capabilities) {
      const std::uint64_t here = line.keeps ? line.bits & unsaid : 0;
      if (here != 0) say(line.line, ir::Effect::allow, ir::CapabilityBox{here});
      else implied(line.line, line.keeps ? "another line decides" : "what no rule allows is dropped");
      unsaid &= ~here;
    }
    if (unsaid != 0) said_.rules.push_back({{subject_.line}, ir::Effect::allow, {ir::CapabilityBox{unsaid == known ? ~std::uint64_t{0} : unsaid}}});
  }

  void transitions(ir::IdentityKind kind, const std::optional<AclTransitions>& list) {
    if (!list) return;
    ir::IdentityBox box{kind, {}, {}};
    for (const std::string& name : list->names) {
      const auto number = document_.accounts.find({kind, name});
      box.accounts.push_back(number == document_.accounts.end() ? ir::Account{name, false, 0} : ir::Account{name, true, number->second});
    }
    std::sort(box.accounts.begin(), box.accounts.end());
    say(list->line, list->is_deny ? ir::Effect::deny : ir::Effect::allow, std::move(box));
  }

  // ---- network

  void rules() {
    bool is_allowed[2] = {};  // connect, bind: a refusal behind a permit does not overrule it
    for (const AclRule& rule : subject_.rules) {
      if (rule.is_disabled) {
        implied(rule.line, "what no rule allows is refused");
        continue;
      }
      if (rule.is_deny && is_allowed[rule.is_bind]) {
        keep(rule.line, "a refusal behind a permit depends on the order, which policies do not have");
        continue;
      }
      is_allowed[rule.is_bind] |= !rule.is_deny;
      this->rule(rule);
    }
  }

  void rule(const AclRule& rule) {
    ir::NetBox box;
    box.family = Family::inet;
    box.verbs = rule.is_bind ? NetVerbs{NetVerb::bind, NetVerb::listen, NetVerb::accept} : NetVerbs{NetVerb::connect};
    box.ip4 = sets::Ip4Set::range(rule.address & rule.mask, rule.address | ~rule.mask);
    box.ports = sets::PortSet::range(static_cast<std::uint16_t>(rule.low_port), static_cast<std::uint16_t>(rule.high_port));
    box.protocols = rule.protocols;
    const auto is_of = [&](SocketType type, std::uint32_t protocol) {
      return rule.types == 1u << (type == SocketType::stream ? 1 : type == SocketType::dgram ? 2 : 3) && rule.protocols.contains(protocol);
    };
    if (is_of(SocketType::stream, 6)) box.types = {SocketType::stream};
    else if (is_of(SocketType::dgram, 17)) box.types = {SocketType::dgram};
    else if (is_of(SocketType::raw, 1) && box.ports.is_all()) box.types = {SocketType::raw};
    else return keep(rule.line, "the language has no word for this type with this protocol");
    // A bind rule has no listeners but of connections.
    if (rule.is_bind && !box.types.contains(SocketType::stream)) box.verbs = {NetVerb::bind};
    say(rule.line, rule.is_deny ? ir::Effect::deny : ir::Effect::allow, std::move(box));
  }

  void families() {
    for (const AclFamily& family : subject_.families) {
      ir::NetBox box;
      box.verbs = NetVerbs::all();
      box.family = Family::netlink;
      constexpr std::uint32_t netlink = 16, unix_family = 1, inet = 2;
      if (family.number == netlink) say(family.line, ir::Effect::allow, std::move(box));
      else if (family.number == unix_family || family.number == inet) implied(family.line, "open by itself");
      else keep(family.line, "a family as a whole");
    }
    if (subject_.all_families) keep(*subject_.all_families, "every family as a whole");
  }

  // ---- what shows in no access

  // RES_NOFILE 1024 1024
  void directive(const target::Directive& directive) {
    if (directive.line == subject_.line) return;
    constexpr std::string_view begin = "RES_";
    if (!directive.text.starts_with(begin)) return keep(directive.line, "it shows in no access");
    std::string_view rest = std::string_view(directive.text).substr(begin.size());
    const std::size_t cut = rest.find(' '), second = rest.find(' ', cut + 1);
    const std::string_view soft = rest.substr(cut + 1, second - cut - 1), hard = rest.substr(second + 1);
    std::uint64_t bound = 0;
    const auto [end, error] = std::from_chars(hard.data(), hard.data() + hard.size(), bound);
    std::string name;
    for (const char c : rest.substr(0, cut)) name += static_cast<char>(c | 0x20);
    for (const knowledge::NamedNumber& limit : knowledge::limits_of(Os::linux_os))
      if (limit.name == name && soft == hard && error == std::errc() && end == hard.data() + hard.size())
        return said_.limits.push_back({directive.line, {limit.value, bound, {}}});
    keep(directive.line, "a limit that policies have no word for");
  }

  std::string_view text_;
  const Document& document_;
  const AclSubject& subject_;
  target::SaidText said_;
};

}  // namespace

tl::expected<target::SaidText, ReadError> say(std::string_view text, const ir::Configuration&, const target::Settings& settings) {
  const auto document = parse(text, {is_old(settings), settings.format == "policy"});
  if (!document) return tl::unexpected(document.error());
  if (document->subjects.size() > 1 || !document->roles.empty())
    return tl::unexpected(ReadError{document->subjects.size() > 1 ? document->subjects[1].line : 1, "one subject is imported at a time, without a role around it"});
  return Sayer(text, *document).run();
}

}  // namespace polc::grsecurity
