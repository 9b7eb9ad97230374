# The distribution: build/<hash of the sources>/ with everything that a run needs.
#
#   lib/node/*.jar  lib/cli/*.jar  class-path.node  class-path.cli  version  aot/  in-use/
#
# build/current holds the hash that commands run. A folder is made complete under another name and
# then renamed, and never changed afterwards but for aot/ and in-use/, so that a running node keeps
# its jars whatever is built next to it. Sourced after toolchain.sh; needs $root and $program.

# The hash that names a distribution, in $source_hash: over the name and content of every file that
# a distribution is made from. Needs no git.
hash_sources() {
  local sum
  if type sha256sum >/dev/null 2>&1; then sum=sha256sum; else sum='shasum -a 256'; fi
  source_hash=$(
    cd "$root" && find pom.xml */pom.xml .mvn bitrouter libexec \
      core/src/main wire/src/main store/src/main node/src/main cli/src/main \
      -type f ! -name '*~' ! -name '.*.sw?' ! -name .DS_Store 2>/dev/null |
      LC_ALL=C sort | tr '\n' '\0' | xargs -0 $sum | $sum
  )
  source_hash=${source_hash:0:16}
}

# Points $dist at the distribution in use; false if there is none.
current_distribution() {
  local hash
  dist=
  [ -r "$root/build/current" ] || return 1
  IFS= read -r hash <"$root/build/current" || return 1
  [ -r "$root/build/$hash/version" ] || return 1
  dist=$root/build/$hash
}

# Points $dist at a distribution of the sources as they are now; builds it if need be.
ensure_distribution() {
  local wanted
  hash_sources
  wanted=$source_hash
  if current_distribution && [ "$dist" = "$root/build/$wanted" ]; then
    return 0
  fi
  find_maven
  mkdir -p "$root/build" || fail "cannot write to $root/build"
  take_lock "$root/build/lock" "another build to end"
  local attempt
  for attempt in 1 2 3; do
    hash_sources
    wanted=$source_hash
    if [ ! -r "$root/build/$wanted/version" ]; then
      build_distribution "$wanted"
      hash_sources
      if [ "$source_hash" != "$wanted" ]; then
        # What was compiled is neither the state before nor the state after: never run it.
        rm -rf "${root:?}/build/$wanted"
        say "  the sources changed meanwhile: once more"
        continue
      fi
    fi
    select_distribution "$wanted"
    release_lock "$root/build/lock"
    current_distribution
    return 0
  done
  fail "the sources kept changing during three builds: try again when they rest"
}

build_distribution() {
  local log=$root/build/build.log started=$SECONDS first="under half a minute"
  [ -r "$root/build/current" ] || first="first time; up to three minutes, mostly downloads"
  say "building ($first)…"
  (cd "$root" && rm -rf core/target/product wire/target/product store/target/product \
    node/target/product cli/target/product)
  if ! run_maven "$log" -Pproduct -pl node,cli -am package; then
    say ''
    # Maven says everything twice; once is enough.
    grep '^\[ERROR\]' "$log" | awk '/Failed to execute goal/ { exit } { print }' | head -n 40 >&2
    grep '^\[ERROR\] Failed to execute goal' "$log" | cut -c 1-400 >&2
    grep -q '^\[ERROR\]' "$log" || tail -n 40 "$log" >&2
    fail "the build failed; all of its output is in $log"
  fi
  assemble_distribution "$1" || fail "could not assemble the distribution in $root/build"
  say "  built in $((SECONDS - started)) s"
}

# Runs Maven in $root with the JDK found; output to the log $1, one line a phase to stderr.
run_maven() {
  local log=$1 started=$SECONDS line downloading=
  shift
  # Maven's own libraries use Unsafe and native code; the JDK's warnings about that help nobody.
  (
    cd "$root" &&
      MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" \
        "$maven" -B "$@" </dev/null 2>&1
  ) | while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
      *"Downloading from"*)
        if [ -z "$downloading" ]; then
          downloading=1
          say "  $((SECONDS - started)) s: downloading what is not in the local Maven repository"
        fi
        ;;
      '[INFO] Building '*'['*/*']')
        line=${line#*Building }
        say "  $((SECONDS - started)) s: ${line%% *}"
        ;;
    esac
  done >"$log"
  return "${PIPESTATUS[0]}"
}

# Makes build/$1 from the jars in target/product and the class path in their side jars' manifests.
assemble_distribution() {
  local target=$root/build/$1 work=$root/build/.making-$1
  rm -rf "$work" "$target"
  mkdir -p "$work/aot" "$work/in-use" || return 1
  read_version
  printf '%s\n' "$version" >"$work/version"
  assemble_program node "$work" && assemble_program cli "$work" && mv "$work" "$target"
}

assemble_program() {
  local program_name=$1 work=$2 repository path jar names=
  local manifest=$work/manifest
  mkdir -p "$work/lib/$program_name" || return 1
  (cd "$work" && "$JAVA_HOME/bin/jar" xf \
    "$root/$program_name/target/product/$program_name-$version-class-path.jar" META-INF/MANIFEST.MF &&
    # Lines of a manifest end in CR LF and go on after a leading space.
    tr -d '\r' <META-INF/MANIFEST.MF | awk '
      /^ / { line = line substr($0, 2); next }
      { if (line != "") print line; line = $0 }
      END { if (line != "") print line }' >manifest && rm -rf META-INF) || return 1
  repository=$(sed -n 's/^Local-Repository: //p' "$manifest")
  for path in "$program_name/target/product/$program_name-$version.jar" $(sed -n 's/^Class-Path: //p' "$manifest"); do
    jar=${path##*/}
    case $path in
      io/bitrouter/*)
        path=${path#io/bitrouter/}
        path=$root/${path%%/*}/target/product/$jar
        ;;
      "$program_name"/*) path=$root/$path ;;
      *) path=$repository/$path ;;
    esac
    # A jar that both programs use is one file with two names.
    if [ -f "$work/lib/node/$jar" ] && [ "$program_name" != node ]; then
      ln "$work/lib/node/$jar" "$work/lib/$program_name/$jar" || return 1
    else
      take_jar "$path" "$work/lib/$program_name/$jar" || return 1
    fi
    names="$names$jar "
  done
  # The order is part of what the AOT cache checks, so it is written down and not left to a glob.
  printf '%s\n' "${names% }" >"$work/class-path.$program_name"
  rm -f "$manifest"
}

# Copies the jar $1 to $2; if its classes are too old for the start-up cache, as they should be. What
# NewerClassFiles made is kept, because a jar of a released version never changes.
take_jar() {
  local newer=$root/build/jars/${2##*/}
  case ${2##*/} in
    picocli-*)
      if [ ! -f "$newer" ]; then
        mkdir -p "$root/build/jars" &&
          "$JAVA_HOME/bin/java" "$root/libexec/NewerClassFiles.java" "$1" "$newer.new" >&2 &&
          mv "$newer.new" "$newer"
      fi
      # Without it commands are only slower.
      [ -f "$newer" ] && cp "$newer" "$2" && return 0
      ;;
  esac
  cp "$1" "$2"
}

# Makes build/$1 current; keeps it, the one before and any that a live process runs from.
select_distribution() {
  local before= folder
  [ -r "$root/build/current" ] && IFS= read -r before <"$root/build/current"
  printf '%s\n' "$1" >"$root/build/current.new"
  mv -f "$root/build/current.new" "$root/build/current"
  for folder in "$root"/build/*/; do
    folder=${folder%/}
    case ${folder##*/} in "$1" | "$before") continue ;; esac
    [ -r "$folder/version" ] || continue
    in_use "$folder" || rm -rf "$folder"
  done
}

# Whether a live process runs from the distribution $1; forgets the dead ones.
in_use() {
  local mark
  for mark in "$1"/in-use/*; do
    [ -e "$mark" ] || continue
    if kill -0 "${mark##*/}" 2>/dev/null; then return 0; fi
    rm -f "$mark"
  done
  return 1
}

# The version in the root pom, in $version.
read_version() {
  local line
  version=unknown
  while IFS= read -r line; do
    case $line in
      *'<version>'*'</version>'*)
        version=${line#*<version>}
        version=${version%%</version>*}
        return 0
        ;;
    esac
  done <"$root/pom.xml"
}

# Takes the lock $1; waits at most ten minutes for whoever has it, or, with lock_nowait set, returns
# false. With flock the lock ends with the last process that holds it, an orphaned Maven included.
# macOS has no flock: there it is a folder with the owner's process id in it.
take_lock() {
  if type flock >/dev/null 2>&1; then
    exec 9>>"$1.file" || fail "cannot write $1.file"
    flock -n 9 && return 0
    [ -n "${lock_nowait:-}" ] && return 1
    say "waiting for ${2:-a lock}…"
    flock -w 600 9 || fail "waited ten minutes for ${2:-a lock}; give up"
    return 0
  fi
  local owner said= began=$SECONDS
  until mkdir "$1" 2>/dev/null; do
    owner=
    [ -r "$1/pid" ] && IFS= read -r owner <"$1/pid"
    # No id after five seconds: the owner died between making the folder and writing it.
    if { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; } ||
      { [ -z "$owner" ] && [ $((SECONDS - began)) -ge 5 ]; }; then
      mv "$1" "$1.dead.$$" 2>/dev/null && rm -rf "$1.dead.$$"
      continue
    fi
    [ -n "${lock_nowait:-}" ] && return 1
    [ $((SECONDS - began)) -lt 600 ] || fail "waited ten minutes for ${2:-a lock}; give up"
    [ -n "$said" ] || say "waiting for ${2:-a lock} (process ${owner:-unknown})…"
    said=1
    sleep 0.2
  done
  printf '%s\n' "$$" >"$1/pid"
  held_lock=$1
  trap 'rm -rf "$held_lock"' EXIT
}

release_lock() {
  if type flock >/dev/null 2>&1; then
    exec 9>&-
  else
    rm -rf "$1"
    trap - EXIT
  fi
}
