#include "learn/strace_line.hpp"

#include <charconv>

namespace polc::learn {
namespace {

constexpr std::string_view unfinished = "<unfinished ...>", resumed = " resumed>";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::uint32_t take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

// `712 `, `712<sh> `, `[pid 712] `
std::uint32_t take_pid(std::string_view& text) {
  std::string_view rest = text;
  const bool is_bracketed = rest.starts_with("[pid");
  if (is_bracketed) rest.remove_prefix(4), skip_blanks(rest);
  if (rest.empty() || !is_digit(rest.front())) return 0;
  const std::uint32_t pid = take_number(rest);
  if (rest.starts_with('<')) {
    const std::size_t end = behind_decoration(rest, 0);
    if (end == rest.npos) return 0;
    rest.remove_prefix(end);
  }
  if (is_bracketed ? !rest.starts_with(']') : !rest.starts_with(' ')) return 0;
  rest.remove_prefix(1);
  skip_blanks(rest);
  text = rest;
  return pid;
}

// `12:00:01`, `12:00:01.000001`, `1700000000.000001`, `     0.000012`: digits, colons and points, then a blank.
void skip_time(std::string_view& text) {
  skip_blanks(text);
  std::size_t end = 0;
  bool has_mark = false;
  for (; end < text.size() && (is_digit(text[end]) || text[end] == ':' || text[end] == '.'); ++end) has_mark = has_mark || !is_digit(text[end]);
  if (!has_mark || end >= text.size() || text[end] != ' ') return;
  text.remove_prefix(end);
  skip_blanks(text);
}

// `[ 257] ` of -n, `[00007f1c2a3b4c5d] ` of -i
void skip_brackets(std::string_view& text) {
  while (text.starts_with('[') && !text.starts_with("[pid")) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
    skip_blanks(text);
  }
}

// The first behind the string that begins at `at`; the size where it has no end.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at)
    if (text[at] == '\\') ++at;
    else if (text[at] == '"') return at + 1;
  return text.size();
}

// `+++ exited with 0 +++` and its like
bool take_end(std::string_view text, StraceLine& line) {
  if (!text.starts_with("+++ ")) return false;
  line.kind = StraceLine::Kind::exited;
  constexpr std::string_view superseded = "+++ superseded by execve in pid ";
  if (text.starts_with(superseded)) {
    text.remove_prefix(superseded.size());
    line.kind = StraceLine::Kind::superseded;
    line.other = take_number(text);
  }
  return true;
}

bool take_notice(std::string_view text, StraceLine& line) {
  constexpr std::string_view begin = "strace: ", process = "strace: Process ";
  if (!text.starts_with(begin)) return false;
  line.kind = StraceLine::Kind::notice;
  if (!text.starts_with(process)) return true;
  text.remove_prefix(process.size());
  line.other = take_number(text);
  if (text.starts_with(" attached")) line.kind = StraceLine::Kind::attached;
  if (text.starts_with(" detached")) line.kind = StraceLine::Kind::detached;
  return true;
}

// `<... read resumed>"x", 10) = 1`
bool take_resumed(std::string_view text, StraceLine& line) {
  constexpr std::string_view begin = "<... ";
  if (!text.starts_with(begin)) return false;
  text.remove_prefix(begin.size());
  const std::size_t end = text.find(resumed);
  if (end == text.npos) return true;  // damaged
  line.kind = StraceLine::Kind::resumed;
  line.name = text.substr(0, end);
  line.arguments = text.substr(end + resumed.size());
  return true;
}

}  // namespace

bool begins_decoration(std::string_view text, std::size_t at) {
  const bool follows = at > 0 && (is_word(text[at - 1]) || (text[at - 1] == '/' && at > 1 && text[at - 2] == '*'));  // `3<`, `-100 /* AT_FDCWD */<`
  return text[at] == '<' && follows && at + 1 < text.size() && text[at + 1] != '<' && text[at + 1] != ' ';
}

std::size_t behind_decoration(std::string_view text, std::size_t at) {
  // A socket's has an arrow: `<TCP:[10.0.0.1:4000->10.0.0.2:80]>`. A path never begins so: it is absolute.
  const std::size_t mark = text.find_first_of(":>/", at + 1);
  if (mark != text.npos && text[mark] == ':' && text.substr(mark, 2) == ":[") {
    for (std::size_t i = mark; i < text.size(); ++i) {
      if (text[i] == '"') i = behind_string(text, i) - 1;
      else if (text.substr(i, 2) == "]>") return i + 2;
    }
    return text.npos;
  }
  unsigned depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text[i] == '<') ++depth;
    else if (text[i] == '>' && --depth == 0) return i + 1;
  }
  return text.npos;
}

bool take_call(std::string_view rest, StraceLine& line) {
  unsigned depth = 1;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '"') {
      i = behind_string(rest, i) - 1;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == '<' && begins_decoration(rest, i)) {
      const std::size_t behind = behind_decoration(rest, i);
      if (behind == rest.npos) return false;
      i = behind - 1;
    } else if (c == '<' && rest.substr(i, unfinished.size()) == unfinished) {
      line.arguments = rest.substr(0, i);
      line.kind = StraceLine::Kind::unfinished;
      // Of a process that ended meanwhile: `<unfinished ...>) = ?`
      if (rest.substr(i + unfinished.size()).starts_with(") = ?")) line.kind = StraceLine::Kind::call, line.result = "?";
      return true;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth > 0) continue;
      line.arguments = rest.substr(0, i);
      std::string_view result = rest.substr(i + 1);
      skip_blanks(result);
      if (!result.starts_with("= ")) return false;
      line.result = result.substr(2);
      line.kind = StraceLine::Kind::call;
      return true;
    }
  }
  return false;
}

StraceLine line_of(std::string_view text) {
  StraceLine line;
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (take_notice(text, line)) return line;
  line.pid = take_pid(text);
  skip_time(text);
  skip_brackets(text);
  if (take_notice(text, line) || take_end(text, line) || take_resumed(text, line)) return line;
  if (text.starts_with("--- ")) {
    text.remove_prefix(4);
    line.name = text.substr(0, text.find(' '));
    line.kind = StraceLine::Kind::signal;
    return line;
  }
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  if (end == 0 || end >= text.size() || text[end] != '(') return line;
  line.name = text.substr(0, end);
  if (!take_call(text.substr(end + 1), line)) line.kind = StraceLine::Kind::damaged;
  return line;
}

}  // namespace polc::learn
