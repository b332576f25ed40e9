// Files that nobody should write, and that somebody will: each is a located error, never a crash, never an artefact.
#include <filesystem>
#include <functional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"

using e2e::Outcome;
using e2e::Scratch;

namespace {

constexpr std::size_t very_deep = 100'000;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string in_policy(const std::string& rules) { return "language 1;\npolicy web {\n" + rules + "\n}\n"; }

struct Hostile {
  std::string name;
  std::string id;  // of the first error
  std::string text;
};

std::vector<Hostile> hostile_texts() {
  using namespace std::string_literals;
  return {
      {"invalid UTF-8", "P1001", in_policy("allow read \"/srv/\xC3\x28\";")},
      {"a surrogate", "P1001", in_policy("allow read \"/srv/\xED\xA0\x80\";")},
      {"an overlong slash", "P1001", in_policy("allow read \"/srv\xC0\xAF\";")},
      {"random bytes", "P1001", "\xFF\xD8\xFF\xE0 JFIF \x80\x81\x82"},
      {"a NUL byte", "P1002", in_policy("allow read \"/srv/\0\";"s)},
      {"UTF-16", "P1001", "\xFF\xFEl\0a\0n\0g\0"s},
      {"a bare carriage return", "P1003", "language 1;\rpolicy web {\r}\r"},
      {"an empty file", "P1009", ""},
      {"blanks", "P1009", " \n\t\n"},
      {"no language", "P1010", "policy web {\n}\n"},
      {"another language", "P1011", "language 18446744073709551615;\n"},
      {"one hundred thousand (", "P1004", in_policy("allow syscall read where " + repeated("(", very_deep) + ";")},
      {"one hundred thousand {", "P1004", in_policy(repeated("when os == linux {", very_deep))},
      {"one hundred thousand { in a set", "P1020", "language 1;\nlet x = " + repeated("{", very_deep) + ";\n"},
      {"one hundred thousand [", "P1020", in_policy("allow connect tcp " + repeated("[", very_deep) + ";")},
      {"one hundred thousand not", "P1004", in_policy("allow syscall read where " + repeated("not ", very_deep) + "fd == 0;")},
      {"one hundred thousand not (", "P1004", in_policy("allow syscall read where " + repeated("not (", very_deep) + ";")},
      {"one hundred thousand else when", "P1004",
       in_policy("when os == linux { }" + repeated(" else when os == linux { }", very_deep))},
      {"one hundred thousand }", "P1024", "language 1;\n" + repeated("}", very_deep)},
      {"one hundred thousand @", "P1020", "language 1;\n" + repeated("@", very_deep)},
      {"braces nested in a path", "P2055", in_policy("allow read \"/" + repeated("{", 4'000) + "\";")},
      {"a path of braces", "P2054", in_policy("allow read \"/" + repeated("{", 60'000) + "\";")},
      {"an unclosed string", "P1040", in_policy("allow read \"/etc/hosts;")},
      {"a long string", "P1008", in_policy("allow read \"/" + repeated("x", 1'000'000) + "\";")},
      {"a C comment", "P1030", "language 1;\n/* a policy */\npolicy web {\n}\n"},
      {"an unclosed C comment", "P1030", "language 1;\npolicy web {\n}\n/*"},
      {"a huge integer", "P1050", in_policy("allow syscall read where fd == " + repeated("9", 1000) + ";")},
      {"a huge hexadecimal integer", "P1050", in_policy("allow syscall read where fd == 0x" + repeated("f", 17) + ";")},
      {"port 65536", "P1054", in_policy("allow connect tcp any:65536;")},
      {"port 65536 in a set", "P1054", in_policy("allow connect tcp any:{ 80, 65536 };")},
      {"port 65536 in a variable", "P1054", "language 1;\nlet p = 65536;\npolicy web {\n  allow connect tcp any:$p;\n}\n"},
      {"prefix 33", "P1059", in_policy("allow connect tcp 10.0.0.0/33;")},
      {"prefix 129", "P1059", in_policy("allow connect tcp [2001:db8::/129];")},
      {"prefix past 64 bits", "P1050", in_policy("allow connect tcp 10.0.0.0/99999999999999999999;")},
      {"a reversed range", "P1053", in_policy("allow connect tcp any:443-80;")},
      {"a policy defined twice", "P2001", "language 1;\npolicy web {\n}\npolicy web {\n}\n"},
      {"a missing import", "P9004", "language 1;\nimport \"no_such_file.pol\";\npolicy web {\n}\n"},
      {"an import of a folder", "P9004", "language 1;\nimport \".\";\npolicy web {\n}\n"},
      {"an import of itself", "P9005", "language 1;\nimport \"hostile.pol\";\npolicy web {\n}\n"},
      {"an empty import", "P9004", "language 1;\nimport \"\";\npolicy web {\n}\n"},
      {"alternatives that multiply", "P2053", in_policy("allow read \"/" + repeated("{a,b}", 500) + "\";")},
      {"variables that multiply", "P2011",
       [] {
         std::string lets = "language 1;\nlet v0 = \"/0123456789\";\n";
         for (int i = 1; i < 30; ++i)
           lets += "let v" + std::to_string(i) + " = \"$v" + std::to_string(i - 1) + "$v" + std::to_string(i - 1) + "\";\n";
         return lets + "policy web {\n  allow read $v29;\n}\n";
       }()},
      {"abstractions that multiply", "P2010",
       [] {
         std::string text = "language 1;\nabstraction a0 {\n  allow read \"/srv\";\n}\n";
         for (int i = 1; i < 30; ++i) {
           const std::string before = std::to_string(i - 1);
           text += "abstraction a" + std::to_string(i) + " {\n  use a" + before + ", a" + before + ";\n}\n";
         }
         return text + "policy web {\n  use a29;\n}\n";
       }()},
      {"a million mistakes", "P1020", in_policy(repeated("allow read /x;\n", 1'000'000))},
      {"a million words in one statement", "P1012", in_policy("allow read \"/srv\"" + repeated(", \"/srv\"", 500'000) + ";")},
  };
}

// The first line names a place and an id.
void check_outcome(const Outcome& outcome, const std::string& id) {
  static const std::regex first_line(R"(^[^:]+:[0-9]+:[0-9]+: error: .*\[(P[0-9]{4})\]$)");
  CHECK(outcome.status == 1);
  CHECK(outcome.out == "");
  CHECK(outcome.err.size() < 100'000);
  const std::string line = outcome.err.substr(0, outcome.err.find('\n'));
  CAPTURE(line);
  std::smatch match;
  REQUIRE(std::regex_match(line, match, first_line));
  CHECK(match[1].str() == id);
}

void check_json(const Outcome& outcome, const std::string& id) {
  CHECK(outcome.status == 1);
  const auto document = nlohmann::json::parse(outcome.err, nullptr, false);
  REQUIRE(document.is_object());
  REQUIRE_FALSE(document["diagnostics"].empty());
  CHECK(document["diagnostics"][0]["id"] == id);
}

void check_file(const Scratch& scratch, const std::string& file, const std::string& id) {
  check_outcome(scratch.polc({file, "--target=plain"}), id);
  check_json(scratch.polc({file, "--target=plain", "--diagnostics=json"}), id);
}

}  // namespace

TEST_CASE("hostile text: one located error in front, status 1, nothing on standard output") {
  for (const Hostile& hostile : hostile_texts()) {
    CAPTURE(hostile.name);
    const Scratch scratch;
    scratch.write("hostile.pol", hostile.text);
    check_file(scratch, "hostile.pol", hostile.id);
  }
}

TEST_CASE("hostile text: polc lint prints a whole document in each form that machines read, and names the mistake in it") {
  for (const Hostile& hostile : hostile_texts()) {
    CAPTURE(hostile.name);
    const Scratch scratch;
    scratch.write("hostile.pol", hostile.text);
    const auto json = nlohmann::json::parse(scratch.polc({"lint", "hostile.pol", "--format=json"}).out, nullptr, false);
    REQUIRE(json.is_object());
    CHECK(json["diagnostics"][0]["id"] == hostile.id);
    const auto sarif = nlohmann::json::parse(scratch.polc({"lint", "hostile.pol", "--format=sarif"}).out, nullptr, false);
    REQUIRE(sarif.is_object());
    CHECK(sarif["version"] == "2.1.0");
    CHECK(sarif["runs"][0]["results"][0]["ruleId"] == hostile.id);
    const Outcome github = scratch.polc({"lint", "hostile.pol", "--format=github"});
    CHECK(github.status == 1);
    CHECK(std::regex_search(github.out, std::regex("^::error file=hostile.pol,line=[0-9]+,col=[0-9]+,title=" + hostile.id + "::[^\n]+\n")));
  }
}

TEST_CASE("hostile text: the same through standard input and through an import") {
  for (const Hostile& hostile : hostile_texts()) {
    if (hostile.id == "P9005" || hostile.id == "P9004") continue;  // they are about where the file lies
    CAPTURE(hostile.name);
    const Scratch scratch;
    check_outcome(scratch.polc({"-", "--target=plain"}, {.input = hostile.text}), hostile.id);
    scratch.write("hostile.pol", hostile.text);
    scratch.write("main.pol", "language 1;\nimport \"hostile.pol\";\npolicy main {\n  use a29;\n  allow read $v29;\n}\n");
    const Outcome imported = scratch.polc({"main.pol", "--target=plain"});
    CAPTURE(imported.err.substr(0, 1000));
    CHECK(imported.status == 1);
    CHECK(imported.out == "");
  }
}

TEST_CASE("hostile text: after two hundred mistakes the rest is not read, and JSON says so") {
  const Scratch scratch;
  scratch.write("hostile.pol", in_policy(repeated("allow read /x;\n", 1000)));
  const auto document = nlohmann::json::parse(scratch.polc({"hostile.pol", "--target=plain", "--diagnostics=json"}).err, nullptr, false);
  REQUIRE(document.is_object());
  CHECK(document["diagnostics"].size() == 201);
  CHECK(document["diagnostics"].back()["id"] == "P1007");
}

TEST_CASE("hostile patterns: a question past its steps ends every target with an error that says so") {
  std::string globs = "  program \"/usr/bin/web\";\n", renames = globs;
  // letter k of pattern i: all different, and different backwards
  const auto letters = [](unsigned i, bool backwards) {
    std::string result = "*";
    for (unsigned k = 0; k < 8; ++k)
      result += std::string(1, static_cast<char>('a' + (i * 2654435761u >> (8 + 2 * (backwards ? 7 - k : k))) % 4)) + "*";
    return result;
  };
  for (unsigned i = 0; i < 400; ++i)
    globs += std::string(i % 2 == 0 ? "  deny" : "  allow") + " read \"/**/" + letters(i, false) + "/**/" + letters(i, true) + "/" +
             std::to_string(i) + "*\";\n";
  for (unsigned i = 0; i < 60; ++i)
    renames += std::string(i % 2 == 0 ? "  deny" : "  allow") + " rename \"/**/*a" + repeated("?", i) + "\" -> \"/**/*b" +
               repeated("?", i) + "\";\n";
  for (const std::string& rules : {globs, renames})
    for (const char* target : {"plain", "systrace", "grsecurity", "seccomp", "apparmor"}) {
      const Scratch scratch;
      CAPTURE(target);
      scratch.write("hostile.pol", in_policy(rules));
      check_outcome(scratch.polc({"hostile.pol", "--target=" + std::string(target)}), "P5007");
    }
}

TEST_CASE("hostile file: one hundred megabytes are not read") {
  const Scratch scratch;
  scratch.write("hostile.pol", "language 1;\n");
  std::filesystem::resize_file(scratch.path("hostile.pol"), 100'000'000);
  check_file(scratch, "hostile.pol", "P1005");
}

TEST_CASE("hostile file: a device without an end is refused by its name, and as standard input not read to the end") {
  const Scratch scratch;
  CHECK(scratch.polc({"/dev/zero", "--target=plain"}).err == "error: cannot read `/dev/zero`: a device, not a regular file [P9001]\n");
  check_outcome(scratch.polc({"-", "--target=plain"}, {.device = "/dev/zero"}), "P1005");
}

TEST_CASE("hostile files: a cycle of imports is reported once, with the way round") {
  const Scratch scratch;
  scratch.write("hostile.pol", "language 1;\nimport \"b.pol\";\npolicy web {\n}\n");
  scratch.write("b.pol", "language 1;\nimport \"c.pol\";\n");
  scratch.write("c.pol", "language 1;\nimport \"./hostile.pol\";\n");
  check_file(scratch, "hostile.pol", "P9005");
}

TEST_CASE("hostile files: ten thousand imports one behind another are read or refused, never a crash") {
  const Scratch scratch;
  constexpr int length = 10'000;
  scratch.write("hostile.pol", "language 1;\nimport \"i0.pol\";\npolicy web {\n}\n");
  for (int i = 0; i < length; ++i)
    scratch.write("i" + std::to_string(i) + ".pol", "language 1;\n" + (i + 1 < length ? "import \"i" + std::to_string(i + 1) + ".pol\";\n" : "let x = 1;\n"));
  const Outcome outcome = scratch.polc({"hostile.pol", "--target=plain"});
  CAPTURE(outcome.err.substr(0, 1000));
  CHECK(outcome.status >= 0);
  CHECK(outcome.status <= 1);
}

TEST_CASE("hostile names: of files, with signs of the terminal and of the shell") {
  const Scratch scratch;
  const std::string name = "a\033[31m b'\";$(c).pol";
  scratch.write(name, e2e::wrong_policy);
  const Outcome outcome = scratch.polc({name, "--target=plain"});
  CHECK(outcome.status == 1);
  CHECK(outcome.err.find('\033') == std::string::npos);
}

TEST_CASE("hostile accesses: on the command line, too") {
  const Scratch scratch;
  scratch.write("web.pol", e2e::small_policy);
  for (const std::string& access : {std::string(), std::string("\xFF"), "syscall read where " + repeated("(", 1000), std::string("read \"/etc"),
                                    std::string("read relative"), std::string("; } policy x {"), "read \"/" + repeated("{a,b}", 40) + "\""}) {
    CAPTURE(access);
    const Outcome outcome = scratch.polc({"query", "web.pol", access});
    CAPTURE(outcome.err);
    CHECK(outcome.status >= 1);
    CHECK(outcome.status <= 2);
    CHECK(outcome.out == "");
    CHECK(outcome.err.find("error: ") != std::string::npos);
  }
}
