#include <algorithm>

#include "knowledge/calls.hpp"
#include "plain/model.hpp"
#include "plain/read_fields.hpp"
#include "sets/glob.hpp"

namespace polc::plain {
namespace {

using Strings = std::vector<std::string>;

template <class Enum, std::size_t n>
Enum name_from(Fields& fields, const std::array<std::string_view, n>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return static_cast<Enum>(at - names.begin());
  fields.fail("unknown word `" + name + "`");
  return Enum{};
}

template <class Enum, std::size_t n>
EnumSet<Enum> set_from(Fields& fields, const std::array<std::string_view, n>& names, const Strings& values) {
  EnumSet<Enum> out;
  for (const std::string& value : values) out.insert(name_from<Enum>(fields, names, value));
  return out;
}

// A dimension that the line leaves out is at its widest.
template <class Number>
sets::IntervalSet<Number> take_ranges(Fields& fields, const std::string& key) {
  if (!fields.has(key)) return sets::IntervalSet<Number>::all();
  return ranges_from<Number>(fields, fields.take(key));
}

FileTypes take_types(Fields& fields) {
  if (!fields.has("type")) return FileTypes::all();
  return set_from<FileType>(fields, file_type_names, fields.take("type"));
}

std::vector<sets::PathPattern> take_patterns(Fields& fields, const std::string& key, bool is_name = false) {
  if (!fields.has(key)) fields.fail("the field `" + key + "` is missing");
  std::vector<sets::PathPattern> out;
  for (const std::string& value : fields.take(key)) {
    const sets::PatternText text = sets::decoded_pattern(value);
    const auto parsed = is_name ? sets::parse_name_pattern(text) : sets::parse_path_pattern(text, false);
    if (!parsed) fields.fail("`" + value + "` is no pattern");
    else out.insert(out.end(), parsed->begin(), parsed->end());
  }
  return out;
}

ir::OwnerSet take_owners(Fields& fields) {
  ir::OwnerSet out;
  out.any = !fields.has("owner");
  for (const std::string& value : fields.take("owner")) {
    if (value == "self") out.self = true;
    else if (auto name = after("user:", value)) out.names.push_back(*std::move(name));
    else fields.fail("`" + value + "` is no owner");
  }
  std::sort(out.names.begin(), out.names.end());
  return out;
}

std::vector<ir::Successor> take_successors(Fields& fields) {
  if (!fields.has("successor")) return {ir::Successor{}};
  std::vector<ir::Successor> out;
  for (const std::string& value : fields.take("successor")) {
    if (value == "same") out.push_back({ir::Successor::Kind::same, ""});
    else if (value == "unconfined") out.push_back({ir::Successor::Kind::unconfined, ""});
    else if (auto name = after("policy:", value)) out.push_back({ir::Successor::Kind::policy, *std::move(name)});
    else fields.fail("`" + value + "` is no successor");
  }
  std::sort(out.begin(), out.end());
  return out;
}

ir::FileBox file_from(Fields& fields) {
  ir::FileBox box;
  box.verbs = set_from<FileVerb>(fields, file_verb_names, fields.words());
  box.places = take_patterns(fields, "path");
  box.types = take_types(fields);
  box.owners = take_owners(fields);
  if (const auto text = fields.take_raw("mode")) {
    const auto mode = number_from(*text);
    if (!mode || *mode > ir::all_mode_bits) fields.fail("`" + *text + "` is no mode");
    else box.mode = static_cast<std::uint16_t>(*mode);
  }
  box.requests = take_ranges<std::uint32_t>(fields, "request");
  box.successors = take_successors(fields);
  return box;
}

ir::PairBox pair_from(Fields& fields) {
  ir::PairBox box;
  box.verbs = set_from<FileVerb>(fields, file_verb_names, fields.words());
  box.from = take_patterns(fields, "from");
  box.to = take_patterns(fields, "to");
  box.types = take_types(fields);
  box.owners = take_owners(fields);
  return box;
}

ir::NetBox net_from(Fields& fields) {
  ir::NetBox box;
  box.verbs = set_from<NetVerb>(fields, net_verb_names, fields.words());
  box.family = name_from<Family>(fields, family_names, fields.word());
  if (fields.has("type")) box.types = set_from<SocketType>(fields, socket_type_names, fields.take("type"));
  box.protocols = take_ranges<std::uint32_t>(fields, "protocol");
  box.ip4 = take_ranges<std::uint32_t>(fields, "ip4");
  box.ip6 = take_ranges<sets::Uint128>(fields, "ip6");
  box.ports = take_ranges<std::uint16_t>(fields, "port");
  box.any_unix_address = !fields.has("path") && !fields.has("abstract");
  if (!box.any_unix_address) {
    box.paths = take_patterns(fields, "path");
    box.abstracts = take_patterns(fields, "abstract", true);
  }
  return box;
}

ir::CallBox call_from(Os os, Fields& fields) {
  ir::CallBox box;
  for (const std::string& name : fields.words()) {
    if (const auto call = knowledge::find_call(os, name)) box.calls.push_back(*call);
    else fields.fail("unknown system call `" + name + "`");
  }
  std::sort(box.calls.begin(), box.calls.end());
  if (const auto text = fields.take_raw("where")) {
    auto condition = condition_from(*text);
    if (!condition) fields.fail(condition.error());
    else box.where = *std::move(condition);
  }
  return box;
}

ir::IdentityBox identity_from(ir::IdentityKind kind, Fields& fields) {
  ir::IdentityBox box{kind, ranges_from<std::uint32_t>(fields, fields.take("id")), {}};
  for (const std::string& value : fields.take("account")) {
    const std::size_t colon = value.rfind(':');
    if (colon == std::string::npos) {
      fields.fail("`" + value + "` is no NAME:NUMBER");
      continue;
    }
    ir::Account account{value.substr(0, colon), colon + 1 < value.size(), 0};
    const auto id = number_from(value.substr(colon + 1));
    if (account.has_id && (!id || *id > ~std::uint32_t{0})) fields.fail("`" + value + "` has a bad number");
    else if (account.has_id) account.id = static_cast<std::uint32_t>(*id);
    box.accounts.push_back(std::move(account));
  }
  return box;
}

ir::PeerBox peers_from(ir::PeerKind kind, Fields& fields) {
  ir::PeerBox box{kind, bits_from(fields, fields.words()), false, {}};
  for (const std::string& value : fields.take("to")) {
    if (value == "any") box.any_peer = true;
    else if (value == "self") box.peers.push_back({ir::Peer::Kind::self, ""});
    else if (value == "children") box.peers.push_back({ir::Peer::Kind::children, ""});
    else if (value == "other") box.peers.push_back({ir::Peer::Kind::other, ""});
    else if (auto name = after("policy:", value)) box.peers.push_back({ir::Peer::Kind::policy, *std::move(name)});
    else fields.fail("`" + value + "` is no peer");
  }
  std::sort(box.peers.begin(), box.peers.end());
  return box;
}

ir::Box box_from(Os os, Fields& fields) {
  const std::string kind = fields.word();
  if (kind == "file") return file_from(fields);
  if (kind == "pair") return pair_from(fields);
  if (kind == "net") return net_from(fields);
  if (kind == "call") return call_from(os, fields);
  if (kind == "user") return identity_from(ir::IdentityKind::user, fields);
  if (kind == "group") return identity_from(ir::IdentityKind::group, fields);
  if (kind == "capability") return ir::CapabilityBox{bits_from(fields, fields.words())};
  if (kind == "signal") return peers_from(ir::PeerKind::signal, fields);
  if (kind == "ptrace") return peers_from(ir::PeerKind::ptrace, fields);
  fields.fail("unknown kind of access `" + kind + "`");
  return {};
}

}  // namespace

tl::expected<Line, std::string> line_from(Os os, std::string_view text) {
  Fields fields(text);
  Line line;
  const std::string effect = fields.word();
  if (effect == "deny") line.effect = ir::Effect::deny;
  else if (effect != "allow") fields.fail("unknown word `" + effect + "`");
  line.box = box_from(os, fields);
  if (const std::string& mistake = fields.finish(); !mistake.empty()) return tl::unexpected(mistake);
  return line;
}

}  // namespace polc::plain
