// Sets of single bytes, and the bracket expressions that say them.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace polc::systrace::syntax {

/// Of the bytes that a text may hold: not NUL.
class ByteClass {
 public:
  static ByteClass all();
  static ByteClass of(char c);
  void add(unsigned char low, unsigned char high);
  void remove(char c) { bytes_.reset(static_cast<unsigned char>(c)); }
  bool contains(char c) const { return bytes_[static_cast<unsigned char>(c)]; }
  ByteClass complement() const;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> ranges() const;

 private:
  std::bitset<256> bytes_;
};

/// How brackets are read: regcomp and fnmatch differ.
struct BracketSyntax {
  bool named = false;    // `[:alpha:]`
  bool escapes = false;  // `\]`
  std::string_view negations;
};
/// The bracket expression at `at`; moves behind it. nullopt: not closed, or with words that are not the same everywhere.
std::optional<ByteClass> bracket(std::string_view text, std::size_t& at, const BracketSyntax& syntax);

}  // namespace polc::systrace::syntax
