// What a whole policy puts on the objects, in one table that is made once: some rights need letters that different rules
// bring (create needs w and c), so what a piece means depends on its neighbours.
//   const Grants grants(policy, is_old);
//   grants.nodes_with("/var/lib/tor", letter_w | letter_c);   // the objects at or below it where files can be made
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grsecurity/model.hpp"
#include "grsecurity/network.hpp"

namespace polc::grsecurity {

/// Making sockets anywhere, which `bind unix` without a path brings along. Opening `/` for that would be absurd.
bool makes_any_socket(const ir::FileBox& box);

/// Calls `visit(pattern, letters)` for each place of a box that brings letters; `visit` returns false to stop.
using GrantVisitor = std::function<bool(const sets::PathPattern&, Letters)>;
bool for_each_grant(const ir::Box& box, const GrantVisitor& visit);
/// The same for all rules of one effect, in order. For a deny: the letters that an allow of the same would bring.
void for_each_box(const ir::Policy& policy, ir::Effect effect, const std::function<bool(const ir::Box&)>& visit);

/// The letters to take off so that the verb is refused. Append is lost with `w` unless another rule allows it by itself.
Letters letters_against(FileVerb verb, bool keeps_append);

/// The policy must outlive it.
class Grants {
 public:
  Grants(const ir::Policy& policy, bool is_old);

  /// The letters of all objects that cover the path.
  Letters above(std::string_view path) const;
  /// Those, and the letters of all objects below it; of allow rules alone, without the `rx` that gradm puts on a subject's
  /// own file.
  Letters anywhere(std::string_view path) const;
  Letters anywhere_by_rules(std::string_view path) const;
  /// The highest objects at or below the path that have all these letters; none asked for: that are not hidden.
  std::vector<std::string> nodes_with(std::string_view path, Letters letters) const;
  /// What the deny rules take off the object, here or above it.
  Letters denied_on(std::string_view path) const;

  /// Every type and protocol of the policy's rules: socket() is checked against the two apart from each other.
  const Words& all_words() const { return all_words_; }
  /// Is there a sock_allow_family for it? netlink and packet for any rule about them, inet6 and other only as a whole.
  bool opens(Family family) const { return open_families_[static_cast<std::size_t>(family)]; }

  /// What the letters on this object permit, together with what other rules put above and below it.
  std::vector<ir::Box> granted_by(const std::string& path, Letters letters) const;

 private:
  struct Object {
    Letters by_rules = 0, all = 0, denied = 0;
  };
  using Objects = std::map<std::string, Object, TreeOrder>;
  /// Moves and links join two objects that may lie anywhere. One object's pieces carry the boxes of all such pairs, so that
  /// the set's size stays linear.
  struct Pairs {
    std::optional<std::string> carrier;  // nullopt: no object has the letters
    ir::PairBox box;
  };

  void add_rule_objects(const ir::Policy& policy);
  void add_denied(const ir::Policy& policy);
  std::optional<std::string> carrier_of(const ir::Policy& policy, Letters letters) const;
  template <class Visit>
  void for_each_above(std::string_view path, const Visit& visit) const;

  Objects objects_;
  Pairs renames_, links_;
  Words all_words_;
  std::array<bool, family_names.size()> open_families_{};
};

}  // namespace polc::grsecurity
