package dev.atrium.standalone.settings;

/** Every port that Atrium listens on, and the variable that moves it. */
public enum Port {
    POSTGRES("PostgreSQL", "ATRIUM_POSTGRES_PORT", 5433),
    REGISTRY("registry", "ATRIUM_REGISTRY_PORT", 8081),
    REGISTRY_INTERNAL("registry, internal", "ATRIUM_REGISTRY_INTERNAL_PORT", 9081),
    NODE("inference node", "ATRIUM_NODE_PORT", 8083),
    GATEWAY("gateway", "ATRIUM_GATEWAY_PORT", 8080),
    GATEWAY_MANAGEMENT("gateway, management", "ATRIUM_GATEWAY_MANAGEMENT_PORT", 9080),
    PORTAL("portal", "ATRIUM_PORTAL_PORT", 8082),
    PORTAL_MANAGEMENT("portal, management", "ATRIUM_PORTAL_MANAGEMENT_PORT", 9082);

    private final String title;
    private final String variable;
    private final int standard;

    Port(String title, String variable, int standard) {
        this.title = title;
        this.variable = variable;
        this.standard = standard;
    }

    /** What people call the listener. */
    public String title() {
        return title;
    }

    public String variable() {
        return variable;
    }

    public int standard() {
        return standard;
    }
}
