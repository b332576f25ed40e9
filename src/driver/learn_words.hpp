// The policy language for src/learn, which cannot parse: accesses as sets, statements as meanings.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "driver/compile.hpp"
#include "learn/generalise.hpp"

namespace polc::driver {

class LearnWords {
 public:
  /// `names`: policies that `exec P -> NAME` may speak of.
  LearnWords(std::vector<std::string> names, const std::vector<std::string>& directories, diag::SourceMap& sources);

  /// nullopt: it is no access. Each text is looked at once.
  const std::optional<learn::Boxes>& find_boxes(const std::string& access);
  learn::Words words();
  std::vector<learn::Danger> dangers();

 private:
  sema::Program program_of(std::string_view statements);
  ir::Policy policy_of(std::string_view statements);
  learn::Boxes boxes_of(std::string_view access);

  std::vector<std::string> names_;
  const std::vector<std::string>& directories_;
  diag::SourceMap& sources_;
  sema::Program program_;
  std::map<std::string, std::optional<learn::Boxes>> known_;
};

}  // namespace polc::driver
