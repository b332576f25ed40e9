// One line of a plain artefact, taken apart into words and fields. For the reader only: print.cpp prints by itself.
//   Fields fields("allow file read path=/etc/**");   fields.word() == "allow"   fields.take("path") == {"/etc/**"}
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sets/interval_set.hpp"
#include "sets/path_pattern.hpp"

namespace polc::plain {

/// The first mistake is kept and everything after it is swallowed, so that callers need not ask at every step.
class Fields {
 public:
  explicit Fields(std::string_view line);

  /// The next word, in order; missing is a mistake.
  std::string word();
  /// The next word as a list, its values decoded.
  std::vector<std::string> words();
  bool has(const std::string& key) const { return fields_.count(key) != 0; }
  /// The field's values, decoded; none and no mistake when the line has no such field (or the list is `-`).
  std::vector<std::string> take(const std::string& key);
  /// The field as it stands.
  std::optional<std::string> take_raw(const std::string& key);

  void fail(std::string message);
  /// After the last field: whatever is left over is a mistake too.
  const std::string& finish();

 private:
  std::vector<std::string> values_of(const std::string& list);

  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::map<std::string, std::string> fields_;
  std::string mistake_;
};

/// Decimal, or with 0x hexadecimal, or with another leading 0 octal; or an IPv4 address with its dots.
std::optional<sets::Uint128> number_from(std::string_view text);
/// A list of bit numbers and ranges of them, as a set of 64.
std::uint64_t bits_from(Fields& fields, const std::vector<std::string>& values);
/// What follows `prefix`, if the value begins with it.
std::optional<std::string> after(std::string_view prefix, const std::string& value);

/// A list of numbers and ranges; a number past the type's largest is a mistake.
template <class Number>
sets::IntervalSet<Number> ranges_from(Fields& fields, const std::vector<std::string>& values) {
  std::vector<sets::Interval<Number>> parts;
  for (const std::string& value : values) {
    const std::size_t dash = value.find('-');
    const auto low = number_from(value.substr(0, dash));
    const auto high = dash == std::string::npos ? low : number_from(value.substr(dash + 1));
    if (!low || !high || *low > *high || *high > sets::IntervalSet<Number>::maximum)
      fields.fail("`" + value + "` is no range of numbers here");
    else parts.push_back({static_cast<Number>(*low), static_cast<Number>(*high)});
  }
  return sets::IntervalSet<Number>::from(std::move(parts));
}

}  // namespace polc::plain
