#include "systemd/read_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::systemd {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::optional<bool> truth_of(std::string_view word) {
  const std::string small = lower(word);
  for (const std::string_view yes : {"yes", "true", "on", "1", "y", "t"})
    if (small == yes) return true;
  for (const std::string_view no : {"no", "false", "off", "0", "n", "f"})
    if (small == no) return false;
  return std::nullopt;
}

// Of those that polc writes, these add up; a second line of any other replaces the first. systemd.exec(5)
bool adds_up(std::string_view key) { return key == "ReadWritePaths" || key == "SystemCallArchitectures" || key.substr(0, 4) == "Exec"; }

class Parser {
 public:
  explicit Parser(Version version) : version_(version) {}

  // As config_parse() goes through a file: comments stand between continued lines, too, and an empty line ends them.
  tl::expected<Unit, target::ReadError> run(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::optional<std::string> pending;
    for (unsigned number = 1; !text.empty() && error_.empty(); ++number) {
      std::string_view line = take_line(text);
      line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
      if (!pending) line_ = number;
      if (!line.empty() && (line.front() == '#' || line.front() == ';')) continue;
      std::string whole = std::exchange(pending, std::nullopt).value_or("");
      whole += line;
      constexpr std::size_t longest_line = 1 << 20;  // LONG_LINE_MAX
      if (whole.size() > longest_line) fail("a line of more than 1 MiB");
      if (goes_on(line)) {
        whole.back() = ' ';
        pending = std::move(whole);
      } else if (!trimmed(whole).empty()) {
        statement(trimmed(whole));
      }
    }
    if (error_.empty() && pending && !trimmed(*pending).empty()) statement(trimmed(*pending));
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    if (!has_section_) return tl::unexpected(target::ReadError{1, "this is no unit file: it has no section"});
    take_capabilities();
    return std::move(unit_);
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  /// A line ends at LF, CR, CRLF or NUL.
  static std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_of(std::string_view("\n\r\0", 3)), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + (text.substr(end, 2) == "\r\n" ? 2 : 1), text.size()));
    return line;
  }

  /// Does it end in a backslash that none before it takes?
  static bool goes_on(std::string_view line) {
    bool escaped = false;
    for (const char c : line) escaped = !escaped && c == '\\';
    return escaped;
  }

  void statement(std::string_view text) {
    if (text.front() == '[') {
      if (text.back() != ']') return fail("a section ends with `]`");
      has_section_ = true;
      section_ = std::string(text);
      return;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !has_section_) return fail("neither a section nor KEY=VALUE");
    const std::string_view key = trimmed(text.substr(0, equals)), value = trimmed(text.substr(equals + 1));
    if (section_ == "[Service]") directive(key, value);
    else other(section_ + " " + std::string(key), value);
  }

  void directive(std::string_view key, std::string_view value) {
    if (value.empty()) unit_.emptied.try_emplace(std::string(key), line_);
    if (key == "SystemCallFilter") calls(value);
    else if (key == "RestrictAddressFamilies") families_list(value);
    else if (key == "CapabilityBoundingSet") capabilities(value);
    else if (key == "RestrictNamespaces") namespaces_list(value);
    else if (key == "MemoryDenyWriteExecute") set_truth(unit_.denies_write_execute, value);
    else if (key == "RestrictSUIDSGID") set_truth(unit_.denies_set_id, value);
    else other(key, value), ask_of(key);
  }

  void ask_of(std::string_view key) {
    static constexpr std::string_view known[] = {
#include "systemd/directives.inc"
    };
    static_assert(std::is_sorted(std::begin(known), std::end(known)));
    if (!std::binary_search(std::begin(known), std::end(known), key)) unit_.unknown.push_back({line_, fmt::format("what `{}=` does", key)});
  }

  // Not about accesses, or it only closes more.
  void other(std::string_view key, std::string_view value) {
    auto& values = unit_.others[std::string(key)];
    if (!adds_up(key) || value.empty()) values.clear();
    if (value.empty()) return;
    const auto truth = truth_of(value);
    const bool is_truth = truth && !adds_up(key) && key.substr(0, 5) != "Limit";
    values.push_back({std::string(is_truth ? *truth ? "yes" : "no" : value), line_});
  }

  void set_truth(bool& what, std::string_view value) {
    const auto truth = truth_of(value);
    if (!truth) fail(fmt::format("`{}` is neither yes nor no", value));
    else what = *truth;
  }

  static bool is_inverted(std::string_view& value) {
    if (value.empty() || value.front() != '~') return false;
    value.remove_prefix(1);
    return true;
  }

  // The first list says what kind it is; further ones add to it or take away.
  void calls(std::string_view value) {
    if (value.empty()) {
      unit_.calls.clear();
      unit_.later.clear();
      unit_.answers.clear();
      unit_.filters = false;
      unit_.allows = true;
      return;
    }
    const bool inverted = is_inverted(value);
    if (!std::exchange(unit_.filters, true)) {
      unit_.allows = !inverted;
      if (unit_.allows) {
        for (const std::string_view name : default_calls()) unit_.calls.emplace(name, 0);
        for (const std::string_view name : later_default_calls()) {
          if (version_ == Version::any) unit_.later.emplace(name);
          if (version_ == Version::v257) unit_.calls.emplace(name, 0);
        }
      }
    }
    for (const std::string& written : list_words(value)) {
      std::string_view word = written;
      const auto colon = word.find(':');
      const std::string_view answer = colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1);
      if (!answer.empty() && !inverted) continue;  // systemd ignores a call that is allowed with an answer
      if (colon != std::string_view::npos && !is_answer(answer)) return fail(fmt::format("`{}` is no error, and systemd ignores the call with it", answer));
      word = word.substr(0, colon);
      if (word.starts_with('@')) group(word, inverted, answer);
      else call(word, inverted, answer);
    }
  }

  static bool is_answer(std::string_view word) {
    constexpr std::uint64_t largest = 4095;  // ERRNO_MAX
    if (word == "kill" || knowledge::find_errno(Os::linux_os, word)) return true;
    std::uint64_t number = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
    return wrong == std::errc{} && end == word.data() + word.size() && number <= largest;
  }

  void group(std::string_view name, bool inverted, std::string_view answer) {
    constexpr std::size_t most_calls = 2'000'000;
    auto found = groups_.find(name);
    if (found == groups_.end()) {
      auto known = find_group(name);
      if (!known) return fail(fmt::format("there is no group `{}`", name));
      found = groups_.emplace(name, *std::move(known)).first;
    }
    const Group& group = found->second;
    listed_ += group.calls.size() + group.later.size();
    if (listed_ > most_calls) return fail("groups without number");
    const auto add = [&](std::string_view call_name) {
      // In a list of what is allowed those of @default are there anyway, by no line, but for those that another took away.
      const bool is_there = name == "@default" && unit_.allows && !inverted && unit_.calls.contains(call_name);
      if (!is_there) call(call_name, inverted, answer);
    };
    for (const std::string_view one : group.calls) add(one);
    for (const std::string_view one : group.later) {
      if (version_ == Version::any) later_call(one, inverted);
      if (version_ == Version::v257) add(one);
    }
  }

  // A backslash is dropped from a word. Quotes hold words together in some lists and not in others.
  std::vector<std::string> list_words(std::string_view value) {
    std::vector<std::string> words;
    for (const std::string_view written : words_of(value)) {
      std::string word;
      bool escaped = false;
      for (const char c : written) {
        if (!escaped && (c == '"' || c == '\'')) fail(fmt::format("`{}`: quotes in a list are not read", written));
        escaped = !escaped && c == '\\';
        if (!escaped) word += c;
      }
      if (escaped) fail(fmt::format("`{}` ends in a backslash", written));
      words.push_back(std::move(word));
    }
    return words;
  }

  void call(std::string_view name, bool inverted, std::string_view answer) {
    if (inverted == !unit_.allows) unit_.calls.insert_or_assign(std::string(name), line_);
    else unit_.calls.erase(std::string(name));
    unit_.later.erase(std::string(name));
    if (inverted && !answer.empty()) unit_.answers.insert_or_assign(std::string(name), answer);
    else unit_.answers.erase(std::string(name));
  }

  // A later systemd does it, 252 does not.
  void later_call(std::string_view name, bool inverted) {
    const bool is_listed = unit_.calls.contains(name), lists = inverted == !unit_.allows;
    if (!is_listed && !lists) unit_.later.erase(std::string(name));
    if (is_listed == lists) return;
    unit_.calls.erase(std::string(name));
    unit_.later.emplace(name);
  }

  void families_list(std::string_view value) {
    if (value.empty()) {
      unit_.families.clear();
      unit_.filters_families = false;
      return;
    }
    if (value == "none") {  // whatever stood before
      unit_.families.clear();
      unit_.filters_families = unit_.allows_families = true;
      is_none_ = true;
      return;
    }
    const bool inverted = is_inverted(value);
    // Behind `none` there is no list yet, as before the first.
    if (!std::exchange(unit_.filters_families, true) || std::exchange(is_none_, false)) unit_.allows_families = !inverted;
    for (const std::string& word : list_words(value)) {
      const auto all = families();
      const auto found = std::find_if(all.begin(), all.end(), [&](const NamedNumber& one) { return one.name == word; });
      if (found == all.end()) return fail(fmt::format("there is no family `{}`", word));
      if (inverted == !unit_.allows_families) unit_.families.insert_or_assign(found->number, line_);
      else unit_.families.erase(found->number);
    }
  }

  // A list replaces the full set, which is there at first, and adds to any other; `~` takes away. (config_parse_capability_set)
  void capabilities(std::string_view value) {
    const bool inverted = is_inverted(value);
    std::uint64_t bits = 0;
    for (const std::string& word : list_words(value)) {
      const auto number = number_of_capability(word);
      if (!number) return fail(fmt::format("there is no capability `{}`", word));
      bits |= std::uint64_t{1} << *number;
      unit_.capability_lines[*number] = line_;
    }
    constexpr std::uint64_t full = ~std::uint64_t{0};
    if (bits == 0) unit_.capabilities = inverted ? full : 0, unit_.capabilities_line = line_;
    else if (inverted) unit_.capabilities &= ~bits;
    else unit_.capabilities = unit_.capabilities == full ? bits : unit_.capabilities | bits;
  }

  static std::optional<std::uint8_t> number_of_capability(std::string_view word) {
    const std::string small = lower(word);
    if (small.substr(0, 4) != "cap_") return std::nullopt;
    return knowledge::find_capability(std::string_view(small).substr(4));
  }

  // Some directives take capabilities away from whatever the list says, at the end (unit_patch_contexts() of 252).
  void take_capabilities() {
    struct Taken {
      std::string_view key, name;
    };
    for (const Taken& one : {Taken{"PrivateDevices", "mknod"}, {"PrivateDevices", "sys_rawio"}, {"ProtectKernelModules", "sys_module"},
                             {"ProtectKernelLogs", "syslog"}, {"ProtectClock", "sys_time"}, {"ProtectClock", "wake_alarm"}}) {
      const auto found = unit_.others.find(one.key);
      if (found != unit_.others.end() && !found->second.empty() && found->second.back().text == "yes")
        unit_.capabilities &= ~(std::uint64_t{1} << *knowledge::find_capability(one.name));
    }
  }

  // A list says which stay possible, or with `~` which do not; several add up.
  void namespaces_list(std::string_view value) {
    std::uint64_t all = 0;
    for (const NamedNumber& space : namespaces()) all |= space.number;
    if (value.empty()) {
      unit_.namespaces = 0;
      has_namespaces_ = false;
      return;
    }
    if (const auto truth = truth_of(value)) {
      unit_.namespaces = *truth ? all : 0;
      has_namespaces_ = true;
      return;
    }
    const bool inverted = is_inverted(value);
    std::uint64_t bits = 0;
    for (const std::string& word : list_words(value)) {
      const auto known = namespaces();
      const auto found = std::find_if(known.begin(), known.end(), [&](const NamedNumber& one) { return one.name == word; });
      if (found == known.end()) return fail(fmt::format("there is no namespace `{}`", word));
      bits |= found->number;
    }
    if (!std::exchange(has_namespaces_, true)) unit_.namespaces = inverted ? 0 : all;
    if (inverted) unit_.namespaces |= bits;
    else unit_.namespaces &= ~bits;
  }

  Unit unit_;
  unsigned line_ = 0;
  std::string section_;
  std::string error_;
  bool has_section_ = false, has_namespaces_ = false, is_none_ = false;
  Version version_;
  std::map<std::string, Group, std::less<>> groups_;  // that were named
  std::size_t listed_ = 0;  // calls, by groups
};

}  // namespace

tl::expected<Unit, target::ReadError> unit_from(std::string_view text, Version version) { return Parser(version).run(text); }

}  // namespace polc::systemd
