// The traps of systrace's language, one test each: that the reader falls into them as systrace does, and that what
// is printed keeps out of them.
#include <doctest/doctest.h>

#include <algorithm>

#include "systrace/model.hpp"
#include "systrace/syntax.hpp"
#include "pointwise.hpp"
#include "systrace/systrace.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::systrace::testing;
using systrace::pointwise::evaluate;
using systrace::pointwise::Event;
using systrace::pointwise::Truth;
using systrace::syntax::matches_glob;
using systrace::syntax::parse_rule;

namespace {

bool holds(std::string_view text, const Event& event) { return evaluate(condition(text), event) == Truth::yes; }
bool is_rule(std::string_view text) { return parse_rule(text).has_value(); }

const Event at_x{"open", {{"filename", "/v/x", false}, {"oflags", "wo", false}}};
bool some_line(const std::vector<std::string>& lines, std::string_view part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("P-S1: a bare rule beats every filter, so it stands alone or becomes `true then permit`") {
  const auto bare = reader("native-connect: sockaddr re \"^\" then deny\nnative-connect: permit\n");
  CHECK(bare.permits(inet_point(NetVerb::connect, 1, 80)));
  const auto last = reader("native-connect: permit\nnative-connect: deny[eperm]\n");
  CHECK(!last.permits(inet_point(NetVerb::connect, 1, 80)));
  const auto ordered = reader("native-fsread: deny\nnative-fsread: permit\n");
  CHECK(!ordered.permits(on(FileVerb::read, "/x")));
  const auto all = ir::IdentityBox{ir::IdentityKind::user, sets::NumberSet::all(), {}};
  const auto root = ir::IdentityBox{ir::IdentityKind::user, sets::NumberSet::of(0), {}};
  CHECK(lines(policy({allow({all})}), settings("exact")) == std::vector<std::string>{"native-setuid: permit"});
  CHECK(lines(policy({allow({all}), deny({root})}), settings("exact")) ==
        std::vector<std::string>{"native-setuid: uid eq \"0\" then deny", "native-setuid: true then permit"});
}

TEST_CASE("P-S2: and, or and not have no precedence; blanks go round parentheses") {
  CHECK(!holds("not filename eq \"/q\" and filename eq \"/v/x\" and oflags eq \"ro\"", at_x) == false);
  CHECK(holds("filename eq \"/v/x\" or filename eq \"/v/x\" and oflags eq \"ro\"", at_x));
  CHECK(!holds("filename eq \"/q\" and filename eq \"/q\" or oflags eq \"wo\"", at_x));
  CHECK(holds("( filename eq \"/q\" and filename eq \"/q\" ) or oflags eq \"wo\"", at_x));
  CHECK(!is_rule("not(filename eq \"/x\") then permit"));
  CHECK(!is_rule("(true) then permit"));
  CHECK(is_rule("( true ) then permit"));
  CHECK(is_rule("not (filename eq \"/x\") then permit"));
  CHECK(some_line(lines(policy({allow({file({FileVerb::read}, "/x")})}), settings("exact")),
                  "( filename re \"^/x$\" ) and ( oflags re "));
}

TEST_CASE("P-S3: neighbours that refuse agree in their error number") {
  ir::Policy hidden = policy({allow({file({FileVerb::read}, "/a/**")}), deny({file({FileVerb::read}, "/a/b")})});
  ir::Default reaction;
  reaction.reaction.error_name = "EACCES";
  hidden.defaults.push_back(reaction);
  for (const std::string& line : lines(hidden, settings("exact", "2006", "enoent")))
    if (line.find("deny") != std::string::npos && line.rfind("native-open", 0) == 0)
      CHECK_MESSAGE(line.find("deny[eacces]") != std::string::npos, line);
}

TEST_CASE("P-S4: match also takes everything below what it matches") {
  CHECK(matches_glob("/usr/lib", "/usr/lib/a/b"));
  CHECK(!matches_glob("/usr/lib/*", "/usr/lib"));
  CHECK(matches_glob("/usr/lib/libc.so*", "/usr/lib/libc.so.1/evil"));
  CHECK(matches_glob("/usr/*/x", "/usr/a/x/y"));
  CHECK(!matches_glob("/usr/*/x", "/usr/a/b/x"));
  CHECK(!matches_glob("/", "/a"));
  CHECK(matches_glob("/a/*", "/a/.hidden"));
  CHECK(!matches_glob("inet-[1.2.3.4]:80", "inet-[1.2.3.4]:80"));
  CHECK(matches_glob("inet-\\[1.2.3.4\\]:80", "inet-[1.2.3.4]:80"));
  const auto test = systrace::howto_test(paths("/lib/libc.so*").front());
  CHECK(test.text == "match \"/lib/libc.so*\"");
  CHECK(systrace::strict_test(paths("/lib/libc.so*").front()).text == "re \"^/lib/libc\\\\.so[^/]*$\"");
}

TEST_CASE("P-S5: eq ignores case, re does not") {
  CHECK(holds("filename eq \"/V/X\"", at_x));
  CHECK(!holds("filename re \"^/V/X$\"", at_x));
  const auto blind = reader("native-fsread: filename eq \"/v/x\" then permit\n");
  CHECK(blind.permits(on(FileVerb::read, "/V/X")));
  CHECK(systrace::howto_test(paths("/v/x").front()).text == "eq \"/v/x\"");
}

TEST_CASE("P-S6: backslashes are doubled, and an escaped quote hides a comment") {
  CHECK(systrace::quoted("a\\.b\"") == "\"a\\\\.b\\\"\"");
  const Event quote{"open", {{"filename", "/a\"b", false}, {"oflags", "ro", false}}};
  CHECK(holds("filename eq \"/a\\\"b\"", quote));
  CHECK(refusal("native-open: filename eq \"/a\\\"b#c\" then permit\n") != "");
  CHECK(refusal("native-open: filename eq \"/a#c\" then permit # so\n") == "");
  CHECK(!systrace::strict_test(paths("/a\\\"#").front()).fits);
}

TEST_CASE("P-S7: a regular expression is not anchored by itself") {
  CHECK(holds("filename re \"v\"", at_x));
  CHECK(!is_rule("filename re \"(\" then permit"));
  for (const auto* path : {"/", "/a", "/a/*", "/a/**", "/a/**/b", "/a?[x-z]"}) {
    const std::string text = systrace::regex_of(paths(path).front());
    CHECK(text.front() == '^');
    CHECK(text.back() == '$');
  }
}

TEST_CASE("P-S8: inpath asks for an ancestor, not for something below") {
  CHECK(systrace::syntax::is_in_path("/", "/a/b"));
  CHECK(systrace::syntax::is_in_path("/a", "/a/b"));
  CHECK(systrace::syntax::is_in_path("/a/b", "/a/b"));
  CHECK(!systrace::syntax::is_in_path("/a/b/c", "/a/b"));
  CHECK(!systrace::syntax::is_in_path("/a/b", "/a/bc"));
  for (const auto* style : {"exact", "howto"})
    CHECK(!some_line(lines(policy({allow({file({FileVerb::read}, "/a", true)})}), settings(style)), "inpath"));
}

TEST_CASE("P-S9: an address is anchored and names its family") {
  const auto tcp443 = policy({allow({inet({NetVerb::connect}, sets::Ip4Set::all(), sets::PortSet::of(443))})});
  const auto made = lines(tcp443, settings("exact"));
  CHECK(some_line(made, "native-connect: sockaddr re \"^inet-\\\\[[0-9.]+\\\\]:443$\" then permit"));
  const auto strict = reader("native-connect: sockaddr re \"^inet-\\\\[[0-9.]+\\\\]:443$\" then permit\n");
  const auto loose = reader("native-connect: sockaddr re \"inet-.*:443$\" then permit\n");
  ir::NetPoint odd;
  odd.family = Family::unix_family;
  odd.unix_address = {ir::UnixAddress::Kind::path, "/tmp/inet-x:443"};
  CHECK(loose.permits(odd));
  CHECK(!strict.permits(odd));
  // The how-to's frame says of itself that it takes such paths.
  const auto result =
      legal(policy({allow({inet({NetVerb::connect}, sets::Ip4Set::all(), sets::PortSet::range(1024, 65535))})}),
            settings("howto"));
  odd.unix_address.name = "/tmp/inet-x:1024";
  CHECK(eval::decide(result.permitted, odd).allowed);
}

TEST_CASE("P-S10: without the argument every test fails, and `not` holds") {
  const Event bare{"sendto", {}};
  CHECK(!holds("sockaddr neq \"x\"", bare));
  CHECK(!holds("sockaddr nsub \"x\"", bare));
  CHECK(holds("not sockaddr eq \"x\"", bare));
}

TEST_CASE("P-S11: a test of a call without translators is never made") {
  CHECK(refusal("native-mmap: prot eq \"PROT_READ\" then permit\n", "2003") != "");
  CHECK(refusal("native-mmap: prot eq \"PROT_READ\" then permit\n", "2006") == "");
  CHECK(refusal("native-listen: sockaddr re \"x\" then permit\n") != "");
  const auto truncate = policy({allow({file({FileVerb::truncate}, "/x")})});
  CHECK(some_line(lines(truncate, settings("exact", "2003")), "native-truncate: permit"));
  CHECK(some_line(lines(truncate, settings("exact", "2006")), "native-truncate: filename re \"^/x$\" then permit"));
}

TEST_CASE("P-S12: a call that does not exist is an error here") {
  CHECK(refusal("native-raed: permit\n").find("raed") != std::string::npos);
  CHECK(refusal("linux-read: permit\n") != "");
  CHECK(refusal("native-fsread: permit\n") == "");
}

TEST_CASE("P-S13: an open for reading that creates is a read to the alias") {
  const auto alias = reader("native-fsread: filename eq \"/x\" then permit\n");
  CHECK(alias.permits(on(FileVerb::create, "/x")));
  CHECK(alias.permits(on(FileVerb::truncate, "/x")));
  CHECK(!alias.permits(on(FileVerb::write, "/x")));
  const auto made = lines(policy({allow({file({FileVerb::read}, "/x")})}), settings("exact"));
  CHECK(some_line(made, "oflags re \"^ron?a?$\""));
  const auto writes = reader("native-fswrite: filename eq \"/x\" then permit\n");
  CHECK(writes.permits(on(FileVerb::read, "/x")));
  for (const FileVerb verb : {FileVerb::chmod, FileVerb::chown}) CHECK(!writes.permits(on(verb, "/x")));
  CHECK(!writes.permits(on(FileVerb::create, "/x", FileType::symlink)));
}

TEST_CASE("P-S14: no elevation is printed, and accounts are told by number first") {
  const auto tor = ir::IdentityBox{ir::IdentityKind::user, {}, {{"_tor", true, 1001}}};
  CHECK(lines(policy({allow({tor})}), settings("howto")) ==
        std::vector<std::string>{"native-setuid: uid eq \"1001\" and uname eq \"_tor\" then permit"});
  for (const std::string& line : lines(howto_policy(), settings("exact")))
    CHECK(line.find(" as ") == std::string::npos);
}

TEST_CASE("P-S15: lines") {
  CHECK(refusal("native-read: permit") != "");
  CHECK(refusal("native-read:  permit\n") != "");
  CHECK(refusal("native-read:\tpermit\n") != "");
  CHECK(refusal("native-read:permit\n") != "");
  CHECK(refusal("native-read: permit\r\n") == "");
  CHECK(refusal("native-read: permit-now\n") != "");
  CHECK(refusal("native-read: Permit\n") != "");
  CHECK(refusal("native-read: permit log\n") != "");
  CHECK(refusal("native-read: true then permit log\n") == "");
  CHECK(refusal("native-read: true then deny log [eperm]\n") != "");
  const std::string rule = "native-open: filename eq \"" + std::string(2046 - 39, 'a') + "\" then permit";
  REQUIRE(rule.size() == 2046);
  CHECK(refusal(rule + "\n") == "");
  CHECK(refusal(rule + " \n") != "");
}

TEST_CASE("P-S15: what does not fit into a line is split or left out with a verdict") {
  sets::PortSet odd;
  for (std::uint32_t port = 1; port < 1400; port += 2) odd = odd | sets::PortSet::of(static_cast<std::uint16_t>(port));
  const auto many = lines(policy({allow({inet({NetVerb::connect}, sets::Ip4Set::all(), odd)})}), settings("exact"));
  CHECK(many.size() > 3);
  for (const auto& line : many) CHECK(line.size() <= 2046);
  const auto result = legal(policy({allow({file({FileVerb::stat}, "/" + std::string(1500, 'a'))})}), settings("exact"));
  CHECK(std::any_of(result.findings.begin(), result.findings.end(),
                    [](const auto& f) { return f.verdict == ir::Verdict::narrower; }));
}

TEST_CASE("P-S16: a name that cannot be resolved is refused first, as missing") {
  const auto made = lines(policy({allow({file({FileVerb::read}, "/a", true)})}), settings("howto", "2006", "enoent"));
  REQUIRE(!made.empty());
  CHECK(made.front() == "native-fsread: filename sub \"<non-existent filename>\" then deny[enoent]");
  const auto denied = lines(policy({allow({file({FileVerb::read}, "/a", true)})}), settings("howto", "2006", "deny"));
  CHECK(denied.front() == "native-fsread: filename match \"/<non-existent filename>: *\" then deny");
}

TEST_CASE("P-S17: exec says what becomes of the new image") {
  ir::FileBox same = file({FileVerb::exec}, "/bin/a"), free = file({FileVerb::exec}, "/bin/b"),
              other = file({FileVerb::exec}, "/bin/c");
  free.successors = {{ir::Successor::Kind::unconfined, ""}};
  other.successors = {{ir::Successor::Kind::policy, "other"}};
  const auto made = lines(policy({allow({same}), allow({free}), allow({other})}), settings("howto"));
  CHECK(some_line(made, "native-execve: filename eq \"/bin/a\" then permit[inherit]"));
  CHECK(some_line(made, "native-execve: filename eq \"/bin/b\" then permit[detach]"));
  CHECK(some_line(made, "native-execve: filename eq \"/bin/c\" then permit"));
  const auto result = legal(policy({allow({file({FileVerb::exec}, "/bin/**")}), allow({free})}), settings("exact"));
  CHECK(std::any_of(result.findings.begin(), result.findings.end(),
                    [](const auto& f) { return f.verdict == ir::Verdict::refused; }));
}
