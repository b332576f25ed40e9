#include "driver/proof.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "eval/compare.hpp"
#include "eval/inside.hpp"
#include "eval/lookup.hpp"
#include "eval/probes.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

// Of each side: on a compile some for each rule of an ordinary policy, evenly for a large one; else enough to meet each
// boundary of an ordinary policy.
constexpr std::size_t most_sampled = 3'000, most_probes = 20'000, most_boundaries = 200'000;

constexpr ir::AccessClass every_class[] = {ir::AccessClass::file, ir::AccessClass::net, ir::AccessClass::syscall,
                                           ir::AccessClass::process};

// Without what they are indented by.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    lines.push_back(line.substr(std::min(line.find_first_not_of(" \t"), line.size())));
    at = end + 1;
  }
  return lines;
}

// The raw texts for the target. One that is accepted must not cover what another one opens.
class RawTexts {
 public:
  struct One {
    diag::SourceRange range;
    std::vector<std::string_view> lines;
    bool accepted = false;  // wider on this target
  };

  explicit RawTexts(const TargetResult& result) {
    for (const ir::Raw& text : result.policy->raws) {
      if (text.target != result.backend->name) continue;
      const bool accepted = std::any_of(text.accepts.begin(), text.accepts.end(), [&](std::uint32_t place) {
        const ir::Accept& accept = result.policy->accepts[place];
        return accept.verdict == ir::Verdict::wider && accept.target == result.backend->name;
      });
      all_.push_back({text.range, lines_of(text.text), accepted});
    }
    if (!all_.empty()) artefact_ = lines_of(result.artifact.text);
  }

  bool empty() const { return all_.empty(); }
  diag::SourceRange last_range() const { return all_.back().range; }

  /// The text that says the line which permits the access; where several say it, one that is accepted speaks for all. Where
  /// that cannot be told, any may have opened it: then one that nobody has accepted, if there is one.
  const One& opener_of(const ir::Point& point, const target::Reader& reader) const {
    const auto open = std::find_if(all_.begin(), all_.end(), [](const One& one) { return !one.accepted; });
    if (open == all_.end()) return all_.back();
    const auto number = reader.line_for(point);
    if (!number || *number == 0 || *number > artefact_.size()) return *open;
    const One* found = nullptr;
    for (const One& one : all_) {
      if (std::find(one.lines.begin(), one.lines.end(), artefact_[*number - 1]) == one.lines.end()) continue;
      if (found == nullptr || one.accepted) found = &one;
    }
    return found != nullptr ? *found : *open;
  }

 private:
  std::vector<One> all_;
  std::vector<std::string_view> artefact_;
};

// Where both are sets, the algebra decides; false: the budget ended before all was seen.
bool compare_exactly(const target::Reader& reader, const eval::Meaning& other, eval::Kinds kinds, const DifferenceVisitor& visit) {
  const eval::Meaning* const sides[] = {reader.meaning(), &other};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool stopped = false;
  const bool complete = eval::compare(sides, terms, budget, kinds, [&](const ir::Point& point, eval::TermSet holding) {
    if (!reader.is_exact_for(ir::class_of(point))) return true;
    stopped = !visit(point, (holding & 1u) != 0);
    return !stopped;
  });
  return complete || stopped;
}

// A box is looked for among so many that were seen before it; thousands of rules bring the same few calls.
constexpr std::size_t remembered_boxes = 200;

/// The boundaries of the parts that the algebra could not compare; each box once.
void add_probes(const eval::Meaning& side, const std::function<bool(ir::AccessClass)>& is_open, std::size_t at_most,
                std::vector<ir::Point>& out) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : side.parts()) {
    if (!is_open(ir::class_of(part.box))) continue;
    const auto until = parts.size() < remembered_boxes ? parts.end() : parts.begin() + remembered_boxes;
    const auto is_it = [&](const eval::Part& other) { return other.box == part.box; };
    if (std::none_of(parts.begin(), until, is_it)) parts.push_back({part.effect, part.box, {}, false});
  }
  for (ir::Point& point : eval::probes_for(parts, side.os(), at_most))
    if (is_open(ir::class_of(point))) out.push_back(std::move(point));
}

// Keeps every n-th of what it is given, so that late ones are met as often as early ones; never more than so many, whatever
// comes, for the boundaries of a large policy are millions.
class Evenly {
 public:
  explicit Evenly(std::size_t at_most) : at_most_(at_most) {}

  /// `make` is called if the point is kept.
  template <class Make>
  void add(const Make& make) {
    if (seen_++ % step_ != 0) return;
    if (points_.size() == at_most_) keep_every_second();
    if ((seen_ - 1) % step_ == 0) points_.emplace_back(make());
  }
  std::vector<ir::Point> take() { return std::move(points_); }

 private:
  void keep_every_second() {
    for (std::size_t i = 1; 2 * i < points_.size(); ++i) points_[i] = std::move(points_[2 * i]);
    points_.resize((points_.size() + 1) / 2);
    step_ *= 2;
  }

  std::size_t at_most_, seen_ = 0, step_ = 1;
  std::vector<ir::Point> points_;
};

// Paths near a file box under what it says of them, and each end of each range of any other box: what a slip of one
// character changes.
void add_boundaries(const ir::Box& box, Evenly& out) {
  for (ir::Point& point : eval::points_inside(box)) out.add([&] { return std::move(point); });
  const auto* file = std::get_if<ir::FileBox>(&box);
  if (file == nullptr) return;
  for (const sets::PathPattern& place : file->places)
    for (const std::string& path : eval::paths_around(place))
      file->verbs.for_each([&](FileVerb verb) {
        for (const FileType type : {FileType::file, FileType::dir, FileType::symlink})
          for (const bool self : {false, true}) out.add([&] { return ir::FilePoint{verb, path, type, {self, ""}, 0, 0, {}}; });
      });
}

// A mention names an access in its plainest form; the same of other types is near, and so are the next ports and addresses.
void add_variants(const ir::Point& point, Evenly& out) {
  if (const auto* file = std::get_if<ir::FilePoint>(&point))
    for (const FileType type : {FileType::dir, FileType::symlink})
      out.add([&] {
        ir::FilePoint variant = *file;
        variant.type = type;
        return variant;
      });
  const auto* net = std::get_if<ir::NetPoint>(&point);
  if (net == nullptr || (net->family != Family::inet && net->family != Family::inet6)) return;
  for (const int step : {-1, 1}) {
    ir::NetPoint port = *net, address = *net;
    port.port = static_cast<std::uint16_t>(port.port + step);
    address.ip4 += static_cast<std::uint32_t>(step);
    address.ip6 += static_cast<sets::Uint128>(step);
    out.add([&] { return port; });
    out.add([&] { return address; });
  }
}

// Some of every kind, whether or not either side speaks of it.
void add_of_every_kind(std::vector<ir::Point>& out) {
  using Kind = ir::Peer::Kind;
  for (std::uint8_t number = 0; number <= 40; ++number) out.emplace_back(ir::CapabilityPoint{number});
  for (const Kind peer : {Kind::self, Kind::children, Kind::other}) {
    for (std::uint8_t number = 1; number < 32; ++number) out.emplace_back(ir::PeerPoint{ir::PeerKind::signal, number, {peer, ""}});
    for (std::uint8_t bit = 0; bit < 2; ++bit) out.emplace_back(ir::PeerPoint{ir::PeerKind::ptrace, bit, {peer, ""}});
  }
  for (const auto kind : {ir::IdentityKind::user, ir::IdentityKind::group}) out.emplace_back(ir::IdentityPoint{kind, {"", true, 0}});
  for (unsigned family = 0; family < count_of(Family{}); ++family)
    NetVerbs::all().for_each([&](NetVerb verb) {
      SocketTypes::all().for_each([&](SocketType type) { out.emplace_back(ir::NetPoint{verb, static_cast<Family>(family), type, 0, 0, 0, 0, {}}); });
    });
  FileVerbs::all().for_each([&](FileVerb verb) {
    if (verb == FileVerb::rename || verb == FileVerb::link) out.emplace_back(ir::PairPoint{verb, "/a", "/b", {}, {}});
    else out.emplace_back(ir::FilePoint{verb, "/a", {}, {}, 0, 0, {}});
  });
}

class Asker {
 public:
  Asker(const target::Reader& reader, const Reference& reference, Depth depth)
      : reader_(reader), reference_(reference), permitted_(reference.permitted), depth_(depth) {}

  std::size_t run(const DifferenceVisitor& visit) {
    const eval::Meaning* const other = reference_.own != nullptr ? reference_.own->meaning() : &reference_.permitted;
    compared_ = reader_.meaning() != nullptr && other != nullptr && compare_exactly(reader_, *other, reference_.kinds, visit);
    if (std::none_of(std::begin(every_class), std::end(every_class), [&](ir::AccessClass c) { return is_open(c); })) return 0;
    // One kind of points after the other, each forgotten once it is asked: together they would be gigabytes.
    ask(probes(), visit);
    if (is_thorough()) ask(boundaries(), visit);
    std::vector<ir::Point> mentioned = points_mentioned();
    ask(sample_of(mentioned), visit);
    // Variants would say the same differences again, in other words.
    if (found_ || !is_thorough()) return asked_;
    Evenly near(most_boundaries);
    for (const ir::Point& point : mentioned) add_variants(point, near);
    mentioned = {};
    ask(near.take(), visit);
    return asked_;
  }

 private:
  bool is_open(ir::AccessClass c) const {
    return !compared_ || !reader_.is_exact_for(c) || (reference_.own != nullptr && !reference_.own->is_exact_for(c));
  }

  bool should_permit(const ir::Point& point) {
    return reference_.own != nullptr ? reference_.own->permits(point) : permitted_.permits(point);
  }

  bool is_thorough() const { return depth_ == Depth::thorough; }

  void ask(const std::vector<ir::Point>& points, const DifferenceVisitor& visit) {
    for (const ir::Point& point : points) {
      if (stopped_) return;
      if (!is_open(ir::class_of(point))) continue;
      ++asked_;
      const bool permits = reader_.permits(point);
      if (permits == should_permit(point)) continue;
      found_ = true;
      stopped_ = !visit(point, permits);
    }
  }

  std::vector<ir::Point> probes() const {
    const auto is_asked = [&](ir::AccessClass c) { return is_open(c); };
    std::vector<ir::Point> points;
    for (const eval::Meaning* side : {&reference_.permitted, &reference_.meaning})
      add_probes(*side, is_asked, is_thorough() ? most_probes : most_sampled, points);
    if (is_thorough()) add_of_every_kind(points);
    return points;
  }

  std::vector<ir::Point> boundaries() const {
    Evenly points(most_boundaries);
    for (const eval::Meaning* side : {&reference_.permitted, &reference_.meaning})
      for (const eval::Part& part : side->parts())
        if (is_open(ir::class_of(part.box))) add_boundaries(part.box, points);
    return points.take();
  }

  std::vector<ir::Point> sample_of(const std::vector<ir::Point>& mentioned) const {
    Evenly sample(is_thorough() ? most_boundaries : most_sampled);
    for (const ir::Point& point : mentioned) sample.add([&] { return point; });
    return sample.take();
  }

  std::vector<ir::Point> points_mentioned() const {
    std::vector<ir::Point> points;
    for (const target::Reader* reader : {&reader_, reference_.own})
      if (reader != nullptr)
        for (ir::Point& point : reader->mentioned())
          if (is_open(ir::class_of(point))) points.push_back(std::move(point));
    return points;
  }

  const target::Reader& reader_;
  const Reference& reference_;
  eval::Lookup permitted_;
  Depth depth_;
  bool compared_ = false;
  bool found_ = false, stopped_ = false;  // a difference; the visitor has seen enough
  std::size_t asked_ = 0;
};

}  // namespace

std::size_t differences(const target::Reader& reader, const Reference& reference, Depth depth, const DifferenceVisitor& visit) {
  return Asker(reader, reference, depth).run(visit);
}

std::shared_ptr<const target::Reader> proven(const TargetResult& result, diag::Sink& sink) {
  const std::string name(result.backend->name);
  const RawTexts raws(result);
  auto reader = target::read_artefact(*result.backend, result.artifact.text, result.policy->configuration, result.settings);
  if (!reader) {
    if (!raws.empty()) sink.add(diag::unreadable_raw, raws.last_range(), name, reader.error().message);
    else sink.add(diag::proof_failed, result.policy->range, name, "it cannot be read back: " + reader.error().message);
    return nullptr;
  }
  const std::shared_ptr<const target::Reader> shared = std::move(*reader);
  const Reference reference{result.legalised.permitted, *result.meaning, nullptr, raws.empty() ? eval::Kinds::by_answer : eval::Kinds::by_place};
  differences(*shared, reference, Depth::sampled, [&](const ir::Point& point, bool permits) {
    const std::string words = format::text_of(result.policy->configuration.os, point);
    if (!raws.empty() && permits) {
      const RawTexts::One& raw = raws.opener_of(point, *shared);
      if (!raw.accepted) sink.add(diag::raw_opens, raw.range, name, words);
      return raw.accepted;
    }
    sink.add(diag::proof_failed, result.policy->range, name,
             std::string(permits ? "it permits `" : "it refuses `") + words + "`");
    return false;
  });
  return shared;
}

}  // namespace polc::driver
