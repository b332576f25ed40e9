# For GNU make, to be included: rules that compile policies. What they make is made again when the policy or an import changes.
#   POLC_FLAGS = --variant=debian
#   include polc.mk
#   all: tor.bpf tor.apparmor
POLC ?= polc
POLC_FLAGS ?=

%.bpf: %.pol
	$(POLC) $< --target=seccomp $(POLC_FLAGS) -o $@ --depfile=$@.d
%.json: %.pol
	$(POLC) $< --target=seccomp $(POLC_FLAGS) -o $@ --depfile=$@.d
polc_%.h: %.pol
	$(POLC) $< --target=seccomp $(POLC_FLAGS) -o $@ --depfile=$@.d
%.apparmor: %.pol
	$(POLC) $< --target=apparmor $(POLC_FLAGS) -o $@ --depfile=$@.d

-include $(wildcard *.bpf.d *.json.d polc_*.h.d *.apparmor.d)
