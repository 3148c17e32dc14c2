/** Who pays and what groups keys: tenants, projects, members and their roles. */
@NullMarked
package dev.atrium.registry.api.tenancy;

import org.jspecify.annotations.NullMarked;
