#include "diag/source.hpp"

#include <algorithm>

#include "diag/display.hpp"
#include "support/check.hpp"

namespace polc::diag {
namespace {

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::vector<std::uint32_t> line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    starts.push_back(static_cast<std::uint32_t>(at + 1));
  return starts;
}

}  // namespace

SourceId SourceMap::add(std::string name, std::string text, std::string short_name) {
  const auto id = static_cast<std::uint32_t>(files_.size());
  auto lines = line_starts(text);
  if (short_name.empty()) short_name = name;
  files_.push_back({std::move(name), std::move(short_name), std::move(text), std::move(lines)});
  return SourceId{id};
}

SourceMap SourceMap::for_artefacts() const {
  SourceMap result = *this;
  // Printable: a line feed in a file's name would end the comment that names it.
  for (File& file : result.files_) file.name = printable(file.short_name);
  return result;
}

const std::string& SourceMap::name_of(SourceId file) const {
  POLC_CHECK(file.value < files_.size(), "a source id comes from the map that it is asked of");
  return files_[file.value].name;
}

std::string_view SourceMap::text_of(SourceId file) const {
  POLC_CHECK(file.value < files_.size(), "a source id comes from the map that it is asked of");
  return files_[file.value].text;
}

std::string_view SourceMap::text_of(SourceRange range) const {
  const auto text = text_of(range.file);
  const auto begin = std::min<std::size_t>(range.begin, text.size());
  const auto end = std::clamp<std::size_t>(range.end, begin, text.size());
  return text.substr(begin, end - begin);
}

std::uint32_t SourceMap::line_start(SourceId file, std::uint32_t offset) const {
  POLC_CHECK(file.value < files_.size(), "a source id comes from the map that it is asked of");
  const auto& lines = files_[file.value].lines;  // never empty: the first line starts at 0
  return *std::prev(std::upper_bound(lines.begin(), lines.end(), offset));
}

Position SourceMap::position_of(SourceId file, std::uint32_t offset) const {
  const auto text = text_of(file);
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  const auto start = line_start(file, offset);
  const auto& lines = files_[file.value].lines;
  const auto line = std::upper_bound(lines.begin(), lines.end(), offset) - lines.begin();
  const auto before = text.substr(start, offset - start);
  const auto characters = std::count_if(before.begin(), before.end(), starts_character);
  return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(characters + 1)};
}

std::string_view SourceMap::line_at(SourceId file, std::uint32_t offset) const {
  const auto text = text_of(file);
  const auto start = line_start(file, std::min(offset, static_cast<std::uint32_t>(text.size())));
  auto line = text.substr(start, text.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string place_of(const SourceMap& sources, SourceRange range) {
  const auto [line, column] = sources.position_of(range.file, range.begin);
  return sources.name_of(range.file) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace polc::diag
