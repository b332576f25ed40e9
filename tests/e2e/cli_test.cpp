// Exit statuses, what is read and where it is found, and what is said on standard error.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"

using e2e::contains;
using e2e::Outcome;
using e2e::Scratch;
using e2e::small_policy;
using e2e::wrong_policy;

// ---- exit statuses

TEST_CASE("status 0: a policy that compiles is printed, and standard error is silent without a report") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=none"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "/etc/hosts"));
  CHECK(outcome.err == "");
}

TEST_CASE("status 0: help and version are asked for, so they go to standard output") {
  const Scratch scratch;
  for (const char* word : {"--help", "--version"}) {
    const Outcome outcome = scratch.polc({word});
    CAPTURE(word);
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "polc"));
    CHECK(outcome.err == "");
  }
  CHECK(scratch.polc({"query", "--help"}).status == 0);
}

TEST_CASE("status 1: the policy is at fault, and nothing is printed to standard output") {
  const Scratch scratch;
  scratch.write("web.pol", wrong_policy);
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain"});
  CHECK(outcome.status == 1);
  CHECK(outcome.out == "");
  CHECK(contains(outcome.err, "web.pol:4:9: error: "));
}

TEST_CASE("status 0 and 1: a query is answered by its status too") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const Outcome yes = scratch.polc({"query", "web.pol", "read \"/etc/hosts\""});
  CHECK(yes.status == 0);
  CHECK(yes.out.rfind("allow", 0) == 0);
  CHECK(contains(yes.out, "web.pol:5"));
  const Outcome no = scratch.polc({"query", "web.pol", "read \"/etc/shadow\""});
  CHECK(no.status == 1);
  CHECK(no.out.rfind("deny", 0) == 0);
  CHECK(contains(no.out, "web.pol:6"));
  CHECK(scratch.polc({"query", "web.pol", "read \"/etc/passwd\""}).status == 1);
}

TEST_CASE("status 2: wrong usage") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"web.pol"},
      {"web.pol", "--no-such-option"},
      {"web.pol", "--target=plain", "--fidelity=loud"},
      {"web.pol", "--target=plain", "--arch=vax"},
      {"web.pol", "--target=no_such_target"},
      {"web.pol", "--target=plain", "--option=no_value"},
      {"query", "web.pol"},
      {"query", "web.pol", "raed \"/etc/hosts\""},
      {"verify", "web.pol"},
      {"web.pol", "--target=plain", "--policy=wbe"},
      {"web.pol", "--target=plain", "--variant=debian"},
      {"web.pol", "--target=plain", "--format=json"},
      {"web.pol", "--target=plain", "--option=plain.no_such=x"},
      {"web.pol", "--target=plain", "--option=no_such.exec=launcher"},
      {"web.pol", "--target=seccomp", "--option=exec=no_such"},
      {"web.pol", "--target=seccomp", "--option=kernel=abc"},
      {"query", "web.pol", "read \"/a\"", "--variant=debian"},
      {"test", "web.pol", "--option=no_such=x"},
      {"lint", "web.pol", "--variant=debian"},
      {"targets", "no_such"},
      {"explain", "P9999"},
      {"diff", "-", "-"},
      {"diff", "web.pol", "web.pol", "--policy=wbe"},
  };
  for (const auto& arguments : wrong) {
    const Outcome outcome = scratch.polc(arguments);
    CAPTURE(arguments.empty() ? "" : arguments.back());
    CAPTURE(outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out == "");
    CHECK(outcome.err != "");
  }
}

TEST_CASE("wrong usage says what was probably meant, and is not wrong for a repetition") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("mail.pol", "language 1;\npolicy mail { }\n");
  const auto said = [&](const std::vector<std::string>& arguments) { return scratch.polc(arguments, {.input = std::string(small_policy)}).err; };
  CHECK(contains(said({"web.pol", "--target=secomp"}), "did you mean `seccomp`?"));
  CHECK(contains(said({"targets", "secomp"}), "did you mean `seccomp`?"));
  CHECK(contains(said({"web.pol", "--target=seccomp", "--option=kernl=5.10"}), "did you mean `kernel`?"));
  CHECK(contains(said({"web.pol", "--target=plain", "--arch=amd64"}), "did you mean `x86_64`?"));
  CHECK(contains(said({"web.pol", "--target=plain", "--policy=wbe"}), "did you mean `web`?"));
  CHECK(contains(said({"diff", "-", "-"}), "`-` is given twice"));
  CHECK(contains(said({"web.pol", "mail.pol", "--target=plain"}), "several policies in `web.pol`, `mail.pol` (web, mail)"));
  CHECK(contains(said({"web.pol", "--target=plain,systrace", "-o", "out"}), "-o out/"));
  const Outcome twice = scratch.polc({"web.pol", "--target=plain,plain", "--fidelity=none", "-o", "one.plain"});
  CHECK(twice.err == "");
  CHECK(twice.status == 0);
  CHECK(scratch.polc({"lint", "web.pol", "--target=seccomp"}).err == "");  // whose formats are not those of a report
}

TEST_CASE("status 3: a file of the command line cannot be read") {
  const Scratch scratch;
  scratch.write("folder/web.pol", small_policy);
  for (const char* name : {"missing.pol", "folder", "folder/web.pol/x"}) {
    const Outcome outcome = scratch.polc({name, "--target=plain"});
    CAPTURE(name);
    CHECK(outcome.status == 3);
    CHECK(outcome.out == "");
    CHECK(contains(outcome.err, name));
    CHECK(contains(outcome.err, "[P9001]"));
  }
}

TEST_CASE("explain: the page of a diagnostic is printed, and an unknown id is an error") {
  const Scratch scratch;
  const Outcome page = scratch.polc({"explain", "P2003"});
  CHECK(page.status == 0);
  CHECK(page.out.rfind("# P2003: ", 0) == 0);
  const Outcome unknown = scratch.polc({"explain", "P2999"});
  CHECK(unknown.status != 0);
  CHECK(unknown.out == "");
}

// ---- what is read

TEST_CASE("standard input: `-` is a policy, called so in messages") {
  const Scratch scratch;
  const Outcome good = scratch.polc({"-", "--target=plain", "--fidelity=none"}, {.input = std::string(small_policy)});
  CHECK(good.status == 0);
  CHECK(contains(good.out, "/etc/hosts"));
  const Outcome bad = scratch.polc({"-", "--target=plain"}, {.input = std::string(wrong_policy)});
  CHECK(bad.status == 1);
  CHECK(bad.err.rfind("-:4:9: error: ", 0) == 0);
}

TEST_CASE("imports: they are found beside their file, whatever the working directory is") {
  const Scratch scratch;
  scratch.write("site/web.pol", "language 1;\nimport \"parts/files.pol\";\npolicy web {\n  use files;\n}\n");
  scratch.write("site/parts/files.pol", "language 1;\nimport \"names.pol\";\nabstraction files {\n  allow read $hosts;\n}\n");
  scratch.write("site/parts/names.pol", "language 1;\nlet hosts = \"/etc/hosts\";\n");
  scratch.write("elsewhere/deep/keep", "");
  const std::pair<std::string, std::string> ways[] = {
      {"", "site/web.pol"}, {"site", "web.pol"}, {"elsewhere/deep", "../../site/web.pol"}, {"elsewhere", scratch.path("site/web.pol")}};
  for (const auto& [folder, name] : ways) {
    const Outcome outcome = scratch.polc({name, "--target=plain", "--fidelity=none"}, {.folder = folder});
    CAPTURE(folder);
    CAPTURE(outcome.err);
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "/etc/hosts"));
  }
}

TEST_CASE("imports: -I is looked at when there is none beside the file, and a missing one is the policy's fault") {
  const Scratch scratch;
  scratch.write("web.pol", "language 1;\nimport \"files.pol\";\npolicy web {\n  use files;\n}\n");
  scratch.write("shared parts/files.pol", "language 1;\nabstraction files {\n  allow read \"/etc/hosts\";\n}\n");
  const Outcome found = scratch.polc({"web.pol", "--target=plain", "-I", "shared parts"});
  CAPTURE(found.err);
  CHECK(found.status == 0);
  const Outcome missing = scratch.polc({"web.pol", "--target=plain"});
  CHECK(missing.status == 1);
  CHECK(contains(missing.err, "web.pol:2:8: error: cannot find `files.pol` [P9004]"));
}

TEST_CASE("imports: the standard library is in the program, so it is found from an empty folder and from standard input") {
  const Scratch scratch;
  const std::string policy = "language 1;\nimport \"std/linux.pol\";\npolicy web {\n  use dynamic_program;\n}\n";
  scratch.write("empty/web.pol", policy);
  for (const bool piped : {false, true}) {
    const Outcome outcome =
        piped ? scratch.polc({"-", "--dump=ir"}, {.input = policy}) : scratch.polc({"web.pol", "--dump=ir"}, {.folder = "empty"});
    CAPTURE(outcome.err);
    CHECK(outcome.status == 0);
    CHECK(contains(outcome.out, "/dev/null"));
  }
}

TEST_CASE("imports: a file that is reached in two ways is one file") {
  const Scratch scratch;
  scratch.write("names.pol", "language 1;\nlet hosts = \"/etc/hosts\";\n");
  scratch.write("a/a.pol", "language 1;\nimport \"../names.pol\";\nabstraction a {\n  allow read $hosts;\n}\n");
  scratch.write("web.pol", "language 1;\nimport \"names.pol\";\nimport \"./names.pol\";\nimport \"a/a.pol\";\npolicy web {\n  use a;\n}\n");
  const Outcome outcome = scratch.polc({"web.pol", "--target=plain", "--fidelity=none"});
  CAPTURE(outcome.err);
  CHECK(outcome.status == 0);
}

// ---- what is said

TEST_CASE("diagnostics: JSON is one document, with and without mistakes, and from a file that cannot be read") {
  const Scratch scratch;
  scratch.write("good.pol", small_policy);
  scratch.write("bad.pol", wrong_policy);
  const auto document = [&](const char* file) {
    return nlohmann::json::parse(scratch.polc({file, "--target=plain", "--diagnostics=json"}).err, nullptr, false);
  };
  const auto good = document("good.pol");
  REQUIRE(good.is_object());
  CHECK(good["diagnostics"].empty());
  const auto bad = document("bad.pol");
  REQUIRE(bad.is_object());
  REQUIRE(bad["diagnostics"].size() == 1);
  CHECK(bad["diagnostics"][0]["id"] == "P1021");
  CHECK(bad["diagnostics"][0]["line"] == 4);
  CHECK(bad["diagnostics"][0]["column"] == 9);
  CHECK(bad["diagnostics"][0]["fixes"][0]["text"] == "read");
  const auto missing = document("missing.pol");
  REQUIRE(missing.is_object());
  CHECK(missing["diagnostics"][0]["id"] == "P9001");
}

TEST_CASE("colour: only on a terminal, and not when NO_COLOR says so") {
  const Scratch scratch;
  scratch.write("bad.pol", wrong_policy);
  const std::vector<std::string> arguments{"bad.pol", "--target=plain"};
  const auto is_coloured = [&](const e2e::Surroundings& around) { return contains(scratch.polc(arguments, around).err, "\033["); };
  CHECK_FALSE(is_coloured({}));
  CHECK_FALSE(is_coloured({.environment = {{"NO_COLOR", "1"}}}));
  CHECK(is_coloured({.terminal = true}));
  CHECK_FALSE(is_coloured({.terminal = true, .environment = {{"NO_COLOR", "1"}}}));
  CHECK(contains(scratch.polc(arguments, {.environment = {{"NO_COLOR", "1"}}}).err, "bad.pol:4:9: error: "));
}

TEST_CASE("determinism: the same input and options give the same bytes, whatever the locale, the folder and the time zone") {
  const Scratch scratch;
  scratch.write("web.pol", small_policy);
  scratch.write("other/web.pol", small_policy);
  const std::vector<std::string> arguments{"web.pol", "--target=plain", "--fidelity=table"};
  const Outcome first = scratch.polc(arguments);
  const Outcome again = scratch.polc(arguments, {.folder = "other", .environment = {{"LC_ALL", "tr_TR.UTF-8"}, {"TZ", "Asia/Kabul"}}});
  CHECK(first.status == 0);
  CHECK(first.out == again.out);
  CHECK(first.err == again.err);
}

// ---- the pipeline from inside

TEST_CASE("stages: each can be printed or stopped at, and passes named") {
  const Scratch scratch;
  scratch.write("web.pol", std::string(small_policy));
  for (const char* stage : {"ast", "ir", "optimised"}) {
    CAPTURE(stage);
    CHECK(contains(scratch.polc({"web.pol", std::string("--dump=") + stage}).out, "/etc/hosts"));
    const Outcome stopped = scratch.polc({"web.pol", std::string("--stop-after=") + stage});
    CHECK(stopped.status == 0);
    CHECK(stopped.out == "");
  }
  CHECK(contains(scratch.polc({"web.pol", "--dump=legal", "--target=plain"}).out, "/etc/hosts"));
  CHECK(scratch.polc({"web.pol", "--dump=legal"}).status == 2);
  CHECK(contains(scratch.polc({"--print-passes"}).out, "merge_verbs"));
  CHECK(contains(scratch.polc({"web.pol", "--dump-after=merge_verbs"}).out, "/etc/hosts"));
  CHECK(scratch.polc({"web.pol", "--disable-pass=no_such_pass", "--target=plain"}).status == 2);
}

TEST_CASE("lint: the day is --today, else SOURCE_DATE_EPOCH, and what is neither a date nor a number is wrong usage") {
  const Scratch scratch;
  scratch.write("web.pol",
                "language 1;\npolicy web {\n  @until(\"2026-06-30\") @allow_lint(P4040, \"until the next release\")\n"
                "  allow syscall bpf;\n}\n");
  const auto expired = [&](const std::vector<std::string>& arguments, const char* epoch) {
    const Outcome outcome = scratch.polc(arguments, {.environment = {{"SOURCE_DATE_EPOCH", epoch}}});
    CHECK((outcome.status == 0 || outcome.status == 1));
    return contains(outcome.out, "[P4088]");
  };
  CHECK_FALSE(expired({"lint", "web.pol"}, "1782777600"));  // 2026-06-30: the last day
  CHECK(expired({"lint", "web.pol"}, "1782864000"));        // the day behind it
  CHECK_FALSE(expired({"lint", "web.pol", "--today=2026-01-01"}, "1782864000"));
  for (const char* epoch : {"", "soon", "17x", "99999999999999999999"})
    CHECK(scratch.polc({"lint", "web.pol"}, {.environment = {{"SOURCE_DATE_EPOCH", epoch}}}).status == 2);
  for (const char* today : {"--today=tomorrow", "--today=2026-1-1", "--today=2026-01-0x"})
    CHECK(scratch.polc({"lint", "web.pol", today}).status == 2);
}

TEST_CASE("lint: --diff says what it cannot read or understand, as lint does") {
  const Scratch scratch;
  scratch.write("bad.pol", "language 1;\npolicy bad { allow frob; }\n");
  scratch.write("unknown.pol", "language 1;\npolicy unknown { use nobody; }\n");
  scratch.write("twice.pol", "language 1;\npolicy web {\n  allow read \"/etc/hosts\";\n  allow read \"/etc/hosts\";\n}\n");
  CHECK(scratch.polc({"lint", "--diff", "bad.pol"}).status == 1);
  CHECK(contains(scratch.polc({"lint", "--diff", "bad.pol"}).err, "bad.pol:2:"));
  CHECK(scratch.polc({"lint", "--diff", "unknown.pol"}).status == 1);
  CHECK(scratch.polc({"lint", "--diff", "missing.pol"}).status == 3);
  CHECK(contains(scratch.polc({"lint", "--diff", "missing.pol"}).err, "P9001"));
  CHECK(contains(scratch.polc({"lint", "--diff", "twice.pol", "bad.pol"}).err, "bad.pol:2:"));
  CHECK(scratch.polc({"lint", "--diff", "twice.pol", "missing.pol"}).status == 3);
  CHECK(contains(scratch.polc({"lint", "--diff", "--diagnostics=json", "bad.pol"}).err, "P1020"));
}

TEST_CASE("lint: --diff shows what --fix writes, comments stay, a second run has nothing to do, and guesses wait to be asked for") {
  const Scratch scratch;
  const std::string untidy =
      "language 1;\nlet idle = \"/a\";  # of no use\npolicy web {\n  program \"/bin/web\";\n  allow fork;  # why\n  allow fork;\n"
      "  @allow_lint(P4040, \"not so\") allow thread;\n}\n";
  const std::string tidy = "language 1;\npolicy web {\n  program \"/bin/web\";\n  allow fork;  # why\n  allow thread;\n}\n";
  scratch.write("more/web.pol", untidy);
  const Outcome diff = scratch.polc({"lint", "--diff", "more"});
  CHECK(diff.status == 1);
  CHECK(contains(diff.out, "-let idle"));
  CHECK(scratch.read("more/web.pol") == untidy);
  CHECK(scratch.polc({"lint", "--fix", "more"}).status == 0);
  CHECK(scratch.read("more/web.pol") == tidy);
  CHECK(scratch.polc({"lint", "--diff", "more"}).status == 0);
  // What stands with others on its line may be what the comment is about.
  scratch.write("line.pol", "language 1;\nlet a = \"/a\"; let b = \"/b\";  # b is for web\npolicy web { program \"/bin/web\"; allow read $b; }\n");
  CHECK(scratch.polc({"lint", "--fix", "line.pol"}).status == 0);
  CHECK(scratch.read("line.pol") == "language 1;\nlet b = \"/b\";  # b is for web\npolicy web { program \"/bin/web\"; allow read $b; }\n");
  const std::string slip = "language 1;\npolicy web {\n  program \"/bin/web\";\n  allow raed \"/a\";\n}\n";
  scratch.write("slip.pol", slip);
  CHECK(scratch.polc({"lint", "--fix", "slip.pol"}).status == 1);
  CHECK(scratch.read("slip.pol") == slip);
  CHECK(scratch.polc({"lint", "--fix", "-"}, {.input = tidy}).status == 2);
}

TEST_CASE("lint: --fix writes the word of an @accept that the verdict has, where the other accepts nothing") {
  const Scratch scratch;
  const auto policy = [](const std::string& files, const std::string& memory) {
    return "language 1;\npolicy web {\n  program \"/bin/web\";\n  allow read \"/etc/a\";\n  @accept(" + files +
           ": systemd, \"a unit sees no files\")\n  deny read \"/etc/shadow\";\n  @accept(" + memory +
           ": seccomp, \"not looked at by systemd\")\n  deny fork;\n}\n";
  };
  scratch.write("web.pol", policy("wider", "wider"));
  CHECK(scratch.polc({"web.pol", "--target=systemd", "-o", "web.conf"}).status == 1);
  CHECK(scratch.polc({"lint", "--fix", "web.pol"}).status == 0);
  CHECK(scratch.read("web.pol") == policy("unmediated", "wider"));  // with either word the other accepts nothing: it is left alone
  CHECK(scratch.polc({"web.pol", "--target=systemd", "-o", "web.conf"}).status == 0);
}

TEST_CASE("fmt: in place, told by --check and --diff, through standard input, and nothing is written of what does not parse") {
  const Scratch scratch;
  const std::string loose = "language 1;\npolicy web {\nallow fork; # why\n}\n", tidy = "language 1;\npolicy web {\n  allow fork;  # why\n}\n";
  scratch.write("web.pol", loose);
  scratch.write("more/other.pol", tidy);
  const Outcome check = scratch.polc({"fmt", "--check", "web.pol", "more"});
  CHECK(check.status == 1);
  CHECK(check.out == "web.pol\n");
  const Outcome diff = scratch.polc({"fmt", "--diff", "web.pol"});
  CHECK(diff.status == 1);
  CHECK(diff.out == "--- web.pol\n+++ web.pol\n@@ -1,4 +1,4 @@\n language 1;\n policy web {\n-allow fork; # why\n+  allow fork;  # why\n }\n");
  CHECK(scratch.read("web.pol") == loose);
  CHECK(scratch.polc({"fmt", "web.pol"}).status == 0);
  CHECK(scratch.read("web.pol") == tidy);
  CHECK(scratch.polc({"fmt", "--check", "web.pol", "more"}).status == 0);
  CHECK(scratch.polc({"fmt", "-"}, {.input = loose}).out == tidy);
  scratch.write("open.pol", "language 1;\npolicy web {\n  allow fork;\n}");
  CHECK(scratch.polc({"fmt", "--diff", "open.pol"}).out ==
        "--- open.pol\n+++ open.pol\n@@ -1,4 +1,4 @@\n language 1;\n policy web {\n   allow fork;\n-}\n\\ No newline at end of file\n+}\n");
  scratch.write("broken.pol", "language 1;\npolicy {");
  const Outcome broken = scratch.polc({"fmt", "broken.pol"});
  CHECK(broken.status == 1);
  CHECK(contains(broken.err, "broken.pol:2:8: error"));
  CHECK(scratch.read("broken.pol") == "language 1;\npolicy {");
  CHECK(scratch.polc({"fmt", "nowhere.pol"}).status == 3);
}

TEST_CASE("regex: the shortest, one a block, in a frame, and what is no port") {
  const Scratch scratch;
  CHECK(scratch.polc({"regex", "9001-9100", "--mode=strict"}).out == "9(00[1-9]|0[1-9][0-9]|100)\n");
  CHECK(scratch.polc({"regex", "80,443"}).out == "80|443\n");
  CHECK(scratch.polc({"regex", "0-65535"}).out == "0|[1-9][0-9]{0,4}\n");
  CHECK(scratch.polc({"regex", "80,443", "--frame=howto"}).out == "inet-.*:(80|443)$\n");
  CHECK(scratch.polc({"regex", "80", "--frame=strict"}).out == "^inet-\\[.*\\]:(80)$\n");
  CHECK(scratch.polc({"regex", "1024-65535", "--style=rules"}).out ==
        "102[4-9]\n10[3-9][0-9]\n1[1-9][0-9]{2}\n[2-9][0-9]{3}\n[1-9][0-9]{4}\n");
  for (const char* wrong : {"", "65536", "90-80", "80,", "http", "1-2-3", "-1"}) {
    CAPTURE(wrong);
    const Outcome outcome = scratch.polc({"regex", wrong});
    CHECK(outcome.status == 2);
    CHECK(outcome.out == "");
  }
}
