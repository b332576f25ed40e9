// policies/std/linux.pol against the tables, word by word: a reader that knows just enough of the syntax.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

using namespace polc;

namespace {

/// The file without comments and strings, one statement (up to ';', '{' or '}') an entry.
std::vector<std::string> statements_of_std() {
  std::ifstream file(POLC_SOURCE_DIR "/policies/std/linux.pol");
  REQUIRE(file);
  std::vector<std::string> statements(1);
  for (std::string line; std::getline(file, line);) {
    bool in_string = false;
    for (const char c : line) {
      if (c == '"') in_string = !in_string;
      if (in_string) continue;
      if (c == '#') break;
      if (c == ';') statements.emplace_back();
      else statements.back() += c;
    }
    statements.back() += ' ';
  }
  return statements;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') words.back() += c;
    else if (!words.back().empty()) words.emplace_back();
  return words;
}

}  // namespace

TEST_CASE("std/linux.pol: it begins with its language and holds the abstractions that it promises and no policy") {
  const auto statements = statements_of_std();
  CHECK(words_of(statements.front()) == std::vector<std::string>{"language", "1"});
  std::string all;
  for (const std::string& statement : statements) all += statement + ";";
  for (const char* name :
       {"dynamic_program {", "random {", "time {", "threads {", "event_loop {", "name_service {", "dns_client {",
        "drop_privileges(account, groups) {", "keep_capabilities {", "daemonize {", "syslog {", "service_manager {",
        "private_directory(dir) {"})
    CHECK_MESSAGE(all.find(std::string("abstraction ") + name) != std::string::npos, name);
  CHECK(all.find("policy ") == std::string::npos);
  CHECK(all.find(" exec ") == std::string::npos);
}

TEST_CASE("std/linux.pol: every system call, argument, constant and errno in it is known") {
  int calls = 0, constants = 0;
  for (const std::string& statement : statements_of_std()) {
    CAPTURE(statement);
    const std::size_t at = statement.find("allow syscall ");
    if (at == std::string::npos) continue;
    const std::size_t where = std::min(statement.find(" where "), statement.size());
    std::vector<const knowledge::Call*> named;
    for (const std::string& word : words_of(statement.substr(at + 14, where - at - 14))) {
      if (word.empty()) continue;
      const auto id = knowledge::find_call(Os::linux_os, word);
      REQUIRE_MESSAGE(id, word);
      named.push_back(&knowledge::call_of(Os::linux_os, *id));
      ++calls;
    }
    for (const std::string& word : words_of(statement.substr(where))) {
      if (word.empty() || word == "where" || word == "and" || word == "or" || word == "in" || std::isdigit(static_cast<unsigned char>(word.front())) != 0) continue;
      if (knowledge::find_constant(Os::linux_os, word)) {
        ++constants;
        continue;
      }
      for (const knowledge::Call* call : named) CHECK_MESSAGE(knowledge::find_argument(*call, word), word);
    }
  }
  CHECK(calls > 80);
  CHECK(constants > 30);
}

TEST_CASE("std/linux.pol: the calls of a default are known and its errno too") {
  int defaults = 0;
  for (const std::string& statement : statements_of_std()) {
    const std::size_t at = statement.find("default deny errno ");
    if (at == std::string::npos) continue;
    ++defaults;
    bool past_for = false;
    for (const std::string& word : words_of(statement.substr(at + 19))) {
      if (word.empty()) continue;
      if (word == "for") past_for = true;
      else if (past_for) CHECK_MESSAGE(knowledge::find_call(Os::linux_os, word), word);
      else CHECK_MESSAGE(knowledge::find_errno(Os::linux_os, word), word);
    }
    CHECK(past_for);  // a bare default has no place in an abstraction
  }
  CHECK(defaults == 4);
}
