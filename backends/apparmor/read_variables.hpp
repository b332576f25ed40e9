// The variables of a profile's preamble, for the reader only.
//   variables.declare("HOME", {"/root/", "/home/*/"});
//   variables.expand("@{HOME}.cache")  ->  the symbols of {/root/,/home/*/}.cache
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "apparmor/read_text.hpp"

namespace polc::apparmor {

class Variables {
 public:
  /// False: it has been declared before.
  bool declare(const std::string& name, std::vector<std::string> values);
  /// False: it has not.
  bool add(const std::string& name, std::vector<std::string> values);

  struct Error {
    std::string message;
    bool is_unknown = false;  // a variable that nobody declared
  };
  /// What a text stands for: a variable of several values is an alternation of them (expand_by_alternations() in
  /// parser_variable.c). So `**` behind it may match nothing, although a value ends in a slash. Escapes are taken off
  /// before: none reaches from a text into a value. The error is a short sentence.
  tl::expected<Symbols, Error> expand(std::string_view text) const;
  /// A rule's words with the values in the place of the names; names in quotes, each from the root. nullopt: some have none, or none
  /// that can be written so.
  std::optional<std::string> spelled_out(const std::string& rule) const;

 private:
  using Texts = tl::expected<std::vector<Symbols>, Error>;
  /// Within the value of a variable each value of another one makes a value.
  Texts texts_of(std::string_view value, unsigned depth) const;
  Texts values_of(std::string_view name, unsigned depth) const;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace polc::apparmor
