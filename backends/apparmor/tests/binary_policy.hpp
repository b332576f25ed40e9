// The oracle: a profile as the kernel gets it, made by the real apparmor_parser, decoded, and asked by walking its
// automata. It reads neither profiles nor anything of polc's; what it knows of the format stands in binary_policy.cpp.
//   auto policy = compiled(text);   policy->permits(point)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/access.hpp"

namespace polc::apparmor {

/// A comb-compressed automaton over bytes. State 0 is the trap, state 1 the start.
class Automaton {
 public:
  static std::optional<Automaton> decode(std::string_view blob);
  std::uint32_t walk(std::uint32_t state, std::string_view bytes) const;
  std::uint32_t accept(std::uint32_t state) const { return state < accept_.size() ? accept_[state] : 0; }
  std::uint32_t step(std::uint32_t state, std::uint8_t byte) const;
  std::size_t state_count() const { return base_.size(); }

 private:
  std::vector<std::uint32_t> accept_, base_, check_, default_, classes_, next_;
};

class BinaryPolicy {
 public:
  /// Of the stream's first profile; nullopt: not in the format of feature ABI 3.0.
  static std::optional<BinaryPolicy> decode(std::string_view stream);
  /// Of all its profiles, in their order; empty: one is not in that format.
  static std::vector<BinaryPolicy> decode_all(std::string_view stream);

  /// nullopt: the kernel does not ask AppArmor about such an access.
  std::optional<bool> permits(const ir::Point& point, const std::string& profile) const;

  // What profile_difference.cpp compares.
  std::uint64_t capabilities() const { return capabilities_; }
  const std::optional<Automaton>& files() const { return files_; }
  const std::optional<Automaton>& rest() const { return rest_; }
  const std::vector<std::string>& targets() const { return targets_; }

 private:
  std::optional<bool> permits_file(const ir::FilePoint& point) const;
  bool permits_pair(const ir::PairPoint& point) const;
  bool permits_socket(unsigned domain, unsigned type) const;
  bool permits_peer(const ir::PeerPoint& point, const std::string& label) const;
  std::optional<bool> permits_call(const ir::CallPoint& point) const;
  /// The half of a file state's permissions that holds for the owner, or for others.
  std::uint32_t at(const std::string& name, bool owner) const;

  std::uint64_t capabilities_ = 0;
  std::optional<Automaton> files_, rest_;
  std::vector<std::string> targets_;  // of exec rules with a name
};

inline constexpr const char* strict_options = "--warn=all --Werror -M /etc/apparmor.d/abi/3.0 -S";
/// Runs apparmor_parser as the tests want it: every warning an error, feature ABI 3.0; a minute at most.
struct ParserRun {
  int status = 0;
  std::string output;    // the binary policy
  std::string messages;  // without the line about the cache
};
ParserRun run_parser(const std::string& profile, const std::string& options = strict_options);
/// Empty when the real parser can be run; else why not.
std::string parser_missing();

}  // namespace polc::apparmor
