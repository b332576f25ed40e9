#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "diag/render.hpp"
#include "diag/sink.hpp"

using namespace polc::diag;

namespace {

constexpr Kind<std::string_view> bad{"X0001", Severity::error, "bad_word", "bad `{}`"};

nlohmann::json rendered(const SourceMap& sources, const Sink& sink) {
  return nlohmann::json::parse(render_json(sources, sink.sorted()));
}

}  // namespace

TEST_CASE("render_json: every field of a located diagnostic") {
  SourceMap sources;
  const auto file = sources.add("a.pol", "one\nö two\n");
  Sink sink;
  sink.add(bad, {file, 7, 10}, "two").note({file, 0, 3}, "first").note("loose").fix({file, 7, 10}, "2");
  const auto one = rendered(sources, sink)["diagnostics"].at(0);
  CHECK(one["id"] == "X0001");
  CHECK(one["name"] == "bad_word");
  CHECK(one["severity"] == "error");
  CHECK(one["message"] == "bad `two`");
  CHECK(one["file"] == "a.pol");
  CHECK(one["line"] == 2);
  CHECK(one["column"] == 3);
  CHECK(one["endLine"] == 2);
  CHECK(one["endColumn"] == 6);
  CHECK(one["notes"].at(0)["message"] == "first");
  CHECK(one["notes"].at(0)["line"] == 1);
  CHECK_FALSE(one["notes"].at(1).contains("line"));
  CHECK(one["fixes"].at(0)["text"] == "2");
  CHECK(one["fixes"].at(0)["column"] == 3);
}

TEST_CASE("render_json: without diagnostics it is a document all the same") {
  const auto document = rendered({}, {});
  CHECK(document["version"] == 1);
  CHECK(document["diagnostics"].empty());
}

TEST_CASE("render_json: invalid UTF-8 and controls still make JSON") {
  SourceMap sources;
  const auto file = sources.add("\xFF.pol", "\xFF");
  Sink sink;
  sink.add(bad, {file, 0, 1}, std::string_view("\xFF\x00\x1B\"", 4));
  sink.add_unlocated(bad, "\xC3");
  const auto document = rendered(sources, sink);
  CHECK(document["diagnostics"].size() == 2);
  CHECK_FALSE(document["diagnostics"].at(1).contains("file"));
}
