package dev.atrium.registry.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.atrium.migrations.DatabaseRoles;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The two pools and a client and transaction manager for each. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    @Bean
    @Primary
    HikariDataSource dataSource(DatabaseProperties properties) {
        return pool(
                "app",
                DatabaseRoles.APP,
                properties.appPassword(),
                properties.appConnections(),
                properties);
    }

    @Bean
    @SpringSessionDataSource
    HikariDataSource platformDataSource(DatabaseProperties properties) {
        return pool(
                "platform",
                DatabaseRoles.PLATFORM,
                properties.platformPassword(),
                properties.platformConnections(),
                properties);
    }

    private static HikariDataSource pool(
            String name, String role, String password, int size, DatabaseProperties properties) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(properties.url());
        config.setUsername(role);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(properties.connectTimeout().toMillis());
        // Flyway makes the roles' rights first; a pool that connects eagerly would fail before it.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "atrium-registry-" + name);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }

    @Bean
    @Primary
    JdbcTemplate jdbcTemplate(DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    JdbcTemplate platformJdbcTemplate(@Qualifier("platformDataSource") DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    @Primary
    JdbcClient jdbcClient(JdbcTemplate jdbcTemplate) {
        return JdbcClient.create(jdbcTemplate);
    }

    @Bean
    JdbcClient platformJdbc(@Qualifier("platformJdbcTemplate") JdbcTemplate jdbcTemplate) {
        return JdbcClient.create(jdbcTemplate);
    }

    @Bean
    @Primary
    PlatformTransactionManager transactionManager(
            EntityManagerFactory factory, DataSource dataSource) {
        return new TenantTransactionManager(factory, dataSource);
    }

    @Bean
    PlatformTransactionManager platformTransactionManager(
            @Qualifier("platformDataSource") DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean
    @Primary
    TransactionTemplate transactions(PlatformTransactionManager transactionManager) {
        return new TransactionTemplate(transactionManager);
    }

    @Bean
    TransactionTemplate platformTransactions(
            @Qualifier("platformTransactionManager") PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    /**
     * The name that Spring Session looks for; a session is stored whatever becomes of a request.
     */
    @Bean
    TransactionTemplate springSessionTransactionOperations(
            @Qualifier("platformTransactionManager") PlatformTransactionManager manager) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return template;
    }
}
