// The shape of the sources: no two files need each other, none is too long, nothing of some size stands in two of them, and the
// targets' names are the backends' own. exceptions.txt has what may break this, with reasons.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "source_files.hpp"

using namespace polc::layering;

namespace {

constexpr std::size_t longest_file = 400;
constexpr std::size_t equal_at_most = 11;  // lines

/// "long a.cpp" -> why. Each must be used: what is mended leaves the list.
class Exceptions {
 public:
  Exceptions() {
    for (const std::string& line : lines_of(root / "tests/layering/exceptions.txt")) {
      const auto colon = line.find(": ");
      if (line.empty() || line.front() == '#') continue;
      REQUIRE_MESSAGE(colon != line.npos, "exceptions.txt: no reason: ", line);
      unused_.insert(line.substr(0, colon));
    }
    known_ = unused_;
  }

  bool has(const std::string& what) {
    unused_.erase(what);
    return known_.contains(what);
  }

  void check_unused(const std::string& kind) const {
    for (const std::string& one : unused_)
      if (one.starts_with(kind + " ")) FAIL_CHECK("exceptions.txt: nothing needs `" << one << "`");
  }

 private:
  std::set<std::string> known_, unused_;
};

// ---- cycles

using Graph = std::map<std::string, std::set<std::string>>;

/// A cycle in the graph, its first node again at the end; empty: there is none.
std::vector<std::string> cycle_in(const Graph& graph) {
  std::map<std::string, int> state;  // 1: on the way, 2: done
  std::vector<std::string> way, found;
  const std::function<bool(const std::string&)> visit = [&](const std::string& node) {
    state[node] = 1;
    way.push_back(node);
    if (const auto next = graph.find(node); next != graph.end())
      for (const std::string& to : next->second) {
        if (state[to] == 1) {
          found.assign(std::find(way.begin(), way.end(), to), way.end());
          found.push_back(to);
        }
        if (!found.empty() || (state[to] == 0 && visit(to))) return true;
      }
    state[node] = 2;
    way.pop_back();
    return false;
  };
  for (const auto& [node, to] : graph)
    if (state[node] == 0 && visit(node)) break;
  return found;
}

std::string in_words(const std::vector<std::string>& cycle) {
  std::string words;
  for (const std::string& node : cycle) words += (words.empty() ? "" : " -> ") + node;
  return words;
}

/// Who includes whom: files, or their folders.
Graph includes(bool of_folders) {
  Graph graph;
  for (const fs::path& file : product_files())
    for (const std::string& line : lines_of(file)) {
      const auto include = find_include(line);
      const auto to = include && !include->angled ? find_included(file, include->name) : std::nullopt;
      if (!to) continue;
      const std::string from_name = of_folders ? folder_of(file) : shown(file), to_name = of_folders ? folder_of(*to) : shown(*to);
      if (!of_folders || from_name != to_name) graph[from_name].insert(to_name);
    }
  return graph;
}

// ---- equal lines

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// A line of code without its comment, its blanks and the names in it: every word but those of the language is `x`.
std::string plain(std::string_view line) {
  static const std::set<std::string_view> language{
      "auto", "bool", "break", "case", "char", "class", "const", "constexpr", "continue", "default", "else", "enum", "explicit", "false",
      "for", "if", "int", "namespace", "nullptr", "operator", "override", "private", "public", "return", "static", "struct", "switch",
      "template", "this", "true", "typename", "unsigned", "using", "virtual", "void", "while", "std", "string", "string_view", "vector",
      "optional", "size_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t"};
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted || c == '"') {
      if (c == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
      text += c;
    } else if (line.substr(i, 2) == "//") {
      break;
    } else if (is_word(c)) {
      std::size_t end = i;
      while (end < line.size() && is_word(line[end])) ++end;
      const std::string_view word = line.substr(i, end - i);
      const bool is_name = std::isdigit(static_cast<unsigned char>(c)) == 0 && !language.contains(word);
      text += text.empty() || !is_word(text.back()) ? "" : " ";
      text += is_name ? "x" : std::string(word);
      i = end - 1;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      text += c;
    }
  }
  return text;
}

struct Line {
  std::size_t number = 0;
  std::string text;
};

/// Without comments, includes and the members of lists: `a,` is no code that one could share.
std::vector<Line> code_of(const fs::path& file) {
  std::vector<Line> code;
  const auto lines = lines_of(file);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string text = plain(lines[i]);
    if (!text.empty() && text.front() != '#' && text != "x,") code.push_back({i + 1, std::move(text)});
  }
  return code;
}

// ---- names of targets

/// The folders of backends that registry.cpp includes from.
std::vector<std::string> targets() {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(root / "backends/registry.cpp"))
    if (const auto include = find_include(line); include && include->name.find('/') != std::string::npos && !include->angled)
      if (const std::string name = include->name.substr(0, include->name.find('/')); fs::exists(root / "backends" / name)) names.push_back(name);
  return names;
}

bool names_target(const std::string& line, const std::string& target) {
  return line.find('"' + target + '"') != line.npos || line.find('"' + target + '.') != line.npos;
}

}  // namespace

TEST_CASE("shape: no file needs itself by way of what it includes, and no folder does") {
  CHECK(in_words(cycle_in({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}})) == "b -> c -> b");
  CHECK(cycle_in({{"a", {"b", "c"}}, {"b", {"c"}}}).empty());
  const Graph files = includes(false), folders = includes(true);
  CHECK(files.size() > 300);
  CHECK(folders.size() > 20);
  CHECK_MESSAGE(cycle_in(files).empty(), in_words(cycle_in(files)));
  CHECK_MESSAGE(cycle_in(folders).empty(), in_words(cycle_in(folders)));
}

TEST_CASE("shape: a source file has at most 400 lines") {
  Exceptions exceptions;
  const auto has_budget = [](const fs::path& file) {
    const bool is_source = file.extension() == ".hpp" || file.extension() == ".cpp" || file.extension() == ".g4";
    return (is_source && shown(file).find("/tests/") == std::string::npos) || file.filename() == "CMakeLists.txt";
  };
  for (const auto top : {"src", "backends", "grammar"})
    for (const fs::path& file : files_below(top, has_budget)) {
      const std::size_t lines = lines_of(file).size();
      if (lines > longest_file) CHECK_MESSAGE(exceptions.has("long " + shown(file)), shown(file), " has ", lines, " lines: split it");
    }
  exceptions.check_unused("long");
}

TEST_CASE("shape: no 12 lines are equal in two files, whatever the names in them") {
  CHECK(plain("  auto found = find_x(\"a b\", 12);  // why") == plain("auto n=other(\"a b\",12);"));
  CHECK(plain("return a;") != plain("return 1;"));
  CHECK(plain("f(\"a\")") != plain("f(\"b\")"));
  Exceptions exceptions;
  std::map<std::string, std::pair<std::string, std::size_t>> first;  // where each block was seen first
  std::set<std::string> reported;
  std::size_t blocks = 0;
  for (const fs::path& file : product_files()) {
    if (file.extension() != ".cpp" && file.extension() != ".hpp") continue;  // the others are data
    const auto code = code_of(file);
    for (std::size_t i = 0; i + equal_at_most < code.size(); ++i, ++blocks) {
      std::string block;
      for (std::size_t k = i; k <= i + equal_at_most; ++k) block += code[k].text + "\n";
      const auto [known, is_new] = first.try_emplace(std::move(block), shown(file), code[i].number);
      const auto& [other, line] = known->second;
      const std::string pair = "equal " + other + " " + shown(file);
      if (is_new || other == shown(file) || exceptions.has(pair) || !reported.insert(pair).second) continue;
      FAIL_CHECK(shown(file) << ":" << code[i].number << " has 12 lines of " << other << ":" << line);
    }
  }
  CHECK(blocks > 20'000);
  exceptions.check_unused("equal");
}

TEST_CASE("shape: what src does for one target is in that target's table, not under its name") {
  CHECK(names_target("if (name == \"seccomp\")", "seccomp"));
  CHECK_FALSE(names_target("add(\"a seccomp filter\");", "seccomp"));
  Exceptions exceptions;
  const auto names = targets();
  CHECK(names.size() >= 6);
  for (const fs::path& file : files_below("src", is_code)) {
    if (file.extension() == ".inc") continue;  // there is a system call named seccomp
    if (exceptions.has("name " + shown(file))) continue;
    const auto lines = lines_of(file);
    for (std::size_t i = 0; i < lines.size(); ++i)
      for (const std::string& name : names)
        if (lines[i].find("//") == std::string::npos && names_target(lines[i], name)) FAIL_CHECK(shown(file) << ":" << i + 1 << " names " << name);
  }
  exceptions.check_unused("name");
}
