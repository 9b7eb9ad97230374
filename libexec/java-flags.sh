# How the two programs are run, in one place: an AOT cache is only used by a run whose flags and
# class path are those it was made with. Sourced after distribution.sh; needs $dist, $JAVA_HOME.

# Sets $class_path for the program $1 (node or cli).
read_class_path() {
  local names
  IFS= read -r names <"$dist/class-path.$1"
  class_path=$dist/lib/$1/${names// /:$dist/lib/$1/}
}

# Sets $aot_cache to the file of program $1. A cache belongs to one build of one JDK.
name_aot_cache() {
  aot_cache=$dist/aot/$1-$jdk_version.aot
}

# Sets the array java_flags for the program $1, without the AOT cache.
set_java_flags() {
  # Without the log: a cache that does not fit is reported there, on stdout, at every run.
  java_flags=(-Xlog:disable -XX:+UseSerialGC -XX:+UseCompactObjectHeaders)
  case $1 in
    node)
      # shellcheck disable=SC2206 -- several options in one variable are meant to be split
      java_flags+=(-Xmx256m -Xmn40m -Dio.netty.leakDetection.level=disabled
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
        ${BITROUTER_JAVA_OPTS:-})
      ;;
    cli)
      java_flags+=(-Xmx128m -XX:TieredStopAtLevel=1)
      ;;
  esac
}
