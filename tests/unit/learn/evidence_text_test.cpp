#include <doctest/doctest.h>

#include <algorithm>

#include "diag/catalogue.hpp"
#include "learn/evidence_text.hpp"
#include "support/sha256.hpp"

using namespace polc;
using namespace polc::learn;

namespace {

Evidence small() {
  Evidence one;
  one.sources.push_back({"2bd9b3d877a427e1", "run1", "strace", "linux x86_64", "map1", 2395, 2142, true, "a \"b\"\n\xff"});
  one.events.push_back({"/usr/bin/a\tb", {}, R"(read "/x\\\"y")", {{0, 2, 500}}});
  one.events.push_back({"", {Outcome::Kind::failed, "ENOENT", "access", ""}, R"(stat "/etc/ld.so.preload")", {{0, 2, 4}}});
  one.events.push_back({"/bin/x", {Outcome::Kind::refused, "", "", "apparmor"}, "fork", {{0, 1, 9}}});
  one.events.push_back({"/bin/x", {Outcome::Kind::would, "", "", "seccomp"}, "fork", {{0, 1, 8}}});
  one.facts.push_back({"owner", R"("/run/m.pid" self)", {0}});
  one.parts.push_back({"", "1700000000.123:7", "type=CWD cwd=\"/\"\x1d", {{0, 1, 12}}});
  return normalised(one);
}

// Which message refuses the text; empty: none does.
std::string_view refusal(std::string_view text) {
  diag::Sink sink;
  if (read_evidence(text, "x.ev", sink)) return "";
  REQUIRE(sink.all().size() == 1);
  return sink.all().front().id;
}

// With the number of lines and the digest that belong to them.
std::string closed(const std::string& lines) {
  return lines + "end\t" + std::to_string(std::count(lines.begin(), lines.end(), '\n')) + "\t" + sha256_hex(lines).substr(0, 16) + "\n";
}

}  // namespace

TEST_CASE("print: fields, escapes and order") {
  const std::string text = print(small());
  CHECK(text.starts_with("polc-evidence 1\nsource\t2bd9b3d877a427e1\trun1\tstrace\tlinux x86_64\tmap1\t2395\t2142\tcomplete\t"
                         "\"a \\x22b\\x22\\x0a\\xff\"\nevent\t/bin/x\trefused=apparmor\tfork\t0:1:9\n"));
  CHECK(text.find("event\t/usr/bin/a\\x09b\tok\tread \"/x\\\\\\\"y\"\t0:2:500\n") != text.npos);
  CHECK(text.find("event\t?\tENOENT call=access\tstat \"/etc/ld.so.preload\"\t0:2:4\n") != text.npos);
  CHECK(text.find("\nend\t8\t") != text.npos);
}

TEST_CASE("read_evidence: what was printed, also several one after another") {
  diag::Sink sink;
  const auto twice = read_evidence(print(small()) + print(small()), "x.ev", sink);
  REQUIRE(twice);
  CHECK(*twice == std::vector<Evidence>{small(), small()});
  const auto none = read_evidence(print({}), "x.ev", sink);
  REQUIRE(none);
  CHECK(none->front() == Evidence{});
}

TEST_CASE("read_evidence: names beyond ASCII") {
  Evidence one = small();
  one.events.push_back({"/bin/\xc3\xa9", {}, "read \"/srv/caf\xc3\xa9\"", {{0, 1, 1}}});
  one.facts.push_back({"type", "\"/srv/caf\xc3\xa9\" file", {0}});
  one = normalised(one);
  const std::string text = print(one);
  CHECK(text.find("event\t/bin/\\xc3\\xa9\tok\tread \"/srv/caf\\xc3\\xa9\"\t0:1:1\n") != text.npos);
  diag::Sink sink;
  const auto read = read_evidence(text, "x.ev", sink);
  REQUIRE(read);
  CHECK(read->front() == one);
}

TEST_CASE("read_evidence: cut short at any byte it is refused, as when any byte is another") {
  const std::string text = print(small());
  for (std::size_t size = 0; size < text.size(); ++size) {
    REQUIRE(!refusal(std::string_view(text).substr(0, size)).empty());
    std::string changed = text;
    changed[size] = changed[size] == '7' ? '8' : '7';
    REQUIRE(!refusal(changed).empty());
  }
  CHECK(refusal(std::string_view(text).substr(0, text.size() - 30)) == diag::evidence_damaged.id);
}

TEST_CASE("read_evidence: another version is told as such") {
  std::string text = print(small());
  text[14] = '2';
  CHECK(refusal(text) == diag::evidence_version.id);
  CHECK(refusal("polc-evidence 12345678901234567890123456789\n") == diag::evidence_version.id);
  CHECK(refusal("polc-evidence \n") == diag::evidence_version.id);
}

TEST_CASE("read_evidence: lines that polc does not write, with a digest that fits") {
  const std::string head = "polc-evidence 1\nsource\t2bd9b3d877a427e1\tr\tstrace\tlinux x86_64\tmap1\t1\t1\tcomplete\t\"f\"\n";
  CHECK(refusal(closed(head + "event\t/x\tok\tfork\t0:1:1\n")).empty());
  for (const char* line : {"event\tx\tok\tfork\t0:1:1", "event\t/x\tE|T call=a\tfork\t0:1:1", "event\t/x\tfine\tfork\t0:1:1", "event\t/x\tok\tfork\t1:1:1", "event\t/x\tok\tfork\t0:0:1",
                           "event\t/x\tok\tfork", "event\t/x\tok\tfork\t0:01:1", "event\t/x\tok\tfork\t0:1:1\t0:1:1", "event\t/\\x4g\tok\tfork\t0:1:1",
                           "event\t/\\x41\tok\tfork\t0:1:1", "fact\ttype\t\"/x\" file", "fact\ttype\t\"/x\" file\t7", "part\t\t\t\\\t0:1:1", "else",
                           "source\tzzzzzzzzzzzzzzzz\tr\tstrace\tl\tm\t1\t1\tcomplete\t\"f\"", "event\t/x\tok\t\x80\t0:1:1",
                           "event\t/x\tok\tfork\t0:99999999999999999999999:1"})
    CHECK_MESSAGE(refusal(closed(head + line + "\n")) == diag::evidence_damaged.id, line);
}

TEST_CASE("bytes_of: the one spelling of each field") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(bytes_of(field_of(all)) == all);
  CHECK(!bytes_of("\\x4A"));
  CHECK(!bytes_of("\\"));
  CHECK(!bytes_of("\t"));
}
