/**
 * Atrium's public interfaces as a program outside would use them: tokens, the management API and
 * calls to the gateway, over plain HTTP. For the demo data, the demo story and the end-to-end
 * tests; knows no inside of any service.
 */
@NullMarked
package dev.atrium.standalone.client;

import org.jspecify.annotations.NullMarked;
