// Format `h`: rows `{"/path", FILE, DIR},` of paths, `{LOW, HIGH, RIGHTS},` of ports, and `ABI, FILES, NET, SCOPED,`.
// The code around them decides whether and how they are enforced: it is compared by its letters, line by line in order,
// and not followed.
#include <fmt/format.h>

#include <charconv>
#include <variant>
#include <vector>

#include "landlock/read.hpp"

#include "support/lines.hpp"

namespace polc::landlock {
namespace {

using Cell = std::variant<std::string, std::uint64_t>;

/// The strings and numbers of a line that has nothing else between commas, with or without braces. nullopt: it has.
class Cells {
 public:
  explicit Cells(std::string_view line) : rest_(line) {}

  std::optional<std::vector<Cell>> run() {
    skip();
    const bool is_row = take('{');
    std::vector<Cell> cells;
    while (true) {
      skip();
      const auto cell = rest_.starts_with('"') ? string() : number();
      if (!cell) return std::nullopt;
      cells.push_back(*cell);
      skip();
      if (!take(',')) break;
      skip();
      if (!is_row && rest_.empty()) return cells;
    }
    if (!is_row || !take('}') || !take(',')) return std::nullopt;
    skip();
    return rest_.empty() ? std::optional(cells) : std::nullopt;
  }

 private:
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size())); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<Cell> number() {
    const int base = rest_.starts_with("0x") ? 16 : 10;
    if (base == 16) rest_.remove_prefix(2);
    else if (rest_.size() > 1 && rest_[0] == '0' && rest_[1] >= '0' && rest_[1] <= '9')
      return std::nullopt;  // octal: not polc's
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value, base);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (rest_.starts_with("ull")) rest_.remove_prefix(3);
    return value;
  }

  std::optional<Cell> string() {
    std::string out;
    for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"';) {
      if (rest_.front() != '\\') {
        out += rest_.front();
        rest_.remove_prefix(1);
        continue;
      }
      const std::string_view digits = rest_.substr(1, 3);
      unsigned byte = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 8);
      if (digits.size() != 3 || error != std::errc{} || end != digits.data() + 3 || byte > 0xFF) return std::nullopt;
      out += static_cast<char>(byte);
      rest_.remove_prefix(4);
    }
    return take('"') ? std::optional<Cell>(std::move(out)) : std::nullopt;
  }

  std::string_view rest_;
};

class HeaderReader {
 public:
  DocumentResult run(std::string_view text) {
    while (!text.empty() && error_.empty()) {
      ++line_;
      one(take_line(text));
    }
    if (error_.empty() && document_.rules.abi == 0) line_ = 0, fail("no line `ABI, FILES, NET, SCOPED,`");
    for (const PathRule& rule : document_.rules.paths)
      check(rule.file | rule.dir, document_.rules.handled.files, rule.line);
    for (const PortRule& rule : document_.rules.ports) check(rule.rights, document_.rules.handled.net, rule.line);
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    return std::move(document_);
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  // Comments that begin a line are polc's only ones around rows; what stands behind code is compared with it.
  void one(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return;
    line = line.substr(first, line.find_last_not_of(" \t\r") + 1 - first);
    if (is_comment_) return void(is_comment_ = line.find("*/") == std::string_view::npos);
    if (line.starts_with("/*")) {
      const auto end = line.find("*/", 2);
      is_comment_ = end == std::string_view::npos;
      if (is_comment_ || end + 2 == line.size()) return;
    }
    const auto cells = Cells(line).run();
    if (cells && row(*cells)) return;
    document_.directives.insert({fmt::format("line {} of code: {}", document_.directives.size() + 1, line), {}, line_});
  }

  bool row(const std::vector<Cell>& cells) {
    const auto number = [&](std::size_t i) { return std::get_if<std::uint64_t>(&cells[i]); };
    if (cells.size() == 4 && number(0) != nullptr && number(1) != nullptr && number(2) != nullptr &&
        number(3) != nullptr)
      return handled(*number(0), {*number(1), *number(2), *number(3)});
    if (cells.size() != 3 || number(1) == nullptr || number(2) == nullptr) return false;
    if (const auto* path = std::get_if<std::string>(&cells[0])) return add_path(*path, *number(1), *number(2));
    if (*number(0) == 0 && *number(1) == 0 && *number(2) == 0) return false;  // the end of a table
    return add_ports(*number(0), *number(1), *number(2));
  }

  bool handled(std::uint64_t abi, Handled handled) {
    if (document_.rules.abi != 0) fail("a second line of what is handled");
    if (abi == 0 || abi > knowledge::newest_landlock_abi) fail(fmt::format("ABI {} is not known", abi));
    document_.rules.abi = static_cast<unsigned>(abi);
    document_.rules.handled = handled;
    document_.rules.line = line_;
    const auto is_known = [&](std::span<const knowledge::LandlockRight> known, Rights rights) {
      return (rights & ~knowledge::known_by(known, document_.rules.abi)) == 0;
    };
    if (!is_known(knowledge::landlock_file_rights(), handled.files) ||
        !is_known(knowledge::landlock_net_rights(), handled.net) ||
        !is_known(knowledge::landlock_scopes(), handled.scoped))
      fail("a right that its ABI has not");
    return true;
  }

  bool add_path(const std::string& path, Rights file, Rights dir) {
    auto walked = walked_path(path);
    if (!walked) fail("no absolute path without `..`");
    else document_.rules.paths.push_back({std::move(*walked), file, dir, false, line_});
    if ((file & ~right::on_files) != 0) fail("a right of directories on what is no directory");
    return true;
  }

  bool add_ports(std::uint64_t low, std::uint64_t high, Rights rights) {
    if (low > high || high > 65535) fail("no range of ports");
    else
      document_.rules.ports.push_back(
          {{{static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)}}, rights, line_});
    return true;
  }

  void check(Rights granted, Rights handled, unsigned line) {
    if (granted != 0 && (granted & ~handled) == 0) return;
    if (error_.empty()) line_ = line;
    fail(granted == 0 ? "a rule that grants nothing" : "a right that is not handled");
  }

  Document document_;
  unsigned line_ = 0;
  bool is_comment_ = false;
  std::string error_;
};

}  // namespace

DocumentResult document_from_header(std::string_view text) { return HeaderReader().run(text); }

}  // namespace polc::landlock
