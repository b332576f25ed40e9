#include "artefact_edits.hpp"

#include <cctype>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "generators.hpp"
#include "lines.hpp"

namespace polc::property {
namespace {

struct Place {
  std::size_t begin, length;
};

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What stands behind these is for people.
std::size_t end_of_code(const std::string& line) {
  std::size_t end = line.size();
  for (const char* const mark : {"  # ", " ; ", " /* ", " // "}) end = std::min(end, line.find(mark));
  return end;
}

std::vector<Place> words_of(const std::string& line) {
  std::vector<Place> words;
  const std::size_t end = end_of_code(line);
  for (std::size_t at = 0; at < end; ++at) {
    if (!is_of_word(line[at])) continue;
    const std::size_t begin = at;
    while (at < end && is_of_word(line[at])) ++at;
    words.push_back({begin, at - begin});
  }
  return words;
}

class Editor {
 public:
  Editor(const std::string& text, std::uint64_t seed) : text_(text), lines_(lines_of(text)), random_(seed) {
    seen_.insert(text);
    for (const std::string& line : lines_)
      if (!is_comment(line))
        for (const Place place : words_of(line)) words_.push_back(line.substr(place.begin, place.length));
  }

  std::vector<Edit> run() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!is_comment(lines_[i])) edit_line(i);
      begin_ += lines_[i].size() + 1;
    }
    return std::move(edits_);
  }

 private:
  void edit_line(std::size_t i) {
    const std::string line = lines_[i];
    add(i, "left out", 0, line.size() + 1, "");
    if (i + 1 < lines_.size()) add(i, "after the next", 0, line.size() + 1 + lines_[i + 1].size(), lines_[i + 1] + "\n" + line);
    for (const Place place : words_of(line)) {
      const std::string word = line.substr(place.begin, place.length);
      add(i, fmt::format("without `{}`", word), place.begin, place.length, "");
      const std::string& other = words_[random_.below(words_.size())];
      add(i, fmt::format("`{}` for `{}`", other, word), place.begin, place.length, other);
      std::string changed = word;
      change(changed[random_.below(changed.size())]);
      add(i, fmt::format("`{}` for `{}`", changed, word), place.begin, place.length, changed);
    }
    for (std::size_t at = 0; at < end_of_code(line); ++at)
      if (!is_of_word(line[at]) && line[at] != ' ') add(i, fmt::format("without `{}` at {}", line[at], at + 1), at, 1, "");
  }

  // To another digit or letter of the same case.
  void change(char& c) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) c = static_cast<char>('0' + (c - '0' + 1 + static_cast<int>(random_.below(9))) % 10);
    else if (std::islower(static_cast<unsigned char>(c)) != 0) c = static_cast<char>('a' + (c - 'a' + 1 + static_cast<int>(random_.below(25))) % 26);
    else c = static_cast<char>('A' + (c - 'A' + 26 + static_cast<int>(random_.below(25)) + 1) % 26);
  }

  void add(std::size_t i, const std::string& what, std::size_t at, std::size_t length, std::string_view instead) {
    std::string edited = text_;
    edited.replace(begin_ + at, length, instead);
    if (seen_.insert(edited).second) edits_.push_back({fmt::format("line {} {}: {}", i + 1, what, lines_[i]), std::move(edited)});
  }

  const std::string& text_;
  std::vector<std::string> lines_, words_;
  Random random_;
  std::size_t begin_ = 0;  // of the line
  std::set<std::string> seen_;
  std::vector<Edit> edits_;
};

}  // namespace

bool is_comment(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return true;
  const std::string_view code = std::string_view(line).substr(first);
  if (code.front() == '#') return code.size() == 1 || std::isalpha(static_cast<unsigned char>(code[1])) == 0;  // else C's, or an include
  return code.front() == ';' || code.front() == '*' || code.starts_with("/*") || code.starts_with("//");
}

std::vector<Edit> edits_of(const std::string& text, std::uint64_t seed) { return Editor(text, seed).run(); }

}  // namespace polc::property
