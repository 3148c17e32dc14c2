#!/usr/bin/env bash
# What a call costs in the gateway, beside a bare proxy. Usage: bench/run.sh [warm-up seconds] [seconds a round]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
warm_up="${1:-60}"
seconds="${2:-20}"
./mvnw -B -q -ntp package -pl bench -am -DskipTests -Dspotless.check.skip=true dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.pathSeparator=:
class_path="bench/target/classes:$(cat bench/target/classpath)"
echo "Gateway and bare proxy, warm-up $warm_up s each, then 3 rounds of $seconds s in turns; $(nproc) cores, $("$JAVA_HOME/bin/java" -version 2>&1 | head -n 1)"
"$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED -cp "$class_path" dev.atrium.bench.GatewayCost \
    "$(ls gateway/target/atrium-gateway-*-exec.jar)" "$warm_up" "$seconds"
