// The words of a command line told apart, before any of them is looked up: options with their values, and the rest.
//   split({"--target", "plain", "a.pol"}, takes_value)  ->  {--target, plain}, {"", a.pol}
// One value belongs to one option; what follows is a word again, in any order. What a verb makes of them is in options.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace polc::cli {

struct Argument {
  std::string option;                 // "-I", "--target"; empty: a word
  std::optional<std::string> value{};  // of an option; the word itself
  bool is_after_mark = false;         // a word behind `--`, which is never a verb

  bool is_word() const { return option.empty(); }
  bool operator==(const Argument&) const = default;
};

/// Whether an option ("-I", "--target") is followed by a value; one that nobody knows is not.
using TakesValue = std::function<bool(std::string_view)>;

/// An option whose value is missing has none; `--target=` has an empty one.
std::vector<Argument> split(const std::vector<std::string>& words, const TakesValue& takes_value);

}  // namespace polc::cli
