/**
 * The portal's visual language: headers, panels, tables that become cards on a phone, badges, empty
 * states, code with a copy button, notices, and how times, sizes and counts are written. Knows no
 * capability.
 */
@NullMarked
package dev.atrium.portal.design;

import org.jspecify.annotations.NullMarked;
