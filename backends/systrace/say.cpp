// A file's lines as rules: aliases as verbs on places, tests as what they take, bare calls by their names.
#include "systrace/say.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "knowledge/socket_numbers.hpp"
#include "support/lines.hpp"
#include "systrace/calls.hpp"
#include "systrace/options.hpp"
#include "systrace/read.hpp"
#include "systrace/rules_met.hpp"
#include "target/features.hpp"
#include "target/said.hpp"

namespace polc::systrace {
namespace {

using syntax::Action;
using syntax::Expression;
using syntax::Rule;
using target::ReadError;

/// What a test of `filename` says for a call. The aliases are what the how-to writes them for; the calls that they stand in for have no
/// words of their own in its style.
struct NameRow {
  std::string_view call;
  FileVerbs verbs;
  FileTypes types;
};
constexpr std::array name_rows{
    NameRow{"fsread", {FileVerb::read}, FileTypes::all()},
    NameRow{"fswrite", {FileVerb::write, FileVerb::create, FileVerb::remove}, {FileType::file, FileType::dir}},
    NameRow{"chdir", {FileVerb::chdir}, FileTypes::all()},
    NameRow{"chroot", {FileVerb::chroot}, FileTypes::all()},
    NameRow{"chmod", {FileVerb::chmod}, FileTypes::all()},
    NameRow{"chown", {FileVerb::chown}, FileTypes::all()},
    NameRow{"execve", {FileVerb::exec}, FileTypes::all()},
    NameRow{"symlink", {FileVerb::create}, {FileType::symlink}},
};

/// A call that the language names by what it does, wherever.
struct NetRow {
  std::string_view call;
  NetVerb verb;
};
constexpr std::array net_rows{
    NetRow{"connect", NetVerb::connect}, NetRow{"bind", NetVerb::bind},     NetRow{"sendto", NetVerb::send},
    NetRow{"listen", NetVerb::listen},   NetRow{"accept", NetVerb::accept}, NetRow{"recvfrom", NetVerb::receive},
};

template <class Rows>
auto find_row(const Rows& rows, std::string_view call) -> const typename Rows::value_type* {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.call == call; });
  return row == rows.end() ? nullptr : &*row;
}

/// `socket(domain, type)`, as one line names them.
struct SocketKind {
  std::uint64_t domain = 0, type = 0;
};

class Sayer {
 public:
  Sayer(std::string_view text, const syntax::File& file, const syntax::Dialect& dialect)
      : text_(text), file_(file), dialect_(dialect), policy_(file.policies.front()) {
    for (const Rule& rule : policy_.rules) {
      if (rule.call != "socket" || rule.action != Action::permit) continue;
      if (const auto kind = socket_kind(rule.condition)) sockets_.push_back(*kind);
      else opens_every_socket_ = true;
    }
  }

  target::SaidText run() {
    said_.programs = {policy_.program};
    said_.head = line_of_header();
    for (const Rule& rule : policy_.rules) this->rule(rule);
    if (policy_.detached != 0) said_.raws.push_back({{policy_.detached}, "detached", "the program leaves systrace"});
    const auto has = [&](std::string_view key) {
      return std::any_of(said_.options.begin(), said_.options.end(), [&](const target::SaidOption& option) { return option.key == key; });
    };
    said_.options.push_back({0, "style", "howto"});
    if (!has("missing")) said_.options.push_back({0, "missing", "none"});
    return std::move(said_);
  }

 private:
  unsigned line_of_header() const {
    std::string_view rest = text_;
    for (unsigned line = 1; !rest.empty(); ++line)
      if (take_line(rest).find("olicy:") != std::string_view::npos) return line;
    return 1;
  }

  void say(const Rule& rule, std::vector<ir::Box> boxes) {
    said_.rules.push_back({{rule.line}, rule.action == Action::permit ? ir::Effect::allow : ir::Effect::deny, std::move(boxes)});
  }
  void keep(const Rule& rule, std::string why) {
    said_.raws.push_back({{rule.line}, fmt::format("native-{}: {}", rule.call, rule.text), std::move(why)});
  }

  void rule(const Rule& rule) {
    if (rule.action == Action::ask) return keep(rule, "`ask` asks a person");
    if (!rule.aside.empty()) return keep(rule, fmt::format("the language has no words for `{}`", rule.aside.substr(rule.aside.front() == ' ' ? 1 : 0)));
    if (speaks_of_unresolved(rule.condition)) return unresolved(rule);
    if (rule.action == Action::deny && !rule.word.empty()) return keep(rule, "an error of this rule alone");
    if (is_last_refusal(rule)) return said_.implied.push_back({{rule.line}, "what no rule permits is refused"});
    if (rule.condition.kind == Expression::Kind::always) return whole(rule);
    if (rule.call == "rename" || rule.call == "link") return pair(rule);
    if (rule.call == "setuid" || rule.call == "setgid") return identity(rule);
    if (rule.call == "socket") return socket(rule);
    if (rule.condition.kind != Expression::Kind::test) return keep(rule, "several tests in one rule");
    if (rule.condition.argument == "filename" && rule.condition.index == 0) return name(rule);
    if (rule.condition.argument == "sockaddr") return address(rule);
    keep(rule, fmt::format("the language has no words for a test of `{}`", rule.condition.argument));
  }

  /// A bare deny of what no other rule speaks of says what is so without it.
  bool is_last_refusal(const Rule& rule) const {
    if (rule.action != Action::deny || rule.condition.kind != Expression::Kind::always) return false;
    return std::none_of(policy_.rules.begin(), policy_.rules.end(), [&](const Rule& other) {
      return other.call == rule.call && (other.line > rule.line || (rule.simple && other.line != rule.line));
    });
  }

  // How a name is refused that cannot be resolved is an option, in the two forms that it prints.
  void unresolved(const Rule& rule) {
    const bool is_deny = rule.action == Action::deny, is_alias = rule.call == "fsread" || rule.call == "fswrite";
    const Expression& test = rule.condition;
    const bool is_plain = test.kind == Expression::Kind::test && is_deny && is_alias;
    std::string_view word;
    if (is_plain && test.op == syntax::Operator::match && rule.word.empty()) word = "deny";
    if (is_plain && test.op == syntax::Operator::sub && syntax::in_capitals(rule.word) == "ENOENT") word = "enoent";
    if (word.empty()) return keep(rule, "names that cannot be resolved");
    for (const target::SaidOption& option : said_.options)
      if (option.key == "missing" && option.word != word) return keep(rule, "names that cannot be resolved are refused otherwise elsewhere");
    said_.options.push_back({rule.line, "missing", std::string(word)});
  }

  // ---- calls as a whole

  void whole(const Rule& rule) {
    if (const NetRow* row = find_row(net_rows, rule.call)) return say(rule, everywhere(row->verb));
    if (const NameRow* row = find_row(name_rows, rule.call)) return say(rule, {files(*row, syntax::every_path())});
    if (rule.call == "setuid" || rule.call == "setgid")
      return say(rule, {ir::IdentityBox{rule.call == "setuid" ? ir::IdentityKind::user : ir::IdentityKind::group, sets::NumberSet::all(), {}}});
    if (is_decided_by_argument(rule.call, static_cast<Version>(dialect_.year))) return keep(rule, "the language names such accesses by their paths");
    say(rule, {ir::CallBox{{*knowledge::find_call(dialect_.os, rule.call)}, {}}});
  }

  std::vector<ir::Box> everywhere(NetVerb verb) const {
    std::vector<ir::Box> boxes = target::everything(ir::AccessClass::net, dialect_.os);
    for (ir::Box& box : boxes) std::get<ir::NetBox>(box).verbs = {verb};
    return boxes;
  }

  // ---- names

  static ir::FileBox files(const NameRow& row, std::vector<sets::PathPattern> places) {
    ir::FileBox box;
    box.verbs = row.verbs;
    box.places = std::move(places);
    box.types = row.types;
    return box;
  }

  void name(const Rule& rule) {
    const NameRow* const row = find_row(name_rows, rule.call);
    if (row == nullptr) return keep(rule, fmt::format("the language has no words for the path of `{}`", rule.call));
    auto places = places_of(rule.condition);
    if (!places) return keep(rule, "what the test takes is no pattern of the language");
    ir::FileBox box = files(*row, *std::move(places));
    if (rule.call == "execve" && rule.action == Action::permit) {
      if (rule.word == "inherit") box.successors = {{ir::Successor::Kind::same, ""}};
      else if (rule.word == "detach") box.successors = {{ir::Successor::Kind::unconfined, ""}};
      else return keep(rule, "the policy that the program goes on under is found by its path");
    }
    say(rule, {std::move(box)});
  }

  // `eq` takes a name in any case, `match` also what lies below: systrace prints these of a policy's plain name.
  std::optional<std::vector<sets::PathPattern>> places_of(const Expression& test) const {
    std::optional<std::vector<sets::PathPattern>> places;
    if (test.op == syntax::Operator::eq) places = parsed({test.text, std::vector<bool>(test.text.size(), true)}, false);
    else if (test.op == syntax::Operator::match && test.text.find_first_of("[\\{}") == std::string::npos)
      places = parsed({test.text + (test.text.ends_with("/*") ? "*" : ""), {}}, test.text.find_first_of("*?") == std::string::npos);
    else places = syntax::paths_of(test, dialect_.year);
    const auto is_automaton = [](const sets::PathPattern& place) {
      return std::any_of(place.components.begin(), place.components.end(), [](const sets::Component& c) { return c.kind == sets::Component::Kind::machine; });
    };
    if (!places || std::any_of(places->begin(), places->end(), is_automaton)) return std::nullopt;
    return places;
  }

  static std::optional<std::vector<sets::PathPattern>> parsed(const sets::PatternText& text, bool with_below) {
    auto places = sets::parse_path_pattern(text, with_below);
    return places ? std::optional(*std::move(places)) : std::nullopt;
  }

  // `filename match "A" and filename[1] match "B"`
  void pair(const Rule& rule) {
    const Expression& both = rule.condition;
    std::optional<std::vector<sets::PathPattern>> from, to;
    if (both.kind == Expression::Kind::both && both.terms.size() == 2)
      for (const Expression& term : both.terms)
        if (term.kind == Expression::Kind::test && term.argument == "filename") (term.index == 0 ? from : to) = places_of(term);
    if (!from || !to) return keep(rule, "a policy names both paths");
    ir::PairBox box;
    box.verbs = {rule.call == "rename" ? FileVerb::rename : FileVerb::link};
    box.from = *std::move(from);
    box.to = *std::move(to);
    say(rule, {std::move(box)});
  }

  // ---- accounts

  // `uid eq "1001" and uname eq "_tor"`
  void identity(const Rule& rule) {
    const bool is_user = rule.call == "setuid";
    ir::IdentityBox box{is_user ? ir::IdentityKind::user : ir::IdentityKind::group, {}, {}};
    std::optional<std::uint32_t> number;
    std::optional<std::string> name;
    const auto take = [&](const Expression& test) {
      if (test.kind != Expression::Kind::test) return false;
      if (test.argument == (is_user ? "uid" : "gid") && !number) return (number = syntax::number_of(test)).has_value();
      return test.argument == "uname" && !name && (name = syntax::name_of(test)).has_value();
    };
    const bool is_known = rule.condition.kind == Expression::Kind::both ? std::all_of(rule.condition.terms.begin(), rule.condition.terms.end(), take)
                                                                         : take(rule.condition);
    if (!is_known) return keep(rule, "no account of the language");
    for (const syntax::AccountNote& note : file_.accounts)
      if (!name && note.user == is_user && note.id == number) name = note.name;
    if (name) box.accounts = {{*name, number.has_value(), number.value_or(0)}};
    else box.ids = sets::NumberSet::of(*number);
    say(rule, {std::move(box)});
  }

  // ---- sockets

  std::optional<SocketKind> socket_kind(const Expression& condition) const {
    if (condition.kind != Expression::Kind::both || condition.terms.size() != 2) return std::nullopt;
    std::optional<std::uint64_t> domain, type;
    for (const Expression& test : condition.terms) {
      if (test.kind != Expression::Kind::test || test.op != syntax::Operator::eq) return std::nullopt;
      if (test.argument == "sockdom") domain = knowledge::find_constant(dialect_.os, test.text);
      if (test.argument == "socktype") type = knowledge::find_constant(dialect_.os, test.text);
    }
    return domain && type ? std::optional(SocketKind{*domain, *type}) : std::nullopt;
  }

  bool may_make(Family family, SocketType type) const {
    if (opens_every_socket_) return true;
    const auto domain = knowledge::find_constant(dialect_.os, family == Family::inet ? "AF_INET" : "AF_INET6");
    const auto number = knowledge::find_constant(dialect_.os, type == SocketType::stream ? "SOCK_STREAM" : "SOCK_DGRAM");
    return std::any_of(sockets_.begin(), sockets_.end(), [&](const SocketKind& kind) { return kind.domain == domain && kind.type == number; });
  }

  void socket(const Rule& rule) {
    const auto kind = socket_kind(rule.condition);
    if (!kind) return keep(rule, "a policy names the domain and the type of a socket");
    if (const auto words = words_that_bring(*kind)) return said_.implied.push_back({{rule.line}, fmt::format("the rules for {} bring it", *words)});
    const auto equals = [](std::uint8_t argument, std::uint64_t value) { return ir::test_of({argument, ~std::uint64_t{0}, sets::Compare::equal, value, 32, true}); };
    say(rule, {ir::CallBox{{*knowledge::find_call(dialect_.os, "socket")}, ir::all_of({equals(0, kind->domain), equals(1, kind->type)})}});
  }

  /// "tcp", where an address of the file asks for such sockets.
  std::optional<std::string_view> words_that_bring(const SocketKind& kind) const {
    for (const auto& [family, domain] : {std::pair(Family::inet, "AF_INET"), {Family::inet6, "AF_INET6"}})
      for (const auto& [type, name, word] : {std::tuple(SocketType::stream, "SOCK_STREAM", "tcp"), {SocketType::dgram, "SOCK_DGRAM", "udp"}}) {
        if (kind.domain != knowledge::find_constant(dialect_.os, domain) || kind.type != knowledge::find_constant(dialect_.os, name)) continue;
        if (std::any_of(policy_.rules.begin(), policy_.rules.end(), [&, f = family](const Rule& rule) { return names_host(rule, f); })) return word;
      }
    return std::nullopt;
  }
  bool names_host(const Rule& rule, Family family) const {
    if (rule.action != Action::permit || rule.condition.kind != Expression::Kind::test || rule.condition.argument != "sockaddr") return false;
    const auto all = syntax::addresses_of(rule.condition, dialect_.year);
    return find_row(net_rows, rule.call) != nullptr && all && std::any_of(all->begin(), all->end(), [&](const ir::NetBox& box) { return box.family == family; });
  }

  // The text of an address says nothing of the socket: it is one of those that the file lets be made.
  void address(const Rule& rule) {
    const NetRow* const row = find_row(net_rows, rule.call);
    const auto all = row == nullptr ? std::nullopt : syntax::addresses_of(rule.condition, dialect_.year);
    if (!all) return keep(rule, "what the test takes is no address of the language");
    const auto is_inet = [](const ir::NetBox& box) { return box.family == Family::inet || box.family == Family::inet6; };
    const bool names_hosts = std::any_of(all->begin(), all->end(), is_inet);
    std::vector<ir::Box> boxes;
    for (ir::NetBox box : *all) {
      box.verbs = {row->verb};
      if (!names_hosts) boxes.push_back(std::move(box));  // else a path that looks like a host
      else if (is_inet(box)) add_protocols(box, boxes);
    }
    if (boxes.empty()) return keep(rule, "no socket of such an address may be made");
    say(rule, std::move(boxes));
  }

  void add_protocols(const ir::NetBox& box, std::vector<ir::Box>& boxes) const {
    constexpr std::uint32_t tcp = 6, udp = 17;
    for (const auto& [type, protocol] : {std::pair(SocketType::stream, tcp), {SocketType::dgram, udp}}) {
      if (!may_make(box.family, type)) continue;
      ir::NetBox one = box;
      one.types = {type};
      one.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(protocol);
      boxes.push_back(std::move(one));
    }
  }

  std::string_view text_;
  const syntax::File& file_;
  syntax::Dialect dialect_;
  const syntax::PolicyText& policy_;
  std::vector<SocketKind> sockets_;
  bool opens_every_socket_ = false;
  target::SaidText said_;
};

}  // namespace

tl::expected<target::SaidText, ReadError> say(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  const syntax::Dialect dialect{configuration.os, static_cast<unsigned>(options_of(settings).version)};
  const auto file = syntax::parse_file(text, dialect);
  if (!file) return tl::unexpected(file.error());
  if (file->policies.size() != 1) return tl::unexpected(ReadError{1, fmt::format("{} policies; one is imported at a time", file->policies.size())});
  return Sayer(text, *file, dialect).run();
}

}  // namespace polc::systrace
