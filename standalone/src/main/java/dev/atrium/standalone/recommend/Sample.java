package dev.atrium.standalone.recommend;

/**
 * A request as an application would send it.
 *
 * @param path under the gateway's address
 */
record Sample(String path, String contentType, byte[] body) {}
