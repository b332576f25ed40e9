// From legal rules to text. Rules of one call stand together, refusals first: systrace takes the first filter that
// matches.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sets/port_regex.hpp"
#include "support/check.hpp"
#include "support/overloaded.hpp"
#include "systrace/error_names.hpp"
#include "systrace/emit_open.hpp"
#include "systrace/project.hpp"

namespace polc::systrace {
namespace {

// systrace(1)'s lexer: "input line too long" above this.
constexpr std::size_t longest_line = 2046;

/// The rules of one call or alias, without `native-NAME: `.
struct CallLines {
  std::string missing;  // for names that cannot be resolved
  std::set<std::string> denies, permits;
  bool whole_permit = false;
  bool whole_deny = false;
  std::string deny_word;  // "deny" or "deny[enoent]"
};

bool is_alias(std::string_view name) { return name == "fsread" || name == "fswrite"; }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

std::string deny_word(const ir::Policy& policy, ir::AccessClass klass) {
  const ir::Reaction reaction = ir::reaction_for(policy, "systrace", klass, std::nullopt);
  if (reaction.kind == ir::Reaction::Kind::hidden && klass == ir::AccessClass::file) return "deny[enoent]";
  if (!has_error_name(reaction.error_name)) return "deny";
  return "deny[" + lower(reaction.error_name) + "]";
}

class Emitter {
 public:
  explicit Emitter(const target::LegalPolicy& legal)
      : legal_(legal),
        policy_(legal.policy()),
        howto_(is_howto(legal.settings())),
        version_(version_of(legal.settings())) {}

  std::string text() {
    for (const target::LegalRule& rule : legal_.rules()) add(rule);
    for (const OpenLine& line : opens_.lines()) at("open", ir::AccessClass::file).permits.insert(line + " then permit");
    add_missing();
    std::string out = header();
    std::vector<std::string> programs = policy_.programs;
    if (programs.empty()) programs.push_back(policy_.name);
    for (const std::string& program : programs) out += fmt::format("Policy: {}, Emulation: native\n", program) + body();
    return out;
  }

 private:
  CallLines& at(std::string_view call, ir::AccessClass klass) {
    CallLines& lines = calls_[std::string(call)];
    if (lines.deny_word.empty()) lines.deny_word = deny_word(policy_, klass);
    return lines;
  }

  void filter(std::string_view call, ir::AccessClass klass, ir::Effect effect, const std::string& expression,
              std::string_view word = "permit") {
    CallLines& lines = at(call, klass);
    if (effect == ir::Effect::allow) lines.permits.insert(fmt::format("{} then {}", expression, word));
    else lines.denies.insert(fmt::format("{} then {}", expression, lines.deny_word));
  }

  void add(const target::LegalRule& rule) {
    const target::Piece& piece = rule.piece;
    switch (static_cast<Form>(piece.form)) {
      case Form::alias_read: add_alias("fsread", rule); break;
      case Form::alias_write: add_alias("fswrite", rule); break;
      case Form::alias_both: add_alias("fsread", rule), add_alias("fswrite", rule); break;
      case Form::by_path: add_paths(rule.effect, std::get<ir::FileBox>(piece.wanted)); break;
      case Form::by_two_paths: add_pair(rule.effect, std::get<ir::PairBox>(piece.wanted)); break;
      case Form::by_address: add_addresses(rule.effect, std::get<ir::NetBox>(piece.wanted)); break;
      case Form::port_lines: add_ports(std::get<ir::NetBox>(piece.wanted)); break;
      case Form::any_address: filter(call_of(piece), ir::AccessClass::net, rule.effect, "true"); break;
      case Form::no_address: filter("sendto", ir::AccessClass::net, rule.effect, "not ( sockaddr re \"^\" )"); break;
      case Form::socket_kinds: add_socket(rule); break;
      case Form::by_identity: add_identity(rule.effect, std::get<ir::IdentityBox>(piece.wanted)); break;
      case Form::whole_call: add_whole(rule); break;
    }
  }

  /// The call that a whole-call piece is about stands first in its meaning.
  std::string_view call_of(const target::Piece& piece) const {
    return name_of_call(policy_, std::get<ir::CallBox>(piece.meaning.front()).calls.front());
  }

  void add_whole(const target::LegalRule& rule) {
    CallLines& lines = at(call_of(rule.piece), ir::AccessClass::syscall);
    (rule.effect == ir::Effect::allow ? lines.whole_permit : lines.whole_deny) = true;
  }

  void add_alias(std::string_view alias, const target::LegalRule& rule) {
    const auto& place = std::get<ir::FileBox>(rule.piece.wanted).places.front();
    const PathTest test = rule.effect == ir::Effect::allow ? howto_test(place) : strict_test(place);
    filter(alias, ir::AccessClass::file, rule.effect, "filename " + test.text);
  }

  void add_paths(ir::Effect effect, const ir::FileBox& box) {
    const FileVerb verb = only_verb(box.verbs);
    const bool allow = effect == ir::Effect::allow;
    const PathTest test = allow ? path_test(box.places.front(), legal_.settings()) : strict_test(box.places.front());
    const std::string name = "filename " + test.text;
    for (const PathCall& row : path_calls(verb, box.types)) {
      if (row.call == "open" || verb == FileVerb::truncate) add_open(effect, verb, box.places.front(), test);
      // mknod is denied because of the socket that it could make; bind makes it too.
      if (!allow && row.call == "mknod" && allows_unix_bind(policy_))
        filter("bind", ir::AccessClass::net, effect, "sockaddr " + test.text);
      if (row.call == "open" || is_whole(row.call, version_)) continue;
      filter(row.call, ir::AccessClass::file, effect, name, verb == FileVerb::exec ? exec_word(box) : "permit");
    }
  }

  static std::string_view exec_word(const ir::FileBox& box) {
    const auto kind = box.successors.empty() ? ir::Successor::Kind::same : box.successors.front().kind;
    return kind == ir::Successor::Kind::same         ? "permit[inherit]"
           : kind == ir::Successor::Kind::unconfined ? "permit[detach]"
                                                     : "permit";
  }

  void add_open(ir::Effect effect, FileVerb verb, const sets::PathPattern& place, const PathTest& test) {
    if (effect == ir::Effect::allow) opens_.add(verb, place, test.text);
    else
      filter("open", ir::AccessClass::file, effect,
             fmt::format("( filename {} ) and ( oflags {} )", test.text, refused_flags(verb)));
  }

  void add_pair(ir::Effect effect, const ir::PairBox& box) {
    const auto test = [&](const sets::PathPattern& p) {
      return effect == ir::Effect::allow ? path_test(p, legal_.settings()) : strict_test(p);
    };
    const std::string_view form = howto_ ? "filename {} and filename[1] {}" : "( filename {} ) and ( filename[1] {} )";
    filter(box.verbs.contains(FileVerb::rename) ? "rename" : "link", ir::AccessClass::file, effect,
           fmt::format(fmt::runtime(form), test(box.from.front()).text, test(box.to.front()).text));
  }

  void add_addresses(ir::Effect effect, const ir::NetBox& box) {
    const NetVerb verb = only_verb(box.verbs);
    std::vector<std::string_view> calls{verb == NetVerb::connect ? "connect"
                                        : verb == NetVerb::bind  ? "bind"
                                                                 : "sendto"};
    if (effect == ir::Effect::deny && verb == NetVerb::send && version_ >= Version::v2010) calls.push_back("sendmsg");
    for (const std::string_view call : calls)
      for (const std::string& test : address_tests(effect, box))
        filter(call, ir::AccessClass::net, effect, "sockaddr " + test);
  }

  std::vector<std::string> address_tests(ir::Effect effect, const ir::NetBox& box) const {
    const auto single = [](const auto& set) {
      return set.intervals().size() == 1 && set.intervals()[0].low == set.intervals()[0].high;
    };
    if (howto_ && effect == ir::Effect::allow && box.family == Family::inet && single(box.ip4) && single(box.ports)) {
      const std::uint32_t ip = *box.ip4.lowest();
      return {fmt::format("eq \"inet-[{}.{}.{}.{}]:{}\"", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255,
                          *box.ports.lowest())};
    }
    std::vector<std::string> tests;
    for (const std::string& regex : address_regexes(box)) tests.push_back("re " + quoted(regex));
    return tests;
  }

  void add_ports(const ir::NetBox& box) {
    for (const auto& interval : box.ports.intervals()) {
      if (interval.low == interval.high) {
        filter("connect", ir::AccessClass::net, ir::Effect::allow,
               fmt::format("sockaddr match \"inet-*:{}\"", interval.low));
        continue;
      }
      for (const auto& block :
           sets::port_regex_blocks(sets::PortSet::range(interval.low, interval.high), sets::PortMode::domain))
        filter("connect", ir::AccessClass::net, ir::Effect::allow, fmt::format("sockaddr re \"inet-.*:{}$\"", block));
    }
  }

  // The piece says one kind: its condition begins with the tests of domain and type.
  void add_socket(const target::LegalRule& rule) {
    const auto& terms = std::get<ir::CallBox>(rule.piece.meaning.front()).where.terms;
    const std::string domain = socket_domain(terms[0].test.value), type = socket_type(terms[1].test.value);
    const std::string_view form =
        howto_ ? "sockdom eq \"{}\" and socktype eq \"{}\"" : "( sockdom eq \"{}\" ) and ( socktype eq \"{}\" )";
    filter("socket", ir::AccessClass::syscall, rule.effect, fmt::format(fmt::runtime(form), domain, type));
  }

  void add_identity(ir::Effect effect, const ir::IdentityBox& box) {
    const bool user = box.kind == ir::IdentityKind::user;
    const std::string_view call = user ? "setuid" : "setgid", number = user ? "uid" : "gid";
    std::set<std::uint32_t> named;
    for (const ir::Account& account : box.accounts) {
      if (account.has_id) named.insert(account.id);
      filter(call, ir::AccessClass::process, effect, identity_test(account, user, effect));
      if (account.has_id && account.name.find_first_of("\"\\\n\r") == std::string::npos)
        accounts_.insert(fmt::format("# {} \"{}\" is {}\n", user ? "user" : "group", account.name, account.id));
    }
    for (const auto& interval : box.ids.intervals())
      for (std::uint64_t id = interval.low; id <= interval.high; ++id)
        if (named.count(static_cast<std::uint32_t>(id)) == 0)
          filter(call, ir::AccessClass::process, effect, fmt::format("{} eq \"{}\"", number, id));
  }

  // A refusal by number alone holds whatever name the number has.
  std::string identity_test(const ir::Account& account, bool user, ir::Effect effect) const {
    const std::string by_name =
        "uname " + (howto_ ? "eq " + quoted(account.name) : "re " + quoted("^" + literal_regex(account.name) + "$"));
    if (!account.has_id) return by_name;
    const std::string by_id = fmt::format("{} eq \"{}\"", user ? "uid" : "gid", account.id);
    if (!user || effect == ir::Effect::deny) return by_id;
    return howto_ ? by_id + " and " + by_name : fmt::format("( {} ) and ( {} )", by_id, by_name);
  }

  // P-S16: a name that cannot be resolved must not look like one that may not be seen. The how-to says it of the
  // aliases.
  void add_missing() {
    const std::string_view choice = legal_.settings().at("missing");
    if (choice == "none") return;
    for (auto& [call, lines] : calls_) {
      const bool tests_names = std::any_of(lines.permits.begin(), lines.permits.end(), [](const std::string& line) {
        return line.find("filename ") != std::string::npos;
      });
      if (!tests_names || (howto_ && !is_alias(call))) continue;
      // Neighbours of one action are swapped by systrace as they match, so their error numbers must agree.
      const std::string word = !lines.denies.empty() ? lines.deny_word : choice == "enoent" ? "deny[enoent]" : "deny";
      lines.missing = choice == "deny" ? "filename match \"/<non-existent filename>: *\" then " + word
                                       : "filename sub \"<non-existent filename>\" then " + word;
    }
  }

  std::string header() const {
    std::string out =
        fmt::format("# Made by polc from the policy {} for {}", policy_.name, name_of(policy_.configuration.os));
    for (const std::string& variant : policy_.configuration.variants) out += ", " + variant;
    out += ".\n# For the systrace of " + std::string(legal_.settings().at("version")) + ", run with -a.\n";
    for (const std::string& note : legal_.notes()) out += "# " + note + "\n";
    for (const std::string& account : accounts_) out += account;
    return out;
  }

  std::string body() const {
    std::string out;
    const auto line = [&](const std::string& call, std::string_view rule) {
      const std::string text = fmt::format("native-{}: {}", call, rule);
      POLC_CHECK(text.size() <= longest_line, "project leaves out what does not fit into a line");
      out += text + "\n";
    };
    for (const auto& [call, lines] : calls_) print(call, lines, line);
    for (const ir::Raw& raw : policy_.raws)
      if (raw.target == "systrace") out += raw.text + (raw.text.empty() || raw.text.back() != '\n' ? "\n" : "");
    return out;
  }

  // P-S1: a bare permit or deny beats every filter of its call, so it stands alone or becomes `true then permit`.
  template <class Print>
  static void print(const std::string& call, const CallLines& lines, const Print& line) {
    if (lines.whole_deny) return line(call, lines.deny_word);
    if (lines.whole_permit && lines.denies.empty()) return line(call, "permit");
    if (!lines.missing.empty()) line(call, lines.missing);
    for (const std::string& rule : lines.denies) line(call, rule);
    if (lines.whole_permit || lines.permits.count("true then permit") != 0) return line(call, "true then permit");
    for (const std::string& rule : lines.permits) line(call, rule);
    if (!lines.permits.empty() && lines.deny_word != "deny") line(call, "true then " + lines.deny_word);
  }

  const target::LegalPolicy& legal_;
  const ir::Policy& policy_;
  const bool howto_;
  const Version version_;
  std::map<std::string, CallLines> calls_;
  OpenRights opens_;
  std::set<std::string> accounts_;
};

}  // namespace

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap&) { return {Emitter(policy).text()}; }

}  // namespace polc::systrace
