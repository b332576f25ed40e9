#include "target/witness_words.hpp"

#include <algorithm>

#include "eval/assertions.hpp"
#include "format/condition.hpp"
#include "format/raise.hpp"
#include "support/overloaded.hpp"

namespace polc::target {
namespace {

// A few words leave out that an object is a file. Is one of another type permitted? Where it is only not sure that the file is
// refused, its type makes no difference.
template <class Point>
bool permits_another_type(const eval::Meaning& permits, Point point, FileType Point::*type) {
  const FileType own = point.*type;
  if (own != FileType::file || eval::decide(permits, point).allowed) return false;
  bool permitted = false;
  FileTypes::all().for_each([&](FileType other) {
    point.*type = other;
    permitted = permitted || (other != own && eval::surely_allows(permits, point));  // as query asks
  });
  return permitted;
}

// Arguments that are zero are left out: then all calls with the others are named.
bool answers_as(const eval::Meaning& permits, const ir::CallPoint& point, bool allowed) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : permits.parts()) {
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box != nullptr && std::binary_search(box->calls.begin(), box->calls.end(), point.call)) parts.push_back(part);
  }
  ir::CallBox named{{point.call}, {}};
  for (const ir::ArgumentTest& test : format::argument_tests(permits.os(), point, format::Arguments::not_zero)) {
    ir::Condition& term = named.where.terms.emplace_back();
    term.kind = ir::Condition::Kind::test;
    term.test = test;
  }
  ir::LeftOut left_out;
  left_out.arguments = !allowed && named.where.terms.empty();  // is some call permitted?
  ir::Expectation asked;
  asked.effect = ir::Effect::allow;
  asked.boxes.emplace_back(std::move(named), left_out);
  sets::Budget budget;
  const eval::Meaning of_call = eval::make_meaning(std::move(parts), permits.os(), false, permits.order().formulas());
  return eval::judge(of_call, asked, budget).holds == allowed;
}

bool is_misleading(const eval::Meaning& permits, const Finding& finding) {
  ir::Point point = *finding.witness;
  const bool is_refused = finding.verdict == ir::Verdict::narrower;
  return std::visit(Overloaded{[&](ir::FilePoint& file) { return is_refused && permits_another_type(permits, file, &ir::FilePoint::type); },
                               [&](ir::PairPoint& pair) { return is_refused && permits_another_type(permits, pair, &ir::PairPoint::type); },
                               [&](ir::CallPoint& call) { return !answers_as(permits, call, !is_refused); },
                               [](const auto&) { return false; }},  // all of the others is said
                    point);
}

}  // namespace

std::string_view reason_words(const Backend& backend, const Finding& finding) {
  return finding.words.empty() ? capability_of(backend, finding.because).why : std::string_view(finding.words);
}

std::string witness_words(const eval::Meaning& permits, const Finding& finding) {
  return is_misleading(permits, finding) ? format::full_text_of(permits.os(), *finding.witness) : format::text_of(permits.os(), *finding.witness);
}

}  // namespace polc::target
