/**
 * What this node should hold, and how far each copy has come: fetched by digest into a local cache,
 * verified, loaded, warmed up, ready; or failed with a reason in words for the model's owner. Owns
 * the cache and every replica's life, including its restart after the death of its worker; serves
 * no calls itself.
 */
@NullMarked
package dev.atrium.node.model;

import org.jspecify.annotations.NullMarked;
