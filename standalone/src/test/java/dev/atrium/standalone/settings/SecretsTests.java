package dev.atrium.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTests {
    @TempDir Path folder;

    @Test
    void generatesASecretOnceAndKeepsIt() throws Exception {
        DataFolder data = new DataFolder(folder.resolve("data"));
        data.prepare();
        Secrets first = Secrets.in(data);
        String password = first.password(Secrets.ADMIN_PASSWORD);
        String key = first.key(Secrets.MASTER_KEY);
        first.keep("given", "a=b");

        Secrets second = Secrets.in(data);

        assertThat(second.password(Secrets.ADMIN_PASSWORD)).isEqualTo(password).hasSize(24);
        assertThat(Base64.getDecoder().decode(second.key(Secrets.MASTER_KEY))).hasSize(32);
        assertThat(second.key(Secrets.MASTER_KEY)).isEqualTo(key);
        assertThat(second.find("given")).contains("a=b");
    }

    @Test
    void isReadableByItsOwnerOnly() throws Exception {
        DataFolder data = new DataFolder(folder.resolve("data"));
        data.prepare();

        Secrets.in(data).password("any");

        assertThat(Files.getPosixFilePermissions(data.secrets()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(data.path()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
