// `polc learn`: evidence to a policy that is compiled, tested and linted before anybody sees it (docs/learn.md).
//   if (const auto learned = learn_policy(evidence, request, backends, sources, sink)) write learned->policy
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/replay.hpp"
#include "learn/write.hpp"

namespace polc::driver {

struct LearnRequest {
  std::string name;                      // of the policy, where there is one program; empty: by its path
  bool exact = false;                    // no rewrite but the log's own
  std::set<std::string> off = {};        // rewrites that are not done
  std::vector<std::string> wanted = {};  // abstractions that are used whatever was seen
  bool inlines = false;                  // what an executed program does is its caller's
  std::size_t rare = 0;                  // the report lists rules seen in fewer runs
  std::vector<std::string> directories = {};
  std::string base = {};                 // a file to import, whose policies the result adds to; empty: none
  std::string folder = {};               // where the result will be, with its slash: that import is relative to it
  std::map<std::string, std::string> names = {};  // of programs, what their policies are called
};

/// What a policy does not allow of what was seen.
struct Beyond {
  learn::Evidence evidence;
  std::map<std::string, std::string> names;  // of programs, the policies'
  std::vector<std::string> denied;           // in words: what a `deny` of the policy refuses, which is never put in
};
/// nullopt: an access cannot be understood, or nobody governs any of the programs; reported.
std::optional<Beyond> beyond(Replay& base, const learn::Evidence& evidence, const diag::SourceMap& sources, diag::Sink& sink);

struct Learned {
  std::string policy;   // the file
  std::string report;   // what a reviewer should know, in words
  std::string summary;  // the same in few lines
  std::vector<learn::Named> policies = {};  // what the file was written from
};

/// nullopt: there was nothing to learn from, or a part of it cannot be understood; that is reported. What the result breaks of its
/// own expectations is reported as `polc test` does.
std::optional<Learned> learn_policy(const learn::Evidence& evidence, const LearnRequest& request, Backends backends, diag::SourceMap& sources, diag::Sink& sink);

}  // namespace polc::driver
