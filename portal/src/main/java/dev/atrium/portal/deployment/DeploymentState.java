package dev.atrium.portal.deployment;

import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.ReplicaState;
import java.util.Collection;

/** How far one or several deployments are, in one word. */
public enum DeploymentState {
    NONE(Tone.QUIET),
    STARTING(Tone.BUSY),
    UNLOADED(Tone.QUIET),
    READY(Tone.GOOD),
    PARTLY_FAILED(Tone.BAD),
    FAILED(Tone.BAD);

    private final Tone tone;

    DeploymentState(Tone tone) {
        this.tone = tone;
    }

    public static DeploymentState of(Deployment deployment) {
        if (deployment.replicas() == 0) {
            return NONE;
        }
        boolean hasFailed =
                deployment.placements().stream()
                        .anyMatch(replica -> replica.state() == ReplicaState.FAILED);
        if (deployment.ready() == 0 && deployment.unloaded() > 0) {
            return UNLOADED;
        }
        if (deployment.ready() == 0) {
            boolean allFailed =
                    hasFailed
                            && deployment.placements().stream()
                                    .allMatch(replica -> replica.state() == ReplicaState.FAILED);
            return allFailed ? FAILED : STARTING;
        }
        if (hasFailed) {
            return PARTLY_FAILED;
        }
        return deployment.ready() + deployment.unloaded() >= deployment.replicas()
                ? READY
                : STARTING;
    }

    /** The best state among the versions of a model: one READY version answers calls. */
    public static DeploymentState best(Collection<Deployment> deployments) {
        DeploymentState best = NONE;
        for (Deployment deployment : deployments) {
            DeploymentState state = of(deployment);
            if (rank(state) > rank(best)) {
                best = state;
            }
        }
        return best;
    }

    private static int rank(DeploymentState state) {
        return switch (state) {
            case NONE -> 0;
            case FAILED -> 1;
            case STARTING -> 2;
            case UNLOADED -> 3;
            case PARTLY_FAILED -> 4;
            case READY -> 5;
        };
    }

    public Badge badge() {
        return new Badge(
                tone,
                I18NProvider.translate("deployment." + name().toLowerCase(java.util.Locale.ROOT)));
    }

    boolean isMoving() {
        return this == STARTING;
    }
}
