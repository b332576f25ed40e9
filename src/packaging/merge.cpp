#include "packaging/merge.hpp"

#include <algorithm>
#include <cctype>

#include "support/lines.hpp"

namespace polc::packaging {
namespace {

using Words = std::vector<std::string>;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(take_line(text));
  return lines;
}

Words words_of(std::string_view text, std::string_view between = " \t\r") {
  Words words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(between);
    if (begin == text.npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(between), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

void add_line(std::string& text, std::string_view line) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += line;
  text += '\n';
}

bool has_line(std::string_view text, const Words& wanted) {
  const auto lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return words_of(line) == wanted; });
}

std::string_view name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// /usr/lib/x/ and usr/lib/x are one directory to dh_install.
std::string_view directory_of(std::string_view word) {
  while (word.starts_with('/')) word.remove_prefix(1);
  while (word.ends_with('/')) word.remove_suffix(1);
  return word;
}

// What a line that is there has to do with a wanted one. True: it says the same.
bool compare_install(const std::string& line, const Words& wanted, Merged& merged) {
  const Words words = words_of(line);
  if (words.size() < 2 || words.front().starts_with('#')) return false;
  const bool is_same_place = directory_of(words.back()) == directory_of(wanted.back());
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool is_same_file = words[i] == wanted.front();
    if (is_same_file && is_same_place) return true;
    if (is_same_file) merged.kept.push_back(line);
    else if (is_same_place && name_in(words[i]) == name_in(wanted.front())) merged.clash.push_back(line);
  }
  return false;
}

bool is_same_field(std::string_view a, std::string_view b) {
  const auto is_same = [](unsigned char c, unsigned char d) { return std::tolower(c) == std::tolower(d); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same);
}

// The value of a field of a paragraph, continued lines included. Names of fields have no case.
std::string field_of(const std::vector<std::string>& paragraph, std::string_view name) {
  std::string value;
  bool is_in_it = false;
  for (const std::string& line : paragraph) {
    if (line.starts_with('#')) continue;
    const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
    const std::size_t colon = goes_on ? 0 : std::min(line.find(':'), line.size());
    if (!goes_on) is_in_it = is_same_field(std::string_view(line).substr(0, colon), name);
    if (is_in_it) value += ' ' + line.substr(std::min(colon + 1, line.size()));
  }
  return value;
}

std::vector<std::vector<std::string>> paragraphs_of(std::string_view text) {
  std::vector<std::vector<std::string>> paragraphs(1);
  for (std::string& line : lines_of(text)) {
    if (words_of(line).empty()) paragraphs.emplace_back();
    else paragraphs.back().push_back(std::move(line));
  }
  std::erase_if(paragraphs, [](const auto& paragraph) { return paragraph.empty(); });
  return paragraphs;
}

}  // namespace

Merged with_lines(std::string there, std::string_view wanted) {
  Merged merged{std::move(there), {}, {}};
  for (const std::string& line : lines_of(wanted))
    if (!has_line(merged.text, words_of(line))) add_line(merged.text, line);
  return merged;
}

Merged with_install_lines(std::string there, std::string_view wanted) {
  Merged merged{std::move(there), {}, {}};
  const auto lines = lines_of(merged.text);
  // dh-exec's files are of lines, too; of another program nobody knows what a line would do.
  if (!lines.empty() && lines.front().starts_with("#!") && lines.front().find("dh-exec") == std::string::npos)
    merged.clash.push_back(lines.front());
  for (const std::string& one : lines_of(wanted)) {
    const Words words = words_of(one);
    bool is_there = false;
    for (const std::string& line : lines) is_there |= compare_install(line, words, merged);
    if (!is_there) add_line(merged.text, one);
  }
  return merged;
}

Merged with_test(std::string there, std::string_view wanted) {
  const auto own = paragraphs_of(wanted).front();
  const std::string name = words_of(field_of(own, "Tests")).front();
  for (const auto& paragraph : paragraphs_of(there)) {
    const Words tests = words_of(field_of(paragraph, "Tests"), " \t\r,");
    if (std::find(tests.begin(), tests.end(), name) == tests.end()) continue;
    Merged merged{std::move(there), {}, {}};
    if (paragraph != own) merged.kept.push_back("Tests: " + name);
    return merged;
  }
  Merged merged{std::move(there), {}, {}};
  if (!merged.text.empty()) add_line(merged.text, "");
  merged.text += wanted;
  return merged;
}

std::string first_package(std::string_view control) {
  for (const auto& paragraph : paragraphs_of(control)) {
    const Words value = words_of(field_of(paragraph, "Package"));
    if (!value.empty()) return value.front();
  }
  return "";
}

}  // namespace polc::packaging
