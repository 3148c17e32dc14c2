package dev.atrium.registry.signin;

import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page where a password is changed, in the sign-in itself where that is forced. */
@Controller
class ChangePasswordController {
    private final BrowserSession session;
    private final Users users;

    ChangePasswordController(BrowserSession session, Users users) {
        this.session = session;
        this.users = users;
    }

    @GetMapping("/change-password")
    String form(Model model) {
        return session.user().map(user -> page(user, model)).orElse("redirect:/login");
    }

    @PostMapping("/change-password")
    String change(
            @RequestParam(required = false) @Nullable String current,
            @RequestParam(defaultValue = "") String next,
            @RequestParam(defaultValue = "") String repeated,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<User> user = session.user();
        if (user.isEmpty()) {
            return "redirect:/login";
        }
        if (!next.equals(repeated)) {
            return again(user.get(), "The two new passwords differ.", response, model);
        }
        try {
            users.changePassword(
                    user.get().id(), user.get().mustChangePassword() ? null : current, next);
        } catch (InvalidRequestException broken) {
            return again(user.get(), sentence(broken), response, model);
        }
        User changed = users.find(user.get().id()).orElseThrow();
        return "redirect:" + session.begin(request, response, changed);
    }

    private static String again(
            User user, String error, HttpServletResponse response, Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        model.addAttribute("error", error);
        return page(user, model);
    }

    private static String page(User user, Model model) {
        model.addAttribute("email", user.email());
        model.addAttribute("forced", user.mustChangePassword());
        return "change-password";
    }

    private static String sentence(InvalidRequestException broken) {
        String message = String.valueOf(broken.getMessage());
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }
}
