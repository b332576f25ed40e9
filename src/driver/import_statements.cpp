#include "driver/import_statements.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "format/raise.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::driver {
namespace {

using Product = sets::ArgumentSpace::Product;

// More alternatives than a person reads; then each is a statement of its own.
constexpr std::size_t most_alternatives = 8, most_products = 4'096;

ir::Condition condition_of(Os os, CallId call, const Product& product, sets::Compare op) {
  std::vector<ir::Condition> tests;
  for (std::uint8_t i = 0; i < product.masks.size(); ++i)
    if (product.masks[i] != 0) tests.push_back(ir::test_of(format::as_argument(os, call, {i, product.masks[i], op, product.values[i], 64, false})));
  return ir::all_of(std::move(tests));
}

bool is_one_test(const Product& product) {
  return std::count_if(product.masks.begin(), product.masks.end(), [](std::uint64_t mask) { return mask != 0; }) == 1;
}

bool is_always(const ir::Condition& where) {
  if (where.kind == ir::Condition::Kind::exact) return where.exact.set == sets::ArgumentSpace::all;
  return where.kind == ir::Condition::Kind::conjunction && where.terms.empty();
}

/// As few conditions in words as there are, of which one holds. "domain != 40" rather than what is not 40, bit by bit.
std::vector<ir::Condition> conditions_of(Os os, CallId call, const ir::Condition& where) {
  if (where.kind != ir::Condition::Kind::exact) return {where};
  sets::ArgumentSpace space = *where.exact.space;
  const std::vector<Product> products = space.products(where.exact.set, most_products);
  const std::vector<Product> others = space.products(space.complement(where.exact.set), most_alternatives);
  std::vector<ir::Condition> conditions;
  if (others.size() < std::min(products.size(), most_alternatives) && std::all_of(others.begin(), others.end(), is_one_test)) {
    for (const auto& product : others) conditions.push_back(condition_of(os, call, product, sets::Compare::not_equal));
    return {ir::all_of(std::move(conditions))};
  }
  for (const auto& product : products) conditions.push_back(condition_of(os, call, product, sets::Compare::equal));
  if (conditions.size() <= 1 || conditions.size() > most_alternatives) return conditions;
  return {ir::any_of(std::move(conditions))};
}

std::vector<std::string> texts_of(const ir::Box& box, Os os) {
  const auto* call = std::get_if<ir::CallBox>(&box);
  if (call == nullptr) return format::access_texts(os, box);
  std::vector<std::string> texts;
  for (ir::Condition& where : conditions_of(os, call->calls.front(), call->where))
    for (std::string& text : format::access_texts(os, ir::CallBox{call->calls, std::move(where)})) texts.push_back(std::move(text));
  return texts;
}

/// "kill the process" and EPERM are words of a reading; nullopt: the language has none.
std::string reaction_of(const std::string& what) {
  if (what == "kill the process") return "kill";
  if (what == "log") return "log";
  const bool is_error = what.starts_with('E') && std::all_of(what.begin(), what.end(), [](unsigned char c) { return std::isupper(c) || std::isdigit(c); });
  return is_error ? "deny errno " + what : "";
}

std::vector<Statement> statements_of(const target::Reading& reading, Os os) {
  std::vector<std::pair<unsigned, ir::Box>> boxes;
  std::map<unsigned, std::size_t> whole_calls;  // those of one line are one statement
  for (const eval::Part& part : reading.permits.parts()) {
    if (part.effect != ir::Effect::allow || part.line == 0 || part.plane != 0) continue;
    const auto* call = std::get_if<ir::CallBox>(&part.box);
    const bool is_whole = call != nullptr && is_always(call->where);
    const auto known = is_whole ? whole_calls.try_emplace(part.line, boxes.size()).first->second : boxes.size();
    if (known == boxes.size()) {
      boxes.emplace_back(part.line, part.box);
      continue;
    }
    auto& calls = std::get<ir::CallBox>(boxes[known].second).calls;
    calls.insert(calls.end(), call->calls.begin(), call->calls.end());
  }
  std::stable_sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Statement> statements;
  std::set<std::string> seen;
  for (auto& [line, box] : boxes) {
    if (auto* call = std::get_if<ir::CallBox>(&box)) {
      std::sort(call->calls.begin(), call->calls.end());
      call->calls.erase(std::unique(call->calls.begin(), call->calls.end()), call->calls.end());
    }
    for (const std::string& access : texts_of(box, os)) {
      if (!seen.insert(access).second) continue;
      statements.push_back({{{line}}, "allow " + access});
    }
  }
  return statements;
}

std::vector<std::string> reactions_of(const target::Reading& reading, Os os) {
  std::map<std::string, std::set<std::string_view>> calls;
  for (const target::Answer& answer : reading.answers)
    for (const eval::Part& part : answer.where.parts())
      if (const auto* call = std::get_if<ir::CallBox>(&part.box))
        for (const CallId id : call->calls) calls[reaction_of(answer.what)].insert(knowledge::call_of(os, id).name);
  calls.erase("");
  if (calls.empty()) return {};
  const auto commonest = std::max_element(calls.begin(), calls.end(), [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  std::vector<std::string> reactions{"default " + commonest->first};
  for (const auto& [reaction, names] : calls)
    if (reaction != commonest->first) reactions.push_back(fmt::format("default {} for {}", reaction, fmt::join(names, ", ")));
  return reactions;
}

// ---- values of the backend's own

/// Tests of arguments by their names.
ir::Condition by_name(Os os, CallId call, const ir::Condition& where) {
  ir::Condition named = where;
  if (named.kind == ir::Condition::Kind::test) named.test = format::as_argument(os, call, named.test);
  for (ir::Condition& term : named.terms) term = by_name(os, call, term);
  return named;
}
std::vector<ir::Box> by_name(Os os, std::vector<ir::Box> boxes) {
  for (ir::Box& box : boxes)
    if (auto* call = std::get_if<ir::CallBox>(&box)) call->where = by_name(os, call->calls.front(), call->where);
  return boxes;
}

/// Do they differ in what stands behind the verbs alone: places, ports, calls, capabilities? Then the first takes in the second.
bool take_in(ir::Box& first, const ir::Box& second) {
  if (auto* files = std::get_if<ir::FileBox>(&first)) {
    ir::FileBox other = std::get<ir::FileBox>(second);
    const std::vector<sets::PathPattern> more = std::exchange(other.places, files->places);
    if (!(other == *files)) return false;
    files->places.insert(files->places.end(), more.begin(), more.end());
    return true;
  }
  if (auto* net = std::get_if<ir::NetBox>(&first)) {
    ir::NetBox other = std::get<ir::NetBox>(second);
    if (net->ports.is_all() || other.ports.is_all()) return false;
    const sets::PortSet more = std::exchange(other.ports, net->ports);
    if (!(other == *net)) return false;
    net->ports = net->ports | more;
    return true;
  }
  if (auto* call = std::get_if<ir::CallBox>(&first)) {
    const auto& other = std::get<ir::CallBox>(second);
    if (!call->where.is_always() || !other.where.is_always()) return false;
    call->calls.insert(call->calls.end(), other.calls.begin(), other.calls.end());
    return true;
  }
  if (auto* capability = std::get_if<ir::CapabilityBox>(&first)) {
    capability->capabilities |= std::get<ir::CapabilityBox>(second).capabilities;
    return true;
  }
  return false;
}

struct Paragraph {
  std::vector<target::SaidPlace> places;
  ir::Effect effect{};
  std::vector<ir::Box> boxes;
};

bool take_in(Paragraph& paragraph, const target::SaidRule& rule) {
  const target::SaidPlace& before = paragraph.places.back();
  const bool is_next = rule.at.file == before.file && rule.at.line <= before.line + 1 && rule.effect == paragraph.effect;
  if (!is_next || paragraph.boxes.size() != rule.boxes.size()) return false;
  std::vector<ir::Box> both = paragraph.boxes;
  for (std::size_t i = 0; i < both.size(); ++i)
    if (both[i].index() != rule.boxes[i].index() || !take_in(both[i], rule.boxes[i])) return false;
  paragraph.boxes = std::move(both);
  paragraph.places.push_back(rule.at);
  return true;
}

std::vector<Paragraph> paragraphs_of(const std::vector<target::SaidRule>& rules) {
  std::vector<Paragraph> paragraphs;
  for (const target::SaidRule& rule : rules)
    if (paragraphs.empty() || !take_in(paragraphs.back(), rule)) paragraphs.push_back({{rule.at}, rule.effect, rule.boxes});
  return paragraphs;
}

/// Puts statements where they belong: into the policy, or into the abstraction of the file that they come from.
class Places {
 public:
  explicit Places(Script& script) : script_(script) {}

  void add(Statement statement) {
    const target::SaidPlace place = statement.places.empty() ? target::SaidPlace() : statement.places.front();
    if (place.file.empty()) return script_.body.push_back(std::move(statement));
    const auto [known, is_new] = blocks_.try_emplace(place.file, script_.blocks.size());
    if (is_new) {
      script_.blocks.push_back({name_for(place.file), place.file});
      script_.body.push_back({{{place.line}}, "use " + script_.blocks.back().name});
    }
    script_.blocks[known->second].body.push_back(std::move(statement));
  }

 private:
  std::string name_for(std::string_view file) {
    std::string name;
    for (const char c : file.substr(file.rfind('/') + 1)) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name = "f_" + name;
    const auto is_taken = [&](const Block& block) { return block.name == name; };
    while (std::any_of(script_.blocks.begin(), script_.blocks.end(), is_taken)) name += "_too";
    return name;
  }

  Script& script_;
  std::map<std::string, std::size_t> blocks_;
};

std::string limit_text(const ir::Limit& limit, Os os) {
  for (const knowledge::NamedNumber& name : knowledge::limits_of(os))
    if (name.value == limit.resource) return fmt::format("limit {} <= {}", name.name, limit.bound);
  return "";
}

}  // namespace

Script script_of(const target::Reading& reading, Os os) {
  Script script;
  for (std::string& text : reactions_of(reading, os)) script.heads.push_back({{}, std::move(text)});
  script.body = statements_of(reading, os);
  return script;
}

Script script_of(const target::SaidText& said, std::string_view target, Os os) {
  Script script;
  if (!said.programs.empty()) {
    std::vector<std::string> names;
    for (const std::string& program : said.programs) names.push_back(format::path_text(program));
    script.heads.push_back({{{said.head}}, fmt::format("program {}", fmt::join(names, ", "))});
  }
  for (const ir::Default& reaction : said.defaults) script.heads.push_back({{}, format::text_of(os, reaction)});
  for (const target::SaidOption& option : said.options) {
    const std::string word = format::word_text(option.word);
    auto& options = script.options;
    const std::pair<std::string, std::string> before = options.empty() ? std::pair<std::string, std::string>() : options.back();
    if (before.first != option.key) options.emplace_back(option.key, word);
    else if (!before.second.ends_with(word)) options.back().second += ", " + word;
  }
  std::vector<Statement> all;
  for (const Paragraph& paragraph : paragraphs_of(said.rules))
    for (const std::string& access : format::access_texts(os, by_name(os, paragraph.boxes)))
      all.push_back({paragraph.places, fmt::format("{} {}", name_of(paragraph.effect), access)});
  for (const target::SaidLimit& limit : said.limits) all.push_back({{{limit.line}}, limit_text(limit.limit, os)});
  for (const target::SaidRaw& raw : said.raws)
    all.push_back({{raw.at}, fmt::format("target {} {{ raw {}; }}", target, format::string_text(raw.raw)), raw.why});
  std::stable_sort(all.begin(), all.end(), [](const Statement& a, const Statement& b) { return a.first() < b.first(); });
  Places places(script);
  for (Statement& statement : all) places.add(std::move(statement));
  return script;
}

}  // namespace polc::driver
