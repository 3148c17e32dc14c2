/**
 * Tells people of quotas by mail, where the platform has a mail server. An event is written down in
 * the transaction that notes it; who is to be told is found, and each letter sent, by any registry
 * afterwards, at least once and with back-off. A letter is plain text to one person; nothing that a
 * person typed becomes more than a word of it.
 */
@NullMarked
package dev.atrium.registry.mail;

import org.jspecify.annotations.NullMarked;
