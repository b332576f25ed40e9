// What a drop-in says for a policy: what holds for the unit as a whole (plan.cpp), and which part each call and capability is
// listed for.
#include <algorithm>
#include <map>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/model.hpp"
#include "target/inherited.hpp"

namespace polc::systemd {
namespace {

constexpr std::uint64_t every_capability = ~std::uint64_t{0};

std::uint64_t named_capabilities() {
  std::uint64_t bits = 0;
  for (const auto& [name, number] : knowledge::capabilities()) bits |= std::uint64_t{1} << number;
  return bits;
}

class Chooser {
 public:
  explicit Chooser(const target::Source& source) : source_(source) {
    ruleset_.plan = plan_of(source.policy, source.meaning);
    rest_ = ruleset_.plan.calls;
  }

  Ruleset run() {
    for (std::uint32_t i = 0; i < source_.parts.size(); ++i) {
      const eval::Part& part = source_.parts[i];
      const auto* calls = std::get_if<ir::CallBox>(&part.box);
      if (calls != nullptr) part.effect == ir::Effect::allow ? add(*calls, i) : refuse(*calls, i);
      if (const auto* capabilities = std::get_if<ir::CapabilityBox>(&part.box)) add(*capabilities, part.effect, i);
    }
    for (CallList& list : ruleset_.calls) add_origins(list);
    return std::move(ruleset_);
  }

 private:
  // Each call stands at the first part that takes it; one that directives of the unit see into, in a list of its own.
  void add(const ir::CallBox& box, std::uint32_t from) {
    CallList plain{from, {}, {from}};
    for (const CallId call : box.calls) {
      parts_of_call_[call.value].push_back(from);
      const auto limit = arguments_of(ruleset_.plan, call);
      if (!limit || rest_.erase(call.value) == 0) continue;
      if (limit->is_always()) plain.calls.push_back(call);
      else ruleset_.calls.push_back({from, {call}, {from}});
    }
    if (!plain.calls.empty()) ruleset_.calls.push_back(std::move(plain));
  }

  void refuse(const ir::CallBox& box, std::uint32_t from) {
    CallList taken{from, {}, {from}};
    for (const CallId call : box.calls)
      if (ruleset_.plan.unneeded.contains(call.value)) taken.calls.push_back(call);
    if (!taken.calls.empty()) ruleset_.refused.push_back(std::move(taken));
  }

  // A line is there for every part that needs one of its calls.
  void add_origins(CallList& list) {
    list.origins.clear();
    for (const CallId call : list.calls) {
      const auto& parts = parts_of_call_[call.value];
      list.origins.insert(list.origins.end(), parts.begin(), parts.end());
    }
    std::sort(list.origins.begin(), list.origins.end());
    list.origins.erase(std::unique(list.origins.begin(), list.origins.end()), list.origins.end());
  }

  void add(const ir::CapabilityBox& box, ir::Effect effect, std::uint32_t from) {
    const std::uint64_t known = box.capabilities == every_capability ? box.capabilities : box.capabilities & named_capabilities();
    if (known != 0) ruleset_.capabilities.push_back({effect, known, from});
  }

  const target::Source& source_;
  Ruleset ruleset_;
  std::set<std::uint16_t> rest_;  // calls that stand in no list yet
  std::map<std::uint16_t, std::vector<std::uint32_t>> parts_of_call_;
};

}  // namespace

target::Chosen choose(const target::Source& source, const target::Settings& settings) {
  return {std::make_shared<const Ruleset>(Chooser(source).run()), target::losing_gaps(source, settings)};
}

}  // namespace polc::systemd
