package dev.atrium.registry.signin;

import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Checks an address and a password under the throttle. */
@Component
class SignIn {
    private static final int MAX_EMAIL = 254;

    private final Users users;
    private final LoginThrottle throttle;
    private final AuditLog audit;
    private final TransactionTemplate transactions;

    SignIn(
            Users users,
            LoginThrottle throttle,
            AuditLog audit,
            @Qualifier("platformTransactions") TransactionTemplate transactions) {
        this.users = users;
        this.throttle = throttle;
        this.audit = audit;
        this.transactions = transactions;
    }

    SignInOutcome attempt(String email, String password, String address) {
        String subject = email.strip().toLowerCase(Locale.ROOT);
        if (subject.isEmpty() || subject.length() > MAX_EMAIL) {
            return new SignInOutcome.Refused();
        }
        Optional<Duration> wait = throttle.begin(subject, address);
        if (wait.isPresent()) {
            return new SignInOutcome.Throttled(wait.get());
        }
        Optional<User> user = users.authenticate(subject, password);
        if (user.isEmpty()) {
            return new SignInOutcome.Refused();
        }
        throttle.succeed(subject, address);
        record(user.get(), "from " + address);
        return new SignInOutcome.SignedIn(user.get());
    }

    void record(User user, String detail) {
        transactions.executeWithoutResult(status ->
                audit.recordAs(
                        user.actor(), user.activeTenant(), "user.signed_in", user.actor(), detail));
    }
}
