#include "learn/facts.hpp"

#include <algorithm>

#include "format/words.hpp"

namespace polc::learn {
namespace {

using Words = std::map<std::string, std::optional<std::string>>;

// `"/a" file`: the path ends at the first quote that no backslash stands before.
void add(Words& words, const std::string& text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (text.empty() || text.front() != '"' || end + 2 >= text.size() || text[end + 1] != ' ') return;
  const std::string word = text.substr(end + 2);
  const auto [at, is_new] = words.emplace(text.substr(0, end + 1), word);
  if (!is_new && at->second != word) at->second.reset();
}

std::optional<std::string> find(const Words& words, const sets::PathPattern& path) {
  const auto at = words.find(format::quoted(path));
  return at == words.end() ? std::nullopt : at->second;
}

}  // namespace

Facts::Facts(const std::vector<Fact>& facts) {
  for (const Fact& fact : facts)
    if (fact.kind == "type") add(types_, fact.words);
    else if (fact.kind == "owner") add(owners_, fact.words);
}

std::optional<FileType> Facts::find_type(const sets::PathPattern& path) const {
  const auto word = find(types_, path);
  const auto at = word ? std::ranges::find(file_type_names, *word) : file_type_names.end();
  if (at == file_type_names.end()) return std::nullopt;
  return static_cast<FileType>(at - file_type_names.begin());
}

Facts::Owner Facts::owner_of(const sets::PathPattern& path) const {
  if (const auto word = find(owners_, path)) return *word == "self" ? Owner::self : *word == "\"root\"" ? Owner::root : Owner::other;
  return owners_.contains(format::quoted(path)) ? Owner::other : Owner::unknown;
}

std::vector<std::string> Facts::own_directories() const {
  std::vector<std::string> all;
  for (const auto& [path, owner] : owners_)
    if (const auto type = types_.find(path); owner == "self" && type != types_.end() && type->second == "dir")
      all.push_back(path.substr(1, path.size() - 2));
  return all;
}

}  // namespace polc::learn
