// The words of a profile's text, for the reader only.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "target/backend.hpp"

namespace polc::apparmor {

struct Token {
  enum class Kind : std::uint8_t { word, quoted, mark } kind{};  // mark: one of { } ( ) , = and ->
  std::string text;
  unsigned line = 0;
  bool is(std::string_view mark) const { return kind != Kind::quoted && text == mark; }
};

tl::expected<std::vector<Token>, target::ReadError> tokens_of(std::string_view text);

}  // namespace polc::apparmor
