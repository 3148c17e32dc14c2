package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;

/** Light or dark: as the system says, until the person chooses; the browser remembers it. */
public enum ColorTheme {
    SYSTEM,
    LIGHT,
    DARK;

    public static final String EARLY_SCRIPT =
            """
            (() => {
              const system = matchMedia('(prefers-color-scheme: dark)');
              const apply = () => {
                let choice = null;
                try { choice = localStorage.getItem('atrium.theme'); } catch (e) { /* blocked */ }
                const dark = choice ? choice === 'dark' : system.matches;
                const root = document.documentElement;
                if (dark) root.setAttribute('theme', 'dark'); else root.removeAttribute('theme');
                root.style.colorScheme = dark ? 'dark' : 'light';
              };
              window.atriumTheme = choice => {
                try {
                  if (choice === 'system') localStorage.removeItem('atrium.theme');
                  else localStorage.setItem('atrium.theme', choice);
                } catch (e) { /* blocked: it lasts as long as the page */ }
                apply();
              };
              system.addEventListener('change', apply);
              apply();
            })();
            """;

    String symbol() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    void apply(UI ui) {
        ui.getPage().executeJs("window.atriumTheme($0)", symbol());
    }
}
