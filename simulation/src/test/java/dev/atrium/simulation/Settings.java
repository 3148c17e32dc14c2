package dev.atrium.simulation;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as the product reads them: what is not named has the product's own value. */
public final class Settings {
    private Settings() {}

    public static <T> T of(Class<T> type, String prefix, Map<String, ?> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put(prefix + "." + name, value));
        return new Binder(source).bindOrCreate(prefix, Bindable.of(type));
    }
}
