# lifeline.sh TERM|KILL command… — runs the command until it ends, or until our standard input closes, whichever comes
# first: whoever started us holds the other end of that pipe, so the command ends with them, however they end.
# POSIX sh; only built-ins while it waits.

how=$1
shift

# A shell gives /dev/null to what it starts in the background, hence descriptor 9.
exec 9<&0
"$@" 9<&- </dev/null &
child=$!

(
  exec >/dev/null 2>&1
  while read -r _ <&9; do :; done
  kill -"$how" $child
  tries=0
  while [ $tries -lt 20 ] && kill -0 $child; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -KILL $child
) &
watcher=$!

# From here on only the shell itself would still write: that its child was killed, which is no news.
exec 9<&- 2>/dev/null
wait $child
status=$?
kill $watcher
exit $status
