// What a policy's allow rules put on the objects, looked at from one object: some rights need letters that different
// rules bring (create needs w and c), so a piece's meaning depends on its neighbours.
//   Surroundings around(policy, "/var/lib/tor");   around.nodes_with(letter_w | letter_c)
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
/// The same for all rules of one effect, in order. For a deny: the letters that an allow of the same would bring.
void for_each_box(const ir::Policy& policy, ir::Effect effect, const std::function<bool(const ir::Box&)>& visit);

/// The allow rules whose objects cover `path` or lie below it, and the `rx` that gradm puts on a subject's own file.
class Surroundings {
 public:
  Surroundings(const ir::Policy& policy, std::string_view path);
  /// The letters of all objects that cover the path.
  Letters above() const { return above_; }
  /// The letters of all that cover it or lie below; those of rules alone.
  Letters anywhere() const;
  Letters anywhere_by_rules() const { return by_rules_; }
  /// The highest objects at or below the path that have all these letters; none asked for: that are not hidden.
  std::vector<std::string> nodes_with(Letters letters) const;

 private:
  void add(const std::string& object, Letters letters);

  std::string path_;
  Letters above_ = 0;
  Letters by_rules_ = 0;
  std::map<std::string, Letters, TreeOrder> below_;
};

/// What the letters on this object permit, together with what other rules put above and below it.
std::vector<ir::Box> granted_by(const ir::Policy& policy, const std::string& path, Letters letters);

}  // namespace polc::grsecurity
