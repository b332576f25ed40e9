# shellcheck shell=bash disable=SC2034,SC2154
# What the tests in virtual machines share; sourced by one that has set $root and $polc, and has a function `skip WHY`.
# Sets $work, a folder that is gone at the end, $disk, the tree of the machine's files, and $features, what Debian's kernels have.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
disk=$work/disk
features=/usr/share/apparmor-features/features
[ -e "$features" ] || features=/etc/apparmor.d/abi/3.0

# needs_tools PROGRAM...
needs_tools() {
  local tool
  [ -x "$polc" ] || { echo "$polc is missing: scripts/build" >&2; exit 1; }
  for tool in qemu-system-x86_64 busybox cpio g++ "$@"; do
    command -v "$tool" > /dev/null || skip "there is no $tool"
  done
  if ldd "$(command -v busybox)" > /dev/null 2>&1; then skip "busybox is not linked statically (package busybox-static)"; fi
}

# Sets $kernel: POLC_VM_KERNEL, or Debian's cloud kernel, downloaded once into build/vm and not installed.
find_kernel() {
  local cache=${POLC_VM_CACHE:-$root/build/vm} package
  kernel=${POLC_VM_KERNEL:-$cache/vmlinuz}
  [ ! -e "$kernel" ] || return 0
  mkdir -p "$cache"
  exec 8> "$cache/.lock"
  flock 8  # several of these tests may begin at once
  if [ ! -e "$kernel" ]; then
    mkdir -p "$cache/package"
    package=$(apt-cache depends linux-image-cloud-amd64 2> /dev/null | sed -n 's/^  Depends: \(linux-image-[0-9].*\)$/\1/p' | head -1)
    [ -n "$package" ] || skip "apt knows no linux-image-cloud-amd64; POLC_VM_KERNEL names another kernel"
    (cd "$cache/package" && apt-get -qq download "$package" > /dev/null 2>&1) || skip "the package $package cannot be downloaded"
    dpkg-deb --fsys-tarfile "$cache"/package/"$package"_*.deb | tar -xO --wildcards './boot/vmlinuz-*' > "$cache/vmlinuz.new"
    mv "$cache/vmlinuz.new" "$cache/vmlinuz"
    rm -r "$cache/package"
  fi
  exec 8>&-
}

# make_disk FOLDER...: a merged system's folders, and busybox for all commands.
make_disk() {
  local folder applet
  for folder in bin sbin proc sys dev run tmp etc usr/bin usr/sbin usr/lib usr/lib64 var/lib var/log "$@"; do mkdir -p "$disk/$folder"; done
  ln -s usr/lib "$disk/lib"  # as on every merged system: names are looked up below /usr
  ln -s usr/lib64 "$disk/lib64"
  ln -s /run "$disk/var/run"
  cp "$(command -v busybox)" "$disk/bin/busybox"
  for applet in $(busybox --list); do [ -e "$disk/bin/$applet" ] || ln -s busybox "$disk/bin/$applet"; done
}

# add_program FILE: a program of this machine with what it loads.
add_program() {
  local file real
  for file in "$1" $(ldd "$1" 2> /dev/null | grep -o '/[^ )]*' || true); do
    real=$(readlink -f "$file")  # links stay links: the loader lies in /usr/lib, which ExecPaths= and profiles know
    [ -e "$disk$real" ] || install -D "$real" "$disk$real"
    [ -e "$disk$file" ] || { mkdir -p "$(dirname "$disk$file")" && ln -s "$real" "$disk$file"; }
  done
}

# add_files FILE...: those of this machine that are there.
add_files() {
  local file
  for file; do
    [ ! -e "$file" ] || [ -e "$disk$file" ] || install -D "$(readlink -f "$file")" "$disk$file"
  done
}

# boot SECONDS MEMORY-IN-MB WORD KERNEL-ARGUMENT...: what the machine prints on its second serial line goes to $work/answers.
# Emulated processors are not perfect: a machine that has not got as far as printing WORD is started again.
boot() {
  local seconds=$1 memory=$2 word=$3 attempt
  shift 3
  (cd "$disk" && find . -print0 | cpio --null -o -H newc --quiet --owner=0:0) | gzip -1 > "$work/initrd"
  for attempt in 1 2 3; do
    : > "$work/out"
    timeout "$seconds" qemu-system-x86_64 -accel tcg -cpu max,la57=off,cx16=off -smp 1 -m "$memory" -nodefaults -no-user-config \
      -display none -no-reboot -net none -kernel "$kernel" -initrd "$work/initrd" \
      -append "console=ttyS0 panic=-1 audit=1 loglevel=4 mitigations=off $*" \
      -serial "file:$work/console" -serial "file:$work/out" < /dev/null || true
    ! grep -q "$word" "$work/out" || break
    echo "attempt $attempt did not boot" >&2
  done
  tr -d '\r' < "$work/out" > "$work/answers"
  grep -q '^DONE$' "$work/answers" && return 0
  echo 'the machine did not finish' >&2
  cat "$work/answers" >&2
  tail -n 30 "$work/console" >&2
  exit 1
}
