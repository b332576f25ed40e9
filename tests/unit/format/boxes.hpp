// Short ways to write boxes and conditions in the tests of this folder.
#pragma once

#include <doctest/doctest.h>

#include "format/raise.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::format_test {

inline std::vector<sets::PathPattern> patterns(std::string_view bytes, bool tree = false) {
  const auto parsed = sets::parse_path_pattern({std::string(bytes), {}}, tree);
  REQUIRE(parsed);
  return *parsed;
}

inline std::vector<sets::PathPattern> names(std::string_view bytes) {
  return *sets::parse_name_pattern({std::string(bytes), {}});
}

inline ir::FileBox file(FileVerbs verbs, std::string_view place, bool tree = false) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = patterns(place, tree);
  return box;
}

inline ir::NetBox net(NetVerbs verbs, Family family) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = family;
  return box;
}

inline sets::NumberSet numbers(std::initializer_list<std::uint32_t> values) {
  sets::NumberSet out;
  for (const std::uint32_t value : values) out = out | sets::NumberSet::of(value);
  return out;
}

inline ir::NetBox tcp(NetVerbs verbs, Family family) {
  ir::NetBox box = net(verbs, family);
  box.types = {SocketType::stream};
  box.protocols = numbers({0, 6});
  return box;
}

inline CallId call(std::string_view name) {
  const auto id = knowledge::find_call(Os::linux_os, name);
  REQUIRE(id);
  return *id;
}

inline ir::Condition test(std::uint8_t argument, sets::Compare op, std::uint64_t value, std::uint8_t width = 64,
                          bool is_signed = false, std::uint64_t mask = ~std::uint64_t{0}) {
  return {ir::Condition::Kind::test, {argument, mask, op, value, width, is_signed}, {}};
}
inline ir::Condition all_of(std::vector<ir::Condition> terms) {
  return {ir::Condition::Kind::conjunction, {}, std::move(terms)};
}
inline ir::Condition any_of(std::vector<ir::Condition> terms) {
  return {ir::Condition::Kind::disjunction, {}, std::move(terms)};
}
inline ir::Condition negated(ir::Condition term) { return {ir::Condition::Kind::negation, {}, {std::move(term)}}; }

inline std::string text(const ir::Box& box) { return format::text_of(Os::linux_os, box); }
inline std::string text(const ir::Point& point) { return format::text_of(Os::linux_os, point); }

}  // namespace polc::format_test
