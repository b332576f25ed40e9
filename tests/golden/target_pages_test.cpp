// docs/targets/ and docs/loading.md: a page for each target and one for all, made from the backends' tables of capabilities,
// options and loading, and never written by hand.
// POLC_UPDATE_GOLDEN=1 writes the pages; otherwise each must be what the tables say, and there must be no other.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "registry.hpp"

namespace polc {
namespace {

namespace fs = std::filesystem;

const fs::path folder = POLC_SOURCE_DIR "/docs/targets";

struct Section {
  ir::Verdict verdict;
  const char* heading;
  const char* meaning;
};
constexpr Section sections[] = {
    {ir::Verdict::exact, "What it enforces exactly", "It permits what the policy permits, and no more."},
    {ir::Verdict::wider, "What it enforces in part", "It decides about these, but permits more than a policy may say."},
    {ir::Verdict::narrower, "What it refuses beyond the policy", "Something that a policy allows will fail."},
    {ir::Verdict::unmediated, "What it does not see", "Whatever a policy says about these, this target alone enforces nothing of it."},
    {ir::Verdict::refused, "What cannot be said to it", "A policy that needs one of these is not compiled for this target."},
};

std::string joined(const std::vector<std::string_view>& words, std::string_view separator) {
  std::string result;
  for (const auto word : words) result += (result.empty() ? "" : std::string(separator)) + std::string(word);
  return result;
}

/// A cell of a table: a bar would end it.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

/// The features of one verdict, those of one reason together, in the order of the table.
using Reasons = std::vector<std::pair<std::string_view, std::vector<std::string_view>>>;
Reasons reasons_for(const target::Backend& backend, ir::Verdict verdict) {
  Reasons reasons;
  for (const auto& row : backend.capabilities) {
    if (row.support != verdict) continue;
    std::size_t i = 0;
    while (i < reasons.size() && reasons[i].first != row.why) ++i;
    if (i == reasons.size()) reasons.emplace_back(row.why, std::vector<std::string_view>{});
    reasons[i].second.push_back(target::text_of(row.feature));
  }
  return reasons;
}

std::string section_of(const target::Backend& backend, const Section& section) {
  const Reasons reasons = reasons_for(backend, section.verdict);
  if (reasons.empty()) return {};
  std::string text = "\n## " + std::string(section.heading) + "\n\n" + section.meaning + "\n\n";
  if (section.verdict == ir::Verdict::exact) {
    for (const auto what : reasons.front().second) text += "- " + std::string(what) + "\n";
    return text;
  }
  text += "| said in a policy | why |\n|---|---|\n";
  for (const auto& [why, whats] : reasons) text += "| " + cell(joined(whats, "; ")) + " | " + cell(why) + " |\n";
  return text;
}

std::string options_of(const target::Backend& backend) {
  if (backend.options.empty()) return {};
  std::string text = "\n## Options\n\nThe first value is the default.\n\n| `--option=` | values | what for |\n|---|---|---|\n";
  for (const auto& option : backend.options)
    text += "| `" + std::string(option.key) + "` | " + cell(option.values.empty() ? "a word" : joined(option.values, ", ")) + " | " +
            cell(option.what) + " |\n";
  return text;
}

std::string loading_of(const target::Backend& backend) {
  std::string text;
  for (const target::Loading& way : backend.loading) {
    text += "\n### " + std::string(way.with) + "\n\n";
    if (way.command.empty()) text += "Not this way: " + std::string(way.loses) + ".\n";
    else text += "Format `" + std::string(way.format) + "`.\n\n```\n" + std::string(way.command) + "\n```\n";
    if (!way.command.empty() && !way.loses.empty()) text += "\nWhat it loses: " + std::string(way.loses) + ".\n";
  }
  return text;
}

std::string loading_page() {
  std::string text = "# How artefacts are put to use\n\nFor a policy named tor, with the command and what that way loses. `polc targets TARGET` says the "
                     "same. This page is made from\nthe backends' tables (`backends/*/loading.cpp`) by the test `golden.target_pages`.\n";
  for (const target::Backend* backend : backends::all())
    if (!backend->is_example) text += "\n## " + std::string(backend->name) + "\n" + loading_of(*backend);
  return text;
}

std::string page_of(const target::Backend& backend) {
  const std::string name(backend.name);
  std::string text = "# " + name + "\n\n" + std::string(backend.summary) + ". Formats: " + joined(backend.formats, ", ") +
                     ".\n\nThis page is made from the backend's own tables (`backends/" + name +
                     "/capabilities.cpp`) by the test `golden.target_pages`.\n"
                     "What each means for one policy, rule by rule, `polc fidelity` says; how several targets help each other out\n"
                     "stands in [language.md](../language.md#16-verdicts), how it is loaded in\n[loading.md](../loading.md#" + name + ").\n";
  for (const Section& section : sections) text += section_of(backend, section);
  return text + options_of(backend);
}

/// Every page by its file's name; targets that exist to be copied have none.
std::vector<std::pair<std::string, std::string>> pages() {
  std::vector<std::pair<std::string, std::string>> all;
  std::string index = "# The targets\n\nWhat each can enforce, and what not. The pages are made from the backends' tables.\n\n"
                      "| target | what it is | exact | in part | not seen or refused |\n|---|---|---|---|---|\n";
  for (const target::Backend* backend : backends::all()) {
    if (backend->is_example) continue;
    const std::string name(backend->name);
    int exact = 0, in_part = 0, none = 0;
    for (const auto& row : backend->capabilities) {
      const bool is_part = row.support == ir::Verdict::wider || row.support == ir::Verdict::narrower;
      ++(row.support == ir::Verdict::exact ? exact : is_part ? in_part : none);
    }
    index += "| [" + name + "](" + name + ".md) | " + cell(backend->summary) + " | " + std::to_string(exact) + " | " +
             std::to_string(in_part) + " | " + std::to_string(none) + " |\n";
    all.emplace_back(name + ".md", page_of(*backend));
  }
  all.emplace_back("README.md", index);
  all.emplace_back("../loading.md", loading_page());
  return all;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("docs/targets: each target has a page, which says what its tables say") {
  const bool updates = std::getenv("POLC_UPDATE_GOLDEN") != nullptr;
  std::set<std::string> names;
  for (const auto& page : pages()) {
    const fs::path path = folder / page.first;
    names.insert(page.first);
    if (updates) {
      fs::create_directories(folder);
      std::ofstream(path, std::ios::binary) << page.second;
    }
    INFO("POLC_UPDATE_GOLDEN=1 ctest -R golden writes it: ", path.string());
    CHECK(content(path) == page.second);
  }
  CHECK(names.size() >= 6);
  REQUIRE(fs::is_directory(folder));
  for (const auto& entry : fs::directory_iterator(folder)) {
    INFO("a page of no target: ", entry.path().string());
    CHECK(names.contains(entry.path().filename().string()));
  }
}

}  // namespace polc
