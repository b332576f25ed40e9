// What a policy means: a set of accesses that can be asked and compared, exactly.
//   Meaning meaning = meaning_of(policy);             // [[P]] = C(A - D) - D
//   decide(meaning, point).allowed
// A Meaning is also what a target permits (T): the same type without implications, so that the two can be compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "eval/order.hpp"
#include "ir/policy.hpp"

namespace polc::eval {

/// One box of a set, with the rules it stands for; of what a target permits, with the artefact's line.
struct Part {
  ir::Effect effect{};
  ir::Box box;
  std::vector<ir::RuleId> rules;  // never empty for a policy's parts
  bool implied = false;           // not written in the rule: a call that an allow brings, or that a deny closes
  std::uint8_t rank = 0;          // order.hpp says how ranks and planes decide
  std::uint8_t plane = 0;
  std::uint32_t line = 0;         // 1-based, of the artefact that says it; 0: none, the target's own default
  bool operator==(const Part&) const = default;
  /// Does a deny rule name what the box holds? A call that one only closes is refused, and nobody has lost a deny of it.
  bool names_denied() const { return effect == ir::Effect::deny && !implied; }
};

/// Compiled for asking; cheap to copy (shared), never changes.
class Meaning {
 public:
  Meaning();
  const std::vector<Part>& parts() const;
  Os os() const;
  /// True for a policy's meaning, where `read` brings `stat` and so on; false for what a target permits.
  bool has_implications() const;
  const Order& order() const;

  struct Index;
  const Index& index() const { return *index_; }

 private:
  explicit Meaning(std::nullptr_t) {}
  friend Meaning make_meaning(std::vector<Part> parts, Os os, bool implications, Formulas formulas);
  std::shared_ptr<const Index> index_;
};

/// The policy's own meaning, implied accesses and the calls that perform them included.
Meaning meaning_of(const ir::Policy& policy);
/// Exactly these boxes: allows less denies, or as the parts' ranks and planes and the formulas say. With implications there is
/// one plane of one rank.
Meaning make_meaning(std::vector<Part> parts, Os os, bool implications, Formulas formulas = {});
/// What the boxes hold, by no rule's doing.
Meaning set_of(std::vector<ir::Box> boxes, Os os, bool implications = false);

struct Decision {
  bool allowed = false;
  bool implied = false;           // allowed only because another access brings it
  std::vector<ir::RuleId> rules;  // those that decided: the denies if any apply, else the allows that bring it; sorted
};
Decision decide(const Meaning& meaning, const ir::Point& point);
/// Is it in the set whatever is not known? decide() says what is possible.
bool surely_allows(const Meaning& meaning, const ir::Point& point);

/// The places in parts() whose boxes hold the point, in order; implications are not followed.
std::vector<std::uint32_t> parts_at(const Meaning& meaning, const ir::Point& point);
/// Of these the ones that decide: the denies, or else the allows, of the highest rank that holds it, in each plane that has a say.
std::vector<std::uint32_t> deciding_parts(const Meaning& meaning, const ir::Point& point);

/// The places in parts() of the file boxes (and unix sockets) that name this path, whatever they say of it.
std::vector<std::uint32_t> parts_naming(const Meaning& meaning, std::string_view path);

/// The points that bring this one along if they are allowed and not denied (`read` of a file for its `stat`), for
/// explanations; the same table that decide follows. Empty for most.
std::vector<ir::Point> bringers_of(const Meaning& meaning, const ir::Point& point);

}  // namespace polc::eval
