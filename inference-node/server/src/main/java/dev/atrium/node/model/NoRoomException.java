package dev.atrium.node.model;

/** A version needs more memory than this node gives to models; another node may have it. */
final class NoRoomException extends RuntimeException {
    NoRoomException(String words) {
        super(words);
    }
}
