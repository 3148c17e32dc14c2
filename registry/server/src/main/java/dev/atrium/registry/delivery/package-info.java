/**
 * What webhooks and mail have in common: the events that people are told of, in one shape, and how
 * something that could not be delivered is tried again. Knows neither way of delivery.
 */
@NullMarked
package dev.atrium.registry.delivery;

import org.jspecify.annotations.NullMarked;
