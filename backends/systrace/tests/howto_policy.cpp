#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "knowledge/calls.hpp"
#include "support/check.hpp"
#include "systrace/systrace.hpp"
#include "target/settings.hpp"
#include "testing.hpp"

namespace polc::systrace::testing {

std::vector<sets::PathPattern> paths(std::string_view text, bool tree) {
  return sets::parse_path_pattern({std::string(text), {}}, tree).value();
}

ir::FileBox file(FileVerbs verbs, std::string_view path, bool tree) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = paths(path, tree);
  return box;
}

ir::NetBox inet(NetVerbs verbs, sets::Ip4Set hosts, sets::PortSet ports) {
  ir::NetBox box;
  box.verbs = verbs;
  box.types = {SocketType::stream};
  box.protocols = sets::NumberSet::of(0) | sets::NumberSet::of(6);
  box.ip4 = std::move(hosts);
  box.ports = std::move(ports);
  return box;
}

ir::Rule rule(ir::Effect effect, std::vector<ir::Box> boxes) {
  ir::Rule result;
  result.effect = effect;
  result.boxes = std::move(boxes);
  result.origin = {{}};
  return result;
}
ir::Rule allow(std::vector<ir::Box> boxes) { return rule(ir::Effect::allow, std::move(boxes)); }
ir::Rule deny(std::vector<ir::Box> boxes) { return rule(ir::Effect::deny, std::move(boxes)); }

ir::Rule calls(std::vector<std::string_view> names) {
  std::vector<ir::Box> boxes;
  for (const auto name : names) boxes.emplace_back(ir::CallBox{{knowledge::find_call(Os::openbsd, name).value()}, {}});
  return allow(std::move(boxes));
}

ir::Policy policy(std::vector<ir::Rule> rules) {
  ir::Policy result;
  result.name = "tested";
  result.configuration.os = Os::openbsd;
  result.programs = {"/bin/tested"};
  result.rules = std::move(rules);
  return result;
}

target::Settings settings(std::string_view style, std::string_view version, std::string_view missing) {
  target::Settings result{.format = "policy"};
  for (const auto& [key, value] : {std::pair{"style", style}, {"version", version}, {"missing", missing}})
    POLC_CHECK(target::set_option(*target::find_option(backend(), key), value, result),
               "the backend has such an option");
  return result;
}

namespace {

ir::FileBox of_type(ir::FileBox box, FileTypes types) {
  box.types = types;
  return box;
}

void add_runtime(std::vector<ir::Rule>& rules) {
  rules.push_back(
      calls({"__sysctl",    "break",     "mmap",         "mprotect",      "mquery",     "munmap",    "close",
             "dup2",        "fcntl",     "fstat",        "getdirentries", "ioctl",      "lseek",     "pread",
             "read",        "write",     "gettimeofday", "getuid",        "getrlimit",  "setrlimit", "exit",
             "fork",        "pipe",      "getpid",       "geteuid",       "issetugid",  "setsid",    "sigaction",
             "sigprocmask", "sigreturn", "setsockopt",   "poll",          "getsockopt", "recvfrom",  "socketpair"}));
}

void add_reads(std::vector<ir::Rule>& rules) {
  for (const std::string_view path :
       {"/dev/null", "/usr/lib", "/etc/malloc.conf", "/etc/localtime", "/usr/share/nls/C/libc.cat",
        "/usr/share/zoneinfo/**", "/dev/crypto", "/dev/srandom", "/etc/group", "/etc/pwd.db", "/etc/spwd.db",
        "/etc/tor/torrc", "/usr/lib/{libc,libcrypto,libssl,libz}.so*"})
    for (const auto& place : paths(path)) {
      ir::FileBox box = file({FileVerb::read}, "/");
      box.places = {place};
      rules.push_back(allow({box}));
    }
  rules.push_back(allow({file({FileVerb::read}, "/var/lib/tor", true), file({FileVerb::read}, "/var/log/tor", true)}));
}

void add_network(std::vector<ir::Rule>& rules) {
  const sets::PortSet relays = sets::PortSet::of(80) | sets::PortSet::of(443) | sets::PortSet::range(1024, 65535);
  rules.push_back(allow({inet({NetVerb::bind}, sets::Ip4Set::of(0x7F000001), sets::PortSet::of(9050))}));
  rules.push_back(allow({inet({NetVerb::connect}, sets::Ip4Set::all(), relays)}));
  rules.push_back(allow({inet({NetVerb::listen, NetVerb::accept}, sets::Ip4Set::all(), sets::PortSet::all())}));
  std::vector<ir::Box> anyone;
  for (unsigned family = 0; family < count_of(Family{}); ++family) {
    ir::NetBox box;
    box.verbs = {NetVerb::send};
    box.family = static_cast<Family>(family);
    anyone.emplace_back(std::move(box));
  }
  rules.push_back(allow(std::move(anyone)));
  ir::CallBox datagrams{{knowledge::find_call(Os::openbsd, "socket").value()}, {}};
  for (const auto& [argument, value] : {std::pair{0, 1}, std::pair{1, 2}}) {
    ir::Condition term;
    term.kind = ir::Condition::Kind::test;
    term.test.argument = static_cast<std::uint8_t>(argument);
    term.test.mask = 0xFFFF'FFFFu;
    term.test.value = static_cast<std::uint64_t>(value);
    datagrams.where.terms.push_back(term);
  }
  rules.push_back(allow({datagrams}));
}

}  // namespace

ir::Policy howto_policy() {
  std::vector<ir::Rule> rules;
  add_runtime(rules);
  add_reads(rules);
  add_network(rules);
  // What fswrite creates: a symbolic link or a device is beyond it.
  const FileTypes plain{FileType::file, FileType::dir, FileType::fifo};
  rules.push_back(allow({file({FileVerb::write}, "/dev/null"), file({FileVerb::write}, "/dev/crypto"),
                         file({FileVerb::write}, "/var/log/tor/**")}));
  rules.push_back(allow({file({FileVerb::write, FileVerb::remove}, "/var/lib/tor/**"),
                         of_type(file({FileVerb::create}, "/var/lib/tor/**"), plain)}));
  rules.push_back(allow({file({FileVerb::chdir}, "/var/lib/tor")}));
  ir::PairBox rename;
  rename.verbs = {FileVerb::rename};
  rename.from = rename.to = paths("/var/lib/tor/cached-directory*");
  rules.push_back(allow({rename}));
  rules.push_back(allow({ir::IdentityBox{ir::IdentityKind::user, {}, {{"_tor", true, 1001}}},
                         ir::IdentityBox{ir::IdentityKind::group, {}, {{"_tor", true, 1001}}}}));
  ir::Policy result = policy(std::move(rules));
  result.name = "tor";
  result.programs = {"/bin/tor"};
  return result;
}

target::Enforced enforced(const ir::Policy& policy, const target::Settings& settings) {
  const eval::Meaning meaning = eval::meaning_of(policy);
  sets::Budget budget;
  const auto parts = target::parts_to_say(meaning, meaning.parts(), budget);
  return target::enforce({policy, meaning, parts, {}}, backend(), settings);
}

target::Outcome legal(const ir::Policy& policy, const target::Settings& settings) { return enforced(policy, settings).outcome; }

std::vector<std::string> rule_lines(std::string_view text) {
  std::vector<std::string> result;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);)
    if (line.rfind("native-", 0) == 0) result.push_back(line);
  return result;
}

std::vector<std::string> lines(const ir::Policy& policy, const target::Settings& settings) {
  return rule_lines(enforced(policy, settings).printed.text);
}

std::string howto_text() {
  std::ifstream in(SYSTRACE_HOWTO, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

syntax::Expression condition(std::string_view text) {
  auto rule = syntax::parse_rule(std::string(text) + " then permit");
  REQUIRE_MESSAGE(rule.has_value(), std::string(text));
  return std::move(rule->condition);
}

namespace {

target::Read read_rules(std::string_view rules, std::string_view version) {
  ir::Configuration configuration;
  configuration.os = Os::openbsd;
  std::string text(rules);
  if (text.rfind("Policy:", 0) != 0) text = "Policy: /bin/tested, Emulation: native\n" + text;
  return backend().read(text, configuration, settings("exact", version));
}

}  // namespace

target::Reading reading(std::string_view rules, std::string_view version) {
  auto result = read_rules(rules, version);
  REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
  return std::move(*result);
}

Asked reader(std::string_view rules, std::string_view version) { return {reading(rules, version)}; }

std::string refusal(std::string_view rules, std::string_view version) {
  const auto result = read_rules(rules, version);
  return result ? "" : result.error().message;
}

ir::Point on(FileVerb verb, std::string path, FileType type) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = std::move(path);
  point.type = type;
  return point;
}

ir::Point inet_point(NetVerb verb, std::uint32_t ip, std::uint16_t port) {
  ir::NetPoint point;
  point.verb = verb;
  point.ip4 = ip;
  point.port = port;
  return point;
}

ir::Point socket_point(NetVerb verb, std::string path) {
  ir::NetPoint point;
  point.verb = verb;
  point.family = Family::unix_family;
  point.unix_address = {ir::UnixAddress::Kind::path, std::move(path)};
  return point;
}

ir::Point call(std::string_view name, sets::Arguments arguments) {
  return ir::CallPoint{knowledge::find_call(Os::openbsd, name).value(), arguments};
}

}  // namespace polc::systrace::testing
