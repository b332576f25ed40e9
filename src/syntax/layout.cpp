#include "syntax/layout.hpp"

#include <algorithm>
#include <vector>

#include "support/check.hpp"
#include "syntax/pieces.hpp"

namespace polc::syntax {
namespace {

constexpr std::size_t widest = 120;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

// Braces in these are sets; in all others a block.
bool holds_sets(std::string_view opener) { return opener == "let" || opener == "allow" || opener == "deny" || opener == "use"; }
Surroundings surroundings_of(std::string_view opener) { return {false, opener == "use" || opener == "abstraction"}; }

// `deny` is as wide as `allow`, so that what they name stands in one column.
std::string_view gap_behind(std::string_view word, bool is_opener) { return is_opener && word == "deny" ? "  " : " "; }

struct Line {
  std::string text;
  std::string comment;     // behind it
  std::size_t equals = 0;  // where a `let` has its `=`
};

class Layout {
 public:
  explicit Layout(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::string run() {
    while (at_ < pieces_.size()) {
      if (pieces_[at_].is_comment) comment();
      else if (pieces_[at_].text == "}") close();
      else statement();
    }
    return text();
  }

 private:
  const Piece& here() const { return pieces_[at_]; }
  bool at_comment() const { return at_ < pieces_.size() && here().is_comment; }
  std::string indentation() const { return std::string(2 * depth_, ' '); }

  void begin_line() {
    if (here().lines_before >= 2 && !lines_.empty() && !is_block_fresh_) lines_.push_back({});
    lines_.push_back({indentation(), {}});
    is_block_fresh_ = false;
  }

  void comment() {
    const bool follows = here().lines_before == 0 && !lines_.empty() && lines_.back().comment.empty() && !lines_.back().text.empty();
    if (follows) {
      lines_.back().comment = here().text;
    } else {
      begin_line();
      lines_.back().text += here().text;
    }
    ++at_;
  }

  void close() {
    if (depth_ > 0) --depth_;
    is_block_fresh_ = false;
    lines_.push_back({indentation() + "}", {}});
    ++at_;
    if (at_ < pieces_.size() && here().text == "else") {
      lines_.back().text += ' ';
      words();
    }
  }

  void statement() {
    begin_line();
    annotations();
    if (at_ < pieces_.size()) words();
  }

  // Each stays in the line in which its author has it.
  void annotations() {
    while (at_ < pieces_.size() && here().text == "@") {
      std::string text;
      const Piece* before = nullptr;
      for (unsigned open = 0; at_ < pieces_.size() && !here().is_comment;) {
        const Piece& piece = pieces_[at_++];
        if (before != nullptr && is_apart(before->text, piece.text, {.in_annotation = true})) text += ' ';
        text += piece.text;
        before = &piece;
        if (piece.text == "(") ++open;
        if (piece.text == ")" && --open == 0) break;
      }
      lines_.back().text += text;
      while (at_comment()) comment();
      if (at_ == pieces_.size()) return;
      if (here().lines_before > 0 || !lines_.back().comment.empty() || (here().text != "@" && needs_own_line())) lines_.push_back({indentation(), {}});
      else lines_.back().text += ' ';
    }
  }

  // Words as far as the `;`, or the brace that opens or closes a block.
  void words() {
    const bool braces_are_sets = holds_sets(here().text), is_let = here().text == "let" && lines_.back().text == indentation();
    const std::size_t first = at_;
    const Surroundings where = surroundings_of(here().text);
    std::string chunk;  // as far as the next place where the line may break
    const Piece* before = nullptr;
    while (at_ < pieces_.size()) {
      if (here().is_comment) {
        flush(chunk);
        comment();
        if (at_ < pieces_.size() && !here().is_comment) continuation();
        before = nullptr;
        continue;
      }
      const Piece& piece = pieces_[at_++];
      const bool opens_word = piece.text == "and" || piece.text == "or" || piece.text == "where";
      const bool apart = before != nullptr && is_apart(before->text, piece.text, where);
      const bool breaks_well = before != nullptr && (before->text == "," || opens_word);
      if (breaks_well) flush(chunk);
      if (breaks_well && piece.lines_before > 0) continuation();
      if (apart && !chunk.empty()) chunk += gap_behind(before->text, before == &pieces_[first]);
      if (is_let && piece.text == "=") lines_.back().equals = width_of(lines_.back().text) + width_of(chunk);
      chunk += piece.text;
      before = &piece;
      if (piece.text == ";") break;
      if (piece.text == "{" && !braces_are_sets) {
        flush(chunk);
        open();
        return;
      }
    }
    flush(chunk);
  }

  void continuation() { lines_.push_back({indentation() + "    ", {}}); }

  void flush(std::string& chunk) {
    if (chunk.empty()) return;
    std::string& line = lines_.back().text;
    const bool at_start = line.find_first_not_of(' ') == line.npos;
    const bool glued = at_start || line.back() == ' ';
    if (!at_start && width_of(line) + width_of(chunk) + (glued ? 0 : 1) > widest) {
      while (line.back() == ' ') line.pop_back();
      continuation();
      lines_.back().text += chunk;
    } else {
      lines_.back().text += (glued ? "" : " ") + chunk;
    }
    chunk.clear();
  }

  // Behind the `{`, which stands in the line.
  void open() {
    if (at_ < pieces_.size() && here().text == "}") {
      lines_.back().text += " }";
      ++at_;
      return;
    }
    if (const std::size_t end = end_of_short_block(); end != 0) {
      const std::string inside = one_line(end);
      if (width_of(lines_.back().text) + width_of(inside) + 3 <= widest) {
        lines_.back().text += " " + inside + " }";
        at_ = end + 1;
        return;
      }
    }
    ++depth_;
    is_block_fresh_ = true;
    if (at_comment() && here().lines_before == 0) comment(), is_block_fresh_ = true;
  }

  // The place of the `}` of a block that its author wrote in one line, without another block inside; 0: it is not one.
  std::size_t end_of_short_block() const {
    std::string_view opener = here().text;
    unsigned sets = 0;
    for (std::size_t i = at_; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (piece.is_comment || piece.lines_before > 0 || piece.text == "@") return 0;
      if (piece.text == "{" && !holds_sets(opener)) return 0;
      if (piece.text == "{") ++sets;
      if (piece.text == "}" && sets-- == 0) return i;
      if (piece.text == ";" && i + 1 < pieces_.size()) opener = pieces_[i + 1].text;
    }
    return 0;
  }

  std::string one_line(std::size_t end) const {
    std::string text;
    Surroundings where = surroundings_of(here().text);
    for (std::size_t i = at_; i < end; ++i) {
      if (i > at_ && pieces_[i - 1].text == ";") where = surroundings_of(pieces_[i].text);
      if (i > at_ && is_apart(pieces_[i - 1].text, pieces_[i].text, where)) text += ' ';
      text += pieces_[i].text;
    }
    return text;
  }

  // What follows the annotations has no room beside them.
  bool needs_own_line() const {
    std::size_t end = at_;
    while (end < pieces_.size() && pieces_[end].text != ";" && !pieces_[end].is_comment) ++end;
    return width_of(lines_.back().text) + width_of(one_line(end)) + 2 > widest;
  }

  // So do the `=` of neighbouring definitions.
  void align_definitions() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      std::size_t end = i, column = 0;
      for (; end < lines_.size() && lines_[end].equals != 0; ++end) column = std::max(column, lines_[end].equals);
      for (; i < end; ++i) lines_[i].text.insert(lines_[i].equals, column - lines_[i].equals, ' ');
    }
  }

  // Comments behind neighbouring lines stand below each other.
  std::string text() {
    align_definitions();
    std::string result;
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t end = i, column = 0;
      for (; end < lines_.size() && !lines_[end].comment.empty(); ++end) column = std::max(column, width_of(lines_[end].text));
      for (; i < end; ++i) result += lines_[i].text + std::string(column - width_of(lines_[i].text) + 2, ' ') + lines_[i].comment + '\n';
      if (i == lines_.size()) break;
      std::string line = lines_[i++].text;
      while (!line.empty() && line.back() == ' ') line.pop_back();
      result += line + '\n';
    }
    return result;
  }

  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool is_block_fresh_ = false;  // nothing stands in the block yet
  std::vector<Line> lines_;
};

}  // namespace

std::string laid_out(std::string_view text) {
  const std::vector<Piece> before = pieces_of(text);
  std::string result = Layout(before).run();
  const std::vector<Piece> after = pieces_of(result);
  POLC_CHECK(std::equal(before.begin(), before.end(), after.begin(), after.end(),
                        [](const Piece& a, const Piece& b) { return a.text == b.text && a.is_comment == b.is_comment; }),
             "the layout keeps every word and comment");
  return result;
}

}  // namespace polc::syntax
