// Lines, headers and comments.
#include <cctype>
#include <map>

#include "knowledge/calls.hpp"
#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {
namespace {

constexpr std::size_t longest_line = 2046;

using Failure = tl::unexpected<target::ReadError>;

bool starts_alike(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[i])) != std::tolower(static_cast<unsigned char>(prefix[i])))
      return false;
  return true;
}

// The quotes are counted without regard to backslashes, as systrace counts them.
std::string_view without_comment(std::string_view line) {
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') inside = !inside;
    if (line[i] == '#' && !inside && (i == 0 || line[i - 1] != '-')) return line.substr(0, i);
  }
  return line;
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.remove_suffix(1);
  return line;
}

/// # user "_tor" is 1001
std::optional<AccountNote> account_note(std::string_view line) {
  AccountNote note;
  for (const bool user : {true, false}) {
    const std::string_view begin = user ? "# user \"" : "# group \"";
    if (line.substr(0, begin.size()) != begin) continue;
    const std::size_t close = line.find("\" is ", begin.size());
    if (close == std::string_view::npos) return std::nullopt;
    note.user = user;
    note.name = line.substr(begin.size(), close - begin.size());
    std::uint64_t id = 0;
    const std::string_view digits = line.substr(close + 5);
    if (digits.empty() || digits.size() > 10) return std::nullopt;
    for (const char c : digits) {
      if (c < '0' || c > '9') return std::nullopt;
      id = id * 10 + static_cast<unsigned>(c - '0');
    }
    if (id > 0xFFFF'FFFFu) return std::nullopt;
    note.id = static_cast<std::uint32_t>(id);
    return note;
  }
  return std::nullopt;
}

/// What becomes an automaton each: of these a file may hold fewer than of names.
std::size_t automata_of(const Expression& condition) {
  const bool is_one = condition.kind == Expression::Kind::test && (condition.op == Operator::re || condition.argument == "sockaddr");
  std::size_t sum = is_one ? 1 : 0;
  for (const Expression& term : condition.terms) sum += automata_of(term);
  return sum;
}

// What is read in seconds; several times what our largest tests have.
constexpr std::size_t most_automata = 50'000, most_policies = 10'000;

class FileParser {
 public:
  FileParser(std::string_view text, const Dialect& dialect) : text_(text), dialect_(dialect) {}

  tl::expected<File, target::ReadError> run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      ++number_;
      const std::size_t end = text_.find('\n', at);
      if (end == std::string_view::npos) return failed("input line too long: the last line does not end in a newline");
      if (end - at > longest_line) return failed("input line too long");
      if (text_.substr(at, end - at).find('\0') != std::string_view::npos) return failed("a NUL byte");
      if (!take(text_.substr(at, end - at))) return failed(std::move(message_));
      at = end + 1;
    }
    return std::move(file_);
  }

 private:
  Failure failed(std::string message) const { return Failure(target::ReadError{number_, std::move(message), kind_}); }
  bool wrong(std::string message) {
    message_ = std::move(message);
    return false;
  }

  bool too_large(std::string message) {
    kind_ = target::ReadError::Kind::too_complex;
    return wrong(std::move(message));
  }

  bool take(std::string_view raw) {
    if (const auto note = account_note(trimmed(raw))) file_.accounts.push_back(*note);
    const std::string_view line = trimmed(without_comment(raw));
    if (line.empty()) return true;
    if (starts_alike(line, "Template:")) return wrong("a template has no place in a policy file");
    if (starts_alike(line, "Policy:")) return take_header(line);
    if (current_ == none) return wrong("a rule before the first `Policy:`");
    if (policy().detached != 0) return wrong("a rule behind `detached`");
    if (line.substr(0, 8) == "detached") return (policy().detached = number_) != 0;
    return take_rule(line);
  }

  bool take_header(std::string_view line) {
    constexpr std::string_view emulation = ", Emulation: ";
    const std::string_view rest = line.substr(7);
    const std::size_t comma = rest.find(',');
    if (rest.empty() || rest[0] != ' ' || comma == std::string_view::npos || comma < 2)
      return wrong("a header is `Policy: NAME, Emulation: NAME`");
    if (!starts_alike(rest.substr(comma), emulation)) return wrong("a header is `Policy: NAME, Emulation: NAME`");
    const std::string_view name = rest.substr(1, comma - 1);
    if (rest.substr(comma + emulation.size()) != "native") return wrong("only the emulation `native` is known");
    const auto [place, is_new] = policies_.emplace(name, file_.policies.size());
    current_ = place->second;
    if (is_new) file_.policies.push_back({std::string(name), 0, {}});
    return file_.policies.size() <= most_policies || too_large("more than " + std::to_string(most_policies) + " policies");
  }

  bool take_rule(std::string_view line) {
    constexpr std::string_view prefix = "native-";
    const std::size_t colon = line.find(':');
    if (line.substr(0, prefix.size()) != prefix || colon == std::string_view::npos)
      return wrong("a rule is `native-CALL: ...`, as the header names the emulation");
    const std::string_view call = line.substr(prefix.size(), colon - prefix.size());
    if (call != "fsread" && call != "fswrite" && !knowledge::find_call(dialect_.os, call))
      return wrong("no system call is named `" + std::string(call) + "`");
    if (line.size() < colon + 3 || line[colon + 1] != ' ') return wrong("a blank stands behind the colon");
    auto rule = parse_rule(line.substr(colon + 2));
    if (!rule) return wrong(std::move(rule.error()));
    automata_ += automata_of(rule->condition);
    if (automata_ > most_automata) return too_large("more than " + std::to_string(most_automata) + " regular expressions and patterns of addresses");
    rule->line = number_;
    rule->call = call;
    rule->text = line.substr(colon + 2);
    if (names_argument(rule->condition) && translated(call, dialect_.year).empty())
      return wrong("`" + rule->call + "` has no translator, so a test of its arguments stops systrace");
    // The kernel knows no aliases: a bare rule of one is a filter.
    if (call == "fsread" || call == "fswrite") rule->simple = false;
    policy().rules.push_back(std::move(*rule));
    return true;
  }

  PolicyText& policy() { return file_.policies[current_]; }

  static constexpr std::size_t none = ~std::size_t{0};
  std::string_view text_;
  Dialect dialect_;
  File file_;
  std::map<std::string, std::size_t, std::less<>> policies_;  // by program
  std::size_t current_ = none;
  std::size_t automata_ = 0;
  unsigned number_ = 0;
  std::string message_;
  target::ReadError::Kind kind_ = target::ReadError::Kind::unreadable;
};

}  // namespace

tl::expected<File, target::ReadError> parse_file(std::string_view text, const Dialect& dialect) {
  return FileParser(text, dialect).run();
}

}  // namespace polc::systrace::syntax
