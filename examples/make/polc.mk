# For GNU make from 4.2 on, to be included: rules that compile policies.
#   POLC_FLAGS = --variant=debian
#   include polc.mk
#   all: tor.bpf tor.apparmor sub/redis.bpf
# What they make is made again when the policy or an import changes, or what is said to polc, or polc itself. To know, they keep
# notes in .polc/, which `make clean` is to remove. As make divides names at blanks, policies have none in theirs; what POLC says
# may be quoted for the shell.
POLC ?= polc
POLC_FLAGS ?=

# The architecture that the compiler compiles for.
polc_machine := $(or $(shell $(CC) -dumpmachine 2> /dev/null),$(shell uname -m))
polc_processor := $(firstword $(subst -, ,$(polc_machine)))
POLC_ARCH ?= $(patsubst i%86,x86,$(patsubst arm%,arm,$(patsubst powerpc64le,ppc64le,$(polc_processor))))

# What an artefact was made with: other words, or another program, make it again.
polc_program := $(shell set -- $(POLC); cksum "$$(command -v "$$1")" 2> /dev/null)
polc_with = $(POLC) $(POLC_FLAGS) --arch=$(POLC_ARCH) $(polc_program)
polc_notes = .polc/$(subst /,%,$@)
polc_changed = $(if $(findstring [$(polc_with)],[$(file < $(polc_notes).with)]),,polc_force)
.PHONY: polc_force

# As with gcc -MP, each import is a target without a rule: one that is gone stops nothing. (`\` and a blank are one blank of a name.)
polc_imports = { $$0 = substr($$0, index($$0, ": ") + 2); n = split($$0, word, " ") } \
  END { for (i = 2; i <= n; ++i) printf "%s%s", word[i], word[i] ~ /\\$$/ ? " " : ":\n" }
define polc_compile
@mkdir -p .polc $(@D)
$(POLC) $< --target=$(1) --arch=$(POLC_ARCH) $(POLC_FLAGS) -o $@ --depfile=$(polc_notes).d
@awk '$(polc_imports)' $(polc_notes).d >> $(polc_notes).d
@printf '%s\n' '$(subst ','\'',$(polc_with))' > $(polc_notes).with
endef

-include $(wildcard .polc/*.d)

.SECONDEXPANSION:
%.bpf: %.pol $$(polc_changed)
	$(call polc_compile,seccomp)
%.json: %.pol $$(polc_changed)
	$(call polc_compile,seccomp)
polc_%.h: %.pol $$(polc_changed)
	$(call polc_compile,seccomp)
%.apparmor: %.pol $$(polc_changed)
	$(call polc_compile,apparmor)
