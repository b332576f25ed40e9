#include "grsecurity/read.hpp"

#include "grsecurity/evaluate.hpp"
#include "knowledge/calls.hpp"

namespace polc::grsecurity {
namespace {

class AclReader final : public target::Reader {
 public:
  AclReader(Document document, Os os, bool is_old) : document_(std::move(document)), os_(os), is_old_(is_old) {
    for (std::size_t i = 0; i < document_.subjects.size(); ++i)
      if (document_.subjects[i].path != "/") confined_.push_back(i);
    if (confined_.empty()) confined_.push_back(0);
  }

  // A policy with several programs has a subject for each: what one of them may do, the artefact permits.
  bool permits(const ir::Point& point) const override { return decide(point).permits; }
  std::optional<unsigned> line_for(const ir::Point& point) const override { return decide(point).line; }

  std::vector<ir::Point> mentioned() const override {
    std::vector<ir::Point> points;
    for (const std::size_t i : confined_) {
      const AclSubject& subject = document_.subjects[i];
      add_file(points, subject.path);
      for (const AclObject& object : subject.objects) {
        add_file(points, object.path);
        add_file(points, object.path == "/" ? "/x" : object.path + "/x");
      }
      for (const AclRule& rule : subject.rules) add_rule(points, rule);
      for (const auto* list : {&subject.users, &subject.groups}) add_accounts(points, *list, list == &subject.users);
    }
    for (std::uint8_t capability = 0; capability <= 40; ++capability)
      points.emplace_back(ir::CapabilityPoint{capability});
    return points;
  }

 private:
  Answer decide(const ir::Point& point) const {
    Answer answer;
    for (const std::size_t i : confined_) {
      answer = Confined(document_, i, os_, is_old_).decide(point);
      if (answer.permits) break;
    }
    return answer;
  }

  static void add_file(std::vector<ir::Point>& points, const std::string& path) {
    for (const FileVerb verb : {FileVerb::read, FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::remove,
                                FileVerb::exec, FileVerb::stat}) {
      ir::FilePoint point;
      point.verb = verb;
      point.path = path;
      points.emplace_back(std::move(point));
    }
  }

  void add_rule(std::vector<ir::Point>& points, const AclRule& rule) const {
    if (rule.is_disabled) return;
    const auto socket = knowledge::find_call(os_, "socket");
    for (const SocketType type : {SocketType::stream, SocketType::dgram, SocketType::raw}) {
      for (const auto& interval : rule.protocols.intervals()) {
        ir::NetPoint point;
        point.verb = rule.is_bind ? NetVerb::bind : NetVerb::connect;
        point.type = type;
        point.protocol = interval.low;
        for (const std::uint32_t address : {rule.address, rule.address | ~rule.mask})
          for (const std::uint32_t port : {rule.low_port, rule.high_port}) {
            point.ip4 = address;
            point.port = static_cast<std::uint16_t>(port);
            points.emplace_back(point);
          }
        const std::uint64_t number = type == SocketType::stream ? 1 : type == SocketType::dgram ? 2 : 3;
        if (socket) points.emplace_back(ir::CallPoint{*socket, {2, number, interval.low}});
      }
    }
  }

  void add_accounts(std::vector<ir::Point>& points, const std::optional<AclTransitions>& list, bool is_user) const {
    if (!list) return;
    const auto kind = is_user ? ir::IdentityKind::user : ir::IdentityKind::group;
    for (const std::string& name : list->names) {
      ir::IdentityPoint point{kind, {name, false, 0}};
      if (const auto number = document_.accounts.find({kind, name}); number != document_.accounts.end())
        point.account = {name, true, number->second};
      points.emplace_back(std::move(point));
    }
  }

  Document document_;
  Os os_;
  bool is_old_;
  std::vector<std::size_t> confined_;
};

}  // namespace

target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings) {
  const auto version = settings.options.find("version");
  const bool is_old = version != settings.options.end() && version->second == "2.1";
  auto document = parse(text, {is_old, settings.format == "policy"});
  if (!document) return tl::unexpected(document.error());
  return std::make_unique<AclReader>(std::move(*document), configuration.os, is_old);
}

}  // namespace polc::grsecurity
