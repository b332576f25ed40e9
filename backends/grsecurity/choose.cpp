#include "grsecurity/choose.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "support/overloaded.hpp"

namespace polc::grsecurity {
namespace {

using target::Feature;

constexpr std::uint64_t most_files_of_old = 1024;
constexpr unsigned resource_nofile = 7;

/// gradm takes a colon for the beginning of a nested subject.
bool is_sayable_program(std::string_view program) { return is_printable_path(program) && program.find(':') == std::string_view::npos; }

/// The programs' paths, each a subject; a policy without programs has one place-holder. gradm puts `rx` on each itself.
std::vector<std::string> subjects_of(const ir::Policy& policy) {
  std::vector<std::string> subjects;
  std::copy_if(policy.programs.begin(), policy.programs.end(), std::back_inserter(subjects), is_sayable_program);
  if (subjects.empty()) subjects.push_back("/path/of/" + policy.name);
  return subjects;
}

// What gradm itself would refuse, or take for something else, without naming a place of the policy.
std::vector<diag::Diagnostic> diagnostics_of(const ir::Policy& policy, bool is_old) {
  diag::Sink sink;
  for (const std::string& program : policy.programs)
    if (!is_sayable_program(program)) sink.add(diag::program_not_sayable, policy.range, program, std::string("grsecurity"));
  for (const ir::Limit& limit : policy.limits)
    if (is_old && limit.resource == resource_nofile && limit.bound > most_files_of_old)
      sink.add(diag::limit_too_high, limit.range, std::string("grsecurity"), std::string("nofile"), most_files_of_old);
  return sink.all();
}

class Chooser {
 public:
  Chooser(const target::Source& source, bool is_old)
      : source_(source),
        is_old_(is_old),
        subjects_(subjects_of(source.policy)),
        grants_(source.policy, subjects_),
        objects_(grants_),
        nets_(source.policy, is_old) {
    for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group})
      ruleset_.transitions.push_back(transitions_of(source, kind, is_old));
  }

  target::Chosen run() {
    for (std::uint32_t i = 0; i < source_.parts.size(); ++i) add(i);
    for (const std::string& subject : subjects_) ruleset_.subjects.push_back(objects_.subject_of(subject));
    ruleset_.capabilities = capability_lines(source_, is_old_);
    nets_.finish(ruleset_);
    return {std::make_shared<const Ruleset>(std::move(ruleset_)), std::move(gaps_), diagnostics_of(source_.policy, is_old_)};
  }

 private:
  void add(std::uint32_t place) {
    const eval::Part& part = source_.parts[place];
    const Wish wish{source_, place, gaps_};
    std::visit(Overloaded{[&](const ir::FileBox& box) { objects_.add(wish, box); },
                          [&](const ir::PairBox& box) { objects_.add(wish, box); },
                          [&](const ir::NetBox& box) {
                            if (box.family == Family::unix_family) objects_.add_unix(wish, box);
                            else nets_.add(wish, box);
                          },
                          [&](const ir::CallBox& box) { nets_.add(wish, box); },
                          [&](const ir::IdentityBox& box) {
                            note_gaps(wish, box, ruleset_.transitions[box.kind == ir::IdentityKind::user ? 0 : 1], is_old_);
                          },
                          [&](const ir::CapabilityBox& box) { note_gaps(wish, box, is_old_); },
                          [&](const ir::PeerBox& box) {
                            // Subject modes k and p protect a process from signals, t and r are about ptrace; none names a peer.
                            wish.gap(box, ir::Verdict::unmediated, box.kind == ir::PeerKind::signal ? Feature::signal : Feature::ptrace);
                          }},
               part.box);
  }

  const target::Source& source_;
  bool is_old_;
  std::vector<std::string> subjects_;
  Grants grants_;
  ObjectChooser objects_;
  NetChooser nets_;
  Ruleset ruleset_;
  std::vector<target::Gap> gaps_;
};

}  // namespace

target::Chosen choose(const target::Source& source, const target::Settings& settings) { return Chooser(source, is_old(settings)).run(); }

}  // namespace polc::grsecurity
