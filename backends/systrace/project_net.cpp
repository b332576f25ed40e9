#include <algorithm>

#include "sets/port_regex.hpp"
#include "systrace/project.hpp"

namespace polc::systrace {
namespace {

using target::Feature;
using target::Piece;
using target::Projection;

std::string_view call_of(NetVerb verb) {
  switch (verb) {
    case NetVerb::connect: return "connect";
    case NetVerb::bind: return "bind";
    case NetVerb::listen: return "listen";
    case NetVerb::accept: return "accept";
    case NetVerb::send: return "sendto";
    case NetVerb::receive: return "recvfrom";
  }
  return "";
}

Feature feature_of(NetVerb verb) {
  return static_cast<Feature>(static_cast<unsigned>(Feature::net_connect) + static_cast<unsigned>(verb));
}
static_assert(static_cast<unsigned>(Feature::net_receive) - static_cast<unsigned>(Feature::net_connect) ==
              static_cast<unsigned>(NetVerb::receive));

ir::NetBox of_any_socket(const ir::NetBox& box) {
  ir::NetBox result = box;
  result.types = SocketTypes::all();
  result.protocols = sets::NumberSet::all();
  return result;
}

bool is_everything(const ir::NetBox& box) {
  return box.types.is_all() && box.protocols.is_all() && box.ip4.is_all() && box.ip6.is_all() && box.ports.is_all() &&
         box.any_unix_address;
}

/// Some allow rule names every family for the verb: `send any`.
bool is_any_everywhere(const ir::NetBox& box, const ir::Policy& policy) {
  if (!is_everything(box)) return false;
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    unsigned families = 0;
    for (const ir::Box& other : rule.boxes)
      if (const auto* net = std::get_if<ir::NetBox>(&other);
          net != nullptr && net->verbs.includes(box.verbs) && is_everything(*net))
        families |= 1u << static_cast<unsigned>(net->family);
    if (families == (1u << count_of(Family{})) - 1) return true;
  }
  return false;
}

std::vector<Feature> unseen(const ir::NetBox& box) {
  if (box.types.is_all() && box.protocols.is_all()) return {};
  return {Feature::net_protocol};
}

/// The addresses that the regular expressions of address_regexes match.
std::vector<ir::Box> address_meaning(const ir::NetBox& box) {
  ir::NetBox said = of_any_socket(box);
  if (box.family == Family::inet6 && !ip6_is_exact(box.ip6)) said.ip6 = sets::Ip6Set::all();
  if (!said.any_unix_address) said.abstracts.clear();
  if (box.family != Family::netlink && box.family != Family::packet && box.family != Family::other) return {said};
  std::vector<ir::Box> result;
  for (const Family family : {Family::netlink, Family::packet, Family::other})
    result.emplace_back((said.family = family, said));
  return result;
}

// bind makes the socket file too; unless something else can, refusing the one refuses the other.
void add_socket_file(const ir::NetBox& box, const Asking& asking, std::vector<ir::Box>& out) {
  if (box.family != Family::unix_family || !box.verbs.contains(NetVerb::bind)) return;
  if (!asking.is_allow() && allows_nodes(asking.policy)) return;
  ir::FileBox socket;
  socket.verbs = {FileVerb::create};
  socket.types = {FileType::socket};
  socket.places = box.any_unix_address ? everywhere() : box.paths;
  if (!socket.places.empty()) out.emplace_back(std::move(socket));
}

Piece address_piece(const ir::NetBox& box, const Asking& asking) {
  Piece piece{box, address_meaning(box), number_of(Form::by_address), unseen(box)};
  if (box.family == Family::inet6 && !ip6_is_exact(box.ip6))
    piece.because.insert(piece.because.begin(), Feature::address_inet6);
  add_socket_file(box, asking, piece.meaning);
  if (asking.is_allow()) piece.meaning.push_back(whole_call_box(asking.policy, call_of(only_verb(box.verbs))));
  if (piece.because.empty()) piece.because.push_back(feature_of(only_verb(box.verbs)));
  return piece;
}

// ---- the how-to's frame: any host of both families, and a relative or odd unix path that looks like one

/// A block of port_regex_blocks as a component glob: `{n}` repeats the digit or class before it.
std::string glob_of_block(std::string_view block) {
  std::string out, unit;
  for (std::size_t i = 0; i < block.size();) {
    if (block[i] == '{') {
      for (int n = block[i + 1] - '0'; n > 1; --n) out += unit;
      i += 3;
      continue;
    }
    const std::size_t length = block[i] == '[' ? block.find(']', i) + 1 - i : 1;
    unit = block.substr(i, length);
    out += unit;
    i += length;
  }
  return out;
}

void add_lookalikes(std::string_view block, std::vector<sets::PathPattern>& out) {
  const std::string end = ":" + glob_of_block(block);
  for (const std::string& text : {"/**/*inet-*" + end, "/**/*inet-*/**/*" + end})
    if (const auto patterns = sets::parse_path_pattern({text, {}}, false))
      out.insert(out.end(), patterns->begin(), patterns->end());
}

Piece port_piece(const ir::NetBox& box, const Asking& asking) {
  Piece piece{box, {}, number_of(Form::port_lines), {Feature::address_inet6}};
  ir::NetBox said = of_any_socket(box);
  for (const Family family : {Family::inet, Family::inet6}) piece.meaning.emplace_back((said.family = family, said));
  ir::NetBox lookalikes = of_any_socket(box);
  lookalikes.family = Family::unix_family;
  lookalikes.any_unix_address = false;
  for (const auto& interval : box.ports.intervals())
    if (interval.low != interval.high)
      for (const auto& block :
           sets::port_regex_blocks(sets::PortSet::range(interval.low, interval.high), sets::PortMode::domain))
        add_lookalikes(block, lookalikes.paths);
  std::sort(lookalikes.paths.begin(), lookalikes.paths.end());
  if (!lookalikes.paths.empty()) piece.meaning.emplace_back(std::move(lookalikes));
  piece.meaning.push_back(whole_call_box(asking.policy, call_of(only_verb(box.verbs))));
  return piece;
}

bool suits_port_lines(const ir::NetBox& box, const Asking& asking) {
  if (!asking.is_allow() || !is_howto(asking.settings) || box.ports.is_all() || !box.verbs.contains(NetVerb::connect))
    return false;
  return (box.family == Family::inet && box.ip4.is_all()) || (box.family == Family::inet6 && box.ip6.is_all());
}

// ---- by verb

void project_whole(const ir::NetBox& box, const Asking& asking, Projection& out) {
  const NetVerb verb = only_verb(box.verbs);
  if (asking.is_allow()) out.pieces.push_back(whole_piece(box, call_of(verb), asking, {feature_of(verb)}));
  else out.lacks.push_back({box, ir::Verdict::unmediated, feature_of(verb)});
}

void project_unix(const ir::NetBox& box, const Asking& asking, Projection& out) {
  if (box.any_unix_address) {
    out.pieces.push_back(address_piece(box, asking));
    return;
  }
  if (!box.abstracts.empty()) {
    ir::NetBox names = box;
    names.paths.clear();
    out.lacks.push_back(
        {names, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, Feature::address_abstract});
  }
  for (const auto& path : box.paths) {
    ir::NetBox one = box;
    one.paths = {path};
    one.abstracts.clear();
    if (strict_test(path).fits) out.pieces.push_back(address_piece(one, asking));
    else
      out.lacks.push_back(
          {one, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, Feature::address_unix});
  }
}

}  // namespace

Projection project_net(const ir::NetBox& box, const Asking& asking) {
  Projection out;
  const NetVerb verb = only_verb(box.verbs);
  if (verb == NetVerb::listen || verb == NetVerb::accept || verb == NetVerb::receive) {
    project_whole(box, asking, out);
  } else if (!asking.is_allow() && verb == NetVerb::send && is_send_open_anyway(asking.policy, asking.version)) {
    out.lacks.push_back({box, ir::Verdict::unmediated, Feature::net_send});
  } else if (asking.is_allow() && is_any_everywhere(box, asking.policy)) {
    Piece piece = whole_piece(box, call_of(verb), asking, {feature_of(verb)});
    piece.form = number_of(Form::any_address);
    add_socket_file(box, asking, piece.meaning);
    out.pieces.push_back(std::move(piece));
  } else if (box.family == Family::unix_family) {
    project_unix(box, asking, out);
  } else if (suits_port_lines(box, asking)) {
    out.pieces.push_back(port_piece(box, asking));
  } else {
    out.pieces.push_back(address_piece(box, asking));
  }
  return out;
}

}  // namespace polc::systrace
