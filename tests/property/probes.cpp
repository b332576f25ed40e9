#include "probes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "eval/argument_sets.hpp"
#include "support/overloaded.hpp"

namespace polc::property {
namespace {

// Words that a component pattern may match, by simple readings of its wildcards, and some that it may not.
std::vector<std::string> words_for(const sets::Component& component) {
  using Kind = sets::Component::Kind;
  if (component.kind == Kind::literal) return {component.text};
  if (component.kind == Kind::any) return {"", "a", "a/b"};
  if (component.kind == Kind::below) return {"a", "a/b"};
  std::vector<std::string> result;
  for (const std::string star : {"", "a", "0x"}) {
    std::string word;
    for (std::size_t i = 0; i < component.text.size(); ++i) {
      const char c = component.text[i];
      const std::size_t close = c == '[' ? component.text.find(']', i + 2) : std::string::npos;
      if (c == '\\' && i + 1 < component.text.size()) word += component.text[++i];
      else if (c == '*') word += star;
      else if (c == '?') word += 'q';
      else if (close != std::string::npos) {
        const bool inverted = component.text[i + 1] == '!';
        word += inverted ? '~' : component.text[i + 1];
        i = close;
      } else word += c;
    }
    if (!word.empty()) result.push_back(word);
  }
  return result;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

template <class Number>
std::vector<Number> around(const sets::IntervalSet<Number>& set) {
  std::set<Number> result;
  for (const auto& [low, high] : set.intervals()) {
    result.insert(low);
    result.insert(high);
    if (low > 0) result.insert(static_cast<Number>(low - 1));
    if (high < sets::IntervalSet<Number>::maximum) result.insert(static_cast<Number>(high + 1));
    if (result.size() > 24) break;  // a set of many intervals is sampled at its first ones
  }
  return {result.begin(), result.end()};
}

// Takes some of the points that are offered. Each is made only once it is wanted: most of a box's are not.
class Collector {
 public:
  /// Of the first `limit`, from the `first` on every `step`-th; step 0: none, they are counted.
  Collector(std::size_t limit, std::size_t first, std::size_t step) : limit_(limit), next_(first), step_(step) {}
  bool full() const { return offered_ >= limit_; }
  std::size_t offered() const { return offered_; }
  /// Passes over the next points, if none of them would be taken.
  bool passes(std::size_t points) {
    if (step_ != 0 && next_ < offered_ + points) return false;
    offered_ = std::min(limit_, offered_ + points);
    return true;
  }
  template <class Make>
  void add(const Make& make) {
    if (full()) return;
    const std::size_t place = offered_++;
    if (step_ == 0 || place != next_) return;
    next_ += step_;
    points_.emplace_back(make());
  }
  std::vector<ir::Point> take() { return std::move(points_); }

 private:
  std::size_t limit_, next_, step_;
  std::size_t offered_ = 0;
  std::vector<ir::Point> points_;
};

std::vector<ir::Owner> owners_around(const ir::OwnerSet& owners) {
  std::vector<ir::Owner> result{{false, ""}};
  if (owners.any) return result;
  result.push_back({true, ""});
  for (const auto& name : owners.names) result.push_back({false, name});
  return result;
}

// What of a box is looked at around each of its paths.
struct FileChoices {
  explicit FileChoices(const ir::FileBox& box)
      : owners(owners_around(box.owners)), modes{0, box.mode, 04777}, requests(around(box.requests)) {
    requests.insert(requests.begin(), 0);
  }
  // The points of one path and verb.
  std::size_t points(FileVerb verb) const { return count_of(FileType{}) * owners.size() * variants(verb); }
  std::size_t points() const {
    std::size_t result = 0;
    FileVerbs::all().for_each([&](FileVerb verb) { result += points(verb); });
    return result;
  }

  std::vector<ir::Owner> owners;
  std::array<std::uint16_t, 3> modes;
  std::vector<std::uint32_t> requests;
  std::array<ir::Successor, 2> successors{ir::Successor{}, {ir::Successor::Kind::unconfined, ""}};

 private:
  std::size_t variants(FileVerb verb) const {
    switch (verb) {
      case FileVerb::rename:
      case FileVerb::link: return 0;
      case FileVerb::create:
      case FileVerb::chmod: return modes.size();
      case FileVerb::ioctl: return requests.size();
      case FileVerb::exec: return successors.size();
      default: return 1;
    }
  }
};

void probe_file(const FileChoices& choices, FileVerb verb, const std::string& path, Collector& out) {
  const std::size_t points = choices.points(verb);
  if (out.passes(points)) return;
  const std::size_t variants = points / (count_of(FileType{}) * choices.owners.size());
  FileTypes::all().for_each([&](FileType type) {
    for (const ir::Owner& owner : choices.owners)
      for (std::size_t i = 0; i < variants; ++i)
        out.add([&] {
          ir::FilePoint point{verb, path, type, owner, 0, 0, {}};
          if (verb == FileVerb::create || verb == FileVerb::chmod) point.mode = choices.modes[i];
          if (verb == FileVerb::ioctl) point.request = choices.requests[i];
          if (verb == FileVerb::exec) point.successor = choices.successors[i];
          return point;
        });
  });
}

// Of many patterns in one box the first, the last and some between: a box is probed as a rule is, not as a catalogue.
constexpr std::size_t places_at_most = 32;
std::vector<const sets::PathPattern*> some_of(const std::vector<sets::PathPattern>& patterns) {
  std::vector<const sets::PathPattern*> result;
  const std::size_t step = std::max<std::size_t>(1, patterns.size() / places_at_most);
  for (std::size_t i = 0; i < patterns.size(); i += step) result.push_back(&patterns[i]);
  return result;
}

using Paths = std::vector<std::string>;
std::vector<Paths> paths_around_some(const std::vector<sets::PathPattern>& patterns) {
  std::vector<Paths> result;
  for (const auto* pattern : some_of(patterns)) result.push_back(paths_around(*pattern));
  return result;
}

// `probe` of a box returns what offers its points, which is asked twice: how many there are, and for some of them.
auto probe(const ir::FileBox& box) {
  return [choices = FileChoices(box), places = paths_around_some(box.places)](Collector& out) {
    const std::size_t of_path = choices.points();
    for (const Paths& paths : places)
      for (const auto& path : paths) {
        if (out.full()) return;
        if (out.passes(of_path)) continue;
        FileVerbs::all().for_each([&](FileVerb verb) { probe_file(choices, verb, path, out); });
      }
  };
}

void probe_pair(const std::string& from, const std::string& to, Collector& out) {
  if (out.passes(4)) return;
  for (const FileVerb verb : {FileVerb::rename, FileVerb::link})
    for (const FileType type : {FileType::file, FileType::dir}) out.add([&] { return ir::PairPoint{verb, from, to, type, {}}; });
}

auto probe(const ir::PairBox& box) {
  return [sources = paths_around_some(box.from), goals = paths_around_some(box.to)](Collector& out) {
    for (const Paths& from : sources)
      for (const Paths& to : goals) {
        if (out.passes(from.size() * to.size() * 4)) continue;
        for (const auto& a : from)
          for (const auto& b : to) probe_pair(a, b, out);
      }
  };
}

std::vector<ir::UnixAddress> addresses_around(const ir::NetBox& box) {
  std::vector<ir::UnixAddress> result{{}, {ir::UnixAddress::Kind::path, "/tmp/s"}, {ir::UnixAddress::Kind::abstract, "s"}};
  for (const auto& path : box.paths)
    for (const auto& inside : paths_around(path)) result.push_back({ir::UnixAddress::Kind::path, inside});
  for (const auto& name : box.abstracts)
    for (const auto& component : name.components)
      for (const auto& word : words_for(component)) result.push_back({ir::UnixAddress::Kind::abstract, word});
  return result;
}

struct Ends {
  std::size_t of(Family family) const {
    switch (family) {
      case Family::inet: return ip4.size() * ports.size();
      case Family::inet6: return ip6.size() * ports.size();
      case Family::unix_family: return names.size();
      default: return 1;
    }
  }

  std::vector<std::uint32_t> ip4;
  std::vector<sets::Uint128> ip6;
  std::vector<std::uint16_t> ports;
  std::vector<ir::UnixAddress> names;
};

void probe_addresses(const Ends& ends, const ir::NetPoint& start, Collector& out) {
  ir::NetPoint point = start;
  const auto add = [&] { out.add([&] { return point; }); };
  if (start.family == Family::inet) {
    for (const auto address : ends.ip4)
      for (const auto port : ends.ports) point.ip4 = address, point.port = port, add();
  } else if (start.family == Family::inet6) {
    for (const auto address : ends.ip6)
      for (const auto port : ends.ports) point.ip6 = address, point.port = port, add();
  } else if (start.family == Family::unix_family) {
    for (const auto& name : ends.names) point.unix_address = name, add();
  } else {
    add();
  }
}

auto probe(const ir::NetBox& box) {
  return [ends = Ends{around(box.ip4), around(box.ip6), around(box.ports), addresses_around(box)}](Collector& out) {
    constexpr std::uint32_t protocols[] = {0, 6, 17, 132};
    for (unsigned f = 0; f < count_of(Family{}); ++f)
      NetVerbs::all().for_each([&](NetVerb verb) {
        const std::size_t of_type = std::size(protocols) * ends.of(static_cast<Family>(f));
        if (out.passes(count_of(SocketType{}) * of_type)) return;
        SocketTypes::all().for_each([&](SocketType type) {
          if (out.passes(of_type)) return;
          ir::NetPoint point;
          point.verb = verb, point.family = static_cast<Family>(f), point.type = type;
          for (const std::uint32_t protocol : protocols) point.protocol = protocol, probe_addresses(ends, point, out);
        });
      });
  };
}

void constants_of(const ir::Condition& condition, std::vector<ir::ArgumentTest>& out) {
  if (condition.kind == ir::Condition::Kind::test) out.push_back(condition.test);
  for (const auto& term : condition.terms) constants_of(term, out);
}

auto probe(const ir::CallBox& box) {
  sets::ArgumentSpace space;
  const auto inside = eval::argument_set(space, box.where);
  std::vector<sets::Arguments> rows{{}};
  for (const auto set : {inside, space.complement(inside)})
    if (const auto found = space.witness(set)) rows.push_back(*found);
  std::vector<ir::ArgumentTest> tests;
  constants_of(box.where, tests);
  for (std::size_t i = 0, n = rows.size(); i < n; ++i)
    for (const auto& test : tests)
      for (const std::uint64_t value : {test.value, test.value - 1, test.value + 1, test.value ^ (std::uint64_t{1} << 32), ~test.mask}) {
        auto row = rows[i];
        row[test.argument] = value;
        rows.push_back(row);
      }
  return [&box, rows = std::move(rows)](Collector& out) {
    for (const CallId call : box.calls)
      for (const auto& row : rows) out.add([&] { return ir::CallPoint{call, row}; });
  };
}

auto probe(const ir::IdentityBox& box) {
  return [&box](Collector& out) {
    const auto add = [&](const ir::Account& account) { out.add([&] { return ir::IdentityPoint{box.kind, account}; }); };
    for (const auto id : around(box.ids)) add({"", true, id});
    for (const auto& account : box.accounts) {
      add(account);
      add({"", true, account.id + 1});
      add({account.name + "x", false, 0});
    }
    add({"", true, 0});
  };
}

auto probe(const ir::CapabilityBox&) {
  return [](Collector& out) {
    for (std::uint8_t n = 0; n <= 40; ++n) out.add([&] { return ir::CapabilityPoint{n}; });
  };
}

auto probe(const ir::PeerBox& box) {
  std::vector<ir::Peer> peers = box.peers;
  peers.insert(peers.end(), {{ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}, {ir::Peer::Kind::other, ""}});
  return [&box, peers = std::move(peers)](Collector& out) {
    for (std::uint8_t bit = 0; bit < 32; ++bit)
      for (const auto& peer : peers)
        if (bit < 2 || box.kind == ir::PeerKind::signal) out.add([&] { return ir::PeerPoint{box.kind, bit, peer}; });
  };
}

// A box's points are thinned evenly to `share`, so that late verbs and types are met as often as early ones.
std::vector<ir::Point> thinned(const ir::Box& box, std::size_t share, std::size_t start) {
  const auto thin = [&](const auto& one) {
    const auto offer = probe(one);
    Collector counted(share * 8, 0, 0);
    offer(counted);
    const std::size_t step = counted.offered() / share + 1;
    Collector taken(counted.offered(), start % step, step);
    offer(taken);
    return taken.take();
  };
  return std::visit(thin, box);
}

}  // namespace

std::vector<std::string> paths_around(const sets::PathPattern& pattern) {
  std::vector<std::string> inside{""};
  for (const auto& component : pattern.components) {
    std::vector<std::string> next;
    for (const auto& prefix : inside)
      for (const auto& word : words_for(component))
        if (next.size() < 12) next.push_back(word.empty() ? prefix : prefix + "/" + word);
    inside = std::move(next);
  }
  std::set<std::string> result;
  for (std::string& path : inside) {
    if (path.empty()) path = "/";
    result.insert({path, parent_of(path), path == "/" ? "/a" : path + "/a", path == "/" ? "/b" : path + "x", upper(path)});
  }
  return {result.begin(), result.end()};
}

std::vector<ir::Point> probes_for(const std::vector<eval::Part>& parts, Os, std::size_t limit) {
  std::vector<ir::Point> result;
  const std::size_t share = std::max<std::size_t>(8, limit / std::max<std::size_t>(1, parts.size()));
  // With more parts than the limit has room for, every n-th is probed.
  const std::size_t stride = std::max<std::size_t>(1, parts.size() * share / std::max<std::size_t>(1, limit));
  for (std::size_t place = 0; place < parts.size(); place += stride) {
    for (ir::Point& point : thinned(parts[place].box, share, result.size()))
      if (result.size() < limit) result.push_back(std::move(point));
  }
  return result;
}

}  // namespace polc::property
