#include "systrace/permits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/overloaded.hpp"
#include "target/features.hpp"

namespace polc::systrace::syntax {
namespace {

constexpr std::size_t most_products = 64, most_ranks = 255;

/// Of one exec: `same` and `unconfined` have words of their own.
const std::vector<ir::Successor> named_successors{{ir::Successor::Kind::same, ""}, {ir::Successor::Kind::unconfined, ""}};

/// nullptr: something else than an exec. With a successor it goes on by a word.
const ir::FileBox* as_exec(const ir::Box& shape) {
  const auto* file = std::get_if<ir::FileBox>(&shape);
  return file != nullptr && file->verbs.contains(FileVerb::exec) ? file : nullptr;
}

}  // namespace

// All kinds share the planes: first those that are sure by themselves, then products of several, then what is only possible.
struct Permits::Plan {
  std::size_t singles = 1, products = 0, width = 0, extras = 0;

  std::size_t planes() const { return singles + products * width + extras; }
  std::size_t product(std::size_t i, std::size_t member) const { return singles + i * width + member; }
  std::size_t extra(std::size_t i) const { return singles + products * width + i; }
  eval::Formulas formulas() const {
    const auto plane = [](std::size_t i) { return static_cast<std::uint8_t>(i); };
    eval::Formulas formulas{{}, {}};
    for (std::size_t i = 0; i < planes(); ++i) formulas.possible.push_back({plane(i)});
    for (std::size_t i = 0; i < singles; ++i) formulas.sure.push_back({plane(i)});
    for (std::size_t i = 0; i < products; ++i) {
      auto& all = formulas.sure.emplace_back();
      for (std::size_t member = 0; member < width; ++member) all.push_back(plane(product(i, member)));
    }
    return formulas;
  }
};

tl::expected<eval::Meaning, target::ReadError> Permits::run() {
  files();
  exec();
  pairs();
  networks();
  identities();
  const Plan shared = plan();
  if (shared.planes() > eval::Order::most_planes) too_complex_ = fmt::format("{} planes of rules", shared.planes());
  if (too_complex_) return tl::unexpected(target::ReadError{0, *too_complex_, target::ReadError::Kind::too_complex});
  for (const Kind& kind : kinds_) add_parts(kind, shared);
  peers();
  calls();
  if (too_complex_) return tl::unexpected(target::ReadError{0, *too_complex_, target::ReadError::Kind::too_complex});
  return eval::make_meaning(std::move(parts_), os_, false, shared.formulas());
}

// ---- kinds

std::vector<LayerId> Permits::sum(std::vector<LayerId> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.size() < 2) return ids;
  std::vector<Layer> layers;
  for (const LayerId id : ids) layers.push_back(rules_.layer(id));
  std::vector<LayerId> fewer;
  for (Layer& layer : sum_of(std::move(layers))) fewer.push_back(rules_.intern(std::move(layer)));
  std::sort(fewer.begin(), fewer.end());
  return fewer;
}

std::vector<LayerId> Permits::layers_of(std::size_t policy, const Events& events, Question question) {
  question.error = error_;
  std::vector<LayerId> all;
  for (const Event& event : events) rules_.add_layers(policy, event, question, all);
  return sum(std::move(all));
}

// Where both sums of products permit. Calls that permit the same by lines of their own are told by the first.
Formula Permits::product_of(const Formula& a, const Formula& b) const {
  Formula result;
  for (const auto& left : a)
    for (const auto& right : b) {
      std::vector<LayerId> both = left;
      for (const LayerId id : right)
        if (std::none_of(left.begin(), left.end(), [&](LayerId other) { return say_the_same(rules_.layer(id), rules_.layer(other)); })) both.push_back(id);
      if (std::find(result.begin(), result.end(), both) == result.end()) result.push_back(std::move(both));
    }
  return result;
}

// Any program that the file confines may do it, by any way; surely each does, by all usual ways.
Kind Permits::kind_of(ir::Box shape, const Ways& ways, const std::optional<std::string>& successor) {
  Kind kind{std::move(shape), {}, {}};
  if (!ways.usual.empty() && rules_.policies() > 0) kind.sure.emplace_back();
  const Events all = ways.all();
  for (std::size_t policy = 0; policy < rules_.policies(); ++policy) {
    for (const LayerId id : layers_of(policy, all, {true, successor})) kind.possible.push_back(id);
    for (const Events& usual : ways.usual) {
      Formula sum;
      for (const LayerId id : layers_of(policy, usual, {false, successor})) sum.push_back({id});
      kind.sure = product_of(kind.sure, sum);
    }
  }
  if (kind.sure.size() > most_products) too_complex_ = fmt::format("{} ways to be sure of one access", kind.sure.size());
  kind.possible = sum(std::move(kind.possible));
  drop_covered(kind, kind.sure);
  return kind;
}

void Permits::add_kind(Kind kind) {
  if (!kind.is_nothing()) kinds_.push_back(std::move(kind));
}

bool Permits::covers(LayerId a, LayerId b) const {
  if (a == b) return true;
  const auto sum = sum_of({rules_.layer(a), rules_.layer(b)});
  return sum.size() == 1 && say_the_same(sum.front(), rules_.layer(a));
}

// What is sure is possible, too.
void Permits::drop_covered(Kind& kind, const Formula& sure) const {
  std::erase_if(kind.possible, [&](LayerId id) {
    return std::any_of(sure.begin(), sure.end(), [&](const std::vector<LayerId>& product) {
      return std::any_of(product.begin(), product.end(), [&](LayerId one) { return covers(one, id); });
    });
  });
}

void Permits::files() {
  // OpenBSD had no extended attributes in those releases, nor capabilities: nothing looks at them.
  ir::FileBox attributes;
  attributes.verbs = {FileVerb::xattr};
  attributes.places = every_path();
  attributes.successors.clear();
  if (error_.empty()) allow(std::move(attributes));
  if (error_.empty()) allow(ir::CapabilityBox{~std::uint64_t{0}});
  const FileVerbs elsewhere{FileVerb::xattr, FileVerb::rename, FileVerb::link, FileVerb::exec};
  (FileVerbs::all() - elsewhere).for_each([&](FileVerb verb) {
    const std::size_t first = kinds_.size();
    const bool tells_types = verb == FileVerb::read || verb == FileVerb::create || verb == FileVerb::remove;
    const auto add_types = [&](FileTypes types, FileType one) {
      ir::FileBox box;
      box.verbs = {verb};
      box.types = types;
      box.successors.clear();
      Kind kind = kind_of(std::move(box), ways_of(verb, one, rules_.dialect()));
      // One kind for all types that are alike to systrace.
      for (std::size_t i = first; i < kinds_.size(); ++i)
        if (kinds_[i].decides_alike(kind)) return std::get<ir::FileBox>(kinds_[i].shape).types.insert(one);
      add_kind(std::move(kind));
    };
    if (!tells_types) add_types(FileTypes::all(), FileType::file);
    else FileTypes::all().for_each([&](FileType type) { add_types({type}, type); });
  });
  // And one for all verbs.
  std::vector<Kind> united;
  for (Kind& kind : kinds_) {
    auto& box = std::get<ir::FileBox>(kind.shape);
    const auto same = std::find_if(united.begin(), united.end(), [&](const Kind& other) {
      return other.decides_alike(kind) && std::get<ir::FileBox>(other.shape).types == box.types;
    });
    if (same == united.end()) united.push_back(std::move(kind));
    else std::get<ir::FileBox>(same->shape).verbs = std::get<ir::FileBox>(same->shape).verbs | box.verbs;
  }
  kinds_ = std::move(united);
}

// The new image goes on by the permit's word. Without one, systrace chooses its policy by its path: any may follow, but neither
// none nor the same by `inherit`.
void Permits::exec() {
  ir::FileBox box;
  box.verbs = {FileVerb::exec};
  const Ways ways = ways_of(FileVerb::exec, FileType::file, rules_.dialect());
  box.successors.clear();
  const std::size_t first = kinds_.size();
  add_kind(kind_of(box, ways, ""));
  for (std::size_t i = first; i < kinds_.size(); ++i) {
    const auto count = [&](LayerId id) { execs_behind_ = std::max(execs_behind_, rules_.layer(id).groups.size()); };
    for (const auto& product : kinds_[i].sure) std::for_each(product.begin(), product.end(), count);
    std::for_each(kinds_[i].possible.begin(), kinds_[i].possible.end(), count);
  }
  for (const auto& [successor, word] : {std::pair(named_successors[0], "inherit"), {named_successors[1], "detach"}}) {
    box.successors = {successor};
    add_kind(kind_of(box, ways, word));
  }
}

void Permits::pairs() {
  for (const FileVerb verb : {FileVerb::rename, FileVerb::link}) {
    ir::PairBox box;
    box.verbs = {verb};
    add_kind(kind_of(std::move(box), ways_of(verb, rules_.dialect())));
  }
}

// The address as systrace prints it; and what a program may write for the same unix socket, which is possible only.
void Permits::networks() {
  NetVerbs::all().for_each([&](NetVerb verb) {
    ir::NetBox box;
    box.verbs = {verb};
    Kind plain = kind_of(box, ways_of(verb, rules_.dialect()));
    ir::NetBox sockets = target::everything(Family::unix_family);
    sockets.verbs = {verb};
    sockets.any_unix_address = false;
    Kind detours = kind_of(std::move(sockets), {{}, spelled_otherwise(verb, rules_.dialect())});
    drop_covered(detours, plain.sure);
    add_kind(std::move(plain));
    add_kind(std::move(detours));
  });
}

void Permits::identities() {
  for (const ir::IdentityKind kind : {ir::IdentityKind::user, ir::IdentityKind::group}) add_kind(kind_of(ir::IdentityBox{kind, {}, {}}, ways_of(kind)));
}

// ---- planes

Permits::Plan Permits::plan() const {
  Plan plan;
  for (const Kind& kind : kinds_) {
    const auto singles = static_cast<std::size_t>(std::count_if(kind.sure.begin(), kind.sure.end(), [](const auto& one) { return one.size() == 1; }));
    plan.singles = std::max(plan.singles, singles);
    plan.products = std::max(plan.products, kind.sure.size() - singles);
    plan.extras = std::max(plan.extras, kind.possible.size());
    for (const auto& product : kind.sure)
      if (product.size() > 1) plan.width = std::max(plan.width, product.size());
  }
  return plan;
}

void Permits::add_parts(const Kind& kind, const Plan& plan) {
  std::size_t single = 0, product = 0, extra = 0;
  for (const auto& layers : kind.sure) {
    if (layers.size() == 1) {
      add_layer(kind.shape, layers.front(), single++);
      continue;
    }
    for (std::size_t member = 0; member < plan.width; ++member)
      add_layer(kind.shape, layers[std::min(member, layers.size() - 1)], plan.product(product, member));
    ++product;
  }
  for (const LayerId layer : kind.possible) add_layer(kind.shape, layer, plan.extra(extra++));
}

void Permits::add_layer(const ir::Box& shape, LayerId id, std::size_t plane) {
  const auto& groups = rules_.layer(id).groups;
  const ir::FileBox* exec = as_exec(shape);
  const bool by_any_policy = exec != nullptr && exec->successors.empty();
  // What goes on by a word is decided above what goes on under any policy.
  const std::size_t lowest = exec != nullptr && !by_any_policy && execs_behind_ > 0 ? execs_behind_ + 1 : 0;
  if (lowest + groups.size() > most_ranks) too_complex_ = fmt::format("{} turns from permit to deny; {} are the most", groups.size(), most_ranks);
  if (too_complex_) return;
  eval::Part part;
  part.plane = static_cast<std::uint8_t>(plane);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    part.rank = static_cast<std::uint8_t>(lowest + groups.size() - 1 - i);
    part.effect = ir::Effect::deny;
    for (const Taken& taken : groups[i].denies) add_taken(shape, taken, part);
    part.effect = ir::Effect::allow;
    for (const Taken& taken : groups[i].permits) add_taken(shape, taken, part);
  }
  if (!by_any_policy) return;
  add_any_policy(groups, part);
  ir::FileBox by_word = *exec;
  by_word.places = every_path();
  by_word.successors = named_successors;
  parts_.push_back({ir::Effect::deny, std::move(by_word), {}, false, static_cast<std::uint8_t>(execs_behind_), part.plane, 0});
}

// One that nobody names, said once more by its name, so that a comparison asks for it.
void Permits::add_any_policy(const std::vector<Layer::Group>& groups, eval::Part part) {
  ir::FileBox box;
  box.verbs = {FileVerb::exec};
  box.successors = {{ir::Successor::Kind::policy, "another policy"}};
  part.rank = static_cast<std::uint8_t>(groups.size() - 1);
  add_taken(box, groups.front().permits.front(), part);
}

void Permits::add_taken(const ir::Box& shape, const Taken& taken, eval::Part part) {
  part.line = taken.line;
  const auto add = [&](ir::Box box) {
    part.box = std::move(box);
    parts_.push_back(part);
  };
  std::visit(Overloaded{[&](ir::FileBox box) {
                          box.places = places_of(taken.product.first);
                          if (!box.places.empty()) add(std::move(box));
                        },
                        [&](ir::PairBox box) {
                          box.from = places_of(taken.product.first);
                          box.to = places_of(taken.product.second);
                          if (!box.from.empty() && !box.to.empty()) add(std::move(box));
                        },
                        [&](const ir::NetBox& box) {
                          if (!box.any_unix_address) return add_sockets(box, taken.product.first, part);
                          for (ir::NetBox one : addresses_of(taken.product.first)) {
                            one.verbs = box.verbs;
                            add(std::move(one));
                          }
                        },
                        [&](const ir::IdentityBox& box) { add(accounts_of(box.kind, taken.product)); },
                        [](const auto&) {}},  // calls, peers and capabilities are not said by layers
             shape);
}

void Permits::add_sockets(ir::NetBox box, const Sum& sum, eval::Part part) {
  box.paths = places_of(sum);
  if (box.paths.empty()) return;
  part.box = std::move(box);
  parts_.push_back(std::move(part));
}

// A bind of a unix socket makes a file.
std::vector<sets::PathPattern> Permits::places_of(const Sum& sum) const {
  if (sum.all) return every_path();
  std::vector<sets::PathPattern> result;
  const auto add = [&](const std::vector<sets::PathPattern>& more) { result.insert(result.end(), more.begin(), more.end()); };
  for (const TestId id : sum.tests) {
    const TextSet& set = rules_.set(id);
    if (set.paths) add(*set.paths);
    if (set.detours) add(*set.detours);
    if (set.addresses)
      for (const ir::NetBox& box : *set.addresses)
        if (box.family == Family::unix_family) add(box.any_unix_address ? every_path() : box.paths);
  }
  if (result.size() > 1) sets::sort_unique(result);
  return result;
}

std::vector<ir::NetBox> Permits::addresses_of(const Sum& sum) const {
  std::vector<ir::NetBox> boxes;
  for (unsigned family = 0; sum.all && family < count_of(Family{}); ++family) boxes.push_back(target::everything(static_cast<Family>(family)));
  for (const TestId id : sum.tests) boxes.insert(boxes.end(), rules_.set(id).addresses->begin(), rules_.set(id).addresses->end());
  return boxes;
}

// A number is one account whatever its name; the file's comments say which names go with it.
ir::IdentityBox Permits::accounts_of(ir::IdentityKind kind, const Product& product) const {
  ir::IdentityBox box{kind, {}, {}};
  if (product.is_all()) box.ids = sets::NumberSet::all();
  for (const TestId id : product.first.tests) {
    const std::uint32_t number = *rules_.set(id).number;
    for (const TestId name : product.second.tests) box.accounts.push_back({*rules_.set(name).name, true, number});
    if (!product.second.all) continue;
    box.ids = box.ids | sets::NumberSet::of(number);
    for (const AccountNote& note : file_.accounts)
      if (note.user == (kind == ir::IdentityKind::user) && note.id == number) box.accounts.push_back({note.name, true, number});
  }
  if (product.first.all)
    for (const TestId name : product.second.tests) box.accounts.push_back({*rules_.set(name).name, false, 0});
  std::sort(box.accounts.begin(), box.accounts.end());
  return box;
}

tl::expected<eval::Meaning, target::ReadError> permitted_by(const File& file, RulesMet& rules, const std::string& error) {
  return Permits(file, rules, error).run();
}

}  // namespace polc::systrace::syntax
