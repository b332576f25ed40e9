// docs/glossary.md has one word for each thing: the words that those replaced are not in docs, messages or help.
#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

#include "source_files.hpp"

using namespace polc::layering;

namespace {

// As they stand in the glossary's last column; code, which has names of its own, is between backticks.
const char* const replaced[] = {"box(es)?",   "pieces?",  "(a|no|the) lack", "laid (at|out)", "brought along",
                                "borne by", "standing", "ledgers?",          "(a|the) slip"};

std::string without_code(const std::string& line) {
  static const std::regex code("`[^`]*`");
  return std::regex_replace(line, code, "");
}

bool has_replaced_word(const std::string& line) {
  static const std::regex words = [] {
    std::string all;
    for (const char* const one : replaced) all += std::string(all.empty() ? "" : "|") + one;
    return std::regex("\\b(" + all + ")\\b", std::regex::icase);
  }();
  return std::regex_search(without_code(line), words);
}

std::vector<fs::path> texts_for_people() {
  const auto is_page = [](const fs::path& file) {
    const auto name = shown(file);
    const bool is_history = name.starts_with("docs/decisions/") || name == "docs/glossary.md";
    return file.extension() == ".md" && !is_history;
  };
  auto files = files_below("docs", is_page);
  for (const fs::path& file : files_below("src/diag/catalogue", is_code)) files.push_back(file);
  files.push_back(root / "README.md");
  files.push_back(root / "src/cli/verb_options.cpp");
  return files;
}

}  // namespace

TEST_CASE("words: docs, messages and help say what the glossary says") {
  CHECK(has_replaced_word("it is laid at the rule"));
  CHECK(has_replaced_word("The ledger says"));
  CHECK_FALSE(has_replaced_word("a target that lacks a reaction"));
  CHECK_FALSE(has_replaced_word("`ir::Box`, `standing`"));
  std::size_t lines = 0;
  bool fenced = false;
  for (const fs::path& file : texts_for_people())
    for (const std::string& line : lines_of(file)) {
      if (line.starts_with("```")) fenced = !fenced;
      if (fenced || line.starts_with("#include")) continue;
      ++lines;
      CHECK_MESSAGE(!has_replaced_word(line), shown(file), ": ", line);
    }
  CHECK(lines > 3'000);
}
