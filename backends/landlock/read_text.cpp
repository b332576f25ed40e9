// Format `text`: `landlock 1 NAME abi=N`, `handled fs=.. net=.. scoped=..`, `path F / D "P"`, `port RIGHT,.. PORTS`,
// comments.
#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "landlock/read.hpp"

#include "support/lines.hpp"

namespace polc::landlock {
namespace {

using Rows = std::span<const knowledge::LandlockRight>;

class TextReader {
 public:
  DocumentResult run(std::string_view text) {
    while (!text.empty() && error_.empty()) {
      ++line_;
      one(take_line(text));
    }
    if (error_.empty() && rules().line == 0) line_ = 0, fail("no line `handled`");
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    return std::move(document_);
  }

 private:
  Ruleset& rules() { return document_.rules; }
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  void one(std::string_view line) {
    if (line.empty() || line.front() == '#') return;
    rest_ = line;
    const std::string_view word = next();
    if (word == "landlock") return first();
    if (rules().abi == 0) return fail("the first line is not `landlock 1 NAME abi=N`");
    if (word == "handled") return handled();
    if (word == "path") return path();
    if (word == "port") return port();
    fail(fmt::format("`{}` begins no line of Landlock rules", word));
  }

  std::string_view next() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return word;
  }

  void first() {
    if (rules().abi != 0) return fail("a second first line");
    if (next() != "1") return fail("not version 1 of this format");
    next();  // the policy's name
    const auto abi = number_after("abi=", next(), knowledge::newest_landlock_abi);
    if (!abi || *abi == 0 || !rest_.empty()) return fail("no `abi=N` at the end of the first line");
    rules().abi = *abi;
  }

  static std::optional<unsigned> number_after(std::string_view prefix, std::string_view word, unsigned largest) {
    if (!word.starts_with(prefix)) return std::nullopt;
    word.remove_prefix(prefix.size());
    unsigned value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value > largest) return std::nullopt;
    return value;
  }

  Rights rights(Rows known, std::string_view names) {
    Rights rights = 0;
    if (names == "-") return 0;
    while (error_.empty()) {
      const std::size_t end = std::min(names.find(','), names.size());
      const auto right = knowledge::find_landlock_right(known, names.substr(0, end));
      if (!right) fail(fmt::format("`{}` is no right here", names.substr(0, end)));
      else rights |= *right;
      if (end == names.size()) break;
      names.remove_prefix(end + 1);
    }
    return rights;
  }

  Rights field(std::string_view key, Rows known) {
    const std::string_view word = next();
    if (!word.starts_with(key)) {
      fail(fmt::format("`{}` is missing", key));
      return 0;
    }
    const Rights found = rights(known, word.substr(key.size()));
    if ((found & ~knowledge::known_by(known, rules().abi)) != 0)
      fail(fmt::format("a right that ABI {} has not", rules().abi));
    return found;
  }

  void handled() {
    if (rules().line != 0) return fail("a second line `handled`");
    rules().line = line_;
    rules().handled.files = field("fs=", knowledge::landlock_file_rights());
    rules().handled.net = field("net=", knowledge::landlock_net_rights());
    rules().handled.scoped = field("scoped=", knowledge::landlock_scopes());
    if (!rest_.empty()) fail("something after `scoped`");
  }

  void path() {
    PathRule rule;
    rule.line = line_;
    rule.file = rights(knowledge::landlock_file_rights(), next());
    if (next() != "/") fail("no `/` between the rights on a file and those on a directory");
    rule.dir = rights(knowledge::landlock_file_rights(), next());
    const auto path = unquoted(rest_);
    const auto walked = path ? walked_path(*path) : std::nullopt;
    if (!walked) return fail("no absolute path in quotes at the end, without `..`");
    if ((rule.file & ~right::on_files) != 0) fail("a right of directories on what is no directory");
    check(rule.file | rule.dir, rules().handled.files);
    rule.path = *walked;
    rules().paths.push_back(std::move(rule));
  }

  // The kernel refuses such a rule set as a whole.
  void check(Rights granted, Rights handled) {
    if (rules().line == 0) fail("a rule before the line `handled`");
    else if (granted == 0) fail("a rule that grants nothing");
    else if ((granted & ~handled) != 0) fail("a right that is not handled");
  }

  static std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    text = text.substr(1, text.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') return std::nullopt;
      if (text[i] != '%') {
        out += text[i];
        continue;
      }
      unsigned byte = 0;
      const auto digits = text.substr(i + 1, 2);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
      out += static_cast<char>(byte);
      i += 2;
    }
    return out;
  }

  void port() {
    PortRule rule;
    rule.line = line_;
    rule.rights = rights(knowledge::landlock_net_rights(), next());
    check(rule.rights, rules().handled.net);
    while (error_.empty()) {
      const std::size_t comma = std::min(rest_.find(','), rest_.size());
      const std::string_view range = rest_.substr(0, comma);
      const std::size_t dash = std::min(range.find('-'), range.size());
      const auto low = number_after("", range.substr(0, dash), 65535);
      const auto high = dash == range.size() ? low : number_after("", range.substr(dash + 1), 65535);
      if (!low || !high || *low > *high) return fail(fmt::format("`{}` is no port or range of ports", range));
      rule.ports.push_back({static_cast<std::uint16_t>(*low), static_cast<std::uint16_t>(*high)});
      if (comma == rest_.size()) break;
      rest_.remove_prefix(comma + 1);
    }
    rules().ports.push_back(std::move(rule));
  }

  Document document_;
  std::string_view rest_;  // of the line
  unsigned line_ = 0;
  std::string error_;
};

}  // namespace

DocumentResult document_from_text(std::string_view text) { return TextReader().run(text); }

}  // namespace polc::landlock
