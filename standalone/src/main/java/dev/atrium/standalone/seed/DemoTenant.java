package dev.atrium.standalone.seed;

/** The demo's tenants and the developer of each. */
public enum DemoTenant {
    ACME("acme", "Acme", "ada@acme.example", "Ada Acme"),
    GLOBEX("globex", "Globex", "gus@globex.example", "Gus Globex");

    private final String slug;
    private final String title;
    private final String email;
    private final String developer;

    DemoTenant(String slug, String title, String email, String developer) {
        this.slug = slug;
        this.title = title;
        this.email = email;
        this.developer = developer;
    }

    public String slug() {
        return slug;
    }

    String title() {
        return title;
    }

    /** The developer's address, with which to sign in. */
    public String email() {
        return email;
    }

    String developer() {
        return developer;
    }

    /** Names the developer's password among the installation's secrets. */
    public String passwordName() {
        return slug + ".developer.password";
    }
}
