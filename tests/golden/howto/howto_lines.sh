#!/bin/sh
# The two policies that the how-to publishes, line for line, from policies/howto/tor.pol; and when the source's ports,
# paths or account change, just the lines that speak of them do, in the same style.   howto_lines.sh POLC TOR.POL
set -eu
LC_ALL=C
export LC_ALL
polc=$1
policy=$2
here=$(dirname "$0")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
  echo "FAILED $*"
  failed=1
}

# compile POLICY systrace|grsecurity: the lines that count, sorted; all of the artefact is left in $scratch/artefact.
compile() {
  case $2 in
    systrace) "$polc" "$1" --target=systrace --option=style=howto --fidelity=none >"$scratch/artefact" &&
      grep '^native-' "$scratch/artefact" | sort ;;
    grsecurity) "$polc" "$1" --target=grsecurity --fidelity=none >"$scratch/artefact" &&
      grep -v '^#' "$scratch/artefact" | grep -v '^$' | sort ;;
  esac
}

# same NAME POLICY TARGET EXPECTED: all of these lines, each as often, and no other.
same() {
  compile "$2" "$3" >"$scratch/printed" || { fail "$1: does not compile"; return; }
  sort "$4" >"$scratch/wanted"
  if diff -u "$scratch/wanted" "$scratch/printed"; then echo "ok     $1"; else fail "$1"; fi
}

# changed NAME TARGET LINES POLICY_EDIT EXPECTED_EDIT: the published text with EXPECTED_EDIT, which touches LINES lines of it.
changed() {
  sed "$4" "$policy" >"$scratch/edited.pol"
  cmp -s "$policy" "$scratch/edited.pol" && fail "$1: the edit changes nothing in the policy"
  published=$here/published.systrace
  test "$2" = grsecurity && published=$here/published.grsec
  sed "$5" "$published" >"$scratch/expected"
  lines=$(diff "$published" "$scratch/expected" | grep -c '^<') || true
  test "$lines" = "$3" || fail "$1: $lines lines of the published text change, not $3"
  same "$1" "$scratch/edited.pol" "$2" "$scratch/expected"
}

same "systrace: the published lines" "$policy" systrace "$here/published.systrace"

# systrace takes the first line that matches.
awk -F: '/^native-/ { if (/ permit$/) permitted[$1] = 1; else if (permitted[$1]) { print; bad = 1 } } END { exit bad }' \
  "$scratch/artefact" || fail "systrace: a deny stands behind a permit of its call"
first=$(grep -v '^#' "$scratch/artefact" | head -n 1)
test "$first" = "Policy: /bin/tor, Emulation: native" || fail "systrace: the first line is \`$first\`"

same "grsecurity: the published lines" "$policy" grsecurity "$here/published.grsec"
test "$(grep -v '^#' "$scratch/artefact" | head -n 1)" = "subject /usr/sbin/tor o {" || fail "grsecurity: the subject does not come first"
test "$(tail -n 1 "$scratch/artefact")" = "}" || fail "grsecurity: the brace does not come last"

changed "systrace: another SOCKS port" systrace 1 's/127\.0\.0\.1:9050/127.0.0.1:9150/' 's/:9050/:9150/'
changed "grsecurity: another SOCKS port" grsecurity 2 's/127\.0\.0\.1:9050/127.0.0.1:9150/' 's/:9050/:9150/'
changed "systrace: another account" systrace 2 \
  's/user "_tor" 1001/user "_onion" 2002/; s/group "_tor" 1001/group "_onion" 2003/' \
  '/native-setgid/s/1001/2003/; /native-setuid/{s/1001/2002/; s/_tor/_onion/;}'
changed "systrace: another state directory" systrace 5 's#"/var/lib/tor"#"/srv/onion"#' 's#/var/lib/tor#/srv/onion#g'
changed "grsecurity: another state directory" grsecurity 1 's#"/var/lib/tor"#"/srv/onion"#' 's#/var/lib/tor#/srv/onion#g'
changed "systrace: another log directory" systrace 3 's#"/var/log/tor"#"/srv/log"#' 's#/var/log/tor#/srv/log#g'
changed "systrace: another program" systrace 0 's#"/bin/tor"#"/usr/local/bin/tor"#' ''
grep -q '^Policy: /usr/local/bin/tor, Emulation: native$' "$scratch/artefact" || fail "systrace: the program is not named"
changed "systrace: other single ports" systrace 2 's/{ 80, 443, 1024-65535 }/{ 81, 993, 1024-65535 }/' \
  's/inet-\*:80"/inet-*:81"/; s/inet-\*:443"/inet-*:993"/'
changed "systrace: a shorter range of ports" systrace 1 's/{ 80, 443, 1024-65535 }/{ 80, 443, 1024-9999 }/' \
  '/:\[1-9\]\[0-9\]{4}/d'
changed "grsecurity: other ports" grsecurity 2 's/{ 9001-9100, 443 }/{ 8001-8100, 993 }/' 's/:9001-9100/:8001-8100/; s/:443/:993/'

exit $failed
