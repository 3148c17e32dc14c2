/**
 * The first page: what to do next, how the tenant is doing in four numbers, and a call to paste.
 */
@NullMarked
package dev.atrium.portal.home;

import org.jspecify.annotations.NullMarked;
