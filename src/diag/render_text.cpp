#include <algorithm>
#include <map>

#include "diag/display.hpp"
#include "diag/render.hpp"

namespace polc::diag {
namespace {

constexpr std::size_t shown_per_file = 20;
constexpr std::size_t widest = 120;      // columns of a source line; a longer one is cut around its mark
constexpr std::size_t before_mark = 60;  // of these stand before the mark, if the line was cut there
constexpr std::string_view cut = "...";

// Select Graphic Rendition; empty strings without colour.
struct Style {
  std::string_view place, error, warning, info, note, mark, off;
};
constexpr Style plain{};
constexpr Style coloured{"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;34m", "\033[1;36m", "\033[1;32m", "\033[0m"};

std::string_view style_of(Severity severity, const Style& style) {
  switch (severity) {
    case Severity::error: return style.error;
    case Severity::warning: return style.warning;
    case Severity::info: return style.info;
  }
  return style.error;
}

std::string_view word_of(NoteKind kind) {
  return kind == NoteKind::help || kind == NoteKind::usage ? name_of(kind) : "note";
}

// A source line as it is printed, and where its bytes are on the terminal.
class Line {
 public:
  Line(const SourceMap& sources, SourceRange range) {
    const auto text = sources.line_at(range.file, range.begin);
    start_ = sources.line_start(range.file, range.begin);
    const auto mark = std::min<std::size_t>(range.begin - start_, text.size());
    auto [from, to] = near(text, mark);
    cells_ = cells_of(text.substr(from, to - from), from);
    cut_left_ = from > 0;
    cut_right_ = to < text.size();
    fit(mark);
  }

  std::string text() const {
    std::string text(cut_left_ ? cut : "");
    for (const auto& cell : cells_) text += cell.text;
    return text += cut_right_ ? cut : "";
  }
  bool holds(std::uint32_t offset) const { return offset >= start_ && offset - start_ <= end(); }
  /// Columns before the byte at `offset` of the file.
  std::size_t column_of(std::uint32_t offset) const {
    const auto byte = offset > start_ ? offset - start_ : 0;
    const auto cell = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.end > byte; });
    const auto shift = cut_left_ ? cut.size() : 0;
    if (cell != cells_.end()) return shift + cell->column - first_column();
    return shift + (cells_.empty() ? 0 : cells_.back().column + cells_.back().width - first_column());
  }

 private:
  std::size_t end() const { return cells_.empty() ? 0 : cells_.back().end; }
  std::size_t first_column() const { return cells_.empty() ? 0 : cells_.front().column; }

  // A line may have megabytes: only the bytes that can be seen are looked at.
  static std::pair<std::size_t, std::size_t> near(std::string_view text, std::size_t mark) {
    constexpr std::size_t reach = 4 * widest;  // a character has four bytes at most
    const auto inside = [&](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    auto from = mark > reach ? mark - reach : 0;
    for (int i = 0; i < 3 && inside(from); ++i) ++from;
    auto to = std::min(text.size(), mark + reach);
    for (int i = 0; i < 3 && inside(to); ++i) ++to;
    return {from, to};
  }

  // Drops cells at both ends until what is left fits and shows the mark.
  void fit(std::size_t mark) {
    const auto right_end = [&] { return cells_.back().column + cells_.back().width; };
    if (cells_.empty() || right_end() - first_column() <= widest) return;
    const auto marked = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.end > mark; });
    const auto column = marked == cells_.end() ? right_end() : marked->column;
    const auto last_start = right_end() - first_column() > widest ? right_end() - widest : first_column();
    const auto wanted = std::min(column > before_mark ? column - before_mark : 0, last_start);
    const auto first = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.column >= wanted; });
    cut_left_ = cut_left_ || first != cells_.begin();
    cells_.erase(cells_.begin(), first);
    while (right_end() - first_column() > widest) {
      cells_.pop_back();
      cut_right_ = true;
    }
  }

  std::uint32_t start_ = 0;  // offset of the line in its file
  std::vector<Cell> cells_;
  bool cut_left_ = false;
  bool cut_right_ = false;
};

std::string gutter(std::string_view number) {
  constexpr std::size_t width = 5;
  return std::string(number.size() < width ? width - number.size() : 0, ' ') + std::string(number) + " | ";
}

// What to write under the mark: the replacement, or a row of dashes under what is to go.
std::string fix_line(const Line& line, const std::vector<FixIt>& fixes) {
  std::string text;
  for (const auto& fix : fixes) {
    if (!line.holds(fix.range.begin)) continue;
    const auto column = line.column_of(fix.range.begin);
    if (column < text.size()) continue;  // would overlap; JSON has them all
    text.resize(column, ' ');
    const auto written = fix.text.substr(0, fix.text.find('\n'));
    text += fix.text.empty() ? std::string(std::max(line.column_of(fix.range.end), column + 1) - column, '-')
                             : printable(written);
  }
  return text;
}

void add_source(std::string& out, const SourceMap& sources, SourceRange range, const std::vector<FixIt>& fixes,
                const Style& style) {
  const Line line(sources, range);
  const auto number = std::to_string(sources.position_of(range.file, range.begin).line);
  const auto text = line.text();
  out += gutter(number) + text + "\n";

  const auto column = line.column_of(range.begin);
  const auto end = line.holds(range.end) ? line.column_of(range.end) : line.column_of(static_cast<std::uint32_t>(-1));
  const auto tail = end > column + 1 ? end - column - 1 : 0;
  out += gutter("") + std::string(column, ' ') + std::string(style.mark) + "^" + std::string(tail, '~') +
         std::string(style.off) + "\n";
  if (const auto fixed = fix_line(line, fixes); !fixed.empty())
    out += gutter("") + std::string(style.mark) + fixed + std::string(style.off) + "\n";
}

void add_head(std::string& out, const SourceMap& sources, const SourceRange* range, std::string_view colour,
              std::string_view word, std::string_view message, const Style& style) {
  if (range != nullptr)
    out += std::string(style.place) + printable(place_of(sources, *range)) + ":" + std::string(style.off) + " ";
  out += std::string(colour) + std::string(word) + ":" + std::string(style.off) + " " + printable(message);
}

void add_diagnostic(std::string& out, const SourceMap& sources, const Diagnostic& diagnostic, const Style& style) {
  const auto* place = diagnostic.located ? &diagnostic.range : nullptr;
  add_head(out, sources, place, style_of(diagnostic.severity, style), name_of(diagnostic.severity), diagnostic.message,
           style);
  out += " [" + std::string(diagnostic.id) + "]\n";
  if (place != nullptr) add_source(out, sources, *place, diagnostic.fixes, style);
  for (const auto& note : diagnostic.notes) {
    add_head(out, sources, note.located ? &note.range : nullptr, style.note, word_of(note.kind), note.text, style);
    out += "\n";
    // The line was just shown when the note is about the same words.
    if (note.located && note.range != diagnostic.range) add_source(out, sources, note.range, {}, style);
  }
}

}  // namespace

std::string render_text(const SourceMap& sources, std::span<const Diagnostic> diagnostics, bool colour) {
  const auto& style = colour ? coloured : plain;
  std::string out;
  std::map<SourceId, std::size_t> errors;
  for (const auto& diagnostic : diagnostics) {
    const bool counted = diagnostic.located && diagnostic.severity == Severity::error;
    if (counted && ++errors[diagnostic.range.file] > shown_per_file) continue;
    add_diagnostic(out, sources, diagnostic, style);
  }
  for (const auto& [file, count] : errors) {
    if (count <= shown_per_file) continue;
    const auto more = count - shown_per_file;
    out += printable(sources.name_of(file)) + ": ... and " + std::to_string(more) +
           (more == 1 ? " more error\n" : " more errors\n");
  }
  return out;
}

}  // namespace polc::diag
