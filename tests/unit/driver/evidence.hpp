// Evidence for tests: events of one program, all seen in one log.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "driver/learn.hpp"
#include "registry.hpp"

namespace polc::driver_test {

struct Given {
  std::string access;
  learn::Outcome outcome = {};
  std::string program = "/usr/bin/demo";
};

inline learn::Outcome failed(const std::string& error, const std::string& call) { return {learn::Outcome::Kind::failed, error, call, ""}; }

inline learn::Evidence evidence_of(const std::vector<Given>& events, const std::vector<std::pair<std::string, std::string>>& facts = {}) {
  learn::Evidence evidence;
  evidence.sources.push_back({"0123456789abcdef", "run1", "strace", "linux x86_64", "map1", 100, events.size(), true, "demo.strace"});
  std::uint64_t line = 0;
  for (const Given& event : events) evidence.events.push_back({event.program, event.outcome, event.access, {{0, 1, ++line}}});
  for (const auto& [kind, words] : facts) evidence.facts.push_back({kind, words, {0}});
  return learn::normalised(std::move(evidence));
}

inline driver::Learned learned(const learn::Evidence& evidence, const driver::LearnRequest& request = {}) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto result = driver::learn_policy(evidence, request, backends::all(), sources, sink);
  for (const diag::Diagnostic& one : sink.all()) INFO(one.id, " ", one.message);
  REQUIRE(result);
  CHECK(!sink.has_errors());
  return *result;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace polc::driver_test
