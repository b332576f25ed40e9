// From the parts of a policy to gradm's rules. Each part is said as near as gradm can; what the text then permits is read from it.
// A gap gives a reason, or says that no text is sound.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "grsecurity/grants.hpp"
#include "grsecurity/ruleset.hpp"

namespace polc::grsecurity {

target::Chosen choose(const target::Source& source, const target::Settings& settings);

using target::Wish;

/// Files, unix sockets with a path, renames and links: letters on objects.
class ObjectChooser {
 public:
  explicit ObjectChooser(const Grants& grants) : grants_(grants) { tree_["/"]; }

  void add(const Wish& wish, const ir::FileBox& box);
  void add(const Wish& wish, const ir::PairBox& box);
  void add_unix(const Wish& wish, const ir::NetBox& box);

  Subject subject_of(const std::string& path) const;

 private:
  struct Claim {
    enum class Kind : std::uint8_t { grant, drop, hide } kind;
    Letters letters;
    std::uint32_t from;
    std::vector<ir::RuleId> rules;  // of the part those that name the place
  };
  using Tree = std::map<std::string, std::vector<Claim>, TreeOrder>;
  struct Said;
  struct Open;
  using Objects = std::vector<std::string>;

  void put(const Wish& wish, const std::string& object, Claim::Kind kind, Letters letters);
  void put(const Wish& wish, const ir::FileBox& at, const std::string& object, Claim::Kind kind, Letters letters);
  void deny_place(const Wish& wish, ir::FileBox box, FileVerb verb, const std::string& object);
  void allow_pair(const Wish& wish, FileVerb verb, const Objects& from, const Objects& to);
  void deny_pair(const Wish& wish, FileVerb verb, const Objects& from, const Objects& to);
  void unix_place(const Wish& wish, NetVerb verb, const std::string& object);
  static Behind origin_of(const std::vector<Open>& open);
  static void add_left_out(const std::vector<Open>& open, Behind& from);
  Tree with(const std::string& path) const;

  const Grants& grants_;
  Tree tree_;
};

/// Addresses, families, and the sockets for both.
class NetChooser {
 public:
  NetChooser(const ir::Policy& policy, bool is_old);

  void add(const Wish& wish, const ir::NetBox& box);
  void add(const Wish& wish, const ir::CallBox& box);
  void finish(Ruleset& ruleset);

 private:
  /// A rule before it is split into lines.
  struct Product {
    Words words;
    sets::Ip4Set addresses;
    sets::PortSet ports;
    std::uint32_t from;
  };
  struct Products {
    std::vector<Product> allowed, denied;
  };

  void add_line(const Wish& wish, const ir::NetBox& box, Products& products);
  void add_messages(const Wish& wish, const ir::NetBox& box, NetVerb verb);
  void add_family(const Wish& wish, ir::Box box, Family family);
  void add_socket(const Wish& wish, const ir::CallBox& box);
  std::optional<SocketLine> socket_line() const;
  std::optional<FamilyLine> family_line() const;
  static std::vector<Product> exceptions(const Products& products);
  static std::vector<AddressLine> lines_of(const std::vector<Product>& products);

  const ir::Policy& policy_;
  bool is_old_;
  std::array<bool, family_names.size()> opens_{};  // may sock_allow_family open it?
  Products connects_, binds_;
  bool opens_sockets_ = false;
  Behind sockets_;                   // the parts that need a socket and have no line with an address
  std::map<Family, Behind> opened_;  // families, and the parts that open them
};

/// What +CAP_ lines keep.
std::vector<CapabilityLine> capability_lines(const target::Source& source, bool is_old);
void note_gaps(const Wish& wish, const ir::CapabilityBox& box, bool is_old);

Transitions transitions_of(const target::Source& source, ir::IdentityKind kind, bool is_old);
void note_gaps(const Wish& wish, const ir::IdentityBox& box, const Transitions& plan, bool is_old);

}  // namespace polc::grsecurity
