/**
 * The portal's texts in English and Chinese, and which of the two a person reads: the browser's
 * wish until the person chooses, then a cookie.
 */
@NullMarked
package dev.atrium.portal.language;

import org.jspecify.annotations.NullMarked;
