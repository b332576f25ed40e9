// Boxes as lists of accesses: the half of raise.hpp that both texts and dumps are made of. Internal to format.
#pragma once

#include <string>
#include <vector>

#include "ir/policy.hpp"

namespace polc::format {

/// Which dimensions the text must name even at their widest, and which not at all: in an expectation a dimension that
/// was left out stays left out, and one that was given stays given. A rule has neither.
struct Given {
  bool type = false, owner = false, mode = false, request = false, address = false, port = false;
  bool left_out_successor = false;
  bool left_out_endpoint = false;
};
inline constexpr Given nothing_given{};
Given given_by(const ir::LeftOut& left_out);

/// The accesses, without `allow` and `;`, whose union is the box. None: the box is empty, or no access says it.
std::vector<std::string> accesses_of(Os os, const ir::Box& box, const Given& given);
/// Of many boxes, in their order: a set of six that together say `any` becomes that word; repeats are dropped.
std::vector<std::string> accesses_of(Os os, const std::vector<const ir::Box*>& boxes, const std::vector<Given>& given);

std::vector<std::string> net_accesses(const ir::NetBox& box, const Given& given);
/// Every address and protocol of its family: one sixth of `any`, or of `any TYPE`.
bool has_every_address(const ir::NetBox& box);

/// ` type dir`, ` owner self` ...
std::string type_text(FileTypes types);

template <class Set>
std::vector<std::string> verb_texts(Set verbs) {
  std::vector<std::string> out;
  verbs.for_each([&](auto verb) { out.emplace_back(name_of(verb)); });
  return out;
}

}  // namespace polc::format
