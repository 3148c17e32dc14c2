package dev.atrium.registry.api.tenancy;

import org.jspecify.annotations.Nullable;

/** The new member; the generated password appears here once, null when none was generated. */
public record AddedMember(Member member, @Nullable String generatedPassword) {}
