/**
 * From the name a caller asks for to the replica that answers: visibility, version, and the choice
 * between READY replicas by load and recent failures, or of one that a call has loaded. Owns the
 * in-flight counts, the ejection of failing replicas and the retry budget. Knows models only
 * through the feed.
 */
@NullMarked
package dev.atrium.gateway.routing;

import org.jspecify.annotations.NullMarked;
