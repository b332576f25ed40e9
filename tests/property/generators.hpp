// Random policies that use everything the IR can say, from small pools so that rules overlap, nest and touch.
//   Generator generator(seed, Os::openbsd);   ir::Policy policy = generator.policy();
#pragma once

#include <array>
#include <cstdint>

#include "ir/policy.hpp"
#include "target/backend.hpp"

namespace polc::property {

/// splitmix64: the same numbers on every machine, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class Value, std::size_t n>
  const Value& one_of(const std::array<Value, n>& values) { return values[below(n)]; }

 private:
  std::uint64_t state_;
};

class Generator {
 public:
  Generator(std::uint64_t seed, Os os) : random_(seed), os_(os) {}
  ir::Policy policy();
  /// And a rule more, with a word that stands for many accesses. Apart, for what is drawn from a seed is frozen (tests/frozen).
  ir::Policy policy_with_words();

 private:
  ir::Rule rule();
  ir::Rule word_rule();
  ir::Box box();
  ir::Box file_box();
  ir::Box pair_box();
  ir::Box net_box();
  ir::Box call_box();
  ir::Box identity_box();
  ir::Box peer_box();
  ir::Condition condition(unsigned depth);
  sets::PathPattern pattern();
  std::vector<sets::PathPattern> patterns();
  FileTypes types();
  ir::OwnerSet owners();

  Random random_;
  Os os_;
};

/// How often the boxes of a policy use each feature.
using FeatureCounts = std::array<std::uint64_t, target::feature_count>;
void count_features(const ir::Policy& policy, FeatureCounts& counts);

/// The smallest policy that still fails: rules, boxes and places are left out as long as `fails` says so.
template <class Fails>
ir::Policy shrunk(ir::Policy policy, Fails&& fails) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < policy.rules.size() && policy.rules.size() > 1; ++i) {
      ir::Policy less = policy;
      less.rules.erase(less.rules.begin() + static_cast<std::ptrdiff_t>(i));
      if (fails(less)) policy = std::move(less), smaller = true, --i;
    }
    for (std::size_t i = 0; i < policy.rules.size(); ++i)
      for (ir::Box& box : policy.rules[i].boxes)
        if (auto* file = std::get_if<ir::FileBox>(&box))
          file->verbs.for_each([&](FileVerb verb) {
            const FileVerbs before = file->verbs;
            file->verbs.remove(verb);
            if (file->verbs.empty() || !fails(policy)) file->verbs = before;
          });
  }
  return policy;
}

}  // namespace polc::property
