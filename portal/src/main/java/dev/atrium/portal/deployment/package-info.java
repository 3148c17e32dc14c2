/**
 * What is wanted on the nodes and how far it is: the state of a deployment in one badge, and the
 * panel that deploys, resizes and removes a version and follows its replicas while they start.
 */
@NullMarked
package dev.atrium.portal.deployment;

import org.jspecify.annotations.NullMarked;
