// What a whole policy puts on the objects, in one table that is made once: whether a deny takes a letter or hides its object
// depends on its neighbours.
//   const Grants grants(policy, subjects);
//   grants.has_together("/var/lib/tor", letter_w | letter_c);   // can files be made anywhere at or below it?
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "grsecurity/model.hpp"

namespace polc::grsecurity {

/// Making sockets anywhere, which `bind unix` without a path brings along. Opening `/` for that would be absurd.
bool makes_any_socket(const ir::FileBox& box);

/// Calls `visit(pattern, letters)` for each place of a box that brings letters; `visit` returns false to stop.
using GrantVisitor = std::function<bool(const sets::PathPattern&, Letters)>;
bool for_each_grant(const ir::Box& box, const GrantVisitor& visit);
/// The boxes of all rules of one effect, in order; `visit` returns false to stop.
void for_each_box(const ir::Policy& policy, ir::Effect effect, const std::function<bool(const ir::Box&)>& visit);

class Grants {
 public:
  Grants(const ir::Policy& policy, const std::vector<std::string>& subjects);

  /// The letters of all objects that cover the path.
  Letters above(std::string_view path) const;
  /// Those, and the letters of all objects below it; of allow rules alone, without the `rx` that gradm puts on a subject's
  /// own file.
  Letters anywhere(std::string_view path) const;
  Letters anywhere_by_rules(std::string_view path) const;
  /// Has some object at or below the path all these letters? None asked for: is one not hidden?
  bool has_together(std::string_view path, Letters letters) const;
  /// What the deny rules take off the object, here or above it.
  Letters denied_on(std::string_view path) const;

 private:
  struct Object {
    Letters by_rules = 0, all = 0, denied = 0;
  };

  void add_rule_objects(const ir::Policy& policy);
  void add_denied(const ir::Policy& policy);
  template <class Visit>
  void for_each_above(std::string_view path, const Visit& visit) const;

  std::map<std::string, Object, TreeOrder> objects_;
};

}  // namespace polc::grsecurity
