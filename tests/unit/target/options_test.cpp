#include <doctest/doctest.h>

#include "diag/catalogue.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

enum class Speed : std::uint8_t { slow, fast };

struct Options {
  Speed speed = Speed::slow;
  std::string name;
  std::vector<unsigned> numbers;
};

std::optional<std::string> name_from(std::string_view word) {
  return word.find(' ') == std::string_view::npos ? std::optional(std::string(word)) : std::nullopt;
}
std::optional<unsigned> digit_from(std::string_view word) {
  return word.size() == 1 && word[0] >= '0' && word[0] <= '9' ? std::optional(static_cast<unsigned>(word[0] - '0')) : std::nullopt;
}

const target::Backend& backend() {
  static const target::Backend table{
      .name = "guard",
      .formats = {"text"},
      .options = {target::one_of("speed", &Options::speed, {{"slow", Speed::slow}, {"fast", Speed::fast}}, "how fast"),
                  target::a_word("name", &Options::name, name_from, "it has no blank", "what it is called"),
                  target::words("numbers", &Options::numbers, digit_from, "each is a digit", "some numbers"),
                  {"only", {"this"}, "has no choice"}},
      .systems = {Os::linux_os}};
  return table;
}

struct Asked {
  diag::Sink sink;
  std::optional<target::Settings> settings;

  Asked(const std::vector<target::GivenOption>& given, std::vector<ir::Option> said = {}) {
    ir::Policy policy;
    policy.options = std::move(said);
    settings = target::settings_for(backend(), policy, given, "", sink);
  }
  std::string note() const { return sink.all().empty() || sink.all()[0].notes.empty() ? "" : sink.all()[0].notes[0].text; }
};

}  // namespace

TEST_CASE("options: what nobody sets is what the struct begins with, and each has its word in reports") {
  const Asked asked({});
  REQUIRE(asked.settings);
  const Options& options = asked.settings->options.as<Options>();
  CHECK(options.speed == Speed::slow);
  CHECK(options.name.empty());
  CHECK(asked.settings->words == std::map<std::string, std::string, std::less<>>{{"speed", "slow"}, {"name", ""}, {"numbers", ""}, {"only", "this"}});
}

TEST_CASE("options: the policy sets them, and the command line wins") {
  const Asked asked({{"guard", "name", "b"}, {"", "only", "this"}, {"other", "name", "c"}},
                    {{"guard", "speed", {"fast"}, {}}, {"guard", "name", {"a"}, {}}, {"guard", "numbers", {"1", "2"}, {}}});
  REQUIRE(asked.settings);
  const Options& options = asked.settings->options.as<Options>();
  CHECK(options.speed == Speed::fast);
  CHECK(options.name == "b");
  CHECK(options.numbers == std::vector<unsigned>{1, 2});
  CHECK(asked.settings->words.at("numbers") == "1,2");
}

TEST_CASE("options: what one cannot be is refused, with what it could be") {
  CHECK(Asked({{"guard", "speed", "faster"}}).note() == "it can be slow, fast");
  CHECK(Asked({{"guard", "name", "a b"}}).note() == "it has no blank");
  CHECK(Asked({{"guard", "only", "that"}}).note() == "it can be this");
  CHECK(Asked({{"guard", "sped", "fast"}}).note() == "it has speed, name, numbers, only");
  for (const char* numbers : {"1,", ",1", "1,,2", "x", "1 2"}) {
    INFO(numbers);
    CHECK(Asked({{"guard", "numbers", numbers}}).note() == "each is a digit");
  }
  CHECK(Asked({{"guard", "numbers", ""}}).settings);
}

TEST_CASE("a file's suffix is a format, and json is oci's where no format has that name") {
  target::Backend filter, rules;
  filter.formats = {"asm", "bpf", "oci"}, rules.formats = {"text", "json"};
  CHECK(target::format_of_suffix(filter, "bpf") == "bpf");
  CHECK(target::format_of_suffix(filter, "json") == "oci");
  CHECK(target::format_of_suffix(rules, "json") == "json");
  CHECK(target::format_of_suffix(rules, "oci") == "");
  CHECK(target::format_of_suffix(rules, "txt") == "");
}
