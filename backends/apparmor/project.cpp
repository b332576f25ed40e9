#include "apparmor/project.hpp"

#include "knowledge/calls.hpp"
#include "support/overloaded.hpp"

namespace polc::apparmor {
namespace {

using target::Feature;

ir::Box everywhere(FileVerbs verbs, FileTypes types) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = every_path();
  box.types = types;
  return box;
}

ir::Box any_account(ir::IdentityKind kind) {
  ir::IdentityBox box;
  box.kind = kind;
  box.ids = sets::NumberSet::all();
  return box;
}

// CAP_SETUID decides, and it says nothing of who.
void project_identity(Request& request, const ir::IdentityBox& box) {
  request.lack(box, ir::Verdict::unmediated,
               box.kind == ir::IdentityKind::user ? Feature::identity_user : Feature::identity_group);
}

// An abstraction may hold any rule.
void add_everything(std::vector<ir::Box>& boxes) {
  ir::FileBox files;
  files.verbs = FileVerbs::all();
  files.verbs.remove(FileVerb::rename);
  files.verbs.remove(FileVerb::link);
  files.places = every_path();
  files.successors.clear();
  boxes.emplace_back(std::move(files));
  ir::PairBox pairs;
  pairs.verbs = {FileVerb::rename, FileVerb::link};
  pairs.from = pairs.to = every_path();
  boxes.emplace_back(std::move(pairs));
  for (unsigned family = 0; family < count_of(Family{}); ++family) {
    ir::NetBox net;
    net.verbs = NetVerbs::all();
    net.family = static_cast<Family>(family);
    boxes.emplace_back(std::move(net));
  }
  ir::CallBox calls;
  for (std::uint16_t id = 0; id < knowledge::calls_of(Os::linux_os).size(); ++id) calls.calls.push_back(CallId{id});
  boxes.emplace_back(std::move(calls));
  boxes.emplace_back(ir::CapabilityBox{~std::uint64_t{0}});
  for (const ir::PeerKind kind : {ir::PeerKind::signal, ir::PeerKind::ptrace}) {
    ir::PeerBox peers;
    peers.kind = kind;
    peers.what = kind == ir::PeerKind::signal ? ~std::uint64_t{0} : ir::ptrace_read | ir::ptrace_trace;
    peers.any_peer = true;
    boxes.emplace_back(std::move(peers));
  }
}

}  // namespace

void Request::add(Form form, ir::Box wanted, std::vector<ir::Box> meaning, std::vector<Feature> because) {
  result.pieces.push_back({std::move(wanted), std::move(meaning), number_of(form), std::move(because)});
}

void Request::lack(ir::Box part, ir::Verdict verdict, Feature because) {
  result.lacks.push_back({std::move(part), verdict, because});
}

std::vector<sets::PathPattern> every_path() { return {{}, sets::PathPattern{}.with_below()}; }

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy,
                           const target::Settings& settings) {
  Request request{effect, policy, settings};
  std::visit(Overloaded{[&](const ir::FileBox& b) { project_file(request, b); },
                        [&](const ir::PairBox& b) { project_pair(request, b); },
                        [&](const ir::NetBox& b) { project_net(request, b); },
                        [&](const ir::CallBox& b) { project_call(request, b); },
                        [&](const ir::IdentityBox& b) { project_identity(request, b); },
                        [&](const ir::CapabilityBox& b) { project_capability(request, b); },
                        [&](const ir::PeerBox& b) { project_peer(request, b); }},
             box);
  if (request.is_open() && request.is_allow()) request.lack(box, ir::Verdict::unmediated, Feature::raw_text);
  return std::move(request.result);
}

std::vector<ir::Box> unmediated(const ir::Policy&, const target::Settings& settings) {
  FileVerbs unseen;
  for (unsigned i = 0; i < file_verb_names.size(); ++i) {
    const auto verb = static_cast<FileVerb>(i);
    if (letters_of(verb) == 0 && verb != FileVerb::rename && verb != FileVerb::link) unseen.insert(verb);
  }
  std::vector<ir::Box> boxes;
  if (has_abstractions(settings)) add_everything(boxes);
  boxes.push_back(everywhere(unseen, FileTypes::all()));
  // readlink; the root is no symbolic link
  ir::FileBox links;
  links.verbs = {FileVerb::read};
  links.places = {sets::PathPattern{}.with_below()};
  links.types = {FileType::symlink};
  boxes.emplace_back(std::move(links));
  add_unseen_calls(boxes, abi_of(settings));
  boxes.push_back(any_account(ir::IdentityKind::user));
  boxes.push_back(any_account(ir::IdentityKind::group));
  return boxes;
}

}  // namespace polc::apparmor
