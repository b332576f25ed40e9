// The parts of project(), one a kind of box. Private to this backend.
#pragma once

#include "systrace/calls.hpp"
#include "systrace/model.hpp"

namespace polc::systrace {

/// Who asks for what: the same for every part.
struct Asking {
  ir::Effect effect{};
  const ir::Policy& policy;
  const target::Settings& settings;
  Version version;
  bool is_allow() const { return effect == ir::Effect::allow; }
};

target::Projection project_file(const ir::FileBox& box, const Asking& asking);
target::Projection project_pair(const ir::PairBox& box, const Asking& asking);
target::Projection project_net(const ir::NetBox& box, const Asking& asking);
target::Projection project_call(const ir::CallBox& box, const Asking& asking);
target::Projection project_identity(const ir::IdentityBox& box, const Asking& asking);
target::Projection project_peer(const ir::PeerBox& box, const Asking& asking);

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy,
                           const target::Settings& settings);
std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings);
target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources);
target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings);
void check(const ir::Policy& policy, const eval::Meaning& meaning, const target::Settings& settings, diag::Sink& sink);

/// Boxes come with a single verb.
template <class Verb>
Verb only_verb(EnumSet<Verb> verbs) {
  Verb result{};
  verbs.for_each([&](Verb verb) { result = verb; });
  return result;
}
constexpr std::uint16_t number_of(Form form) { return static_cast<std::uint16_t>(form); }
/// A piece that permits a call whatever its arguments.
target::Piece whole_piece(ir::Box wanted, std::string_view call, const Asking& asking,
                          std::vector<target::Feature> because);

}  // namespace polc::systrace
