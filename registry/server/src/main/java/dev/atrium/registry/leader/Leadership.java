package dev.atrium.registry.leader;

import com.zaxxer.hikari.HikariDataSource;
import dev.atrium.registry.database.AdvisoryLock;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Leader is who holds a session-level advisory lock, on a connection of its own. PostgreSQL drops
 * the lock with the connection, so a dead leader is replaced within a second or two.
 *
 * <p>A leader that was cut off learns of it a moment late. So leading only keeps registries from
 * doing the same work; what the leader does must be right in itself when two do it.
 */
@Service
public class Leadership {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);
    private static final Duration NETWORK_TIMEOUT = Duration.ofSeconds(5);

    private final HikariDataSource platform;
    private @Nullable Connection connection;
    private volatile boolean leading;

    Leadership(@Qualifier("platformDataSource") HikariDataSource platform) {
        this.platform = platform;
    }

    public boolean isLeader() {
        return leading;
    }

    @Scheduled(initialDelayString = "PT0S", fixedDelayString = "PT1S")
    synchronized void elect() {
        try {
            if (connection == null) {
                connection = connect();
            }
            boolean holds = leading ? answers(connection) : tryLock(connection);
            if (holds && !leading) {
                log.info("this registry leads now");
            }
            leading = holds;
        } catch (SQLException lost) {
            if (leading) {
                log.warn("this registry leads no more: its connection is gone");
            }
            resign();
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", platform.getUsername());
        properties.setProperty("password", platform.getPassword());
        properties.setProperty("ApplicationName", "atrium-registry-leader");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", Long.toString(NETWORK_TIMEOUT.toSeconds()));
        Connection opened = DriverManager.getConnection(platform.getJdbcUrl(), properties);
        opened.setNetworkTimeout(
                Executors.newVirtualThreadPerTaskExecutor(), (int) NETWORK_TIMEOUT.toMillis());
        return opened;
    }

    private static boolean tryLock(Connection connection) throws SQLException {
        return ask(connection, "SELECT pg_try_advisory_lock(" + AdvisoryLock.LEADER.number() + ")");
    }

    private static boolean answers(Connection connection) throws SQLException {
        return ask(connection, "SELECT true");
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    @PreDestroy
    synchronized void resign() {
        leading = false;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("the leader's connection was gone already", e);
            }
            connection = null;
        }
    }
}
