#include "boxes.hpp"

using namespace polc;
using namespace polc::format_test;

namespace {

ir::Policy bare(std::string name) {
  ir::Policy policy;
  policy.name = std::move(name);
  return policy;
}

ir::Rule rule(ir::Effect effect, std::vector<ir::Box> boxes) {
  ir::Rule out;
  out.effect = effect;
  out.boxes = std::move(boxes);
  out.origin.emplace_back();
  return out;
}

std::vector<ir::Box> whole_net(NetVerbs verbs) {
  std::vector<ir::Box> out;
  for (unsigned i = 0; i < count_of(Family{}); ++i) out.emplace_back(net(verbs, static_cast<Family>(i)));
  return out;
}

ir::Default reaction(ir::Reaction::Kind kind, std::string error = "", bool log = false, std::string target = "") {
  ir::Default out;
  out.reaction = {kind, std::move(error), log};
  out.target = std::move(target);
  return out;
}

}  // namespace

TEST_CASE("dump: an empty policy is a whole file") {
  CHECK(format::dump(bare("p")) == "language 1;\n# linux, x86_64\n\npolicy p {\n}\n");
}

TEST_CASE("dump: everything has its place") {
  ir::Policy policy = bare("tor");
  policy.programs = {"/usr/bin/tor", "/a*"};
  policy.deploy = {"apparmor", "seccomp"};
  policy.accepts = {{ir::Verdict::wider, "systrace", "one \"alias\"", {}}};
  policy.defaults = {reaction(ir::Reaction::Kind::kill), reaction(ir::Reaction::Kind::deny, "EPERM", true),
                     reaction(ir::Reaction::Kind::hidden, "", true, "seccomp"), reaction(ir::Reaction::Kind::log)};
  policy.defaults[1].klass = ir::AccessClass::file;
  policy.defaults[3].call = call("socket");
  policy.rules.push_back(rule(ir::Effect::allow, {file({FileVerb::read}, "/etc"), ir::CapabilityBox{1}}));
  policy.rules.push_back(rule(ir::Effect::deny, whole_net({NetVerb::send})));
  policy.rules.back().reason = "no";
  policy.rules.back().accepts = {0};
  policy.rules.push_back(rule(ir::Effect::allow, {ir::CallBox{{call("fork")}, {}}}));
  policy.limits = {{7, 65536, {}}, {9, std::uint64_t{8} << 30, {}}, {4, 0, {}, {0}}};
  policy.raws = {{"systemd", "A=\"b\"\n", {}, {}}, {"seccomp", "x", {}, {0}}};
  policy.options = {{"seccomp", "mode", {"on", "12", "007", "a-b"}, {}}};
  CHECK(format::dump(policy) == R"(language 1;
# linux, x86_64

policy tor {
  program "/usr/bin/tor", "/a\*";
  deploy apparmor, seccomp;
  default kill;
  default deny errno EPERM log for file;
  default log for socket;

  allow read "/etc";
  allow capability chown;

  @reason("no")
  @accept(wider: systrace, "one \"alias\"")
  deny send any;

  allow syscall fork;

  limit nofile <= 65536;
  limit as <= 8G;

  @accept(wider: systrace, "one \"alias\"")
  limit core <= 0;

  @accept(wider: systrace, "one \"alias\"")
  target seccomp {
    raw "x";
  }

  target seccomp {
    option mode = on, 12, "007", "a-b";
    default hidden log;
  }

  target systemd {
    raw "A=\"b\"\n";
  }
}
)");
}

TEST_CASE("dump: five families of six are not `any`") {
  ir::Policy policy = bare("p");
  std::vector<ir::Box> boxes = whole_net({NetVerb::send});
  boxes.erase(boxes.begin() + 3);
  policy.rules.push_back(rule(ir::Effect::allow, std::move(boxes)));
  CHECK(format::dump(policy).find("send unix;") != std::string::npos);
}

TEST_CASE("dump: an expectation leaves out what was left out, and names what was given") {
  ir::Policy policy = bare("p");
  const ir::LeftOut nothing{}, all{true, true, true, true, true, true, true, true};
  ir::LeftOut endpoint = all;
  endpoint.port = false;
  ir::LeftOut type = all;
  type.type = false;
  policy.expectations.push_back(
      {ir::Effect::allow,
       {{tcp({NetVerb::connect}, Family::inet), all}, {tcp({NetVerb::connect}, Family::inet6), all}},
       {}});
  policy.expectations.push_back({ir::Effect::deny, {{tcp({NetVerb::connect}, Family::inet), endpoint}}, {}});
  policy.expectations.push_back({ir::Effect::deny, {{file({FileVerb::read}, "/a"), type}}, {}});
  policy.expectations.push_back({ir::Effect::deny, {{file({FileVerb::read, FileVerb::chmod}, "/a"), nothing}}, {}});
  const std::string text = format::dump(policy);
  CHECK(text.find("  expect {\n    allow connect tcp;\n    deny connect tcp any4:0-65535;\n"
                  "    deny read \"/a\" type file, dir, socket, fifo, symlink, chardev, blockdev;\n") !=
        std::string::npos);
  CHECK(text.find("    deny chmod \"/a\" type file, dir, socket, fifo, symlink, chardev, blockdev mode 07777;\n") !=
        std::string::npos);
}

TEST_CASE("dump: policies that are only named follow as empty ones, so that the file stands alone") {
  ir::Policy policy = bare("p");
  ir::FileBox exec = file({FileVerb::exec}, "/bin/sh");
  exec.successors = {{ir::Successor::Kind::policy, "q"}};
  policy.rules.push_back(rule(ir::Effect::allow, {exec}));
  policy.rules.push_back(rule(
      ir::Effect::allow,
      {ir::PeerBox{ir::PeerKind::signal, 2, false, {{ir::Peer::Kind::policy, "p"}, {ir::Peer::Kind::policy, "r"}}}}));
  const std::string text = format::dump(policy);
  CHECK(text.substr(text.rfind("}\npolicy q")) == "}\npolicy q {}  # named above\npolicy r {}  # named above\n");
}
