// The fields of a kernel record: `key=value key="va lue" key=68657820`, as audit writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/platform.hpp"

namespace polc::learn {

/// Views of the line, which must outlive it.
class Record {
 public:
  explicit Record(std::string_view line);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  /// As written, without quotes; empty where there is none. The first of several.
  std::string word(std::string_view key) const;
  /// Of a field that holds what programs chose: bare hex digits are bytes, `(null)` and `?` are nothing.
  std::string bytes(std::string_view key) const;

 private:
  struct Field {
    std::string_view key, text;
    bool is_quoted = false;
  };
  const Field* find(std::string_view key) const;

  std::vector<Field> fields_;
};

/// The whole text, with or without `0x` where base is 16.
std::optional<std::uint32_t> number_of(std::string_view text, int base);

/// The architecture behind `arch=` of a call with this number: x86_64's number with x32's bit is x32's.
std::optional<Arch> arch_with(std::uint32_t audit, std::uint32_t number);

}  // namespace polc::learn
