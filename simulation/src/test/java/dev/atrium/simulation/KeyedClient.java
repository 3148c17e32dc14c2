package dev.atrium.simulation;

import dev.atrium.gateway.authentication.Caller;

/** A client that sends one call with one key through any gateways, until it knows how it ended. */
final class KeyedClient {
    private static final int MOST_TRIES = 12;
    private static final long PATIENCE = 9 * Timeline.SECOND;

    private final World world;
    private final Caller caller;
    private final String key;
    private int tries;
    private int replays = 2;

    KeyedClient(World world, String key) {
        this.world = world;
        this.caller = world.caller();
        this.key = key;
    }

    void begin() {
        long atOnce = world.time().between(1, 3);
        for (int i = 0; i < atOnce; i++) {
            later(world.time().delay(0, 300 * Timeline.MILLI));
        }
    }

    private void later(long nanos) {
        world.time().after(nanos, world.forever(), "keyed call", this::send);
    }

    private void send() {
        if (world.isCalm() || tries++ >= MOST_TRIES) {
            return;
        }
        SimulatedGateway gateway = world.anyGateway();
        if (!gateway.isServing()) {
            later(world.time().delay(0, Timeline.SECOND));
            return;
        }
        boolean[] isTold = new boolean[1];
        KeyedRequest request =
                new KeyedRequest(
                        world,
                        gateway,
                        caller,
                        key,
                        world.time().chance(0.03) ? "another request" : "the request",
                        heard -> {
                            isTold[0] = true;
                            heard(heard);
                        });
        long stays =
                world.time().chance(0.5) ? world.time().delay(0, 2 * Timeline.SECOND) : PATIENCE;
        world.time()
                .after(
                        stays,
                        world.forever(),
                        "client leaves",
                        () -> {
                            if (!isTold[0]) {
                                leave(gateway, request);
                            }
                        });
        request.begin();
    }

    private void leave(SimulatedGateway gateway, KeyedRequest request) {
        if (!gateway.life().isOver()) {
            request.clientGoes();
        }
        later(world.time().delay(0, 2 * Timeline.SECOND));
    }

    private void heard(KeyedRequest.Heard heard) {
        if (heard == KeyedRequest.Heard.TRY_AGAIN || replays-- > 0) {
            later(world.time().delay(Timeline.MILLI, 3 * Timeline.SECOND));
        }
    }
}
