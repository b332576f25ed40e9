// Accesses drawn at random, mostly near what some sets of them name: for asking an artefact many questions.
//   Drawer drawer({&meaning, &permitted}, seed);   const ir::Point point = drawer.draw();
#pragma once

#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "eval/meaning.hpp"

namespace polc::property {

class Drawer {
 public:
  Drawer(std::span<const eval::Meaning* const> sets, std::uint64_t seed);
  /// The same row of accesses for the same sets and seed.
  ir::Point draw();

 private:
  void collect(const ir::FileBox& box);
  void collect(const ir::PairBox& box);
  void collect(const ir::NetBox& box);
  void collect(const ir::CallBox& box);
  void collect(const ir::IdentityBox& box);
  void collect(const ir::CapabilityBox&) {}
  void collect(const ir::PeerBox& box);
  void collect(const std::vector<sets::PathPattern>& places);
  void collect(const ir::OwnerSet& owners);
  void collect(const ir::Condition& condition);

  std::size_t below(std::size_t n) { return random_() % n; }
  template <class T>
  const T& one_of(const std::vector<T>& values) { return values[below(values.size())]; }
  ir::FilePoint file();
  ir::PairPoint pair();
  ir::NetPoint net();
  ir::CallPoint call();

  std::mt19937_64 random_;
  std::vector<std::string> paths_{"/", "/etc/passwd", "/no/such"};
  std::set<std::string> known_paths_;
  std::vector<ir::Owner> owners_{{}, {true, ""}};
  std::vector<std::uint16_t> modes_{0, 0644, 04777};
  std::vector<std::uint32_t> requests_{0, 1};
  std::vector<ir::Successor> successors_{{}, {ir::Successor::Kind::unconfined, ""}};
  std::vector<std::uint32_t> protocols_{0, 6, 17};
  std::vector<std::uint32_t> ip4_{0, 0x7F000001, 0xC6336407};
  std::vector<sets::Uint128> ip6_{0, 1};
  std::vector<std::uint16_t> ports_{0, 80, 443, 65535};
  std::vector<ir::UnixAddress> unix_{{}, {ir::UnixAddress::Kind::path, "/tmp/s"}, {ir::UnixAddress::Kind::abstract, "s"}};
  std::vector<CallId> calls_{CallId{0}};
  std::vector<std::uint64_t> values_{0, 1, 2, ~std::uint64_t{0}};
  std::vector<ir::Account> accounts_{{"", true, 0}, {"", true, 1000}, {"nobody", false, 0}};
  std::vector<ir::Peer> peers_{{}, {ir::Peer::Kind::children, ""}, {ir::Peer::Kind::other, ""}};
};

}  // namespace polc::property
