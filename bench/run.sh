#!/usr/bin/env bash
# Benchmarks of the gateway and of inference nodes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
usage() {
    cat >&2 <<'TEXT'
usage: ./atrium bench gateway [seconds of warm-up, 60] [seconds a round, 20]
           the gateway with everything on beside Spring Cloud Gateway and a bare proxy
       ./atrium bench profile FOLDER [seconds of warm-up, 60] [seconds, 20]
           flight recordings of the gateway under the same loads
       ./atrium bench memory [keys, 1000000] [seconds of load, 60] [largest heap in MB, 384]
           what a gateway holds that knows so many keys
       ./atrium bench soak [minutes, 10] [calls a second, 200]
           whether a gateway grows or leaks under a steady mixed load; not 0 when it does
       ./atrium bench node [seconds of warm-up, 30] [seconds a round, 10]
           a node beside the engine alone: a small MLP and MiniLM at 8 and 64 connections
       ./atrium bench generation [seconds of warm-up, 10] [seconds a round, 15]
           tokens a second of a node beside llama.cpp called directly, one stream and four
       ./atrium bench registry
           usage records and leases a second, and pages over 10 million calls, with PostgreSQL on the same machine
       ./atrium bench fairness [runs, 5] [seconds a run, 20]
           how long neighbours of a tenant wait that sends 50 times its share, and what is answered of ten times a
           model's capacity
TEXT
    exit 2
}
# The young generation holds what a round at a steady rate takes, so that whoever measures does not pause.
run() {
    "$JAVA_HOME/bin/java" -Xms3g -Xmx3g -Xmn2g -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED -cp "$class_path" "dev.atrium.bench.$1" "${@:2}"
}
what="${1:-gateway}"
case "$what" in gateway | profile | memory | soak | node | generation | fairness | registry) ;; *) usage ;; esac
shift || true
if [ "$what" = registry ]; then
    exec ./mvnw -B -ntp verify -pl registry/server -am -Dspotless.check.skip=true -Dtest=None \
        -Dit.test=QuotaBenchmark,ReportBenchmark -Dsurefire.failIfNoSpecifiedTests=false \
        -Dfailsafe.failIfNoSpecifiedTests=false
fi
./mvnw -B -q -ntp package -pl bench,bench/peers -am -DskipTests -Dspotless.check.skip=true \
    dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.pathSeparator=:
peers="bench/peers/target/classes:$(cat bench/peers/target/classpath)"
class_path="bench/target/classes:$(cat bench/target/classpath)"
jar="$(ls gateway/target/atrium-gateway-*-exec.jar)"
node_jar="$(ls inference-node/server/target/atrium-inference-node-server-*-exec.jar)"
# What is measured of a node is kept: figures without their machine say nothing.
keep() {
    local file="bench/results/$(date -u +%F)-$1.md"
    {
        echo "# $2, $(date -u +%F)"
        echo
        echo "    ./atrium bench $1"
        echo
        echo "$(git rev-parse --short HEAD 2>/dev/null || echo 'no git'), $(nproc) cores, $("$JAVA_HOME/bin/java" -version 2>&1 | head -n 1), load before $(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown)"
    } >"$file"
    tee -a "$file"
    echo "Kept in $file"
}
case "$what" in
    gateway)
        warm_up="${1:-60}"
        seconds="${2:-20}"
        echo "Warm-up $warm_up s each, then 3 rounds of $seconds s in turns; $(nproc) cores, $("$JAVA_HOME/bin/java" -version 2>&1 | head -n 1)"
        run GatewayBenchmark "$jar" "$peers" "$warm_up" "$seconds"
        ;;
    profile)
        [ -d "${1:-}" ] || usage
        run GatewayProfile "$jar" "$(realpath "$1")" "${2:-60}" "${3:-20}"
        ;;
    memory)
        run GatewayMemory "$jar" "${1:-1000000}" "${2:-60}" "${3:-384}"
        ;;
    node)
        run NodeBenchmark "$node_jar" "${1:-30}" "${2:-10}" | keep node "An inference node beside the engine alone"
        ;;
    generation)
        run GenerationBenchmark "$node_jar" "${1:-10}" "${2:-15}" | keep generation "Generation beside the engine alone"
        ;;
    fairness)
        run FairnessBenchmark "$node_jar" "${1:-5}" "${2:-20}" | keep fairness "Neighbours of a flood"
        ;;
    soak)
        run GatewaySoak "$jar" "${1:-10}" "${2:-200}"
        ;;
esac
