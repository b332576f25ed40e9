#include "systemd/read_unit.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::optional<bool> truth_of(std::string_view word) {
  for (const std::string_view yes : {"yes", "true", "on", "1", "y", "t"})
    if (word == yes) return true;
  for (const std::string_view no : {"no", "false", "off", "0", "n", "f"})
    if (word == no) return false;
  return std::nullopt;
}

class Parser {
 public:
  tl::expected<Unit, target::ReadError> run(std::string_view text) {
    std::string pending;
    for (unsigned number = 1; !text.empty() && error_.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = trimmed(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (pending.empty()) line_ = number;
      if (line.empty() || line.front() == '#' || line.front() == ';') continue;  // comments stand between continued lines, too
      pending += line;
      if (pending.back() == '\\') {
        pending.back() = ' ';
        continue;
      }
      statement(std::exchange(pending, ""));
    }
    if (error_.empty() && !pending.empty()) statement(pending);
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    if (!has_section_) return tl::unexpected(target::ReadError{1, "this is no unit file: it has no section"});
    return std::move(unit_);
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  void statement(std::string_view text) {
    if (text.front() == '[') {
      if (text.back() != ']') return fail("a section ends with `]`");
      has_section_ = true;
      in_service_ = text == "[Service]";
      return;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !has_section_) return fail("neither a section nor KEY=VALUE");
    if (in_service_) directive(trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1)));
  }

  // Whatever else a unit says is not about accesses, or only closes more.
  void directive(std::string_view key, std::string_view value) {
    if (key == "SystemCallFilter") calls(value);
    else if (key == "RestrictAddressFamilies") families_list(value);
    else if (key == "CapabilityBoundingSet") capabilities(value);
    else if (key == "RestrictNamespaces") namespaces_list(value);
    else if (key == "MemoryDenyWriteExecute") set_truth(unit_.denies_write_execute, value);
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
      unit_.filters = false;
      return;
    }
    const bool inverted = is_inverted(value);
    if (!std::exchange(unit_.filters, true)) {
      unit_.allows = !inverted;
      if (unit_.allows)
        for (const std::string_view name : default_calls()) unit_.calls.emplace(name, 0);
    }
    for (std::string_view word : words_of(value)) {
      word = word.substr(0, word.find(':'));  // an error number of its own
      if (word == "@default") {
        for (const std::string_view name : default_calls()) call(name, inverted);
      } else if (word.front() == '@') {
        return fail(fmt::format("the group `{}` is not known here; name the calls", word));
      } else {
        call(word, inverted);
      }
    }
  }

  void call(std::string_view name, bool inverted) {
    if (inverted == !unit_.allows) unit_.calls.insert_or_assign(std::string(name), line_);
    else unit_.calls.erase(std::string(name));
  }

  void families_list(std::string_view value) {
    if (value.empty()) {
      unit_.families.clear();
      unit_.filters_families = false;
      return;
    }
    const bool inverted = is_inverted(value);
    if (!std::exchange(unit_.filters_families, true)) unit_.allows_families = !inverted;
    if (value == "none") return;
    for (const std::string_view word : words_of(value)) {
      const auto all = families();
      const auto found = std::find_if(all.begin(), all.end(), [&](const NamedNumber& one) { return one.name == word; });
      if (found == all.end()) return fail(fmt::format("there is no family `{}`", word));
      if (inverted == !unit_.allows_families) unit_.families.insert_or_assign(found->number, line_);
      else unit_.families.erase(found->number);
    }
  }

  // The first list replaces the full set; `~` takes away from what is there.
  void capabilities(std::string_view value) {
    const bool inverted = is_inverted(value);
    std::uint64_t bits = 0;
    for (const std::string_view word : words_of(value)) {
      const auto number = number_of_capability(word);
      if (!number) return fail(fmt::format("there is no capability `{}`", word));
      bits |= std::uint64_t{1} << *number;
      unit_.capability_lines[*number] = line_;
    }
    if (value.empty()) unit_.capabilities = inverted ? ~std::uint64_t{0} : 0;
    else if (inverted) unit_.capabilities &= ~bits;
    else if (!has_capabilities_) unit_.capabilities = bits;
    else unit_.capabilities |= bits;
    has_capabilities_ = true;
  }

  static std::optional<std::uint8_t> number_of_capability(std::string_view word) {
    std::string lower;
    for (const char c : word) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower.substr(0, 4) != "cap_") return std::nullopt;
    return knowledge::find_capability(std::string_view(lower).substr(4));
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
    for (const std::string_view word : words_of(value)) {
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
  std::string error_;
  bool has_section_ = false, in_service_ = false, has_capabilities_ = false, has_namespaces_ = false;
};

}  // namespace

tl::expected<Unit, target::ReadError> unit_from(std::string_view text) { return Parser().run(text); }

}  // namespace polc::systemd
