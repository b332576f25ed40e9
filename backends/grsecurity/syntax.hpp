// An ACL as gradm reads it, for the reader alone: nothing here is shared with the side that prints.
//   Document document = *parse(text, Dialect{.is_old = false, .needs_roles = false});
// syntax.cpp scans, statements.cpp and network_words.cpp parse, structure.cpp looks at the whole.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "target/backend.hpp"

namespace polc::grsecurity {

struct Dialect {
  bool is_old = false;       // gradm 2.1.8
  bool needs_roles = false;  // a whole policy, not a subject to be put into one
};

struct Token {
  enum class Kind : std::uint8_t { word, path, bang, end };
  Kind kind = Kind::end;
  std::string_view text;
  unsigned line = 1;
};
/// Account numbers that comments of the form "# user NAME is N" give: gradm would look them up.
using Accounts = std::map<std::pair<ir::IdentityKind, std::string>, std::uint32_t>;
struct Tokens {
  std::vector<Token> tokens;  // the last is `end`
  Accounts accounts;
};
tl::expected<Tokens, target::ReadError> scan(std::string_view text);

struct AclObject {
  std::string path;
  std::string mode;  // the letters as written; sorted, unique
  unsigned line = 0;
  bool has(char letter) const { return mode.find(letter) != std::string::npos; }
  bool is_hidden() const { return has('h'); }
};
struct AclRule {
  bool is_bind = false;
  bool is_deny = false;      // `!`
  bool is_disabled = false;  // never matches
  std::uint32_t address = 0, mask = 0;
  std::uint32_t low_port = 0, high_port = 65535;
  std::uint32_t types = 0;  // bit n: socket type n; all: any_sock
  sets::NumberSet protocols;
  unsigned line = 0;
};
struct AclCapability {
  bool keeps = false;
  std::uint64_t bits = 0;
  unsigned line = 0;
};
struct AclTransitions {
  bool is_deny = false;
  std::vector<std::string> names;
  unsigned line = 0;
};
struct AclFamily {
  std::uint32_t number = 0;  // of AF_*
  unsigned line = 0;
};
struct AclSubject {
  std::string path;
  std::string mode;
  unsigned line = 0;
  std::size_t role = 0;
  std::optional<std::size_t> parent;  // in Document::subjects
  std::vector<AclObject> objects;
  std::unordered_map<std::string, std::size_t> places;  // in `objects`, by path
  std::vector<AclRule> rules;
  std::vector<AclCapability> capabilities;
  std::vector<AclFamily> families;
  std::optional<unsigned> all_families;  // the line that says so
  std::optional<AclTransitions> users, groups;
  const AclObject* find_object(const std::string& at) const {
    const auto place = places.find(at);
    return place == places.end() ? nullptr : &objects[place->second];
  }
};
struct Document {
  std::vector<std::string> roles;  // empty: a fragment
  std::vector<AclSubject> subjects;
  std::map<std::pair<std::size_t, std::string>, std::size_t> places;  // in `subjects`, by role and path
  Accounts accounts;
  std::set<target::Directive> directives;  // limits, PaX flags and the like
};
/// The whole text; `parents` are known and what gradm refuses is refused.
tl::expected<Document, target::ReadError> parse(std::string_view text, Dialect dialect);
/// The statements alone, one by one.
tl::expected<Document, target::ReadError> parse_statements(std::string_view text, Dialect dialect);

}  // namespace polc::grsecurity
