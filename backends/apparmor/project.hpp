// How one box of a rule is said, by kind of box, and what AppArmor never sees. See backend.hpp for the contract.
#pragma once

#include "apparmor/model.hpp"

namespace polc::apparmor {

/// What project() hands out work with.
struct Request {
  ir::Effect effect{};
  const ir::Policy& policy;
  const target::Settings& settings;
  target::Projection result = {};

  bool is_allow() const { return effect == ir::Effect::allow; }
  /// May the profile permit what no rule of the policy does?
  bool is_open() const { return has_abstractions(settings); }
  void add(Form form, ir::Box wanted, std::vector<ir::Box> meaning, std::vector<target::Feature> because = {});
  void lack(ir::Box part, ir::Verdict verdict, target::Feature because);
};

void project_file(Request& request, const ir::FileBox& box);
void project_pair(Request& request, const ir::PairBox& box);
void project_net(Request& request, const ir::NetBox& box);
void project_call(Request& request, const ir::CallBox& box);
void project_capability(Request& request, const ir::CapabilityBox& box);
void project_peer(Request& request, const ir::PeerBox& box);

/// Every path, the root included.
std::vector<sets::PathPattern> every_path();

/// What is left of all calls when those that AppArmor looks at are gone.
void add_unseen_calls(std::vector<ir::Box>& boxes, Abi abi);

}  // namespace polc::apparmor
