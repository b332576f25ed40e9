// The set that a policy file permits: each kind of access by its ways, each way by the rules that it meets.
#pragma once

#include <tl/expected.hpp>

#include "eval/meaning.hpp"
#include "systrace/rules_met.hpp"
#include "systrace/ways.hpp"
#include "target/reader.hpp"

namespace polc::systrace::syntax {

/// `error`: what is refused with it, instead of what is permitted.
tl::expected<eval::Meaning, target::ReadError> permitted_by(const File& file, RulesMet& rules, const std::string& error = {});

/// A sum of products.
using Formula = std::vector<std::vector<LayerId>>;

/// Accesses that are decided alike: surely permitted where all layers of some product permit, possibly where one does.
struct Kind {
  ir::Box shape;  // without what layers say: places, addresses, accounts
  Formula sure;
  std::vector<LayerId> possible;
  bool decides_alike(const Kind& other) const { return sure == other.sure && possible == other.possible; }
  bool is_nothing() const { return sure.empty() && possible.empty(); }
};

class Permits {
 public:
  Permits(const File& file, RulesMet& rules, const std::string& error) : file_(file), rules_(rules), os_(rules.dialect().os), error_(error) {}
  tl::expected<eval::Meaning, target::ReadError> run();

 private:
  // what is said of each kind
  void files();
  void exec();
  void pairs();
  void networks();
  void identities();
  void peers();
  void calls();
  void opens(CallId call);
  void sockets(CallId call);
  void protections(CallId call);
  Kind kind_of(ir::Box shape, const Ways& ways, const std::optional<std::string>& successor = {});
  void add_kind(Kind kind);
  void add_permitted(ir::Box box, const Events& events);
  std::optional<unsigned> permitting_line(const Events& events);
  bool covers(LayerId a, LayerId b) const;
  std::vector<LayerId> sum(std::vector<LayerId> layers);
  std::vector<LayerId> layers_of(std::size_t policy, const Events& events, Question question);
  void drop_covered(Kind& kind, const Formula& sure) const;
  Formula product_of(const Formula& a, const Formula& b) const;

  // how they share the planes
  struct Plan;
  Plan plan() const;
  void add_parts(const Kind& kind, const Plan& plan);
  void add_layer(const ir::Box& shape, LayerId layer, std::size_t plane);
  void add_any_policy(const std::vector<Layer::Group>& groups, eval::Part part);
  void add_taken(const ir::Box& shape, const Taken& taken, eval::Part part);
  void add_sockets(ir::NetBox box, const Sum& sum, eval::Part part);
  std::vector<sets::PathPattern> places_of(const Sum& sum) const;
  std::vector<ir::NetBox> addresses_of(const Sum& sum) const;
  ir::IdentityBox accounts_of(ir::IdentityKind kind, const Product& product) const;
  /// By a line; by none it is free to everybody.
  void allow(ir::Box box, unsigned line = 0) { parts_.push_back({ir::Effect::allow, std::move(box), {}, false, 0, 0, line}); }

  const File& file_;
  RulesMet& rules_;
  Os os_;
  std::string error_;
  std::vector<Kind> kinds_;
  std::size_t execs_behind_ = 0;  // ranks that are for an exec under another policy
  std::vector<eval::Part> parts_;
  std::optional<std::string> too_complex_;
};

}  // namespace polc::systrace::syntax
