// Machines: what they match, and machines beside ordinary patterns in one space, against a naive reading of both.
#include "sets/machine.hpp"

#include <doctest/doctest.h>

#include <map>

#include "naive_matcher.hpp"
#include "questions.hpp"
#include "random_patterns.hpp"
#include "sets/path_space.hpp"

namespace polc::sets {
namespace {

Bits bit(std::size_t column) { return {std::uint64_t{1} << column}; }

/// A few states over the bytes that all_paths() is made of, mostly behind a slash.
Machine random_machine(Random& random) {
  Machine machine;
  const auto states = 2 + random.below(5);
  for (std::uint32_t i = 0; i < states; ++i) machine.add_state();
  machine.add_byte(Machine::start, 1, '/');
  for (auto edges = states + random.below(6); edges > 0; --edges) {
    const auto from = 1 + random.below(states), to = 1 + random.below(states);
    switch (random.below(6)) {
      case 0: machine.add_byte(from, to, '/'); break;
      case 1: machine.add_edge(from, to, 1, 255); break;
      case 2: machine.add_empty(from, to); break;
      case 3: machine.add_edge(from, from, 1, 255); break;
      default: machine.add_byte(from, to, random.one_in(2) ? 'a' : 'b');
    }
  }
  for (auto ends = 1 + random.below(2); ends > 0; --ends) machine.accept(1 + random.below(states));
  return machine;
}

/// `.*text$`
Machine ending_in(const std::string& text) {
  Machine machine;
  machine.add_edge(Machine::start, Machine::start, 1, 255);
  Machine::State last = Machine::start;
  for (const char c : text) {
    const Machine::State next = machine.add_state();
    machine.add_byte(last, next, c);
    last = next;
  }
  machine.accept(last);
  return machine;
}

std::vector<PathPattern> paths_of(const Machine& machine) { return machine.paths("test").value(); }

}  // namespace

TEST_CASE("a machine matches by bytes, and its component is the same machine") {
  const Machine machine = ending_in("x/y");
  for (const auto* text : {"x/y", "/a/x/y", "//x/y"}) CHECK(machine.matches(text));
  for (const auto* text : {"", "x/", "/x/yy"}) CHECK_FALSE(machine.matches(text));
  const PathPattern pattern = paths_of(machine).at(0);
  CHECK(pattern.text() == "test");
  CHECK(pattern.matches("/a/x/y"));
  CHECK_FALSE(pattern.matches("//x/y"));  // no canonical path
  CHECK_FALSE(pattern.is_literal());
  CHECK(paths_of(ending_in("/")).front() == PathPattern{});
}

TEST_CASE("before_slash: the texts that were accepted with a slash behind") {
  const Machine machine = ending_in("d/").before_slash();
  CHECK(machine.matches("/d"));
  CHECK_FALSE(machine.matches("/d/"));
}

TEST_CASE("what has too many states is told, not cut") {
  Machine machine;
  Machine::State last = Machine::start;
  for (std::size_t i = 0; i <= Machine::most_states; ++i) {
    const Machine::State next = machine.add_state();
    machine.add_byte(last, next, i % 2 == 0 ? '/' : 'a');
    last = next;
  }
  machine.accept(last);
  CHECK_FALSE(machine.paths("test").has_value());
  CHECK_FALSE(machine.names("test").has_value());
}

TEST_CASE("machines beside patterns: labels_of is true, explore complete for short paths, and shortest") {
  Random random(41);
  const auto paths = all_paths(3);
  std::size_t held = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Machine> machines;
    std::vector<SourcePattern> patterns;
    for (auto n = 1 + random.below(3); n > 0; --n) machines.push_back(random_machine(random));
    for (auto n = random.below(3); n > 0; --n) patterns.push_back(random_pattern(random));
    const std::size_t columns = machines.size() + patterns.size();
    PathSpace space(columns);
    for (std::uint32_t i = 0; i < machines.size(); ++i)
      for (const PathPattern& pattern : paths_of(machines[i])) space.insert(pattern, bit(i), i);
    for (std::uint32_t i = 0; i < patterns.size(); ++i)
      for (const PathPattern& plain : patterns[i].plain) space.insert(plain, bit(machines.size() + i), static_cast<std::uint32_t>(machines.size() + i));
    const auto expected = [&](const std::string& path) {
      std::uint64_t mask = 0;
      for (std::size_t i = 0; i < machines.size(); ++i) mask |= std::uint64_t{machines[i].matches(path)} << i;
      for (std::size_t i = 0; i < patterns.size(); ++i)
        mask |= std::uint64_t{naive::matches(patterns[i].text, patterns[i].tree, path)} << (machines.size() + i);
      return mask;
    };
    for (const bool every_hit : {true, false}) {
      Collector collector;
      collector.every_hit = every_hit;
      Budget budget;
      REQUIRE(space.explore(budget, collector));
      std::map<std::uint64_t, std::size_t> shortest;
      for (const auto& visit : collector.visits) {
        INFO("witness ", visit.witness.at(0));
        REQUIRE(visit.labels.bits[0] == expected(visit.witness.at(0)));
        shortest.emplace(visit.labels.bits[0], visit.witness[0].size());
      }
      PathLabels labels;
      for (std::size_t i = random.below(2); i < paths.size(); i += 2) {
        INFO("path ", paths[i]);
        space.labels_of(paths[i], labels);
        REQUIRE(labels.bits[0] == expected(paths[i]));
        held += labels.bits[0] != 0;
        const auto found = shortest.find(labels.bits[0]);
        REQUIRE(found != shortest.end());
        REQUIRE(found->second <= paths[i].size());
      }
    }
  }
  CHECK(held > 10'000);
}

TEST_CASE("machines on both sides of a pair") {
  Random random(42);
  const auto paths = all_paths(2);
  for (int round = 0; round < 60; ++round) {
    const Machine from = random_machine(random), to = random_machine(random), other = random_machine(random);
    if (paths_of(other).empty()) continue;  // a space without any pair is none of pairs
    PathSpace space(2);
    space.insert_product(paths_of(from), paths_of(to), bit(0), 0);
    space.insert_product(paths_of(other), parse_path_pattern({"/", {}}, true).value(), bit(1), 1);
    const auto expected = [&](const std::string& a, const std::string& b) {
      return std::uint64_t{from.matches(a) && to.matches(b)} | std::uint64_t{other.matches(a)} << 1;
    };
    Collector collector;
    Budget budget;
    REQUIRE(space.explore(budget, collector));
    std::map<std::uint64_t, std::size_t> shortest;
    for (const auto& visit : collector.visits) {
      REQUIRE(visit.labels.bits[0] == expected(visit.witness.at(0), visit.witness.at(1)));
      shortest.emplace(visit.labels.bits[0], visit.witness[0].size() + visit.witness[1].size());
    }
    PathLabels labels;
    for (std::size_t i = 0; i < paths.size(); i += 1 + i / 20)
      for (std::size_t j = 0; j < paths.size(); j += 1 + j / 20) {
        space.labels_of_pair(paths[i], paths[j], labels);
        REQUIRE(labels.bits[0] == expected(paths[i], paths[j]));
        const auto found = shortest.find(labels.bits[0]);
        REQUIRE(found != shortest.end());
        REQUIRE(found->second <= paths[i].size() + paths[j].size());
      }
  }
}

TEST_CASE("abstract names: a machine crosses slashes and may match nothing at all") {
  Machine machine;
  machine.accept(Machine::start);
  const Machine::State a = machine.add_state();
  machine.add_byte(Machine::start, a, 'a');
  machine.add_edge(a, a, '/', '/');
  machine.accept(a);
  PathSpace space(2);
  space.insert(machine.names("test").value(), bit(0), 0);
  space.insert(parse_name_pattern({"a*", {}}).value().front(), bit(1), 1);
  PathLabels labels;
  const auto bits_at = [&](std::string_view name) { return space.labels_of(name, labels), labels.bits[0]; };
  CHECK(bits_at("") == 1);
  CHECK(bits_at("a//") == 3);
  CHECK(bits_at("ab") == 2);
  CHECK(bits_at("b") == 0);
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  std::map<std::uint64_t, std::string> witnesses;
  for (const auto& visit : collector.visits) witnesses[visit.labels.bits[0]] = visit.witness.at(0);
  CHECK(witnesses == std::map<std::uint64_t, std::string>{{0, "b"}, {1, ""}, {2, "aa"}, {3, "a"}});
}

TEST_CASE("a hundred regexes that are open in front are told apart within the budget") {
  PathSpace space(100);
  for (std::uint32_t i = 0; i < 100; ++i)
    for (const PathPattern& pattern : paths_of(ending_in("word" + std::to_string(i)))) {
      Bits bits(2);
      bits[i / 64] = std::uint64_t{1} << (i % 64);
      space.insert(pattern, bits, i);
    }
  Collector collector;
  Budget budget;
  REQUIRE(space.explore(budget, collector));
  CHECK(collector.visits.size() >= 101);
}

}  // namespace polc::sets
