// Every single edit of every golden artefact that changes its meaning is caught by `polc verify`. What verify calls equal is
// asked of both readings, access by access: on the boundaries of both sides and at random.
// edits_test.cpp compares sets of every backend; here single accesses are the second opinion.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "artefact_mutations.hpp"
#include "draw.hpp"
#include "driver/load.hpp"
#include "driver/verify.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "registry.hpp"

using namespace polc;
namespace fs = std::filesystem;

namespace {

struct Case {
  fs::path folder;
  std::string file;
  driver::CompileRequest request;
};

struct Score {
  std::size_t artefacts = 0, mutants = 0, unreadable = 0, caught = 0, equal = 0, asked = 0;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

// The golden cases' own command lines. nullopt: it has an option that is none of these.
std::optional<Case> case_of(const fs::path& folder) {
  const std::string policy = bytes_of(folder / "policy.pol");
  std::istringstream line(policy.substr(0, policy.find('\n')));
  std::vector<std::string> words{std::istream_iterator<std::string>(line), {}};
  Case result{folder, "policy.pol", {}};
  for (std::size_t i = 3; i < words.size(); ++i) {
    std::string key = words[i].substr(0, words[i].find('=')), value = words[i].substr(std::min(key.size() + 1, words[i].size()));
    if (value.empty() && i + 1 < words.size()) value = words[++i];
    if (key == "--target") result.request.targets = split(value);
    else if (key == "--option") result.request.options.push_back(*target::parse_option(value));
    else if (key == "--variant") result.request.variants = split(value);
    else if (key == "--format") result.request.format = value;
    else if (key == "--policy") result.request.policy = value;
    else if (key == "--arch" && value.find(',') == std::string::npos) result.request.arch = *find_arch(value);
    else if (key == "--arch") continue;  // of several, one alone is as good a text
    else return std::nullopt;
  }
  return result;
}

std::vector<Case> golden_cases(const std::string& target, std::size_t& left_out) {
  std::vector<Case> cases;
  for (const char* root : {"/backends", "/tests/golden"})
    for (const auto& entry : fs::recursive_directory_iterator(POLC_SOURCE_DIR + std::string(root))) {
      if (entry.path().filename() != target + ".txt") continue;
      if (auto found = case_of(entry.path().parent_path())) cases.push_back(*std::move(found));
      else ++left_out;
    }
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.folder < b.folder; });
  return cases;
}

class Checker {
 public:
  Checker(const Case& one, std::size_t stride, Score& score) : case_(one), stride_(stride), score_(score) {}

  void run() {
    diag::Sink sink;
    auto loaded = driver::load({(case_.folder / case_.file).string()}, {}, sources_, sink);
    compilation_ = driver::compile(loaded.program, case_.request, backends::all(), sources_, sink);
    REQUIRE_MESSAGE(!sink.has_errors(), case_.folder.string());
    const auto emitted = std::find_if(compilation_.results.begin(), compilation_.results.end(), [](const auto& r) { return r.emitted; });
    REQUIRE(emitted != compilation_.results.end());
    result_ = &*emitted;
    const std::string text = result_->text;
    REQUIRE(equal(text));
    collect(text);
    ++score_.artefacts;
    const auto mutants = property::mutants_of(result_->backend->name, text);
    for (std::size_t i = 0; i < mutants.size(); i += stride_) check(mutants[i]);
  }

 private:
  bool equal(const std::string& text) {
    diag::Sink sink;
    return driver::verify_artefact(compilation_, *result_, false, text, sink).equal;
  }

  target::Read read(const std::string& text) const {
    return result_->backend->read(text, result_->policy->configuration, result_->settings);
  }

  // What is asked of every mutant, with the artefact's own answers.
  void collect(const std::string& text) {
    constexpr std::size_t of_each = 1'500;
    own_ = *read(text);
    const eval::Meaning* const sides[] = {result_->meaning, &result_->enforced.outcome.permitted};
    for (const eval::Meaning* side : sides)
      for (auto& point : property::probes_for(side->parts(), side->os(), of_each)) points_.push_back(std::move(point));
    property::Drawer drawer(sides, 4711);
    for (std::size_t i = 0; i < of_each; ++i) points_.push_back(drawer.draw());
    for (const auto& point : points_) answers_.push_back(target::permits(own_, point));
  }

  void check(const property::Mutant& mutant) {
    ++score_.mutants;
    const auto reading = read(mutant.text);
    if (!reading) {
      ++score_.unreadable;
    } else if (!equal(mutant.text)) {
      ++score_.caught;
    } else {
      ++score_.equal;
      // The first line says which policy it is, and so who `self` is by name; verify knows that without it.
      const auto first_line = [](const std::string& text) { return text.substr(0, text.find('\n')); };
      if (first_line(mutant.text) != first_line(result_->text)) return;
      const auto difference = brute_force(*reading);
      CHECK_MESSAGE(!difference, case_.folder.string() << ", " << mutant.what << ": verify calls it equal, but they differ in "
                                                       << (difference ? format::text_of(result_->policy->configuration.os, *difference) : ""));
    }
  }

  std::optional<ir::Point> brute_force(const target::Reading& mutant) {
    for (std::size_t i = 0; i < points_.size(); ++i)
      if (target::permits(mutant, points_[i]) != answers_[i]) return points_[i];
    score_.asked += points_.size();
    const std::vector<ir::Point> named = property::probes_for(mutant.permits.parts(), mutant.permits.os(), 2'000);
    score_.asked += named.size();
    const auto found = std::find_if(named.begin(), named.end(), [&](const ir::Point& p) { return target::permits(mutant, p) != target::permits(own_, p); });
    return found == named.end() ? std::nullopt : std::optional(*found);
  }

  const Case& case_;
  std::size_t stride_;
  Score& score_;
  diag::SourceMap sources_;
  driver::Compilation compilation_;
  const driver::TargetResult* result_ = nullptr;
  target::Reading own_;
  std::vector<ir::Point> points_;
  std::vector<bool> answers_;
};

void check(const std::string& target, const std::vector<Case>& more, std::size_t stride = 1) {
  if (std::getenv("POLC_ALL_MUTANTS") != nullptr) stride = 1;
  Score score;
  std::size_t left_out = 0;
  std::vector<Case> cases = golden_cases(target, left_out);
  cases.insert(cases.end(), more.begin(), more.end());
  for (const Case& one : cases) Checker(one, stride, score).run();
  MESSAGE(target << ": " << score.artefacts << " artefacts, " << score.mutants << " mutants: " << score.caught << " caught, "
                 << score.unreadable << " unreadable, " << score.equal << " equal (shown by " << score.asked << " accesses)");
  CHECK(left_out == 0);
  CHECK((score.caught + score.unreadable) * 3 > score.mutants);
}

Case shipped(const char* file, const char* target, std::vector<std::string> variants = {}) {
  Case result{POLC_SOURCE_DIR "/policies", file, {}};
  result.request.targets = {target};
  result.request.variants = std::move(variants);
  return result;
}

}  // namespace

TEST_CASE("apparmor: each edit of a profile that changes its meaning is caught") {
  check("apparmor", {shipped("tor.pol", "apparmor"), shipped("howto/tor.pol", "apparmor")});
}
// Its regular expressions take long to ask; POLC_ALL_MUTANTS=1 asks for every one of them.
TEST_CASE("systrace: each edit of a policy that changes its meaning is caught") { check("systrace", {}, 16); }
