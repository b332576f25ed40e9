// One meaning asked about many points. Those in a row that name the same paths or the same internet address, and differ in
// what is done there, look it up once: a difference is told of every verb, type and owner at a place, and so are the points
// of a proof.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/meaning.hpp"

namespace polc::eval {

class Lookup {
 public:
  explicit Lookup(Meaning meaning) : meaning_(std::move(meaning)) {}

  /// What the function of this name says, until the next question.
  const std::vector<std::uint32_t>& parts_at(const ir::Point& point);
  std::vector<std::uint32_t> deciding_parts(const ir::Point& point);
  /// The line of the first of them that has one; 0: none has.
  unsigned deciding_line(const ir::Point& point);
  Decision decide(const ir::Point& point);
  /// decide(point).allowed, without its reasons.
  bool permits(const ir::Point& point);

 private:
  enum class Space : std::uint8_t { none, file, pair, socket, abstract, internet };

  struct Touched;
  Touched touched(const ir::Point& point);
  Decision decide_by_order(const ir::Point& point);
  template <class Visit>
  void for_each_part(const ir::Point& point, const Visit& visit);
  const std::vector<std::uint32_t>& candidates(const ir::Point& point);
  const std::vector<std::uint32_t>& candidates(const ir::NetPoint& point);
  const std::vector<std::uint32_t>& look_up(Space space, std::string_view from, std::string_view to);
  const std::vector<std::uint32_t>& look_up_address(const ir::NetPoint& point);

  Meaning meaning_;
  Space space_ = Space::none;  // what was looked up last
  std::string from_, to_;
  ir::NetPoint address_;
  std::vector<std::uint32_t> found_;  // and what names it, in order
  std::vector<std::uint32_t> of_call_;
  std::vector<std::uint32_t> answer_;
};

}  // namespace polc::eval
