// What rules name, as parameters of the relation's rows.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/access.hpp"
#include "knowledge/relation.hpp"

namespace polc::eval {

/// Bits outside 07777 mean nothing to the kernel, which takes them away.
knowledge::Parameter mode_parameter(std::uint16_t mode);
knowledge::Parameter request_parameter(const sets::NumberSet& requests);
/// `ids` of a set-id call; an account of which only the name is known may be any.
knowledge::Parameter id_parameter(const sets::NumberSet& ids);
/// Bit n is signal n; signals without a name are numbered alike everywhere.
knowledge::Parameter signal_parameter(std::uint64_t signals, Arch arch);

/// Does the way of `signal` send one of these bits? One that is of no signal alone sends any.
bool sends_one_of(const knowledge::Row& row, std::uint64_t signals);

/// The ids that accounts are known by; all, where one is known by name alone and `unknown_is_any`.
sets::NumberSet ids_of(const ir::IdentityBox& box, bool unknown_is_any);

}  // namespace polc::eval
