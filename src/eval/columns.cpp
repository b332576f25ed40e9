#include "eval/columns.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "knowledge/relation.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

using sets::PathPattern;

const std::vector<PathPattern> everywhere = sets::every_path();

// What the boxes of a comparison tell apart in each small dimension: representatives, the plainest first.
struct Dimensions {
  std::vector<FileType> types;
  std::vector<ir::Owner> owners;
  std::vector<std::uint16_t> modes;
  std::vector<std::uint32_t> requests;
  std::vector<ir::Successor> successors;
  std::vector<std::uint32_t> protocols;  // of unix sockets
};

template <class Visit>
void for_each_box(std::span<const Meaning* const> sides, Visit&& visit) {
  for (const Meaning* side : sides)
    for (const Part& part : side->parts()) visit(part.box);
}

struct Seen {
  std::vector<FileTypes> types;
  std::vector<ir::OwnerSet> owners;
  std::vector<std::uint16_t> modes;
  std::vector<std::uint32_t> request_starts{0};
  std::vector<ir::Successor> successors{ir::Successor{}, {ir::Successor::Kind::unconfined, ""}};
  std::vector<std::uint32_t> protocol_starts{0};
};

template <class Value>
void keep_unique(std::vector<Value>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void add_starts(const sets::NumberSet& set, std::vector<std::uint32_t>& starts) {
  for (const auto& interval : set.intervals()) {
    starts.push_back(interval.low);
    if (interval.high != sets::NumberSet::maximum) starts.push_back(interval.high + 1);
  }
}

void note_owners(const ir::OwnerSet& owners, Seen& seen) {
  if (!owners.any && std::find(seen.owners.begin(), seen.owners.end(), owners) == seen.owners.end())
    seen.owners.push_back(owners);
}

void note(const ir::Box& box, Seen& seen) {
  if (const auto* file = std::get_if<ir::FileBox>(&box)) {
    seen.types.push_back(file->types);
    note_owners(file->owners, seen);
    if (file->mode != ir::all_mode_bits) seen.modes.push_back(file->mode);
    add_starts(file->requests, seen.request_starts);
    seen.successors.insert(seen.successors.end(), file->successors.begin(), file->successors.end());
  } else if (const auto* pair = std::get_if<ir::PairBox>(&box)) {
    seen.types.push_back(pair->types);
    note_owners(pair->owners, seen);
  } else if (const auto* net = std::get_if<ir::NetBox>(&box); net != nullptr && net->family == Family::unix_family) {
    add_starts(net->protocols, seen.protocol_starts);
  }
}

// Types that every box holds or lacks together are one class; the first stands for it.
std::vector<FileType> type_classes(std::vector<FileTypes> sets) {
  sets.push_back({FileType::socket});  // bind brings the creation of just these
  std::sort(sets.begin(), sets.end(), [](FileTypes a, FileTypes b) { return a.bits() < b.bits(); });
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  std::map<std::vector<bool>, FileType> classes;
  std::vector<FileType> result;
  FileTypes::all().for_each([&](FileType type) {
    std::vector<bool> signature;
    for (const FileTypes set : sets) signature.push_back(set.contains(type));
    if (classes.emplace(std::move(signature), type).second) result.push_back(type);
  });
  return result;
}

std::vector<ir::Owner> owner_classes(const std::vector<ir::OwnerSet>& sets) {
  std::vector<std::string> names{""};
  bool self = false;
  for (const auto& set : sets) {
    names.insert(names.end(), set.names.begin(), set.names.end());
    self |= set.self;
  }
  keep_unique(names);
  std::vector<ir::Owner> result;
  for (const auto& name : names) {
    result.push_back({false, name});
    if (self) result.push_back({true, name});
  }
  return result;
}

// 4096 modes under a handful of masks: those that no mask tells apart are one class. Bits that every mask holds or lacks
// together are one kind of bit, and the lowest of each kind make up the plainest mode of every class.
std::vector<std::uint16_t> mode_classes(std::vector<std::uint16_t> masks) {
  keep_unique(masks);
  if (masks.empty()) return {0};
  std::map<std::vector<bool>, std::uint16_t> kinds;
  for (unsigned bit = 1; bit <= ir::all_mode_bits; bit <<= 1) {
    std::vector<bool> signature;
    for (const std::uint16_t mask : masks) signature.push_back((bit & ~mask) == 0);
    kinds.emplace(std::move(signature), static_cast<std::uint16_t>(bit));
  }
  std::vector<std::uint16_t> modes{0};
  for (const auto& [signature, bit] : kinds)
    for (std::size_t i = 0, n = modes.size(); i < n; ++i) modes.push_back(modes[i] | bit);
  std::sort(modes.begin(), modes.end());
  std::map<std::vector<bool>, std::uint16_t> classes;
  std::vector<std::uint16_t> result;
  for (const std::uint16_t mode : modes) {
    std::vector<bool> signature;
    for (const std::uint16_t mask : masks) signature.push_back((mode & ~mask) == 0);
    if (classes.emplace(std::move(signature), mode).second) result.push_back(mode);
  }
  return result;
}

Dimensions dimensions_of(std::span<const Meaning* const> sides) {
  Seen seen;
  for_each_box(sides, [&](const ir::Box& box) { note(box, seen); });
  keep_unique(seen.request_starts);
  keep_unique(seen.successors);
  keep_unique(seen.protocol_starts);
  return {type_classes(std::move(seen.types)), owner_classes(seen.owners),       mode_classes(std::move(seen.modes)),
          std::move(seen.request_starts),      std::move(seen.successors), std::move(seen.protocol_starts)};
}

void add_file_columns(const Dimensions& dimensions, FileVerb verb, FileType type, const ir::Owner& owner,
                      std::vector<ir::Point>& out) {
  ir::FilePoint point;
  point.verb = verb;
  point.type = type;
  point.owner = owner;
  if (verb == FileVerb::create || verb == FileVerb::chmod) {
    for (const auto mode : dimensions.modes) out.emplace_back((point.mode = mode, point));
  } else if (verb == FileVerb::ioctl) {
    for (const auto request : dimensions.requests) out.emplace_back((point.request = request, point));
  } else if (verb == FileVerb::exec) {
    for (const auto& successor : dimensions.successors) out.emplace_back((point.successor = successor, point));
  } else {
    out.emplace_back(point);
  }
}

void add_unix_columns(const Dimensions& dimensions, ir::UnixAddress::Kind kind, std::vector<ir::Point>& out) {
  NetVerbs::all().for_each([&](NetVerb verb) {
    SocketTypes::all().for_each([&](SocketType type) {
      for (const auto protocol : dimensions.protocols)
        out.emplace_back(ir::NetPoint{
            .verb = verb, .family = Family::unix_family, .type = type, .protocol = protocol, .unix_address = {kind, ""}});
    });
  });
}

void add_every_file_column(const Dimensions& dimensions, std::vector<ir::Point>& out) {
  FileVerbs::all().for_each([&](FileVerb verb) {
    if (verb == FileVerb::rename || verb == FileVerb::link) return;
    for (const FileType type : dimensions.types)
      for (const auto& owner : dimensions.owners) add_file_columns(dimensions, verb, type, owner, out);
  });
}

bool binds_a_path(const ir::Box& box) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  return net != nullptr && net->family == Family::unix_family && net->verbs.contains(NetVerb::bind) &&
         (net->any_unix_address || !net->paths.empty());
}

bool brings_files_by_bind(std::span<const Meaning* const> sides) {
  return std::any_of(sides.begin(), sides.end(), [](const Meaning* side) {
    return side->has_implications() && std::any_of(side->parts().begin(), side->parts().end(),
                                                   [](const Part& part) { return binds_a_path(part.box); });
  });
}

void add_pair_columns(const Dimensions& dimensions, std::vector<ir::Point>& out) {
  for (const FileVerb verb : {FileVerb::rename, FileVerb::link})
    for (const FileType type : dimensions.types)
      for (const auto& owner : dimensions.owners)
        out.emplace_back(ir::PairPoint{.verb = verb, .from = {}, .to = {}, .type = type, .owner = owner});
}

bool is_of_one_verb(const ir::Point& a, const ir::Point& b) {
  const auto* file = std::get_if<ir::FilePoint>(&a);
  const auto* other = std::get_if<ir::FilePoint>(&b);
  if (file != nullptr && other != nullptr) return file->verb == other->verb;
  const auto* net = std::get_if<ir::NetPoint>(&a);
  const auto* other_net = std::get_if<ir::NetPoint>(&b);
  if (net != nullptr && other_net != nullptr) return net->verb == other_net->verb;
  return std::holds_alternative<ir::PairPoint>(a) && std::holds_alternative<ir::PairPoint>(b);
}

// Which columns bring which: each is asked of those alone that have a verb it may bring.
class Bringing {
 public:
  explicit Bringing(const Columns& columns) : columns_(columns) {
    for (std::uint32_t i = 0; i < columns.asked; ++i)
      if (const auto* file = std::get_if<ir::FilePoint>(&columns.points[i])) of_verb_[static_cast<std::size_t>(file->verb)].push_back(i);
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> run() {
    for (std::uint32_t from = 0; from < columns_.points.size(); ++from)
      std::visit(Overloaded{[&](const ir::FilePoint& point) { add(from, point); },
                            [&](const ir::NetPoint& point) { add(from, point); }, [](const auto&) {}},
                 columns_.points[from]);
    return std::move(result_);
  }

 private:
  void add(std::uint32_t from, const ir::FilePoint& point) {
    for (const auto& row : knowledge::implied_file_verbs())
      if (row.of == point.verb)
        add(from, row.also, [&](const ir::FilePoint& to) { return point.type == to.type && point.owner == to.owner; });
  }

  void add(std::uint32_t from, const ir::NetPoint& point) {
    if (point.verb == NetVerb::bind && point.protocol == 0)
      add(from, FileVerb::create, [](const ir::FilePoint& to) { return to.type == FileType::socket; });
  }

  template <class Fits>
  void add(std::uint32_t from, FileVerb verb, const Fits& fits) {
    for (const std::uint32_t to : of_verb_[static_cast<std::size_t>(verb)])
      if (fits(std::get<ir::FilePoint>(columns_.points[to]))) result_.emplace_back(from, to);
  }

  const Columns& columns_;
  std::array<std::vector<std::uint32_t>, count_of(FileVerb{})> of_verb_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result_;
};

}  // namespace

sets::Bits Columns::bits_of(const ir::Box& box) const {
  sets::Bits bits(words(), 0);
  for (std::size_t i = 0; i < points.size(); ++i)
    if (ir::contains_anywhere(box, points[i])) bits[i / 64] |= std::uint64_t{1} << (i % 64);
  return bits;
}

std::vector<std::uint32_t> Columns::groups(const ir::LeftOut& left_out) const {
  if (!left_out.type && !left_out.owner && !left_out.mode && !left_out.request && !left_out.successor) return {};
  const auto reduced = [&](ir::Point point) {
    if (auto* file = std::get_if<ir::FilePoint>(&point)) {
      if (left_out.type) file->type = {};
      if (left_out.owner) file->owner = {};
      if (left_out.mode) file->mode = 0;
      if (left_out.request) file->request = 0;
      if (left_out.successor) file->successor = {};
    } else if (auto* pair = std::get_if<ir::PairPoint>(&point)) {
      if (left_out.type) pair->type = {};
      if (left_out.owner) pair->owner = {};
    }
    return point;
  };
  std::vector<ir::Point> leaders;
  std::vector<std::uint32_t> places, result;
  std::size_t of_verb = 0;  // the first leader of this verb: those of one verb stand together
  for (std::uint32_t i = 0; i < points.size(); ++i) {
    ir::Point key = reduced(points[i]);
    if (i != 0 && !is_of_one_verb(points[i - 1], points[i])) of_verb = leaders.size();
    const auto found = std::find(leaders.begin() + static_cast<std::ptrdiff_t>(of_verb), leaders.end(), key);
    result.push_back(found == leaders.end() ? i : places[static_cast<std::size_t>(found - leaders.begin())]);
    if (found != leaders.end()) continue;
    leaders.push_back(std::move(key));
    places.push_back(i);
  }
  return result;
}

Columns columns_for(PathKind kind, std::span<const Meaning* const> sides) {
  const Dimensions dimensions = dimensions_of(sides);
  Columns columns{kind, {}, 0, {}};
  switch (kind) {
    case PathKind::file: add_every_file_column(dimensions, columns.points); break;
    case PathKind::pair: add_pair_columns(dimensions, columns.points); break;
    case PathKind::socket: add_unix_columns(dimensions, ir::UnixAddress::Kind::path, columns.points); break;
    case PathKind::abstract: add_unix_columns(dimensions, ir::UnixAddress::Kind::abstract, columns.points); break;
  }
  columns.asked = columns.points.size();
  if (kind != PathKind::file) return columns;
  if (brings_files_by_bind(sides)) add_unix_columns(dimensions, ir::UnixAddress::Kind::path, columns.points);
  columns.brings = Bringing(columns).run();
  return columns;
}

const std::vector<PathPattern>& places_of(const ir::Box& box, PathKind kind, bool implications) {
  static const std::vector<PathPattern> none, any_name = sets::parse_name_pattern({"*", {}}).value();
  if (const auto* file = std::get_if<ir::FileBox>(&box)) return kind == PathKind::file ? file->places : none;
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr || net->family != Family::unix_family) return none;
  if (kind == PathKind::file && !(implications && binds_a_path(box))) return none;
  if (kind == PathKind::socket || kind == PathKind::file) return net->any_unix_address ? everywhere : net->paths;
  if (kind != PathKind::abstract) return none;
  return net->any_unix_address ? any_name : net->abstracts;
}

}  // namespace polc::eval
