/**
 * Requests for more of a quota: a member asks with a reason, whoever may change the policy
 * approves, trims or denies. What is granted becomes the policy's amount in the transaction of the
 * decision; a temporary raise goes back by itself. Never touches a policy but through its service,
 * so that a decision is audited, published and refused like any other change.
 */
@NullMarked
package dev.atrium.registry.quota.request;

import org.jspecify.annotations.NullMarked;
