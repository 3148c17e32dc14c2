package dev.atrium.standalone;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.standalone.recommend.RecommendWish;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the person asked for; the script {@code atrium} passes its arguments on. */
sealed interface Command {
    int DEFAULT_KILLS = 12;
    int DEFAULT_LOST = 1;
    Duration DEFAULT_TIME = Duration.ofSeconds(3);

    /** Unpacks what was built and trains the start-up caches; the script asks for it. */
    record Prepare(boolean withCaches) implements Command {}

    /**
     * @param inBackground progress only, no lines of the services and no secrets: it goes to a log
     */
    record Start(boolean inBackground, boolean withDemo) implements Command {}

    /** Shows the addresses, a sign-in link and a call to paste; ends a detached start. */
    record Welcome() implements Command {}

    record Stop() implements Command {}

    record Status(boolean asJson) implements Command {}

    record Doctor() implements Command {}

    record Key() implements Command {}

    record Demo() implements Command {}

    /**
     * Kills processes of an installation of its own and looks whether every call was counted.
     *
     * @param lost how many of those killed are gateways that never return
     */
    record Chaos(int kills, int lost, long seed) implements Command {}

    /**
     * Looks whether the ledger still is what its statements say.
     *
     * @param tenant slug; null: every tenant
     * @param from first day (UTC); null: from the first statement on
     * @param to last day; null: the last one that is closed
     */
    record Verify(@Nullable String tenant, @Nullable LocalDate from, @Nullable LocalDate to)
            implements Command {}

    /** Tries settings of a deployment under load and says which serve best. */
    record Recommend(RecommendWish wish) implements Command {}

    /** Not understood; the message says why. */
    record Unknown(String message) implements Command {}

    static Command parse(List<String> arguments) {
        if (arguments.isEmpty()) {
            return new Unknown("no command");
        }
        String name = arguments.getFirst();
        List<String> options = arguments.subList(1, arguments.size());
        return switch (name) {
            case "prepare" ->
                    parse(
                            options,
                            List.of("--no-cache"),
                            new Prepare(!options.contains("--no-cache")));
            case "start" ->
                    parse(
                            options,
                            List.of("--background", "--no-demo"),
                            new Start(
                                    options.contains("--background"),
                                    !options.contains("--no-demo")));
            case "welcome" -> parse(options, List.of(), new Welcome());
            case "stop" -> parse(options, List.of(), new Stop());
            case "status" ->
                    parse(options, List.of("--json"), new Status(options.contains("--json")));
            case "doctor" -> parse(options, List.of(), new Doctor());
            case "key" -> parse(options, List.of(), new Key());
            case "demo" -> parse(options, List.of(), new Demo());
            case "chaos" -> chaos(options);
            case "verify" -> verify(options);
            case "recommend" -> recommend(options);
            default -> new Unknown("unknown command '" + name + "'");
        };
    }

    private static Command chaos(List<String> options) {
        int kills = DEFAULT_KILLS;
        Integer lost = null;
        long seed = System.currentTimeMillis();
        for (int i = 0; i < options.size(); i += 2) {
            String value = i + 1 < options.size() ? options.get(i + 1) : "";
            try {
                switch (options.get(i)) {
                    case "--kills" -> kills = Integer.parseUnsignedInt(value);
                    case "--lost" -> lost = Integer.parseUnsignedInt(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    default -> {
                        return new Unknown("unknown option '" + options.get(i) + "'");
                    }
                }
            } catch (NumberFormatException e) {
                return new Unknown(options.get(i) + " needs a number");
            }
        }
        if (lost == null) {
            lost = Math.min(DEFAULT_LOST, kills);
        }
        return kills < lost
                ? new Unknown("--lost must not be more than --kills")
                : new Chaos(kills, lost, seed);
    }

    private static Command verify(List<String> options) {
        String tenant = null;
        LocalDate from = null;
        LocalDate to = null;
        for (int i = 0; i < options.size(); i += 2) {
            String value = i + 1 < options.size() ? options.get(i + 1) : "";
            try {
                switch (options.get(i)) {
                    case "--tenant" -> tenant = value;
                    case "--from" -> from = LocalDate.parse(value);
                    case "--to" -> to = LocalDate.parse(value);
                    default -> {
                        return new Unknown("unknown option '" + options.get(i) + "'");
                    }
                }
            } catch (DateTimeParseException e) {
                return new Unknown(options.get(i) + " needs a day such as 2026-01-31");
            }
        }
        if (tenant != null && tenant.isBlank()) {
            return new Unknown("--tenant needs the tenant's short name");
        }
        return from != null && to != null && from.isAfter(to)
                ? new Unknown("--from must not be after --to")
                : new Verify(tenant, from, to);
    }

    private static Command recommend(List<String> options) {
        if (options.isEmpty() || options.getFirst().startsWith("--")) {
            return new Unknown("recommend needs a model such as acme/fashion or acme/fashion:2");
        }
        Path requests = null;
        Duration p99 = null;
        Duration time = DEFAULT_TIME;
        boolean apply = false;
        for (int i = 1; i < options.size(); i++) {
            String option = options.get(i);
            if (option.equals("--apply")) {
                apply = true;
                continue;
            }
            i++;
            String value = i < options.size() ? options.get(i) : "";
            try {
                switch (option) {
                    case "--requests" -> requests = Path.of(value);
                    case "--p99" -> p99 = Duration.ofMillis(positive(value));
                    case "--seconds" -> time = Duration.ofSeconds(positive(value));
                    default -> {
                        return new Unknown("unknown option '" + option + "'");
                    }
                }
            } catch (NumberFormatException e) {
                return new Unknown(option + " needs a number from 1 on");
            }
        }
        return recommend(options.getFirst(), requests, p99, time, apply);
    }

    private static int positive(String value) {
        int number = Integer.parseUnsignedInt(value);
        if (number < 1) {
            throw new NumberFormatException(value);
        }
        return number;
    }

    private static Command recommend(
            String subject,
            @Nullable Path requests,
            @Nullable Duration p99,
            Duration time,
            boolean apply) {
        int colon = subject.indexOf(':');
        try {
            ModelName model = ModelName.of(colon < 0 ? subject : subject.substring(0, colon));
            Integer version = colon < 0 ? null : positive(subject.substring(colon + 1));
            return new Recommend(new RecommendWish(model, version, requests, p99, time, apply));
        } catch (IllegalArgumentException e) {
            return new Unknown(
                    "'" + subject + "' is no model such as acme/fashion or acme/fashion:2");
        }
    }

    private static Command parse(List<String> options, List<String> known, Command command) {
        return options.stream()
                .filter(option -> !known.contains(option))
                .findFirst()
                .<Command>map(option -> new Unknown("unknown option '" + option + "'"))
                .orElse(command);
    }
}
