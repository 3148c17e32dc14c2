/**
 * The OAuth 2 authorization server and the way back: tokens made for the portal's users, service
 * accounts and the operator, the keys that sign them, and the check of every bearer credential on
 * the management API against what its principal may do now. Owns the signing keys and the open
 * authorizations; asks {@code identity} who a user is.
 */
@NullMarked
package dev.atrium.registry.authorization;

import org.jspecify.annotations.NullMarked;
