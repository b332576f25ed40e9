# shellcheck shell=bash disable=SC2034
# What tor's tests ask of its control port; sourced.

# asks PORT COOKIE-FILE LINE...: prints what tor answers; fails where it answers with an error.
asks() {
  local port=$1 cookie=$2 answers
  exec 7<> "/dev/tcp/127.0.0.1/$port"
  printf '%s\r\n' "AUTHENTICATE $(od -An -tx1 -v "$cookie" | tr -d ' \n')" "${@:3}" QUIT >&7
  answers=$(timeout 20 tr -d '\r' <&7)
  exec 7>&-
  printf '%s\n' "$answers"
  ! grep -q '^[45][0-9][0-9][ -]' <<< "$answers" && grep -qx '250 closing connection' <<< "$answers"
}

# What every tor is asked for: about itself, its signals, and settings that it changes while it runs.
questions=('GETINFO version process/pid process/uid process/user process/descriptor-limit limits/max-mem-in-queues'
  'GETINFO traffic/read traffic/written uptime dormant config-file config-text net/listeners/control signal/names'
  'GETINFO circuit-status stream-status orconn-status entry-guards ns/all accounting/enabled status/bootstrap-phase onions/detached'
  'PROTOCOLINFO 1' 'GETCONF DataDirectory' 'SETEVENTS BW CIRC STREAM ORCONN NOTICE ADDRMAP CONF_CHANGED HS_DESC GUARD NEWDESC'
  'SIGNAL DUMP' 'SIGNAL DEBUG' 'SIGNAL HEARTBEAT' 'SIGNAL NEWNYM' 'SIGNAL CLEARDNSCACHE' 'SIGNAL DORMANT' 'SIGNAL ACTIVE'
  'SETCONF BandwidthRate=10MB NumCPUs=2 MaxMemInQueues=512MB ConstrainedSockets=1' 'RESETCONF BandwidthRate ConstrainedSockets'
  'MAPADDRESS 192.0.2.1=mapped.test' 'ADD_ONION NEW:ED25519-V3 Flags=DiscardPK Port=80,127.0.0.1:5500' 'SETEVENTS')
