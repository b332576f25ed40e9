#!/bin/bash
# The format `h` in a program: it compiles as C89 and as C++ by gcc and clang without a warning, and what it enforces is what the reader
# says of the accesses below.
#   header_test.sh POLC
set -euo pipefail
polc=$1
work=$(mktemp -d /tmp/polc-header-XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/t/tree/sub" "$work/t/typed"
echo x | tee "$work/t/name" "$work/t/other" "$work/t/tree/sub/file" "$work/t/typed/file" > /dev/null
ln -s name "$work/t/link"

cat > "$work/policy.pol" << END
language 1;
policy odd_name {
  program "/usr/bin/odd";
  allow read "$work/t/name", "$work/t/missing", "$work/t/link" type file;
  allow read tree "$work/t/tree";
  allow read "$work/t/typed" type file;
  allow write "/dev/null" type chardev;
  allow bind tcp any:19811-19812;
}
END
"$polc" "$work/policy.pol" --target=landlock --format=h --fidelity=none -o "$work/rules.h"
cat > "$work/program.c" << 'END'
#include "rules.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
static int bound(int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address);
}
int main(int argc, char **argv) {
  const int error = polc_odd_name_landlock(POLC_LANDLOCK_TSYNC | (argc > 1 && *argv[1] == 's' ? POLC_LANDLOCK_STRICT : 0u));
  int i;
  if (error != 0) return printf("error %d\n", error), 1;
  for (i = 2; i < argc; ++i) {
    const int failed = *argv[i] == '/' ? open(argv[i], O_RDONLY) < 0 : bound(atoi(argv[i])) != 0;
    printf("%s %d\n", argv[i], failed ? errno : 0);
  }
  return 0;
}
END

accesses=("$work/t/name" "$work/t/other" "$work/t/tree" "$work/t/tree/sub" "$work/t/tree/sub/file" "$work/t/typed" "$work/t/typed/file" 19811 19812 19813)
printf '%s 0\n%s 13\n%s 0\n%s 0\n%s 0\n%s 13\n%s 13\n%s 0\n%s 0\n%s 13\n' "${accesses[@]}" > "$work/wanted"
clang=$(command -v clang clang-14 | head -1) || true
compiled=0
for compiler in "gcc -std=c89 -Wno-long-long -Wpedantic" "gcc -std=c11 -Wpedantic" "g++ -x c++ -std=c++11" "${clang:-clang} -std=c89 -Wno-long-long" "${clang:-clang} -x c++ -std=c++20"; do
  command -v "${compiler%% *}" > /dev/null || { echo "SKIPPED: ${compiler%% *} is not installed"; continue; }
  # shellcheck disable=SC2086
  $compiler -Wall -Wextra -Werror -o "$work/program" "$work/program.c"
  compiled=$((compiled + 1))
  status=0
  "$work/program" - "${accesses[@]}" > "$work/got" || status=$?
  if [ $status != 0 ] && grep -qxE 'error (38|95)' "$work/got"; then echo 'SKIPPED: this kernel has no Landlock'; exit 77; fi
  diff "$work/wanted" "$work/got" || { echo "$compiler: other answers (>) than wanted (<)"; exit 1; }
done
# A kernel that is older than the rules: refused where that is asked for, else in force as far as it goes.
sed 's/^  6, \(0x.*,\)$/  99, \1/' "$work/rules.h" > "$work/young.h"
mv "$work/young.h" "$work/rules.h"
gcc -o "$work/program" "$work/program.c"
[ "$("$work/program" strict || true)" = "error 95" ] || { echo "STRICT takes an older kernel"; exit 1; }
"$work/program" - "${accesses[@]}" | diff "$work/wanted" -
echo "$compiled compilers"
[ $compiled -gt 1 ]
