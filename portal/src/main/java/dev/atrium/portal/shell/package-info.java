/**
 * The frame around every page: navigation, tenant switcher, user menu, light and dark, and the one
 * place where an error becomes something a person can act on.
 */
@NullMarked
package dev.atrium.portal.shell;

import org.jspecify.annotations.NullMarked;
