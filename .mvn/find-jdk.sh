# Sourced by ./mvnw and ./athanor: finds a JDK >= 25 and exports it as JAVA_HOME, or says what to install and stops.
# The formatter and Error Prone run inside Maven itself, so a toolchain alone would not reach them.

athanor_jdk_version() { # prints the feature version of the JDK at $1, nothing when there is none
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
}

athanor_find_jdk() {
  for home in "${JAVA_HOME:-}" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$home" ] || continue
    version=$(athanor_jdk_version "$home") || continue
    if [ "${version:-0}" -ge 25 ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  onpath=$(command -v javac 2>/dev/null) && onpath=$(readlink -f "$onpath" 2>/dev/null) && onpath=${onpath%/bin/javac}
  if [ -n "${onpath:-}" ] && version=$(athanor_jdk_version "$onpath") && [ "${version:-0}" -ge 25 ]; then
    JAVA_HOME=$onpath
    export JAVA_HOME
    return 0
  fi
  cat >&2 <<'TEXT'
Athanor needs a JDK of version 25 or newer, and none was found in JAVA_HOME, the usual folders or the PATH.
Install one, for example Temurin 25 from https://adoptium.net (or your system's package openjdk-25-jdk),
then run this command again; if it lies in an unusual place, set JAVA_HOME to its folder first.
TEXT
  return 1
}

athanor_find_jdk || exit 1
