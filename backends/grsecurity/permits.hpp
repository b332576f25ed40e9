// What a document permits, as a set: grsecurity/gracl.c, gracl_fs.c, gracl_ip.c and gracl_cap.c of the patch for Linux 4.9, as
// far as boxes can say it.
//   eval::Meaning permits = *permitted_by(document, os, is_old);
// Shares nothing with the side that writes. A subject has three planes (eval/order.hpp): what a single access asks, and the two
// ends of a rename or link. In each the object deepest in the tree decides, the last line about a capability, the first line
// that matches an address.
#pragma once

#include <string_view>
#include <vector>

#include "eval/meaning.hpp"
#include "grsecurity/syntax.hpp"

namespace polc::grsecurity {

/// A document with several subjects permits what one of them may do.
tl::expected<eval::Meaning, target::ReadError> permitted_by(const Document& document, Os os, bool is_old);

struct Planes {
  std::uint8_t single = 0, from = 1, to = 2;
};

/// Adds the parts of one subject, class by class.
class Permits {
 public:
  Permits(const Document& document, std::size_t subject, Planes planes, Os os, bool is_old, std::vector<eval::Part>& parts)
      : document_(document), index_(subject), planes_(planes), os_(os), is_old_(is_old), parts_(parts) {}

  /// Why they cannot be told apart: more ranks than a plane has.
  std::optional<std::string> run();

 private:
  /// A rank in words that can be too large; `ranks_` keeps the largest.
  struct At {
    ir::Effect effect;
    std::size_t rank;
    unsigned line;
  };
  struct Object;

  void add(ir::Box box, At at) { add(std::move(box), at, planes_.single); }
  void add(ir::Box box, At at, std::uint8_t plane);
  void stays(ir::Box box, unsigned line = 0) { add(std::move(box), {ir::Effect::allow, 0, line}); }

  void files();
  std::vector<Object> objects() const;
  void add_object(const Object& object, const ir::PairBox& all);

  void networks();
  void unix_sockets();
  void internet();
  void add_rules(bool is_bind);
  void add_rule(const AclRule& rule, At at);
  void calls();
  void sockets();
  void internet_sockets();

  void capabilities();
  void identities(ir::IdentityKind kind, const std::optional<AclTransitions>& list);
  void peers();

  const AclSubject& subject() const { return document_.subjects[index_]; }
  /// The subject, its parent, that one's parent ...
  std::vector<std::size_t> chain() const;
  bool is_unrestricted() const;
  /// The line that opens a family, 0 where none need; nullopt: it is closed.
  std::optional<unsigned> opens(std::uint32_t family) const;

  struct Kept {
    bool keeps = true;
    unsigned line = 0;
  };
  Kept kept(unsigned capability) const;

  const Document& document_;
  std::size_t index_;
  Planes planes_;
  Os os_;
  bool is_old_;
  std::vector<eval::Part>& parts_;
  std::size_t ranks_ = 0;
};

}  // namespace polc::grsecurity
