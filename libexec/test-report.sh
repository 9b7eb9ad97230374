# Sums up the XML reports of a test run. Sourced by dev.

# report_tests STATUS LOG FOLDER…: says what failed, which classes were slow and, as the last line on
# stdout, "N passed, N failed". True only if something ran, nothing failed or was skipped, and Maven
# (exit status STATUS, output LOG) was content too.
report_tests() {
  local status=$1 log=$2 folder files=
  shift 2
  for folder in "$@"; do
    [ -d "$folder" ] && files=yes
  done
  if [ "$status" -ne 0 ]; then
    say ''
    grep '^\[\(ERROR\|WARNING\)\]' "$log" | grep -v -e 'Re-run Maven' -e 'full stack trace' \
      -e 'For more information' -e '\[Help 1\]' -e '^\[ERROR\] *$' -e 'JAR will be empty' -e 'spotless:apply' -e '^\[ERROR\]\s*at ' | head -n 60 >&2
    if grep -q 'spotless:apply' "$log"; then say "Run ./dev format: it rewrites these files."; fi
    say "Maven failed; all of its output is in $log"
  fi
  {
    [ -z "$files" ] || find "$@" -name 'TEST-*.xml' -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 cat
  } | awk -v status="$status" '
    function attribute(line, name,   at, rest) {
      at = index(line, " " name "=\"")
      if (at == 0) return ""
      rest = substr(line, at + length(name) + 3)
      return substr(rest, 1, index(rest, "\"") - 1)
    }
    function plain(text) {
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text)
      gsub(/&#10;/, " ", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    function note(kind, line) {
      print "  " kind " " class " " test ": " substr(plain(attribute(line, "message")), 1, 300) > "/dev/stderr"
    }
    # Reports say > and < only escaped, so a tag ends where its line ends or at the next ">".
    /^ *<testsuite / {
      took = attribute($0, "time"); gsub(/,/, "", took)
      if (took + 0 > 60)
        print "  slow: " attribute($0, "name") " took " int(took) " s; move its long form behind --deep" > "/dev/stderr"
    }
    # The totals of a suite do not count the tests of nested classes, so each test is counted.
    /^ *<testcase / { tests++; class = attribute($0, "classname"); test = plain(attribute($0, "name")) }
    /^ *<(failure|error)[ >]/ { failed++; note("FAILED", $0) }
    /^ *<skipped/ { skipped++; note("SKIPPED", $0) }
    END {
      # A skipped test proves nothing, and a failed check or compilation is a failure too.
      if (skipped > 0) print "  " skipped " skipped: no test may be skipped here" > "/dev/stderr"
      passed = tests - failed - skipped
      failed += skipped
      if (status != 0 && failed == 0) failed = 1
      fflush("/dev/stderr")
      print passed + 0 " passed, " failed + 0 " failed"
      exit !(passed > 0 && failed == 0)
    }'
}
