// Where text comes from. A SourceRange is bytes of one file; lines and columns are worked out only for printing.
//   SourceId id = sources.add("tor.pol", text);   sources.position_of(range.file, range.begin).line
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/strong_id.hpp"

namespace polc::diag {

struct SourceTag;
using SourceId = StrongId<SourceTag>;

/// Half-open: bytes begin..end-1 of the file. An empty range marks the place before `begin`.
struct SourceRange {
  SourceId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  auto operator<=>(const SourceRange&) const = default;
};

/// From the start of `first` to the end of `last`.
constexpr SourceRange joined(SourceRange first, SourceRange last) { return {first.file, first.begin, last.end}; }

/// 1-based; a column counts characters (code points), so that editors agree; a tab is one.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceMap {
 public:
  /// `name` is what messages call the file. Artefacts call it `short_name`, where that is another one.
  SourceId add(std::string name, std::string text, std::string short_name = "");
  /// The same files by their short names, for emitters: what an artefact says does not depend on where it was made.
  SourceMap for_artefacts() const;
  const std::string& name_of(SourceId file) const;
  std::string_view text_of(SourceId file) const;
  std::string_view text_of(SourceRange range) const;
  Position position_of(SourceId file, std::uint32_t offset) const;
  /// The line that holds `offset`, without its line end.
  std::string_view line_at(SourceId file, std::uint32_t offset) const;
  /// The byte offset at which that line starts.
  std::uint32_t line_start(SourceId file, std::uint32_t offset) const;
  std::size_t size() const { return files_.size(); }

 private:
  struct File {
    std::string name;
    std::string short_name;
    std::string text;
    std::vector<std::uint32_t> lines;  // where each line starts
  };
  std::vector<File> files_;
};

/// "tor.pol:12:3" for messages and artefact comments.
std::string place_of(const SourceMap& sources, SourceRange range);

}  // namespace polc::diag
