package dev.atrium.registry.signin;

import dev.atrium.registry.identity.User;
import dev.atrium.registry.signin.SignInOutcome.Refused;
import dev.atrium.registry.signin.SignInOutcome.SignedIn;
import dev.atrium.registry.signin.SignInOutcome.Throttled;
import dev.atrium.registry.web.PublicUrls;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of signing in: address and password, and one-time links. */
@Controller
class SignInController {
    private final SignIn signIn;
    private final SignInLinks links;
    private final BrowserSession session;
    private final PublicUrls urls;

    SignInController(SignIn signIn, SignInLinks links, BrowserSession session, PublicUrls urls) {
        this.urls = urls;
        this.signIn = signIn;
        this.links = links;
        this.session = session;
    }

    @GetMapping("/login")
    String form(HttpServletRequest request, HttpServletResponse response) {
        Optional<User> user = session.user();
        return user.isPresent()
                ? "redirect:" + session.next(request, response, user.get())
                : "login";
    }

    @PostMapping("/login")
    String attempt(
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return switch (signIn.attempt(email, password, request.getRemoteAddr())) {
            case SignedIn in -> "redirect:" + session.begin(request, response, in.user());
            case Refused refused -> {
                response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
                yield again(email, "That address and password do not belong together.", model);
            }
            case Throttled throttled -> {
                response.setStatus(429);
                response.setHeader(HttpHeaders.RETRY_AFTER, seconds(throttled.retryAfter()));
                yield again(
                        email, "Too many attempts. " + tryAgainIn(throttled.retryAfter()), model);
            }
        };
    }

    private static String again(String email, String error, Model model) {
        model.addAttribute("email", email);
        model.addAttribute("error", error);
        return "login";
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.toSeconds() + (wait.toNanosPart() > 0 ? 1 : 0)));
    }

    private static String tryAgainIn(Duration wait) {
        return wait.compareTo(Duration.ofMinutes(2)) < 0
                ? "Try again in " + seconds(wait) + " s."
                : "Try again in " + (wait.toMinutes() + 1) + " minutes.";
    }

    /** A page with a button: who only looks at a link, as mail scanners do, does not use it up. */
    @GetMapping("/sign-in/{token}")
    String link(@PathVariable String token, HttpServletResponse response, Model model) {
        boolean usable = links.isUsable(token);
        if (!usable) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
        model.addAttribute("usable", usable);
        return "sign-in-link";
    }

    @PostMapping("/sign-in/{token}")
    String redeem(
            @PathVariable String token,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<User> user = links.redeem(token);
        if (user.isEmpty()) {
            return link(token, response, model);
        }
        signIn.record(user.get(), "by a one-time link");
        return "redirect:" + session.begin(request, response, user.get());
    }

    @GetMapping("/sign-out")
    String signOutForm() {
        return "sign-out";
    }

    @PostMapping("/sign-out")
    String signOut(HttpServletRequest request, HttpServletResponse response) {
        session.end(request, response);
        return "redirect:" + urls.portal() + "/";
    }
}
