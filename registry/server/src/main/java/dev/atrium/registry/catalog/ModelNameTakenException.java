package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The tenant has a model of this name. */
public final class ModelNameTakenException extends RegistryException {
    ModelNameTakenException(ModelName name) {
        super(ErrorCode.NAME_TAKEN, "the model " + name + " exists already; choose another name");
    }
}
