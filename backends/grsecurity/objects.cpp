// Our rules unite, a more specific object replaces: each object gets the union of the letters of all rules that cover
// it, less those that a deny takes from it.
#include <map>

#include "grsecurity/emit.hpp"

namespace polc::grsecurity {
namespace {

struct Node {
  Letters granted = 0;
  Letters dropped = 0;
  bool is_covered = false;  // an allow rule speaks of it
  bool is_hidden = false;
  void add(const Node& other) {
    granted |= other.granted;
    dropped |= other.dropped;
    is_covered |= other.is_covered;
    is_hidden |= other.is_hidden;
  }
};
using Tree = std::map<std::string, Node, TreeOrder>;

void put(Tree& tree, const std::vector<sets::PathPattern>& places, const Node& node) {
  for (const sets::PathPattern& place : places)
    if (const auto object = object_of(place)) tree[*object].add(node);
}

void put_grant(Tree& tree, const ir::Box& wanted, Letters letters) {
  const Node node{.granted = letters, .is_covered = true};
  if (const auto* file = std::get_if<ir::FileBox>(&wanted)) put(tree, file->places, node);
  if (const auto* net = std::get_if<ir::NetBox>(&wanted)) put(tree, net->paths, node);
  const auto* pair = std::get_if<ir::PairBox>(&wanted);
  if (!pair) return;
  const bool is_link = pair->verbs.contains(FileVerb::link);
  put(tree, pair->from, is_link ? Node{.is_covered = true} : node);
  put(tree, pair->to, node);
}

void put_deny(Tree& tree, const ir::Box& wanted, const Node& node) {
  if (const auto* file = std::get_if<ir::FileBox>(&wanted)) put(tree, file->places, node);
  if (const auto* net = std::get_if<ir::NetBox>(&wanted)) put(tree, net->paths, node);
  if (const auto* pair = std::get_if<ir::PairBox>(&wanted))
    put(tree, pair->verbs.contains(FileVerb::link) ? pair->to : pair->from, node);
}

Tree tree_of_rules(const Printed& printed, const std::string& subject) {
  Tree tree;
  tree["/"];
  for (const target::LegalRule& rule : printed.rules) {
    const Letters letters = letters_of(rule.piece.form);
    switch (construct_of(rule.piece.form)) {
      case Construct::grant: put_grant(tree, rule.piece.wanted, letters); break;
      case Construct::drop: put_deny(tree, rule.piece.wanted, {.dropped = letters}); break;
      case Construct::hide: put_deny(tree, rule.piece.wanted, {.is_hidden = true}); break;
      case Construct::nothing:
      case Construct::connect_rule:
      case Construct::bind_rule:
      case Construct::socket_words:
      case Construct::family:
      case Construct::capability:
      case Construct::transition: break;
    }
  }
  tree[subject].add({.granted = letter_r | letter_x, .is_covered = true});  // gradm adds it
  return tree;
}

std::string mode_of(const Node& node) {
  if (!node.is_covered || node.is_hidden) return "h";
  const Letters letters = node.granted & ~node.dropped;
  std::string mode;
  if (letters & letter_r) mode += 'r';
  if (letters & letter_w) mode += 'w';
  else if (letters & letter_a) mode += 'a';
  if (letters & letter_c) mode += 'c';
  if (letters & letter_d) mode += 'd';
  if (letters & letter_l) mode += 'l';
  if (letters & letter_x) mode += 'x';
  return mode;
}

std::string line_of(const std::string& path, const std::string& mode) {
  const std::string shown = path.find(' ') == std::string::npos ? path : '"' + path + '"';
  return mode.empty() ? shown : shown + ' ' + mode;
}

}  // namespace

std::vector<std::string> object_lines(const Printed& printed, const std::string& subject) {
  std::vector<std::string> lines;
  struct Open {
    std::string path;
    Node node;         // with what covers it
    std::string mode;  // as the target will have it
  };
  std::vector<Open> open;
  for (const auto& [path, own] : tree_of_rules(printed, subject)) {
    while (!open.empty() && !covers(open.back().path, path)) open.pop_back();
    Node node = own;
    if (!open.empty()) node.add(open.back().node);
    std::string mode = mode_of(node);
    // An object that says what its parent says is left out, and so is the one that gradm adds by itself. Any other mode
    // of the subject's own file is printed, or gradm would put `rx` in the place of what it inherits.
    const bool is_redundant = path == subject ? mode == "rx" : !open.empty() && open.back().mode == mode;
    if (!is_redundant) lines.push_back(line_of(path, mode));
    open.push_back({path, node, std::move(mode)});
  }
  return lines;
}

}  // namespace polc::grsecurity
