// Five formats of one model: what is printed is read as the same, an edit is seen, and what people write is read as
// their tools do.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "draw.hpp"
#include "eval/compare.hpp"
#include "landlock/read.hpp"
#include "target/reader.hpp"

using namespace polc;
using namespace polc::landlock;

namespace {

constexpr std::string_view formats[] = {"text", "h", "toml", "json", "setpriv"};
constexpr unsigned newest_of(std::string_view format) { return format == "toml" || format == "json" ? 6 : 11; }

/// What a format can hold of a rule's rights.
std::pair<Rights, Rights> held(std::string_view format, const PathRule& rule) {
  if (format == "text" || format == "h") return {rule.file, rule.dir};
  const Rights all = format == "setpriv" ? untyped_rights(rule) : rule.file | rule.dir;
  return {all & right::on_files, all};
}

using Paths = std::map<std::string, std::pair<Rights, Rights>>;
using Ports = std::map<std::uint32_t, Rights>;

Paths paths_of(const Ruleset& rules, std::string_view format) {
  Paths all;
  for (const PathRule& rule : rules.paths) {
    const auto [file, dir] = format.empty() ? std::pair(rule.file, rule.dir) : held(format, rule);
    all[rule.path].first |= file;
    all[rule.path].second |= dir;
  }
  return all;
}

Ports ports_of(const Ruleset& rules) {
  Ports all;
  for (const PortRule& rule : rules.ports)
    for (const auto& [low, high] : rule.ports)
      for (std::uint32_t port = low; port <= high; ++port) all[port] |= rule.rights;
  return all;
}

target::Settings settings_for(std::string_view format) {
  target::Settings settings;
  settings.format = format;
  return settings;
}

eval::Meaning meaning_of(const std::string& text, std::string_view format) {
  const target::Read reading = read(text, {}, settings_for(format));
  REQUIRE_MESSAGE(reading.has_value(), std::string(format) << ": " << (reading ? "" : reading.error().message) << "\n"
                                                           << text);
  return reading->permits;
}

/// All that is possible.
eval::Meaning widest(const eval::Meaning& meaning) {
  const eval::Formula& possible = meaning.order().formulas().possible;
  return eval::make_meaning(meaning.parts(), meaning.os(), false, {possible, possible});
}

bool is_more(const eval::Meaning& one, const eval::Meaning& other) {
  const eval::Meaning more = widest(one), less = widest(other);
  const eval::Meaning* const sides[] = {&more, &less};
  sets::Budget budget;
  return eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget).has_value();
}

Document document_of(std::string_view format, const std::string& text) {
  const DocumentResult document = document_from(text, format);
  REQUIRE_MESSAGE(document.has_value(), (document ? "" : document.error().message) << "\n" << text);
  return *document;
}

std::string error_of(std::string_view format, std::string_view text) {
  const DocumentResult document = document_from(text, format);
  return document ? "read" : std::to_string(document.error().line) + ": " + document.error().message;
}

}  // namespace

TEST_CASE("each format is read as the model that was printed, whatever bytes paths have") {
  for (const std::string_view format : formats)
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
      const Ruleset rules = DrawnRules(seed).rules(newest_of(format));
      const std::string text = text_in(format, rules);
      const Document document = document_of(format, text);
      CAPTURE(text);
      REQUIRE(document.rules.handled == rules.handled);
      REQUIRE(paths_of(document.rules, "") == paths_of(rules, format));
      REQUIRE(ports_of(document.rules) == ports_of(rules));
      if (format == "text" || format == "h") REQUIRE(document.rules.abi == rules.abi);
    }
}

TEST_CASE("a path more, a right more and a port more are seen in each format") {
  for (const std::string_view format : formats) {
    Ruleset rules;
    rules.abi = 6;
    rules.handled = {knowledge::known_by(knowledge::landlock_file_rights(), 6), right::bind_tcp | right::connect_tcp,
                     right::signal | right::abstract_unix_socket};
    rules.paths = {{"/etc/a", right::read_file, 0}, {"/srv", 0, right::read_file | right::read_dir, true}};
    rules.ports = {{{{80, 80}}, right::bind_tcp}};
    const eval::Meaning before = meaning_of(text_in(format, rules), format);
    CAPTURE(format);
    const auto is_seen = [&](const Ruleset& more) {
      const eval::Meaning after = meaning_of(text_in(format, more), format);
      return is_more(after, before) && !is_more(before, after);
    };
    Ruleset more = rules;
    CHECK_FALSE(is_seen(more));
    more.paths.push_back({"/var/b", right::read_file, 0});
    CHECK(is_seen(more));
    more = rules;
    more.paths[0].file |= right::write_file;
    CHECK(is_seen(more));
    more = rules;
    more.paths[1].dir |= right::make_reg;
    CHECK(is_seen(more));
    more = rules;
    more.ports[0].ports = {{80, 81}};
    CHECK(is_seen(more));
    more = rules;
    more.handled.scoped = right::abstract_unix_socket;
    CHECK(is_seen(more));
    more = rules;
    more.handled.files &= ~right::make_char;
    CHECK(is_seen(more));
  }
}

TEST_CASE("TOML that people write: groups, variables, dollars, what rules grant is handled") {
  const Document document = document_of("toml", R"(# by hand
abi = 2
[[variable]]
name = "home"
literal = ["/home/a", '/home/b']
[[ruleset]]
handled_access_fs = ["abi.all"]
[[path_beneath]]
allowed_access = ["abi.read_execute"]  # and REFER
parent = ["${home}/bin", "/srv/$$x$y//z/./"]
[[path_beneath]]
allowed_access = ["abi.read_write", "truncate"]
parent = [
  "/tmp", # the last may have a comma
]
[[net_port]]
allowed_access = ["bind_tcp"]
port = [8_080, 0]
)");
  const Ruleset& rules = document.rules;
  CHECK(rules.handled.files == 0x7FFF);
  CHECK(rules.handled.net == right::bind_tcp);
  const Rights read_execute = right::execute | right::read_file | right::read_dir | right::refer;
  const Rights read_write = 0x7FFF & ~right::execute;
  const Paths wanted{{"/home/a/bin", {right::execute | right::read_file, read_execute}},
                     {"/home/b/bin", {right::execute | right::read_file, read_execute}},
                     {"/srv/$x$y/z", {right::execute | right::read_file, read_execute}},
                     {"/tmp", {read_write & right::on_files, read_write}}};
  CHECK(paths_of(rules, "") == wanted);
  CHECK(ports_of(rules) == Ports{{0, right::bind_tcp}, {8080, right::bind_tcp}});
  CHECK(rules.paths.back().line == 14);
}

TEST_CASE("setpriv's words: rights on files may be cut short, none are all that are handled, the rest is the command") {
  const Document document =
      document_of("setpriv",
                  "--reuid=1000\n--landlock-rule\npath-beneath:r,w:/a:b\n--landlock-rule=path-beneath::/c\n"
                  "--landlock-access=fs:ex,write-file,read-file\n--landlock-access\nnet:bind-tcp\n--landlock-rule=net-"
                  "port::80\n--\n/bin/true\n");
  const Rights three = right::execute | right::write_file | right::read_file;
  CHECK(paths_of(document.rules, "") ==
        Paths{{"/a:b", {right::read_file | right::write_file, right::read_file | right::write_file}},
              {"/c", {three, three}}});
  CHECK(ports_of(document.rules) == Ports{{80, right::bind_tcp}});
  CHECK(document.directives.size() == 3);
  CHECK(error_of("setpriv", "--landlock-access=net:bind\n") == "1: `bind` is no right here");
}

TEST_CASE("an unreadable text is told with its line") {
  CHECK(error_of("text", "") == "0: no line `handled`");
  CHECK(error_of("text", "handled fs=- net=- scoped=-\n") == "1: the first line is not `landlock 1 NAME abi=N`");
  const std::string head = "landlock 1 x abi=6\nhandled fs=READ_FILE,READ_DIR net=BIND_TCP scoped=-\n";
  CHECK(error_of("text", head + "path READ_FILE / - \"/a\"\n") == "read");
  CHECK(error_of("text", head + "path READ_DIR / - \"/a\"\n") == "3: a right of directories on what is no directory");
  CHECK(error_of("text", head + "path WRITE_FILE / - \"/a\"\n") == "3: a right that is not handled");
  CHECK(error_of("text", head + "path - / - \"/a\"\n") == "3: a rule that grants nothing");
  CHECK(error_of("text", head + "path READ_FILE / - \"a\"\n") ==
        "3: no absolute path in quotes at the end, without `..`");
  CHECK(error_of("text", head + "path READ_FILE / - \"/a/../b\"\n") ==
        "3: no absolute path in quotes at the end, without `..`");
  CHECK(error_of("text", head + "path READ_FILE / - \"/a%4\"\n") ==
        "3: no absolute path in quotes at the end, without `..`");
  CHECK(error_of("text", head + "port BIND_TCP 80-79\n") == "3: `80-79` is no port or range of ports");
  CHECK(error_of("text", head + "port BIND_TCP 65536\n") == "3: `65536` is no port or range of ports");
  CHECK(error_of("text", head + "handled fs=- net=- scoped=-\n") == "3: a second line `handled`");
  CHECK(error_of("text", "landlock 1 x abi=4\nhandled fs=- net=- scoped=SIGNAL\n") == "2: a right that ABI 4 has not");
  CHECK(error_of("h", "int main(void) {}\n") == "0: no line `ABI, FILES, NET, SCOPED,`");
  CHECK(error_of("h", "  6, 0x4ull, 0x0ull, 0x0ull,\n  {\"/a\", 0x8ull, 0x0ull},\n") ==
        "2: a right of directories on what is no directory");
  CHECK(error_of("toml", "[[ruleset]]\nhandled_access_fs = []\n") == "2: no list with something in it");
  CHECK(error_of("toml", "abi = 6\nparent = 1\n") == "2: a key `parent`");
  CHECK(error_of("toml", "[[ruleset]]\nhandled_access_fs = [\"abi.all\"]\n") == "2: `abi.all` without `abi`");
  CHECK(error_of("toml", "[[ruleset]]\nhandled_access_fs = [\"resolve_unix\"]\n") ==
        "2: `resolve_unix` is no right here");
  CHECK(error_of("toml", "[[path_beneath]]\nallowed_access = [\"refer\"]\nparent = [\"${x}\"]\n") ==
        "3: a variable that is not known, or has too many values");
  CHECK(error_of("json", "{\"abi\": 6,\n\"netPort\": [{\"allowedAccess\": [\"bind_tcp\"],\n\"port\": [65536]}]}") ==
        "3: no port");
  CHECK(error_of("json", "{\"abi\": 6, \"abi\": 6}") == "1: a key for the second time");
  CHECK(error_of("json", std::string(1000, '[')) == "1: nested too deep");
  CHECK(error_of("setpriv", "--landlock-access\n") == "1: nothing behind --landlock-access");
}

TEST_CASE("a rule below /proc is not sure to last, one on /proc is") {
  const auto reads = [](const char* path) {
    return meaning_of(
        std::string("landlock 1 x abi=6\nhandled fs=READ_FILE net=- scoped=-\npath READ_FILE / READ_FILE \"") + path +
            "\"\n",
        "text");
  };
  const ir::FilePoint point{FileVerb::read, "/proc/meminfo", FileType::file, {}, 0, 0, {}};
  CHECK(eval::decide(reads("/proc/meminfo"), point).allowed);
  CHECK_FALSE(eval::surely_allows(reads("/proc/meminfo"), point));
  CHECK(eval::surely_allows(reads("/proc"), point));
}

TEST_CASE("the loader, where it may be executed, runs whatever may be read") {
  const auto runs = [](const char* rule) {
    const ir::FilePoint point{FileVerb::exec, "/srv/a", FileType::file, {}, 0, 0, {}};
    return eval::decide(meaning_of(std::string("landlock 1 x abi=6\nhandled fs=EXECUTE,READ_FILE net=- scoped=-\npath "
                                               "- / READ_FILE \"/srv\"\n") +
                                       rule,
                                   "text"),
                        point)
        .allowed;
  };
  CHECK_FALSE(runs("path EXECUTE,READ_FILE / - \"/usr/bin/id\"\n"));
  CHECK(runs("path EXECUTE,READ_FILE / - \"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\"\n"));
  CHECK(runs("path - / EXECUTE,READ_FILE \"/usr\"\n"));
  CHECK_FALSE(runs("path - / EXECUTE,READ_FILE \"/usr/bin\"\n"));
}
