// Holds the sources to docs/architecture.md: who may include whom, and that no test is put to sleep. It reads the files as text and knows nothing of the build; link dependencies say the layering a second time.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "source_files.hpp"

using namespace polc::layering;

namespace {

// A folder and the folders it may include from, besides its own. "backends" is the registry, "backends/*" each backend.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};
const std::array layers{
    Layer{"support", {}},
    Layer{"diag", {"support"}},
    Layer{"sets", {"support"}},
    Layer{"knowledge", {"support"}},
    Layer{"ir", {"sets", "knowledge", "diag", "support"}},
    Layer{"syntax", {"diag", "support"}},
    Layer{"sema", {"syntax", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"opt", {"eval", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"eval", {"ir", "sets", "knowledge", "diag", "support"}},
    Layer{"target", {"eval", "format", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"format", {"syntax", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"lint", {"syntax", "eval", "target", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"diff", {"eval", "target", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"driver",
          {"learn", "lint", "diff", "format", "target", "eval", "opt", "sema", "syntax", "ir", "sets", "knowledge", "diag",
           "support"}},
    Layer{"learn", {"lint", "target", "format", "eval", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"packaging", {"support"}},
    Layer{"sandbox", {"knowledge", "support"}},
    Layer{"cli",
          {"backends", "driver", "packaging", "sandbox", "learn", "lint", "diff", "format", "target", "eval", "opt", "sema", "syntax", "ir", "sets",
           "knowledge", "diag", "support"}},
    Layer{"backends/*", {"target", "eval", "ir", "sets", "knowledge", "diag", "support"}},
    Layer{"backends", {"backends/*", "target", "eval", "ir", "sets", "knowledge", "diag", "support"}},
};

// Headers of third parties that must stay behind one folder's doors: a slow or hostile header, or a type that would
// spread through the whole program.
struct Contained {
  std::string_view header;  // the include's beginning
  std::string_view folder;
  bool sources_only;
};
constexpr std::array contained{
    Contained{"antlr4", "syntax", true},       Contained{"PolicyLexer", "syntax", true},
    Contained{"PolicyParser", "syntax", true}, Contained{"CLI/", "cli", true},
    Contained{"doctest/", "tests", true},
};

/// The folder that `name`, included from `file`, lives in. A name that is no file here is generated while building: it
/// belongs where its path says, or, without one, to the folder that includes it.
std::string included_folder(const fs::path& file, const std::string& name) {
  if (const auto found = find_included(file, name)) return folder_of(*found);
  const auto slash = name.find('/');
  if (slash == std::string::npos) return folder_of(file);
  const auto first = name.substr(0, slash);
  const bool known = std::any_of(layers.begin(), layers.end(), [&](const Layer& l) { return l.folder == first; });
  return known ? first : std::string{};
}

std::string row_of(const std::string& folder) { return folder.starts_with("backends/") ? "backends/*" : folder; }

const Layer* find_layer(const std::string& folder) {
  const auto row = row_of(folder);
  const auto at = std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.folder == row; });
  return at == layers.end() ? nullptr : &*at;
}

bool may_include(const std::string& from, const std::string& to) {
  if (from == to) return true;
  const Layer* layer = find_layer(from);
  return layer != nullptr &&
         std::find(layer->may_include.begin(), layer->may_include.end(), row_of(to)) != layer->may_include.end();
}

/// Every breach of the layers in one file, as FILE:LINE: text.
std::vector<std::string> breaches_in(const fs::path& file) {
  std::vector<std::string> breaches;
  const auto folder = folder_of(file);
  const auto lines = lines_of(file);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto include = find_include(lines[i]);
    if (!include) continue;
    const auto at = shown(file) + ":" + std::to_string(i + 1) + ": ";
    for (const auto& row : contained)
      if (include->name.starts_with(row.header) &&
          (folder != row.folder || (row.sources_only && file.extension() != ".cpp")))
        breaches.push_back(at + include->name + " belongs in .cpp files of " + std::string(row.folder) + " only");
    if (include->angled) continue;
    const auto to = included_folder(file, include->name);
    if (to.empty()) breaches.push_back(at + include->name + " is no file of src or backends");
    else if (!may_include(folder, to))
      breaches.push_back(at + folder + " may not include " + to + " (" + include->name + ")");
    else if (folder == "cli" && to == "backends" && include->name != "backends/registry.hpp" &&
             include->name != "registry.hpp")
      breaches.push_back(at + "cli knows backends through backends/registry.hpp alone, not " + include->name);
  }
  return breaches;
}

// "a, b" -> a and b.
std::set<std::string> names_in(const std::string& cell) {
  std::set<std::string> names;
  std::istringstream words(cell);
  for (std::string word; std::getline(words, word, ',');) {
    word.erase(0, word.find_first_not_of(' '));
    word.erase(word.find_last_not_of(' ') + 1);
    if (!word.empty()) names.insert(word);
  }
  return names;
}

// The rows of a page's tables of two columns, without the bars.
std::vector<std::pair<std::string, std::string>> rows_of(const fs::path& page) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const std::string& line : lines_of(page)) {
    if (!line.starts_with("| ") || !line.ends_with(" |")) continue;
    const auto bar = line.find(" | ");
    if (bar != line.npos) rows.emplace_back(line.substr(2, bar - 2), line.substr(bar + 3, line.size() - bar - 5));
  }
  return rows;
}

}  // namespace

TEST_CASE("docs/architecture.md: lists the folders of src, each once") {
  std::vector<std::string> listed, there;
  for (const auto& [folder, what] : rows_of(root / "docs/architecture.md"))
    if (folder.starts_with("`src/")) listed.push_back(folder.substr(5, folder.size() - 7));
  for (const auto& entry : fs::directory_iterator(root / "src"))
    if (entry.is_directory()) there.push_back(entry.path().filename().string());
  std::sort(listed.begin(), listed.end());
  std::sort(there.begin(), there.end());
  CHECK(listed == there);
}

TEST_CASE("docs/architecture.md: says of each folder what the table of layers says, where it names folders") {
  std::size_t compared = 0;
  for (const auto& [folders, allowed] : rows_of(root / "docs/architecture.md")) {
    const auto included = allowed == "–" ? std::set<std::string>() : names_in(allowed);
    const auto is_folder = [](const std::string& name) { return find_layer(name) != nullptr; };
    const auto names = names_in(folders);
    if (names.empty() || !std::all_of(names.begin(), names.end(), is_folder) || !std::all_of(included.begin(), included.end(), is_folder)) continue;
    for (const std::string& name : names) {
      const auto& may_include_these = find_layer(name)->may_include;
      CHECK_MESSAGE(std::set<std::string>(may_include_these.begin(), may_include_these.end()) == included, name);
      ++compared;
    }
  }
  CHECK(compared >= 11);
}

TEST_CASE("layering: every folder of src has a row") {
  for (const auto& entry : fs::directory_iterator(root / "src")) {
    if (!entry.is_directory()) continue;
    const auto name = entry.path().filename().string();
    CHECK_MESSAGE(find_layer(name) != nullptr, "src/", name, " has no row in the table of layers");
  }
}

TEST_CASE("layering: the table has no cycle and names only folders it knows") {
  for (const auto& layer : layers)
    for (const auto allowed : layer.may_include) {
      CHECK_MESSAGE(find_layer(std::string(allowed)) != nullptr, layer.folder, " names ", allowed);
      CHECK_MESSAGE(!may_include(std::string(allowed), std::string(layer.folder)), layer.folder, " and ", allowed,
                    " may include each other");
    }
}

TEST_CASE("layering: nothing in src but cli sees a backend, and no backend sees another, the optimiser or the parser") {
  for (const auto& layer : layers) {
    const std::string from(layer.folder);
    if (from == "cli" || from.starts_with("backends")) continue;
    CHECK_MESSAGE(!may_include(from, "backends"), from);
    CHECK_MESSAGE(!may_include(from, "backends/plain"), from);
  }
  CHECK(!may_include("cli", "backends/plain"));
  CHECK(!may_include("backends/plain", "backends/systrace"));
  CHECK(!may_include("backends/plain", "opt"));
  CHECK(!may_include("backends/plain", "syntax"));
}

TEST_CASE("layering: every include is one that its folder may have") {
  const auto files = product_files();
  REQUIRE(files.size() > 0);
  for (const auto& file : files)
    for (const auto& breach : breaches_in(file)) FAIL_CHECK(breach);
}

TEST_CASE("layering: an include is recognised however it is spelt") {
  CHECK(find_include("#include \"ir/policy.hpp\"")->name == "ir/policy.hpp");
  CHECK(find_include("  #  include <vector>  // why")->angled);
  CHECK(!find_include("// #include \"ir/policy.hpp\""));
  CHECK(!find_include("#include POLC_TABLE"));
}

TEST_CASE("tests: none is skipped by a decorator, where nobody would read why") {
  const std::string decorator = std::string("doctest::") + "skip";
  for (const auto top : {"tests", "src", "backends"})
    for (const auto& file : files_below(top, is_code))
      for (const auto& line : lines_of(file))
        CHECK_MESSAGE(line.find(decorator) == std::string::npos, shown(file), ": ", line);
}
