// What one compiled profile permits and another does not, decided for every name at once: both automata are walked
// together through every pair of states that some bytes lead to.
//   first_difference(theirs, ours)  ->  "/usr/etc/passwd (4)"
#pragma once

#include <optional>
#include <string>

#include "binary_policy.hpp"

namespace polc::apparmor {

/// Something that `left` permits and `right` refuses, the shortest, in words for people; nullopt: there is nothing.
std::optional<std::string> first_difference(const BinaryPolicy& left, const BinaryPolicy& right);

}  // namespace polc::apparmor
