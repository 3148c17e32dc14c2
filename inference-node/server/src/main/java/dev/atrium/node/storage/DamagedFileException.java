package dev.atrium.node.storage;

import java.io.IOException;

/** A sealed file is not what was written under its name and key. */
public final class DamagedFileException extends IOException {
    DamagedFileException(String what) {
        super(what);
    }
}
