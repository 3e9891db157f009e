# shellcheck shell=bash
# Finds a JDK 25, for ./sluice and ./check, which source this file.

readonly WANTED_JAVA=25

# Whether $1 is the home of a complete JDK of the wanted version; its file `release` says so without starting it.
is_wanted_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] &&
    grep -qE "^JAVA_VERSION=\"$WANTED_JAVA([.\"]|$)" "$1/release" 2>/dev/null
}

# The home of the `java` on PATH, through all symbolic links; nothing if there is none.
java_home_on_path() {
  local java
  java=$(command -v java) || return 0
  java=$(readlink -f "$java" 2>/dev/null) || return 0
  dirname "$(dirname "$java")"
}

# Prints the home of a JDK 25, or fails after saying what is missing.
find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "$(java_home_on_path)" /usr/lib/jvm/* /opt/* /opt/java/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_wanted_jdk "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  if [ -x /usr/libexec/java_home ] && home=$(/usr/libexec/java_home -v "$WANTED_JAVA" 2>/dev/null) &&
    is_wanted_jdk "$home"; then
    printf '%s\n' "$home"
    return 0
  fi
  {
    echo "sluice: no JDK $WANTED_JAVA was found. Looked at JAVA_HOME, java on PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks."
    echo "Install one, for example Temurin $WANTED_JAVA from https://adoptium.net, or set JAVA_HOME to it."
  } >&2
  return 1
}

# Fails, after saying what to do, unless Maven is there.
require_maven() {
  if ! command -v mvn >/dev/null; then
    echo "sluice: Maven is needed to build, but there is no mvn on PATH. On Debian: apt-get install maven" >&2
    return 1
  fi
}
