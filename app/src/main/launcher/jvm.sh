# shellcheck shell=bash
# The JVM that suits this machine or container: its memory, its collector, its AOT cache. ./sluice sources this file.
# Why so: docs/decisions/0007-the-jvm-is-part-of-the-product.md. $1 of some functions is the root of the file system,
# which only tests set.

readonly MIB=$((1024 * 1024))
# What a JVM takes beside heap and buffers: classes, compiled code, threads.
readonly JVM_OWN_MIB=128
# With less than this a server does not start.
readonly SERVER_NEEDS_MIB=192
# A concurrent collector needs a second processor and room.
readonly CONCURRENT_NEEDS_MIB=1024
# With less than this the rehearsal, a JVM of its own, would crowd the server.
readonly REHEARSAL_NEEDS_MIB=1024
# How a rehearsal ends that ran out of time, as on a machine whose processors are all busy.
readonly NO_TIME=75

# Prints the bytes in file $1 if they are a limit; cgroups write "max", or nearly 2^63, for none.
limit_in() {
  local bytes
  [ -r "$1" ] && read -r bytes <"$1" || return 0
  case $bytes in
    '' | *[!0-9]*) ;;
    *) [ ${#bytes} -ge 19 ] || echo "$bytes" ;;
  esac
}

# Prints the smallest limit in files called $3, from folder $2 below $1 up to $1 itself. In a container the folder may
# not be visible; then its limit stands in $1.
smallest_limit_up() {
  local folder=$2 bytes smallest=""
  while :; do
    bytes=$(limit_in "$1$folder/$3")
    if [ -n "$bytes" ] && { [ -z "$smallest" ] || [ "$bytes" -lt "$smallest" ]; }; then
      smallest=$bytes
    fi
    case $folder in '' | / | .) break ;; esac
    folder=${folder%/*}
  done
  echo "$smallest"
}

# Prints this process's folder in the cgroup hierarchy of controller $2; an empty one is version 2.
cgroup_folder() {
  [ -r "$1/proc/self/cgroup" ] || return 0
  awk -F: -v wanted="$2" '{ n = split($2, names, ","); if (wanted == "" && $2 == "") print $3
    for (i = 1; i <= n; i++) if (wanted != "" && names[i] == wanted) print $3 }' "$1/proc/self/cgroup" | head -n 1
}

# Prints how many MiB this machine, or the container around us, has.
memory_mib() {
  local root=${1:-} bytes limit
  if [ -r "$root/proc/meminfo" ]; then
    bytes=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' "$root/proc/meminfo")
  else
    bytes=$(sysctl -n hw.memsize 2>/dev/null || echo 0)
  fi
  for limit in \
    "$(smallest_limit_up "$root/sys/fs/cgroup" "$(cgroup_folder "$root" "")" memory.max)" \
    "$(smallest_limit_up "$root/sys/fs/cgroup/memory" "$(cgroup_folder "$root" memory)" memory.limit_in_bytes)"; do
    if [ -n "$limit" ] && [ "$limit" -lt "$bytes" ]; then
      bytes=$limit
    fi
  done
  echo $((bytes / MIB))
}

# Prints how many processors this process may use, a container's quota rounded up.
processors() {
  local root=${1:-} count quota="" period=""
  count=${2:-$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 1)}
  local v2=$root/sys/fs/cgroup/cpu.max v1=$root/sys/fs/cgroup/cpu/cpu.cfs
  if [ -r "$v2" ]; then
    read -r quota period <"$v2"
  elif [ -r "${v1}_quota_us" ]; then
    read -r quota <"${v1}_quota_us"
    read -r period <"${v1}_period_us"
  fi
  case $quota in
    '' | max | -*) ;;
    *) [ $(((quota + period - 1) / period)) -ge "$count" ] || count=$(((quota + period - 1) / period)) ;;
  esac
  echo "$count"
}

# Whether the operator's options hold one that matches the pattern $1.
operator_says() {
  local option
  # shellcheck disable=SC2086 # several options
  for option in ${SLUICE_OPTS:-}; do
    # shellcheck disable=SC2254 # a pattern
    case $option in $1) return 0 ;; esac
  done
  return 1
}

# Prints the options for the size of the heap and of what is off it, for a machine of $1 MiB: half of what the JVM
# itself leaves, and a quarter; the last quarter is for sockets and the disk's cache. Beyond 30 GiB references grow.
memory_options() {
  local rest=$(($1 - JVM_OWN_MIB))
  local heap=$((rest / 2))
  [ "$heap" -le 30720 ] || heap=30720
  if ! operator_says '-Xmx*' && ! operator_says '-XX:Max*RAM*' && ! operator_says '-XX:MaxHeapSize=*'; then
    echo "-Xmx${heap}m"
    operator_says '-XX:MaxDirectMemorySize=*' || echo "-XX:MaxDirectMemorySize=$((rest / 4))m"
    operator_says '-Xms*' || echo "-Xms16m"
  fi
}

# Prints the options for the collector on $1 processors and $2 MiB.
collector_options() {
  operator_says '-XX:+Use*GC' && return 0
  if [ "$1" -ge 2 ] && [ "$2" -ge "$CONCURRENT_NEEDS_MIB" ]; then
    # Collections by the clock, because there is so little garbage that the heap would grow for hours.
    printf '%s\n' -XX:+UseZGC -XX:ZCollectionIntervalMinor=10 -XX:ZCollectionIntervalMajor=60 -XX:ZUncommitDelay=30
  else
    echo -XX:+UseSerialGC
  fi
}

# Prints the options of every start, on $1 processors and $2 MiB. The AOT cache holds for these.
jvm_options() {
  # What the JVM has to say goes to stderr: stdout belongs to the command. A cache that does not fit is no news.
  printf '%s\n' --enable-native-access=ALL-UNNAMED -Xlog:disable -Xlog:all=warning:stderr \
    '-Xlog:aot*=off:stderr' '-Xlog:cds*=off:stderr' \
    -XX:+UseCompactObjectHeaders -Djdk.reflect.useNativeAccessorOnly=true
  collector_options "$1" "$2"
}

# Prints the class path, always in the same order, as the AOT cache wants it.
class_path() {
  local LC_ALL=C
  local jars=("$1"/lib/*.jar) IFS=:
  echo "${jars[*]}"
}

# Prints the name of the AOT cache for program folder $1 and the options that follow: another one for each JDK, each
# build and each mode of the JVM.
aot_cache() {
  local home=$1 option
  shift
  {
    cat "$JAVA_HOME/release"
    ls -ln --time-style=+%s.%N "$home/lib" 2>/dev/null || ls -lnT "$home/lib"
    printf '%s\n' "$@"
    for option in ${SLUICE_OPTS:-}; do
      case $option in -XX:[+-]Use*) echo "$option" ;; esac
    done
  } | cksum | { read -r sum size && echo "$home/aot/$sum-$size.aot"; }
}

# Makes the AOT cache $2 of the program in $1, with the options that follow: a server that rehearses. Whatever fails,
# fails here; a start without the cache is only slower. A failure is remembered, unless there was only no time.
make_aot_cache() {
  local home=$1 cache=$2 option modes=() result=0
  shift 2
  for option in ${SLUICE_OPTS:-}; do
    case $option in -XX:[+-]Use*) modes+=("$option") ;; esac
  done
  local new=$cache.$$.new java=("$JAVA_HOME/bin/java" "$@" ${modes[@]+"${modes[@]}"})
  local main=(-cp "$(class_path "$home")" dev.sluice.app.Main)
  "${java[@]}" -Xmx256m -XX:AOTCacheOutput="$new" "${main[@]}" rehearse || result=$?
  if [ "$result" -eq 0 ] && "${java[@]}" -Xmx64m -XX:AOTCache="$new" -XX:AOTMode=on "${main[@]}" version; then
    mv "$new" "$cache"
    # Older builds' caches; two others stay, for those who change between options.
    # shellcheck disable=SC2012 # names of our own making
    ls -t "$home"/aot/*.aot | tail -n +4 | while read -r old; do rm -f "$old"; done
    return 0
  fi
  rm -f "$new" "$new.config"
  [ "$result" -eq "$NO_TIME" ] || : >"$cache.failed"
  return 1
}

# The same once at a time: who comes second leaves it to the first. A folder can be made only once.
make_aot_cache_alone() {
  local home=$1 cache=$2
  local lock=$home/aot/rehearsing
  # One that was killed leaves its folder; none takes twenty minutes.
  [ -z "$(find "$lock" -maxdepth 0 -mmin +20 2>/dev/null)" ] || rmdir "$lock" 2>/dev/null || true
  mkdir "$lock" 2>/dev/null || return 0
  # shellcheck disable=SC2064 # the path is wanted as it is now
  trap "rmdir '$lock'" EXIT
  [ -f "$cache" ] || make_aot_cache "$@"
}

# Starts that in the background, behind a server that starts now in this very process: $1 seconds later, if it is
# still there, at a low priority, and in a session of its own, so that a Ctrl-C for the server does not reach it.
make_aot_cache_later() {
  local delay=$1 home=$2 cache=$3 apart=()
  shift
  [ ! -e "$cache" ] && [ ! -e "$cache.failed" ] && mkdir -p "$home/aot" 2>/dev/null && [ -w "$home/aot" ] ||
    return 0
  ! command -v setsid >/dev/null || apart=(setsid)
  # The shell between is gone at once, so that the server does not inherit a child.
  (${apart[@]+"${apart[@]}"} nice -n 10 "$BASH" -c \
    'sleep "$0"; kill -0 "$1" 2>/dev/null || exit 0; . "$2"; shift 2; make_aot_cache_alone "$@"' \
    "$delay" "$$" "${BASH_SOURCE[0]}" "$@" </dev/null >"$home/aot/rehearsal.log" 2>&1 &)
}
