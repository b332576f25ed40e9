// What a profile permits, as a set: security/apparmor/{file,domain,lsm,net,capability,ipc}.c of Linux 6.1, as far as boxes can say
// it. Shares nothing with the side that writes.
//   eval::Meaning permits = permitted_by(*profile_from(text, {}, {}), names);
// All rules add up and a deny takes away, in each plane (eval/order.hpp): what a single access asks; what a rename asks of the old
// name, `r` and `w`, and of the new one, `w`; what a link by the letter `l` asks. For exec a rule for one exact name beats patterns.
// What cannot be known (an abstraction, a condition on a mount) is possible and not sure: it has the planes twice.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apparmor/read_rules.hpp"
#include "eval/meaning.hpp"

namespace polc::apparmor {

/// Which policy a profile's name stands for: the profile's own, and those of the other policies of the file that are called
/// otherwise than these.
class PolicyNames {
 public:
  PolicyNames(const ReadProfile& profile, std::map<std::string, std::string> others) : others_(std::move(others)) {
    if (profile.policy.empty()) others_.emplace(profile.name, profile.name);
    else others_.insert_or_assign(profile.name, profile.policy);
  }
  const std::map<std::string, std::string>& known() const { return others_; }
  std::string policy_of(const std::string& profile) const {
    const auto known = others_.find(profile);
    return known == others_.end() ? profile : known->second;
  }

 private:
  std::map<std::string, std::string> others_;
};

eval::Meaning permitted_by(const ReadProfile& profile, const PolicyNames& names);

/// The calls that AppArmor looks at, with the arguments that it asks about.
std::vector<ir::CallBox> calls_looked_at(bool is_old_abi);

/// Adds the parts of one profile, class by class.
class Permits {
 public:
  Permits(const ReadProfile& profile, const PolicyNames& names);
  eval::Meaning run();

 private:
  using Places = std::vector<sets::PathPattern>;
  enum Plane : std::uint8_t { single, from_r, from_w, to_w };
  static constexpr std::uint8_t first_sure = 4;  // the same four again, of what is sure

  struct At {
    ir::Effect effect{};
    unsigned line = 0;
    bool is_maybe = false;  // an allow that is possible, a deny that is not sure
  };
  static At of(const ReadRule& rule, bool is_maybe = false) { return {rule.effect(), rule.line, is_maybe || rule.other}; }

  void add(ir::Box box, At at, std::uint8_t plane = single) { add_at(std::move(box), at, plane, top_); }
  void add_at(ir::Box box, At at, std::uint8_t plane, std::uint8_t rank);
  void stays(ir::Box box) { add(std::move(box), {ir::Effect::allow}); }

  // Files, renames and links.
  void files();
  void unseen_files();
  void path(std::size_t place);
  void path(std::size_t place, At at, const Places& names, FileTypes types);
  void exec(std::size_t place, At at, ir::FileBox box);
  void rename_ends(const ReadPath& rule, At at, const Places& names, FileTypes types);
  bool leave_out_impossible_renames();
  void summarise_new_names();
  void link(const ReadLink& rule);
  std::vector<bool> beating_rules() const;

  // Links by the letter `l`.
  void subset_link(const ReadPath& rule);
  void subset_letters();
  void add_subset_links(eval::Formula& formula, bool is_sure) const;
  std::uint8_t plane_of_letter() const;

  // Sockets and the other calls that AppArmor looks at.
  void networks();
  void network(const ReadNetwork& rule);
  void sockets(const ReadNetwork& rule);
  bool opens_another_family(const ReadNetwork& rule, SocketType type) const;
  void calls();
  void unix_sockets(const ReadWord& rule);
  void change_profile(const ReadWord& rule);

  void processes();
  void peer(const ReadPeer& rule);
  void abstractions();
  void abstraction(const ReadInclude& one);
  void everything(At at);
  eval::Meaning unconfined() const;

  const ReadProfile& profile_;
  const PolicyNames& names_;
  std::vector<bool> beats_;   // of the profile's paths: exec rules for an exact name that lies in a pattern which leads elsewhere
  std::uint8_t top_ = 0;      // the rank of all parts but exec by a pattern that may be beaten
  bool is_uncertain_ = false;
  bool has_subset_links_ = false;
  std::vector<eval::Part> parts_;
};

}  // namespace polc::apparmor
