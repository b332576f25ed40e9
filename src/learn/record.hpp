// The fields of a kernel record: `key=value key="va lue" key=68657820`, as audit writes them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace polc::learn {

class Record {
 public:
  explicit Record(std::string_view line);

  bool has(std::string_view key) const { return fields_.contains(std::string(key)); }
  /// As written, without quotes; empty where there is none.
  std::string word(std::string_view key) const;
  /// Of a field that holds what programs chose: bare hex digits are bytes, `(null)` and `?` are nothing.
  std::string bytes(std::string_view key) const;

 private:
  struct Value {
    std::string text;
    bool is_quoted = false;
  };
  std::map<std::string, Value> fields_;  // the first of each
};

}  // namespace polc::learn
