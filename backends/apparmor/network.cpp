#include "apparmor/network.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "eval/argument_sets.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/socket_numbers.hpp"

namespace polc::apparmor {
namespace {

using sets::ArgumentSpace;
using knowledge::family_numbered;
using sets::Compare;

struct Named {
  std::uint8_t number;
  std::string_view name;
};
// include/linux/socket.h, those that apparmor_parser 3.0 has a name for when it is built with the headers of Linux 5.15 or later.
constexpr std::array domains{
    Named{0, "unspec"},      Named{1, "unix"},     Named{2, "inet"},     Named{3, "ax25"},      Named{4, "ipx"},
    Named{5, "appletalk"},   Named{6, "netrom"},   Named{7, "bridge"},   Named{8, "atmpvc"},    Named{9, "x25"},
    Named{10, "inet6"},      Named{11, "rose"},    Named{13, "netbeui"}, Named{14, "security"}, Named{15, "key"},
    Named{16, "netlink"},    Named{17, "packet"},  Named{18, "ash"},     Named{19, "econet"},   Named{20, "atmsvc"},
    Named{21, "rds"},        Named{22, "sna"},     Named{23, "irda"},    Named{24, "pppox"},    Named{25, "wanpipe"},
    Named{26, "llc"},        Named{27, "ib"},      Named{28, "mpls"},    Named{29, "can"},      Named{30, "tipc"},
    Named{31, "bluetooth"},  Named{32, "iucv"},    Named{33, "rxrpc"},   Named{34, "isdn"},     Named{35, "phonet"},
    Named{36, "ieee802154"}, Named{37, "caif"},    Named{38, "alg"},     Named{39, "nfc"},      Named{40, "vsock"},
    Named{41, "kcm"},        Named{42, "qipcrtr"}, Named{43, "smc"},     Named{44, "xdp"},       Named{45, "mctp"}};
constexpr std::uint8_t newest = 45;  // not every parser has it: printed only where a policy names it
constexpr std::array types{Named{1, "stream"},    Named{2, "dgram"}, Named{3, "raw"},    Named{4, "rdm"},
                           Named{5, "seqpacket"}, Named{6, "dccp"},  Named{10, "packet"}};
constexpr std::uint64_t type_bits = 0xF;  // SOCK_TYPE_MASK; a call with other bits than these and two flags fails before a rule is asked (net/socket.c)

std::optional<SocketType> type_of(std::uint8_t number) {
  for (const auto& [type, its_number] : knowledge::socket_type_numbers)
    if (its_number == number) return type;
  return std::nullopt;
}

ir::Condition test(std::uint8_t argument, std::uint64_t mask, std::uint64_t value) {
  return ir::test_of({argument, mask & 0xFFFF'FFFFu, Compare::equal, value});
}

struct Makers {
  CallId one = knowledge::socket_call(Os::linux_os).call;
  CallId pair = *knowledge::find_call(Os::linux_os, "socketpair");
};
const Makers& makers() {
  static const Makers ids;
  return ids;
}

bool has(const ir::CallBox& box, CallId call) { return std::binary_search(box.calls.begin(), box.calls.end(), call); }

/// The calls of the box that make sockets.
ir::CallBox makers_in(const ir::CallBox& box) {
  ir::CallBox result;
  for (const CallId call : box.calls)
    if (makes_sockets(call)) result.calls.push_back(call);
  return result;
}

ir::CallBox with_arguments(ir::CallBox box, NetworkWord word) {
  if (word.domain != NetworkWord::any) box.where.terms.push_back(test(0, ~std::uint64_t{0}, word.domain));
  if (word.type != NetworkWord::any) box.where.terms.push_back(test(1, type_bits, word.type));
  return box;
}

/// Looks for the pairs of a family and a type that a condition leaves open.
class Search {
 public:
  explicit Search(const ir::Condition& condition) : open_(eval::argument_set(space_, condition)) {}

  std::vector<NetworkWord> run() {
    if (open_ == ArgumentSpace::none) return {};
    ArgumentSpace::Set rest = open_;
    std::vector<NetworkWord> words;
    for (const Named& domain : domains) {
      const auto here = space_.compare(0, 0xFFFF'FFFFu, Compare::equal, domain.number);
      add_types(space_.conjunction(open_, here), domain.number, words);
      rest = space_.difference(rest, here);
    }
    // Families without a name: only a rule for all of them holds for these.
    std::vector<NetworkWord> wide;
    add_types(rest, NetworkWord::any, wide);
    if (space_.exhausted()) return {NetworkWord{}};
    for (const NetworkWord all : wide) std::erase_if(words, [&](NetworkWord one) { return all.type == NetworkWord::any || all.type == one.type; });
    words.insert(words.end(), wide.begin(), wide.end());
    return words;
  }

 private:
  void add_types(ArgumentSpace::Set in_domain, std::uint8_t domain, std::vector<NetworkWord>& words) {
    std::vector<NetworkWord> found;
    for (const Named& type : types) {
      const auto here = space_.compare(1, type_bits, Compare::equal, type.number);
      if (space_.conjunction(in_domain, here) != ArgumentSpace::none) found.push_back({domain, type.number});
      in_domain = space_.difference(in_domain, here);
    }
    if (in_domain != ArgumentSpace::none) found = {{domain, NetworkWord::any}};
    words.insert(words.end(), found.begin(), found.end());
  }

  ArgumentSpace space_;
  ArgumentSpace::Set open_;
};

template <std::size_t n>
std::string_view name_in(const std::array<Named, n>& names, std::uint8_t number) {
  for (const Named& one : names)
    if (one.number == number) return one.name;
  return "";
}

}  // namespace

std::vector<NetworkWord> words_for(const ir::NetBox& box) {
  std::vector<NetworkWord> words;
  for (const Named& domain : domains)
    if (family_numbered(domain.number) == box.family && domain.number != newest)
      for (const auto& [type, number] : knowledge::socket_type_numbers)
        if (box.types.contains(type)) words.push_back({domain.number, number});
  std::sort(words.begin(), words.end());
  return words;
}

std::vector<NetworkWord> words_for(const ir::CallBox& box) {
  if (!has(box, makers().one)) {
    if (!has(box, makers().pair)) return {};
    ir::Condition where = family_of_pairs();
    if (!box.where.is_always()) where = ir::all_of({std::move(where), box.where});
    return Search(where).run();
  }
  if (box.where.is_always()) return {NetworkWord{}};
  return Search(box.where).run();
}

bool makes_sockets(CallId call) { return call == makers().one || call == makers().pair; }

ir::Condition family_of_pairs(bool inside) {
  ir::Condition where;
  where.kind = inside ? ir::Condition::Kind::disjunction : ir::Condition::Kind::conjunction;
  for (const std::uint64_t family : {1u, 30u}) {
    where.terms.push_back(test(0, ~std::uint64_t{0}, family));
    if (!inside) where.terms.back().test.op = Compare::not_equal;
  }
  return where;
}

std::vector<ir::NetBox> opened_by(NetworkWord word) {
  std::vector<ir::NetBox> boxes;
  for (unsigned i = 0; i < family_names.size(); ++i) {
    ir::NetBox box;
    box.verbs = NetVerbs::all();
    box.family = static_cast<Family>(i);
    if (word.domain != NetworkWord::any && family_numbered(word.domain) != box.family) continue;
    if (word.type != NetworkWord::any) {
      const auto type = type_of(word.type);
      if (!type) continue;
      box.types = {*type};
    }
    boxes.push_back(std::move(box));
  }
  return boxes;
}

ir::CallBox part_about(const ir::CallBox& box, NetworkWord word) {
  ir::CallBox part = with_arguments(makers_in(box), word);
  if (!box.where.is_always()) part.where.terms.push_back(box.where);
  return part;
}

bool overlap(NetworkWord a, NetworkWord b) {
  const auto meets = [](std::uint8_t x, std::uint8_t y) {
    return x == y || x == NetworkWord::any || y == NetworkWord::any;
  };
  return meets(a.domain, b.domain) && meets(a.type, b.type);
}

std::string text_of(NetworkWord word) {
  const std::string domain(name_in(domains, word.domain)), type(name_in(types, word.type));
  return domain + (domain.empty() || type.empty() ? "" : " ") + type;
}

}  // namespace polc::apparmor
