// From accesses to what systrace would see of them: the calls that perform a point, with their arguments as text.
// An access counts as possible when one of them is permitted.
#pragma once

#include <vector>

#include "systrace/syntax.hpp"

namespace polc::systrace::syntax {

/// What a name or a number stands for, as far as the file tells.
class Accounts {
 public:
  explicit Accounts(const File& file);
  std::optional<std::uint32_t> find_id(bool user, std::string_view name) const;
  std::optional<std::string> find_name(bool user, std::uint32_t id) const;

 private:
  void learn(const Expression& condition);
  std::vector<AccountNote> notes_;
};

/// Nothing: systrace sees no call for it at all, and it is free.
std::optional<std::vector<Event>> events_of(const ir::Point& point, const Dialect& dialect, const Accounts& accounts);

/// With which successor an exec goes on under a permitting rule.
bool is_successor(const Rule& rule, const ir::Successor& successor);

}  // namespace polc::systrace::syntax
