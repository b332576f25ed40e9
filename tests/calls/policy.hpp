// Policies of system calls and acts as data, what they are as text, and what they mean: decided as docs/language.md
// says, by nothing of the compiler's.
//   text_of(policy)   what the compiler is given;   decision_of(policy, "clone", machine, registers)   what its filter
//   must answer
#pragma once

#include <functional>

#include "machines.hpp"

namespace polc::calls {

enum class Compare : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal, in };

struct Range {
  std::uint64_t low = 0, high = 0;
};

/// A comparison of an argument by its name (of the shape's) or of a register by its number.
struct Test {
  std::string name;  // empty: arg[number]
  std::uint8_t number = 0;
  std::optional<std::uint64_t> mask;
  Compare op{};
  std::uint64_t value = 0;
  std::vector<Range> values;  // of `in`
};
struct Condition {
  enum class Kind : std::uint8_t { test, all, any, none_of };
  Kind kind = Kind::all;
  Test test;
  std::vector<Condition> terms;
};

/// The calls that an act brings or takes, each under a condition.
struct Row {
  std::string call;
  Condition where;
};
struct Statement {
  bool is_allow = true;
  std::string act;  // "memory write_exec"; empty: calls by name
  std::vector<std::string> calls;
  Condition where;
  bool has_condition = false;
};
struct Policy {
  std::string reaction = "deny errno EPERM";
  std::string other_reaction;  // `default R for CALL`
  std::string other_call;
  std::vector<Statement> statements;
};

std::string text_of(const Condition& condition);
std::string text_of(const Policy& policy);  // which accepts what a filter cannot keep
std::string text_without_accepts(const Policy& policy);

/// What the machine's registers say of the condition; nullopt: it asks for an argument that lies in memory.
std::optional<bool> holds(const Condition& condition, const Shape& shape, const Machine& machine,
                          const Registers& registers);
/// SECCOMP_RET_*.
std::uint32_t decision_of(const Policy& policy, std::string_view call, const Machine& machine,
                          const Registers& registers);

/// What an act is on a machine, allowed or denied.
std::vector<Row> rows_of(std::string_view act, bool is_allow, const Machine& machine);
/// Acts to write in a policy.
std::span<const std::string_view> acts();

}  // namespace polc::calls
