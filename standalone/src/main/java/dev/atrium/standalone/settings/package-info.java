/**
 * What the environment says about this installation: ports, public addresses, the data folder and
 * the secrets in it. The one place of the module that reads environment variables. Decides nothing
 * about processes.
 */
@NullMarked
package dev.atrium.standalone.settings;

import org.jspecify.annotations.NullMarked;
