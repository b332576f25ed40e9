// The path rules of a policy's file accesses.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "landlock/anchors.hpp"
#include "landlock/choose.hpp"

namespace polc::landlock {

class FileRules {
 public:
  FileRules(const target::Source& source, const Options& options, Rights handled)
      : source_(source), options_(options), handled_(handled) {}

  /// Of all allows.
  void add_parts();
  /// A program that is executed, or its loader, whatever the policy says of it.
  void add_program(const std::string& path, const std::vector<target::Behind>& why);
  /// The parts that allow to execute something.
  const std::vector<target::Behind>& executing() const { return executing_; }
  /// Those that let the program read this file: for what a launcher needs, which no rule asks for.
  std::vector<target::Behind> reading(const std::string& path) const;
  std::vector<PathRule> take();

 private:
  void add(const ir::FileBox& box, std::uint32_t part);
  void add(const ir::PairBox& box, std::uint32_t part);
  void add(const ir::NetBox& box, std::uint32_t part);
  void add_object(const sets::PathPattern& pattern, Rights file, Rights dir, const target::Behind& why);
  void add_entry(const sets::PathPattern& pattern, Rights dir, const target::Behind& why);
  void put(const std::string& path, Rights file, Rights dir, bool is_anchor, const target::Behind& why);
  target::Behind behind(std::uint32_t part, const ir::Box& wanted) const;
  Place where(const sets::PathPattern& pattern) const;
  bool is_replaced(const std::string& path) const;

  const target::Source& source_;
  const Options& options_;
  Rights handled_;
  std::map<std::string, PathRule> rules_;
  std::vector<target::Behind> executing_;
  std::vector<const ir::PairBox*> making_pairs_;  // of allows: what they rename or link something to is replaced
};

}  // namespace polc::landlock
