// How one box of a rule is said, by kind of box, and what grsecurity never sees. See backend.hpp for the contract.
#pragma once

#include "grsecurity/grants.hpp"
#include "grsecurity/model.hpp"

namespace polc::grsecurity {

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy,
                           const target::Settings& settings);
target::Projector projector(const ir::Policy& policy, const target::Settings& settings);
std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings);

/// What project() hands out work with.
struct Request {
  ir::Effect effect{};
  const ir::Policy& policy;
  const Grants& grants;  // of that policy
  bool is_old = false;
  target::Projection result = {};

  bool is_allow() const { return effect == ir::Effect::allow; }
  void add(ir::Box wanted, std::vector<ir::Box> meaning, std::uint16_t form, std::vector<target::Feature> because);
  void lack(ir::Box part, ir::Verdict verdict, target::Feature because) {
    result.lacks.push_back({std::move(part), verdict, because});
  }
};

void project_file(Request& request, const ir::FileBox& box);
void project_pair(Request& request, const ir::PairBox& box);
void project_unix(Request& request, const ir::NetBox& box);
void project_net(Request& request, const ir::NetBox& box);
void project_call(Request& request, const ir::CallBox& box);
void project_capability(Request& request, const ir::CapabilityBox& box);
void project_identity(Request& request, const ir::IdentityBox& box);

/// The capabilities that this gradm has a name for, as bits.
std::uint64_t known_capabilities(bool is_old);

/// Which accounts a subject may become. gradm has a list of allowed names or one of denied names, never both; no list:
/// any account, as long as CAP_SETUID (CAP_SETGID) is kept.
struct Transitions {
  enum class Kind : std::uint8_t { none, allowed, denied } kind = Kind::none;
  bool is_free = false;               // any account but the denied ones
  std::vector<ir::Account> accounts;  // sorted, unique
};
Transitions transitions_of(const ir::Policy& policy, ir::IdentityKind kind, bool is_old);
std::uint8_t capability_of(ir::IdentityKind kind);

}  // namespace polc::grsecurity
