// The algebra against a naive matcher: random sets of patterns, all short paths, every kind of path that explore
// visits.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "naive_matcher.hpp"
#include "questions.hpp"
#include "random_patterns.hpp"
#include "sets/path_space.hpp"

namespace polc::sets {
namespace {

using Tags = std::vector<std::uint32_t>;

Bits bit(std::size_t column) { return {std::uint64_t{1} << column}; }

std::vector<SourcePattern> random_set(Random& random, std::uint32_t most) {
  std::vector<SourcePattern> patterns;
  const auto count = 1 + random.below(most);
  for (std::uint32_t i = 0; i < count; ++i) patterns.push_back(random_pattern(random));
  return patterns;
}

PathSpace space_of(const std::vector<SourcePattern>& patterns) {
  PathSpace space(patterns.size());
  for (std::uint32_t i = 0; i < patterns.size(); ++i)
    for (const auto& plain : patterns[i].plain) space.insert(plain, bit(i), i);
  return space;
}

Tags naive_tags(const std::vector<SourcePattern>& patterns, const std::string& path) {
  Tags tags;
  for (std::uint32_t i = 0; i < patterns.size(); ++i)
    if (naive::matches(patterns[i].text, patterns[i].tree, path)) tags.push_back(i);
  return tags;
}

std::uint64_t mask_of(const Tags& tags) {
  std::uint64_t mask = 0;
  for (const auto tag : tags) mask |= std::uint64_t{1} << tag;
  return mask;
}

std::string described(const std::vector<SourcePattern>& patterns) {
  std::string text;
  for (const auto& pattern : patterns) text += (pattern.tree ? "tree " : "") + pattern.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("labels_of and PathPattern::matches agree with the naive matcher on every short path") {
  Random random(1);
  const auto paths = all_paths(3);
  std::size_t compared = 0, wrong = 0;
  for (int round = 0; round < 150; ++round) {
    const auto patterns = random_set(random, 6);
    const PathSpace space = space_of(patterns);
    PathLabels labels;
    for (std::size_t i = random.below(3); i < paths.size(); i += 3, ++compared) {
      space.labels_of(paths[i], labels);
      const Tags expected = naive_tags(patterns, paths[i]);
      bool agrees = tags_of(labels) == expected && labels.bits[0] == mask_of(expected);
      for (std::uint32_t tag = 0; tag < patterns.size(); ++tag) {
        const auto& plain = patterns[tag].plain;
        const bool matches =
            std::any_of(plain.begin(), plain.end(), [&](const auto& p) { return p.matches(paths[i]); });
        agrees = agrees && matches == (std::find(expected.begin(), expected.end(), tag) != expected.end());
      }
      if (!agrees && ++wrong < 5) FAIL_CHECK(paths[i] << " in\n" << described(patterns));
    }
  }
  CHECK(wrong == 0);
  CHECK(compared > 80'000);
}

TEST_CASE("explore visits every realizable set of patterns once, truly, and by a shortest path") {
  Random random(2);
  const auto paths = all_paths(3);
  std::size_t visits = 0;
  for (int round = 0; round < 800; ++round) {
    const auto patterns = random_set(random, 6);
    const PathSpace space = space_of(patterns);
    Collector collector;
    Budget budget;
    REQUIRE(space.explore(budget, collector));
    INFO(described(patterns));
    std::map<std::pair<std::uint64_t, Tags>, std::size_t> visited;
    std::size_t last_length = 0;
    for (const auto& visit : collector.visits) {
      const auto& labels = visit.labels;
      const auto& witness = visit.witness;
      REQUIRE(witness.size() == 1);
      INFO("witness ", witness[0]);
      PathLabels there;
      space.labels_of(witness[0], there);
      REQUIRE(tags_of(there) == tags_of(labels));
      REQUIRE(naive_tags(patterns, witness[0]) == tags_of(labels));
      REQUIRE(labels.bits[0] == mask_of(tags_of(labels)));
      REQUIRE(witness[0].size() >= last_length);
      last_length = witness[0].size();
      visited.emplace(std::pair(labels.bits[0], tags_of(labels)), witness[0].size());
      ++visits;
    }
    PathLabels labels;
    for (std::size_t i = 0; i < paths.size(); i += i < 157 ? 1 : 2) {
      space.labels_of(paths[i], labels);
      const auto found = visited.find({labels.bits[0], tags_of(labels)});
      INFO("path ", paths[i]);
      REQUIRE(found != visited.end());
      REQUIRE(found->second <= paths[i].size());
    }
  }
  CHECK(visits > 4'000);
}

TEST_CASE("explore finds no more kinds of path than there are plain patterns' sets, each once") {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    const auto patterns = random_set(random, 4);
    PathSpace space(64);
    std::uint32_t tag = 0;
    for (const auto& pattern : patterns)
      for (const auto& plain : pattern.plain) space.insert(plain, bit(0), tag++);
    Collector collector;
    Budget budget;
    REQUIRE(space.explore(budget, collector));
    std::set<Tags> seen;
    for (const auto& visit : collector.visits) CHECK(seen.insert(tags_of(visit.labels)).second);
  }
}

TEST_CASE("explore over pairs of paths: true, complete for short pairs, and shortest") {
  Random random(4);
  const auto paths = all_paths(2);
  for (int round = 0; round < 50; ++round) {
    const auto from = random_set(random, 3);
    std::vector<SourcePattern> to;
    for (std::size_t i = 0; i < from.size(); ++i) to.push_back(random_pattern(random));
    PathSpace space(from.size());
    for (std::uint32_t i = 0; i < from.size(); ++i)
      for (const auto& a : from[i].plain)
        for (const auto& b : to[i].plain) space.insert_pair(a, b, bit(i), i);
    INFO(described(from), "to\n", described(to));
    const auto expected = [&](const std::string& a, const std::string& b) {
      return mask_of(naive_tags(from, a)) & mask_of(naive_tags(to, b));
    };
    Collector collector;
    Budget budget;
    REQUIRE(space.explore(budget, collector));
    std::map<std::uint64_t, std::size_t> shortest;
    for (const auto& visit : collector.visits) {
      const auto& labels = visit.labels;
      const auto& witness = visit.witness;
      REQUIRE(witness.size() == 2);
      REQUIRE(expected(witness[0], witness[1]) == labels.bits[0]);
      shortest.emplace(labels.bits[0], witness[0].size() + witness[1].size());
    }
    PathLabels labels;
    for (std::size_t i = 0; i < paths.size(); i += 1 + i / 40) {
      for (std::size_t j = 0; j < paths.size(); j += 1 + j / 40) {
        space.labels_of_pair(paths[i], paths[j], labels);
        REQUIRE(labels.bits[0] == expected(paths[i], paths[j]));
        const auto found = shortest.find(labels.bits[0]);
        REQUIRE(found != shortest.end());
        REQUIRE(found->second <= paths[i].size() + paths[j].size());
      }
    }
  }
}

namespace {

// Lists so long that their product shares nodes; mostly plain paths, for nine overlapping patterns are beyond the budget.
std::vector<SourcePattern> long_list(Random& random, const std::vector<std::string>& paths) {
  std::vector<SourcePattern> patterns;
  for (int i = 0; i < 2; ++i) patterns.push_back(random_pattern(random));
  for (int i = 0; i < 7; ++i) {
    const std::string& path = random.of(paths);
    patterns.push_back({path, false, parse_path_pattern({path, {}}, false).value()});
  }
  return patterns;
}

std::vector<PathPattern> plain_of(const std::vector<SourcePattern>& patterns) {
  std::vector<PathPattern> plain;
  for (const auto& pattern : patterns) plain.insert(plain.end(), pattern.plain.begin(), pattern.plain.end());
  return plain;
}

}  // namespace

TEST_CASE("products of two lists, beside single pairs: explore is true, complete for short pairs, and shortest") {
  Random random(6);
  const auto paths = all_paths(2);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::vector<SourcePattern>> from, to;
    for (int i = 0; i < 3; ++i) {
      from.push_back(i == 2 ? random_set(random, 2) : long_list(random, paths));
      to.push_back(i == 2 ? random_set(random, 2) : long_list(random, paths));
    }
    if (random.one_in(3)) from[1] = from[0], to[1] = to[0];
    PathSpace space(from.size());
    for (std::uint32_t i = 0; i < from.size(); ++i) space.insert_product(plain_of(from[i]), plain_of(to[i]), bit(i), i);
    // Whether or not hits are told apart, the same bits are found.
    for (const bool every_hit : {true, false}) {
      Collector collector;
      collector.every_hit = every_hit;
      Budget budget;
      REQUIRE(space.explore(budget, collector));
      const auto expected = [&](const std::string& a, const std::string& b) {
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < from.size(); ++i)
          if (!naive_tags(from[i], a).empty() && !naive_tags(to[i], b).empty()) mask |= std::uint64_t{1} << i;
        return mask;
      };
      std::map<std::uint64_t, std::size_t> shortest;
      for (const auto& visit : collector.visits) {
        const auto& labels = visit.labels;
        const auto& witness = visit.witness;
        REQUIRE(witness.size() == 2);
        INFO("witness ", witness[0], " ", witness[1]);
        REQUIRE(expected(witness[0], witness[1]) == labels.bits[0]);
        shortest.emplace(labels.bits[0], witness[0].size() + witness[1].size());
      }
      PathLabels labels;
      for (std::size_t i = 0; i < paths.size(); i += 1 + i / 20) {
        for (std::size_t j = 0; j < paths.size(); j += 1 + j / 20) {
          space.labels_of_pair(paths[i], paths[j], labels);
          INFO("pair ", paths[i], " ", paths[j]);
          REQUIRE(labels.bits[0] == expected(paths[i], paths[j]));
          const auto found = shortest.find(labels.bits[0]);
          REQUIRE(found != shortest.end());
          REQUIRE(found->second <= paths[i].size() + paths[j].size());
        }
      }
    }
  }
}

TEST_CASE("a product of long lists grows with their sum") {
  const auto list = [](const std::string& name) {
    std::vector<PathPattern> patterns;
    for (int i = 0; i < 1000; ++i) patterns.push_back(parse_path_pattern({"/" + name + std::to_string(i), {}}, false).value().front());
    return patterns;
  };
  PathSpace space(1);
  space.insert_product(list("a"), list("b"), bit(0), 0);
  CHECK(space.node_count() < 2'100);
}

TEST_CASE("a question that prunes gets the same answer: inclusion, with its shortest witness") {
  Random random(5);
  const auto paths = all_paths(3);
  int included = 0;
  for (int round = 0; round < 1000; ++round) {
    const auto left = random_set(random, 2), right = random_set(random, 4);
    PathSpace space(2);
    for (const auto& pattern : left)
      for (const auto& plain : pattern.plain) space.insert(plain, bit(0), 0);
    for (const auto& pattern : right)
      for (const auto& plain : pattern.plain) space.insert(plain, bit(1), 1);
    Inclusion inclusion;
    Budget budget;
    REQUIRE(space.explore(budget, inclusion));
    INFO(described(left), "within\n", described(right));
    if (inclusion.witness) {
      REQUIRE(!naive_tags(left, *inclusion.witness).empty());
      REQUIRE(naive_tags(right, *inclusion.witness).empty());
    } else {
      ++included;
    }
    PathLabels labels;
    for (const auto& path : paths) {
      space.labels_of(path, labels);
      if (labels.bits[0] != 1) continue;
      REQUIRE(inclusion.witness.has_value());
      REQUIRE(inclusion.witness->size() <= path.size());
      break;  // in ascending number of names; the rest adds nothing about lengths that the other cases do not
    }
  }
  CHECK(included > 25);
}

TEST_CASE("bits alone: the same sets of bits are visited as when every hit is told apart") {
  Random random(6);
  for (int round = 0; round < 300; ++round) {
    const auto patterns = random_set(random, 7);
    PathSpace space(3);
    for (std::uint32_t i = 0; i < patterns.size(); ++i)
      for (const auto& plain : patterns[i].plain) space.insert(plain, bit(i % 3), i);
    Collector all, only_bits;
    only_bits.every_hit = false;
    Budget budget, other;
    REQUIRE(space.explore(budget, all));
    REQUIRE(space.explore(other, only_bits));
    std::map<std::uint64_t, std::size_t> shortest, found;
    for (const auto& visit : all.visits) shortest.emplace(visit.labels.bits[0], visit.witness[0].size());
    for (const auto& visit : only_bits.visits) {
      REQUIRE(found.emplace(visit.labels.bits[0], visit.witness[0].size()).second);
      PathLabels labels;
      space.labels_of(visit.witness[0], labels);
      REQUIRE(labels.bits == visit.labels.bits);
    }
    INFO(described(patterns));
    REQUIRE(found == shortest);
  }
}

}  // namespace polc::sets
