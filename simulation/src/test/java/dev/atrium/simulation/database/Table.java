package dev.atrium.simulation.database;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Rows by their key, in its order. Every change can be taken back until the commit. */
public final class Table<K extends Comparable<K>, V> {
    private final TreeMap<K, V> rows = new TreeMap<>();
    private final Set<K> touched = new TreeSet<>();
    private final MemoryDatabase database;

    Table(MemoryDatabase database) {
        this.database = database;
    }

    public Optional<V> find(K key) {
        return Optional.ofNullable(rows.get(key));
    }

    public V get(K key) {
        V row = rows.get(key);
        if (row == null) {
            throw new IllegalStateException("there is no row " + key);
        }
        return row;
    }

    public TreeMap<K, V> rows() {
        return rows;
    }

    public void put(K key, V row) {
        V before = rows.put(key, row);
        touched.add(key);
        database.onRollback(() -> restore(key, before));
    }

    public void change(K key, UnaryOperator<V> step) {
        put(key, step.apply(get(key)));
    }

    public void remove(K key) {
        V before = rows.remove(key);
        touched.add(key);
        database.onRollback(() -> restore(key, before));
    }

    private void restore(K key, V before) {
        if (before == null) {
            rows.remove(key);
        } else {
            rows.put(key, before);
        }
    }

    /** Keys that were written since this was last asked. */
    public Set<K> takeTouched() {
        Set<K> taken = Set.copyOf(touched);
        touched.clear();
        return taken;
    }

    public Map<K, V> from(K first) {
        return rows.tailMap(first, true);
    }
}
