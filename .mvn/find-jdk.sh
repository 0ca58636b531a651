# shellcheck shell=sh
# Sourced by ./mvnw and ./athanor: finds a JDK >= 25 and exports it as JAVA_HOME, or says what to install and stops.
# The formatter and Error Prone run inside Maven itself, so a toolchain alone would not reach them.

athanor_jdk_version() { # prints the feature version of the JDK at $1, nothing when there is none
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
}

athanor_jdk_serves() { # true when $1 is a JDK new enough, which then is JAVA_HOME
  [ -n "$1" ] && athanor_version=$(athanor_jdk_version "$1") && [ "${athanor_version:-0}" -ge 25 ] || return 1
  JAVA_HOME=$1
  export JAVA_HOME
}

athanor_jdk_of_path() { # prints the home of the javac in the PATH, through its links
  athanor_javac=$(command -v javac) || return 1
  athanor_javac=$(readlink -f "$athanor_javac" 2>/dev/null || echo "$athanor_javac")
  echo "${athanor_javac%/bin/javac}"
}

athanor_find_jdk() {
  athanor_jdk_serves "${JAVA_HOME:-}" && return 0
  athanor_jdk_serves "$(athanor_jdk_of_path)" && return 0
  # The lists are folders where distributions, installers and version managers put JDKs (Linux, then macOS).
  for athanor_home in \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/*jdk* /opt/*java* \
    /snap/openjdk/current/jdk /run/current-system/sw/lib/openjdk /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.jbang/cache/jdks/* "${HOME:-}"/.jabba/jdk/* \
    "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* "${HOME:-}"/*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    athanor_jdk_serves "$athanor_home" && return 0
  done
  cat >&2 <<'TEXT'
Athanor needs a JDK of version 25 or newer, and none was found in JAVA_HOME, the PATH or the usual folders.
Install one, for example Temurin 25 from https://adoptium.net (or your system's package openjdk-25-jdk),
then run this command again; if it lies in an unusual place, set JAVA_HOME to its folder first.
TEXT
  if [ -n "${JAVA_HOME:-}" ]; then
    athanor_version=$(athanor_jdk_version "$JAVA_HOME") &&
      echo "(JAVA_HOME is $JAVA_HOME, a JDK of version $athanor_version.)" >&2 ||
      echo "(JAVA_HOME is $JAVA_HOME, which is no JDK.)" >&2
  fi
  return 1
}

athanor_find_jdk || exit 1
