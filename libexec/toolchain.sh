# Finds what the program needs: a JDK (25 or newer) and, for building, Maven (3.8 or newer).
# Sourced by bitrouter, dev and make-aot. Works with bash 3.2; starts no Java to look at one.

min_jdk=25
min_maven=3.8

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$program: $*"
  exit 1
}

# The version that the JDK at $1 states in its release file, in $jdk_version; false if there is none.
read_jdk_version() {
  jdk_version=
  [ -r "$1/release" ] || return 1
  local line
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        jdk_version=${line#*=}
        jdk_version=${jdk_version//\"/}
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Whether $1 is a JDK that is new enough. What was seen and refused is kept for the message.
is_wanted_jdk() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && read_jdk_version "$1" || return 1
  local major=${jdk_version%%[!0-9]*}
  if [ "${major:-0}" -ge "$min_jdk" ] && [ -x "$1/bin/javac" ]; then
    return 0
  fi
  case "$jdks_seen, " in
    *" in $1, "*) ;;
    *) jdks_seen="$jdks_seen, $jdk_version in $1" ;;
  esac
  return 1
}

# Sets JAVA_HOME and jdk_version, or stops with one message.
find_jdk() {
  local candidate
  jdks_seen=
  # BITROUTER_JDK_FOLDERS replaces the usual folders; the tests of this search need an empty world.
  local folders=${BITROUTER_JDK_FOLDERS-/usr/lib/jvm:/opt:/usr/local:/Library/Java/JavaVirtualMachines:/opt/homebrew/opt:/usr/local/opt:${HOME:-/}/.sdkman/candidates/java:${HOME:-/}/.jdks}
  if is_wanted_jdk "${JAVA_HOME:-}"; then
    export JAVA_HOME
    return 0
  fi
  local saved_ifs=$IFS
  IFS=:
  for folder in $folders; do
    IFS=$saved_ifs
    for candidate in "$folder"/* "$folder"/*/Contents/Home "$folder"/*/libexec/openjdk.jdk/Contents/Home; do
      if is_wanted_jdk "$candidate"; then
        export JAVA_HOME=$candidate
        return 0
      fi
    done
    IFS=:
  done
  IFS=$saved_ifs
  candidate=$(type -P java 2>/dev/null) || candidate=
  if [ -n "$candidate" ]; then
    resolve_link "$candidate"
    candidate=${resolved%/bin/java}
    if is_wanted_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  fi
  jdks_seen=${jdks_seen#, }
  say "$program: needs a JDK $min_jdk or newer and found none.
  looked for  a folder with bin/java, bin/javac and a release file that says JAVA_VERSION $min_jdk or more
  looked in   JAVA_HOME (${JAVA_HOME:-not set}), $folders, java on the PATH
  found       ${jdks_seen:-no JDK at all}
  install     sudo apt-get install openjdk-$min_jdk-jdk-headless    (Debian, Ubuntu)
              sudo dnf install java-$min_jdk-openjdk-devel          (Fedora, RHEL)
              brew install openjdk                            (macOS)
  or set JAVA_HOME to one that is elsewhere."
  exit 1
}

# Sets maven to the command, or stops with one message. Starts Maven once to ask for its version.
find_maven() {
  local candidate answer version seen=
  for candidate in "${MAVEN_HOME:-}" "${M2_HOME:-}" "$(type -P mvn 2>/dev/null)" \
    ${BITROUTER_MAVEN_FOLDERS-/usr/share/maven /opt/maven /opt/apache-maven* "${HOME:-/}/.sdkman/candidates/maven/current"}; do
    [ -d "$candidate" ] && candidate=$candidate/bin/mvn
    [ -f "$candidate" ] && [ -x "$candidate" ] || continue
    answer=$("$candidate" -v 2>/dev/null) || continue
    version=${answer#*Apache Maven }
    version=${version%%[!0-9.]*}
    if is_wanted_maven "$version"; then
      maven=$candidate
      return 0
    fi
    seen="$seen$version ($candidate) "
  done
  say "$program: needs Maven $min_maven or newer to build, and found none.
  looked for  mvn, which answers to 'mvn -v' with $min_maven or more
  looked in   MAVEN_HOME, M2_HOME, the PATH, /usr/share/maven, /opt/maven, ~/.sdkman
  found       ${seen:-no Maven at all}
  install     sudo apt-get install maven    (Debian, Ubuntu)
              sudo dnf install maven        (Fedora, RHEL)
              brew install maven            (macOS)"
  exit 1
}

is_wanted_maven() {
  local major=${1%%.*} rest=${1#*.}
  local minor=${rest%%.*}
  case $major.$minor in *[!0-9.]* | .* | *.) return 1 ;; esac
  [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -ge 8 ]; }
}

# Follows symbolic links from $1 to a real, absolute path, in $resolved.
resolve_link() {
  resolved=$1
  local target
  while [ -L "$resolved" ]; do
    target=$(readlink "$resolved")
    case $target in
      /*) resolved=$target ;;
      *) resolved=${resolved%/*}/$target ;;
    esac
  done
}
