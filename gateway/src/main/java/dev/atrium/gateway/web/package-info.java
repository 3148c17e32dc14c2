/**
 * The edge of the gateway: one HTTP handler for the public port, the exchange that protocol
 * families read and answer with, body limits, time-outs against slow clients, request ids and the
 * access line. Knows no protocol: a family brings its paths and the shape of its errors.
 */
@NullMarked
package dev.atrium.gateway.web;

import org.jspecify.annotations.NullMarked;
