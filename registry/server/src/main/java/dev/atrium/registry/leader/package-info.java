/**
 * Which of the registries on one database does the work that only one should do. Owns the election;
 * what the leader does is the business of others.
 */
@NullMarked
package dev.atrium.registry.leader;

import org.jspecify.annotations.NullMarked;
