/**
 * Looks at the machine and says, check by check, whether Atrium can live on it and what exactly to
 * do where it cannot. Changes nothing.
 */
@NullMarked
package dev.atrium.standalone.doctor;

import org.jspecify.annotations.NullMarked;
