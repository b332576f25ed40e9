// The tables of this folder, and what a policy of one deny comes to. A row of src/knowledge/linux_relation.inc is named
// by its access, what it is of, its call and its condition; probes.tsv says which probes do it, denies.tsv which denies
// close it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/relation.hpp"
#include "polc_process.hpp"
#include "support/platform.hpp"

namespace polc::ways {

using Words = std::vector<std::string>;

/// Of a table: lines of words between tabs, `width` of each; empty lines and those that begin with # are left out.
std::vector<Words> lines_of(const std::string& table, std::size_t width);
/// What stands between blanks.
Words words_of(std::string_view text);

/// The rows that are ways on this architecture.
std::vector<const knowledge::Row*> ways_on(Arch arch);
/// Memory or another object decides whether it does it, so no deny takes the call.
bool is_blind(const knowledge::Row& row);
/// "namespace user: sure unshare where flags & CLONE_NEWUSER != 0"
std::string text_of(const knowledge::Row& row);

/// Every call that the architecture has.
std::vector<std::string> calls_on(Arch arch);

/// A policy that allows all calls but some, and denies one thing. `accept`: a verdict that it accepts, or nothing.
std::string policy_of(std::string_view deny, Arch arch, const std::set<std::string>& but = {},
                      std::string_view accept = "");

/// A policy of one deny, compiled.
struct Compiled {
  bool is_lost = false;         // P5001
  std::set<std::string> named;  // the calls that P5001 names
  std::string filter;           // a file, where it was asked for
  std::string trouble;          // what else polc said; nothing if all is as it should be
};
/// Of a lost deny the filter is the one that accepting it gives.
Compiled compile(const e2e::Scratch& scratch, std::string_view deny, Arch arch, const std::set<std::string>& but = {});

/// Is the row one of those that a line of denies.tsv is about?
bool is_of(const Words& deny, const knowledge::Row& row);
/// The blind calls of what a line of denies.tsv is about, on this architecture.
std::set<std::string> blind_calls(const Words& deny, Arch arch);

}  // namespace polc::ways
